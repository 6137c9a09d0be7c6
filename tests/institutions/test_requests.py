"""An institution asks for an assistant, and calls it off."""

from datetime import datetime, timedelta

import pytest
import time_machine

from institutions import offers, order_rules, requests, staffing
from institutions.client_data import ClientIdentified
from institutions.models import Assignment, AssistanceRequest, Offer
from institutions.transitions import NotYours, ReasonNeeded
from portal.clock import WARSAW
from portal.models import AuditEntry, DiaryEntry, Message
from tests import factories

pytestmark = pytest.mark.django_db
State = AssistanceRequest.State
#: A Tuesday morning.
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=WARSAW)
FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=WARSAW)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def ask(institution, official, **fields):
    fields = {
        "start_at": FRIDAY,
        "minutes": 60,
        "language": "uk",
        "subject": "health",
        "town": "Toruń",
        "county": "Toruń",
    } | fields
    return requests.submit(institution, by=official, **fields)


def told(user):
    return list(Message.objects.filter(recipient=user).order_by("id").values_list("key", flat=True))


def test_submit_offers_the_request_to_those_who_fit(institution, official, assistant):
    request = ask(institution, official)
    assert request.state == State.OFFERING
    assert request.end_at - request.start_at == timedelta(minutes=60)
    offer = request.offers.get()
    assert (offer.assistant, offer.state, offer.language) == (assistant.assistant, Offer.State.OPEN, "uk")
    assert told(assistant) == [f"offered:{offer.pk}"]
    assert list(request.transitions.values_list("old_state", "new_state", "actor")) == [
        ("", State.OFFERING, official.pk)
    ]
    assert AuditEntry.objects.filter(action="request.offering", object_id=request.pk).exists()


def test_submit_tells_both_sides_when_nobody_fits(institution, official, coordinator):
    request = ask(institution, official)
    assert request.state == State.UNFILLED
    assert told(official) == [f"unfilled:{request.pk}:0"]
    assert told(coordinator) == [f"unfilled:{request.pk}:0:{coordinator.pk}"]


def test_submit_lets_a_coordinator_ask_on_the_phone(institution, coordinator, assistant):
    assert ask(institution, coordinator).state == State.OFFERING


def test_submit_refuses_people_from_elsewhere(institution, official, outsider, other_project):
    elsewhere = factories.make_institution(other_project)
    for user, place in [(outsider, institution), (official, elsewhere)]:
        with pytest.raises(NotYours):
            ask(place, user)


def test_submit_refuses_an_official_who_has_left(institution, official):
    official.official_seats.update(ends_on=(NOW - timedelta(days=1)).date())
    with pytest.raises(NotYours):
        ask(institution, official)


def test_submit_refuses_a_unit_of_another_institution(institution, official, project):
    other = factories.make_institution(project)
    with pytest.raises(NotYours):
        ask(institution, official, unit=other.units.get())


@pytest.mark.parametrize(
    ("fields", "refusal", "field"),
    [
        ({"start_at": NOW - timedelta(minutes=1)}, order_rules.StartInThePast, "start_at"),
        ({"start_at": NOW + timedelta(hours=47)}, order_rules.TooSoon, "start_at"),
        ({"start_at": NOW + timedelta(minutes=119), "urgency": "urgent"}, order_rules.TooSoon, "start_at"),
        ({"start_at": NOW + timedelta(minutes=29), "urgency": "emergency"}, order_rules.TooSoon, "start_at"),
        ({"minutes": 14}, order_rules.TooShort, "minutes"),
        ({"minutes": 241}, order_rules.TooLong, "minutes"),
        ({"subject": "police_court"}, order_rules.SwornInterpreterNeeded, "role"),
        ({"language": "pl"}, order_rules.NoSuchLanguage, "language"),
        ({"briefing": "PESEL 44051401359", "is_checked": True}, ClientIdentified, "briefing"),
        ({"case_reference": "44051401359"}, ClientIdentified, "case_reference"),
        ({"address": "tel. 500 100 200"}, ClientIdentified, "address"),
    ],
)
def test_submit_refuses(institution, official, fields, refusal, field):
    with pytest.raises(refusal) as no:
        ask(institution, official, **fields)
    assert no.value.field == field
    assert not AssistanceRequest.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"start_at": NOW + timedelta(hours=48)},
        {"start_at": NOW + timedelta(hours=2), "urgency": "urgent"},
        {"start_at": NOW + timedelta(minutes=30), "urgency": "emergency"},
        {"minutes": 15},
        {"minutes": 240},
        {"subject": "police_court", "role": "accompaniment"},
        {"address": "tel. 500 100 200", "is_checked": True},
        {"case_reference": "AB123456"},
    ],
)
def test_submit_allows(institution, official, fields):
    assert ask(institution, official, **fields).pk


def test_submit_keeps_the_length_across_the_change_of_clocks(institution, official):
    before = datetime(2027, 3, 28, 1, 30, tzinfo=WARSAW)
    request = ask(institution, official, start_at=before, minutes=60)
    assert request.minutes == 60


def test_an_offer_in_the_night_waits_for_the_morning_and_so_does_its_deadline(
    institution, official, assistant, clock
):
    clock.move_to(datetime(2026, 11, 24, 21, 0, tzinfo=WARSAW))
    request = ask(
        institution, official, start_at=datetime(2026, 11, 25, 18, 0, tzinfo=WARSAW), urgency="urgent"
    )
    morning = datetime(2026, 11, 25, 8, 0, tzinfo=WARSAW)
    assert Message.objects.get(recipient=assistant).due_at == morning
    assert request.offers.get().expires_at == morning + timedelta(hours=4)


def test_an_emergency_is_told_in_the_night(institution, official, assistant, clock):
    early = datetime(2026, 11, 25, 6, 0, tzinfo=WARSAW)
    clock.move_to(early)
    ask(institution, official, start_at=early + timedelta(hours=2), urgency="emergency")
    assert Message.objects.get(recipient=assistant).due_at == early


def test_an_offer_says_nothing_that_only_the_confirmed_may_know(institution, official, assistant):
    ask(
        institution,
        official,
        address="ul. Sekretna 7",
        contact_name="Pani Kontakt",
        contact_phone="+48566223344",
        briefing="Rozmowa o zasiłku",
        case_reference="S-12",
    )
    text = "".join(Message.objects.filter(recipient=assistant).values_list("text", flat=True))
    for secret in ["Sekretna", "Kontakt", "+48566223344", "zasiłku", "S-12", institution.name]:
        assert secret not in text
    assert "Toruń" in text


# --- cancel ----------------------------------------------------------------------------------------------


def agreed(institution, official, assistant):
    request = ask(institution, official)
    offers.accept(request.offers.get(), by=assistant)
    request.refresh_from_db()
    return request


def test_cancel_by_the_institution_frees_and_tells_the_assistant(institution, official, assistant):
    request = agreed(institution, official, assistant)
    requests.cancel(request, by=official, reason="client_cancelled")
    request.refresh_from_db()
    assert request.state == State.CANCELLED_BY_INSTITUTION
    assignment = request.assignments.get()
    assert assignment.state == Assignment.State.CANCELLED
    assert f"job_cancelled:{assignment.pk}" in told(assistant)
    assert set(DiaryEntry.objects.values_list("state", flat=True)) == {"called_off"}
    last = request.transitions.last()
    assert (last.reason, last.actor, last.is_late) == ("client_cancelled", official, False)


def test_cancel_is_late_within_48_hours_of_the_start(institution, official, assistant, clock):
    request = agreed(institution, official, assistant)
    clock.move_to(FRIDAY - timedelta(hours=47))
    requests.cancel(request, by=official, reason="not_needed")
    assert request.transitions.last().is_late


def test_cancel_by_the_network_tells_the_official(institution, official, assistant, coordinator):
    request = agreed(institution, official, assistant)
    requests.cancel(request, by=coordinator, reason="other")
    request.refresh_from_db()
    assert request.state == State.CANCELLED_BY_NETWORK
    assert f"request_cancelled:{request.pk}" in told(official)


def test_cancel_twice_is_harmless(institution, official, assistant):
    request = agreed(institution, official, assistant)
    requests.cancel(request, by=official, reason="not_needed")
    before = (request.transitions.count(), Message.objects.count())
    requests.cancel(request, by=official, reason="not_needed")
    assert (request.transitions.count(), Message.objects.count()) == before


def test_cancel_tells_those_who_were_asked(institution, official, assistant):
    request = ask(institution, official)
    Message.objects.update(state="sent", sent_at=NOW)
    requests.cancel(request, by=official, reason="not_needed")
    offer = request.offers.get()
    assert offer.state == Offer.State.CALLED_OFF
    assert f"called_off:{offer.pk}" in told(assistant)


def test_cancel_before_an_offer_was_sent_says_nothing_to_anybody(institution, official, assistant):
    request = ask(institution, official)
    requests.cancel(request, by=official, reason="not_needed")
    assert list(Message.objects.values_list("state", flat=True)) == ["silenced"]


def test_cancel_is_refused_to_strangers(institution, official, assistant, outsider, project):
    request = agreed(institution, official, assistant)
    other_official = factories.make_official(factories.make_institution(project))
    for user in (outsider, other_official, assistant):
        with pytest.raises(NotYours):
            requests.cancel(request, by=user, reason="not_needed")


def test_cancel_needs_a_reason(institution, official):
    request = ask(institution, official)
    for reason in ("", "ill", "nonsense"):
        with pytest.raises(ReasonNeeded):
            requests.cancel(request, by=official, reason=reason)


def test_cancel_by_the_institution_is_refused_after_the_start(
    institution, official, assistant, coordinator, clock
):
    request = agreed(institution, official, assistant)
    clock.move_to(FRIDAY)
    with pytest.raises(requests.AlreadyStarted):
        requests.cancel(request, by=official, reason="not_needed")
    requests.cancel(request, by=coordinator, reason="other")
    request.refresh_from_db()
    assert request.state == State.CANCELLED_BY_NETWORK


def test_cancel_is_refused_when_the_hours_are_confirmed(institution, official, coordinator):
    request = factories.make_request(institution, official, state=State.CLOSED)
    with pytest.raises(requests.NothingToCancel):
        requests.cancel(request, by=coordinator, reason="other")


def test_assigned_by_hand_then_cancelled_reaches_the_assistant(institution, official, assistant, coordinator):
    request = ask(institution, official)
    assignment = staffing.assign_by_hand(request, assistant.assistant, by=coordinator)
    requests.cancel(request, by=official, reason="mistake")
    assert f"job_cancelled:{assignment.pk}" in told(assistant)
