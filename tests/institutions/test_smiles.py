"""The client's face: no sign-in, no cookie, once for a meeting, and only counts are shown."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from institutions import smile_card, smiles
from institutions.models import Assignment, AssistanceRequest, ClientSmile, Institution
from portal.clock import WARSAW
from portal.languages import SITE_LANGUAGES
from portal.models import AuditEntry
from projects.figures import Period
from tests import factories
from tests.institutions.afterwards import make_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(job):
    return reverse("smile", args=[smiles.code_of(job)])


def ended(ago):
    end = timezone.now() - ago
    AssistanceRequest.objects.update(start_at=end - timedelta(hours=1), end_at=end)


def test_the_code_is_read_however_it_is_typed(job):
    code = smiles.code_of(job)
    assert len(code.replace("-", "")) <= 18
    for typed in (code, code.lower(), code.replace("-", ""), f" {code} ", code.replace("-", " ")):
        assert smiles.read_code(typed) == job


def test_no_code_can_be_made_up(job):
    code = smiles.code_of(job)
    for position, sign in enumerate(code):
        if sign != "-":
            other = "2" if sign != "2" else "3"
            assert smiles.read_code(code[:position] + other + code[position + 1 :]) is None
    for typed in ("", "-", "2", "X" * 10, "X" * 40, code[:-1], code + "2"):
        assert smiles.read_code(typed) is None


def test_press_keeps_the_face_and_the_day_alone(job):
    smiles.press(job, 3)
    row = ClientSmile.objects.values().get()
    assert set(row) == {"id", "assignment_id", "face", "on"}
    assert row["on"] == timezone.localdate()
    assert not AuditEntry.objects.exists()


def test_press_counts_once(job):
    smiles.press(job, 3)
    smiles.press(job, 1)
    assert ClientSmile.objects.get().face == 3


@pytest.mark.parametrize("face", [0, 4])
def test_press_knows_three_faces(job, face):
    with pytest.raises(smiles.NotOpen):
        smiles.press(job, face)


@pytest.mark.parametrize(
    ("ago", "is_open"),
    [
        (timedelta(minutes=-16), False),
        (timedelta(minutes=-14), True),
        (timedelta(days=3, minutes=-1), True),
        (timedelta(days=3, minutes=1), False),
    ],
)
def test_press_is_open_from_the_end_for_some_days(job, ago, is_open):
    ended(ago)
    job.refresh_from_db()
    if is_open:
        assert smiles.press(job, 2)
    else:
        with pytest.raises(smiles.NotOpen):
            smiles.press(job, 2)


@pytest.mark.parametrize("state", ["withdrawn", "replaced", "cancelled", "no_show"])
def test_a_job_that_was_none_has_no_page(job, state):
    Assignment.objects.update(state=state)
    assert smiles.read_code(smiles.code_of(job)) is None


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_the_page_is_open_to_everybody_and_sets_no_cookie(job, language):
    client = Client(enforce_csrf_checks=True)
    with translation.override(language):
        page = reverse("smile", args=[smiles.code_of(job)])
    answer = client.get(page)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert body.count('name="face"') == 3
    assert "<script" not in body
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    answer = client.post(page, {"face": "2"}, follow=True)
    assert 'name="face"' not in answer.content.decode()
    assert not client.cookies
    assert ClientSmile.objects.get().face == 2


def test_the_page_says_nothing_of_the_meeting(client, job, page):
    body = client.get(page).content.decode()
    asked = job.request
    for secret in (asked.institution.name, asked.town, "Iryna", "Melnyk", asked.get_subject_display()):
        assert secret not in body


def test_looking_changes_nothing(client, page):
    client.get(page)
    client.get(page + "?face=3")
    client.head(page)
    assert not ClientSmile.objects.exists()


@pytest.mark.parametrize("face", ["", "9", "x", "33", "-1"])
def test_a_wrong_face_is_refused(client, page, face):
    assert client.post(page, {"face": face}).status_code == 400
    assert not ClientSmile.objects.exists()


def test_a_card_too_early_or_too_late_says_so(client, job, page):
    ended(timedelta(days=9))
    body = client.get(page).content.decode()
    assert 'name="face"' not in body
    assert client.post(page, {"face": "3"}).status_code == 400


def test_a_code_written_by_hand_leads_to_the_page(client, job, page):
    start = reverse("smile_start")
    assert client.post(start, {"code": smiles.code_of(job).lower()}).url == page
    assert client.post(start, {"code": "nonsense"}).status_code == 404
    assert client.get(reverse("smile", args=["nonsense"])).status_code == 404
    assert not client.cookies


def test_the_address_is_in_the_clients_language(job):
    assert "/uk/smile/" in smiles.address_of(job)
    job.language = "ka"
    assert "/en/smile/" in smiles.address_of(job)


def test_the_address_on_the_cards_finds_a_language(client):
    answer = client.get(smile_card.PATH, headers={"accept-language": "uk"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/uk/smile/"


def test_blank_cards_are_a_pdf_that_tells_nothing(client):
    answer = client.get(reverse("smile_cards"))
    assert answer.content.startswith(b"%PDF")


def test_the_assistant_shows_the_code_while_it_is_open(client, job, assistant):
    client.force_login(assistant)
    page = reverse("assistant_job", args=[job.public_id])
    assert smiles.code_of(job) in client.get(page).content.decode()
    ended(timedelta(days=9))
    assert smiles.code_of(job) not in client.get(page).content.decode()


def test_by_month_shows_counts_from_five(institution, official, assistant, coordinator, project):
    def add(number, faces, where, day):
        for n in range(number):
            one = make_job(where, official, assistant.assistant, ended_hours_ago=n + 1)
            ClientSmile.objects.create(assignment=one, face=faces[n % len(faces)], on=day)

    other = factories.make_institution(project)
    add(5, [3, 3, 3, 2, 1], institution, date(2026, 10, 5))
    add(4, [1], other, date(2026, 10, 6))
    add(4, [3], institution, date(2026, 9, 6))
    rows = smiles.by_month(coordinator, since=date(2026, 1, 1))
    shown = {(row["month"].month, row["institution"].pk): row for row in rows}
    five = shown[10, institution.pk]
    assert (five["number"], five["good"], five["so_so"], five["bad"]) == (5, 3, 1, 1)
    for key in ((10, other.pk), (9, institution.pk)):
        assert {shown[key][name] for name in ("number", "good", "so_so", "bad")} == {None}


@time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=WARSAW), tick=False)
def test_sums_of_faces_tell_nothing_that_the_months_hide(
    institution, official, assistant, coordinator, project
):
    other = factories.make_institution(project)

    def add(number, where, day):
        for n in range(number):
            one = make_job(where, official, assistant.assistant, ended_hours_ago=n + 1)
            ClientSmile.objects.create(assignment=one, face=1 + n % 3, on=day)

    where = Institution.objects.filter(project=project)
    add(6, institution, date(2026, 9, 30))
    add(5, institution, date(2026, 10, 5))
    add(4, other, date(2026, 10, 6))
    add(7, other, date(2026, 11, 6))  # not over
    whole = smiles.in_all(where, Period(date(2026, 9, 1), date(2026, 11, 30)))
    assert whole == {"good": 3, "so_so": 4, "bad": 4}
    part = smiles.in_all(where, Period(date(2026, 9, 2), date(2026, 10, 31)))
    assert part == {"good": 1, "so_so": 2, "bad": 2}, "September is not whole"
    one_day = smiles.in_all(where, Period(date(2026, 10, 5), date(2026, 10, 5)))
    assert not any(one_day.values())
    assert (11, other.pk) not in {
        (row["month"].month, row["institution"].pk)
        for row in smiles.by_month(coordinator, since=date(2026, 1, 1))
    }


def test_only_the_networks_coordinators_see_the_counts(
    client, coordinator, stranger_coordinator, institution, official, assistant
):
    for n in range(5):
        one = make_job(institution, official, assistant.assistant, ended_hours_ago=n + 1)
        ClientSmile.objects.create(assignment=one, face=3, on=date(2026, 10, 5))
    page = reverse("work_smiles")
    client.force_login(coordinator)
    assert institution.name in client.get(page).content.decode()
    client.force_login(stranger_coordinator)
    assert institution.name not in client.get(page).content.decode()
    for somebody in (official, assistant):
        client.force_login(somebody)
        assert client.get(page).status_code == 404


def test_an_open_page_closes_by_itself(job, page, client):
    with time_machine.travel(job.request.end_at + timedelta(days=4)):
        assert 'name="face"' not in client.get(page).content.decode()
