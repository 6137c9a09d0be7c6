"""Who misses meetings is encouraged once, answers with one tap, and is called when she goes on missing."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from portal.models import AuditEntry, ContactPreference, Message
from tests.factories import at, make_registration, make_user, make_workshop
from workshops import staying
from workshops.models import AbsenceReason, Attendance, CallTask, Registration
from workshops.tasks import look_after_who_misses_meetings

pytestmark = pytest.mark.django_db

MARKS = {"p": "present", "a": "absent", "e": "excused"}


@pytest.fixture(autouse=True)
def _by_day():
    with time_machine.travel(at(0, "12:00"), tick=True):
        yield


@pytest.fixture
def course(theme, trainer):
    """Four weekly meetings are over, two are to come."""
    days = [(days, "17:00", 60) for days in (-22, -15, -8, -1, 6, 13)]
    return make_workshop(theme=theme, trainers=[trainer], sessions=days, gives_certificate=True)


@pytest.fixture
def row(course, migrant):
    return make_registration(course, migrant, confirmed_at=at(-30))


def sessions(course):
    return list(course.sessions.order_by("start_at"))


def mark(row, marks: str, ago: timedelta = timedelta(hours=2)):
    for session, letter in zip(sessions(row.workshop), marks, strict=False):
        Attendance.objects.create(
            session=session,
            registration=row,
            mark=MARKS[letter],
            minutes=60 if letter == "p" else 0,
            marked_at=timezone.now() - ago,
        )
    return row


def test_two_missed_meetings_bring_one_encouraging_message(row, migrant):
    mark(row, "ppaa")
    assert look_after_who_misses_meetings() == 1
    assert look_after_who_misses_meetings() == 0
    message = Message.objects.get()
    assert (message.recipient, message.kind, message.language) == (migrant, "course", "uk")
    assert f"/uk/staying/{staying.token_of(row, sessions(row.workshop)[3].pk)[:20]}" in message.text
    assert not CallTask.objects.exists()


def test_message_tells_what_can_still_be_reached(row, migrant):
    migrant.language = "en"
    migrant.save(update_fields=["language"])
    row.workshop.attendance_percent = 60
    row.workshop.save(update_fields=["attendance_percent"])
    other = make_registration(row.workshop, confirmed_at=at(-30))
    mark(other, "pppp")
    mark(row, "ppaa")
    look_after_who_misses_meetings()
    text = Message.objects.get().text
    assert "Your attendance is 50 %" in text
    assert "come to the next 2 meetings" in text
    assert "Dom Sąsiedzki" in text


@pytest.mark.parametrize("marks", ["pppa", "paap", "ppea", "ppee", "aaap", "pppp"])
def test_nobody_is_asked_before_two_missed_in_a_row(row, marks):
    mark(row, marks)
    assert look_after_who_misses_meetings() == 0
    assert not Message.objects.exists()


def test_a_mark_is_believed_once_the_time_for_slips_is_over(row):
    mark(row, "ppaa", ago=timedelta(minutes=20))
    assert look_after_who_misses_meetings() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        assert look_after_who_misses_meetings() == 1


@pytest.mark.parametrize("state", ["withdrawn", "revoked"])
def test_who_has_left_is_left_alone(row, state):
    mark(row, "ppaa")
    Registration.objects.update(state=state)
    assert look_after_who_misses_meetings() == 0


def test_nobody_is_asked_after_the_course(row):
    mark(row, "ppaa")
    row.workshop.sessions.filter(start_at__gt=timezone.now()).delete()
    assert look_after_who_misses_meetings() == 0


def test_who_goes_on_missing_is_called(row):
    mark(row, "paa")
    row.workshop.sessions.filter(pk=sessions(row.workshop)[3].pk).update(state="cancelled")
    assert staying.follow_up(row)
    row.workshop.sessions.update(state="planned")
    last = sessions(row.workshop)[3]
    Attendance.objects.create(
        session=last, registration=row, mark="absent", marked_at=timezone.now() - timedelta(hours=2)
    )
    assert look_after_who_misses_meetings() == 1
    assert look_after_who_misses_meetings() == 0
    task = CallTask.objects.get()
    assert (task.registration, task.session, task.done_at) == (row, last, None)
    assert Message.objects.count() == 1


def test_who_comes_and_misses_again_is_encouraged_again(course, row):
    mark(row, "aa")
    assert staying.follow_up(row)
    Attendance.objects.create(session=sessions(course)[2], registration=row, mark="present", minutes=60)
    assert not staying.follow_up(row)
    course.sessions.filter(pk=sessions(course)[4].pk).update(start_at=at(0, "00:01"), end_at=at(0, "00:02"))
    for session in sessions(course)[3:5]:
        Attendance.objects.create(session=session, registration=row, mark="absent")
    with time_machine.travel(at(1, "12:00"), tick=False):
        assert staying.follow_up(row)
    assert Message.objects.count() == 2
    assert not CallTask.objects.exists()


@pytest.mark.parametrize("case", ["no address", "muted"])
def test_who_cannot_be_written_to_is_called_at_once(row, migrant, case):
    if case == "muted":
        ContactPreference.objects.create(user=migrant, muted_kinds=["course"])
    else:
        type(migrant).objects.filter(pk=migrant.pk).update(email=None)
    mark(row, "ppaa")
    assert look_after_who_misses_meetings() == 1
    assert not Message.objects.exists()
    assert CallTask.objects.get().session == sessions(row.workshop)[3]


def test_neutral_message_says_nothing(row, migrant):
    ContactPreference.objects.create(user=migrant, is_neutral=True)
    mark(row, "ppaa")
    look_after_who_misses_meetings()
    message = Message.objects.get()
    assert row.workshop.title not in message.subject + message.text
    assert "staying" not in message.text


def test_cancelling_silences_the_question(row):
    from workshops import registration

    mark(row, "ppaa")
    with time_machine.travel(at(0, "22:30"), tick=False):
        look_after_who_misses_meetings()
        assert Message.objects.get().state == Message.State.QUEUED
        registration.cancel(row, by=row.user)
    assert Message.objects.get(kind="course").state == Message.State.SILENCED


def test_calls_that_nobody_needs_are_closed(row):
    mark(row, "ppaa")
    staying.ask_for_call(row, sessions(row.workshop)[3])
    Registration.objects.update(state="withdrawn")
    look_after_who_misses_meetings()
    assert CallTask.objects.get().done_at


# --- What she answers -------------------------------------------------------------------------------------


@pytest.fixture
def link(row):
    mark(row, "ppaa")
    return reverse("missed_meetings", args=[staying.token_of(row, sessions(row.workshop)[3].pk)])


def test_page_opens_without_signing_in_and_reading_changes_nothing(client, link, row):
    before = AuditEntry.objects.count()
    for _reader in range(2):
        page = client.get(link)
        assert page.status_code == 200
    assert row.workshop.title in page.content.decode()
    assert row.user.full_name not in page.content.decode()
    assert "Dom Sąsiedzki" not in page.content.decode()
    assert not AbsenceReason.objects.exists()
    assert not CallTask.objects.exists()
    assert AuditEntry.objects.count() == before
    assert "noindex" in page.headers["X-Robots-Tag"]


def test_one_tap_gives_the_reason_and_another_replaces_it(client, link, row):
    answer = client.post(link, {"say": "work"})
    assert answer.url.endswith("?said=reason")
    assert client.get(answer.url).status_code == 200
    client.post(link, {"say": "children"})
    given = AbsenceReason.objects.get()
    assert (given.registration, given.reason) == (row, "children")
    assert not CallTask.objects.exists()


def test_who_wants_a_call_is_called_once(client, link, row):
    for _twice in range(2):
        assert client.post(link, {"say": "call"}).url.endswith("?said=call")
    assert CallTask.objects.get().registration == row


def test_who_comes_next_time_is_thanked(client, link, row):
    assert client.post(link, {"say": "coming"}).url.endswith("?said=coming")
    assert AuditEntry.objects.filter(action="staying.comes_next", actor_id=row.user_id).exists()


def test_who_cannot_come_any_more_is_asked_before_she_gives_her_place_back(client, link, row):
    answer = client.post(link, {"say": "leave"})
    row.refresh_from_db()
    assert row.state == Registration.State.CONFIRMED
    assert "leave_for_good" in client.get(answer.url).content.decode()
    answer = client.post(link, {"say": "leave_for_good"})
    assert answer.url.endswith("?said=left")
    row.refresh_from_db()
    assert row.state == Registration.State.WITHDRAWN
    assert AbsenceReason.objects.get().reason == "leaving"
    assert client.get(answer.url).status_code == 200
    assert client.post(link, {"say": "work"}).url.endswith(link)
    assert AbsenceReason.objects.get().reason == "leaving"


def test_who_leaves_too_late_keeps_her_place_and_is_called(client, link, row):
    row.workshop.cancel_until_hours = 24 * 10
    row.workshop.save(update_fields=["cancel_until_hours"])
    answer = client.post(link, {"say": "leave_for_good"})
    assert answer.url.endswith("?said=too_late")
    assert client.get(answer.url).status_code == 200
    row.refresh_from_db()
    assert row.state == Registration.State.CONFIRMED
    assert AbsenceReason.objects.get().reason == "leaving"
    assert CallTask.objects.get().done_at is None


@pytest.mark.parametrize("say", ["", "nonsense", "leaving"])
def test_what_no_button_says_changes_nothing(client, link, say):
    client.post(link, {"say": say})
    assert not AbsenceReason.objects.exists()


def test_foreign_tokens_open_nothing(client, row):
    session = sessions(row.workshop)[3]
    for token in (
        "nonsense",
        signing.dumps([row.pk, session.pk]),
        staying.token_of(row, session.pk) + "x",
        staying.token_of(row, 0),
    ):
        assert client.get(reverse("missed_meetings", args=[token])).status_code == 404
        assert client.post(reverse("missed_meetings", args=[token]), {"say": "work"}).status_code == 404
    good = reverse("missed_meetings", args=[staying.token_of(row, session.pk)])
    with time_machine.travel(timezone.now() + timedelta(days=staying.TOKEN_DAYS + 1), tick=False):
        assert client.get(good).status_code == 404


# --- Calls ------------------------------------------------------------------------------------------------


@pytest.fixture
def task(row):
    mark(row, "ppaa")
    staying.ask_for_call(row, sessions(row.workshop)[3])
    return CallTask.objects.get()


def test_calls_are_for_the_coordinators_of_the_project(task, coordinator, trainer, outsider):
    assert staying.calls_for(coordinator).get() == task
    assert not staying.calls_for(trainer).exists()
    assert not staying.calls_for(outsider).exists()


@pytest.mark.parametrize("outcome", ["comes_back", "needs_help", "leaves"])
def test_outcome_closes_the_call(task, coordinator, outcome):
    for _twice in range(2):
        staying.finish_call(task, outcome=outcome, by=coordinator)
    task.refresh_from_db()
    assert (task.outcome, task.done_by) == (outcome, coordinator)
    assert task.done_at
    assert not staying.calls_for(coordinator).exists()
    assert AuditEntry.objects.filter(action="staying.called").count() == 1
    assert task.registration.state == Registration.State.CONFIRMED


def test_another_outcome_is_refused_once_it_is_over(task, coordinator):
    staying.finish_call(task, outcome="comes_back", by=coordinator)
    with pytest.raises(staying.CallIsOver):
        staying.finish_call(task, outcome="leaves", by=coordinator, frees_place=True)


def test_who_was_not_reached_stays_on_the_list_after_the_untried(task, course, coordinator):
    staying.finish_call(task, outcome="not_reached", by=coordinator)
    other = make_registration(course, make_user(), confirmed_at=at(-30))
    staying.ask_for_call(other, sessions(course)[3])
    assert [found.registration for found in staying.calls_for(coordinator)] == [other, task.registration]


def test_who_leaves_can_have_her_place_given_on(task, coordinator):
    staying.finish_call(task, outcome="leaves", by=coordinator, frees_place=True)
    task.registration.refresh_from_db()
    assert task.registration.state == Registration.State.REVOKED


def test_one_open_call_for_each_person(task, row):
    for session in sessions(row.workshop)[2:4]:
        staying.ask_for_call(row, session)
    assert CallTask.objects.count() == 1
