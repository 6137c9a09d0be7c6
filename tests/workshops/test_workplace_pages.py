"""The workplace: who may open which page, what stands there, how many queries it takes."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from portal.models import AuditEntry, Message, ReadEntry, User
from projects.models import LedgerEntry
from tests.factories import (
    at,
    make_participant,
    make_registration,
    make_session,
    make_staff,
    make_theme,
    make_user,
    make_workshop,
)
from workshops import attendance, planning
from workshops.models import Attendance, AttendanceCorrection, Registration, Session, Workshop

pytestmark = pytest.mark.django_db
State = Registration.State


@pytest.fixture
def desk(client, coordinator):
    """A browser in which the coordinator is signed in."""
    client.force_login(coordinator)
    return client


@pytest.fixture
def held(theme, trainer):
    """Was held yesterday at five, for two hours."""
    return make_workshop(theme=theme, trainers=[trainer], sessions=[(-1, "17:00", 120)])


def had_a_place(workshop, user=None, **fields):
    user = user or make_user()
    if not hasattr(user, "participant"):
        make_participant(user)
    return make_registration(workshop, user, confirmed_at=at(-10), **fields)


def text(response) -> str:
    return response.content.decode()


# --- Who may enter ---------------------------------------------------------------------------------------

OF_A_WORKSHOP = [
    ("work_workshop", {200: ["coordinator", "administrator"]}),
    ("work_workshop_edit", {200: ["coordinator", "administrator"]}),
    ("work_workshop_cancel", {200: ["coordinator", "administrator"]}),
    ("work_sessions", {200: ["coordinator", "administrator"]}),
    ("work_people", {200: ["coordinator", "administrator"]}),
    ("work_people_add", {200: ["coordinator", "administrator"]}),
    ("work_people_new", {200: ["coordinator", "administrator"]}),
    ("work_trail", {200: ["coordinator", "administrator"]}),
    ("work_attendance", {200: ["coordinator", "administrator", "trainer"]}),
]
OF_A_SESSION = [
    ("work_roll", {200: ["coordinator", "administrator", "trainer"]}),
    ("work_session_move", {200: ["coordinator", "administrator"]}),
    ("work_session_edit", {200: ["coordinator", "administrator"]}),
    ("work_session_cancel", {200: ["coordinator", "administrator"]}),
]
OF_NOTHING = [
    ("work_today", {200: ["coordinator", "administrator", "trainer"]}),
    ("work_workshops", {200: ["coordinator", "administrator"]}),
    ("work_workshop_new", {200: ["coordinator", "administrator"]}),
    ("work_hours", {200: ["coordinator", "administrator"]}),
    ("work_hours_people", {200: ["coordinator", "administrator"]}),
]
ROLES = ["coordinator", "administrator", "trainer", "migrant", "official", "assistant", "outsider"]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("name", "answers"), OF_A_WORKSHOP + OF_A_SESSION + OF_NOTHING)
def test_page_opens_for_its_roles_only(client, request, workshop, project, role, name, answers):
    client.force_login(request.getfixturevalue(role))
    args = {"w": [workshop.slug], "s": [workshop.sessions.get().pk], "": []}[
        "w" if (name, answers) in OF_A_WORKSHOP else "s" if (name, answers) in OF_A_SESSION else ""
    ]
    expected = 200 if role in answers[200] else 404
    assert client.get(reverse(name, args=args)).status_code == expected


@pytest.mark.parametrize("name", [name for name, _answers in OF_A_WORKSHOP])
def test_workshop_of_another_project_is_nowhere(desk, other_project, name):
    foreign = make_workshop(theme=make_theme(other_project))
    assert desk.get(reverse(name, args=[foreign.slug])).status_code == 404


@pytest.mark.parametrize("name", [name for name, _answers in OF_A_SESSION])
def test_session_of_another_project_is_nowhere(desk, other_project, name):
    foreign = make_workshop(theme=make_theme(other_project)).sessions.get()
    assert desk.get(reverse(name, args=[foreign.pk])).status_code == 404


@pytest.mark.parametrize("name", ["work_approve", "work_decline", "work_revoke"])
def test_registration_of_another_project_cannot_be_decided(desk, other_project, name):
    row = make_registration(make_workshop(theme=make_theme(other_project)), state=State.REQUESTED)
    assert desk.post(reverse(name, args=[row.public_id])).status_code == 404
    row.refresh_from_db()
    assert row.state == State.REQUESTED


def test_trainer_cannot_open_the_roll_of_a_workshop_she_does_not_lead(client, theme, trainer):
    session = make_workshop(theme=theme).sessions.get()
    client.force_login(trainer)
    assert client.get(reverse("work_roll", args=[session.pk])).status_code == 404


def test_trainer_whose_role_ended_sees_nothing(client, workshop, trainer):
    trainer.project_roles.update(ends_on=timezone.localdate() - timedelta(days=1))
    client.force_login(trainer)
    assert client.get(reverse("work_roll", args=[workshop.sessions.get().pk])).status_code == 404


def test_stranger_is_asked_to_sign_in(client, workshop):
    response = client.get(reverse("work_workshop", args=[workshop.slug]))
    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]


def test_trainer_reads_names_and_no_contact(client, held, trainer):
    user = make_user(full_name="Olena Testowa", email="secret@example.org", phone="+48500600700")
    had_a_place(held, user, note="Tajna uwaga")
    client.force_login(trainer)
    pages = [
        text(client.get(reverse("work_roll", args=[held.sessions.get().pk]))),
        text(client.get(reverse("work_attendance", args=[held.slug]))),
    ]
    for page in pages:
        assert "Olena" in page
        assert "secret@example.org" not in page
        assert "500600700" not in page
        assert "Tajna uwaga" not in page
        assert reverse("work_people", args=[held.slug]) not in page


# --- Queries ---------------------------------------------------------------------------------------------


def many(theme, coordinator, number):
    """``number`` of everything: workshops with people, sessions, marks, requests, waiting."""
    main = make_workshop(theme=theme, slug="main", capacity=number, sessions=[])
    for n in range(number):
        make_session(main, days=-number + n - 1, clock="17:00", minutes=60)
        had_a_place(main)
        make_registration(main, state=State.REQUESTED)
        make_registration(main, state=State.WAITLISTED)
        make_registration(main, state=State.WITHDRAWN)
        other = make_workshop(theme=theme, minimum=2, sessions=[(0, "17:00", 60), (2, "17:00", 60)])
        make_registration(other, state=State.REQUESTED)
        make_theme(theme.project)
        make_staff(theme.project, "trainer")
        planning.edit_workshop(main, by=coordinator, town=f"Town {n}")
    Registration.objects.filter(state=State.CONFIRMED).update(confirmed_at=at(-100))
    for session in main.sessions.all()[:3]:
        for row in main.registrations.confirmed():
            attendance.mark(session, row, "present", by=coordinator)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        attendance.mark(session, row, "absent", by=coordinator, reason="Pomyłka")
    return main, session


@pytest.mark.parametrize("number", [3, 30])
@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("work_today", 12),
        ("work_workshops", 7),
        ("work_workshop_new", 7),
        ("work_workshop", 8),
        ("work_workshop_edit", 10),
        ("work_sessions", 5),
        ("work_people", 7),
        ("work_people_add", 5),
        ("work_attendance", 9),
        ("work_roll", 8),
        ("work_trail", 10),
        ("work_hours", 7),
        ("work_hours_people", 8),
    ],
)
def test_page_takes_the_same_queries_with_3_and_30(
    desk, theme, coordinator, django_assert_num_queries, number, name, queries
):
    main, session = many(theme, coordinator, number)
    of_session = name in {page for page, _answers in OF_A_SESSION}
    of_workshop = name in {page for page, _answers in OF_A_WORKSHOP}
    address = reverse(name, args=[session.pk] if of_session else [main.slug] if of_workshop else [])
    with django_assert_num_queries(queries):
        assert desk.get(address).status_code == 200


# --- Today -----------------------------------------------------------------------------------------------


def test_today_shows_what_waits(desk, theme):
    near = at(2)
    make_workshop(theme=theme, title_pl="Dzisiejszy", sessions=[(0, "23:00", 30)])
    make_registration(make_workshop(theme=theme, title_pl="Z prośbą"), state=State.REQUESTED)
    make_workshop(theme=theme, title_pl="Mała grupa", minimum=6, sessions=[(2, "17:00", 60)])
    full = make_workshop(theme=theme, title_pl="Pełny", capacity=1)
    make_registration(full)
    make_registration(full, state=State.WAITLISTED)
    unmarked = make_workshop(theme=theme, title_pl="Bez listy", sessions=[(-1, "17:00", 60)])
    had_a_place(unmarked)
    make_workshop(theme=theme, title_pl="Spokojny", sessions=[(20, "17:00", 60)])
    page = text(desk.get(reverse("work_today")))
    for title in ("Dzisiejszy", "Z prośbą", "Mała grupa", "Pełny", "Bez listy"):
        assert title in page
    assert "Spokojny" not in page
    assert str(near.day) in page


def test_today_of_a_trainer_shows_her_own_sessions_only(client, theme, trainer):
    make_workshop(theme=theme, title_pl="Mój warsztat", trainers=[trainer], sessions=[(0, "23:00", 30)])
    make_workshop(theme=theme, title_pl="Cudzy warsztat", sessions=[(0, "23:00", 30)])
    client.force_login(trainer)
    page = text(client.get(reverse("work_today")))
    assert "Mój warsztat" in page
    assert "Cudzy warsztat" not in page
    assert reverse("work_workshop_new") not in page


# --- The list --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("", {"Nadchodzi", "Szkic", "Był", "Odwołany"}),
        ("coming", {"Nadchodzi"}),
        ("draft", {"Szkic"}),
        ("over", {"Był"}),
        ("cancelled", {"Odwołany"}),
        ("nonsense", {"Nadchodzi", "Szkic", "Był", "Odwołany"}),
    ],
)
def test_list_is_filtered_by_state(desk, theme, state, expected):
    make_workshop(theme=theme, title_pl="Nadchodzi")
    make_workshop(theme=theme, title_pl="Szkic", state=Workshop.State.DRAFT)
    make_workshop(theme=theme, title_pl="Był", sessions=[(-3, "17:00", 60)])
    make_workshop(theme=theme, title_pl="Odwołany", state=Workshop.State.CANCELLED)
    response = desk.get(reverse("work_workshops"), {"state": state})
    assert {workshop.title_pl for workshop in response.context["page_obj"]} == expected


def test_list_begins_with_drafts_and_what_comes_next(desk, theme):
    make_workshop(theme=theme, title_pl="Za miesiąc", sessions=[(30, "17:00", 60)])
    make_workshop(theme=theme, title_pl="Był", sessions=[(-3, "17:00", 60)])
    make_workshop(theme=theme, title_pl="Jutro", sessions=[(1, "17:00", 60)])
    make_workshop(theme=theme, title_pl="Szkic", state=Workshop.State.DRAFT, sessions=[])
    page = desk.get(reverse("work_workshops")).context["page_obj"]
    assert [row.title_pl for row in page] == ["Szkic", "Jutro", "Za miesiąc", "Był"]


def test_attendance_leaves_out_who_went_before_the_first_meeting(desk, held):
    stayed, came_once = had_a_place(held), had_a_place(held, state=State.WITHDRAWN)
    had_a_place(held, state=State.WITHDRAWN)
    Attendance.objects.create(
        session=held.sessions.get(), registration=came_once, mark="present", minutes=120
    )
    rows = desk.get(reverse("work_attendance", args=[held.slug])).context["rows"]
    assert {row["registration"] for row in rows} == {stayed, came_once}


def test_list_goes_on_and_keeps_the_filter(desk, theme):
    for _n in range(21):
        make_workshop(theme=theme)
    page = text(desk.get(reverse("work_workshops"), {"state": "coming"}))
    assert "state=coming&amp;page=2" in page
    assert len(desk.get(reverse("work_workshops"), {"page": 2}).context["page_obj"]) == 1


def test_list_finds_a_title_in_any_language(desk, theme):
    make_workshop(theme=theme, title_uk="Ваші права")
    make_workshop(theme=theme)
    response = desk.get(reverse("work_workshops"), {"q": "права"})
    assert len(response.context["page_obj"]) == 1


# --- Writing a workshop ----------------------------------------------------------------------------------


def facts(theme, **more):
    return {
        "theme": theme.pk,
        "kind": "workshop",
        "title_pl": "Twoje prawa w pracy",
        "title_ar": "حقوقك في العمل",
        "languages": ["pl", "uk"],
        "format": "on_site",
        "town": "Toruń",
        "capacity": 12,
        "minimum": 4,
        "childcare_places": 0,
        "signup_mode": "at_once",
        "cancel_until_hours": 24,
        "audience": "everybody",
        "offer_hours": 48,
        "attendance_percent": 80,
        "shown": ["pl", "ar"],
    } | more


def test_new_workshop_from_draft_to_published(desk, theme, trainer):
    response = desk.post(reverse("work_workshop_new"), facts(theme, trainers=[trainer.pk]))
    workshop = Workshop.objects.get()
    assert response["Location"] == reverse("work_sessions", args=[workshop.slug])
    assert (workshop.title_ar, workshop.languages, workshop.remind_minutes) == (
        "حقوقك في العمل",
        ["pl", "uk"],
        None,
    )
    assert list(workshop.trainers.all()) == [trainer]

    desk.post(reverse("work_publish", args=[workshop.slug]))
    workshop.refresh_from_db()
    assert workshop.state == Workshop.State.DRAFT, "without a date it stays a draft"

    day = timezone.localdate() + timedelta(days=7)
    desk.post(
        reverse("work_sessions", args=[workshop.slug]),
        {
            "action": "single",
            "single-day": day.isoformat(),
            "single-starts": "17:30",
            "single-minutes": 90,
            "single-break_minutes": 0,
        },
    )
    assert workshop.sessions.get().start_at == at(7, "17:30")
    desk.post(reverse("work_publish", args=[workshop.slug]))
    workshop.refresh_from_db()
    assert workshop.state == Workshop.State.PUBLISHED


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title_pl": "", "title_ar": ""}, "title_pl"),
        ({"minimum": 20}, "minimum"),
        ({"languages": []}, "languages"),
        ({"capacity": 0}, "capacity"),
        (
            {"registration_opens_at": "2027-01-02T10:00", "registration_closes_at": "2027-01-01T10:00"},
            "registration_closes_at",
        ),
    ],
)
def test_new_workshop_with_a_mistake_keeps_what_was_typed(desk, theme, wrong, field):
    response = desk.post(reverse("work_workshop_new"), facts(theme, description_uk="Довгий текст") | wrong)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert "Довгий текст" in text(response)
    assert not Workshop.objects.exists()


def test_new_workshop_only_in_her_own_projects(desk, other_project):
    foreign = make_theme(other_project)
    response = desk.post(reverse("work_workshop_new"), facts(foreign))
    assert "theme" in response.context["form"].errors


def test_edit_marks_the_languages_that_are_missing(desk, workshop):
    columns = {
        column["code"]: column
        for column in desk.get(reverse("work_workshop_edit", args=[workshop.slug])).context["form"].columns()
    }
    assert columns["pl"]["has_title"]
    assert not columns["uk"]["has_title"]
    assert not columns["uk"]["is_shown"]
    assert columns["ar"]["dir"] == "rtl"


def test_edit_saves_and_a_refusal_stands_beside_its_field(desk, workshop, theme):
    for _n in range(3):
        make_registration(workshop)
    address = reverse("work_workshop_edit", args=[workshop.slug])
    response = desk.post(address, facts(theme, capacity=2, minimum=1))
    assert "3" in response.context["form"].errors["capacity"][0]
    desk.post(address, facts(theme, capacity=3, minimum=1))
    workshop.refresh_from_db()
    assert (workshop.capacity, workshop.title_pl) == (3, "Twoje prawa w pracy")


def test_edit_shows_what_somebody_else_wrote_meanwhile_and_saves_the_second_time(desk, workshop, theme):
    address = reverse("work_workshop_edit", args=[workshop.slug])
    seen = desk.get(address).context["form"]["seen"].value()
    planning.edit_workshop(workshop, by=make_user(), title_pl="Tytuł koleżanki")
    form = desk.post(address, facts(theme, seen=seen)).context["form"]
    assert "Tytuł koleżanki" in form.errors["title_pl"][0]
    assert form["title_pl"].value() == "Twoje prawa w pracy", "nothing typed is lost"
    desk.post(address, facts(theme, seen=form["seen"].value()))
    workshop.refresh_from_db()
    assert workshop.title_pl == "Twoje prawa w pracy"


def test_workshop_cancel_asks_why(desk, workshop):
    address = reverse("work_workshop_cancel", args=[workshop.slug])
    assert desk.post(address, {"reason": ""}).status_code == 200
    assert desk.post(address, {"reason": "Brak chętnych"}).status_code == 302
    workshop.refresh_from_db()
    assert workshop.cancelled_reason == "Brak chętnych"


@pytest.mark.parametrize("name", ["work_publish"])
def test_act_needs_a_post(desk, workshop, name):
    assert desk.get(reverse(name, args=[workshop.slug])).status_code == 405


# --- Dates -----------------------------------------------------------------------------------------------


def weekly(action, **more):
    plan = {"first_on": "2026-12-10", "until": "2026-12-31", "starts": "17:00", "minutes": "90"}
    plan |= {"break_minutes": "0", "skip_holidays": "on"} | more
    return {f"weekly-{name}": value for name, value in plan.items()} | {"action": action}


def test_weekly_dates_are_shown_before_they_are_added(desk, workshop):
    address = reverse("work_sessions", args=[workshop.slug])
    response = desk.post(address, weekly("preview", first_on="2026-12-18", until="2027-01-08"))
    assert response.context["preview"]["skipped"] == [date(2026, 12, 25), date(2027, 1, 1)]
    assert len(response.context["preview"]["times"]) == 2
    assert workshop.sessions.count() == 1
    assert desk.post(address, weekly("weekly", first_on="2026-12-18", until="2027-01-08")).status_code == 302
    assert workshop.sessions.count() == 3


@pytest.mark.parametrize("action", ["preview", "weekly"])
def test_weekly_dates_with_a_mistake_say_so(desk, workshop, action):
    address = reverse("work_sessions", args=[workshop.slug])
    response = desk.post(address, weekly(action, until="2026-12-01"))
    assert "until" in response.context["weekly"].errors
    assert "2026-12-10" in text(response)


def test_session_is_moved_and_cancelled(desk, workshop):
    session = workshop.sessions.get()
    day = timezone.localdate() + timedelta(days=8)
    response = desk.post(
        reverse("work_session_move", args=[session.pk]),
        {"day": day.isoformat(), "starts": "10:00", "minutes": 60},
    )
    assert response.status_code == 302
    session.refresh_from_db()
    assert session.start_at == at(8, "10:00")
    desk.post(reverse("work_session_edit", args=[session.pk]), {"topic_pl": "Umowa", "break_minutes": 10})
    desk.post(reverse("work_session_cancel", args=[session.pk]), {"reason": ""})
    session.refresh_from_db()
    assert (session.topic_pl, session.break_minutes, session.state) == ("Umowa", 10, Session.State.CANCELLED)


def test_session_that_was_held_is_not_moved_and_says_why(desk, held):
    response = desk.post(
        reverse("work_session_move", args=[held.sessions.get().pk]),
        {"day": "2027-01-11", "starts": "10:00", "minutes": 60},
    )
    assert response.status_code == 200
    assert response.context["form"].non_field_errors()


# --- People ----------------------------------------------------------------------------------------------


def test_people_shows_everybody_and_notes_the_reading(desk, workshop, coordinator, migrant):
    make_registration(workshop, migrant)
    first, second = (make_registration(workshop, state=State.WAITLISTED) for _n in range(2))
    page = desk.get(reverse("work_people", args=[workshop.slug]))
    assert "migrant@example.org" in text(page)
    assert page.context["waiting"] == [first, second]
    entry = ReadEntry.objects.get(subject_id=migrant.pk)
    assert (entry.actor_id, entry.what) == (coordinator.pk, "registration")


def test_people_are_approved_declined_and_taken_back(desk, theme):
    workshop = make_workshop(theme=theme, signup_mode="by_approval")
    one, two = (make_registration(workshop, state=State.REQUESTED) for _n in range(2))
    desk.post(reverse("work_approve", args=[one.public_id]))
    desk.post(reverse("work_decline", args=[two.public_id]))
    assert [Registration.objects.get(pk=row.pk).state for row in (one, two)] == [
        State.CONFIRMED,
        State.DECLINED,
    ]
    desk.post(reverse("work_revoke", args=[one.public_id]))
    one.refresh_from_db()
    assert one.state == State.REVOKED
    response = desk.post(reverse("work_approve", args=[two.public_id]), follow=True)
    assert "notice-stop" in text(response)


def test_person_is_found_in_any_script_and_added(desk, workshop, coordinator):
    person = make_participant(make_user(full_name="Олена Шевченко", email="olena@example.org")).user
    address = reverse("work_people_add", args=[workshop.slug])
    page = desk.get(address, {"q": "olena shev"})
    assert page.context["found"] == [person]
    assert ReadEntry.objects.get(subject_id=person.pk).actor_id == coordinator.pk
    desk.post(address, {"person": person.public_id})
    assert Registration.objects.get(user=person).state == State.CONFIRMED


def test_person_who_is_no_participant_is_not_found(desk, workshop, official):
    page = desk.get(reverse("work_people_add", args=[workshop.slug]), {"q": official.email})
    assert page.context["found"] == []
    response = desk.post(reverse("work_people_add", args=[workshop.slug]), {"person": official.public_id})
    assert response.status_code == 404


def test_person_beyond_capacity_only_with_a_reason(desk, theme):
    workshop = make_workshop(theme=theme, capacity=1)
    make_registration(workshop)
    person = make_participant().user
    address = reverse("work_people_add", args=[workshop.slug])
    assert desk.post(address, {"person": person.public_id}).context["form"].errors["reason"]
    desk.post(address, {"person": person.public_id, "reason": "Siostra uczestniczki"})
    assert Registration.objects.get(user=person).over_capacity_reason == "Siostra uczestniczki"
    assert "Siostra uczestniczki" in text(desk.get(reverse("work_people", args=[workshop.slug])))


def test_new_person_needs_only_a_name(desk, workshop, coordinator):
    address = reverse("work_people_new", args=[workshop.slug])
    assert desk.post(address, {"full_name": "", "language": "uk"}).context["form"].errors["full_name"]
    desk.post(address, {"full_name": "Halyna Bondar", "language": "uk"})
    person = User.objects.get(full_name="Halyna Bondar")
    assert (person.email, person.language) == (None, "uk")
    assert person.registrations.get().state == State.CONFIRMED
    assert AuditEntry.objects.get(action="person.added").actor_id == coordinator.pk


def test_new_person_with_a_known_address_is_refused(desk, workshop, migrant):
    response = desk.post(
        reverse("work_people_new", args=[workshop.slug]),
        {"full_name": "Ktoś Inny", "email": "Migrant@example.org", "language": "pl"},
    )
    assert "email" in response.context["form"].errors
    assert not User.objects.filter(full_name="Ktoś Inny").exists()


def test_new_person_for_a_full_workshop_is_all_or_nothing(desk, theme):
    workshop = make_workshop(theme=theme, capacity=1)
    make_registration(workshop)
    address = reverse("work_people_new", args=[workshop.slug])
    response = desk.post(address, {"full_name": "Halyna Bondar", "language": "uk"})
    assert "reason" in response.context["form"].errors
    assert not User.objects.filter(full_name="Halyna Bondar").exists()


# --- The roll --------------------------------------------------------------------------------------------


def roll(session, **fields):
    return {name.replace("_", "-", 1): value for name, value in fields.items()}


def shown(client, session):
    """What a browser would send back untouched."""
    form = client.get(reverse("work_roll", args=[session.pk])).context["form"]
    return {field.html_name: field.value() or "" for field in form}


def test_roll_is_called_and_says_who_is_missing(desk, held):
    session = held.sessions.get()
    rows = [had_a_place(held) for _n in range(3)]
    page = desk.get(reverse("work_roll", args=[session.pk]))
    assert page.context["unknown"] == 3
    data = shown(desk, session) | {
        f"mark-{rows[0].pk}": "present",
        f"mark-{rows[1].pk}": "late",
        f"came-{rows[1].pk}": "17:20",
    }
    response = desk.post(reverse("work_roll", args=[session.pk]), data, follow=True)
    assert response.context["unknown"] == 1
    assert sorted(Attendance.objects.values_list("mark", "minutes")) == [("late", 100), ("present", 120)]


def test_roll_with_all_others_present(desk, held):
    session = held.sessions.get()
    rows = [had_a_place(held) for _n in range(3)]
    left = had_a_place(held, state=State.WITHDRAWN)
    data = shown(desk, session) | {f"mark-{rows[0].pk}": "absent", "action": "others_present"}
    desk.post(reverse("work_roll", args=[session.pk]), data)
    assert dict(Attendance.objects.values_list("registration", "mark")) == {
        rows[0].pk: "absent",
        rows[1].pk: "present",
        rows[2].pk: "present",
    }
    assert not left.attendances.exists()


def test_roll_asks_the_reason_in_place_and_loses_nothing(desk, held, trainer):
    session = held.sessions.get()
    one, two = had_a_place(held), had_a_place(held)
    attendance.mark(session, one, "present", by=trainer)
    data = shown(desk, session) | {f"mark-{one.pk}": "absent", f"mark-{two.pk}": "excused"}
    response = desk.post(reverse("work_roll", args=[session.pk]), data)
    assert response.context["form"].errors.keys() == {f"reason-{one.pk}"}
    assert not two.attendances.exists()
    current = {row.registration: row.current for row in response.context["expected"]}
    assert current == {one: "absent", two: "excused"}
    response = desk.post(
        reverse("work_roll", args=[session.pk]), data | {f"reason-{one.pk}": "Wyszła od razu"}
    )
    assert response.status_code == 302
    assert AttendanceCorrection.objects.get().reason == "Wyszła od razu"
    assert "Wyszła od razu" in text(desk.get(reverse("work_attendance", args=[held.slug])))


@pytest.mark.parametrize(
    ("field", "typed"), [("came", "03:00"), ("left", "23:59"), ("left", "17:00"), ("came", "x")]
)
def test_roll_with_impossible_times_keeps_them(desk, held, field, typed):
    session = held.sessions.get()
    row = had_a_place(held)
    data = shown(desk, session) | {f"mark-{row.pk}": "late", f"came-{row.pk}": "17:30"}
    response = desk.post(reverse("work_roll", args=[session.pk]), data | {f"{field}-{row.pk}": typed})
    assert response.context["form"].errors.keys() == {f"{field}-{row.pk}"}
    assert f'value="{typed}"' in text(response)
    assert not Attendance.objects.exists()


def test_roll_leaves_alone_what_somebody_else_marked_meanwhile(desk, held, trainer):
    session = held.sessions.get()
    one, two = had_a_place(held), had_a_place(held)
    data = shown(desk, session)
    attendance.mark(session, one, "present", by=trainer)
    assert (
        desk.post(reverse("work_roll", args=[session.pk]), data | {f"mark-{two.pk}": "absent"}).status_code
        == 302
    )
    assert Attendance.objects.get(registration=one).mark == "present"
    assert Attendance.objects.get(registration=two).mark == "absent"


def test_roll_cannot_be_called_before_the_day(desk, workshop):
    session = workshop.sessions.get()
    row = had_a_place(workshop)
    assert "Save the roll" not in text(desk.get(reverse("work_roll", args=[session.pk])))
    response = desk.post(
        reverse("work_roll", args=[session.pk]), {f"mark-{row.pk}": "present", f"was-{row.pk}": "unknown||"}
    )
    assert response.context["form"].non_field_errors()
    assert not Attendance.objects.exists()


def test_roll_is_noted_as_a_reading(desk, held, coordinator, migrant):
    had_a_place(held, migrant)
    desk.get(reverse("work_roll", args=[held.sessions.get().pk]))
    entry = ReadEntry.objects.get(subject_id=migrant.pk)
    assert (entry.actor_id, entry.purpose) == (coordinator.pk, "roll-call")


# --- Hours and the trail ---------------------------------------------------------------------------------


def test_hours_show_both_units_and_the_budget(desk, held, theme, coordinator):
    attendance.mark(held.sessions.get(), had_a_place(held), "present", by=coordinator)
    LedgerEntry.objects.update(minutes=135)
    page = desk.get(reverse("work_hours"))
    bar = page.context["themes"][0]
    assert (bar["planned"], bar["delivered"], bar["received"]) == (2400, 135, 135)
    with time_machine.travel(timezone.now(), tick=False):
        assert (bar["clock"], bar["teaching"]) == ("2,25", "3")
    assert '<svg width="100%"' in text(page)


def test_hours_of_each_person(desk, held, coordinator, migrant):
    row = had_a_place(held, migrant)
    had_a_place(held)
    attendance.mark(held.sessions.get(), row, "late", by=coordinator, minutes=90)
    page = desk.get(reverse("work_hours_people"))
    assert [person.minutes for person in page.context["page_obj"]] == [90]
    assert "1,5" in text(page)
    assert ReadEntry.objects.filter(subject_id=migrant.pk, what="hours").exists()
    assert not desk.get(reverse("work_hours_people"), {"q": "Nikt"}).context["page_obj"].object_list


def test_hours_of_another_project_are_not_shown(desk, other_project):
    page = desk.get(reverse("work_hours"), {"project": other_project.slug})
    assert page.context["project"] != other_project


def test_trail_tells_who_did_what(desk, held, coordinator, migrant):
    row = had_a_place(held, migrant)
    attendance.mark(held.sessions.get(), row, "present", by=coordinator)
    planning.cancel_workshop(held, by=coordinator, reason="Brak chętnych")
    lines = desk.get(reverse("work_trail", args=[held.slug])).context["lines"]
    assert [line["actor"] for line in lines] == [coordinator, coordinator]
    assert lines[1]["person"] == migrant


def test_messages_of_pages_go_to_people_only_once(desk, workshop, migrant):
    make_registration(workshop, migrant)
    address = reverse("work_workshop_cancel", args=[workshop.slug])
    for _twice in range(2):
        desk.post(address, {"reason": "Brak chętnych"})
    assert Message.objects.filter(recipient=migrant).count() == 1
