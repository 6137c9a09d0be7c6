"""Which papers stop offers, and from which day."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from institutions.papers_of_assistants import Paper, Why, missing_papers, missing_papers_of, states_of
from participants import consents
from participants.models import ConsentText
from portal.clock import WARSAW
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=WARSAW)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def missing(helper, *, on=TODAY, **about):
    return [(one.paper, one.why) for one in missing_papers(helper, on=on, **about)]


def new_version(purpose, version="2027-01", *, valid_from=NOW):
    return ConsentText.objects.create(
        purpose=purpose,
        audience="assistants",
        version=version,
        language="pl",
        title="Nowy tekst",
        body="Nowe słowa.",
        sha256="1" * 64,
        is_required=True,
        valid_from=valid_from,
    )


def test_with_all_papers_nothing_is_missing(assistant):
    assert missing(assistant.assistant) == []


def test_without_any_paper_each_is_missing(db):
    helper = factories.make_assistant(papers=False)
    assert missing(helper, with_minors=True) == [
        (Paper.CODE_OF_CONDUCT, Why.MISSING),
        (Paper.CONFIDENTIALITY, Why.MISSING),
        (Paper.CONTRACT, Why.MISSING),
        (Paper.CHILD_PROTECTION, Why.MISSING),
    ]
    assert all(one.sentence for one in missing_papers(helper, on=TODAY, with_minors=True))


def test_where_no_text_is_loaded_nobody_has_accepted_it(db):
    helper = factories.make_assistant(papers=False, contract_form="mandate", contract_from=TODAY)
    assert not ConsentText.objects.exists()
    assert len(missing(helper)) == 2


def test_a_new_version_is_asked_for_again_after_some_days(assistant):
    helper = assistant.assistant
    new_version("code_of_conduct")
    assert missing(helper, on=TODAY + timedelta(days=14)) == []
    assert missing(helper, on=TODAY + timedelta(days=15)) == [(Paper.CODE_OF_CONDUCT, Why.EXPIRED)]
    new_version("code_of_conduct", "2027-02", valid_from=NOW + timedelta(days=10))
    assert missing(helper, on=TODAY + timedelta(days=15)) == [(Paper.CODE_OF_CONDUCT, Why.EXPIRED)]
    newest = ConsentText.objects.get(version="2027-01")
    consents.give(assistant, newest, by=assistant)
    assert missing(helper, on=TODAY + timedelta(days=24)) == []
    assert missing(helper, on=TODAY + timedelta(days=25)) == [(Paper.CODE_OF_CONDUCT, Why.EXPIRED)]


def test_the_newest_version_in_another_language_is_the_same_version(assistant):
    other = ConsentText.objects.get(purpose="confidentiality")
    other.pk, other.language, other.valid_from = None, "uk", NOW + timedelta(days=1)
    other.save()
    assert missing(assistant.assistant, on=TODAY + timedelta(days=90)) == []


def test_a_promise_taken_back_is_missing_until_given_again(assistant):
    consents.withdraw(assistant, "confidentiality", by=assistant)
    assert missing(assistant.assistant) == [(Paper.CONFIDENTIALITY, Why.MISSING)]
    consents.give(assistant, ConsentText.objects.get(purpose="confidentiality"), by=assistant)
    assert missing(assistant.assistant) == []


@pytest.mark.parametrize(
    ("fields", "on", "expected"),
    [
        ({"contract_form": ""}, 0, [(Paper.CONTRACT, Why.MISSING)]),
        ({"contract_from": None}, 0, [(Paper.CONTRACT, Why.MISSING)]),
        ({"contract_from": TODAY + timedelta(days=1)}, 0, [(Paper.CONTRACT, Why.NOT_YET)]),
        ({"contract_from": TODAY + timedelta(days=1)}, 1, []),
        ({"contract_until": TODAY + timedelta(days=5)}, 5, []),
        ({"contract_until": TODAY + timedelta(days=5)}, 6, [(Paper.CONTRACT, Why.EXPIRED)]),
        ({"contract_form": "volunteer"}, 0, [(Paper.INSURANCE, Why.MISSING)]),
        ({"contract_form": "volunteer", "insured_until": TODAY}, 0, []),
        ({"contract_form": "volunteer", "insured_until": TODAY}, 1, [(Paper.INSURANCE, Why.EXPIRED)]),
        ({"contract_form": "voucher"}, 0, []),
    ],
)
def test_contract_and_insurance_hold_from_day_to_day(project, fields, on, expected):
    helper = factories.make_assistant(project, **fields)
    assert missing(helper, on=TODAY + timedelta(days=on)) == expected


@pytest.mark.parametrize(
    ("checked_on", "on", "holds"),
    [
        (None, date(2026, 11, 24), False),
        (date(2025, 11, 24), date(2026, 11, 24), True),
        (date(2025, 11, 24), date(2026, 11, 25), False),
        (date(2024, 2, 29), date(2025, 2, 28), True),
        (date(2024, 2, 29), date(2025, 3, 1), False),
    ],
)
def test_the_child_check_holds_for_twelve_months_and_only_minors_need_it(project, checked_on, on, holds):
    helper = factories.make_assistant(
        project, contract_from=date(2024, 1, 1), child_protection_checked_on=checked_on
    )
    assert missing(helper, on=on) == []
    assert (missing(helper, on=on, with_minors=True) == []) == holds


def test_what_is_required_is_a_setting(settings, db):
    helper = factories.make_assistant(papers=False)
    settings.ASSISTANCE = settings.ASSISTANCE | {"papers_required": ["confidentiality"]}
    assert missing(helper, with_minors=True) == [(Paper.CONFIDENTIALITY, Why.MISSING)]
    assert len(states_of([helper], on=TODAY)[helper.pk]) == 4


def test_many_take_as_many_queries_as_few(project):
    counts = []
    for number in (3, 27):
        helpers = [factories.make_assistant(project) for _index in range(number)]
        with CaptureQueriesContext(connection) as queries:
            found = missing_papers_of(helpers, on=TODAY, with_minors=True)
        counts.append(len(queries))
        assert all(len(found[helper.pk]) == 1 for helper in helpers)
    assert counts == [1, 1]
