"""Planning: creating, changing, publishing, cancelling."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from portal.models import AuditEntry, DiaryEntry, Message
from projects import ledger
from tests.factories import at, make_registration, make_session, make_theme, make_user, make_workshop
from workshops import emails, planning, registration, schedule
from workshops.models import HeadCount, Registration, Session, Workshop

pytestmark = pytest.mark.django_db
State = Registration.State


def keys(user):
    return [key.split(":")[0] for key in Message.objects.filter(recipient=user).values_list("key", flat=True)]


def draft(theme, coordinator, **facts):
    facts = {"title_pl": "Twoje prawa w pracy", "languages": ["pl"], "town": "Toruń"} | facts
    return planning.create_workshop(theme, by=coordinator, **facts)


def test_create_workshop_is_a_draft_with_a_readable_address(theme, coordinator):
    workshop = draft(theme, coordinator, title_pl="Żyć w Toruniu: praca")
    assert (workshop.slug, workshop.state) == ("zyc-w-toruniu-praca", Workshop.State.DRAFT)
    assert workshop.project == theme.project
    assert AuditEntry.objects.get(action="workshop.created").actor_id == coordinator.pk


def test_create_workshop_with_a_title_in_use_gets_another_address(theme, coordinator):
    assert [draft(theme, coordinator).slug for _n in range(3)] == [
        "twoje-prawa-w-pracy",
        "twoje-prawa-w-pracy-2",
        "twoje-prawa-w-pracy-3",
    ]


def test_create_workshop_with_no_latin_title_has_an_address_too(theme, coordinator):
    assert draft(theme, coordinator, title_pl="", title_uk="Права").slug == "prava"


def test_edit_workshop_keeps_what_changed_in_the_trail(workshop, coordinator):
    planning.edit_workshop(workshop, by=coordinator, title_pl="Nowy", capacity=workshop.capacity)
    workshop.refresh_from_db()
    assert workshop.title_pl == "Nowy"
    line = AuditEntry.objects.get(action="workshop.edited")
    assert line.data == {"fields": ["title_pl"]}


def test_edit_workshop_with_nothing_new_leaves_no_trace(workshop, coordinator):
    planning.edit_workshop(workshop, by=coordinator, title_pl=workshop.title_pl)
    assert not AuditEntry.objects.filter(action="workshop.edited").exists()


def test_edit_workshop_does_not_overwrite_what_somebody_else_wrote_meanwhile(workshop, coordinator):
    seen = planning.last_edit(workshop)
    planning.edit_workshop(workshop, by=make_user(), title_pl="Tytuł koleżanki")
    with pytest.raises(planning.ChangedMeanwhile) as no:
        planning.edit_workshop(workshop, by=coordinator, seen=seen, title_pl="Mój tytuł", town="Toruń")
    assert no.value.fields == ["title_pl"]
    workshop.refresh_from_db()
    assert workshop.title_pl == "Tytuł koleżanki"
    planning.edit_workshop(workshop, by=coordinator, seen=planning.last_edit(workshop), title_pl="Mój tytuł")
    workshop.refresh_from_db()
    assert workshop.title_pl == "Mój tytuł"


def test_edit_workshop_merges_what_two_people_wrote_in_different_places(workshop, coordinator):
    seen = planning.last_edit(workshop)
    planning.edit_workshop(workshop, by=make_user(), title_pl="Tytuł koleżanki")
    planning.edit_workshop(workshop, by=coordinator, seen=seen, venue="Biblioteka")
    workshop.refresh_from_db()
    assert (workshop.title_pl, workshop.venue) == ("Tytuł koleżanki", "Biblioteka")


def test_edit_workshop_with_more_places_calls_up_the_waiting_list(workshop, coordinator):
    workshop.capacity = 1
    workshop.save(update_fields=["capacity"])
    rows = [
        registration.register(workshop, user, by=user) for user in (make_user(), make_user(), make_user())
    ]
    assert [row.state for row in rows] == [State.CONFIRMED, State.WAITLISTED, State.WAITLISTED]
    planning.edit_workshop(workshop, by=coordinator, capacity=2)
    assert [Registration.objects.get(pk=row.pk).state for row in rows] == [
        State.CONFIRMED,
        State.OFFERED,
        State.WAITLISTED,
    ]


def test_edit_workshop_refuses_fewer_places_than_people(workshop, coordinator):
    for _n in range(3):
        make_registration(workshop)
    with pytest.raises(planning.TooFewPlaces, match="3"):
        planning.edit_workshop(workshop, by=coordinator, capacity=2)
    assert planning.edit_workshop(workshop, by=coordinator, capacity=3).capacity == 3


def test_edit_workshop_refuses_another_theme_once_hours_are_counted(workshop, coordinator, project):
    ledger.record(
        source="test",
        project=project,
        task=workshop.theme.task,
        kind="workshop",
        measure="delivered",
        on=workshop.sessions.get().start_at.date(),
        minutes=60,
        activity=f"workshops.workshop:{workshop.pk}",
    )
    with pytest.raises(planning.HoursAreCounted):
        planning.edit_workshop(workshop, by=coordinator, theme=make_theme(project))


def test_edit_workshop_refuses_a_theme_of_another_project(workshop, coordinator, other_project):
    with pytest.raises(planning.ThemeOfAnotherProject):
        planning.edit_workshop(workshop, by=coordinator, theme=make_theme(other_project))


def test_edit_workshop_tells_people_of_a_new_place_and_their_diaries_follow(workshop, coordinator, migrant):
    registration.register(workshop, migrant, by=migrant)
    planning.edit_workshop(workshop, by=coordinator, venue="Biblioteka", address="ul. Nowa 3")
    entry = DiaryEntry.objects.get(user=migrant)
    assert "ul. Nowa 3" in entry.place["uk"]
    message = Message.objects.get(recipient=migrant, key__startswith="place_changed")
    assert "ul. Nowa 3" in message.text


def test_edit_workshop_does_not_tell_the_address_to_who_waits(workshop, coordinator, migrant):
    make_registration(workshop, migrant, state=State.WAITLISTED)
    planning.edit_workshop(workshop, by=coordinator, address="ul. Nowa 3")
    assert "ul. Nowa 3" not in Message.objects.get(recipient=migrant).text


def test_edit_workshop_with_another_trainer_moves_the_teaching(workshop, coordinator, trainer):
    workshop.state = Workshop.State.DRAFT
    workshop.save()
    planning.publish(workshop, by=coordinator)
    other = make_user()
    planning.edit_workshop(workshop, by=coordinator, trainers=[other])
    teaching = DiaryEntry.objects.standing().filter(kind="teaching")
    assert [entry.user for entry in teaching] == [other]


def test_publish_opens_the_workshop_and_enters_the_teaching(theme, coordinator, trainer):
    workshop = draft(theme, coordinator, trainers=[trainer])
    make_session(workshop)
    workshop = planning.publish(workshop, by=coordinator)
    assert workshop.state == Workshop.State.PUBLISHED
    assert workshop.published_at is not None
    assert DiaryEntry.objects.get(user=trainer).kind == "teaching"
    planning.publish(workshop, by=coordinator)
    assert AuditEntry.objects.filter(action="workshop.published").count() == 1


def test_publish_refuses_without_a_session(theme, coordinator):
    with pytest.raises(planning.NoSession):
        planning.publish(draft(theme, coordinator), by=coordinator)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"title_pl": "", "title_en": "Rights"}, planning.TitleMissing),
        ({"town": ""}, planning.PlaceMissing),
    ],
)
def test_publish_refuses_what_is_not_ready(theme, coordinator, facts, refusal):
    workshop = draft(theme, coordinator, **facts)
    make_session(workshop)
    with pytest.raises(refusal):
        planning.publish(workshop, by=coordinator)


def test_publish_needs_no_town_online(theme, coordinator):
    workshop = draft(theme, coordinator, town="", format="online")
    make_session(workshop)
    assert planning.publish(workshop, by=coordinator).state == Workshop.State.PUBLISHED


def test_cancel_workshop_tells_everybody_once_and_drops_diaries(workshop, coordinator, trainer, migrant):
    registration.register(workshop, migrant, by=migrant)
    waiting = make_registration(workshop, state=State.WAITLISTED).user
    gone = make_registration(workshop, state=State.WITHDRAWN).user
    for _twice in range(2):
        planning.cancel_workshop(workshop, by=coordinator, reason="Trenerka jest chora")
    workshop.refresh_from_db()
    assert workshop.state == Workshop.State.CANCELLED
    assert workshop.sessions.get().state == Session.State.CANCELLED
    assert not DiaryEntry.objects.standing().exists()
    for user in (migrant, waiting, trainer):
        assert keys(user).count("workshop_cancelled") == 1
    assert "Trenerka jest chora" in Message.objects.get(recipient=trainer).text
    assert keys(gone) == []
    assert keys(coordinator) == []


def test_cancel_workshop_needs_a_reason(workshop, coordinator):
    with pytest.raises(planning.ReasonMissing):
        planning.cancel_workshop(workshop, by=coordinator, reason="  ")


def test_cancel_workshop_keeps_what_was_held(theme, coordinator):
    workshop = make_workshop(theme=theme, sessions=[(-7, "17:00", 120), (7, "17:00", 120)])
    planning.cancel_workshop(workshop, by=coordinator, reason="Brak chętnych")
    assert [session.state for session in workshop.sessions.all()] == ["planned", "cancelled"]


def test_cancel_workshop_refuses_later_changes(workshop, coordinator):
    planning.cancel_workshop(workshop, by=coordinator, reason="Brak chętnych")
    with pytest.raises(schedule.WorkshopIsCancelled):
        planning.edit_workshop(workshop, by=coordinator, title_pl="Nowy")
    with pytest.raises(schedule.WorkshopIsCancelled):
        planning.publish(workshop, by=coordinator)
    with pytest.raises(schedule.WorkshopIsCancelled):
        planning.add_session(workshop, start_at=at(3), end_at=at(3, "18:00"), by=coordinator)


def test_audit_holds_no_free_text(workshop, coordinator, migrant):
    registration.register(workshop, migrant, by=migrant)
    planning.edit_workshop(workshop, by=coordinator, venue="Tajne miejsce")
    planning.cancel_workshop(workshop, by=coordinator, reason="Tajny powód")
    assert "Tajn" not in str(list(AuditEntry.objects.values_list("data", flat=True)))


def test_cancel_workshop_keeps_a_draft_out_of_sight(theme, coordinator, client):
    workshop = draft(theme, coordinator)
    planning.cancel_workshop(workshop, by=coordinator, reason="Nie ma pieniędzy")
    assert not Workshop.objects.published().filter(pk=workshop.pk).exists()
    assert client.get(f"/pl/workshops/{workshop.slug}/").status_code == 404


def test_cancel_workshop_silences_what_is_no_longer_true(workshop, coordinator, migrant):
    """Taken back at night, and all of it cancelled before she could read it."""
    row = make_registration(workshop, migrant)
    with time_machine.travel(at(0, "23:00"), tick=False):
        emails.registration_revoked(row)
        planning.cancel_workshop(workshop, by=coordinator, reason="Trenerka jest chora")
    news = Message.objects.get(recipient=migrant, key__contains="registration_revoked")
    assert news.state == Message.State.SILENCED


def test_cancel_workshop_counts_on_in_calendars(workshop, coordinator):
    """A calendar takes a meeting out only where its sequence has grown."""
    planning.cancel_workshop(workshop, by=coordinator, reason="Trenerka jest chora")
    assert workshop.sessions.get().revision == 1


def test_edit_workshop_with_other_reminders_changes_those_of_who_is_registered(
    workshop, coordinator, migrant
):
    registration.register(workshop, migrant, by=migrant)
    planning.edit_workshop(workshop, by=coordinator, remind_minutes=[7 * 24 * 60])
    assert DiaryEntry.objects.get(user=migrant).remind_minutes == [7 * 24 * 60]
    assert "place_changed" not in keys(migrant)


def test_edit_workshop_of_a_title_keeps_the_news_of_a_moved_session(workshop, coordinator, migrant):
    registration.register(workshop, migrant, by=migrant)
    with time_machine.travel(at(0, "23:00"), tick=False):
        planning.move_session(workshop.sessions.get(), start_at=at(8), end_at=at(8, "19:00"), by=coordinator)
        planning.edit_workshop(workshop, by=coordinator, title_pl="Bez literówki")
    news = Message.objects.get(recipient=migrant, key__startswith="session_moved")
    assert news.state == Message.State.QUEUED


def test_edit_workshop_into_an_open_event_and_back_frees_and_holds_the_time(workshop, coordinator, migrant):
    registration.register(workshop, migrant, by=migrant)
    planning.edit_workshop(workshop, by=coordinator, kind=Workshop.Kind.EVENT)
    assert not DiaryEntry.objects.get(user=migrant).is_exclusive
    planning.edit_workshop(workshop, by=coordinator, kind=Workshop.Kind.COURSE)
    assert DiaryEntry.objects.get(user=migrant).is_exclusive


def test_cancel_workshop_says_nothing_more_of_plans_made_before(workshop, coordinator, migrant):
    """News of that evening that wait for the morning: a new date, another place, and then no workshop."""
    registration.register(workshop, migrant, by=migrant)
    with time_machine.travel(at(0, "21:00"), tick=False):
        planning.add_session(workshop, start_at=at(9), end_at=at(9, "18:00"), by=coordinator)
        planning.edit_workshop(workshop, by=coordinator, venue="Biblioteka")
        planning.cancel_workshop(workshop, by=coordinator, reason="Awaria")
    waiting = Message.objects.filter(recipient=migrant, kind="change", state=Message.State.QUEUED)
    assert [row.key.split(":")[0] for row in waiting] == ["workshop_cancelled"]


def test_who_left_hears_no_more_of_its_plans(workshop, coordinator, migrant, other_migrant):
    row = registration.register(workshop, migrant, by=migrant)
    registration.register(workshop, other_migrant, by=other_migrant)
    with time_machine.travel(at(0, "21:00"), tick=False):
        planning.edit_workshop(workshop, by=coordinator, venue="Biblioteka")
        registration.cancel(row, by=migrant)
    waiting = Message.objects.filter(key__startswith="place_changed:", state=Message.State.QUEUED)
    assert [row.recipient for row in waiting.exclude(recipient__in=workshop.trainers.all())] == [
        other_migrant
    ]


def test_cancel_workshop_keeps_an_event_whose_people_were_counted(theme, coordinator):
    workshop = make_workshop(theme=theme, kind="event", sessions=[])
    start = timezone.now() - timedelta(minutes=30)
    session = Session.objects.create(workshop=workshop, start_at=start, end_at=start + timedelta(hours=2))
    HeadCount.objects.create(session=session, counted_by=coordinator)
    planning.cancel_workshop(workshop, by=coordinator, reason="Burza")
    session.refresh_from_db()
    assert session.state == Session.State.PLANNED
