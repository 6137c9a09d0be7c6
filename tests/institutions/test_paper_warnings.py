"""That a paper will end is said 30 and 7 days before and on the day, to her and to coordinators, once."""

from datetime import datetime, timedelta

import pytest
import time_machine

from institutions import accepted_papers, paper_warnings, tasks
from institutions.models import Assistant, PaperWarning
from institutions.papers_of_assistants import Paper
from participants import consents
from participants.models import ConsentText
from portal.clock import WARSAW
from portal.models import Message
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=WARSAW)
TODAY = NOW.date()
END = TODAY + timedelta(days=40)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def helper(assistant, coordinator):
    Assistant.objects.update(contract_until=END)
    assistant.language = "en"
    assistant.save(update_fields=["language"])
    return assistant.assistant


def told(user):
    return Message.objects.filter(recipient=user).count()


def test_warn_30_and_7_days_before_and_on_the_day(helper, coordinator, clock):
    said = []
    for day in range(50):
        clock.move_to(NOW + timedelta(days=day))
        tasks.warn_of_papers()
        tasks.warn_of_papers()
        if told(helper.user) > len(said):
            said.append(40 - day)
        assert told(coordinator) == len(said)
    assert said == [30, 7, 0]


def test_warn_catches_up_a_day_on_which_nothing_ran(helper, clock):
    clock.move_to(NOW + timedelta(days=35))
    assert paper_warnings.warn_of_papers() == 1
    clock.move_to(NOW + timedelta(days=41))
    assert paper_warnings.warn_of_papers() == 1
    message = Message.objects.filter(recipient=helper.user).latest("id")
    assert "has run out" in message.subject
    clock.move_to(NOW + timedelta(days=42))
    assert paper_warnings.warn_of_papers() == 0


def test_warn_long_after_the_end_of_nothing(helper, clock):
    clock.move_to(NOW + timedelta(days=60))
    assert paper_warnings.warn_of_papers() == 0
    assert not Message.objects.exists()


def test_a_renewed_paper_is_warned_of_anew(helper, clock):
    clock.move_to(NOW + timedelta(days=10))
    paper_warnings.warn_of_papers()
    Assistant.objects.update(contract_until=END + timedelta(days=365))
    assert paper_warnings.warn_of_papers() == 0
    clock.move_to(NOW + timedelta(days=10 + 365))
    assert paper_warnings.warn_of_papers() == 1


def test_nobody_is_warned_of_what_is_not_required_or_who_is_suspended(helper, clock, settings):
    clock.move_to(NOW + timedelta(days=10))
    settings.ASSISTANCE = settings.ASSISTANCE | {"papers_required": ["confidentiality"]}
    assert paper_warnings.warn_of_papers() == 0
    settings.ASSISTANCE = settings.ASSISTANCE | {"papers_required": ["contract"]}
    Assistant.objects.update(suspended_at=NOW)
    assert paper_warnings.warn_of_papers() == 0
    assert not PaperWarning.objects.exists()


def test_the_days_of_warnings_are_a_setting(helper, clock, settings):
    settings.ASSISTANCE = settings.ASSISTANCE | {"warn_of_papers_days": [39]}
    assert paper_warnings.warn_of_papers() == 0
    clock.move_to(NOW + timedelta(days=1))
    assert paper_warnings.warn_of_papers() == 1


def test_the_jobs_after_that_day_are_counted_for_both(helper, coordinator, institution, clock):
    coordinator.language = "en"
    coordinator.save(update_fields=["language"])
    clock.move_to(NOW + timedelta(days=33))
    for days in (6, 9, 10):
        start = NOW + timedelta(days=33 + days)
        factories.make_assignment(factories.make_request(institution, start_at=start), helper)
    paper_warnings.warn_of_papers()
    assert "You have agreed to 2 jobs after that day." in Message.objects.get(recipient=helper.user).text
    work = Message.objects.get(recipient=coordinator)
    assert "Iryna Melnyk: The contract or volunteer agreement ends on 12 December 2026." in work.text
    assert "2 jobs are agreed after that day." in work.text
    assert "/work/assistants/?state=ending" in work.text


def test_coordinators_get_one_message_for_all_papers_of_a_day(project, coordinator):
    for _index in range(3):
        factories.make_assistant(project, contract_until=TODAY + timedelta(days=7))
    assert paper_warnings.warn_of_papers() == 3
    assert told(coordinator) == 1


def test_the_child_check_is_warned_of_by_its_months(helper, clock):
    Assistant.objects.update(contract_until=None, child_protection_checked_on=TODAY)
    clock.move_to(datetime(2027, 10, 3, 9, 0, tzinfo=WARSAW))
    assert paper_warnings.warn_of_papers() == 1
    message = Message.objects.get(recipient=helper.user)
    assert "2 November 2027" in message.subject
    assert "we do not ask you to come where children are" in message.text
    assert "no offers" not in message.text


def test_a_new_version_is_said_at_once_and_again(helper, clock):
    Assistant.objects.update(contract_until=None)
    consents.load_texts()
    for paper in (Paper.CODE_OF_CONDUCT, Paper.CONFIDENTIALITY):
        version = accepted_papers.text_of(paper, "pl").version
        accepted_papers.accept(helper, paper, version=version, language="pl", by=helper.user)
    assert paper_warnings.warn_of_papers() == 0
    new = ConsentText.objects.get(purpose="code_of_conduct", language="pl", version="2026-11")
    new.pk, new.version, new.valid_from = None, "2027-01", NOW
    new.save()
    said = []
    for day in range(20):
        clock.move_to(NOW + timedelta(days=day))
        if paper_warnings.warn_of_papers():
            said.append(day)
    assert said == [0, 7, 14]
