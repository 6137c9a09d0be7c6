"""Workshops of the demo: planned, filled, held and marked by the verbs, each at its time."""

import random
from datetime import time, timedelta
from functools import partial

from django.utils import timezone

from participants.models import Participant
from portal.demo import people as demo_people
from portal.demo.calendar import REAL_NOW, TODAY, day, moment
from portal.demo.course_life import CourseLife
from portal.demo.network import Network
from portal.demo.texts import columns, load
from portal.demo.timeline import Timeline
from portal.models import User
from projects.models import Theme
from workshops import answers, attendance, planning, registration, series
from workshops.models import Registration, Session, Workshop

TEXTS = ("title", "summary", "description", "for_whom", "what_to_bring", "childcare_note")
#: How people come, roughly as in the courses of the two founding projects.
MARKS = ["present"] * 78 + ["late"] * 6 + ["left_early"] * 3 + ["excused"] * 6 + ["absent"] * 7
#: Nobody has called the roll of the last meeting of these: something waits for the coordinator.
ROLL_FORGOTTEN = {"polish-a1-bydgoszcz", "ethics-for-assistants"}
#: Where the person of the demo account is registered.
VISITOR_JOINS = {
    "rights-at-work-torun",
    "polish-a0-torun-morning",
    "parents-between-two-schools",
    "speaking-in-public",
    "residence-papers",
}
VISITOR_WAITS = "rights-at-work-bydgoszcz"


class Activities:
    def __init__(self, network: Network, timeline: Timeline):
        self.network = network
        self.timeline = timeline
        self.dice = random.Random(441)  # 441 women took part in the second founding project
        self.visitor = self._choose_visitor()
        self.roll_forgotten: set[int] = set()
        self.life = CourseLife(network, timeline, self.visitor)

    def plan(self, say) -> None:
        say("workshops")
        for number, facts in enumerate(load("workshops")):
            self._plan_workshop(number, facts)

    def _choose_visitor(self) -> User:
        """The migrant's demo account: a woman who reads Ukrainian and lives in Toruń."""
        visitor = next(
            user
            for user in self.network.people
            if user.email and user.language == "uk" and user.participant.gender == "woman"
        )
        return demo_people.hand_account(visitor, "migrant")

    def _plan_workshop(self, number: int, facts: dict) -> None:
        row = facts["sessions"]
        first = day(row["first_in_days"], row.get("weekday"))
        published_on = min(first - timedelta(days=32), TODAY - timedelta(days=4 + number % 5))
        coordinator = self.network.coordinators[number % 2]
        trainer = self.network.trainers[number % len(self.network.trainers)]

        def publish():
            workshop = self._create(facts, coordinator, trainer)
            series.add(
                workshop,
                first_on=first,
                starts=time.fromisoformat(row["start"]),
                minutes=row["minutes"],
                until=first + timedelta(weeks=row["weeks"] - 1),
                break_minutes=row["break_minutes"],
                by=coordinator,
            )
            self.life.ask(workshop, facts["slug"], coordinator)
            workshop = planning.publish(workshop, by=coordinator)
            self.life.plan(workshop, facts["slug"], coordinator, trainer)
            if facts["slug"] in ROLL_FORGOTTEN:
                self.roll_forgotten.add(workshop.pk)
            self._fill(workshop, facts, coordinator)
            for session in workshop.sessions.all():
                self.timeline.at(
                    session.end_at + timedelta(minutes=4), partial(self._call_roll, session, trainer)
                )

        self.timeline.at(moment(published_on, "11:20"), publish)

    def _create(self, facts: dict, coordinator: User, trainer: User) -> Workshop:
        texts: dict[str, str] = {}
        for name in TEXTS:
            texts |= columns(name, facts.get(name))
        access = facts.get("access") or {}
        return planning.create_workshop(
            Theme.objects.get(project=self.network.project, code=facts["theme"]),
            by=coordinator,
            trainers=[trainer],
            kind=facts["kind"],
            languages=facts["language_of_instruction"],
            level=facts.get("level") or "",
            format=facts["format"],
            town="" if facts["format"] == "online" else facts["town"],
            venue=facts.get("venue") or "",
            address=facts.get("address") or "",
            online_link="" if facts["format"] == "on_site" else f"https://meet.example/{facts['slug']}",
            is_address_public=facts["kind"] == "event",
            is_women_only=facts["women_only"],
            childcare_places=facts["childcare_places"],
            is_step_free=access.get("step_free", False),
            has_lift=access.get("lift", False),
            has_hearing_loop=access.get("hearing_loop", False),
            has_accessible_toilet=access.get("toilet", False),
            refunds_travel=facts["travel_refund"],
            capacity=facts["capacity"],
            minimum=facts["minimum"],
            signup_mode=facts["signup_mode"],
            **facts.get("rules", {}),
            **texts,
        )

    def _fill(self, workshop: Workshop, facts: dict, coordinator: User) -> None:
        """People find it over the days between its publication and its start."""
        fill = facts["fill"]
        begins = workshop.sessions.earliest("start_at").start_at
        opens, closes = timezone.now(), min(begins - timedelta(hours=30), REAL_NOW)
        wanted = fill["confirmed"] + fill.get("waiting", 0) + fill.get("applied", 0)
        crowd = self._crowd(workshop, facts)[:wanted]
        if facts["slug"] in VISITOR_JOINS:
            crowd.insert(2, self.visitor)
        if facts["slug"] == VISITOR_WAITS:
            crowd.insert(fill["confirmed"] + 2, self.visitor)
        moments = sorted(opens + (closes - opens) * self.dice.random() ** 1.6 for _person in crowd)
        to_approve = fill["confirmed"] if workshop.signup_mode == Workshop.SignupMode.BY_APPROVAL else 0
        for number, (when, user) in enumerate(zip(moments, crowd, strict=True)):
            self.timeline.at(when, partial(self._register, workshop, user, coordinator))
            if number < to_approve:
                later = when + timedelta(hours=20)
                self.timeline.at(later, partial(self._approve, workshop, user, coordinator))
        for user in self.dice.sample(crowd, k=len(crowd) // 12):
            if user != self.visitor and facts["slug"] != VISITOR_WAITS:
                leaves = opens + (begins - opens) * 0.9
                self.timeline.at(leaves, partial(self._leave, workshop, user))

    def _crowd(self, workshop: Workshop, facts: dict) -> list[User]:
        """People in a random order, those from the town first."""
        if workshop.audience == Workshop.Audience.OFFICIALS:
            return [user for office in self.network.officials.values() for user in office]
        people = [user for user in self.network.people if user != self.visitor]
        if workshop.is_women_only:
            people = [user for user in people if user.participant.gender == Participant.Gender.WOMAN]
        if facts["theme"] == "assistance":
            team = [assistant.user for assistant in self.network.assistants]
            others = [user for user in people if user not in team]
            return team + self.dice.sample(others, k=len(others))
        self.dice.shuffle(people)
        return sorted(people, key=lambda user: user.participant.town != workshop.town)

    def _register(self, workshop: Workshop, user: User, coordinator: User) -> None:
        if user.email:
            told = self.life.told(workshop, user)
            invitation = str(workshop.invitation_key)
            answers.register(workshop, user, by=user, told=told, invitation=invitation)
        else:
            registration.add_by_hand(workshop, user, by=coordinator)

    def _approve(self, workshop: Workshop, user: User, coordinator: User) -> None:
        row = Registration.objects.filter(workshop=workshop, user=user).first()
        if row and row.state == Registration.State.REQUESTED:
            registration.approve(row, by=coordinator)

    def _leave(self, workshop: Workshop, user: User) -> None:
        row = Registration.objects.filter(workshop=workshop, user=user).first()
        if row and row.is_standing:
            registration.cancel(row, by=user)

    def _call_roll(self, session: Session, trainer: User) -> None:
        session.refresh_from_db()
        workshop = session.workshop
        last = workshop.sessions.filter(end_at__lt=REAL_NOW).order_by("start_at").last()
        if workshop.pk in self.roll_forgotten and session == last:
            return
        marks = {}
        for row in workshop.registrations.confirmed():
            mark = "present" if row.user_id == self.visitor.pk else self.dice.choice(MARKS)
            if self.life.is_drifting(session, row):
                mark = "absent"
            minutes = session.minutes - 25 if mark in ("late", "left_early") else None
            marks[row.pk] = attendance.RollEntry(mark, minutes)
        if marks:
            attendance.call_roll(session, marks, by=trainer)
