"""Requests of the demo's institutions, moved through their states by the verbs."""

from datetime import timedelta
from functools import partial

from django.utils import timezone

from institutions import offers, requests, time_reports
from institutions.models import Assignment, AssistanceRequest, Offer, RequestTransition
from portal.clock import is_working_day
from portal.demo.calendar import REAL_NOW, day, moment
from portal.demo.network import Network
from portal.demo.texts import load
from portal.demo.timeline import Timeline
from portal.models import User

GENDER = {"none": ("any", False), "woman": ("woman", False), "woman_required": ("woman", True)}
#: Days between the request and the meeting.
LEAD = {"planned": 8, "urgent": 1, "emergency": 0}


class Assistance:
    def __init__(self, network: Network, timeline: Timeline):
        self.network = network
        self.timeline = timeline

    def plan(self, say) -> None:
        say("requests for an assistant")
        for number, facts in enumerate(load("requests")):
            self._plan_request(number, facts)

    def _plan_request(self, number: int, facts: dict) -> None:
        on = day(facts["in_days"])
        while not is_working_day(on):
            on += timedelta(days=1)
        start = moment(on, facts["start"])
        official = self.network.officials[facts["institution"]][facts["official"]]
        asked = moment(on - timedelta(days=LEAD[facts["urgency"]]), f"08:{10 + number % 40}")
        if facts["outcome"] == "offering":  # the answers are still awaited
            asked = REAL_NOW - timedelta(minutes=40 + 25 * (number % 8))
        self.timeline.at(asked, partial(self._submit, facts, start, official))

    def _submit(self, facts: dict, start, official: User) -> None:
        institution = self.network.institutions[facts["institution"]]
        unit = list(institution.units.order_by("pk"))[facts["unit"]]
        preference, is_required = GENDER[facts["gender_preference"]]
        request = requests.submit(
            institution,
            by=official,
            unit=unit,
            subject=facts["subject"],
            role=facts["role"],
            language=facts["language"],
            second_language=facts["second_language"] or "",
            gender_preference=preference,
            is_gender_required=is_required,
            mode=facts["mode"],
            urgency=facts["urgency"],
            start_at=start,
            minutes=facts["minutes"],
            town=institution.town,
            county=institution.county,
            address=unit.address,
            contact_name=official.call_me,
            contact_phone="+48561000000",
            briefing=facts["briefing"],
        )
        now = timezone.now()
        outcome = facts["outcome"]
        if outcome in ("closed", "confirmed", "awaiting_report", "cancelled"):
            self.timeline.at(now + timedelta(hours=2), partial(self._refuse_one, request))
            self.timeline.at(now + timedelta(hours=3), partial(self._accept, request))
        if outcome == "cancelled":
            before = start - timedelta(hours=20)
            self.timeline.at(before, partial(self._cancel, request, official))
        if outcome == "closed":
            self.timeline.at(request.end_at + timedelta(hours=2), partial(self._report, request))
            self.timeline.at(request.end_at + timedelta(hours=22), partial(self._confirm, request, official))

    def _refuse_one(self, request: AssistanceRequest) -> None:
        """Whenever more than two were asked, one has other plans."""
        asked = list(request.offers.filter(state=Offer.State.OPEN).order_by("pk"))
        if len(asked) > 2:
            offers.refuse(asked[-1], by=asked[-1].assistant.user)

    def _accept(self, request: AssistanceRequest) -> None:
        """The one with the fewest jobs so far says yes."""
        asked = list(request.offers.filter(state=Offer.State.OPEN).select_related("assistant__user"))
        if asked:
            offer = min(asked, key=lambda offer: (offer.assistant.assignments.count(), offer.pk))
            offers.accept(offer, by=offer.assistant.user)

    def _cancel(self, request: AssistanceRequest, official: User) -> None:
        request.refresh_from_db()
        requests.cancel(request, by=official, reason=RequestTransition.Reason.CLIENT_CANCELLED)

    def _report(self, request: AssistanceRequest) -> None:
        assignment = request.assignments.filter(state=Assignment.State.ACTIVE).first()
        if assignment:
            time_reports.report_times(
                assignment,
                by=assignment.assistant.user,
                start_at=request.start_at,
                end_at=request.end_at + timedelta(minutes=10 * (request.pk % 3)),
                travel_minutes=20 * (request.pk % 4),
            )

    def _confirm(self, request: AssistanceRequest, official: User) -> None:
        assignment = request.assignments.filter(report__confirmed_at__isnull=True).first()
        if assignment and hasattr(assignment, "report"):
            time_reports.confirm_report(assignment.report, by=official)
