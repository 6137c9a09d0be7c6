"""Whoever leaves, moves or comes: whose diary a meeting stands in, and who still gets letters about it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from institutions import appointments, complaints, emails, officials
from institutions.models import AssistanceRequest, Feedback
from portal import diary
from portal.models import DiaryEntry, Message
from tests import factories

pytestmark = pytest.mark.django_db
State = AssistanceRequest.State


@pytest.fixture
def unit(institution):
    return institution.units.get()


@pytest.fixture
def seat(official, unit):
    """The official who asks works in the unit."""
    official.official_seats.update(unit=unit)
    return official.official_seats.get()


@pytest.fixture
def colleague(institution, unit):
    return factories.make_official(institution, unit=unit)


@pytest.fixture
def keeper(institution):
    return factories.make_official(institution, is_administrator=True)


@pytest.fixture
def asked(institution, official, seat, unit, assistant):
    """A meeting to come, in the diaries of both sides."""
    request = factories.make_request(institution, official, unit=unit, state=State.CONFIRMED)
    appointments.enter(factories.make_assignment(request, assistant.assistant))
    return request


def seat_of(user):
    return user.official_seats.get()


def in_diaries(asked, kind=diary.Kind.REQUEST):
    entries = DiaryEntry.objects.standing().filter(source=asked.source, kind=kind)
    return {entry.user for entry in entries.select_related("user")}


def waiting(user):
    return Message.objects.filter(recipient=user, state=Message.State.QUEUED)


def test_a_meeting_is_handed_on_as_often_as_somebody_leaves(asked, seat, colleague, keeper, assistant):
    assert in_diaries(asked) == {seat.user}
    officials.end(seat, by=keeper)
    assert in_diaries(asked) == {colleague}
    officials.end(seat_of(colleague), by=colleague)
    assert in_diaries(asked) == {keeper}
    assert in_diaries(asked, diary.Kind.ASSISTANCE) == {assistant}


def test_nobody_is_reminded_of_a_meeting_that_she_has_handed_on(asked, seat, colleague, keeper):
    officials.end(seat, by=keeper)
    entry = DiaryEntry.objects.standing().get(source=asked.source, user=colleague)
    diary.remind(entry, 60)
    officials.end(seat_of(colleague), by=keeper)
    assert not waiting(colleague).filter(kind="reminder").exists()
    assert diary.remind(entry, 30) is None


def test_who_moves_hands_on_what_others_asked_for_and_keeps_what_she_asked_for(
    asked, institution, seat, colleague, keeper
):
    other = institution.units.create(name_pl="Kadry")
    officials.change_seat(seat, by=keeper, unit=other, position="")
    assert in_diaries(asked) == {seat.user}
    officials.end(seat, by=keeper)
    officials.change_seat(seat_of(colleague), by=keeper, unit=other, position="")
    assert in_diaries(asked) == {keeper}


def test_who_comes_into_the_unit_is_entered(asked, institution, unit, seat, keeper):
    officials.end(seat, by=keeper)
    assert in_diaries(asked) == {keeper}
    new = officials.invite(institution, by=keeper, email="new@example.org", full_name="Nowa", unit=unit)
    assert in_diaries(asked) == {new.user}


def test_who_looks_after_the_page_no_more_hands_on_what_fell_to_her(asked, seat, keeper, institution):
    other = factories.make_official(institution, unit=institution.units.create(name_pl="Kadry"))
    officials.end(seat, by=keeper)
    officials.hand_over(seat_of(keeper), by=keeper, successor=seat_of(other))
    assert in_diaries(asked) == {other}


def test_an_official_who_interprets_keeps_her_own_job(asked, seat, colleague, keeper, project):
    job = asked.assignments.get()
    job.assistant = factories.make_assistant(project, colleague)
    job.save(update_fields=["assistant"])
    job.request = asked
    appointments.enter(job)
    officials.end(seat, by=keeper)
    officials.end(seat_of(colleague), by=keeper)
    entry = DiaryEntry.objects.standing().get(source=asked.source, user=colleague)
    assert (entry.kind, entry.is_exclusive) == (diary.Kind.ASSISTANCE, True)


def test_meetings_that_nobody_leaves_stay_as_they_are(asked, institution, keeper, unit):
    before = DiaryEntry.objects.get(source=asked.source, kind=diary.Kind.REQUEST).revision
    officials.invite(institution, by=keeper, email="new@example.org", full_name="Nowa", unit=unit)
    assert DiaryEntry.objects.get(source=asked.source, kind=diary.Kind.REQUEST).revision == before


def test_letters_that_wait_are_not_sent_to_who_has_left(asked, seat, official, colleague, keeper, project):
    elsewhere = factories.make_institution(project)
    factories.make_official(elsewhere, official)
    over = factories.make_request(
        seat.institution, official, unit=seat.unit, start_at=timezone.now() - timedelta(days=2)
    )
    for request in (asked, over, factories.make_request(elsewhere, official)):
        request.told_unfilled_at = timezone.now()
        emails.unfilled(request)
    assert waiting(official).count() == 3
    officials.end(seat, by=keeper)
    left = waiting(official).get()
    assert elsewhere.name in left.text


def test_letters_stay_true_when_the_diary_changes(asked, official):
    emails.assistant_comes(asked.assignments.get())
    diary.drop(asked.source)
    assert waiting(official).exists()


def test_an_answer_to_a_complaint_is_not_sent_to_who_has_left(asked, seat, official, coordinator, keeper):
    made = complaints.complain(
        asked, by=official, side=Feedback.Side.OFFICIAL, category="conduct", text="Źle."
    )
    complaints.decide(made, by=coordinator, decision="upheld", answer="Przepraszamy.")
    assert waiting(official).count() == 2
    officials.change_seat(seat, by=keeper, unit=None, position="")
    assert waiting(official).count() == 2
    officials.end(seat, by=keeper)
    assert not waiting(official).exists()
