"""The drop-out radar, and the pages of calls to make."""

from datetime import time

import pytest
from django.urls import reverse

from portal.models import ContactPreference, ReadEntry
from tests.factories import at, make_registration, make_staff, make_user, make_workshop
from workshops import radar, staying
from workshops.models import AbsenceReason, Attendance, CallTask, Registration

pytestmark = pytest.mark.django_db

MARKS = {"p": "present", "a": "absent", "e": "excused"}


@pytest.fixture
def course(theme, trainer):
    """Six weekly meetings are over, four are to come."""
    days = [(-40 + 7 * week, "17:00", 60) for week in range(6)]
    days += [(2 + 7 * week, "17:00", 60) for week in range(4)]
    return make_workshop(theme=theme, trainers=[trainer], sessions=days, attendance_percent=80)


def person(course, marks: str, user=None):
    row = make_registration(course, user, confirmed_at=at(-60))
    sessions = course.sessions.order_by("start_at")
    Attendance.objects.bulk_create(
        Attendance(session=session, registration=row, mark=MARKS[letter], minutes=60 if letter == "p" else 0)
        for session, letter in zip(sessions, marks, strict=False)
    )
    return row


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


def test_radar_counts_who_misses_and_who_will_be_under_the_threshold(course):
    person(course, "pppppp")
    twice = person(course, "ppppaa")
    lost = person(course, "paaaaa")
    once = person(course, "pppppa")
    found = radar.of_workshop(course)
    assert (found.number, found.missing, found.at_risk, found.lost) == (4, 2, 2, 1)
    assert [row.registration for row in found.in_danger] == [lost, twice]
    assert once not in [row.registration for row in found.in_danger]


def test_radar_projects_the_whole_group(course):
    person(course, "pppppp")
    person(course, "ppppaa")
    assert radar.of_workshop(course).projected_percent == (100 + 60) // 2


def test_radar_leaves_out_who_gave_her_place_back(course):
    gone = person(course, "ppppaa")
    Registration.objects.filter(pk=gone.pk).update(state="withdrawn")
    assert radar.of_workshop(course).number == 0


def test_radar_of_a_course_that_has_not_begun_is_calm(theme):
    found = radar.of_workshop(make_registration(make_workshop(theme=theme)).workshop)
    assert (found.number, found.missing, found.at_risk, found.lost) == (1, 0, 0, 0)
    assert found.projected_percent is None


def test_running_are_courses_with_meetings_behind_and_ahead(course, theme, coordinator, other_project):
    make_workshop(theme=theme)
    make_workshop(theme=theme, sessions=[(-3, "10:00", 60)])
    assert list(radar.running(coordinator)) == [course]
    assert not radar.running(make_staff(other_project)).exists()


def test_trend_tells_the_last_meetings_from_those_before(course):
    person(course, "ppaaaa")
    person(course, "pppppp")
    meetings = radar.meetings(course)
    assert [meeting.percent for meeting in meetings] == [100, 100, 50, 50, 50, 50]
    assert radar.trend(meetings) == (50, 100)
    assert radar.trend(meetings[:4]) is None


def test_picture_is_as_high_as_the_percent_and_mirrored_for_arabic(course):
    person(course, "pa")
    person(course, "pp")
    found = radar.meetings(course)
    drawn = radar.picture(found, threshold=80, mirrored=False)
    assert [bar.height for bar in drawn.bars] == [drawn.height, drawn.height // 2]
    assert drawn.threshold_y == drawn.height * 20 // 100
    assert drawn.bars[0].x < drawn.bars[1].x
    mirrored = radar.picture(found, threshold=80, mirrored=True)
    assert mirrored.bars[0].x > mirrored.bars[1].x
    assert radar.picture([], threshold=80, mirrored=False) is None


def test_reasons_are_counted(course):
    for reason in ("work", "children", "work"):
        row = person(course, "aa")
        AbsenceReason.objects.create(registration=row, session=course.sessions.first(), reason=reason)
    assert [number for _label, number in radar.of_workshop(course).reasons] == [2, 1]


def test_page_names_who_may_not_stay_and_notes_the_reading(desk, course, migrant):
    row = person(course, "ppppaa", migrant)
    good = person(course, "pppppp", make_user(call_me="Zofija"))
    AbsenceReason.objects.create(registration=row, session=course.sessions.first(), reason="travel")
    page = desk.get(reverse("work_radar", args=[course.slug]))
    assert str(migrant) in page.content.decode()
    assert str(good.user) not in page.content.decode()
    assert 'class="picture"' in page.content.decode()
    assert ReadEntry.objects.filter(subject_id=migrant.pk, purpose="drop-out radar").count() == 1


@pytest.mark.parametrize("who", ["trainer", "outsider"])
def test_names_are_for_those_who_plan(client, course, who, request):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("work_radar", args=[course.slug])).status_code == 404
    assert client.get(reverse("work_radar_all")).status_code == 404
    assert client.get(reverse("work_calls")).status_code == 404


def test_most_endangered_course_comes_first(desk, course, theme):
    person(course, "pppppp")
    worse = make_workshop(theme=theme, sessions=[(days, "10:00", 60) for days in (-9, -2, 5)])
    person(worse, "aa")
    person(worse, "pp")
    page = desk.get(reverse("work_radar_all"))
    assert [found.workshop for found in page.context["page_obj"]] == [worse, course]
    assert (page.context["people"], page.context["missing"]) == (3, 1)


@pytest.mark.parametrize(
    ("name", "queries"), [("work_radar", 12), ("work_radar_all", 12), ("work_calls", 12)]
)
def test_pages_take_the_same_queries_for_few_and_many(
    desk, course, name, queries, django_assert_max_num_queries
):
    args = [course.slug] if name == "work_radar" else []
    counts = []
    for number in (3, 30):
        while course.registrations.count() < number:
            staying.ask_for_call(person(course, "ppppaa", make_user()), course.sessions.first())
        with django_assert_max_num_queries(queries) as caught:
            desk.get(reverse(name, args=args))
        counts.append(len(caught))
    assert counts[0] == counts[1]


# --- Calls ------------------------------------------------------------------------------------------------


@pytest.fixture
def task(course, migrant):
    type(migrant).objects.filter(pk=migrant.pk).update(phone="+48500600700")
    row = person(course, "ppppaa", migrant)
    staying.ask_for_call(row, course.sessions.first())
    return CallTask.objects.get()


def test_list_tells_whom_to_call_but_not_the_number(desk, task, migrant):
    page = desk.get(reverse("work_calls"))
    assert str(migrant) in page.content.decode()
    assert "+48500600700" not in page.content.decode()


def test_page_of_a_call_has_the_number_and_notes_the_reading(desk, task, migrant):
    page = desk.get(reverse("work_call", args=[task.pk]))
    assert "+48500600700" in page.content.decode()
    assert ReadEntry.objects.filter(subject_id=migrant.pk, what="phone", purpose="call").count() == 1


def test_page_of_a_call_about_a_child_notes_whose_number_was_read(desk, task, migrant):
    parent = make_user(full_name="Matka Dzwoniąca", phone="+48500700800")
    type(migrant).objects.filter(pk=migrant.pk).update(guardian=parent)
    assert "+48500700800" in desk.get(reverse("work_call", args=[task.pk])).content.decode()
    assert ReadEntry.objects.filter(subject_id=parent.pk, what="phone", purpose="call").count() == 1


def test_safe_contact_hides_a_shared_phone_and_tells_the_hours(desk, task, migrant):
    rules = ContactPreference.objects.create(user=migrant, has_shared_phone=True)
    assert "+48500600700" not in desk.get(reverse("work_call", args=[task.pk])).content.decode()
    rules.has_shared_phone, rules.not_before = False, time(9)
    rules.save()
    page = desk.get(reverse("work_call", args=[task.pk])).content.decode()
    assert "+48500600700" in page
    assert "9:00" in page


def test_of_a_child_the_guardian_is_called(desk, task, migrant):
    type(migrant).objects.filter(pk=migrant.pk).update(guardian=make_user(phone="+48111222333"))
    page = desk.get(reverse("work_call", args=[task.pk])).content.decode()
    assert "+48111222333" in page
    assert "+48500600700" not in page


def test_outcome_is_written_down(desk, task):
    address = reverse("work_call", args=[task.pk])
    assert desk.post(address, {"outcome": ""}).context["form"].errors["outcome"]
    assert desk.post(address, {"outcome": "leaves", "frees_place": "on"}).url == reverse("work_calls")
    task.refresh_from_db()
    assert (task.outcome, task.registration.state) == ("leaves", Registration.State.REVOKED)
    assert desk.get(address).status_code == 200


def test_calls_of_another_project_do_not_exist(client, task, other_project):
    client.force_login(make_staff(other_project))
    assert client.get(reverse("work_call", args=[task.pk])).status_code == 404
    assert client.post(reverse("work_call", args=[task.pk]), {"outcome": "leaves"}).status_code == 404
    task.refresh_from_db()
    assert task.done_at is None
