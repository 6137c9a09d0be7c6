"""What waits in the demo for somebody to act: a draft, a question, a long meeting, a complaint, a choice."""

from datetime import time, timedelta
from functools import partial

from institutions import (
    assistants,
    availability,
    blocks,
    complaints,
    offers,
    proposals,
    questions,
    requests,
    reviews,
    series,
    settlement,
    staffing,
    unmet,
)
from institutions.models import Assignment, AssistanceRequest, Complaint, Feedback, Offer
from institutions.transitions import Reason
from portal.demo.calendar import REAL_NOW, day, moment
from portal.models import User

SIDE = Feedback.Side.OFFICIAL


class WaitingRequests:
    """``assistance`` knows how an order of the demo is written."""

    def __init__(self, assistance):
        self.assistance = assistance
        self.network = assistance.network
        self.timeline = assistance.timeline

    def plan(self) -> None:
        self.timeline.at(REAL_NOW - timedelta(hours=20), self._long_meeting)
        self.timeline.at(REAL_NOW - timedelta(hours=19), self._question)
        self.timeline.at(REAL_NOW - timedelta(hours=6), self._draft)
        self.timeline.at(REAL_NOW - timedelta(days=4), self._two_assistants)
        self.timeline.at(REAL_NOW - timedelta(days=3), self._choice)
        self.timeline.at(REAL_NOW - timedelta(days=24), self._row)
        self.timeline.at(REAL_NOW - timedelta(days=5), partial(self._complaint, "late", is_answered=True))
        self.timeline.at(REAL_NOW - timedelta(days=1), partial(self._complaint, "quality", is_answered=False))
        self.timeline.at(REAL_NOW - timedelta(days=2), self._complaint_about_the_network)
        self.timeline.at(REAL_NOW - timedelta(days=2), self._declined)
        self.timeline.at(REAL_NOW - timedelta(days=2), self._pause)
        self.timeline.at(REAL_NOW - timedelta(days=2), self._other_hours)
        self.timeline.at(REAL_NOW - timedelta(hours=9), self._new_time)
        self.timeline.at(REAL_NOW - timedelta(hours=2), self._publish)

    def _order(self, on, clock: str, **facts) -> tuple[User, dict]:
        usual = {"unit": 0, "subject": "labour_office", "language": "uk", "mode": "on_site", "minutes": 60}
        return self.assistance.order(usual | facts, moment(on, clock))

    def _institution(self, slug: str):
        return self.network.institutions[slug]

    def _long_meeting(self) -> None:
        """Longer than one person can do: a coordinator has to look at it."""
        slug = "hospital-bydgoszcz"
        briefing = "Szkoła rodzenia: całe popołudnie, sześć par."
        official, order = self._order(
            self.assistance.working_day(12), "11:00", institution=slug, subject="health", minutes=180,
            briefing=briefing,
        )  # fmt: skip
        requests.submit(self._institution(slug), by=official, **order)

    def _question(self) -> None:
        slug = "municipal-office-wloclawek"
        official, order = self._order(
            self.assistance.working_day(11), "12:00", institution=slug, subject="other", minutes=150,
            briefing="Zebranie mieszkanek i mieszkańców o remoncie.",
        )  # fmt: skip
        request = requests.submit(self._institution(slug), by=official, **order)
        text = "Czy spotkanie można podzielić na dwie części z przerwą?"
        questions.ask(request, by=self.network.coordinators[0], text=text)

    def _draft(self) -> None:
        slug = "labour-office-torun"
        official, order = self._order(
            self.assistance.working_day(9), "10:00", institution=slug, minutes=45,
            briefing="Omówienie oferty stażu.",
        )  # fmt: skip
        requests.save_draft(self._institution(slug), by=official, **order)

    def _two_assistants(self) -> None:
        """One of two has agreed."""
        slug = "school-torun"
        official, order = self._order(
            self.assistance.working_day(8), "10:00", institution=slug, subject="school", minutes=150,
            assistants=2, briefing="Dzień otwarty dla rodzin: oprowadzanie w dwóch grupach.",
        )  # fmt: skip
        request = requests.submit(self._institution(slug), by=official, **order)
        first = request.offers.filter(state=Offer.State.OPEN, attempt__place=1).order_by("pk").first()
        if first:
            offers.accept(first, by=first.assistant.user)

    def _choice(self) -> None:
        """The coordinator chooses; one assistant is interested."""
        slug = "counselling-centre-bydgoszcz"
        official, order = self._order(
            self.assistance.working_day(10), "12:00", institution=slug, subject="other", language="ru",
            briefing="Pierwsze spotkanie grupy wsparcia.", modes=["on_site", "video"],
        )  # fmt: skip
        request = requests.submit(self._institution(slug), by=official, **order)
        staffing.change_choice(request, AssistanceRequest.Choice.COORDINATOR, by=self.network.coordinators[0])
        for offer in request.offers.filter(state=Offer.State.OPEN).order_by("pk")[:2]:
            offers.show_interest(offer, by=offer.assistant.user)

    def _row(self) -> None:
        """Four weeks in a row, for one case, with one face if it can be."""
        slug = "counselling-centre-bydgoszcz"
        first = self.assistance.working_day(-14)
        official, order = self._order(
            first, "11:00", institution=slug, subject="other", language="ar", case="PPP.52.14",
            briefing="Spotkania o rozwoju mowy dziecka.", modes=["on_site", "video"],
        )  # fmt: skip
        days = [first + timedelta(weeks=week) for week in range(5)]
        draft = series.save_drafts(self._institution(slug), by=official, days=days, **order)
        for request in series.send(draft, by=official):
            self.timeline.at(REAL_NOW - timedelta(days=23, hours=8), partial(self.assistance.accept, request))
            self.assistance.after.plan_meeting(request, official, "closed")

    def _complaint(self, category: str, *, is_answered: bool) -> None:
        done = Assignment.objects.filter(state=Assignment.State.DONE, request__state="closed")
        job = done.select_related("request__institution").order_by("-request__start_at", "pk").first()
        if is_answered:
            job = done.order_by("-request__start_at", "pk")[3]
        official = job.request.requested_by
        texts = {
            "late": "Spotkanie zaczęło się dwadzieścia minut później.",
            "quality": "Część zdań nie została przetłumaczona.",
        }
        complaint = complaints.complain(
            job.request, by=official, side=SIDE, category=category, text=texts[category], assignment=job
        )
        if is_answered:
            by = self.network.coordinators[0]
            complaints.look_into(complaint, by=by)
            answer = "Przepraszamy. Pociąg stanął w polu; następnym razem damy znać wcześniej."
            complaints.decide(complaint, by=by, decision=Complaint.State.UPHELD, answer=answer)
        else:
            blocks.wish(job, by=official)

    def _complaint_about_the_network(self) -> None:
        """Whoever planned that meeting neither reads nor decides it: the other coordinator does."""
        done = Assignment.objects.filter(state=Assignment.State.DONE, request__state="closed")
        job = (
            done.select_related("request__institution", "assistant__user")
            .order_by("request__start_at", "pk")
            .last()
        )
        complaints.complain(
            job.request, by=job.assistant.user, side=Feedback.Side.ASSISTANT, assignment=job,
            category=Complaint.Category.OTHER, about=Complaint.About.COORDINATOR,
            coordinator=self.network.coordinators[1],
            text="O zmianie sali była mowa dopiero w dniu spotkania.",
        )  # fmt: skip

    def _declined(self) -> None:
        """A whole afternoon in a language that nobody of the network speaks."""
        slug = "hospital-bydgoszcz"
        official, order = self._order(
            self.assistance.working_day(13), "12:00", institution=slug, subject="health", language="am",
            minutes=180, briefing="Szkolenie dla rodziców wcześniaków.",
        )  # fmt: skip
        request = requests.submit(self._institution(slug), by=official, **order)
        reviews.decline(request, by=self.network.coordinators[0], reason=Reason.NO_LANGUAGE)

    def _pause(self) -> None:
        """An assistant who asked for some weeks without offers."""
        assistants.suspend(self.network.assistants[-1], by=self.network.coordinators[1])

    def _other_hours(self) -> None:
        """One is away for a week, another one can help on a Saturday too."""
        away, more = self.network.assistants[2], self.network.assistants[0]
        off = {"starts_on": day(40), "ends_on": day(47)}
        availability.take_days_off(away, by=away.user, **off)
        saturday = day(3, weekday=5)
        availability.add_hours(more, by=more.user, day=saturday, starts=time(10), ends=time(14))

    def _new_time(self) -> None:
        """An official would like to move a meeting; the assistant is asked."""
        coming = AssistanceRequest.objects.filter(state="confirmed", start_at__gt=moment(day(4), "00:00"))
        request = coming.filter(series=None).order_by("start_at", "pk").first()
        if request and request.requested_by:
            later = request.start_at + timedelta(minutes=30)
            proposals.propose(
                request, by=request.requested_by, start_at=later, minutes=request.minutes, mode=request.mode,
                town=request.town, county=request.county,
            )  # fmt: skip

    def _publish(self) -> None:
        """The Regional Team takes the numbers of two months to the authorities."""
        last, before = settlement.months_back(3)[1:]
        until = settlement.next_month(last) - timedelta(days=1)
        by = self.network.coordinators[0]
        unmet.publish(self.network.project, since=before, until=until, by=by)
