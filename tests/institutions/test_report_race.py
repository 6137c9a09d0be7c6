"""The official confirms while the assistant changes the hours: on real connections, one of them is first."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connections

from institutions import codes, time_reports
from institutions.models import Assignment, TimeReport
from institutions.transitions import State
from portal.refusals import Refused
from projects.models import LedgerEntry
from tests.institutions.visits import END, START, make_visit

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = {"start_at": START, "end_at": END}
ROUNDS = 8


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(END + timedelta(minutes=30)) as traveller:
        yield traveller


def at_once(*acts):
    """Each on a connection of its own, started together; what each returned or was refused with."""
    gate, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index, act):
        try:
            gate.wait(timeout=10)
            outcomes[index] = act()
        except Refused as no:
            outcomes[index] = no
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index, act)) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


@pytest.mark.slow
def test_nobody_confirms_hours_that_she_has_not_seen(institution, official, assistant):
    for number in range(ROUNDS):
        start = {"start_at": START - timedelta(days=number), "end_at": END - timedelta(days=number)}
        job = make_visit(institution, official, assistant, state="awaiting_report", **start)[0]
        report = time_reports.report_times(job, by=assistant, **start)
        longer = start | {"end_at": start["end_at"] + timedelta(minutes=10)}
        confirmed, changed = at_once(
            lambda report=report: time_reports.confirm_report(report, by=official, seen=report.reported_at),
            lambda job=job, longer=longer: time_reports.report_times(job, by=assistant, **longer),
        )
        report.refresh_from_db()
        entries = LedgerEntry.objects.filter(source=job.ledger_source)
        if isinstance(confirmed, TimeReport):
            assert isinstance(changed, time_reports.NothingToReport)
            assert (report.minutes, entries.get().minutes) == (60, 60)
        else:
            assert isinstance(confirmed, time_reports.ReportChanged)
            assert (report.minutes, report.confirmed_at, entries.count()) == (70, None, 0)


def test_confirming_by_code_and_by_click_at_once_is_one_entry(institution, official, assistant):
    job = make_visit(institution, official, assistant, state="awaiting_report")[0]
    report = time_reports.report_times(job, by=assistant, **TIMES)
    outcomes = at_once(
        lambda: time_reports.confirm_report(report, by=official),
        lambda: time_reports.report_times(job, by=assistant, code=codes.code_of(job), **TIMES),
        lambda: time_reports.confirm_report(report, by=None),
    )
    assert sum(isinstance(outcome, TimeReport) for outcome in outcomes) >= 2
    assert LedgerEntry.objects.get().minutes == 60
    job.refresh_from_db()
    job.request.refresh_from_db()
    assert (job.state, job.request.state) == (Assignment.State.DONE, State.CLOSED)
    closings = [move for move in job.request.transitions.all() if move.new_state == State.CLOSED]
    assert len(closings) == 1


def test_wrong_codes_at_once_are_all_counted(institution, official, assistant):
    job = make_visit(institution, official, assistant, state="awaiting_report")[0]
    wrong = "000000" if codes.code_of(job) != "000 000" else "111111"
    outcomes = at_once(*(lambda: codes.give(job, wrong, by=assistant) for _try in range(7)))
    names = sorted(type(outcome).__name__ for outcome in outcomes)
    assert names == ["TooManyTries"] * 2 + ["WrongCode"] * 5
