"""Papers of a month: what is counted, who signs, what becomes a new version, and who gets which file."""

import io
import threading
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from institutions import proposals, settlement, settlement_papers, settlement_wording, sheets, statements
from institutions.models import AssistanceRequest, Credit, HoursSheet, Statement, TimeChange, TimeReport
from portal import spreadsheets
from portal.clock import WARSAW
from portal.models import AuditEntry, Message, ReadEntry
from tests import factories
from tests.institutions.visits import make_visit

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)
NOW = datetime(2026, 12, 2, 9, 0, tzinfo=WARSAW)
State = AssistanceRequest.State


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def helper(assistant):
    helper = assistant.assistant
    helper.contract_form = "mandate"
    helper.save(update_fields=["contract_form"])
    return helper


@pytest.fixture
def second_coordinator(project):
    return factories.make_staff(project)


@pytest.fixture
def keeper(institution):
    return factories.make_official(institution, is_administrator=True)


def moment(day: int, clock: str = "10:00", month: int = 11) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, month, day, hour, minute, tzinfo=WARSAW)


def work(
    institution, helper, day=10, *, minutes=60, month=11, clock="10:00", contract="", **fields
) -> TimeReport:
    asked = factories.make_request(
        institution, start_at=moment(day, clock, month), state=State.CLOSED, unit=institution.units.get()
    )
    return factories.make_confirmed(
        asked, helper, minutes=minutes, assignment={"contract_form": contract}, **fields
    )


def credit(institution, helper, day=12, *, minutes=60) -> Credit:
    asked = factories.make_request(institution, start_at=moment(day), state=State.CANCELLED_BY_INSTITUTION)
    job = factories.make_assignment(asked, helper, state="cancelled")
    return Credit.objects.create(
        assignment=job,
        reason="late_cancellation",
        minutes=minutes,
        start_at=asked.start_at,
        end_at=asked.end_at,
    )


def seen(paper) -> str:
    return settlement.fingerprint(paper.rows)


def sign_both(sheet, coordinator):
    sheets.sign(sheet, by=sheet.assistant.user, seen=seen(sheet))
    return sheets.sign(sheet, by=coordinator, seen=seen(sheet))


def url(name, *arguments):
    return reverse(name, args=arguments)


# --- what is counted -------------------------------------------------------------------------------------


def test_a_month_holds_its_own_days_as_clocks_in_poland_show_them(institution, helper):
    work(institution, helper, 1, clock="00:10")
    work(institution, helper, 30, clock="23:30")
    work(institution, helper, 1, clock="00:10", month=12)
    rows = sheets.rows_of(helper, NOVEMBER)
    assert [(row["on"], row["from"]) for row in rows] == [("2026-11-01", "00:10"), ("2026-11-30", "23:30")]


def test_a_row_says_the_real_times_breaks_and_the_way(institution, helper):
    work(institution, helper, minutes=75, break_minutes=15, travel_minutes=40, travel_km=12)
    (row,) = sheets.rows_of(helper, NOVEMBER)
    facts = ("from", "until", "breaks", "minutes", "travel_minutes", "travel_km", "contract", "language")
    assert [row[name] for name in facts] == ["10:00", "11:30", 15, 75, 40, 12, "mandate", "uk"]
    assert row["institution"]["pl"] == institution.name_pl


def test_only_confirmed_hours_count_and_the_rest_is_shown(institution, helper):
    late = work(institution, helper, 10)
    TimeReport.objects.update(confirmed_at=None)
    AssistanceRequest.objects.update(state=State.AWAITING_CONFIRMATION)
    disputed = work(institution, helper, 11)
    TimeReport.objects.filter(pk=disputed.pk).update(confirmed_at=None, disputed_at=NOW)
    missing = factories.make_request(institution, start_at=moment(12), state=State.AWAITING_REPORT)
    factories.make_assignment(missing, helper)
    AssistanceRequest.objects.filter(pk=disputed.assignment.request_id).update(state=State.AWAITING_REPORT)
    assert sheets.rows_of(helper, NOVEMBER) == []
    waiting = sheets.waiting_of([helper], NOVEMBER)
    assert [one.assignment for one in waiting] == [
        late.assignment,
        disputed.assignment,
        missing.assignments.get(),
    ]
    assert len({one.why for one in waiting}) == 3
    with pytest.raises(sheets.NothingInMonth):
        sheets.make(helper, NOVEMBER, by=None)


def test_volunteer_hours_mandate_hours_and_vouchers_are_told_apart(institution, helper):
    work(institution, helper, 10, minutes=60, contract="volunteer")
    work(institution, helper, 11, minutes=90)
    work(institution, helper, 12, minutes=30, contract="voucher", travel_minutes=20, travel_km=5)
    credit(institution, helper, 13, minutes=45)
    sheet = sheets.make(helper, NOVEMBER, by=None)
    totals = {total.contract: total for total in sheets.totals(sheet.rows)}
    assert {name: (total.minutes, total.credited) for name, total in totals.items()} == {
        "volunteer": (60, 0),
        "mandate": (90, 45),
        "voucher": (30, 0),
    }
    assert (totals["voucher"].travel, totals["voucher"].km) == (20, 5)
    assert (sheet.minutes, sheet.credited_minutes, sheet.travel_minutes, sheet.travel_km) == (180, 45, 20, 5)


def test_a_later_contract_does_not_change_what_was_agreed_under_the_old_one(institution, helper):
    work(institution, helper, 10, contract="volunteer")
    helper.contract_form = "mandate"
    helper.save(update_fields=["contract_form"])
    assert [row["contract"] for row in sheets.rows_of(helper, NOVEMBER)] == ["volunteer"]


def test_credited_time_stands_with_its_reason(institution, helper):
    credit(institution, helper)
    (row,) = sheets.rows_of(helper, NOVEMBER)
    assert (row["kind"], row["reason"], row["minutes"]) == ("credit", "late_cancellation", 60)


def test_what_was_kept_free_stands_on_its_own_day_and_a_signed_sheet_stays(
    institution, official, helper, coordinator, clock
):
    clock.move_to(moment(29, "9:00"))
    old_time = {"start_at": moment(30), "end_at": moment(30, "11:00")}
    job = make_visit(institution, official, helper.user, **old_time)[0]
    new = {"minutes": 60, "mode": "on_site", "town": "Toruń"}
    proposals.propose(job.request, by=official, start_at=moment(3, month=12), **new)
    proposals.answer(TimeChange.objects.get(), by=helper.user, is_yes=False)
    (row,) = sheets.rows_of(helper, NOVEMBER)
    facts = ("kind", "reason", "on", "from", "until")
    assert [row[name] for name in facts] == ["credit", "replaced", "2026-11-30", "10:00", "11:00"]
    assert not sheets.rows_of(helper, date(2026, 12, 1))
    clock.move_to(NOW)
    everybody = type(helper).objects.managed_by(coordinator)
    (old,) = sheets.make_all(everybody, NOVEMBER, by=coordinator)
    sign_both(old, coordinator)
    AssistanceRequest.objects.update(start_at=moment(9, month=12), end_at=moment(9, "11:00", month=12))
    assert sheets.make_all(everybody, NOVEMBER, by=coordinator) == [old]


# --- versions and signatures -----------------------------------------------------------------------------


def test_making_a_sheet_twice_is_one_sheet(institution, helper, coordinator):
    work(institution, helper)
    first = sheets.make(helper, NOVEMBER, by=coordinator)
    assert sheets.make(helper, NOVEMBER, by=coordinator) == first
    work(institution, helper, 11)
    again = sheets.make(helper, NOVEMBER, by=coordinator)
    assert (again.pk, again.version, again.minutes) == (first.pk, 1, 120)
    assert Message.objects.filter(recipient=helper.user, key__startswith="sheet_ready").count() == 1


def test_she_signs_first_and_a_coordinator_second(institution, helper, coordinator):
    work(institution, helper)
    sheet = sheets.make(helper, NOVEMBER, by=coordinator)
    with pytest.raises(settlement.OtherSideFirst):
        sheets.sign(sheet, by=coordinator, seen=seen(sheet))
    sheets.sign(sheet, by=helper.user, seen=seen(sheet))
    sheets.sign(sheet, by=helper.user, seen=seen(sheet))
    sheet = sheets.sign(sheet, by=coordinator, seen=seen(sheet))
    sheets.sign(sheet, by=coordinator, seen=seen(sheet))
    assert (sheet.first_signed_by, sheet.second_signed_by) == (helper.user, coordinator)
    assert sheet.is_signed
    assert AuditEntry.objects.filter(action="hourssheet.signed").count() == 2


def test_nobody_signs_for_both_sides(institution, project, helper, second_coordinator):
    factories.make_staff(project, user=helper.user)
    work(institution, helper)
    sheet = sheets.make(helper, NOVEMBER, by=helper.user)
    for _time in range(2):
        sheets.sign(sheet, by=helper.user, seen=seen(sheet))
    sheet.refresh_from_db()
    assert sheet.second_signed_at is None
    assert sheets.sign(sheet, by=second_coordinator, seen=seen(sheet)).is_signed


def test_signing_is_refused_to_others(institution, helper, other_project, official):
    work(institution, helper)
    sheet = sheets.make(helper, NOVEMBER, by=None)
    for by in (factories.make_staff(other_project), official):
        with pytest.raises(settlement.NotYourTurn):
            sheets.sign(sheet, by=by, seen=seen(sheet))
        with pytest.raises(settlement.NotYourTurn):
            sheets.make(helper, NOVEMBER, by=by)


def test_signing_is_refused_before_the_month_is_over(institution, helper, clock):
    clock.move_to(moment(30, "20:00"))
    work(institution, helper, 20)
    sheet = sheets.make(helper, NOVEMBER, by=None)
    assert not Message.objects.exists()
    with pytest.raises(settlement.MonthNotOver):
        sheets.sign(sheet, by=helper.user, seen=seen(sheet))
    clock.move_to(moment(1, "00:05", 12))
    assert sheets.sign(sheet, by=helper.user, seen=seen(sheet)).first_signed_at


def test_what_is_signed_is_what_was_seen(institution, helper):
    work(institution, helper)
    sheet = sheets.make(helper, NOVEMBER, by=None)
    with pytest.raises(settlement.HasChanged):
        sheets.sign(sheet, by=helper.user, seen="another")
    work(institution, helper, 11)
    with pytest.raises(settlement.HasChanged):
        sheets.sign(sheet, by=helper.user, seen=seen(sheet))


def test_a_correction_after_signing_is_a_new_version_with_the_difference(institution, helper, coordinator):
    kept = work(institution, helper, 10)
    changed = work(institution, helper, 11)
    old = sign_both(sheets.make(helper, NOVEMBER, by=None), coordinator)
    TimeReport.objects.filter(pk=changed.pk).update(end_at=changed.end_at + timedelta(minutes=30))
    work(institution, helper, 12, minutes=20)
    new = sheets.make(helper, NOVEMBER, by=coordinator)
    old.refresh_from_db()
    assert (old.version, old.minutes, old.is_signed) == (1, 120, True)
    assert (new.version, new.minutes, new.first_signed_at) == (2, 170, None)
    found = settlement.differences(old, new)
    assert [(one.old and one.old["minutes"], one.new["minutes"]) for one in found] == [(60, 90), (None, 20)]
    assert f"assignment:{kept.assignment_id}" not in {one.new["key"] for one in found}
    HoursSheet.objects.filter(pk=old.pk).update(second_signed_at=None)
    with pytest.raises(settlement.NotTheLatest):
        sheets.sign(old, by=coordinator, seen=seen(old))
    assert Message.objects.filter(recipient=helper.user, key__startswith=f"sheet_ready:{new.pk}").exists()


def test_hours_that_fall_away_are_a_difference_too(institution, helper):
    report = work(institution, helper)
    sheet = sheets.make(helper, NOVEMBER, by=None)
    sheets.sign(sheet, by=helper.user, seen=seen(sheet))
    TimeReport.objects.filter(pk=report.pk).update(confirmed_at=None)
    new = sheets.make(helper, NOVEMBER, by=None)
    (difference,) = settlement.differences(settlement.before(new), new)
    assert (difference.old["minutes"], difference.new, new.minutes) == (60, None, 0)
    assert "60" in settlement_wording.sentence_of(difference)


def test_all_sheets_of_a_month_are_made_at_once(institution, helper, project, coordinator):
    other, idle = factories.make_assistant(project), factories.make_assistant(project)
    work(institution, helper)
    credit(institution, other)
    made = sheets.make_all(type(helper).objects.managed_by(coordinator), NOVEMBER, by=coordinator)
    assert {sheet.assistant for sheet in made} == {helper, other}
    assert not idle.sheets.exists()


def test_each_side_is_reminded_once_after_some_days(institution, helper, coordinator, clock):
    work(institution, helper)
    sheet = sheets.make(helper, NOVEMBER, by=coordinator)
    rows = Message.objects.filter(key__startswith="hours_sheet_to_sign")
    settlement.remind_unsigned()
    assert not rows.exists()
    clock.shift(timedelta(days=6))
    for _time in range(2):
        settlement.remind_unsigned()
    assert [row.recipient for row in rows.all()] == [helper.user]
    sheets.sign(sheet, by=helper.user, seen=seen(sheet))
    clock.shift(timedelta(days=6))
    settlement.remind_unsigned()
    assert {row.recipient for row in rows.all()} == {helper.user, coordinator}
    sheets.sign(sheet, by=coordinator, seen=seen(sheet))
    assert settlement.remind_unsigned() == 0


@pytest.mark.django_db(transaction=True)
def test_two_people_make_and_sign_at_once(institution, helper, coordinator, second_coordinator):
    """Real connections: one sheet, one second signature."""
    work(institution, helper)
    both = [coordinator, second_coordinator]
    _at_once([lambda by=by: sheets.make(helper, NOVEMBER, by=by) for by in both])
    (sheet,) = HoursSheet.objects.all()
    sheets.sign(sheet, by=helper.user, seen=seen(sheet))
    _at_once([lambda by=by: sheets.sign(sheet, by=by, seen=seen(sheet)) for by in both])
    sheet.refresh_from_db()
    assert sheet.second_signed_by in both
    assert AuditEntry.objects.filter(action="hourssheet.signed").count() == 2


def _at_once(errands):
    start, failures = threading.Barrier(len(errands)), []

    def run(errand):
        start.wait(10)
        try:
            errand()
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[errand]) for errand in errands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failures


# --- statements ------------------------------------------------------------------------------------------


@pytest.fixture
def month_of_requests(institution, helper):
    """One of each outcome, and a draft that nobody counts."""
    work(institution, helper, 3, minutes=90)
    states = [
        State.UNFILLED, State.DECLINED, State.ASSISTANT_NO_SHOW, State.CANCELLED_BY_INSTITUTION,
        State.CANCELLED_BY_NETWORK, State.CLIENT_NO_SHOW, State.CONFIRMED,
    ]  # fmt: skip
    for day, state in enumerate(states, start=4):
        factories.make_request(
            institution, start_at=moment(day), state=state, language="ar", subject="school"
        )
    factories.make_request(institution, start_at=moment(20), state=State.DRAFT, submitted_at=None)
    factories.make_request(institution, start_at=moment(2, month=12), state=State.UNFILLED)


def test_a_statement_counts_what_became_of_each_request(institution, month_of_requests, coordinator):
    paper = statements.make(institution, NOVEMBER, by=coordinator)
    ways = [row["outcome"] for row in paper.rows]
    assert {way: ways.count(way) for way in ways} == {
        "served": 1, "unserved": 3, "cancelled": 1, "called_off": 1, "absent": 1, "open": 1,
    }  # fmt: skip
    assert paper.minutes == 90
    cuts = dict(settlement_wording.cuts_of(paper))
    counts = [(count.requests, count.minutes) for counts in cuts.values() for count in counts]
    assert counts == [(1, 90), (7, 0)] * 2 + [(1, 90), (7, 0)]


def test_a_statement_names_no_assistant_and_no_client(institution, month_of_requests, helper, coordinator):
    paper = statements.make(institution, NOVEMBER, by=coordinator)
    text = str(paper.rows)
    assert helper.user.call_me not in text
    assert set(paper.rows[0]) == {
        "key", "request", "on", "from", "unit", "language", "subject", "mode", "outcome", "helpers",
        "minutes",
    }  # fmt: skip


def test_hours_of_two_assistants_are_one_request(institution, helper, project, coordinator):
    report = work(institution, helper)
    asked = report.assignment.request
    factories.make_confirmed(asked, factories.make_assistant(project), minutes=45, assignment={"place": 2})
    (row,) = statements.make(institution, NOVEMBER, by=coordinator).rows
    assert (row["helpers"], row["minutes"]) == (2, 105)


def test_a_coordinator_signs_and_the_institution_confirms(
    institution, month_of_requests, coordinator, keeper, official
):
    paper = statements.make(institution, NOVEMBER, by=coordinator)
    with pytest.raises(settlement.OtherSideFirst):
        statements.sign(paper, by=keeper, seen=seen(paper))
    with pytest.raises(settlement.NotYourTurn):
        statements.sign(paper, by=official, seen=seen(paper))
    statements.sign(paper, by=coordinator, seen=seen(paper))
    assert Message.objects.filter(recipient=keeper, key__startswith="statement_ready").count() == 1
    statements.sign(paper, by=coordinator, seen=seen(paper))
    paper = statements.sign(paper, by=keeper, seen=seen(paper))
    assert (paper.first_signed_by, paper.second_signed_by) == (coordinator, keeper)


def test_nobody_signs_a_statement_for_both_sides(institution, month_of_requests, coordinator, project):
    factories.make_official(institution, coordinator, is_administrator=True)
    paper = statements.make(institution, NOVEMBER, by=coordinator)
    for _time in range(2):
        statements.sign(paper, by=coordinator, seen=seen(paper))
    paper.refresh_from_db()
    assert paper.second_signed_at is None


def test_a_statement_is_made_by_the_network_alone(institution, month_of_requests, keeper):
    with pytest.raises(settlement.NotYourTurn):
        statements.make(institution, NOVEMBER, by=keeper)


def test_a_month_without_requests_has_no_statement(institution, coordinator):
    with pytest.raises(statements.NothingAsked):
        statements.make(institution, NOVEMBER, by=coordinator)


# --- files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["=1+1", "+48", "-2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")'])
def test_a_text_never_becomes_a_formula(name):
    table = spreadsheets.Table("x", [name], [[name, "plain"]])
    book = load_workbook(io.BytesIO(spreadsheets.workbook([table])))
    for cell in (book["x"].cell(1, 1), book["x"].cell(2, 1)):
        assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", name, True)
    assert not book["x"].cell(2, 2).quotePrefix


def test_a_spreadsheet_has_days_times_and_numbers(institution, helper):
    institution.name_pl = "=cmd|' /C calc'!A0"
    institution.save(update_fields=["name_pl"])
    work(institution, helper, minutes=75, travel_km=3)
    sheet = sheets.make(helper, NOVEMBER, by=None)
    book = load_workbook(io.BytesIO(settlement_papers.spreadsheet(sheet)))
    head, row = list(book.worksheets[0].iter_rows(min_row=1, max_row=2))
    values = [cell.value for cell in row]
    assert len(head) == len(row) == 13
    assert (values[0], values[4], values[5]) == (datetime(2026, 11, 10), time(10), time(11, 15))
    assert values[6:11] == [0, 75, 0, 0, 3]
    assert row[0].is_date
    assert (row[1].data_type, row[1].quotePrefix) == ("s", True)
    assert not book.vba_archive


@pytest.mark.parametrize("language", ["pl", "uk", "ar"])
def test_papers_are_pdfs_in_polish_and_the_readers_language(institution, helper, coordinator, language):
    work(institution, helper)
    sheet = sign_both(sheets.make(helper, NOVEMBER, by=None), coordinator)
    statement = statements.make(institution, NOVEMBER, by=coordinator)
    for paper in (sheet, statement):
        content = settlement_papers.pdf(paper, language=language)
        assert content.startswith(b"%PDF")
        assert b"/StructTreeRoot" in content


def test_files_are_for_the_right_people_and_each_is_written_down(
    client, institution, helper, coordinator, keeper, official, other_project
):
    work(institution, helper)
    sheet = sheets.make(helper, NOVEMBER, by=None)
    statement = statements.make(institution, NOVEMBER, by=coordinator)
    addresses = {
        url("hours_sheet_file", sheet.public_id, "pdf"): {helper.user, coordinator},
        url("hours_sheet_file", sheet.public_id, "xlsx"): {helper.user, coordinator},
        url("statement_file", statement.public_id, "pdf"): {coordinator},
        url("statement_file", statement.public_id, "xlsx"): {coordinator},
    }
    stranger, colleague = factories.make_staff(other_project), factories.make_assistant(helper.project).user
    for address, welcome in addresses.items():
        for user in (helper.user, coordinator, keeper, official, stranger, colleague):
            client.force_login(user)
            assert client.get(address).status_code == (200 if user in welcome else 404)
    lines = AuditEntry.objects.filter(action="settlement.downloaded")
    assert lines.count() == 6
    assert {(line.data["reason"], line.data["rows"]) for line in lines} == {("settlement", 1)}
    assert all(len(line.data["hash"]) == 64 for line in lines)
    assert ReadEntry.objects.filter(subject_id=helper.user.pk, actor_id=coordinator.pk).count() == 2
    statements.sign(statement, by=coordinator, seen=seen(statement))
    client.force_login(keeper)
    assert client.get(url("statement_file", statement.public_id, "pdf")).status_code == 200


def test_a_file_of_another_kind_does_not_exist(client, institution, helper):
    work(institution, helper)
    client.force_login(helper.user)
    sheet = sheets.make(helper, NOVEMBER, by=None)
    assert client.get(url("hours_sheet_file", sheet.public_id, "exe")).status_code == 404


def test_the_whole_month_is_one_spreadsheet(client, institution, helper, coordinator):
    work(institution, helper, 10, contract="volunteer")
    work(institution, helper, 11)
    sheets.make(helper, NOVEMBER, by=None)
    client.force_login(coordinator)
    answer = client.get(url("work_settlement_file") + "?month=2026-11")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == [helper.user.full_name] * 2
    assert [row[3] for row in rows] == [60, 60]


# --- pages -----------------------------------------------------------------------------------------------


def test_an_assistant_makes_looks_and_signs(client, institution, helper, coordinator):
    work(institution, helper)
    client.force_login(helper.user)
    assert url("own_sheet_make") in client.get(url("own_sheets")).content.decode()
    answer = client.post(url("own_sheet_make"), {"month": "2026-11"})
    sheet = HoursSheet.objects.get()
    assert answer.headers["Location"] == url("hours_sheet", sheet.public_id)
    page = client.get(url("hours_sheet", sheet.public_id)).content.decode()
    assert seen(sheet) in page
    client.post(url("hours_sheet_sign", sheet.public_id), {"seen": "old"})
    sheet.refresh_from_db()
    assert sheet.first_signed_at is None
    client.post(url("hours_sheet_sign", sheet.public_id), {"seen": seen(sheet)})
    client.force_login(coordinator)
    assert seen(sheet) in client.get(url("hours_sheet", sheet.public_id)).content.decode()
    client.post(url("hours_sheet_sign", sheet.public_id), {"seen": seen(sheet)})
    sheet.refresh_from_db()
    assert sheet.is_signed


def test_the_page_shows_a_newer_version_and_what_changed(client, institution, helper, coordinator):
    work(institution, helper)
    old = sign_both(sheets.make(helper, NOVEMBER, by=None), coordinator)
    work(institution, helper, 11, minutes=37)
    client.force_login(coordinator)
    client.post(url("hours_sheet_renew", old.public_id))
    new = HoursSheet.objects.get(version=2)
    assert url("hours_sheet", new.public_id) in client.get(url("hours_sheet", old.public_id)).content.decode()
    assert (
        "11 November 2026: added, 37 min"
        in client.get(f"/en/settlement/sheets/{new.public_id}/").content.decode()
    )


def test_a_coordinator_makes_the_month_and_sees_who_has_signed(
    client, institution, helper, coordinator, other_project
):
    work(institution, helper)
    foreign = factories.make_institution(other_project)
    work(foreign, factories.make_assistant(other_project))
    client.force_login(coordinator)
    for _time in range(2):
        client.post(url("work_settlement_make"), {"month": "2026-11"})
    sheet, statement = HoursSheet.objects.get(), Statement.objects.get()
    page = client.get(url("work_settlement") + "?month=2026-11").content.decode()
    assert url("hours_sheet", sheet.public_id) in page
    assert url("statement", statement.public_id) in page
    for month in ("nonsense", "9999-12", "2026-13"):
        assert client.get(url("work_settlement") + f"?month={month}").status_code == 404


def test_an_institution_reads_and_confirms_its_statement(client, institution, helper, coordinator, keeper):
    work(institution, helper)
    paper = statements.make(institution, NOVEMBER, by=coordinator)
    client.force_login(keeper)
    assert client.get(url("statement", paper.public_id)).status_code == 404
    client.force_login(coordinator)
    client.post(url("statement_sign", paper.public_id), {"seen": seen(paper)})
    client.force_login(keeper)
    assert (
        url("statement", paper.public_id)
        in client.get(url("own_statements", institution.slug)).content.decode()
    )
    to_do = url("statement", paper.public_id)
    assert to_do in client.get(url("assistance")).content.decode()
    page = client.get(url("statement", paper.public_id)).content.decode()
    assert seen(paper) in page
    assert helper.user.call_me not in page
    client.post(url("statement_sign", paper.public_id), {"seen": seen(paper)})
    paper.refresh_from_db()
    assert paper.is_signed
    assert to_do not in client.get(url("assistance")).content.decode()


def test_lists_of_a_month_take_the_same_number_of_queries(
    client, project, coordinator, keeper, institution, helper
):
    counts = []
    for number in (3, 27):
        for _index in range(number):
            someone, place = factories.make_assistant(project), factories.make_institution(project)
            work(place, someone)
            waiting = factories.make_request(place, start_at=moment(14), state=State.AWAITING_REPORT)
            factories.make_assignment(waiting, someone)
            work(institution, helper, 10)
        sheets.make_all(type(helper).objects.managed_by(coordinator), NOVEMBER, by=coordinator)
        statements.make_all(type(institution).objects.managed_by(coordinator), NOVEMBER, by=coordinator)
        own = HoursSheet.objects.get(assistant=helper)
        statement = Statement.objects.get(institution=institution)
        costs = []
        for user, address in [
            (coordinator, url("work_settlement") + "?month=2026-11"),
            (coordinator, url("hours_sheet", own.public_id)),
            (coordinator, url("statement", statement.public_id)),
            (helper.user, url("own_sheets")),
        ]:
            client.force_login(user)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            costs.append(len(queries))
        counts.append(costs)
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 12
