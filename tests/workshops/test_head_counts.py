"""Open events: how many came, what the ledger keeps of it, who is asked, the poster, a project's evidence."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from portal.models import AuditEntry, Message
from projects import figures
from projects.models import Indicator, LedgerEntry
from tests.factories import at, make_indicator, make_registration, make_session, make_theme, make_workshop
from workshops import attendance, head_counts, poster, schedule, sheets
from workshops.models import HeadCount, Session
from workshops.tasks import nag_about_uncounted_events

pytestmark = pytest.mark.django_db

PICNIC = {"women": 20, "men": 8, "children": 12, "locals": 9, "officials": 1, "method": "at the door"}


@pytest.fixture
def event(theme, trainer):
    return make_workshop(
        theme=theme,
        trainers=[trainer],
        kind="event",
        signup_mode="open",
        event_form="meal",
        is_for_families=True,
        sessions=[(-1, "16:00", 180)],
    )


@pytest.fixture
def session(event):
    return event.sessions.get()


def heads() -> dict[str, int]:
    return dict(LedgerEntry.objects.filter(measure="heads").values_list("role", "people"))


def test_record_writes_heads_by_role_and_that_the_event_was_held(session, theme, coordinator):
    count = head_counts.record(session, by=coordinator, **PICNIC)
    assert (count.people, count.method, count.counted_by) == (40, "at the door", coordinator)
    assert heads() == {"migrant": 30, "local": 9, "official": 1}
    held = LedgerEntry.objects.get(measure="delivered")
    assert (held.source, held.minutes, held.people) == (session.source, 180, 1)
    for entry in LedgerEntry.objects.all():
        assert (entry.project, entry.task, entry.theme) == (theme.project, theme.task, theme)
        assert (entry.kind, entry.activity) == ("event", f"workshops.workshop:{session.workshop_id}")
        assert (entry.on, entry.beneficiary_key) == (timezone.localdate(session.start_at), "")


def test_heads_never_mix_with_unique_persons_or_hours(session, event, project, migrant, coordinator):
    indicators = {
        counts: make_indicator(project, counts=counts)
        for counts in (Indicator.Counts.UNIQUE_PERSONS, Indicator.Counts.HEADS, Indicator.Counts.ATTENDANCES,
                       Indicator.Counts.PERSON_HOURS, Indicator.Counts.DELIVERED_HOURS)
    }  # fmt: skip
    course = make_workshop(theme=event.theme, sessions=[(-1, "10:00", 60)])
    row = make_registration(course, migrant, confirmed_at=at(-5))
    attendance.mark(course.sessions.get(), row, "present", by=coordinator)
    head_counts.record(session, by=coordinator, **PICNIC)
    amounts = {figure.indicator.counts: figure.amount for figure in figures.of_project(project)}
    assert amounts == dict(zip(indicators, (1, 40, 1, 60, 240), strict=True))
    assert figures.heads_by_role(project) == {"migrant": 30, "local": 9, "official": 1}


def test_record_twice_is_once(session, coordinator):
    for _twice in range(2):
        head_counts.record(session, by=coordinator, **PICNIC)
    assert LedgerEntry.objects.count() == 4
    assert AuditEntry.objects.filter(action__startswith="head_count.").count() == 1


def test_correction_keeps_the_old_figures(session, coordinator, trainer):
    head_counts.record(session, by=trainer, **PICNIC)
    head_counts.record(session, by=coordinator, **PICNIC | {"women": 25, "locals": 0})
    assert HeadCount.objects.get().people == 45
    assert heads() == {"migrant": 44, "official": 1}
    line = AuditEntry.objects.get(action="head_count.corrected")
    assert (line.data["old"], line.data["new"]) == ([20, 8, 12, 9, 1], [25, 8, 12, 0, 1])


def test_event_to_which_nobody_came_is_not_held(session, coordinator):
    head_counts.record(session, by=coordinator, **PICNIC)
    head_counts.record(session, by=coordinator, **dict.fromkeys(head_counts.FIGURES, 0))
    assert not LedgerEntry.objects.exists()


def test_record_is_refused_where_there_is_a_roll(theme, coordinator):
    session = make_workshop(theme=theme, sessions=[(-1, "16:00", 60)]).sessions.get()
    with pytest.raises(head_counts.HasARoll):
        head_counts.record(session, by=coordinator, **PICNIC)


def test_record_is_refused_before_the_start(session, coordinator):
    with (
        time_machine.travel(session.start_at - timedelta(seconds=1), tick=False),
        pytest.raises(head_counts.NotStarted),
    ):
        head_counts.record(session, by=coordinator, **PICNIC)
    with time_machine.travel(session.start_at, tick=False):
        assert head_counts.record(session, by=coordinator, **PICNIC)


@pytest.mark.parametrize("of", ["session", "workshop"])
def test_record_is_refused_for_what_was_cancelled(session, event, coordinator, of):
    (Session if of == "session" else type(event)).objects.update(state="cancelled")
    with pytest.raises(head_counts.NotHeld):
        head_counts.record(session, by=coordinator, **PICNIC)


def test_record_is_refused_where_a_part_is_more_than_all(session, coordinator):
    with pytest.raises(head_counts.GroupsTooLarge):
        head_counts.record(session, by=coordinator, **PICNIC | {"locals": 40})
    assert not HeadCount.objects.exists()


def test_counted_event_can_no_longer_be_cancelled(session, coordinator):
    head_counts.record(session, by=coordinator, **PICNIC)
    with pytest.raises(schedule.RollWasCalled):
        schedule.cancel_session(session, by=coordinator)


# --- Asking ----------------------------------------------------------------------------------------------


def test_staff_are_asked_once_the_day_after(session, coordinator, trainer):
    assert nag_about_uncounted_events() == 2
    assert nag_about_uncounted_events() == 0
    message = Message.objects.get(recipient=trainer)
    assert f"/pl/work/sessions/{session.pk}/head-count/" in message.text
    assert session.workshop.title_pl in message.subject


def test_nobody_is_asked_on_the_day_itself_nor_after_two_weeks(session, event, coordinator):
    with time_machine.travel(session.end_at + timedelta(hours=1), tick=False):
        assert nag_about_uncounted_events() == 0
    with time_machine.travel(session.end_at + timedelta(days=16), tick=False):
        assert nag_about_uncounted_events() == 0


def test_counting_silences_the_question(session, coordinator, trainer):
    nag_about_uncounted_events()
    head_counts.record(session, by=coordinator, **PICNIC)
    assert set(Message.objects.values_list("state", flat=True)) == {"silenced"}
    assert nag_about_uncounted_events() == 0


def test_nobody_is_asked_about_a_workshop_with_a_roll(theme, coordinator):
    make_workshop(theme=theme, sessions=[(-1, "16:00", 60)])
    assert nag_about_uncounted_events() == 0


# --- Pages -----------------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


def test_page_counts_and_corrects(desk, session):
    address = reverse("work_head_count", args=[session.pk])
    assert desk.post(address, PICNIC).status_code == 302
    page = desk.get(address)
    assert page.context["form"]["women"].value() == 20
    desk.post(address, PICNIC | {"women": "21"})
    assert [(line["old"], line["new"]) for line in desk.get(address).context["corrections"]] == [(40, 41)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"women": "-1"}, "women"),
        ({"men": "many"}, "men"),
        ({"locals": "41"}, "locals"),
        ({"method": ""}, "method"),
        ({"children": "99999999"}, "children"),
    ],
)
def test_page_says_beside_the_field_what_cannot_be(desk, session, change, field):
    answer = desk.post(reverse("work_head_count", args=[session.pk]), PICNIC | change)
    assert answer.status_code == 200
    assert answer.context["form"].errors[field]
    assert answer.context["form"]["officials"].value() == "1"
    assert not HeadCount.objects.exists()


@pytest.mark.parametrize("role", ["coordinator", "trainer", "migrant", "official", "outsider"])
def test_pages_open_for_their_roles_only(client, request, session, event, project, role):
    client.force_login(request.getfixturevalue(role))
    leads, plans = role in ("coordinator", "trainer"), role == "coordinator"
    for name, key, is_welcome in (
        ("work_head_count", session.pk, leads),
        ("work_poster", event.slug, leads),
        ("work_workshop_sheets", event.slug, leads),
        ("work_evidence", project.slug, plans),
    ):
        assert client.get(reverse(name, args=[key])).status_code == (200 if is_welcome else 404)


def test_events_of_another_project_are_nowhere(desk, other_project):
    foreign = make_workshop(theme=make_theme(other_project), signup_mode="open", sessions=[(-1, "16:00", 60)])
    address = reverse("work_head_count", args=[foreign.sessions.get().pk])
    assert desk.get(address).status_code == 404
    assert desk.post(address, PICNIC).status_code == 404
    assert desk.get(reverse("work_evidence", args=[other_project.slug])).status_code == 404
    assert not HeadCount.objects.exists()


def test_evidence_sums_the_events_of_the_project(desk, session, event, project, coordinator):
    other = make_session(event, days=-2)
    for row in (session, other):
        head_counts.record(row, by=coordinator, **PICNIC)
    uncounted = make_session(event, days=-3)
    context = desk.get(reverse("work_evidence", args=[project.slug])).context
    assert context["heads"]["events"] == 2
    assert (context["heads"]["people"], context["heads"]["women"], context["heads"]["locals"]) == (80, 40, 18)
    assert list(context["uncounted"]) == [uncounted]


def test_evidence_shows_where_paper_is_missing(desk, theme, project, coordinator):
    course = make_workshop(theme=theme, sessions=[(-1, "10:00", 60), (-2, "10:00", 60)])
    row = make_registration(course, confirmed_at=at(-9))
    later, earlier = course.sessions.order_by("-start_at")
    sheets.print_sheet(later, by=coordinator, language="pl")
    attendance.mark(earlier, row, "present", by=coordinator)
    address = reverse("work_evidence", args=[project.slug])
    context = desk.get(address).context
    assert context["sums"] == {"over": 2, "printed": 1, "scanned": 0, "countersigned": 0}
    lines = desk.get(f"{address}?show=lacking").context["lines"]
    assert [line["session"] for line in lines] == [earlier]


@pytest.mark.parametrize("number", [3, 30])
def test_evidence_takes_the_same_queries_with_any_number_of_meetings(
    desk, theme, event, project, coordinator, number, django_assert_max_num_queries
):
    course = make_workshop(theme=theme, sessions=[])
    for day in range(number):
        session = make_session(course, days=-1 - day)
        row = make_registration(course, confirmed_at=at(-60))
        attendance.mark(session, row, "present", by=coordinator)
        sheets.print_sheet(session, by=coordinator, language="pl")
    address = reverse("work_evidence", args=[project.slug])
    desk.get(address)
    with django_assert_max_num_queries(11):
        desk.get(address)


def test_desk_of_the_project_shows_people_at_events(desk, session, project, coordinator):
    head_counts.record(session, by=coordinator, **PICNIC)
    shown = desk.get(reverse("work_project", args=[project.slug])).context["desk"].heads
    assert [number for _label, number in shown] == [40, 30, 9, 1]


def test_event_page_says_what_it_is_and_for_whom(client, event):
    make_session(event, days=5)
    page = client.get(f"/en/workshops/{event.slug}/").content.decode()
    assert "Cooking and eating together" in page
    assert "Families with children" in page
    assert "Free places" not in page
    assert "/calendar.ics" in page
    assert "wa.me" in page
    assert "maximumAttendeeCapacity" not in page


def test_event_in_the_list_says_what_it_is(client, event):
    make_session(event, days=5)
    page = client.get("/en/workshops/").content.decode()
    assert "cooking and eating together" in page
    assert "Free places" not in page


@pytest.mark.parametrize("language", ["pl", "en", "uk", "be", "ru", "ar"])
def test_poster_is_set_in_every_language(desk, event, language):
    answer = desk.get(reverse("work_poster", args=[event.slug]), {"language": language})
    assert answer["Content-Language"] == language
    assert answer.content.startswith(b"%PDF")


def test_poster_says_only_what_everybody_may_know(event, trainer):
    make_session(event, days=5, clock="16:00", minutes=180)
    data = poster.data_of(event, language="en")
    assert data["place"] == "Toruń"
    assert data["date"]["day"] == str(at(5).day)
    assert "Cicha" not in str(data)
    assert trainer.full_name not in str(data)
    type(event).objects.update(is_address_public=True)
    event.refresh_from_db()
    assert "Cicha" in poster.data_of(event, language="en")["place"]
