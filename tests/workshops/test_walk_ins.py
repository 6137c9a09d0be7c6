"""Who came without having registered is entered at the roll: a person, a place, her presence, or nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participants import consents
from participants.models import ConsentEvent
from portal.models import AuditEntry, DiaryEntry, Message, ReadEntry, User
from projects import ledger
from projects.models import LedgerEntry
from tests import factories
from workshops import attendance, registration, walk_ins
from workshops.guards import Full
from workshops.models import Attendance, Registration

pytestmark = pytest.mark.django_db
State = Registration.State
Mark = Attendance.Mark


@pytest.fixture
def today(theme, trainer):
    """A course: one meeting today, one in a week."""
    workshop = factories.make_workshop(
        theme=theme, trainers=[trainer], sessions=[(0, "00:01", 60), (7, "17:00", 120)], capacity=5
    )
    return workshop.sessions.order_by("start_at").first()


def come(session, by, **fields) -> Registration:
    return walk_ins.add(session, by=by, **{"full_name": "Halyna Bondar", "language": "uk"} | fields)


def test_add_gives_a_place_and_marks_her_present(today, trainer):
    row = come(today, trainer)
    row.refresh_from_db()
    assert (row.state, row.is_walk_in, row.user.email) == (State.CONFIRMED, True, None)
    mark = Attendance.objects.get(session=today)
    assert (mark.registration, mark.mark, mark.minutes, mark.marked_by) == (row, Mark.PRESENT, 60, trainer)
    received = LedgerEntry.objects.get(measure=ledger.Measure.RECEIVED)
    assert received.minutes == 60
    assert AuditEntry.objects.get(action="walk_in.added").actor_id == trainer.pk
    assert DiaryEntry.objects.filter(user=row.user, start_at__gt=timezone.now()).count() == 1


def test_register_of_who_once_came_without_is_no_walk_in_any_more(today, trainer, coordinator, migrant):
    """Otherwise the audit would take her place for one beyond the capacity for ever."""
    row = come(today, trainer, email=migrant.email)
    registration.cancel(row, by=migrant)
    factories.make_session(today.workshop, days=3)
    registration.add_by_hand(today.workshop, migrant, by=coordinator)
    assert not Registration.objects.get(pk=row.pk).is_walk_in


def test_add_twice_is_one_person(today, trainer):
    assert come(today, trainer) == come(today, trainer)
    assert User.objects.filter(full_name="Halyna Bondar").count() == 1
    assert LedgerEntry.objects.filter(measure=ledger.Measure.RECEIVED).count() == 1


def test_add_knows_her_again_at_the_next_meeting(today, trainer, coordinator):
    row = come(today, trainer)
    other = factories.make_session(today.workshop, days=-1)
    assert come(other, coordinator) == row
    assert row.attendances.count() == 2


def test_add_finds_whom_we_know_by_her_address(today, trainer, migrant):
    row = come(today, trainer, email=" Migrant@example.org ", full_name="Ktoś")
    assert row.user == migrant
    assert not User.objects.filter(full_name="Ktoś").exists()
    assert ReadEntry.objects.get(subject_id=migrant.pk, purpose="walk-in").actor_id == trainer.pk
    assert Message.objects.filter(recipient=migrant).exists(), "so she sees what was entered"


def test_add_with_the_address_of_a_closed_account_makes_a_person_without_it(today, trainer):
    factories.make_user(email="closed@example.org", is_active=False)
    assert come(today, trainer, email="closed@example.org").user.email is None


def test_add_with_a_new_address_keeps_it(today, trainer):
    assert come(today, trainer, email="halyna@example.org").user.email == "halyna@example.org"


@pytest.mark.parametrize("state", [State.WAITLISTED, State.REQUESTED, State.WITHDRAWN, State.LAPSED])
def test_add_takes_who_waited_or_had_left(today, trainer, migrant, state):
    before = factories.make_registration(today.workshop, migrant, state=state)
    row = come(today, trainer, email=migrant.email)
    assert (row.pk, row.state, row.is_walk_in) == (before.pk, State.CONFIRMED, True)


def test_add_of_somebody_on_the_roll_only_marks_her(today, trainer, migrant):
    before = factories.make_registration(today.workshop, migrant, confirmed_at=factories.at(-3))
    row = come(today, trainer, email=migrant.email)
    assert (row.pk, row.is_walk_in) == (before.pk, False)
    assert Attendance.objects.get(registration=row).mark == Mark.PRESENT


def test_add_leaves_a_mark_that_says_she_came(today, trainer, migrant):
    row = factories.make_registration(today.workshop, migrant, confirmed_at=factories.at(-3))
    attendance.mark(today, row, Mark.LATE, by=trainer)
    come(today, trainer, email=migrant.email)
    assert Attendance.objects.get(registration=row).mark == Mark.LATE


def test_add_is_no_matter_of_what_else_she_has_then(today, trainer, migrant, theme):
    other = factories.make_workshop(theme=theme, sessions=[(7, "17:00", 60)])
    registration.register(other, migrant, by=migrant)
    assert come(today, trainer, email=migrant.email).state == State.CONFIRMED


def test_add_beyond_the_places_needs_a_reason(today, trainer):
    for _place in range(5):
        factories.make_registration(today.workshop)
    with pytest.raises(Full):
        come(today, trainer)
    assert not User.objects.filter(full_name="Halyna Bondar").exists()
    row = come(today, trainer, reason="Przyszła z sąsiadką")
    assert row.over_capacity_reason == "Przyszła z sąsiadką"


def test_add_keeps_the_consent_she_signed(today, trainer):
    consents.load_texts()
    row = come(today, trainer, signed_on_paper=True)
    event = ConsentEvent.objects.get(user=row.user)
    assert (event.channel, event.text.language, event.recorded_by) == ("paper", "uk", trainer)


def test_add_is_for_the_day_of_the_meeting_and_for_coordinators_later(today, trainer, coordinator):
    yesterday = factories.make_session(today.workshop, days=-1)
    with pytest.raises(walk_ins.OnlyThatDay):
        come(yesterday, trainer)
    assert come(yesterday, coordinator).state == State.CONFIRMED


def test_add_is_refused_before_the_day(today, coordinator):
    later = today.workshop.sessions.order_by("start_at").last()
    with pytest.raises(attendance.NotYet):
        come(later, coordinator)


def test_add_is_refused_for_a_cancelled_meeting(today, coordinator):
    today.workshop.sessions.filter(pk=today.pk).update(state="cancelled")
    with pytest.raises(attendance.NotHeld):
        come(today, coordinator)


def test_add_is_refused_for_a_trainer_of_another_workshop(today, project):
    from projects.models import ProjectStaff

    with pytest.raises(walk_ins.NotYourWorkshop):
        come(today, factories.make_staff(project, ProjectStaff.Role.TRAINER))


def test_add_is_refused_where_people_are_counted(theme, coordinator):
    event = factories.make_workshop(
        theme=theme, kind="event", signup_mode="open", sessions=[(0, "00:01", 60)]
    )
    with pytest.raises(walk_ins.CountThem):
        come(event.sessions.get(), coordinator)


def test_add_of_who_was_taken_out_is_the_coordinators_decision(today, trainer, coordinator, migrant):
    factories.make_registration(today.workshop, migrant, state=State.REVOKED)
    with pytest.raises(walk_ins.AskTheCoordinator):
        come(today, trainer, email=migrant.email)
    assert come(today, coordinator, email=migrant.email).state == State.CONFIRMED


def test_add_of_a_trainer_is_refused(today, trainer, coordinator):
    with pytest.raises(walk_ins.LeadsTheWorkshop):
        come(today, coordinator, email=trainer.email)


# --- The page --------------------------------------------------------------------------------------------


def page(session) -> str:
    return reverse("work_walk_in", args=[session.pk])


@pytest.mark.parametrize(
    ("who", "status"),
    [("trainer", 200), ("coordinator", 200), ("administrator", 200), ("migrant", 404), ("official", 404)],
)
def test_page_is_for_who_leads_the_workshop(client, request, today, who, status):
    client.force_login(request.getfixturevalue(who))
    assert client.get(page(today)).status_code == status
    assert client.post(page(today), {"full_name": "", "language": "uk"}).status_code == status


def test_page_adds_and_leads_back_to_the_roll(client, trainer, today):
    client.force_login(trainer)
    assert page(today) in client.get(reverse("work_roll", args=[today.pk])).content.decode()
    response = client.post(page(today), {"full_name": "Halyna Bondar", "language": "uk"})
    assert response.url == reverse("work_roll", args=[today.pk])
    assert Attendance.objects.get(session=today).mark == Mark.PRESENT


def test_page_says_the_same_of_known_and_unknown_addresses(client, trainer, today, migrant):
    client.force_login(trainer)
    told = []
    for email in (migrant.email, "nobody@example.org"):
        response = client.post(page(today), {"full_name": "Ktoś", "email": email, "language": "pl"})
        told.append([str(message) for message in response.wsgi_request._messages][-1])
    assert told[0] == told[1]


def test_page_asks_why_where_all_places_are_taken(client, trainer, today):
    for _place in range(5):
        factories.make_registration(today.workshop)
    client.force_login(trainer)
    response = client.post(page(today), {"full_name": "Halyna Bondar", "language": "uk"})
    assert response.context["form"].errors["reason"]
    assert "Halyna Bondar" in response.content.decode()


def test_page_is_closed_for_a_trainer_the_next_day(client, trainer, today):
    yesterday = factories.make_session(today.workshop, days=-1)
    client.force_login(trainer)
    response = client.post(page(yesterday), {"full_name": "Halyna Bondar", "language": "uk"})
    assert response.context["form"].non_field_errors()
    assert timezone.localdate(yesterday.start_at) == timezone.localdate() - timedelta(days=1)
