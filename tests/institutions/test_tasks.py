"""Time moves all requests on, whatever is wrong with one of them."""

from datetime import timedelta

import pytest
import time_machine

from institutions.models import AssistanceRequest, Offer
from institutions.tasks import move_requests_on
from tests import factories
from tests.institutions.searches import NOW, asked, fresh, look, people
from tests.institutions.visits import make_visit

pytestmark = pytest.mark.django_db


@pytest.mark.allow_error_logs  # the broken row
def test_a_row_that_fails_stops_neither_the_next_one_nor_the_next_step(
    institution, official, coordinator, project, caplog
):
    with time_machine.travel(NOW, tick=False) as clock:
        people(project, 1)
        broken, sound = (look(institution, official, town=town) for town in ("Toruń", "Chełmża"))
        (job,) = make_visit(institution, official, factories.make_assistant(project).user)
        AssistanceRequest.objects.filter(pk=broken.pk).update(urgency="never")
        clock.move_to(sound.start_at - timedelta(minutes=1))
        move_requests_on()
    assert f"look_again failed for {broken.pk}: KeyError" in caplog.text
    assert fresh(broken).offers.get().state == Offer.State.OPEN
    assert asked(sound, state=Offer.State.EXPIRED)
    assert fresh(job.request).state == AssistanceRequest.State.AWAITING_REPORT
