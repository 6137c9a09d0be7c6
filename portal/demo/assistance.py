"""Requests of the demo's institutions, moved through their states by the verbs."""

import random
from datetime import timedelta
from functools import partial

from django.utils import timezone

from institutions import no_shows, offers, requests, withdrawals
from institutions.models import Assignment, AssistanceRequest, Offer, PresenceStatement, RequestTransition
from portal.clock import is_working_day
from portal.demo.after_meetings import AfterMeetings
from portal.demo.calendar import REAL_NOW, day, moment
from portal.demo.network import Network
from portal.demo.texts import load
from portal.demo.timeline import Timeline
from portal.demo.waiting_requests import WaitingRequests
from portal.models import User

Reason = RequestTransition.Reason
GENDER = {"none": ("any", False), "woman": ("woman", False), "woman_required": ("woman", True)}
#: Days between the request and the meeting.
LEAD = {"planned": 8, "urgent": 1, "emergency": 0}
#: So far back the ordinary requests reach.
EVERYDAY_SPAN = 88
#: Outcomes in which somebody agreed.
FILLED = {
    "closed", "confirmed", "awaiting_report", "reported", "cancelled", "done", "early", "disputed",
    "client_absent", "withdrawn", "cancelled_late",
}  # fmt: skip


class Assistance:
    def __init__(self, network: Network, timeline: Timeline):
        self.network = network
        self.timeline = timeline
        self.after = AfterMeetings(network, timeline)
        self.dice = random.Random(16)
        self.turn = 0

    def plan(self, say) -> None:
        say("requests for an assistant")
        for number, facts in enumerate(load("requests")):
            self._plan_request(number, facts)
        everyday = load("everyday")
        for facts in everyday["served"]:
            self._plan_often(facts, everyday["outcomes"])
        for facts in everyday["unserved"]:
            self._plan_often(facts, ["unfilled"])
        WaitingRequests(self).plan()
        self.after.plan_papers()

    def _plan_request(self, number: int, facts: dict) -> None:
        on = self.working_day(facts["in_days"])
        start = moment(on, facts["start"])
        asked = moment(on - timedelta(days=LEAD[facts["urgency"]]), f"08:{10 + number % 40}")
        if facts["outcome"] == "offering":  # the answers are still awaited
            asked = REAL_NOW - timedelta(minutes=40 + 25 * (number % 8))
        self.timeline.at(asked, partial(self._submit, facts, start, facts["outcome"]))

    def _plan_often(self, facts: dict, outcomes: list[str]) -> None:
        """The same again and again, each time on another day."""
        step = EVERYDAY_SPAN / facts["often"]
        for turn in range(facts["often"]):
            on = self.working_day(-EVERYDAY_SPAN + round(step * turn) + self.dice.randrange(4))
            outcome, self.turn = outcomes[self.turn % len(outcomes)], self.turn + 1
            asked = moment(on - timedelta(days=self.dice.randint(5, 11)), f"09:{self.dice.randrange(10, 59)}")
            act = partial(self._submit, facts, moment(on, facts["start"]), outcome)
            self.timeline.at(asked, act)

    @staticmethod
    def working_day(offset: int):
        """That day from today, or the nearest working day farther away."""
        on = day(offset)
        while not is_working_day(on):
            on += timedelta(days=1 if offset > 0 else -1)
        return on

    # --- One request ------------------------------------------------------------------------------------

    def _submit(self, facts: dict, start, outcome: str) -> None:
        official, order = self.order(facts, start)
        request = requests.submit(self.network.institutions[facts["institution"]], by=official, **order)
        if outcome in FILLED:
            self._fill(request, official, outcome)

    def order(self, facts: dict, start) -> tuple[User, dict]:
        institution = self.network.institutions[facts["institution"]]
        official = self.network.officials[facts["institution"]][facts.get("official", 0)]
        unit = list(institution.units.order_by("pk"))[facts["unit"]]
        preference, is_required = GENDER[facts.get("gender_preference", "none")]
        modes = facts.get("modes") or [facts["mode"]]
        second = facts.get("second_language") or ""
        return official, {
            "unit": unit,
            "subject": facts["subject"],
            "role": facts.get("role", "interpreting"),
            "language": facts["language"],
            "second_language": second,
            "is_second_language_agreed": bool(second),
            "gender_preference": preference,
            "is_gender_required": is_required,
            "ranked_modes": modes,
            "mode": modes[0],
            "urgency": facts.get("urgency", "planned"),
            "start_at": start,
            "minutes": facts["minutes"],
            "assistants_needed": facts.get("assistants", 1),
            "are_minors_present": facts.get("minors", False),
            "sensitivities": ["trauma"] if facts.get("sensitive") else [],
            "case_reference": facts.get("case", ""),
            "town": institution.town,
            "county": institution.county,
            "address": unit.address,
            "contact_name": official.call_me,
            "contact_phone": "+48561000000",
            "briefing": facts["briefing"],
        }

    def _fill(self, request: AssistanceRequest, official: User, outcome: str) -> None:
        """Somebody of those asked says no, the one with the fewest jobs says yes; then it goes its way."""
        now, start = timezone.now(), request.start_at
        self.timeline.at(now + timedelta(hours=2), partial(self._refuse_one, request))
        self.timeline.at(now + timedelta(hours=3), partial(self.accept, request))
        if outcome == "withdrawn":
            self.timeline.at(start - timedelta(hours=50), partial(self._withdraw, request))
            self.timeline.at(start - timedelta(hours=46), partial(self.accept, request))
        if outcome == "cancelled":
            self.timeline.at(start - timedelta(hours=60), partial(self._cancel, request, official))
        if outcome == "cancelled_late":
            self.timeline.at(start - timedelta(hours=20), partial(self._cancel, request, official))
        if outcome == "client_absent":
            self.timeline.at(start + timedelta(minutes=20), partial(self._client_absent, request))
        self.after.plan_meeting(request, official, outcome)

    def _refuse_one(self, request: AssistanceRequest) -> None:
        """Whenever more than two were asked, one has other plans."""
        asked = self._asked(request)
        if len(asked) > 2:
            offers.refuse(asked[-1], by=asked[-1].assistant.user)

    def accept(self, request: AssistanceRequest) -> None:
        """The one with the fewest jobs so far says yes, for each place."""
        for place in range(request.assistants_needed):
            asked = [offer for offer in self._asked(request) if offer.attempt.place == place + 1]
            if asked:
                offer = min(asked, key=lambda offer: (offer.assistant.assignments.count(), offer.pk))
                offers.accept(offer, by=offer.assistant.user)

    def _asked(self, request: AssistanceRequest) -> list[Offer]:
        rows = request.offers.filter(state=Offer.State.OPEN).select_related("assistant__user", "attempt")
        return list(rows.order_by("pk"))

    def _withdraw(self, request: AssistanceRequest) -> None:
        assignment = request.assignments.filter(state=Assignment.State.ACTIVE).first()
        if assignment:
            withdrawals.withdraw(assignment, by=assignment.assistant.user, reason=Reason.ILL)

    def _cancel(self, request: AssistanceRequest, official: User) -> None:
        request.refresh_from_db()
        requests.cancel(request, by=official, reason=Reason.CLIENT_CANCELLED)

    def _client_absent(self, request: AssistanceRequest) -> None:
        assignment = request.assignments.filter(state=Assignment.State.ACTIVE).first()
        if assignment:
            by = assignment.assistant.user
            missing = PresenceStatement.Missing.CLIENT
            no_shows.assistant_says(assignment, by=by, missing=missing, travel_minutes=40)
