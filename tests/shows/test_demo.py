"""The demo is what a visitor sees first: it builds on any day, and something waits for every role."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from institutions import assistance_audit
from institutions.models import AssistanceRequest, Offer, TimeReport
from portal.demo import ACCOUNTS
from portal.models import Message, User
from workshops import capacity_audit
from workshops.models import Registration, Session

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def person(role: str) -> User:
    return User.objects.get(email=ACCOUNTS[role])


@pytest.fixture
def demo(db, settings):
    settings.DEMO = True
    call_command("load_consents", verbosity=0)
    call_command("demo", verbosity=0)


def test_demo_waits_for_every_role_and_breaks_no_rule(demo, client):
    now = timezone.now()
    mine = Registration.objects.filter(user=person("migrant"))
    assert mine.filter(state="confirmed", workshop__sessions__start_at__gt=now).exists()
    assert mine.filter(workshop__sessions__end_at__lt=now).exists()
    assert Session.objects.filter(workshop__trainers=person("trainer"), start_at__gt=now).exists()
    asked = AssistanceRequest.objects.filter(institution__officials__user=person("official"))
    assert {"draft", "confirmed", "awaiting_confirmation", "closed"} <= set(
        asked.values_list("state", flat=True)
    )
    assert Offer.objects.filter(
        assistant__user=person("assistant"), state="open", expires_at__gt=now
    ).exists()
    assert TimeReport.objects.filter(assignment__assistant__user=person("assistant")).exists()
    assert AssistanceRequest.objects.filter(state__in=["submitted", "unfilled"], start_at__gt=now).exists()
    assert not [*capacity_audit.findings(), *assistance_audit.findings()]
    assert not User.objects.filter(email__gt="").exclude(email__endswith=".example").exists()
    assert not Message.objects.filter(state="failed").exists()
    for role in ACCOUNTS:
        client.force_login(person(role))
        assert client.get("/uk/", follow=True).status_code == 200, role
