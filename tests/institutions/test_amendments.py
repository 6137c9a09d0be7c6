"""Changes of a request that was sent."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from institutions import amendments, offers, proposals, requests, reviews, staffing, withdrawals
from institutions.client_data import ClientIdentified
from institutions.models import AssistanceRequest, Attempt, TimeChange
from institutions.order_rules import NoAgreementThen, StartInThePast, TooLong, TooSoon
from institutions.transitions import NotYours
from portal.models import AuditEntry, DiaryEntry
from tests import factories
from tests.institutions.orders import FRIDAY, NOW, ask, order, told

pytestmark = pytest.mark.django_db
State = AssistanceRequest.State
LATER = FRIDAY + timedelta(days=3)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sent(institution, official, assistant, coordinator):
    return ask(institution, official)


@pytest.fixture
def agreed(sent, assistant):
    offers.accept(sent.offers.get(), by=assistant)
    sent.refresh_from_db()
    return sent


def kinds(user):
    return [key.split(":")[0] for key in told(user)]


# --- Nobody has agreed -----------------------------------------------------------------------------------


def test_another_day_renews_the_offers(sent, official, assistant):
    amendments.change_order(sent, by=official, **order(start_at=LATER))
    sent.refresh_from_db()
    assert (sent.state, sent.start_at, sent.minutes) == (State.OFFERING, LATER, 60)
    assert list(sent.offers.order_by("pk").values_list("state", flat=True)) == ["called_off", "open"]
    assert list(sent.attempts.values_list("state", flat=True)) == ["called_off", "searching"]
    # The old offer had not been sent yet when it was taken back, or the new one says enough.
    assert "called_off" not in kinds(assistant)
    assert AuditEntry.objects.get(action="request.changed").data["fields"] == ["start_at", "end_at"]


def test_whoever_does_not_fit_any_more_is_told(sent, official, assistant):
    assistant.messages.update(state="sent", sent_at=NOW)
    amendments.change_order(sent, by=official, **order(gender_preference="man", is_gender_required=True))
    assert "called_off" in kinds(assistant)
    assert not sent.offers.filter(state="open").exists()


def test_whoever_refused_the_old_day_is_asked_for_the_new_one(sent, official, assistant, project):
    factories.make_assistant(project)
    offers.refuse(sent.offers.get(assistant=assistant.assistant), by=assistant)
    amendments.change_order(sent, by=official, **order(start_at=LATER))
    assert sent.offers.filter(assistant=assistant.assistant, state="open").exists()


@pytest.mark.parametrize(("fields", "is_asked"), [({"start_at": LATER}, True), ({"level": "B1"}, False)])
def test_whoever_refused_is_asked_again_where_all_had_and_it_is_moved(
    sent, official, assistant, fields, is_asked
):
    offers.refuse(sent.offers.get(), by=assistant)
    sent.refresh_from_db()
    assert sent.state == State.UNFILLED
    amendments.change_order(sent, by=official, **order(**fields))
    assert sent.offers.filter(state="open").exists() == is_asked


def test_the_official_is_told_again_that_nobody_can_at_the_new_time_either(sent, official, assistant, clock):
    offers.refuse(sent.offers.get(), by=assistant)
    clock.shift(timedelta(minutes=5))
    amendments.change_order(sent, by=official, **order(start_at=LATER))
    offers.refuse(sent.offers.get(state="open"), by=assistant)
    assert kinds(official).count("unfilled") == 2


def test_a_new_address_renews_nothing(sent, official):
    amendments.change_order(sent, by=official, **order(address="ul. Nowa 1"))
    sent.refresh_from_db()
    assert sent.address == "ul. Nowa 1"
    assert list(sent.offers.values_list("state", flat=True)) == ["open"]
    amendments.change_order(sent, by=official, **order(address="ul. Nowa 1"))
    assert AuditEntry.objects.filter(action="request.changed").count() == 1


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"start_at": NOW - timedelta(hours=1)}, StartInThePast),
        ({"start_at": NOW + timedelta(minutes=29)}, TooSoon),
        ({"minutes": 241}, TooLong),
        ({"minutes": 180}, amendments.LongNeedsTwo),
        ({"briefing": "PESEL 44051401359"}, ClientIdentified),
    ],
)
def test_change_is_held_to_the_rules_of_a_request(sent, official, fields, refusal):
    with pytest.raises(refusal):
        amendments.change_order(sent, by=official, **order(**fields))
    sent.refresh_from_db()
    assert (sent.start_at, sent.minutes, sent.briefing) == (FRIDAY, 60, "")


@pytest.mark.parametrize(
    ("hours", "urgency"), [(24 * 7, "planned"), (30, "urgent"), (2, "urgent"), (1, "emergency")]
)
def test_a_meeting_that_is_moved_nearer_becomes_as_urgent_as_it_must_be(sent, official, hours, urgency):
    amendments.change_order(sent, by=official, **order(start_at=NOW + timedelta(hours=hours)))
    sent.refresh_from_db()
    assert (sent.start_at, sent.urgency) == (NOW + timedelta(hours=hours), urgency)


def test_who_moves_it_away_keeps_the_urgency_that_was_chosen(institution, official, assistant):
    urgent = ask(institution, official, urgency="urgent", start_at=NOW + timedelta(hours=5))
    amendments.change_order(urgent, by=official, **order(start_at=LATER, urgency="urgent"))
    urgent.refresh_from_db()
    assert urgent.urgency == "urgent"


@pytest.mark.parametrize(
    "fields", [{"address": "ul. Nowa 1"}, {"briefing": "Będą dwie osoby."}, {"level": "B1"}, {"minutes": 90}]
)
def test_what_is_not_about_the_start_is_never_too_late(sent, official, clock, fields):
    """A day before, an hour before."""
    for before in (timedelta(hours=20), timedelta(minutes=20)):
        clock.move_to(FRIDAY - before)
        order_now = order(**fields) | {"case_reference": str(before.seconds)}
        amendments.change_order(sent, by=official, **order_now)
        sent.refresh_from_db()
        assert (sent.case_reference, sent.urgency) == (str(before.seconds), "planned")


def test_near_the_start_it_can_be_called_more_urgent_but_not_calmer(sent, official, clock):
    clock.move_to(FRIDAY - timedelta(hours=1))
    amendments.change_order(sent, by=official, **order(urgency="urgent"))
    sent.refresh_from_db()
    assert sent.urgency == "urgent"
    with pytest.raises(TooSoon):
        amendments.change_order(sent, by=official, **order(urgency="planned"))


def test_the_page_says_what_it_has_become(client, sent, official):
    client.force_login(official)
    page = reverse("assistance_change", args=[sent.public_id])
    form = client.get(page).context["form"]
    assert form["start_on"].help_text, "said beforehand, beside the day"
    data = {name: value for name, value in form.initial.items() if value not in (None, False)}
    data |= {"start_on": f"{NOW + timedelta(hours=30):%Y-%m-%d}", "starts": "15:00"}
    answer = client.post(page, data, follow=True)
    sent.refresh_from_db()
    assert sent.urgency == "urgent"
    with translation.override("pl"):
        assert str(sent.get_urgency_display()) in " ".join(str(one) for one in answer.context["messages"])


def test_two_people_who_change_at_once_do_not_overwrite_one_another(sent, official, coordinator):
    seen = amendments.version(sent)
    amendments.change_order(sent, by=coordinator, seen=seen, **order(dialect="lwowski"))
    with pytest.raises(amendments.ChangedMeanwhile):
        amendments.change_order(sent, by=official, seen=seen, **order(start_at=LATER))
    with pytest.raises(amendments.ChangedMeanwhile):
        amendments.change_details(sent, by=official, seen=seen, address="ul. Nowa 1")


def test_change_belongs_to_the_institution_and_the_network(sent, outsider, assistant):
    for user in (outsider, assistant):
        with pytest.raises(NotYours):
            amendments.change_order(sent, by=user, **order(start_at=LATER))


def test_change_is_refused_once_somebody_agreed_or_it_began(agreed, official, clock):
    with pytest.raises(amendments.SomebodyAgreed):
        amendments.change_order(agreed, by=official, **order(start_at=LATER))
    clock.move_to(FRIDAY)
    with pytest.raises(amendments.TooLateToChange):
        amendments.change_details(agreed, by=official, address="ul. Nowa 1")


def test_two_assistants_for_a_long_meeting_let_it_go_on(institution, official, assistant, coordinator):
    held = ask(institution, official, minutes=150)
    amendments.change_order(held, by=coordinator, **order(minutes=150, dialect="lwowski"))
    held.refresh_from_db()
    assert held.state == State.SUBMITTED
    amendments.change_order(held, by=official, **order(minutes=150, assistants_needed=2))
    held.refresh_from_db()
    assert held.state == State.OFFERING
    assert held.attempts.filter(state__in=Attempt.LIVE).count() == 2


def test_two_hours_are_too_long_for_one_without_an_agreement_too(
    institution, official, assistant, coordinator
):
    institution.agreements.all().delete()
    held = ask(institution, official)
    reviews.take_on(held, by=coordinator)
    with pytest.raises(amendments.LongNeedsTwo):
        amendments.change_order(held, by=official, **order(minutes=150))
    amendments.change_order(held, by=coordinator, **order(minutes=150))
    amendments.change_order(held, by=official, **order(minutes=135))
    held.refresh_from_db()
    assert (held.state, held.minutes) == (State.OFFERING, 135), "a coordinator has said that one is enough"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"start_at": LATER}, "no_agreement"), ({"is_signed_or_certified": True}, "sworn_perhaps")],
)
@pytest.mark.parametrize("is_refused", [False, True])
def test_what_would_have_waited_waits_when_it_is_changed_so(
    client, sent, institution, official, assistant, coordinator, clock, fields, reason, is_refused
):
    institution.agreements.update(valid_until=FRIDAY.date())
    if is_refused:
        offers.refuse(sent.offers.get(), by=assistant)
    assistant.messages.update(state="sent", sent_at=NOW)
    clock.shift(timedelta(minutes=5))
    amendments.change_order(sent, by=official, **order(**fields))
    sent.refresh_from_db()
    assert (sent.state, sent.transitions.last().reason) == (State.SUBMITTED, reason)
    assert not sent.attempts.live().exists()
    assert ("called_off" in kinds(assistant)) is not is_refused
    assert kinds(coordinator)[-1] == "submitted"
    client.force_login(official)
    page = client.get(f"/en/assistance/{sent.public_id}/").content.decode()
    assert "The request was changed. A coordinator looks at it first." in page
    amendments.change_order(sent, by=official, **order(is_signed_or_certified=False))
    sent.refresh_from_db()
    assert sent.state in AssistanceRequest.LOOKING, "as it was, and nothing speaks against it any more"


def test_what_a_coordinator_took_on_or_changes_herself_does_not_wait_again(
    institution, official, assistant, coordinator
):
    institution.agreements.all().delete()
    held = ask(institution, official)
    reviews.take_on(held, by=coordinator)
    amendments.change_order(held, by=official, **order(start_at=LATER))
    amendments.change_order(held, by=coordinator, **order(is_signed_or_certified=True))
    held.refresh_from_db()
    assert held.state == State.OFFERING


# --- Details ---------------------------------------------------------------------------------------------


def test_details_change_until_the_start_and_the_assistant_is_told(agreed, official, assistant):
    amendments.change_details(agreed, by=official, address="ul. Nowa 1", contact_name="Sekretariat")
    agreed.refresh_from_db()
    assert (agreed.address, agreed.contact_name) == ("ul. Nowa 1", "Sekretariat")
    assert kinds(assistant)[-1] == "details_changed"
    before = len(told(assistant))
    amendments.change_details(agreed, by=official, address="ul. Nowa 1", case_reference="S-1")
    assert len(told(assistant)) == before


def test_details_name_no_client(agreed, official):
    with pytest.raises(ClientIdentified):
        amendments.change_details(agreed, by=official, briefing="44051401359", is_checked=True)


# --- Somebody has agreed ---------------------------------------------------------------------------------


def propose(request, by, **fields):
    return proposals.propose(
        request, by=by, **{"start_at": LATER, "minutes": 60, "mode": "on_site", "town": "Toruń"} | fields
    )


def test_another_time_is_a_question_and_nothing_moves_before_the_answer(agreed, official, assistant):
    (change,) = propose(agreed, official)
    agreed.refresh_from_db()
    assert (agreed.state, agreed.start_at) == (State.CONFIRMED, FRIDAY)
    assert kinds(assistant)[-1] == "change_proposed"
    assert NOW < change.answer_until <= FRIDAY


def test_yes_moves_the_meeting_and_both_diaries(agreed, official, assistant):
    (change,) = propose(agreed, official, minutes=90)
    for _time in range(2):
        proposals.answer(change, by=assistant, is_yes=True)
    agreed.refresh_from_db()
    assert (agreed.state, agreed.start_at, agreed.minutes) == (State.CONFIRMED, LATER, 90)
    entries = DiaryEntry.objects.filter(source=agreed.source, state="firm")
    assert set(entries.values_list("user", "start_at")) == {(assistant.pk, LATER), (official.pk, LATER)}
    assert kinds(official)[-1] == "change_settled"
    assert AuditEntry.objects.filter(action="request.moved").count() == 1


@pytest.mark.parametrize("is_silent", [False, True])
def test_no_or_silence_frees_her_without_blame_and_others_are_asked(
    agreed, official, assistant, project, clock, is_silent
):
    other = factories.make_assistant(project)
    (change,) = propose(agreed, official)
    if is_silent:
        assert proposals.settle_overdue() == 0
        clock.move_to(change.answer_until)
        assert proposals.settle_overdue() == 1
        assert proposals.settle_overdue() == 0
    else:
        proposals.answer(change, by=assistant, is_yes=False)
    agreed.refresh_from_db()
    assert (agreed.state, agreed.start_at) == (State.OFFERING, LATER)
    assert agreed.assignments.get().state == "replaced"
    assert not DiaryEntry.objects.filter(source=agreed.source, state="firm").exists()
    assert [offer.assistant for offer in agreed.offers.filter(state="open")] == [other]
    assert agreed.transitions.last().reason == "other_date"
    assert "released" in kinds(assistant)


def test_yes_is_refused_where_she_has_something_else_then(agreed, official, assistant, institution):
    other = ask(institution, official, start_at=LATER)
    offers.accept(other.offers.get(), by=assistant)
    (change,) = propose(agreed, official)
    with pytest.raises(proposals.OtherPlans):
        proposals.answer(change, by=assistant, is_yes=True)
    change.refresh_from_db()
    assert change.state == TimeChange.State.OPEN
    proposals.answer(change, by=assistant, is_yes=False)


def test_who_is_looked_for_at_a_nearer_time_is_looked_for_urgently(agreed, official, assistant):
    proposals.propose(
        agreed, by=official, start_at=NOW + timedelta(hours=26), minutes=60, mode="on_site", town="Toruń"
    )
    proposals.answer(TimeChange.objects.get(), by=assistant, is_yes=False)
    agreed.refresh_from_db()
    assert (agreed.start_at, agreed.urgency) == (NOW + timedelta(hours=26), "urgent")


def test_taken_back_the_old_time_stands(agreed, official, assistant):
    (change,) = propose(agreed, official)
    assistant.messages.update(state="sent", sent_at=NOW)
    proposals.take_back(agreed, by=official)
    with pytest.raises(proposals.ChangeOver):
        proposals.answer(change, by=assistant, is_yes=True)
    agreed.refresh_from_db()
    assert (agreed.state, agreed.start_at) == (State.CONFIRMED, FRIDAY)
    assert kinds(assistant)[-1] == "change_taken_back"


def test_a_second_proposal_takes_the_place_of_the_first(agreed, official, assistant):
    (first,) = propose(agreed, official)
    (second,) = propose(agreed, official, start_at=LATER + timedelta(days=1))
    first.refresh_from_db()
    assert first.state == TimeChange.State.CALLED_OFF
    proposals.answer(second, by=assistant, is_yes=True)
    agreed.refresh_from_db()
    assert agreed.start_at == LATER + timedelta(days=1)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"start_at": FRIDAY}, proposals.NothingChanged),
        ({"start_at": NOW}, StartInThePast),
        ({"minutes": 241}, TooLong),
    ],
)
def test_propose_is_refused(agreed, official, fields, refusal):
    with pytest.raises(refusal):
        propose(agreed, official, **fields)


def test_propose_is_refused_where_nobody_agreed_or_strangers_ask(sent, official, outsider):
    with pytest.raises(proposals.NobodyAgreed):
        propose(sent, official)
    with pytest.raises(NotYours):
        propose(sent, outsider)


def test_nobody_answers_for_another(agreed, official, project):
    (change,) = propose(agreed, official)
    with pytest.raises(NotYours):
        proposals.answer(change, by=factories.make_assistant(project).user, is_yes=True)


def test_cancelling_ends_the_question(agreed, official, assistant):
    (change,) = propose(agreed, official)
    requests.cancel(agreed, by=official, reason="not_needed")
    change.refresh_from_db()
    assert change.state == TimeChange.State.CALLED_OFF
    with pytest.raises(proposals.ChangeOver):
        proposals.answer(change, by=assistant, is_yes=True)


def test_who_withdraws_meanwhile_leaves_the_new_time_behind(agreed, official, assistant):
    propose(agreed, official)
    withdrawals.withdraw(agreed.assignments.get(), by=assistant, reason="ill")
    assert proposals.settle_overdue() == 1
    agreed.refresh_from_db()
    assert agreed.start_at == LATER


def test_of_two_assistants_one_comes_along_and_one_is_looked_for(institution, official, assistant, project):
    second = factories.make_assistant(project)
    request = ask(institution, official, minutes=150, assistants_needed=2)
    for person in (assistant, second.user):
        offers.accept(request.offers.get(assistant__user=person, state="open"), by=person)
    request.refresh_from_db()
    assert request.state == State.CONFIRMED
    changes = {
        change.assignment.assistant.user_id: change for change in propose(request, official, minutes=150)
    }
    proposals.answer(changes[assistant.pk], by=assistant, is_yes=True)
    request.refresh_from_db()
    assert request.start_at == FRIDAY
    with pytest.raises(proposals.SomebodySaidYes):
        proposals.take_back(request, by=official)
    factories.make_assistant(project)
    proposals.answer(changes[second.user_id], by=second.user, is_yes=False)
    request.refresh_from_db()
    assert (request.start_at, request.state) == (LATER, State.OFFERING)
    assert request.assignments.get(state="active").assistant == assistant.assistant
    assert request.attempts.live().count() == 1


def test_who_agrees_while_the_other_thinks_is_asked_for_the_new_time_too(
    institution, official, assistant, project, coordinator
):
    second = factories.make_assistant(project)
    request = ask(institution, official, minutes=150, assistants_needed=2)
    offers.accept(request.offers.get(assistant__user=assistant), by=assistant)
    request.refresh_from_db()
    change = propose(request, official, minutes=150)[0]
    offers.accept(request.offers.get(assistant=second, state="open"), by=second.user)
    proposals.answer(change, by=assistant, is_yes=True)
    request.refresh_from_db()
    assert request.start_at == FRIDAY, "the second one has not been asked yet"
    asked = TimeChange.objects.get(assignment__assistant=second)
    assert "change_proposed" in kinds(second.user)
    proposals.answer(asked, by=second.user, is_yes=True)
    request.refresh_from_db()
    assert (request.start_at, request.state) == (LATER, State.CONFIRMED)
    assert request.assignments.filter(state="active").count() == 2


def test_who_is_sent_instead_is_not_sent_away_by_an_older_question(
    agreed, official, assistant, project, coordinator
):
    other = factories.make_assistant(project)
    propose(agreed, official)
    staffing.replace(agreed.assignments.get(), other, by=coordinator, reason="ill", misfit_reason="other")
    proposals.settle_overdue()
    assert agreed.assignments.get(state="active").assistant == other
    assert TimeChange.objects.get(state="open").assignment.assistant == other


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"max_minutes_a_day": 30}, offers.TooManyHours),
        ({"contract_until": FRIDAY.date()}, offers.NotActive),
        ({"suspended_at": NOW}, None),
    ],
)
def test_yes_is_held_to_the_limits_and_papers_of_the_new_day(agreed, official, assistant, fields, refusal):
    change = propose(agreed, official)[0]
    type(assistant.assistant).objects.update(**fields)
    if refusal is None:
        assert proposals.answer(change, by=assistant, is_yes=True).state == TimeChange.State.ACCEPTED
        return
    with pytest.raises(refusal):
        proposals.answer(change, by=assistant, is_yes=True)
    agreed.refresh_from_db()
    assert agreed.start_at == FRIDAY


def test_the_page_of_a_job_shows_what_is_proposed_while_it_is_open(client, agreed, official, assistant):
    change = propose(agreed, official)[0]
    client.force_login(assistant)
    page = reverse("assistant_job", args=[change.assignment.public_id])
    address = reverse("assistant_change", args=[change.public_id])
    assert address in client.get(page).content.decode()
    proposals.take_back(agreed, by=official)
    assert address not in client.get(page).content.decode()


def test_one_assistant_is_not_asked_for_more_than_two_hours_unless_a_coordinator_asks(
    agreed, official, coordinator
):
    with pytest.raises(amendments.LongNeedsTwo):
        propose(agreed, official, minutes=150)
    assert propose(agreed, coordinator, minutes=150)


def test_beyond_the_agreement_a_coordinator_moves_an_agreed_meeting(
    agreed, institution, official, coordinator
):
    institution.agreements.update(valid_until=FRIDAY.date())
    with pytest.raises(NoAgreementThen):
        propose(agreed, official, start_at=LATER)
    assert propose(agreed, coordinator, start_at=LATER)
