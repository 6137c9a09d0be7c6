"""Figures of the network: what stands above and below each line, counted by hand beside."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from institutions import figures, figures_pictures
from institutions.figures import spread
from institutions.figures_wording import WORDS, card, duration
from institutions.models import (
    AssistanceRequest,
    Complaint,
    Feedback,
    Offer,
    RequestTransition,
    TimeReport,
)
from institutions.outcomes import BEHIND, Ratio, Scope
from institutions.response_times import spell
from portal.clock import WARSAW
from portal.models import AuditEntry
from projects.figures import Period
from tests import factories

State = AssistanceRequest.State
SINCE, UNTIL = date(2026, 3, 1), date(2026, 3, 31)
NOW = datetime(2026, 4, 10, 12, tzinfo=WARSAW)
START = datetime(2026, 3, 10, 10, tzinfo=WARSAW)
SENT = START - timedelta(days=5)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def scope(project):
    return Scope(project, Period(SINCE, UNTIL))


def make(institution, state, *, was="", notice=None, agreed=None, **fields):
    """A request that ended so. ``was``: from which state it was called off; ``agreed``: after how long."""
    fields = {"start_at": START, "submitted_at": SENT} | fields
    by = fields.pop("by", None)
    row = factories.make_request(institution, by, state=state, **fields)
    if agreed is not None:
        move(row, State.OFFERING, State.CONFIRMED, SENT + agreed)
    if was:
        move(row, was, state, START - timedelta(minutes=notice or 0), notice=notice)
    return row


def move(row, old, new, at, *, notice=None, actor=None, reason=""):
    return RequestTransition.objects.create(
        request=row, old_state=old, new_state=new, at=at, notice_minutes=notice, actor=actor, reason=reason
    )


def work(row, assistant, *, minutes=60, **fields):
    """Somebody did the job, and the hours were confirmed."""
    job = factories.make_assignment(row, assistant, **{"state": "done"} | fields)
    TimeReport.objects.create(
        assignment=job,
        start_at=row.start_at,
        end_at=row.start_at + timedelta(minutes=minutes),
        confirmed_at=NOW,
    )
    return job


def ratios(scope):
    return figures.of(scope, now=NOW).ratios


@pytest.mark.django_db
def test_success_rate_leaves_out_what_the_institution_cancelled(scope, institution):
    for state in (State.CLOSED, State.CLOSED, State.AWAITING_CONFIRMATION, State.CLIENT_NO_SHOW):
        make(institution, state)
    make(institution, State.UNFILLED)
    make(institution, State.ASSISTANT_NO_SHOW)
    make(institution, State.CANCELLED_BY_NETWORK, was=State.CONFIRMED, notice=30)
    make(institution, State.CANCELLED_BY_INSTITUTION, was=State.CONFIRMED, notice=600)
    make(institution, State.IN_PROGRESS)  # has not come to an end
    assert ratios(scope)["success"] == Ratio(4, 7, 1)


@pytest.mark.django_db
def test_success_is_not_a_meeting_in_the_wrong_language(scope, institution, assistant):
    wrong, right = make(institution, State.CLOSED), make(institution, State.CLOSED, language="ru")
    TimeReport.objects.filter(assignment=work(wrong, assistant.assistant)).update(outcome="wrong_language")
    work(right, assistant.assistant)
    assert ratios(scope)["success"] == Ratio(1, 2)


@pytest.mark.django_db
def test_fill_rate_leaves_out_what_was_cancelled_before_anybody_agreed(scope, institution):
    make(institution, State.CLOSED)
    make(institution, State.CANCELLED_BY_INSTITUTION, was=State.CONFIRMED, notice=600)
    make(institution, State.CANCELLED_BY_INSTITUTION, was=State.OFFERING, notice=600)
    make(institution, State.CANCELLED_BY_NETWORK, was=State.OFFERING, notice=600)
    make(institution, State.DECLINED)
    make(institution, State.OFFERING)  # somebody agreed, gave it back, and nobody else was found
    found = ratios(scope)
    assert found["fill"] == Ratio(2, 5, 1)
    assert found["unfilled"] == Ratio(3, 5, 1)


@pytest.mark.django_db
def test_only_meetings_of_the_period_that_are_due(scope, institution, other_project):
    make(institution, State.CLOSED)
    make(institution, State.CLOSED, start_at=datetime(2026, 3, 31, 23, 59, tzinfo=WARSAW))
    make(institution, State.CLOSED, start_at=datetime(2026, 4, 1, 0, 0, tzinfo=WARSAW))
    make(institution, State.DRAFT)
    make(factories.make_institution(other_project), State.CLOSED)
    assert figures.of(scope, now=NOW).counts["due"] == 2
    early = figures.of(scope, now=START - timedelta(hours=1))
    assert (early.counts["due"], early.still_to_come) == (0, 2)


@pytest.mark.django_db
def test_scope_narrows_to_institution_language_and_urgency(scope, project, institution):
    other = factories.make_institution(project)
    make(institution, State.CLOSED)
    make(other, State.CLOSED)
    make(institution, State.CLOSED, language="ar")
    make(institution, State.CLOSED, urgency="urgent")
    period = scope.period
    assert figures.of(Scope(project, period, institution), now=NOW).counts["due"] == 3
    assert figures.of(Scope(project, period, language="ar"), now=NOW).counts["due"] == 1
    assert figures.of(Scope(project, period, urgency="urgent"), now=NOW).counts["due"] == 1
    assert figures.of(Scope(project, period, other, "ar"), now=NOW).counts["due"] == 0


@pytest.mark.django_db
def test_times_are_the_least_that_half_and_nine_of_ten_do_not_exceed(scope, institution, coordinator):
    for minutes in (10, 20, 30, 40, 50, 60, 70, 80, 90, 100):
        row = make(institution, State.CLOSED, agreed=timedelta(minutes=minutes))
        move(row, State.OFFERING, State.NEEDS_INFO, SENT + timedelta(minutes=minutes // 2), actor=coordinator)
    make(institution, State.UNFILLED)
    [planned] = figures.of(scope, now=NOW).times
    assert (planned.urgency, planned.agreed.median, planned.agreed.ninth) == ("planned", 50, 90)
    assert (planned.agreed.number, planned.agreed.never) == (10, 1)
    assert (planned.first_answer.median, planned.first_offer.median) == (25, None)


@pytest.mark.django_db
def test_times_first_action_of_a_person_is_not_an_offer_nor_the_institution(
    scope, institution, official, assistant
):
    row = make(institution, State.CONFIRMED, by=official)
    move(row, "", State.OFFERING, SENT, actor=official)
    offer = factories.make_offer(row, assistant.assistant, state=Offer.State.REFUSED)
    offer.made_at, offer.answered_at = SENT + timedelta(minutes=1), SENT + timedelta(minutes=45)
    offer.save(update_fields=["made_at", "answered_at"])
    [times] = figures.of(scope, now=NOW).times
    assert (times.first_offer.median, times.first_answer.median) == (1, 45)
    assert times.kept == Ratio(1, 1)


@pytest.mark.django_db
def test_times_promise_is_working_time(scope, institution, coordinator):
    """Sent on Friday at 15, a planned request has until Monday at 15 (8 working hours)."""
    friday = datetime(2026, 3, 6, 15, tzinfo=WARSAW)
    for answered, start in ((14, START), (16, START)):
        row = make(institution, State.OFFERING, submitted_at=friday, start_at=start)
        monday = datetime(2026, 3, 9, answered, tzinfo=WARSAW)
        move(row, State.SUBMITTED, State.OFFERING, monday, actor=coordinator)
    [times] = figures.of(scope, now=NOW).times
    assert times.kept == Ratio(1, 2)


@pytest.mark.django_db
def test_times_by_urgency_and_all_together(scope, institution):
    make(institution, State.CLOSED, urgency="planned", agreed=timedelta(minutes=30))
    make(institution, State.CLOSED, urgency="emergency", agreed=timedelta(minutes=4))
    rows = figures.of(scope, now=NOW).times
    assert [(row.urgency, row.agreed.of) for row in rows] == [("emergency", 1), ("planned", 1), ("", 2)]


@pytest.mark.parametrize(
    ("minutes", "median", "ninth"),
    [([], None, None), ([7], 7, 7), ([1, 2], 1, 2), ([5, 1, 3], 3, 5), (list(range(1, 101)), 50, 90)],
)
def test_spell_is_the_nearest_rank(minutes, median, ninth):
    found = spell([*(timedelta(minutes=one) for one in minutes), None])
    assert (found.median, found.ninth, found.number, found.never) == (median, ninth, len(minutes), 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("notice", "band"),
    [
        (48 * 60 + 1, "over_48"), (48 * 60, "24_to_48"), (24 * 60, "24_to_48"), (24 * 60 - 1, "under_24"),
        (0, "under_24"), (-1, "after_start"),
    ],
)  # fmt: skip
def test_cancellations_stand_in_one_band_of_notice(scope, institution, assistant, notice, band):
    make(institution, State.CANCELLED_BY_INSTITUTION, was=State.OFFERING, notice=notice)
    make(institution, State.CANCELLED_BY_NETWORK, was=State.CONFIRMED, notice=notice)
    row = make(institution, State.UNFILLED)
    ended = START - timedelta(minutes=notice)
    factories.make_assignment(row, assistant.assistant, state="withdrawn", ended_at=ended)
    found = figures.of(scope, now=NOW)
    expected = {name: int(name == band) for name in figures.BANDS}
    assert found.called_off == {"institution": expected, "network": expected, "assistant": expected}
    assert found.ratios["withdrawals"] == Ratio(1, 1)


@pytest.mark.django_db
def test_no_shows_by_party(scope, institution):
    make(institution, State.CLIENT_NO_SHOW)
    make(institution, State.CLIENT_NO_SHOW)
    make(institution, State.INSTITUTION_NO_SHOW)
    make(institution, State.ASSISTANT_NO_SHOW)
    make(institution, State.CLOSED)
    make(institution, State.CANCELLED_BY_INSTITUTION, was=State.CONFIRMED, notice=5)
    found = ratios(scope)
    assert found["client_no_show"] == Ratio(2, 5)
    assert found["institution_no_show"] == Ratio(1, 5)
    assert found["assistant_no_show"] == Ratio(1, 5)


@pytest.mark.django_db
def test_lateness_by_what_is_known_best(scope, institution, project):
    def came(language, **fields):
        row = make(institution, State.CLOSED, language=language)
        return work(row, factories.make_assistant(project), **fields)

    came("uk", arrived_at=START + timedelta(minutes=11))  # late
    came("ru", arrived_at=START + timedelta(minutes=10), delay_minutes=30)  # came sooner than she feared
    came("ar", delay_minutes=20)  # late, as she said
    told = came("fa")
    Feedback.objects.create(assignment=told, side="official", rating=3, was_on_time=False)  # late
    came("vi")  # not known
    assert ratios(scope)["late"] == Ratio(3, 4, 1)


@pytest.mark.django_db
def test_feedback_complaints_and_faces(scope, institution, assistant):
    rows = [make(institution, State.CLOSED) for _row in range(2)]
    jobs = [work(row, assistant.assistant) for row in rows]
    Feedback.objects.create(assignment=jobs[0], side="official", rating=5)
    Feedback.objects.create(assignment=jobs[0], side="assistant", rating=5)
    Feedback.objects.create(assignment=jobs[1], side="assistant", rating=4)
    for state, side in (("upheld", "official"), ("upheld", "assistant"), ("received", "official")):
        Complaint.objects.create(request=rows[0], state=state, side=side, category="late", text="…")
    Complaint.objects.create(request=rows[1], state="not_upheld", side="official", category="late", text="…")
    found = figures.of(scope, now=NOW)
    assert found.ratios["complaints"] == Ratio(1, 2)
    assert found.ratios["feedback_of_officials"] == Ratio(1, 2)
    assert found.ratios["feedback_of_assistants"] == Ratio(2, 2)


@pytest.mark.django_db
def test_lacks_by_language_county_and_subject(scope, institution):
    make(institution, State.UNFILLED, language="ti", subject="school", county="m. torun")
    make(institution, State.UNFILLED, language="ti", subject="health")
    make(institution, State.CLOSED, language="ti", subject="health", county="Bydgoszcz")
    make(institution, State.CANCELLED_BY_INSTITUTION, was=State.OFFERING, notice=90, language="fa")
    lacks = figures.of(scope, now=NOW).lacks
    assert [(row.due, row.unfilled) for row in figures.cut(lacks, "language")] == [(3, 2), (0, 0)]
    assert {row.county: row.unfilled for row in figures.cut(lacks, "county")} == {"Toruń": 2, "Bydgoszcz": 0}
    assert {row.subject: row.due for row in figures.cut(lacks, "subject")} == {"school": 1, "health": 2}


@pytest.mark.django_db
def test_spread_counts_those_without_hours_and_no_breaks(scope, project, institution):
    first, second, third = (factories.make_assistant(project) for _one in range(3))
    gone = factories.make_assistant(project, suspended_at=NOW)
    factories.make_assistant(project, suspended_at=NOW)  # never worked, cannot be asked
    for assistant, minutes in ((first, 60), (first, 90), (second, 60), (gone, 30)):
        work(make(institution, State.CLOSED), assistant, minutes=minutes)
    TimeReport.objects.filter(assignment__assistant=second).update(break_minutes=15)
    unconfirmed = work(make(institution, State.AWAITING_CONFIRMATION), third, minutes=60, state="active")
    TimeReport.objects.filter(assignment=unconfirmed).update(confirmed_at=None)
    found = figures.of(scope, now=NOW).spread
    assert found.minutes == [150, 45, 30, 0]
    assert (found.total, found.median, found.without_any, found.top_three.percent) == (225, 30, 1, 100)


@pytest.mark.parametrize(
    ("minutes", "gini"),
    [([], None), ([60], None), ([0, 0], None), ([60, 60, 60], 0), ([0, 0, 0, 100], 0.75), ([1, 3], 0.25)],
)
def test_spread_gini(minutes, gini):
    assert spread(minutes).gini == gini


def test_ratio_of_nothing_says_so():
    assert Ratio(0, 0).percent is None
    shown = card("fill", Ratio(0, 0), {})
    assert (shown.percent, shown.sentence) == ("–", "There was nothing to count.")


@pytest.mark.parametrize(("part", "whole", "percent"), [(1, 3, 33), (2, 3, 67), (1, 8, 13), (1, 200, 1)])
def test_ratio_is_rounded_half_up(part, whole, percent):
    assert Ratio(part, whole).percent == percent


def test_card_says_numbers_what_was_left_out_and_that_it_is_small():
    shown = card("fill", Ratio(37, 41, 3), {"agreed": 37})
    assert shown.sentence == "37 of 41 requests that were due"
    assert shown.left_out == (
        "Not counted: 3 requests that the institution cancelled before anybody had agreed."
    )
    assert shown.small == ""
    assert "about 4 percentage points" in card("fill", Ratio(20, 25), {}).small


def test_every_ratio_has_words_and_every_link_a_condition(db, scope):
    found = figures.of(scope, now=NOW)
    assert set(found.ratios) == set(WORDS)
    assert {name for words in WORDS.values() for name in words.behind} <= set(BEHIND)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (None, "–"),
        (0, "0 min"),
        (59, "59 min"),
        (60, "1 h 0 min"),
        (2879, "47 h 59 min"),
        (2880, "2 days 0 h"),
    ],
)
def test_duration_in_words(minutes, text):
    assert duration(minutes) == text


def test_columns_stand_on_one_another_and_run_in_the_reading_direction():
    stacks = [[("met", 3), ("unmet", 1)], [("met", 0), ("unmet", 2)], None]
    left = figures_pictures.columns(stacks, mirrored=False)
    right = figures_pictures.columns(stacks, mirrored=True)
    met, unmet, second, hidden = left.blocks
    assert (left.most, met.height + unmet.height, unmet.y) == (4, left.height, 0)
    assert met.y == unmet.height
    assert (second.kind, hidden.kind, second.height) == ("unmet", "hidden", left.height // 2)
    assert [block.x for block in right.blocks] == [
        left.width - block.x - block.width for block in left.blocks
    ]
    assert figures_pictures.columns([[("met", 0)]], mirrored=False) is None


# --- The page ---------------------------------------------------------------------------------------------


def page_address(**query):
    return f"{reverse('work_figures')}?since=2026-03-01&until=2026-03-31&" + "&".join(
        f"{name}={value}" for name, value in query.items()
    )


@pytest.fixture
def march(institution):
    for _row in range(3):
        make(institution, State.CLOSED, agreed=timedelta(hours=3))
    make(institution, State.UNFILLED, language="ti", county="Brodnica")
    make(institution, State.CANCELLED_BY_INSTITUTION, was=State.OFFERING, notice=90)


@pytest.mark.django_db
def test_page_shows_each_figure_with_its_numbers_and_definition(client, coordinator, march):
    client.force_login(coordinator)
    html = client.get(page_address()).content.decode()
    assert "3 of 4 requests that were due" in html
    assert "Not counted: 1 request that the institution cancelled before anybody had agreed." in html
    assert "Requests for which somebody agreed to come, out of those that were due" in html
    assert "half: 3 h 0 min" in html
    assert "nine of ten: 3 h 0 min" in html
    assert "is not known here" in html


@pytest.mark.django_db
def test_page_links_to_exactly_the_requests_behind_a_number(client, coordinator, march, institution):
    client.force_login(coordinator)
    other = factories.make_institution(institution.project)
    make(other, State.UNFILLED)
    link = f"{reverse('work_assistance')}?figure=unfilled&since=2026-03-01&until=2026-03-31"
    assert client.get(link).context["page"].paginator.count == 2
    assert client.get(f"{link}&institution={other.slug}").context["page"].paginator.count == 1
    assert client.get(f"{link}&urgency=urgent").context["page"].paginator.count == 0
    assert client.get(f"{link}&project=elsewhere").context["page"].paginator.count == 0
    counts = client.get(page_address()).context["page"].figures.counts
    for name in BEHIND:
        listed = client.get(link.replace("unfilled", name)).context["page"].paginator.count
        assert listed == counts[name], name


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("period=days&since=2026-03-01", "until"),
        ("since=2026-03-31&until=2026-03-01", "until"),
        ("period=2026-13", "period"),
        ("project=elsewhere", "project"),
        ("institution=nowhere", "institution"),
    ],
)
def test_page_says_what_is_wrong_with_the_address(client, coordinator, other_project, query, field):
    client.force_login(coordinator)
    answer = client.get(f"{reverse('work_figures')}?{query}")
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert answer.context["page"] is None
    assert client.get(f"{reverse('work_figures_csv')}?{query}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["official", "assistant", "trainer", "migrant", "outsider"])
def test_page_is_for_coordinators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    for name in ("work_figures", "work_figures_csv"):
        assert client.get(reverse(name)).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("number", [3, 60])
def test_page_takes_the_same_queries_for_few_and_many(client, coordinator, institution, project, number):
    client.force_login(coordinator)
    for place in range(number):
        row = make(institution, State.CLOSED, agreed=timedelta(minutes=place), county=f"County {place}")
        work(row, factories.make_assistant(project))
    with CaptureQueriesContext(connection) as queries:
        client.get(page_address())
    assert len(queries) == PAGE_QUERIES


PAGE_QUERIES = 12


@pytest.mark.django_db
def test_csv_has_every_figure_and_runs_no_formula(client, coordinator, institution, march):
    make(institution, State.UNFILLED, county="=HYPERLINK(1)")
    institution.name_pl = institution.name_en = "=1+1"
    institution.save()
    client.force_login(coordinator)
    address = page_address(institution=institution.slug).replace("/figures/", "/figures/csv/")
    answer = client.get(address)
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert ["3", "5"] in [row[2:4] for row in rows if len(row) == 7]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]
    assert "'=1+1" in [cell for row in rows for cell in row]
    line = AuditEntry.objects.get(action="assistance.figures_downloaded")
    assert line.data == {"rows": len(rows) - 1}
    assert line.object_id == institution.project_id


@pytest.mark.django_db
def test_page_names_no_assistant(client, coordinator, institution, assistant):
    work(make(institution, State.CLOSED), assistant.assistant)
    client.force_login(coordinator)
    html = client.get(page_address()).content.decode()
    assert assistant.full_name not in html
    assert assistant.call_me not in html
