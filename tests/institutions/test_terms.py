"""The glossary: a word comes in without the meeting it came from, and a coordinator looks at it first."""

from datetime import timedelta

import pytest
import time_machine

from institutions import terms
from institutions.client_data import ClientIdentified
from institutions.models import Term
from institutions.transitions import NotYours
from portal.models import AuditEntry
from tests import factories
from tests.institutions.visits import START, make_visit

pytestmark = pytest.mark.django_db
WORD = {"subject": "health", "language": "uk", "polish": "skierowanie", "translation": "направлення"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START + timedelta(hours=3), tick=False) as traveller:
        yield traveller


@pytest.fixture
def term(assistant):
    return terms.suggest(assistant.assistant, by=assistant, **WORD)


def test_suggest_keeps_the_word_and_the_day_and_nothing_of_the_meeting(institution, official, assistant):
    job = make_visit(institution, official, assistant, state="awaiting_report")[0]
    lines = AuditEntry.objects.count()
    term = terms.suggest_after(job, by=assistant, polish=" skierowanie ", translation="направлення")
    assert (term.polish, term.language, term.subject) == ("skierowanie", "uk", "health")
    assert term.at == START.replace(hour=0)
    assert AuditEntry.objects.count() == lines
    assert not [field for field in Term._meta.get_fields() if "assignment" in field.name]
    assert term.state == Term.State.SUGGESTED
    assert not terms.accepted().exists()


def test_suggest_twice_is_one_word(term, assistant):
    again = terms.suggest(assistant.assistant, by=assistant, **WORD | {"polish": "Skierowanie"})
    assert again == term
    assert Term.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"polish": " "}, terms.BothWordsNeeded),
        ({"translation": ""}, terms.BothWordsNeeded),
        ({"language": "pl"}, terms.NoSuchSubject),
        ({"language": "xx"}, terms.NoSuchSubject),
        ({"subject": "gossip"}, terms.NoSuchSubject),
        ({"polish": "PESEL 44051401359"}, ClientIdentified),
        ({"translation": "+48 500 100 200"}, ClientIdentified),
    ],
)
def test_suggest_refuses(assistant, change, refusal):
    with pytest.raises(refusal):
        terms.suggest(assistant.assistant, by=assistant, **WORD | change)


def test_suggest_is_an_assistants_own(assistant, coordinator):
    with pytest.raises(NotYours):
        terms.suggest(assistant.assistant, by=coordinator, **WORD)


def test_decide_takes_it_in_better_spelt_and_once(term, coordinator):
    terms.decide(term, by=coordinator, is_accepted=True, polish="skierowanie (do lekarza)")
    term = terms.decide(term, by=coordinator, is_accepted=False)
    assert (term.state, term.polish, term.translation) == (
        Term.State.ACCEPTED,
        "skierowanie (do lekarza)",
        "направлення",
    )
    assert list(terms.accepted()) == [term]
    assert AuditEntry.objects.filter(action__startswith="term.").count() == 1


def test_decide_against_it(term, coordinator):
    terms.decide(term, by=coordinator, is_accepted=False)
    assert not terms.accepted().exists()
    assert not terms.suggested_to(coordinator).exists()


def test_decide_does_not_let_two_words_become_one(term, assistant, coordinator):
    other = terms.suggest(assistant.assistant, by=assistant, **WORD | {"polish": "skierowania"})
    terms.decide(term, by=coordinator, is_accepted=True)
    with pytest.raises(terms.AlreadyKnown):
        terms.decide(other, by=coordinator, is_accepted=True, polish="skierowanie")


def test_decide_is_for_a_coordinator_of_her_network_other_than_herself(
    term, assistant, official, project, other_project
):
    stranger = factories.make_staff(other_project)
    factories.make_staff(project, user=assistant)
    for user in (assistant, official, stranger):
        assert not terms.suggested_to(user).exists()
        with pytest.raises(NotYours):
            terms.decide(term, by=user, is_accepted=True)
