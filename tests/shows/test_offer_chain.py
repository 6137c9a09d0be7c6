"""Two hundred people wait, twenty places become free at random moments, and offers are answered, refused and
forgotten at once, by four workers on real connections.

At no moment are more places taken than there are, no freed place is lost, the list is served in order, and
each offer is told of once. The dice have a fixed seed; the order of the workers is whatever it is.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from portal import messages
from portal.models import Message
from portal.refusals import Refused
from tests import factories
from workshops import registration, waiting_list
from workshops.capacity_audit import findings
from workshops.models import Registration, SeatOffer

State = Registration.State
WAITING, PLACES, FREED, WORKERS = 200, 40, 20, 4
AT_MOST_SECONDS = 45
SEED = 3


class Scene:
    """A full workshop, its waiting list, and what each person will say when she is asked."""

    def __init__(self) -> None:
        dice = random.Random(SEED)
        self.workshop = factories.make_workshop(capacity=PLACES, sessions=[(20, "17:00", 90)])
        holders = [factories.make_registration(self.workshop) for _place in range(PLACES)]
        began = timezone.now() - timedelta(hours=1)
        self.line = [
            factories.make_registration(
                self.workshop, state=State.WAITLISTED, queued_at=began + timedelta(seconds=number)
            )
            for number in range(WAITING)
        ]
        self.leaving = [(row, dice.uniform(0, 0.2)) for row in dice.sample(holders, k=FREED)]
        self.says = {row.pk: dice.choice(["yes", "no", "nothing"]) for row in self.line}
        self.refused: Counter = Counter()
        self.faults: list[Exception] = []
        self.most = self.looks = 0
        self.is_over = threading.Event()

    def run(self) -> float:
        """Everybody at once. Returns the seconds it took."""
        began = time.monotonic()
        watch = self.thread(self.look)
        threads = [self.thread(self.leave), *[self.thread(self.work) for _worker in range(WORKERS)]]
        for thread in threads:
            thread.join(AT_MOST_SECONDS)
        seconds = time.monotonic() - began
        self.is_over.set()
        watch.join()
        assert not any(thread.is_alive() for thread in threads), f"not done after {seconds:.0f} s"
        return seconds

    def thread(self, call: Callable[[], None]) -> threading.Thread:
        def guarded() -> None:
            try:
                call()
            except Exception as fault:  # what a thread dies of is the test's business
                self.faults.append(fault)
            finally:
                connection.close()

        thread = threading.Thread(target=guarded)
        thread.start()
        return thread

    def look(self) -> None:
        """Counts all the time how many places are taken and offered."""
        while not self.is_over.wait(0.005):
            self.most = max(self.most, self.workshop.registrations.taking_a_place().count())
            self.looks += 1

    def leave(self) -> None:
        for row, after in self.leaving:
            time.sleep(after)
            registration.cancel(row, by=row.user)

    def work(self) -> None:
        """Until every place has an owner again: answer what is offered, and send letters."""
        confirmed = self.workshop.registrations.confirmed()
        gone = self.workshop.registrations.filter(
            state=State.WITHDRAWN, pk__in=[r.pk for r, _ in self.leaving]
        )
        while (gone.count(), confirmed.count()) != (FREED, PLACES):
            for offer in SeatOffer.objects.live().select_related("registration__user").order_by("?")[:3]:
                self.answer(offer)
            messages.deliver_due(limit=5)

    def answer(self, offer: SeatOffer) -> None:
        says, person = self.says[offer.registration_id], offer.registration.user
        try:
            if says == "nothing":
                over = timezone.now()  # a deadline comes sooner here than in life
                SeatOffer.objects.live().filter(pk=offer.pk, until__gt=over).update(until=over)
                waiting_list.expire_due_offers()
            if says == "no":
                waiting_list.decline(offer, by=person)
            else:
                waiting_list.accept(offer, by=person)
        except Refused as no:
            self.refused[type(no).__name__] += 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_place_is_lost_or_given_twice_and_the_order_is_kept(settings):
    settings.QUIET_HOURS = (24, 0)  # the show must go on at night
    scene = Scene()
    seconds = scene.run()
    messages.deliver_due()
    assert not scene.faults
    assert not list(findings())
    assert scene.most <= PLACES, "never more places taken and offered than there are"

    made = list(SeatOffer.objects.order_by("id").values_list("registration", flat=True))
    assert made == [row.pk for row in scene.line[: len(made)]], "each is asked once, in the order of the list"
    offers = Counter(SeatOffer.objects.values_list("state", flat=True))
    said = Counter(scene.says[pk] for pk in made)
    assert offers == {"accepted": said["yes"], "declined": said["no"], "expired": said["nothing"]}
    assert offers["accepted"] == FREED, "each freed place has a new owner"
    ranks = scene.workshop.registrations.waiting().with_rank().values_list("rank", flat=True)
    assert list(ranks) == list(range(1, WAITING - len(made) + 1))

    told = Message.objects.filter(key__contains=":seat_offered:")
    assert told.count() == len(made)
    letters = [word for letter in mail.outbox for word in letter.body.split() if "/offers/" in word]
    assert len(letters) == len(set(letters)) == told.filter(state=Message.State.SENT).count()
    print(
        f"{WAITING} waited, {FREED} places became free, {len(made)} offers {dict(offers)}, "
        f"answers too late {scene.refused.total()}, letters of offers sent {len(letters)}, "
        f"at most {scene.most} of {PLACES} places in {scene.looks} looks, {seconds:.1f} s"
    )
