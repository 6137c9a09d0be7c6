"""Codes at the door: the one on the screen, her own, and what they mean in the roll."""

import base64
import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from portal.models import AuditEntry, Message
from projects.models import LedgerEntry
from tests.factories import at, make_registration, make_user, make_workshop
from workshops import attendance, check_in, door_links, planning, registration
from workshops.check_in import How
from workshops.models import Attendance, CheckIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(theme, trainer):
    """Tomorrow from five to seven."""
    return make_workshop(theme=theme, trainers=[trainer], sessions=[(1, "17:00", 120)]).sessions.get()


@pytest.fixture
def row(session, migrant):
    return make_registration(session.workshop, migrant, confirmed_at=at(-9))


@pytest.fixture
def clock(session):
    """Quarter to five, tomorrow."""
    with time_machine.travel(at(1, "16:45"), tick=False) as clock:
        yield clock


def enter(session, row, how=How.OWN_PHONE):
    return check_in.check_in(session, row, how=how, by=row.user)


def test_check_in_marks_who_was_not_marked_yet(clock, session, row, migrant):
    kept = enter(session, row)
    assert (kept.how, kept.by) == ("own_phone", migrant)
    mark = Attendance.objects.get()
    assert (mark.mark, mark.minutes, mark.source, mark.marked_by) == ("present", 120, "check_in", migrant)
    assert LedgerEntry.objects.get(measure="received").minutes == 120
    assert AuditEntry.objects.get(action="attendance.checked_in").data == {
        "session": session.pk,
        "how": "own_phone",
    }


def test_check_in_twice_is_one(clock, session, row):
    first = enter(session, row)
    clock.shift(3600)
    assert enter(session, row, How.HER_CODE) == first
    assert CheckIn.objects.count() == 1


@pytest.mark.parametrize(("minutes", "mark", "credited"), [(10, "present", 120), (11, "late", 109)])
def test_check_in_after_some_minutes_is_late(clock, session, row, minutes, mark, credited):
    clock.move_to(session.start_at + timedelta(minutes=minutes, seconds=minutes == 11))
    enter(session, row)
    kept = Attendance.objects.get()
    assert (kept.mark, kept.minutes) == (mark, credited)
    assert kept.came_at == (session.start_at + timedelta(minutes=11) if mark == "late" else None)


def test_check_in_changes_no_mark_of_the_roll(clock, session, row, trainer):
    attendance.mark(session, row, "absent", by=trainer)
    enter(session, row)
    assert Attendance.objects.get().mark == "absent"
    assert CheckIn.objects.count() == 1


@pytest.mark.parametrize(
    ("how", "time", "is_open"),
    [
        (How.OWN_PHONE, "16:29", False),
        (How.OWN_PHONE, "16:30", True),
        (How.OWN_PHONE, "18:00", True),
        (How.OWN_PHONE, "18:01", False),
        (How.HER_CODE, "18:59", True),
        (How.HER_CODE, "19:01", False),
    ],
)
def test_check_in_is_open_around_the_start(clock, session, row, how, time, is_open):
    clock.move_to(at(0, time))
    if is_open:
        assert enter(session, row, how)
    else:
        with pytest.raises(check_in.NotNow):
            enter(session, row, how)
        assert not CheckIn.objects.exists()


@pytest.mark.parametrize("state", ["withdrawn", "revoked"])
def test_check_in_refuses_a_place_given_back(clock, session, row, state):
    row.state = state
    row.save()
    with pytest.raises(check_in.PlaceGivenBack):
        enter(session, row)


def test_check_in_refuses_a_cancelled_meeting(session, row, coordinator):
    planning.cancel_session(session, by=coordinator)
    with time_machine.travel(at(1, "16:45"), tick=False), pytest.raises(attendance.NotHeld):
        enter(session, row)


def test_check_in_refuses_another_workshop(clock, session):
    with pytest.raises(check_in.NoPlace):
        enter(session, make_registration(make_workshop()))


# --- The code on the screen ------------------------------------------------------------------------------


def test_code_on_the_screen_changes_and_soon_is_too_old(clock, session):
    code = check_in.code_on_screen(session)
    clock.shift(30)
    assert check_in.code_on_screen(session) != code
    clock.shift(60)
    assert check_in.session_on_screen(code) == session
    clock.shift(1)
    with pytest.raises(check_in.OldCode):
        check_in.session_on_screen(code)


@pytest.mark.parametrize("code", ["x", "1:2:3", "1"])
def test_code_that_nobody_signed_is_unknown(code):
    with pytest.raises(check_in.UnknownCode):
        check_in.session_on_screen(code)
    with pytest.raises(check_in.UnknownCode):
        check_in.registration_of(code)


def test_her_code_is_none_for_the_screen(clock, session, row):
    with pytest.raises(check_in.UnknownCode):
        check_in.session_on_screen(check_in.her_code(row))
    with pytest.raises(check_in.UnknownCode):
        check_in.registration_of(check_in.code_on_screen(session))


def test_digits_on_the_screen_change_and_soon_are_too_old(clock, session, row, migrant):
    digits = check_in.digits_on_screen(session)
    assert re.fullmatch(r"\d{6}", digits)
    clock.shift(60)
    assert check_in.digits_on_screen(session) != digits
    assert check_in.session_by_digits(migrant, digits) == session
    clock.shift(30)
    with pytest.raises(check_in.OldCode):
        check_in.session_by_digits(migrant, digits)


def test_digits_are_only_for_who_has_a_place(clock, session, row, outsider):
    with pytest.raises(check_in.OldCode):
        check_in.session_by_digits(outsider, check_in.digits_on_screen(session))


# --- Pages -----------------------------------------------------------------------------------------------


def address_in_picture(page) -> str:
    """The picture is an SVG in the page itself."""
    data = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page.content.decode())[1]
    return base64.b64decode(data).decode()


def test_screen_shows_a_code_that_comes_anew(clock, client, session, row, trainer):
    client.force_login(trainer)
    page = client.get(reverse("work_code", args=[session.pk]))
    assert page["Refresh"] == "30"
    digits = check_in.digits_on_screen(session)
    assert f"{digits[:3]} {digits[3:]}" in page.content.decode()
    before = address_in_picture(page)
    clock.shift(30)
    assert address_in_picture(client.get(reverse("work_code", args=[session.pk]))) != before


def test_screen_shows_no_code_before_and_after(clock, client, session, trainer):
    client.force_login(trainer)
    clock.move_to(at(0, "16:00"))
    early = client.get(reverse("work_code", args=[session.pk]))
    assert "picture" not in early.context
    assert early["Refresh"]
    clock.move_to(at(0, "18:30"))
    late = client.get(reverse("work_code", args=[session.pk]))
    assert "picture" not in late.context
    assert "Refresh" not in late


def test_she_reads_the_code_and_presses_the_button(clock, client, session, row, migrant):
    client.force_login(migrant)
    address = reverse("check_in", args=[check_in.code_on_screen(session)])
    assert client.get(address).status_code == 200
    assert not CheckIn.objects.exists()
    page = client.post(address, {"person": row.public_id}, follow=True)
    assert CheckIn.objects.get().how == "own_phone"
    assert page.context["rows"][0]["check_in"]
    client.post(address, {"person": row.public_id})
    assert CheckIn.objects.count() == 1


def test_photo_of_the_code_does_not_work_for_a_friend(clock, client, session, row, migrant):
    address = reverse("check_in", args=[check_in.code_on_screen(session)])
    clock.shift(91)
    client.force_login(migrant)
    page = client.post(address, {"person": row.public_id})
    assert isinstance(page.context["refusal"], check_in.OldCode)
    assert not CheckIn.objects.exists()


def test_who_must_sign_in_first_keeps_the_code_she_has_read(clock, client, session, row, migrant):
    address = reverse("check_in", args=[check_in.code_on_screen(session)])
    page = client.get(address)
    assert page.context["rows"] == []
    assert reverse("account_login") in page.content.decode()
    clock.shift(10 * 60)
    client.force_login(migrant)
    client.post(address, {"person": row.public_id})
    assert CheckIn.objects.get().registration == row


def test_code_she_has_read_is_no_use_a_quarter_of_an_hour_later(clock, client, session, row, migrant):
    client.force_login(migrant)
    address = reverse("check_in", args=[check_in.code_on_screen(session)])
    client.get(address)
    clock.shift(16 * 60)
    client.post(address, {"person": row.public_id})
    assert not CheckIn.objects.exists()


def test_she_cannot_check_in_somebody_else(clock, client, session, row, outsider):
    client.force_login(outsider)
    address = reverse("check_in", args=[check_in.code_on_screen(session)])
    page = client.post(address, {"person": row.public_id})
    assert isinstance(page.context["refusal"], check_in.NoPlace)
    assert not CheckIn.objects.exists()


def test_parent_checks_in_her_child(clock, client, session, migrant):
    child = make_user(full_name="Maks", email=None, guardian=migrant)
    row = make_registration(session.workshop, child, confirmed_at=at(-9))
    client.force_login(migrant)
    address = reverse("check_in", args=[check_in.code_on_screen(session)])
    client.post(address, {"person": row.public_id})
    assert CheckIn.objects.get().registration == row


def test_personal_link_opens_the_door_without_signing_in(clock, client, session, row):
    page = client.get(reverse("my_code_by_link", args=[door_links.link_code(row)]))
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page["X-Robots-Tag"]
    address = reverse("check_in", args=[check_in.code_on_screen(session)])
    assert [line["registration"] for line in client.get(address).context["rows"]] == [row]
    client.post(address, {"person": row.public_id})
    kept = CheckIn.objects.get()
    assert (kept.registration, kept.by) == (row, None)
    assert Attendance.objects.get().mark == "present"


def test_a_photograph_of_her_code_checks_nobody_in(clock, client, session, row, trainer):
    """Whoever has seen it at the door could otherwise sign for her from any phone."""
    assert client.get(reverse("my_code_by_link", args=[check_in.her_code(row)])).status_code == 404
    client.force_login(trainer)
    assert client.get(reverse("work_check_in", args=[door_links.link_code(row)])).status_code == 404


def test_personal_link_opens_nothing_once_the_course_is_over(clock, client, row):
    address = reverse("my_code_by_link", args=[door_links.link_code(row)])
    assert client.get(address).status_code == 200
    clock.move_to(at(2))
    assert client.get(address).status_code == 404


def test_page_of_the_door_is_kept_by_no_cache(clock, client, session, row):
    page = client.get(reverse("check_in", args=[check_in.code_on_screen(session)]))
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page["X-Robots-Tag"]


def test_digits_lead_to_the_same_page_and_cannot_be_guessed(clock, client, session, row, migrant):
    client.force_login(migrant)
    address = reverse("check_in_digits")
    digits = check_in.digits_on_screen(session)
    answer = client.post(address, {"code": f"{digits[:3]} {digits[3:]}"})
    assert client.get(answer.url).context["rows"][0]["registration"] == row
    for _guess in range(9):
        assert "code" in client.post(address, {"code": "000000"}).context["form"].errors
    page = client.post(address, {"code": digits})
    assert "często" in str(page.context["form"].errors) or "often" in str(page.context["form"].errors)


def test_trainer_reads_her_code(clock, client, session, row, trainer):
    client.force_login(trainer)
    address = reverse("work_check_in", args=[check_in.her_code(row)])
    assert str(row.user) in client.get(address).content.decode()
    assert not CheckIn.objects.exists()
    client.post(address)
    client.post(address)
    kept = CheckIn.objects.get()
    assert (kept.how, kept.by, kept.registration) == ("her_code", trainer, row)


@pytest.mark.parametrize("case", ["another day", "given back", "cancelled"])
def test_trainer_is_told_why_a_code_is_refused(client, session, row, trainer, coordinator, case):
    if case == "cancelled":
        planning.cancel_session(session, by=coordinator)
    if case == "given back":
        type(row).objects.update(state="revoked")
    client.force_login(trainer)
    with time_machine.travel(at(2 if case == "another day" else 1, "17:00"), tick=False):
        client.force_login(trainer)
        page = client.post(reverse("work_check_in", args=[check_in.her_code(row)]))
    expected = check_in.PlaceGivenBack if case == "given back" else check_in.NoMeetingNow
    assert isinstance(page.context["refusal"], expected)
    assert not CheckIn.objects.exists()


def test_code_of_another_workshop_is_none_for_this_trainer(clock, client, trainer):
    elsewhere = make_registration(make_workshop(sessions=[(0, "17:00", 60)]))
    client.force_login(trainer)
    assert client.get(reverse("work_check_in", args=[check_in.her_code(elsewhere)])).status_code == 404


def test_my_code_is_for_who_has_a_place(client, session, row, migrant, outsider):
    address = reverse("my_code", args=[session.workshop.slug])
    client.force_login(migrant)
    assert len(client.get(address).context["codes"]) == 1
    client.force_login(outsider)
    assert client.get(address).status_code == 404


def test_my_code_by_link_of_a_place_given_back_is_refused(client, row):
    type(row).objects.update(state="withdrawn")
    answer = client.get(reverse("my_code_by_link", args=[door_links.link_code(row)]))
    assert answer.url == reverse("workshop", args=[row.workshop.slug])


def test_roll_shows_the_code_at_the_door(clock, client, session, row, trainer):
    enter(session, row)
    client.force_login(trainer)
    assert "16:45" in client.get(reverse("work_roll", args=[session.pk])).content.decode()


def test_address_in_the_picture_has_no_language(clock, client, session, row, migrant):
    client.force_login(migrant)
    code = check_in.her_code(row)
    assert client.get(f"/work/check-in/{code}/").url == f"/uk/work/check-in/{code}/"


def test_confirmation_brings_the_code_for_the_door_where_there_is_one(theme, migrant):
    for form, expected in (("on_site", True), ("online", False)):
        workshop = make_workshop(theme=theme, format=form, sessions=[(5 if expected else 6, "17:00", 60)])
        row = registration.register(workshop, migrant, by=migrant)
        mail = Message.objects.get(source=row.source, recipient=migrant)
        assert (f"/my-code/{door_links.link_code(row)}/" in mail.text) is expected
