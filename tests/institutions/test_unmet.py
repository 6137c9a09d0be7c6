"""Where nobody could come: what counts as unmet, what is hidden, and what stays as it was published."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from institutions import unmet, unmet_page, unmet_paper
from institutions.county_tiles import MAPS, county_name
from institutions.models import AssistanceRequest, RequestTransition, UnmetReport
from portal.clock import WARSAW
from portal.models import AuditEntry
from projects.figures import Period
from tests import factories

State = AssistanceRequest.State
SINCE, UNTIL = date(2026, 3, 2), date(2026, 3, 29)  # four whole weeks
PERIOD = Period(SINCE, UNTIL)
NOW = datetime(2026, 4, 10, 12, tzinfo=WARSAW)
START = datetime(2026, 3, 10, 10, tzinfo=WARSAW)  # a Tuesday


def make(institution, state=State.CLOSED, number=1, *, moves=(), **fields):
    """``moves``: (old state, new state, time before the start, reason) each."""
    fields = {"start_at": START, "submitted_at": START - timedelta(days=5)} | fields
    for _row in range(number):
        row = factories.make_request(institution, state=state, **fields)
        for old, new, before, reason in moves:
            RequestTransition.objects.create(
                request=row, old_state=old, new_state=new, at=row.start_at - before, reason=reason
            )
    return row


def became(institution, *args, **fields):
    row = make(institution, *args, **fields)
    found = unmet.with_need(AssistanceRequest.objects.filter(pk=row.pk)).values_list("became", flat=True)
    return next(iter(found), None)


def reckon(project):
    return unmet.reckon(project, PERIOD, now=NOW)


def agreed(before):
    return (State.OFFERING, State.CONFIRMED, before, "")


# --- What became of a request -----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "moves", "fields", "expected"),
    [
        ("closed", [agreed(timedelta(days=2))], {}, "served"),
        ("client_no_show", [agreed(timedelta(days=2))], {}, "served"),
        (
            "cancelled_by_institution",
            [agreed(timedelta(days=2)), ("confirmed", "cancelled_by_institution", timedelta(days=1), "")],
            {},
            "served",
        ),
        # Found only after they had been told that nobody was.
        ("closed", [("offering", "unfilled", timedelta(days=2), ""), agreed(timedelta(days=1))], {}, "late"),
        ("closed", [agreed(timedelta(hours=23))], {}, "late"),
        ("closed", [agreed(timedelta(hours=1))], {"urgency": "urgent"}, "served"),
        ("closed", [agreed(timedelta(hours=1))], {"submitted_at": START - timedelta(hours=5)}, "served"),
        (
            "cancelled_by_network",
            [
                agreed(timedelta(days=2)),
                ("confirmed", "cancelled_by_network", -timedelta(minutes=15), "late"),
            ],
            {},
            "late",
        ),
        ("unfilled", [], {}, "nobody"),
        ("offering", [], {}, "nobody"),
        ("assistant_no_show", [agreed(timedelta(days=2))], {}, "nobody"),
        ("cancelled_by_network", [("offering", "cancelled_by_network", timedelta(days=1), "")], {}, "nobody"),
        ("declined", [("submitted", "declined", timedelta(days=4), "no_language")], {}, "nobody"),
        # No need of the network's.
        ("declined", [("submitted", "declined", timedelta(days=4), "sworn_needed")], {}, None),
        (
            "cancelled_by_institution",
            [("offering", "cancelled_by_institution", timedelta(days=1), "")],
            {},
            None,
        ),
        # They gave up, after having been told.
        (
            "cancelled_by_institution",
            [("offering", "cancelled_by_institution", timedelta(hours=5), "")],
            {"told_unfilled_at": START - timedelta(hours=24)},
            "nobody",
        ),
    ],
)
def test_reckon_knows_served_late_and_nobody(institution, state, moves, fields, expected):
    assert became(institution, state, moves=moves, **fields) == expected


# --- What is shown ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_reckon_shows_numbers_and_hides_small_ones(project, institution):
    make(institution, State.CLOSED, 20, language="uk", county="Toruń")
    make(institution, State.UNFILLED, 9, language="uk", county="Toruń")
    make(institution, State.CLOSED, 12, language="uk", county="Bydgoszcz")
    make(institution, State.UNFILLED, 8, language="ti", county="Toruń")
    make(institution, State.UNFILLED, 1, language="fa", county="Toruń")
    data = reckon(project)
    assert data["total"] == {"asked": 50, "unmet": 18, "late": 0, "nobody": 18}
    assert data["languages"][0] == "uk"
    assert "fa" not in data["languages"], "a rare language is not even named"
    cells = {
        (language, county): cell
        for language, row in zip(data["languages"], data["cells"], strict=True)
        for county, cell in zip(data["counties"], row, strict=True)
    }
    assert cells["uk", "Toruń"] == {"asked": 29, "unmet": 9}
    assert cells[unmet.OTHER, "Toruń"] == {"asked": None, "unmet": None}
    assert data["most"][0] == {"language": "uk", "county": "Toruń", "asked": 29, "unmet": 9}
    assert '"fa"' not in json.dumps(data)


@pytest.mark.django_db
def test_reckon_hides_everything_where_nearly_nothing_is(project, institution):
    make(institution, State.UNFILLED, 3)
    data = reckon(project)
    assert data["total"] == {"asked": None, "unmet": None, "late": None, "nobody": None}
    assert data["languages"] == data["counties"] == [unmet.OTHER]
    assert {cell["asked"] for row in data["cells"] for cell in row} == {None}
    assert {week["asked"] for week in data["weeks"]} == {None}
    assert (data["times"], data["most"]) == (None, [])


@pytest.mark.django_db
def test_reckon_hides_how_many_were_late_where_few_were(project, institution):
    make(institution, State.CLOSED, 10)
    make(institution, State.UNFILLED, 7)
    make(institution, State.CLOSED, 2, moves=[agreed(timedelta(hours=3))])
    total = reckon(project)["total"]
    assert total == {"asked": 19, "unmet": 9, "late": None, "nobody": None}


@pytest.mark.django_db
def test_reckon_by_week_and_part_of_the_day_in_polish_time(project, institution):
    """The clocks change on 29 March: 10 o'clock stays 10 o'clock, and Sunday stays in its week."""
    make(institution, State.CLOSED, 6)
    sunday = datetime(2026, 3, 29, 23, 30, tzinfo=WARSAW)
    make(institution, State.UNFILLED, 6, start_at=sunday)
    make(institution, State.UNFILLED, 5, start_at=datetime(2026, 3, 16, 9, 0, tzinfo=WARSAW))
    data = reckon(project)
    assert [(week["first"], week["asked"], week["unmet"]) for week in data["weeks"]] == [
        ("2026-03-02", None, None),
        ("2026-03-09", 6, 0),
        ("2026-03-16", 5, 5),
        ("2026-03-23", 6, 6),
    ]
    by_hour = dict(zip(unmet.HOURS, data["times"], strict=True))
    assert by_hour[18][5] == 6
    assert by_hour[9][0] == 5


@pytest.mark.django_db
def test_reckon_takes_spellings_of_one_county_together(project, institution):
    for text in ("powiat brodnicki", "Brodnica", " BRODNICKI ", "pow. brodnicki", "brodnicki"):
        make(institution, State.UNFILLED, 1, county=text)
    assert reckon(project)["counties"][0] == "brodnicki"


@pytest.mark.django_db
def test_reckon_takes_one_query_for_few_and_many(project, institution):
    for number in (1, 30):
        make(institution, State.CLOSED, number)
        with CaptureQueriesContext(connection) as queries:
            reckon(project)
        assert len(queries) == 1


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("m. Toruń", "Toruń"), ("Torun", "Toruń"), ("powiat toruński", "toruński"), ("Tuchola", "tucholski"),
        ("Golub-Dobrzyń", "golubsko-dobrzyński"), ("Warszawa  Zachodnia", "Warszawa Zachodnia"), ("", ""),
    ],
)  # fmt: skip
def test_county_name_is_one_for_one_county(text, name):
    assert county_name(text, "04") == name


def test_map_has_every_county_once_and_no_tile_twice():
    tiles = MAPS["04"]
    assert len(tiles) == len({tile.teryt for tile in tiles}) == len({(t.row, t.column) for t in tiles}) == 23
    assert {tile.teryt for tile in tiles} == {f"04{n:02}" for n in (*range(1, 20), *range(61, 65))}


# --- Publishing -------------------------------------------------------------------------------------------


@pytest.fixture
def march(institution):
    make(institution, State.CLOSED, 20)
    make(institution, State.UNFILLED, 8, language="ti", county="Brodnica")


def publish(project, by, since=SINCE, until=UNTIL):
    return unmet.publish(project, since=since, until=until, by=by)


@pytest.mark.django_db
def test_publish_keeps_the_numbers_as_they_were(project, coordinator, institution, march):
    report = publish(project, coordinator)
    before = unmet.reckon(project, PERIOD, now=timezone.now())
    assert report.data == json.loads(json.dumps(before))
    make(institution, State.UNFILLED, 9)
    AssistanceRequest.objects.filter(language="ti").update(state=State.CLOSED)
    assert UnmetReport.objects.get(pk=report.pk).data["total"]["unmet"] == 8
    assert unmet.reckon(project, PERIOD, now=timezone.now())["total"]["unmet"] == 9
    line = AuditEntry.objects.get(action="unmet_report.published")
    assert (line.actor_id, line.data) == (coordinator.pk, {"project": project.pk})


@pytest.mark.django_db
def test_publish_twice_is_one_report(project, coordinator, march):
    assert publish(project, coordinator) == publish(project, coordinator)
    assert UnmetReport.objects.count() == 1
    assert AuditEntry.objects.filter(action="unmet_report.published").count() == 1


@pytest.mark.django_db
def test_publish_refuses_who_does_not_coordinate(project, other_project, trainer, march):
    for by in (trainer, factories.make_staff(other_project)):
        with pytest.raises(unmet.NotCoordinator):
            publish(project, by)


@pytest.mark.django_db
def test_publish_refuses_a_period_that_goes_on(project, coordinator, march):
    with pytest.raises(unmet.NotOver):
        publish(project, coordinator, until=timezone.localdate())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("since", "until"),
    [(SINCE, date(2026, 3, 15)), (UNTIL, date(2026, 4, 5)), (date(2026, 2, 1), date(2026, 4, 30))],
)
def test_publish_refuses_a_period_that_overlaps_another(project, coordinator, march, since, until):
    report = publish(project, coordinator)
    with pytest.raises(unmet.PeriodsOverlap):
        publish(project, coordinator, since, until)
    unmet.take_back(report, by=coordinator)
    make(project.institutions.first(), State.CLOSED, 6, start_at=datetime(2026, 4, 2, 9, tzinfo=WARSAW))
    make(project.institutions.first(), State.CLOSED, 6, start_at=datetime(2026, 3, 3, 9, tzinfo=WARSAW))
    assert publish(project, coordinator, since, until).pk != report.pk, "it was taken back at once"


@pytest.mark.django_db
def test_publish_refuses_to_overlap_what_others_may_have_kept(project, coordinator, march):
    report = publish(project, coordinator)
    UnmetReport.objects.filter(pk=report.pk).update(published_at=NOW - timedelta(hours=1))
    unmet.take_back(report, by=coordinator)
    with pytest.raises(unmet.PeriodsOverlap):
        publish(project, coordinator, SINCE, UNTIL + timedelta(days=7))
    assert publish(project, coordinator).pk != report.pk, "the same days again can be put right"


@pytest.mark.django_db
def test_publish_other_periods_and_projects_do_not_disturb(project, other_project, coordinator, march):
    factories.make_unmet_report(project, since=date(2026, 2, 1), until=date(2026, 3, 1))
    factories.make_unmet_report(other_project, since=SINCE, until=UNTIL)
    assert publish(project, coordinator)


@pytest.mark.django_db
def test_publish_refuses_where_nothing_may_be_shown(project, coordinator, institution):
    make(institution, State.UNFILLED, 4)
    with pytest.raises(unmet.NothingToShow):
        publish(project, coordinator)


@pytest.mark.django_db
def test_database_keeps_standing_periods_apart(project):
    factories.make_unmet_report(project, since=SINCE, until=UNTIL)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_unmet_report(project, since=UNTIL, until=date(2026, 4, 30))
    factories.make_unmet_report(project, since=SINCE, until=UNTIL, taken_back_at=NOW)


@pytest.mark.django_db
def test_take_back_hides_the_numbers_once(client, project, coordinator, outsider, march):
    report = publish(project, coordinator)
    with pytest.raises(unmet.NotCoordinator):
        unmet.take_back(report, by=outsider)
    first = unmet.take_back(report, by=coordinator).taken_back_at
    assert unmet.take_back(report, by=coordinator).taken_back_at == first
    assert AuditEntry.objects.filter(action="unmet_report.taken_back").count() == 1
    answer = client.get(reverse("unmet_need", args=[report.public_id]))
    assert answer.status_code == 410
    assert "28" not in answer.content.decode().partition("<main")[2].partition("</main")[0]
    assert client.get(reverse("unmet_need_pdf", args=[report.public_id])).status_code == 404


# --- Pages ------------------------------------------------------------------------------------------------

QUERY = f"?since={SINCE}&until={UNTIL}"


@pytest.mark.django_db
def test_work_page_shows_and_publishes(client, project, coordinator, march):
    client.force_login(coordinator)
    with translation.override("en"):
        address = reverse("work_unmet") + QUERY
        html = client.get(address).content.decode()
        assert "Institutions asked for an assistant 28 times." in html
        assert "Tigrinya, county brodnicki: of 8 requests 8 were not met in time." in html
        data = {"project": project.slug, "period": "days", "since": SINCE, "until": UNTIL}
        answer = client.post(reverse("work_unmet_publish"), data)
        report = UnmetReport.objects.get()
        assert answer["Location"] == reverse("unmet_need", args=[report.public_id])
        assert str(report.public_id) in client.get(address).content.decode()
        client.post(reverse("work_unmet_take_back", args=[report.public_id]))
    report.refresh_from_db()
    assert report.taken_back_by == coordinator


@pytest.mark.django_db
def test_work_page_says_why_it_does_not_publish(client, project, coordinator, institution):
    make(institution, State.UNFILLED, 3)
    client.force_login(coordinator)
    data = {"project": project.slug, "period": "days", "since": SINCE, "until": UNTIL}
    with translation.override("en"):
        answer = client.post(reverse("work_unmet_publish"), data, follow=True)
        assert "There were too few requests in this period" in answer.content.decode()
        answer = client.post(reverse("work_unmet_publish"), data | {"until": ""}, follow=True)
        assert "Please choose the first and the last day." in answer.content.decode()
    assert not UnmetReport.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["official", "assistant", "trainer", "outsider"])
def test_work_page_is_for_coordinators(client, request, project, role):
    report = factories.make_unmet_report(project)
    client.force_login(request.getfixturevalue(role))
    assert client.get(reverse("work_unmet")).status_code == 404
    assert client.post(reverse("work_unmet_publish")).status_code == 404
    assert client.post(reverse("work_unmet_take_back", args=[report.public_id])).status_code == 404
    report.refresh_from_db()
    assert report.taken_back_at is None


@pytest.mark.django_db
def test_public_page_opens_for_everybody_and_changes_nothing(
    client, project, coordinator, institution, march
):
    report = publish(project, coordinator)
    with translation.override("en"), CaptureQueriesContext(connection) as queries:
        answer = client.get(reverse("unmet_need", args=[report.public_id]))
    html = answer.content.decode()
    assert "8 / 8" in html
    assert institution.name not in html
    assert coordinator.full_name not in html
    assert not [query for query in queries if not query["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
    assert client.post(reverse("unmet_need", args=[report.public_id])).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["pl", "uk", "ar"])
def test_paper_is_the_same_each_time_in_each_language(project, coordinator, march, language):
    report = publish(project, coordinator)
    with translation.override(language):
        first = unmet_paper.unmet_sheet(report, address="https://splot.example/x/")
        again = unmet_paper.unmet_sheet(report, address="https://splot.example/x/")
    assert first.startswith(b"%PDF")
    assert first == again


@pytest.mark.django_db
def test_paper_of_a_voivodeship_without_a_map(project, coordinator, march):
    project.voivodeship = "20"
    project.save(update_fields=["voivodeship"])
    report = publish(project, coordinator)
    page = unmet_page.of(report.data, since=SINCE, until=UNTIL, mirrored=False)
    assert page.tiles == []
    assert unmet_paper.unmet_sheet(report, address="https://splot.example/x/").startswith(b"%PDF")


@pytest.mark.django_db
def test_page_map_shades_the_greatest_lack_and_dots_what_is_hidden(project, coordinator, march):
    report = publish(project, coordinator)
    page = unmet_page.of(report.data, since=SINCE, until=UNTIL, mirrored=False)
    tiles = {place.label.replace("\u00ad", ""): place for row in page.tiles for place in row if place}
    assert (tiles["brodnicki"].shade, tiles["brodnicki"].text) == (unmet_page.SHADES, "8 / 8")
    assert (tiles["Toruń"].shade, tiles["Toruń"].text) == (0, "0 / 20")
    assert (tiles["rypiński"].text, tiles["rypiński"].is_hidden) == (unmet_page.DOT, True)
