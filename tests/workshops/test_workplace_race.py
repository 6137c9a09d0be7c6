"""Two people work on one workshop at the same moment: real threads, real row locks."""

from collections import Counter
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from portal import diary
from portal.models import AuditEntry
from projects.models import LedgerEntry
from tests.factories import at, make_registration, make_user, make_workshop
from tests.locks import in_its_own_transaction, wait_until_blocked
from tests.workshops.test_registration_race import asking, at_once
from workshops import attendance, check_in, device_marks, newcomers, planning
from workshops.attendance import RollEntry
from workshops.device_marks import PhoneMark
from workshops.models import Attendance, DeviceMark, Registration, Session

pytestmark = pytest.mark.django_db(transaction=True)
State = Registration.State


def test_roll_called_from_four_phones_is_counted_once(coordinator, theme):
    workshop = make_workshop(theme=theme, sessions=[(-1, "17:00", 120)])
    rows = [make_registration(workshop, confirmed_at=at(-9)) for _n in range(3)]
    marks = {row.pk: RollEntry("present") for row in rows}
    call = partial(attendance.call_roll, workshop.sessions.get(), marks, by=coordinator)
    assert Counter(at_once(*[call] * 4)) == {3: 1, 0: 3}
    assert Attendance.objects.count() == 3
    assert Counter(LedgerEntry.objects.values_list("measure", flat=True)) == {"received": 3, "delivered": 1}


def test_double_tap_sent_from_two_tabs_is_entered_once(trainer, theme):
    workshop = make_workshop(theme=theme, trainers=[trainer], sessions=[(-1, "17:00", 120)])
    rows = [make_registration(workshop, confirmed_at=at(-9)) for _n in range(3)]
    unknown = RollEntry("unknown")
    marks = [PhoneMark(uuid4(), row.pk, RollEntry("present"), unknown, timezone.now()) for row in rows]
    results = at_once(*[partial(device_marks.receive, workshop.sessions.get(), marks, by=trainer)] * 4)
    assert {answer.outcome for answers in results for answer in answers} == {"applied"}
    assert DeviceMark.objects.count() == Attendance.objects.count() == 3
    assert AuditEntry.objects.filter(action="attendance.marked").count() == 3
    assert Counter(LedgerEntry.objects.values_list("measure", flat=True)) == {"received": 3, "delivered": 1}


def test_codes_read_at_the_same_moment_are_one_check_in(trainer, theme):
    workshop = make_workshop(theme=theme, trainers=[trainer], sessions=[])
    start = timezone.now()
    session = Session.objects.create(workshop=workshop, start_at=start, end_at=start + timedelta(hours=2))
    row = make_registration(workshop, confirmed_at=at(-9))
    ways = [
        partial(check_in.check_in, session, row, how=how, by=by)
        for how, by in (("own_phone", row.user), ("her_code", trainer))
    ]
    assert len({check.pk for check in at_once(*ways * 2)}) == 1
    assert Attendance.objects.get().mark == "present"
    assert AuditEntry.objects.filter(action="attendance.marked").count() == 1


def test_first_mark_waits_for_the_workshop_that_is_being_cancelled(coordinator, theme):
    """The first mark says that it took place; calling it off says that it did not. One of them is first."""
    workshop = make_workshop(theme=theme, sessions=[])
    start = timezone.now()
    session = Session.objects.create(workshop=workshop, start_at=start, end_at=start + timedelta(hours=2))
    row = make_registration(workshop, confirmed_at=at(-9))
    refused = []

    def mark():
        try:
            attendance.mark(session, row, "present", by=coordinator)
        except attendance.NotHeld as no:
            refused.append(no)

    with transaction.atomic():
        planning.cancel_workshop(workshop, by=coordinator, reason="Awaria")
        other = in_its_own_transaction(mark)
        wait_until_blocked()
    other.join(20)
    assert len(refused) == 1
    assert not Attendance.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_workshop_that_is_cancelled_waits_for_the_first_mark(coordinator, theme):
    workshop = make_workshop(theme=theme, sessions=[])
    start = timezone.now()
    session = Session.objects.create(workshop=workshop, start_at=start, end_at=start + timedelta(hours=2))
    row = make_registration(workshop, confirmed_at=at(-9))
    with transaction.atomic():
        attendance.mark(session, row, "present", by=coordinator)
        other = in_its_own_transaction(
            partial(planning.cancel_workshop, workshop, by=coordinator, reason="Awaria")
        )
        wait_until_blocked()
    other.join(20)
    session.refresh_from_db()
    assert session.state == Session.State.PLANNED
    assert LedgerEntry.objects.get(measure="delivered").source == session.source


def test_fewer_places_and_new_people_never_pass_each_other(coordinator, theme):
    workshop = make_workshop(theme=theme, capacity=6)
    people = [make_user() for _n in range(6)]
    shrink = partial(planning.edit_workshop, workshop, by=coordinator, capacity=2)
    at_once(shrink, *[asking(workshop, person) for person in people])
    workshop.refresh_from_db()
    assert workshop.registrations.filter(state=State.CONFIRMED).count() <= workshop.capacity


def test_moving_back_and_forth_while_people_register_leaves_one_truth(coordinator, theme):
    workshop = make_workshop(theme=theme, capacity=8)
    session = workshop.sessions.get()
    moves = [
        partial(planning.move_session, session, start_at=at(day), end_at=at(day, "18:00"), by=coordinator)
        for day in (8, 9)
    ]
    at_once(*moves, *[asking(workshop, make_user()) for _n in range(4)])
    session.refresh_from_db()
    starts = {entry.start_at for row in workshop.registrations.all() for entry in row.user.diary.all()}
    assert starts == {session.start_at}
    assert session.revision == 2


def test_edit_workshop_holds_the_diaries_of_all_concerned_at_once(coordinator, theme):
    """Somebody who waits, and a trainer whose row comes after hers: no order of holding but one."""
    waiting = make_user()
    trainer = make_user()
    workshop = make_workshop(theme=theme, capacity=1)
    make_registration(workshop)
    make_registration(workshop, waiting, state=State.WAITLISTED)
    edit = partial(planning.edit_workshop, workshop, by=coordinator, capacity=2, trainers=[trainer])
    with transaction.atomic():
        diary.hold([waiting.pk])
        other = in_its_own_transaction(edit)
        wait_until_blocked()
        diary.hold([trainer.pk])
    other.join(20)
    assert workshop.registrations.get(user=waiting).state == State.OFFERED
    assert list(workshop.trainers.all()) == [trainer]


def test_add_together_holds_the_diaries_of_all_in_one_order(coordinator, theme):
    """Chosen in any order on the page: two such additions in two workshops never wait for each other."""
    first, second = make_user(), make_user()
    workshop = make_workshop(theme=theme)
    add = partial(newcomers.add_together, workshop, [second, first], by=coordinator)
    with transaction.atomic():
        diary.hold([first.pk])
        other = in_its_own_transaction(add)
        wait_until_blocked()
        diary.hold([second.pk])
    other.join(20)
    assert workshop.registrations.confirmed().count() == 2
