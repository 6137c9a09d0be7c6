"""Marks from a phone: each counts once, whatever is sent again; who was faster stays."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.kept_on_device import COOKIE, key_of
from projects.models import LedgerEntry
from tests.factories import at, make_participant, make_registration, make_user, make_workshop
from workshops import attendance, device_marks, planning
from workshops.attendance import RollEntry
from workshops.device_marks import PhoneMark
from workshops.models import Attendance, AttendanceCorrection, DeviceMark

pytestmark = pytest.mark.django_db

UNKNOWN = RollEntry("unknown")


@pytest.fixture
def session(theme, trainer):
    return make_workshop(theme=theme, trainers=[trainer], sessions=[(-1, "17:00", 120)]).sessions.get()


@pytest.fixture
def row(session, migrant):
    return make_registration(session.workshop, migrant, confirmed_at=at(-9))


def tap(row, mark="present", *, seen=UNKNOWN, made_at=None, **details):
    return PhoneMark(uuid4(), row.pk, RollEntry(mark, **details), seen, made_at or timezone.now())


def outcomes(answers):
    return [answer.outcome for answer in answers]


def test_receive_enters_a_mark_by_the_rules_of_the_roll(session, row, trainer):
    mark = tap(row, "late", came_at=at(-1, "17:20"))
    (answer,) = device_marks.receive(session, [mark], by=trainer)
    kept = Attendance.objects.get()
    assert (answer.outcome, answer.now) == ("applied", kept)
    assert (kept.mark, kept.minutes, kept.source, kept.marked_by) == ("late", 100, "roll_call", trainer)
    assert LedgerEntry.objects.get(measure="received").minutes == 100
    assert LedgerEntry.objects.get(measure="delivered").minutes == 120
    sent = DeviceMark.objects.get()
    assert (sent.sent_id, sent.registration, sent.by) == (mark.sent_id, row, trainer)


def test_receive_twice_answers_the_same_and_changes_nothing(session, row, trainer, coordinator):
    mark = tap(row)
    device_marks.receive(session, [mark], by=trainer)
    attendance.mark(session, row, "absent", by=coordinator, reason="Wyszła")
    assert outcomes(device_marks.receive(session, [mark, mark], by=trainer)) == ["applied", "applied"]
    assert Attendance.objects.get().mark == "absent"
    assert DeviceMark.objects.count() == 1


def test_receive_follows_the_taps_in_their_order(session, row, trainer):
    marks = [tap(row), tap(row, "absent", seen=RollEntry("present"))]
    assert outcomes(device_marks.receive(session, marks, by=trainer)) == ["applied", "applied"]
    assert Attendance.objects.get().mark == "absent"


def test_receive_keeps_who_was_faster(session, row, trainer, coordinator):
    attendance.mark(session, row, "absent", by=coordinator)
    (answer,) = device_marks.receive(session, [tap(row)], by=trainer)
    assert (answer.outcome, answer.now.mark) == ("conflict", "absent")
    assert Attendance.objects.get().marked_by == coordinator


def test_receive_of_what_somebody_else_marked_the_same_is_no_conflict(session, row, trainer, coordinator):
    attendance.mark(session, row, "present", by=coordinator)
    assert outcomes(device_marks.receive(session, [tap(row)], by=trainer)) == ["same"]


def test_receive_other_times_are_a_conflict_too(session, row, trainer, coordinator):
    attendance.mark(session, row, "late", by=coordinator, came_at=at(-1, "17:30"))
    mark = tap(row, "late", came_at=at(-1, "17:20"))
    assert outcomes(device_marks.receive(session, [mark], by=trainer)) == ["conflict"]


def test_conflict_is_decided_as_a_correction_with_a_reason(session, row, trainer, coordinator):
    attendance.mark(session, row, "absent", by=coordinator)
    seen = RollEntry("absent")
    (answer,) = device_marks.receive(session, [tap(row, seen=seen)], by=trainer)
    assert isinstance(answer.refusal, attendance.CorrectionNeedsReason)
    decided = tap(row, seen=seen, reason="Przyszła na przerwie")
    assert outcomes(device_marks.receive(session, [decided], by=trainer)) == ["applied"]
    assert AttendanceCorrection.objects.get().reason == "Przyszła na przerwie"


def test_receive_refuses_one_and_enters_the_others(session, row, trainer):
    elsewhere = make_registration(make_workshop(), confirmed_at=at(-9))
    waiting = make_registration(session.workshop, state="waitlisted")
    marks = [tap(elsewhere), tap(waiting), tap(row)]
    answers = device_marks.receive(session, marks, by=trainer)
    assert outcomes(answers) == ["refused", "refused", "applied"]
    assert isinstance(answers[0].refusal, attendance.NotOnTheList)
    assert Attendance.objects.get().registration == row


def test_receive_tells_again_why_it_was_refused(session, row, trainer):
    waiting = make_registration(session.workshop, state="waitlisted")
    mark = tap(waiting)
    device_marks.receive(session, [mark], by=trainer)
    waiting.state, waiting.queued_at, waiting.confirmed_at = "confirmed", None, at(-9)
    waiting.save()
    (answer,) = device_marks.receive(session, [mark], by=trainer)
    assert isinstance(answer.refusal, attendance.NotOnTheList)
    assert not Attendance.objects.exists()


def test_receive_refuses_marks_of_a_cancelled_meeting(session, row, trainer, coordinator):
    planning.cancel_session(session, by=coordinator)
    (answer,) = device_marks.receive(session, [tap(row)], by=trainer)
    assert (answer.outcome, type(answer.refusal)) == ("refused", attendance.NotHeld)


def test_receive_answers_no_id_of_somebody_else(session, row, trainer, coordinator):
    mark = tap(row)
    device_marks.receive(session, [mark], by=trainer)
    assert outcomes(device_marks.receive(session, [mark], by=coordinator)) == ["refused"]


def test_receive_puts_a_wrong_clock_right_and_dates_nothing_into_the_future(session, row, trainer):
    now, fast = timezone.now(), timedelta(hours=3)
    other = make_registration(session.workshop, confirmed_at=at(-9))
    marks = [tap(row, made_at=now + fast - timedelta(minutes=10)), tap(other, made_at=now + 2 * fast)]
    device_marks.receive(session, marks, by=trainer, phone_clock=now + fast)
    first, second = DeviceMark.objects.order_by("id")
    assert timedelta(minutes=9) < timezone.now() - first.made_at < timedelta(minutes=11)
    assert second.made_at <= timezone.now()


# --- The address to which the phone sends ----------------------------------------------------------------


def sent(client, session, *marks, **changes):
    body = {"now": timezone.now().isoformat(), "marks": list(marks)} | changes
    address = reverse("work_marks", args=[session.pk])
    return client.post(address, json.dumps(body), content_type="application/json")


def as_sent(row, mark="present", **changes):
    return {
        "id": str(uuid4()),
        "person": str(row.pk),
        "mark": mark,
        "came": "",
        "left": "",
        "reason": "",
        "made": timezone.now().isoformat(),
        "seen": {"mark": "unknown", "came": "", "left": ""},
    } | changes


def test_marks_are_answered_with_the_roll(client, session, row, trainer):
    client.force_login(trainer)
    mark = as_sent(row, "late", came="17:20")
    answer = sent(client, session, mark).json()
    assert answer["answers"] == [
        {
            "id": mark["id"],
            "outcome": "applied",
            "now": {"mark": "late", "minutes": 100, "came": "17:20", "left": ""},
            "text": "",
            "needs_reason": False,
        }
    ]
    assert answer["roll"] == {str(row.pk): answer["answers"][0]["now"]}
    assert sent(client, session, mark).json()["answers"] == answer["answers"]


def test_conflict_says_who_and_when(client, session, row, trainer, coordinator):
    attendance.mark(session, row, "absent", by=coordinator)
    client.force_login(trainer)
    (answer,) = sent(client, session, as_sent(row)).json()["answers"]
    assert (answer["outcome"], answer["now"]["mark"], answer["who"]) == (
        "conflict",
        "absent",
        str(coordinator),
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"mark": "gone"},
        {"id": "1"},
        {"person": "x"},
        {"made": "yesterday"},
        {"made": "2026-01-01T10:00:00"},
        {"seen": None},
        {"mark": "late", "came": "25:00"},
        {"person": "9" * 30},
    ],
)
def test_marks_that_cannot_be_read_change_nothing(client, session, row, trainer, wrong):
    client.force_login(trainer)
    assert sent(client, session, as_sent(row, **wrong)).status_code == 400
    assert not DeviceMark.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b'{"marks": 1}', b"\xff"])
def test_marks_in_no_known_form_are_refused(client, session, row, trainer, body):
    client.force_login(trainer)
    address = reverse("work_marks", args=[session.pk])
    assert client.post(address, body, content_type="application/json").status_code == 400


def test_marks_are_taken_from_who_leads_the_workshop_only(client, session, row, migrant, outsider):
    for user in (migrant, outsider):
        client.force_login(user)
        assert sent(client, session, as_sent(row)).status_code == 404
    client.logout()
    assert "/account/login/" in sent(client, session, as_sent(row)).url
    assert not DeviceMark.objects.exists()


def test_marks_of_another_site_are_refused(session, row, trainer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(trainer)
    assert sent(client, session, as_sent(row)).status_code == 403
    assert not DeviceMark.objects.exists()


@pytest.mark.parametrize("people", [3, 30])
def test_mark_takes_the_same_queries_with_3_and_30_people(
    client, session, trainer, django_assert_num_queries, people
):
    rows = [make_registration(session.workshop, make_user(), confirmed_at=at(-9)) for _n in range(people)]
    make_participant(rows[0].user)
    client.force_login(trainer)
    client.get(reverse("my_page"))
    with django_assert_num_queries(29):
        sent(client, session, as_sent(rows[0]))


# --- What stays on the device ----------------------------------------------------------------------------


def test_roll_may_be_kept_by_her_phone_and_names_nobody_in_its_key(client, session, row, trainer):
    client.force_login(trainer)
    page = client.get(reverse("work_roll", args=[session.pk]))
    assert page["X-Kept-For"] == key_of(trainer) == client.cookies[COOKIE].value
    assert client.cookies[COOKIE]["httponly"]


def test_roll_before_its_day_is_not_kept(client, workshop, trainer):
    client.force_login(trainer)
    assert "X-Kept-For" not in client.get(reverse("work_roll", args=[workshop.sessions.get().pk]))


def test_other_pages_are_not_kept(client, session, trainer):
    client.force_login(trainer)
    assert "X-Kept-For" not in client.get(reverse("work_attendance", args=[session.workshop.slug]))


def test_sign_out_clears_the_device(client, session, trainer):
    client.force_login(trainer)
    client.get(reverse("work_roll", args=[session.pk]))
    answer = client.post(reverse("account_logout"))
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not client.cookies[COOKIE].value


def test_somebody_else_on_the_same_device_clears_it(client, session, trainer, migrant):
    client.force_login(trainer)
    client.get(reverse("work_roll", args=[session.pk]))
    assert "Clear-Site-Data" not in client.get(reverse("my_page"))
    kept = client.cookies[COOKIE].value
    client.logout()
    client.cookies[COOKIE] = kept  # her session ran out: nobody signed out
    assert "Clear-Site-Data" not in client.get(reverse("home"))
    client.force_login(migrant)
    assert "storage" in client.get(reverse("my_page"))["Clear-Site-Data"]
    assert "Clear-Site-Data" not in client.get(reverse("my_page"))
