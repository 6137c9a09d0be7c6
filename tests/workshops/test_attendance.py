"""Roll-call, corrections, and the nagging about rolls that nobody called."""

from datetime import time

import pytest
import time_machine
from django.utils import timezone

from portal.models import AuditEntry, Message
from projects.models import LedgerEntry
from tests.factories import at, make_registration, make_session, make_staff, make_workshop
from workshops import attendance, own_times, planning
from workshops.attendance import RollEntry
from workshops.models import Attendance, AttendanceCorrection, Registration, Workshop
from workshops.own_times import WrongTimes
from workshops.tasks import nag_about_unknown_attendance

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(theme, trainer):
    """A workshop of two hours, with a break of 20 minutes, that was held yesterday at five."""
    workshop = make_workshop(theme=theme, trainers=[trainer], sessions=[])
    make_session(workshop, days=-1, clock="17:00", minutes=140, break_minutes=20)
    return workshop


@pytest.fixture
def session(held):
    return held.sessions.get()


@pytest.fixture
def row(held, migrant):
    return had_a_place(held, migrant)


def had_a_place(workshop, user=None, **fields):
    return make_registration(workshop, user, confirmed_at=at(-10), **fields)


def received():
    return LedgerEntry.objects.filter(measure="received")


def delivered():
    return LedgerEntry.objects.filter(measure="delivered")


@pytest.mark.parametrize(
    ("mark", "given", "minutes"),
    [
        ("present", None, 120),
        ("present", 30, 120),
        ("late", None, 105),
        ("late", 90, 90),
        ("left_early", 1, 1),
        ("left_early", 120, 120),
        ("excused", None, 0),
        ("absent", 60, 0),
    ],
)
def test_mark_credits_minutes_by_the_mark(session, row, coordinator, mark, given, minutes):
    attendance.mark(session, row, mark, by=coordinator, minutes=given)
    assert Attendance.objects.get().minutes == minutes
    assert sum(received().values_list("minutes", flat=True)) == minutes


@pytest.mark.parametrize("minutes", [0, 121])
def test_mark_refuses_minutes_that_cannot_be(session, row, coordinator, minutes):
    with pytest.raises(attendance.WrongMinutes):
        attendance.mark(session, row, "late", by=coordinator, minutes=minutes)
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    ("mark", "came", "left", "minutes"),
    [
        ("late", "17:20", None, 100),
        ("left_early", None, "18:00", 60),
        (
            "late",
            "18:30",
            None,
            50,
        ),  # after the break of 20 minutes in the middle: nothing is taken off twice
        ("left_early", None, "18:10", 60),  # in the middle of the break
        ("late", "17:20", "18:00", 40),
        ("late", "18:00", "18:20", 0),  # she was there in the break
        ("present", "17:20", None, 120),  # times are of those who were there for a part
    ],
)
def test_mark_credits_minutes_by_her_own_times(session, row, coordinator, mark, came, left, minutes):
    times = {"came_at": came and at(-1, came), "left_at": left and at(-1, left)}
    attendance.mark(session, row, mark, by=coordinator, **times)
    kept = Attendance.objects.get()
    assert kept.minutes == minutes
    assert kept.came_at == (times["came_at"] if mark != "present" else None)
    assert sum(received().values_list("minutes", flat=True)) == minutes


@pytest.mark.parametrize(
    ("came", "left", "field"), [("16:59", None, "came"), (None, "19:21", "left"), ("18:00", "18:00", "left")]
)
def test_mark_refuses_times_that_cannot_be(session, row, coordinator, came, left, field):
    with pytest.raises(WrongTimes) as no:
        attendance.mark(
            session, row, "late", by=coordinator, came_at=came and at(-1, came), left_at=left and at(-1, left)
        )
    assert no.value.field == field
    assert not Attendance.objects.exists()


def test_time_of_a_meeting_past_midnight_is_of_the_next_day(theme):
    session = make_workshop(theme=theme, sessions=[(-1, "22:00", 180)]).sessions.get()
    assert own_times.moment_of(session, time(0, 30)) == at(0, "00:30")
    assert own_times.moment_of(session, time(22, 30)) == at(-1, "22:30")


def test_correction_of_times_needs_a_reason_and_keeps_the_old_ones(session, row, coordinator, trainer):
    attendance.mark(session, row, "late", by=trainer, came_at=at(-1, "17:20"))
    with pytest.raises(attendance.CorrectionNeedsReason):
        attendance.mark(session, row, "late", by=coordinator, came_at=at(-1, "17:40"))
    attendance.mark(session, row, "late", by=coordinator, came_at=at(-1, "17:40"), reason="Lista papierowa")
    kept = AttendanceCorrection.objects.get()
    assert (kept.old_came_at, kept.old_minutes, kept.new_minutes) == (at(-1, "17:20"), 100, 80)
    assert received().get().minutes == 80


def test_mark_late_in_a_very_short_meeting_credits_nothing_below_zero(theme, coordinator):
    workshop = make_workshop(theme=theme, sessions=[(-1, "17:00", 10)])
    row = had_a_place(workshop)
    attendance.mark(workshop.sessions.get(), row, "late", by=coordinator)
    assert Attendance.objects.get().minutes == 0
    assert not received().exists()
    assert delivered().get().minutes == 10


def test_mark_writes_both_entries_of_the_ledger(session, row, theme, coordinator):
    attendance.mark(session, row, "present", by=coordinator)
    hers, held = received().get(), delivered().get()
    assert hers.source == f"workshops.attendance:{Attendance.objects.get().pk}"
    assert held.source == f"workshops.session:{session.pk}"
    assert held.minutes == 120
    for entry in (hers, held):
        assert (entry.project, entry.task, entry.theme) == (theme.project, theme.task, theme)
        assert (entry.kind, entry.activity) == ("workshop", f"workshops.workshop:{row.workshop_id}")
        assert entry.on == timezone.localdate(session.start_at)
    assert (hers.gender, hers.county) == ("woman", "Toruń")
    assert hers.beneficiary_key
    assert not held.beneficiary_key


def test_mark_late_at_night_counts_on_the_local_day(theme, coordinator):
    workshop = make_workshop(theme=theme, sessions=[(-1, "00:30", 60)])
    attendance.mark(workshop.sessions.get(), had_a_place(workshop), "present", by=coordinator)
    assert delivered().get().on == at(-1).date()


def test_mark_twice_is_one_mark(session, row, coordinator):
    for _twice in range(2):
        attendance.mark(session, row, "present", by=coordinator)
    assert Attendance.objects.count() == 1
    assert (received().count(), delivered().count()) == (1, 1)
    assert AuditEntry.objects.filter(action="attendance.marked").count() == 1


def test_session_to_which_nobody_came_is_not_delivered(session, row, coordinator):
    attendance.mark(session, row, "absent", by=coordinator)
    assert not LedgerEntry.objects.exists()


def test_mark_refuses_before_the_day(workshop, coordinator):
    row = had_a_place(workshop)
    with pytest.raises(attendance.NotYet):
        attendance.mark(workshop.sessions.get(), row, "present", by=coordinator)


def test_mark_allows_the_day_itself(workshop, coordinator):
    row = had_a_place(workshop)
    with time_machine.travel(at(7, "00:05"), tick=False):
        assert attendance.mark(workshop.sessions.get(), row, "excused", by=coordinator)


def test_mark_refuses_a_cancelled_session(session, row, coordinator):
    planning.cancel_session(session, by=coordinator)
    with pytest.raises(attendance.NotHeld):
        attendance.mark(session, row, "present", by=coordinator)


def test_mark_refuses_somebody_of_another_workshop(session, coordinator):
    with pytest.raises(attendance.NotOnTheList):
        attendance.mark(session, had_a_place(make_workshop()), "present", by=coordinator)


@pytest.mark.parametrize("state", ["requested", "waitlisted", "declined"])
def test_mark_refuses_who_never_had_a_place(session, held, coordinator, state):
    with pytest.raises(attendance.NotOnTheList):
        attendance.mark(session, make_registration(held, state=state), "present", by=coordinator)


def test_mark_allows_who_gave_her_place_back_later(session, held, coordinator):
    row = had_a_place(held, state=Registration.State.WITHDRAWN)
    assert attendance.mark(session, row, "present", by=coordinator).minutes == 120


def test_correction_needs_a_reason_and_keeps_the_old_value(session, row, coordinator, trainer):
    attendance.mark(session, row, "present", by=trainer)
    with pytest.raises(attendance.CorrectionNeedsReason):
        attendance.mark(session, row, "late", by=coordinator, minutes=60)
    assert Attendance.objects.get().mark == "present"
    attendance.mark(session, row, "late", by=coordinator, minutes=60, reason="Lista papierowa")
    kept = AttendanceCorrection.objects.get()
    assert (kept.old_mark, kept.old_minutes, kept.new_mark, kept.new_minutes) == ("present", 120, "late", 60)
    assert (kept.by, kept.reason) == (coordinator, "Lista papierowa")
    assert received().get().minutes == 60
    assert "Lista" not in str(list(AuditEntry.objects.values_list("data", flat=True)))


def test_slip_within_the_hour_needs_no_reason(session, row, coordinator):
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        attendance.mark(session, row, "absent", by=coordinator)
        clock.shift(59 * 60)
        attendance.mark(session, row, "present", by=coordinator)
        assert not AttendanceCorrection.objects.exists()
        clock.shift(2 * 60)
        with pytest.raises(attendance.CorrectionNeedsReason):
            attendance.mark(session, row, "absent", by=coordinator)


def test_correction_to_absent_withdraws_the_hours(session, held, row, coordinator):
    attendance.mark(session, row, "present", by=coordinator)
    other = had_a_place(held)
    attendance.mark(session, other, "present", by=coordinator)
    attendance.mark(session, row, "absent", by=coordinator, reason="Pomyłka")
    assert (received().count(), delivered().count()) == (1, 1)
    attendance.mark(session, other, "unknown", by=coordinator, reason="Pomyłka")
    assert not LedgerEntry.objects.exists()


def test_characteristics_stay_as_on_the_first_day(session, row, coordinator, migrant):
    attendance.mark(session, row, "present", by=coordinator)
    migrant.participant.county = "Bydgoszcz"
    migrant.participant.save()
    attendance.mark(session, row, "late", by=coordinator, minutes=60, reason="Spóźnienie")
    assert received().get().county == "Toruń"


def test_call_roll_marks_everybody_and_twice_is_harmless(session, held, row, coordinator):
    other = had_a_place(held)
    unmarked = had_a_place(held)
    marks = {row.pk: RollEntry("present"), other.pk: RollEntry("late", 45), unmarked.pk: RollEntry("unknown")}
    assert attendance.call_roll(session, marks, by=coordinator) == 2
    assert attendance.call_roll(session, marks, by=coordinator) == 0
    assert sorted(received().values_list("minutes", flat=True)) == [45, 120]
    assert [row.pk for row in attendance.to_mark(session)] == [unmarked.pk]


def test_call_roll_saves_all_or_nothing(session, held, row, coordinator, trainer):
    other = had_a_place(held)
    attendance.mark(session, row, "present", by=trainer)
    with pytest.raises(attendance.RollRefused) as no:
        attendance.call_roll(
            session, {row.pk: RollEntry("absent"), other.pk: RollEntry("present")}, by=coordinator
        )
    assert {pk: type(refusal) for pk, refusal in no.value.refusals.items()} == {
        row.pk: attendance.CorrectionNeedsReason
    }
    assert Attendance.objects.get().mark == "present"


def test_nag_asks_coordinators_and_trainers_once(session, row, coordinator, trainer, project):
    bystander = make_staff(project, "trainer")
    assert nag_about_unknown_attendance() == 2
    assert nag_about_unknown_attendance() == 0
    assert set(Message.objects.values_list("recipient", flat=True)) == {coordinator.pk, trainer.pk}
    assert set(Message.objects.values_list("kind", flat=True)) == {"work"}
    assert bystander.pk not in Message.objects.values_list("recipient", flat=True)


def test_nag_waits_for_the_day_after(session, row, coordinator):
    with time_machine.travel(at(-1, "23:50"), tick=False):
        assert attendance.nag_about_unknown_attendance() == 0
    with time_machine.travel(at(0, "00:10"), tick=False):
        assert attendance.nag_about_unknown_attendance() == 2
        assert timezone.localtime(Message.objects.first().due_at).hour == 8


def test_nag_is_silent_once_the_roll_is_complete(session, row, coordinator):
    with time_machine.travel(at(0, "00:10"), tick=False):
        attendance.nag_about_unknown_attendance()
        attendance.call_roll(session, {row.pk: RollEntry("present")}, by=coordinator)
    assert set(Message.objects.values_list("state", flat=True)) == {Message.State.SILENCED}


@pytest.mark.parametrize("case", ["nobody", "marked", "cancelled", "draft", "came later", "long ago"])
def test_nag_leaves_alone_what_lacks_nothing(held, session, coordinator, case):
    if case != "nobody":
        row = had_a_place(held)
    if case == "marked":
        attendance.mark(session, row, "absent", by=coordinator)
    if case == "cancelled":
        planning.cancel_session(session, by=coordinator)
    if case == "draft":
        Workshop.objects.update(state=Workshop.State.DRAFT)
    if case == "came later":
        Registration.objects.update(confirmed_at=timezone.now())
    if case == "long ago":
        held.sessions.update(start_at=at(-30), end_at=at(-30, "19:00"))
        Registration.objects.update(confirmed_at=at(-40))
    assert attendance.nag_about_unknown_attendance() == 0
