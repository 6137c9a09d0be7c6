import csv
import io
from datetime import date

import pytest

from portal.models import AuditEntry
from projects.models import ProjectStaff
from tests import factories
from tests.projects.entries import write

PAGES = ("", "ledger/", "ledger/csv/", "staff/")


@pytest.fixture
def desk(client, coordinator):
    """The coordinator's browser."""
    client.force_login(coordinator)
    return client


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["migrant", "trainer", "official", "assistant", "outsider"])
def test_workplace_does_not_exist_for_others(client, request, project, coordinator, who, page):
    client.force_login(request.getfixturevalue(who))
    assert client.get(f"/en/work/projects/{project.slug}/{page}").status_code == 404
    assert client.get("/en/work/projects/").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_workplace_of_another_project_does_not_exist(desk, other_project, page):
    assert desk.get(f"/en/work/projects/{other_project.slug}/{page}").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_workplace_asks_a_stranger_to_sign_in(client, project, page):
    assert client.get(f"/en/work/projects/{project.slug}/{page}").status_code == 302


def test_list_shows_own_projects_only(desk, project, other_project):
    page = text(desk.get("/en/work/projects/"))
    assert project.title_en in page
    assert other_project.title_en not in page


def test_show_desk_sets_actual_against_target(desk, project, theme):
    factories.make_indicator(
        project,
        code="hours",
        unit="hours",
        counts="delivered_hours",
        target_min=160,
        title_en="Workshop hours",
    )
    write(theme, "delivered", minutes=96 * 60)
    page = text(desk.get(f"/en/work/projects/{project.slug}/"))
    assert "96 h of 160 h" in page
    assert f"/en/work/projects/{project.slug}/ledger/?indicator=hours" in page


def test_show_desk_has_no_inline_style(desk, project, theme):
    write(theme, "delivered", minutes=120)
    page = text(desk.get(f"/en/work/projects/{project.slug}/"))
    assert "style=" not in page
    assert "<polyline" in page


def test_show_desk_of_a_task_counts_that_task(desk, project, theme):
    write(theme, "delivered", minutes=33 * 60)
    write(factories.make_theme(project), "delivered", minutes=50 * 60)
    page = text(desk.get(f"/en/work/projects/{project.slug}/?task={theme.task.code}"))
    assert "7 h left of 40 h" in page


@pytest.mark.parametrize("entries", [3, 30])
def test_show_desk_takes_the_same_queries_with_any_number_of_entries(
    desk, project, theme, django_assert_num_queries, entries
):
    for number in range(entries):
        write(factories.make_theme(project), "delivered", on=date(2026, 1 + number % 9, 3))
        factories.make_indicator(project, counts="unique_persons")
    with django_assert_num_queries(10):
        desk.get(f"/en/work/projects/{project.slug}/")


def test_open_figure_lists_the_entries_it_counts(desk, project, theme, migrant):
    factories.make_indicator(project, code="people", counts="unique_persons", title_en="People reached")
    entry = write(theme, person=migrant)
    write(theme, "delivered", kind="study_visit")
    page = text(desk.get(f"/en/work/projects/{project.slug}/ledger/?indicator=people"))
    assert "People reached" in page
    assert entry.beneficiary_key[:8] in page
    assert "study visit" not in page


def test_open_figure_shows_no_names(desk, project, theme, migrant):
    write(theme, person=migrant)
    page = text(desk.get(f"/en/work/projects/{project.slug}/ledger/"))
    for trace in (migrant.full_name, migrant.call_me, migrant.email):
        assert trace not in page


def test_open_figure_counts_confidential_entries_without_showing_them(desk, project, theme, migrant):
    secret = write(theme, kind="counselling", person=migrant, minutes=50)
    address = f"/en/work/projects/{project.slug}/ledger/"
    page = text(desk.get(address))
    assert "confidential entries, counted and not shown" in page
    assert secret.beneficiary_key[:8] not in page
    assert secret.beneficiary_key[:8] not in text(desk.get(f"{address}csv/"))


def test_ledger_never_adds_hours_held_and_hours_received(desk, project, theme, migrant):
    write(theme, "delivered", minutes=120)
    write(theme, person=migrant, minutes=90)
    sums = desk.get(f"/en/work/projects/{project.slug}/ledger/").context["sums"]
    assert (sums["held"], sums["received"]) == (120, 90)


@pytest.mark.parametrize(
    "asked", ["indicator=none", "theme=none", "task=none", "month=2026-13", "month=x", "measure=x", "kind=x"]
)
def test_open_unknown_figure_is_not_found(desk, project, asked):
    assert desk.get(f"/en/work/projects/{project.slug}/ledger/?{asked}").status_code == 404


def test_open_month_takes_its_days_only(desk, project, theme):
    for day, minutes in (
        (date(2026, 1, 31), 11),
        (date(2026, 2, 1), 22),
        (date(2026, 2, 28), 33),
        (date(2026, 3, 1), 44),
    ):
        write(theme, "delivered", on=day, minutes=minutes)
    page = text(desk.get(f"/en/work/projects/{project.slug}/ledger/?month=2026-02"))
    shown = [minutes for minutes in (11, 22, 33, 44) if f">{minutes}<" in page]
    assert shown == [22, 33]


@pytest.mark.parametrize("entries", [3, 120])
def test_open_ledger_takes_the_same_queries_on_any_length(
    desk, project, theme, migrant, django_assert_num_queries, entries
):
    for _number in range(entries):
        write(theme, person=migrant)
    with django_assert_num_queries(8):
        desk.get(f"/en/work/projects/{project.slug}/ledger/")


def test_download_gives_every_entry_to_a_spreadsheet(desk, project, theme, migrant, coordinator):
    for _number in range(60):
        write(theme, person=migrant, minutes=90)
    response = desk.get(f"/en/work/projects/{project.slug}/ledger/csv/")
    content = response.content.decode()
    assert content.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff")), delimiter=";"))
    assert len(rows) == 60
    assert (rows[0]["Minutes"], rows[0]["Hours"]) == ("90", "1.50")
    assert "attachment" in response["Content-Disposition"]
    entry = AuditEntry.objects.get(action="projects.ledger_downloaded")
    assert (entry.actor_id, entry.data) == (coordinator.pk, {"rows": 60})


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_download_makes_formulas_harmless(desk, project, theme, start):
    theme.title_en = f"{start}HYPERLINK(1)"
    theme.save(update_fields=["title_en"])
    write(theme, "delivered")
    content = desk.get(f"/en/work/projects/{project.slug}/ledger/csv/").content.decode()
    (row,) = csv.DictReader(io.StringIO(content.removeprefix("\ufeff")), delimiter=";")
    assert row["Theme"] == f"'{start}HYPERLINK(1)"


def test_staff_page_appoints_a_trainer(desk, project, outsider):
    address = f"/en/work/projects/{project.slug}/staff/"
    response = desk.post(address, {"email": outsider.email, "role": "trainer", "full_name": ""}, follow=True)
    assert outsider.call_me in text(response)
    assert ProjectStaff.objects.serving("trainer").filter(project=project, user=outsider).exists()


def test_staff_page_keeps_what_was_typed_when_refused(desk, project):
    address = f"/en/work/projects/{project.slug}/staff/"
    page = text(desk.post(address, {"email": "new@example.org", "role": "trainer", "full_name": ""}))
    assert "Nobody here has this e-mail address yet" in page
    assert 'value="new@example.org"' in page


def test_staff_page_ends_a_role(desk, project, trainer):
    row = ProjectStaff.objects.get(user=trainer)
    desk.post(f"/en/work/projects/{project.slug}/staff/end/", {"staff": row.pk})
    assert not ProjectStaff.objects.serving("trainer").filter(user=trainer).exists()


@pytest.mark.parametrize("staff", ["", "x", "0"])
def test_staff_page_ends_nothing_it_does_not_know(desk, project, staff):
    response = desk.post(f"/en/work/projects/{project.slug}/staff/end/", {"staff": staff})
    assert response.status_code == 404


def test_staff_page_cannot_end_roles_of_another_project(desk, project, other_project):
    factories.make_staff(other_project)
    foreign = ProjectStaff.objects.get(project=other_project)
    response = desk.post(f"/en/work/projects/{project.slug}/staff/end/", {"staff": foreign.pk})
    assert response.status_code == 404
    assert ProjectStaff.objects.serving().filter(pk=foreign.pk).exists()


def test_staff_page_of_the_last_coordinator_says_why_not(desk, project, coordinator):
    row = ProjectStaff.objects.get(user=coordinator)
    response = desk.post(f"/en/work/projects/{project.slug}/staff/end/", {"staff": row.pk}, follow=True)
    assert "This is the last coordinator" in text(response)
