"""What goes on around the demo's workshops: what people need, how they answer, what is signed and issued."""

import random
from datetime import timedelta
from functools import partial

from django.utils import timezone

from portal.demo.calendar import REAL_NOW, moment
from portal.demo.network import Network
from portal.demo.texts import columns, load
from portal.demo.timeline import Timeline
from portal.models import User
from workshops import (
    answers,
    certificate_drafts,
    certificates,
    copies,
    families,
    head_counts,
    manual_hours,
    placement,
    questions,
    registration,
    sheets,
    waiting_list,
)
from workshops.models import Attendance, Certificate, Registration, SeatOffer, Session, Workshop
from workshops.needs import offered

#: Children of the demo account, and of other women, with the years that they are old.
CHILDREN = [
    ("Sofiia", 8),
    ("Daryna", 10),
    ("Matvii", 7),
    ("Amina", 9),
    ("Eva", 11),
    ("Tymur", 8),
    ("Zlata", 12),
]
#: How those who are asked whether they still want a place answer.
ANSWERS = ["yes"] * 7 + ["no"] * 2 + ["silence"]
WISHES = ["step_free", "hearing_loop", "travel_refund", "prefers_evening", "prefers_weekend"]
FAMILY_COURSE = "polish-for-children"
#: Places become free here shortly before now, so that an offer waits for the demo account.
OFFER_WAITS = "rights-at-work-bydgoszcz"
#: Certificates of the first are issued; those of the second wait for the demo account of the coordinator.
CERTIFIED, TO_CERTIFY = "rights-at-work-torun", "assistant-training-spring"
#: The signatures of this one are on paper too, and do not agree everywhere with the roll.
ON_PAPER = "parents-between-two-schools"
#: Next year's evenings are made from this one.
TEMPLATE = "evening-of-stories"
#: Here two people have stopped coming, and hours are written by hand.
DRIFTING = "polish-a0-torun-morning"


class CourseLife:
    def __init__(self, network: Network, timeline: Timeline, visitor: User):
        self.network = network
        self.timeline = timeline
        self.visitor = visitor
        self.drifting = 0
        self.dice = random.Random(129)  # so many women the second founding project had planned for
        timeline.every_evening(self._answer_offers)

    def told(self, workshop: Workshop, user: User) -> answers.Told:
        """What a person says while she registers."""
        wished = [name for name in WISHES if name in offered(workshop) and self.dice.random() < 0.1]
        needs = dict.fromkeys(wished, True)
        if workshop.childcare_places and self.dice.random() < 0.3:
            needs["children_3_6"] = self.dice.choice([1, 1, 2])
        said = {}
        for question in workshop.questions.all():
            if question.kind == question.Kind.CHOICE:
                said[str(question.pk)] = str(self.dice.randrange(3))
            elif question.kind == question.Kind.YES_NO:
                said[str(question.pk)] = self.dice.choice([answers.YES, answers.YES, answers.NO])
            elif self.dice.random() < 0.3:
                said[str(question.pk)] = self.dice.choice(["mięsa", "orzechów", "ryb"])
        level = self.dice.choice(["A0", "A1", "A1+"]) if workshop.needs_placement else "B1"
        return answers.Told(level=level, script="fluent", is_woman=True, needs=needs, answers=said)

    def ask(self, workshop: Workshop, slug: str, by: User) -> None:
        for facts in load("questions"):
            if facts["slug"] == slug:
                questions.add(
                    workshop,
                    by=by,
                    kind=facts["kind"],
                    is_required=facts["is_required"],
                    is_sensitive=facts["is_sensitive"],
                    **columns("text", facts["text"]),
                    **columns("choices", facts.get("choices")),
                )

    def plan(self, workshop: Workshop, slug: str, coordinator: User, trainer: User) -> None:
        """What follows in this workshop, each thing at its time."""
        sessions = list(workshop.sessions.order_by("start_at"))
        at = self.timeline.at
        if slug == FAMILY_COURSE:
            self._plan_families(workshop)
        if slug == OFFER_WAITS:
            at(REAL_NOW - timedelta(minutes=150), partial(self._free_places, workshop, 3))
        if slug in (CERTIFIED, TO_CERTIFY):
            self._plan_certificates(workshop, sessions[-1], waits=slug == TO_CERTIFY)
        if slug in (CERTIFIED, ON_PAPER):
            sign = partial(self._sign, trainer=trainer, somebody_forgets=slug == ON_PAPER)
            for session in sessions:
                at(session.end_at + timedelta(minutes=20), partial(sign, session))
        if slug == DRIFTING:
            self.drifting = workshop.pk
            at(
                moment(REAL_NOW.date() - timedelta(days=9), "12:30"),
                partial(self._by_hand, workshop, trainer),
            )
        if workshop.signup_mode == Workshop.SignupMode.OPEN:
            for session in sessions:
                at(session.end_at + timedelta(hours=1), partial(self._count, session, coordinator))
        if slug == TEMPLATE:
            at(REAL_NOW - timedelta(days=6), partial(copies.save_as_template, workshop, by=coordinator))
        if workshop.needs_placement:
            before = sessions[0].start_at - timedelta(days=1)
            at(min(before, REAL_NOW - timedelta(hours=5)), partial(self._place, workshop, coordinator))

    def is_drifting(self, session: Session, row: Registration) -> bool:
        """Two people of one course have missed its last meetings."""
        if session.workshop_id != self.drifting:
            return False
        held = session.workshop.sessions.filter(end_at__lt=REAL_NOW).order_by("-start_at")
        first, second = session.workshop.registrations.confirmed().exclude(user=self.visitor)[:2]
        return (row == first and session in held[:4]) or (row == second and session in held[:2])

    def _answer_offers(self) -> None:
        """Those who are offered a place say yes, no or nothing; the demo account answers by itself."""
        live = SeatOffer.objects.filter(state=SeatOffer.State.LIVE).exclude(registration__user=self.visitor)
        for offer in live.select_related("registration__workshop", "registration__user"):
            person = offer.registration.user
            match self.dice.choice(ANSWERS):
                case "yes":
                    self.timeline.at(timezone.now(), partial(waiting_list.accept, offer, by=person))
                case "no":
                    self.timeline.at(timezone.now(), partial(waiting_list.decline, offer, by=person))

    def _count(self, session: Session, coordinator: User) -> None:
        head_counts.record(
            session,
            by=coordinator,
            women=34,
            men=19,
            children=27,
            locals=22,
            officials=3,
            method="Dwie osoby liczyły przy wejściu",
        )

    def _free_places(self, workshop: Workshop, number: int) -> None:
        for row in workshop.registrations.confirmed().exclude(user=self.visitor)[:number]:
            registration.cancel(row, by=row.user)

    def _plan_families(self, workshop: Workshop) -> None:
        mothers = [
            user
            for user in self.network.people
            if user.email and user != self.visitor and user.participant.gender == "woman"
        ]
        theirs = [
            (self.visitor, CHILDREN[:2]),
            *zip(mothers[3:8], ([child] for child in CHILDREN[2:]), strict=True),
        ]
        for number, (mother, children) in enumerate(theirs):
            when = max(workshop.published_at, REAL_NOW - timedelta(days=3)) + timedelta(hours=3 + number)
            self.timeline.at(when, partial(self._bring, workshop, mother, children))

    def _bring(self, workshop: Workshop, mother: User, children: list[tuple[str, int]]) -> None:
        young = [
            families.add_child(mother, call_me=name, birth_year=REAL_NOW.year - age, by=mother)
            for name, age in children
        ]
        families.register(workshop, mother, young)

    def _place(self, workshop: Workshop, coordinator: User) -> None:
        """Some levels are found already, and some still to be found."""
        for row in workshop.registrations.standing().select_related("user")[:7]:
            level = self.dice.choice(["A0", "A1", "A1", "A1+"])
            placement.place(
                row,
                by=coordinator,
                placed_level=level,
                interview_level=level,
                test_score=self.dice.randrange(20, 70),
                latin_script=self.dice.choice(["slow", "fluent", "fluent"]),
            )

    def _sign(self, session: Session, *, trainer: User, somebody_forgets: bool) -> None:
        """The list goes round, and the trainer countersigns it where nobody forgot to sign."""
        sheet = sheets.print_sheet(session, by=trainer, language="uk")
        came = Attendance.objects.filter(session=session, mark__in=Attendance.CAME).values("registration")
        rows = list(sheet.rows.filter(registration__in=came))
        sheets.write_down(sheet, {row.registration_id for row in rows[somebody_forgets:]}, by=trainer)
        if not somebody_forgets:
            sheets.countersign(sheet, by=trainer)

    def _plan_certificates(self, workshop: Workshop, last: Session, *, waits: bool) -> None:
        first, second = self.network.coordinators
        if waits:
            when = REAL_NOW - timedelta(days=1)
            self.timeline.at(when, partial(certificate_drafts.draft_all, workshop, by=second))
            return
        when = last.end_at + timedelta(days=2)
        self.timeline.at(when, partial(certificate_drafts.draft_all, workshop, by=first))
        self.timeline.at(when + timedelta(days=1), partial(self._issue, workshop, second))

    def _issue(self, workshop: Workshop, by: User) -> None:
        for draft in Certificate.objects.filter(
            registration__workshop=workshop, state=Certificate.State.DRAFT
        ):
            certificates.approve_and_issue(draft, by=by)

    def _by_hand(self, workshop: Workshop, trainer: User) -> None:
        """The hours of the demo account are agreed to; those of somebody else wait for a second person."""
        others = workshop.registrations.confirmed().exclude(user=self.visitor)
        hers = workshop.registrations.confirmed().get(user=self.visitor)
        on = timezone.localdate() - timedelta(days=1)
        agreed = manual_hours.enter(
            hers, on=on, minutes=45, reason="Lekcja odrobiona: liczby i ceny", by=trainer
        )
        manual_hours.approve(agreed, by=self.network.coordinators[0])
        manual_hours.enter(others.last(), on=on, minutes=90, reason="Wspólna wizyta w bibliotece", by=trainer)
