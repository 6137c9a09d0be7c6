"""What follows a meeting of the demo: hours, what everybody says of it, a talk, papers of the month."""

import random
from datetime import date, timedelta
from functools import partial
from itertools import pairwise

from institutions import (
    codes,
    debriefings,
    feedback,
    settlement,
    sheets,
    smiles,
    statements,
    time_reports,
)
from institutions.models import (
    Assignment,
    AssistanceRequest,
    Assistant,
    Debriefing,
    Feedback,
    Institution,
    TimeReport,
)
from portal.demo.calendar import TODAY, moment
from portal.demo.network import Network
from portal.demo.timeline import Timeline
from portal.models import User

#: Outcomes in which a report is written, and in which the institution confirms it.
REPORTED = {"closed", "done", "early", "disputed", "withdrawn", "reported"}
CONFIRMED = REPORTED - {"reported"}


class AfterMeetings:
    def __init__(self, network: Network, timeline: Timeline):
        self.network = network
        self.timeline = timeline
        self.dice = random.Random(9)

    def plan_meeting(self, request: AssistanceRequest, official: User, outcome: str) -> None:
        if outcome not in REPORTED:
            return
        end = request.end_at
        has_code = outcome in CONFIRMED and self.dice.random() < 0.5
        self.timeline.at(end + timedelta(minutes=5), partial(self._smile, request))
        self.timeline.at(end + timedelta(hours=2), partial(self._report, request, outcome, has_code))
        if outcome == "disputed":
            self.timeline.at(end + timedelta(hours=20), partial(self._dispute, request, official))
            self.timeline.at(end + timedelta(hours=22), partial(self._report, request, "early", False))
        if outcome in CONFIRMED:
            self.timeline.at(end + timedelta(hours=25), partial(self._confirm, request, official))
            self.timeline.at(end + timedelta(hours=26), partial(self._say, request, official))
        if request.is_sensitive:
            self.timeline.at(end + timedelta(hours=27), partial(self._talk, request))

    # --- One meeting ------------------------------------------------------------------------------------

    def _smile(self, request: AssistanceRequest) -> None:
        for assignment in _standing(request):
            if self.dice.random() < 0.55:
                smiles.press(assignment, self.dice.choice([3, 3, 3, 2, 3, 1]))

    def _report(self, request: AssistanceRequest, outcome: str, has_code: bool) -> None:
        for assignment in _standing(request):
            is_early = outcome == "early"
            time_reports.report_times(
                assignment,
                by=assignment.assistant.user,
                code=codes.code_of(assignment) if has_code else "",
                start_at=request.start_at,
                end_at=request.end_at - timedelta(minutes=15 if is_early else 0),
                outcome="ended_early" if is_early else "done",
                role_done=request.role,
                travel_minutes=20 * self.dice.randrange(4) if request.mode == "on_site" else 0,
                travel_km=6 * self.dice.randrange(4) if request.mode == "on_site" else 0,
                wellbeing=3 if request.is_sensitive else self.dice.choice([4, 5, 5]),
            )

    def _dispute(self, request: AssistanceRequest, official: User) -> None:
        for report in _reports(request):
            time_reports.dispute_report(report, by=official, reason="Skończyliśmy kwadrans wcześniej.")

    def _confirm(self, request: AssistanceRequest, official: User) -> None:
        for report in _reports(request):
            if not report.confirmed_at:
                time_reports.confirm_report(report, by=official)

    def _say(self, request: AssistanceRequest, official: User) -> None:
        for assignment in request.assignments.filter(state=Assignment.State.DONE):
            if self.dice.random() < 0.6:
                feedback.give(
                    assignment,
                    by=official,
                    side=Feedback.Side.OFFICIAL,
                    rating=self.dice.choice([5, 5, 4, 5, 3]),
                    was_on_time=self.dice.random() < 0.93,
                    understood=self.dice.choice([5, 4, 5]),
                    would_again=True,
                )
            if self.dice.random() < 0.4:
                by = assignment.assistant.user
                rating = self.dice.choice([5, 4, 4, 3])
                feedback.give(assignment, by=by, side=Feedback.Side.ASSISTANT, rating=rating)

    def _talk(self, request: AssistanceRequest) -> None:
        for talk in Debriefing.objects.filter(assignment__request=request, done_at=None):
            outcome = self.dice.choice([Debriefing.Outcome.TALKED, Debriefing.Outcome.SUPPORT])
            debriefings.finish(talk, by=self.network.coordinators[0], outcome=outcome)

    # --- Papers of a month ------------------------------------------------------------------------------

    def plan_papers(self) -> None:
        """On the third of each month: sheets and statements of the month before; some are signed since."""
        months = settlement.months_back(4)
        for back, (month, last) in enumerate(pairwise(months)):
            third = month.replace(day=3)
            if third <= TODAY:
                act = partial(self._month, last, is_signed=back > 0)
                self.timeline.at(moment(third, "12:00"), act)

    def _month(self, month: date, *, is_signed: bool) -> None:
        by = self.network.coordinators[0]
        assistants = Assistant.objects.filter(project=self.network.project)
        for number, sheet in enumerate(sheets.make_all(assistants, month, by=by)):
            if is_signed or number % 3 == 0:
                sheets.sign(sheet, by=sheet.assistant.user, seen=settlement.fingerprint(sheet.rows))
            if is_signed:
                sheets.sign(sheet, by=by, seen=settlement.fingerprint(sheet.rows))
        institutions = Institution.objects.filter(project=self.network.project)
        for statement in statements.make_all(institutions, month, by=by):
            statements.sign(statement, by=by, seen=settlement.fingerprint(statement.rows))
            if is_signed:
                keeper = self.network.officials[statement.institution.slug][0]
                statements.sign(statement, by=keeper, seen=settlement.fingerprint(statement.rows))


def _standing(request: AssistanceRequest) -> list[Assignment]:
    rows = request.assignments.filter(state=Assignment.State.ACTIVE)
    return list(rows.select_related("assistant__user", "request").order_by("place"))


def _reports(request: AssistanceRequest) -> list[TimeReport]:
    rows = TimeReport.objects.filter(assignment__request=request)
    return list(rows.select_related("assignment").order_by("pk"))
