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
from tests.institutions.orders import FRIDAY, NOW, ask, order, told

pytestmark = pytest.mark.django_db
State = AssistanceRequest.State


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


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
    stamp = f"{request.told_unfilled_at:%Y%m%dT%H%M%S%f}"
    assert told(official) == [f"unfilled:{request.pk}:{stamp}"]
    assert told(coordinator) == [f"unfilled:{request.pk}:{stamp}:{coordinator.pk}"]


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
        ({"second_language": "ru"}, order_rules.SecondLanguageNotAgreed, "is_second_language_agreed"),
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


def test_cancel_of_a_meeting_with_two_assistants_tells_both(institution, official, assistant, project):
    second = factories.make_assistant(project).user
    request = ask(institution, official, minutes=150, assistants_needed=2)
    for person in (assistant, second):
        offers.accept(request.offers.get(assistant__user=person, state="open"), by=person)
    requests.cancel(request, by=official, reason="not_needed")
    assert set(request.assignments.values_list("state", flat=True)) == {"cancelled"}
    for person in (assistant, second):
        assert [key for key in told(person) if key.startswith("job_cancelled")]


@pytest.mark.parametrize("by", ["official", "coordinator"])
def test_cancel_of_what_waits_for_a_coordinator(institution, official, coordinator, by):
    institution.agreements.all().delete()
    request = ask(institution, official)
    assert request.state == State.SUBMITTED
    requests.cancel(request, by={"official": official, "coordinator": coordinator}[by], reason="mistake")
    request.refresh_from_db()
    assert request.is_over


def test_a_draft_is_deleted_not_cancelled(institution, official):
    with pytest.raises(requests.NothingToCancel):
        requests.cancel(save(institution, official), by=official, reason="mistake")


# --- drafts ----------------------------------------------------------------------------------------------


def save(institution, official, **fields):
    return requests.save_draft(institution, by=official, **order(**fields))


def test_save_draft_asks_nobody_and_send_asks(institution, official, assistant, coordinator):
    draft = save(institution, official)
    assert (draft.state, draft.submitted_at) == (State.DRAFT, None)
    assert told(assistant) == told(coordinator) == []
    for _time in range(2):
        sent = requests.send(draft, by=official)
    assert (sent.state, sent.submitted_at) == (State.OFFERING, NOW)
    assert list(sent.transitions.values_list("old_state", "new_state")) == [
        ("", State.DRAFT),
        (State.DRAFT, State.OFFERING),
    ]
    assert len(told(assistant)) == 1


def test_save_draft_anew_changes_the_row(institution, official):
    draft = save(institution, official, dialect="lwowski")
    again = save(institution, official, draft=draft, language="ar", dialect="")
    assert (again.pk, again.language, again.dialect) == (draft.pk, "ar", "")
    assert AssistanceRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"start_at": NOW}, order_rules.StartInThePast),
        ({"subject": "police_court"}, order_rules.SwornInterpreterNeeded),
        ({"briefing": "44051401359", "is_checked": True}, ClientIdentified),
        ({"second_language": "ru"}, order_rules.SecondLanguageNotAgreed),
        (
            {"second_language": "uk", "is_second_language_agreed": True},
            order_rules.SameLanguageTwice,
        ),
    ],
)
def test_save_draft_is_held_to_the_rules(institution, official, fields, refusal):
    with pytest.raises(refusal):
        save(institution, official, **fields)
    assert not AssistanceRequest.objects.exists()


def test_send_asks_the_rules_again(institution, official, clock):
    draft = save(institution, official)
    clock.move_to(NOW + timedelta(days=2))
    with pytest.raises(order_rules.TooSoon):
        requests.send(draft, by=official)


def test_drafts_are_the_institutions_own(institution, official, coordinator, outsider):
    draft = save(institution, official)
    for user in (coordinator, outsider):
        for verb in (requests.send, requests.delete_draft):
            with pytest.raises(NotYours):
                verb(draft, by=user)
    assert not AssistanceRequest.objects.managed_by(coordinator).exists()


def test_a_sent_request_is_no_draft_any_more(institution, official, assistant):
    sent = requests.send(save(institution, official), by=official)
    with pytest.raises(requests.AlreadySent):
        requests.delete_draft(sent, by=official)
    with pytest.raises(requests.AlreadySent):
        save(institution, official, draft=sent)


def test_forget_drafts_takes_those_that_nobody_touched(institution, official, clock, settings):
    old = save(institution, official, start_at=NOW + timedelta(days=60))
    touched = save(institution, official, start_at=NOW + timedelta(days=61))
    kept = timedelta(days=settings.ASSISTANCE["drafts_kept_days"])
    clock.move_to(NOW + kept - timedelta(hours=1))
    save(institution, official, draft=touched, start_at=NOW + timedelta(days=61))
    assert requests.forget_drafts() == 0
    clock.move_to(NOW + kept)
    assert requests.forget_drafts() == 1
    assert list(AssistanceRequest.objects.all()) == [touched]
    assert AuditEntry.objects.get(action="request.draft_forgotten").object_id == old.pk


# --- what is filled in -----------------------------------------------------------------------------------


def test_hard_meetings_get_talks_before_and_after_unless_somebody_said_otherwise(institution, official):
    def talks(**fields):
        draft = save(institution, official, **fields)
        return draft.briefing_minutes, draft.debriefing_minutes

    assert talks() == (0, 0)
    assert talks(sensitivities=["violence"]) == (10, 10)
    assert talks(subject="mental_health") == (10, 10)
    assert talks(sensitivities=["violence"], briefing_minutes=0, debriefing_minutes=20) == (0, 20)


def test_the_first_of_the_ranked_modes_is_tried_first(institution, official):
    draft = save(institution, official, ranked_modes=["video", "phone", "video"])
    assert (draft.mode, draft.ranked_modes) == ("video", ["video", "phone"])


def test_an_empty_address_and_phone_are_those_of_the_unit(institution, official):
    unit = institution.units.get()
    unit.phone = "+48566223344"
    unit.save(update_fields=["phone"])
    draft = save(institution, official, unit=unit)
    assert (draft.address, draft.contact_phone) == ("ul. Cicha 2", "+48566223344")
    assert save(institution, official, unit=unit, mode="phone").address == ""


def test_a_closed_unit_cannot_ask(institution, official):
    unit = institution.units.get()
    unit.closed_at = NOW
    unit.save(update_fields=["closed_at"])
    with pytest.raises(order_rules.UnitClosed):
        save(institution, official, unit=unit)


def test_only_an_assistant_whom_one_knows_can_be_asked_for(
    institution, official, assistant, coordinator, project
):
    wish = {"preferred_assistant": assistant.assistant, "start_at": FRIDAY + timedelta(days=7)}
    for user in (official, coordinator):
        with pytest.raises(order_rules.AssistantUnknown):
            ask(institution, user, **wish)
    agreed(institution, official, assistant)
    assert ask(institution, official, **wish).preferred_assistant == assistant.assistant
    other_unit = institution.units.create(name_pl="Filia")
    stranger = factories.make_official(institution, unit=other_unit)
    with pytest.raises(order_rules.AssistantUnknown):
        ask(institution, stranger, **wish)
