"""What happened in the demo, in its order: every act at its moment, by the verb that would do it then."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from institutions import tasks as institution_tasks
from portal import diary, messages
from portal.demo.calendar import as_if_it_were, moment
from portal.refusals import Refused
from workshops import tasks as workshop_tasks


class Timeline:
    def __init__(self):
        self._order = itertools.count()
        self._evenings: list[Callable[[], object]] = []
        self._acts: list[tuple[datetime, int, Callable[[], object]]] = []

    def at(self, when: datetime, act: Callable[[], object]) -> None:
        self._acts.append((when, next(self._order), act))

    def every_evening(self, act: Callable[[], object]) -> None:
        self._evenings.append(act)

    def run(self, say: Callable[[str], None]) -> None:
        """Play everything up to now; between the days the background work runs as it would have."""
        now = timezone.now()
        self._acts.sort(key=lambda act: act[:2])
        day = None
        refused = 0
        # An act may plan later acts, so the list is read as a queue.
        while self._acts:
            when, _number, act = self._acts.pop(0)
            if when > now:
                break
            today = timezone.localdate(when)
            if day is None:
                day = today
            while day < today:
                self._background_work(moment(day, "19:00"))
                day += timedelta(days=1)
            planned = len(self._acts)
            with as_if_it_were(when):
                try:
                    act()
                except Refused:
                    refused += 1  # as in life: somebody was busy, or too late
            if len(self._acts) > planned:
                self._acts.sort(key=lambda act: act[:2])
        while day is not None and moment(day, "19:00") < now:
            self._background_work(moment(day, "19:00"))
            day += timedelta(days=1)
        messages.deliver_due(limit=5000)
        say(f"(refused, as in life: {refused})")

    def _background_work(self, when: datetime) -> None:
        with as_if_it_were(when):
            diary.queue_due_reminders()
            workshop_tasks.pass_offers_on()
            workshop_tasks.offer_free_places()
            workshop_tasks.nag_about_unknown_attendance()
            workshop_tasks.look_after_who_misses_meetings()
            workshop_tasks.forget_spent_answers()
            institution_tasks.move_requests_on()
            institution_tasks.remind_of_requests()
            for act in self._evenings:
                act()
        with as_if_it_were(when + timedelta(minutes=1)):
            messages.deliver_due(limit=5000)
