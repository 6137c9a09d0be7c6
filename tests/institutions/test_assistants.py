"""Who becomes an assistant, what matching knows of her, her languages, and her conflicts and trainings."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from institutions import accepted_papers, assistants, conflicts, trainings
from institutions.assistants import Spoken
from institutions.models import Assistant, Attempt, Conflict, Offer, Training
from institutions.officials import NotYourNetwork
from institutions.papers_of_assistants import Paper
from participants import consents
from participants.models import ConsentEvent, LanguageSkill
from portal.clock import WARSAW
from portal.models import AuditEntry, Message, User
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=WARSAW)
POLISH_AND_UKRAINIAN = [Spoken("pl", "B2"), Spoken("uk", "native")]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def enrol(project, by, *, languages=POLISH_AND_UKRAINIAN, **about):
    return assistants.enrol(project, by=by, languages=languages, home_town="Toruń", modes=["phone"], **about)


# --- becoming one ----------------------------------------------------------------------------------------


def test_enrol_somebody_new_and_tell_her_what_is_missing(project, coordinator):
    consents.load_texts()
    helper = enrol(project, coordinator, email="Nowa@example.org", full_name="Ganna Nowa")
    assert helper.user.email == "nowa@example.org"
    message = Message.objects.get(recipient=helper.user)
    assert message.key == f"assistant_welcomed:{helper.pk}"
    assert "/assistant/papers/" in message.text
    assert "/assistant/hours/" in message.text
    assert AuditEntry.objects.filter(action="assistant.enrolled", object_id=helper.pk).count() == 1


def test_enrol_a_participant_keeps_what_she_told(project, coordinator, migrant):
    LanguageSkill.objects.create(user=migrant, language="uk", spoken="C1", dialect="")
    helper = enrol(project, coordinator, person=migrant)
    assert helper.user == migrant
    assert dict(migrant.language_skills.values_list("language", "spoken")) == {"pl": "B2", "uk": "C1"}


def test_enrol_is_refused_twice_to_children_and_without_an_address(project, coordinator, migrant):
    enrol(project, coordinator, person=migrant)
    with pytest.raises(assistants.AlreadyAssistant):
        enrol(project, coordinator, email=migrant.email)
    child = User.objects.create_user(None, full_name="Daryna", call_me="Daryna", guardian=migrant)
    with pytest.raises(assistants.ChildrenDoNotWork):
        enrol(project, coordinator, person=child)
    paper_person = User.objects.create_user(None, full_name="Ola", call_me="Ola")
    with pytest.raises(assistants.AddressNeeded):
        enrol(project, coordinator, person=paper_person)
    assert Assistant.objects.count() == 1


@pytest.mark.parametrize("languages", [[Spoken("pl", "B2")], [Spoken("uk", "C1"), Spoken("ru", "C1")]])
def test_enrol_needs_polish_and_another_language(project, coordinator, languages):
    with pytest.raises(assistants.PolishNeeded):
        enrol(project, coordinator, languages=languages, email="a@example.org", full_name="A")


def test_enrol_into_a_foreign_network_is_refused(coordinator, other_project):
    with pytest.raises(NotYourNetwork):
        enrol(other_project, coordinator, email="a@example.org", full_name="A")


# --- limits ----------------------------------------------------------------------------------------------


def test_change_by_herself_or_her_coordinator_only(assistant, coordinator, outsider):
    helper = assistant.assistant
    for by, town in [(assistant, "Grudziądz"), (coordinator, "Chełmża")]:
        assistants.change(helper, by=by, home_town=town, max_minutes_a_day=120)
        helper.refresh_from_db()
        assert (helper.home_town, helper.max_minutes_a_day) == (town, 120)
    with pytest.raises(NotYourNetwork):
        assistants.change(helper, by=outsider, home_town="Łódź")


def test_change_that_changes_nothing_leaves_no_line(assistant):
    assistants.change(assistant.assistant, by=assistant, home_town="Toruń")
    assert not AuditEntry.objects.filter(action="assistant.changed").exists()


@pytest.mark.parametrize(("name", "most"), [("max_minutes_a_day", 240), ("max_minutes_a_week", 900)])
def test_own_limits_are_never_above_the_networks(assistant, name, most):
    assistants.change(assistant.assistant, by=assistant, **{name: most})
    with pytest.raises(assistants.OverTheLimit) as no:
        assistants.change(assistant.assistant, by=assistant, **{name: most + 1})
    assert no.value.field == name


# --- languages -------------------------------------------------------------------------------------------


def test_two_varieties_of_a_language_are_two_rows(assistant):
    helper = assistant.assistant
    for dialect in ("", "Syrian", "Iraqi", "syrian"):
        assistants.keep_language(helper, Spoken("ar", "C1", dialect=dialect), by=assistant)
    rows = assistant.language_skills.filter(language="ar").order_by("dialect")
    assert [row.dialect for row in rows] == ["", "Iraqi", "Syrian"]


def test_a_verified_level_falls_when_it_is_raised_and_stays_when_it_is_lowered(assistant, coordinator):
    helper = assistant.assistant
    skill = assistants.keep_language(helper, Spoken("ar", "B2", "B1"), by=assistant)
    assistants.verify_language(helper, skill, by=coordinator)
    skill.refresh_from_db()
    assert (skill.verified_by, skill.verified_on) == (coordinator, NOW.date())
    assistants.keep_language(helper, Spoken("ar", "B1", "B1"), by=assistant)
    skill.refresh_from_db()
    assert skill.verified_by == coordinator
    assistants.keep_language(helper, Spoken("ar", "B1", "B2"), by=assistant)
    skill.refresh_from_db()
    assert (skill.verified_by, skill.verified_on) == (None, None)


def test_nobody_verifies_her_own_language(assistant):
    skill = assistant.language_skills.get(language="uk")
    with pytest.raises(NotYourNetwork):
        assistants.verify_language(assistant.assistant, skill, by=assistant)


def test_verify_twice_is_once(assistant, coordinator):
    skill = assistant.language_skills.get(language="uk")
    for _time in range(2):
        assistants.verify_language(assistant.assistant, skill, by=coordinator)
    assert AuditEntry.objects.filter(action="language.verified").count() == 1


def test_drop_language_leaves_polish_and_another_one(assistant):
    helper = assistant.assistant
    with pytest.raises(assistants.PolishNeeded):
        assistants.drop_language(helper, assistant.language_skills.get(language="pl"), by=assistant)
    assistants.drop_language(helper, assistant.language_skills.get(language="ru"), by=assistant)
    with pytest.raises(assistants.PolishNeeded):
        assistants.drop_language(helper, assistant.language_skills.get(language="uk"), by=assistant)


# --- papers ----------------------------------------------------------------------------------------------


def test_change_papers_is_the_coordinators(assistant, coordinator):
    fields = {"contract_form": "mandate", "contract_from": NOW.date(), "contract_until": NOW.date()}
    assistants.change_papers(assistant.assistant, by=coordinator, **fields)
    assistant.assistant.refresh_from_db()
    assert assistant.assistant.contract_until == NOW.date()
    with pytest.raises(NotYourNetwork):
        assistants.change_papers(assistant.assistant, by=assistant, **fields)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        (
            {"contract_from": date(2026, 2, 2), "contract_until": date(2026, 2, 1)},
            assistants.ContractTheWrongWayRound,
        ),
        ({"contract_form": "mandate", "contract_from": None}, assistants.ContractNeedsADay),
        ({"child_protection_checked_on": date(2026, 11, 25)}, assistants.NotCheckedYet),
    ],
)
def test_change_papers_that_cannot_be_is_refused(assistant, coordinator, fields, refusal):
    with pytest.raises(refusal):
        assistants.change_papers(assistant.assistant, by=coordinator, **fields)


@pytest.fixture
def newcomer(project):
    consents.load_texts()
    return factories.make_assistant(project, papers=False)


def test_accept_the_words_she_has_read(newcomer):
    her, paper = newcomer.user, Paper.CODE_OF_CONDUCT
    text = accepted_papers.text_of(paper, "ar")
    accept = {"version": text.version, "language": "ar", "by": her}
    first = accepted_papers.accept(newcomer, paper, **accept)
    assert (first.text, first.channel, first.recorded_by) == (text, "online", her)
    assert accepted_papers.accept(newcomer, paper, **accept) == first
    with pytest.raises(accepted_papers.TextHasChanged):
        accepted_papers.accept(newcomer, paper, version="2020-01", language="ar", by=her)


def test_accept_in_her_name_is_refused_even_to_the_coordinator(newcomer, coordinator):
    with pytest.raises(NotYourNetwork):
        accepted_papers.accept(
            newcomer, Paper.CONFIDENTIALITY, version="2026-11", language="pl", by=coordinator
        )
    with pytest.raises(NotYourNetwork):
        accepted_papers.take_back(newcomer, Paper.CONFIDENTIALITY, by=coordinator)


def test_accept_before_the_texts_are_loaded_is_refused(project):
    helper = factories.make_assistant(project, papers=False)
    with pytest.raises(accepted_papers.NoSuchText):
        accepted_papers.accept(helper, Paper.CONFIDENTIALITY, version="", language="pl", by=helper.user)


def test_take_back_tells_the_coordinators_once(assistant, coordinator, institution):
    helper = assistant.assistant
    factories.make_assignment(factories.make_request(institution), helper)
    for _time in range(2):
        accepted_papers.take_back(helper, Paper.CONFIDENTIALITY, by=assistant)
    message = Message.objects.get(recipient=coordinator)
    assert "Iryna Melnyk" in message.text
    assert f"/work/assistants/{assistant.public_id}/" in message.text


def test_record_on_paper_says_who_holds_the_sheet(newcomer, coordinator, outsider):
    event = accepted_papers.record_on_paper(newcomer, Paper.CONFIDENTIALITY, language="uk", by=coordinator)
    assert (event.channel, event.recorded_by, event.text.language) == ("paper", coordinator, "uk")
    with pytest.raises(NotYourNetwork):
        accepted_papers.record_on_paper(newcomer, Paper.CONFIDENTIALITY, language="uk", by=outsider)
    assert ConsentEvent.objects.filter(user=newcomer.user).count() == 1


# --- trainings -------------------------------------------------------------------------------------------


def test_record_a_training_once_with_its_last_length(assistant, coordinator):
    about = {"by": coordinator, "subject": "mental_health", "trained_on": date(2026, 10, 1)}
    for minutes in (None, 240, None):
        trainings.record(assistant.assistant, minutes=minutes, **about)
    training = Training.objects.get()
    assert (training.minutes, training.recorded_by) == (240, coordinator)
    trainings.drop(training, by=coordinator)
    assert not Training.objects.exists()


def test_record_a_training_that_has_not_been_or_of_oneself_is_refused(assistant, coordinator):
    helper, tomorrow = assistant.assistant, NOW.date() + timedelta(days=1)
    with pytest.raises(trainings.NotTrainedYet):
        trainings.record(helper, by=coordinator, subject="bank", trained_on=tomorrow)
    with pytest.raises(NotYourNetwork):
        trainings.record(helper, by=assistant, subject="bank", trained_on=NOW.date())


# --- conflicts -------------------------------------------------------------------------------------------


def test_avoid_an_institution_a_town_or_an_official(assistant, institution, official, coordinator):
    helper = assistant.assistant
    conflicts.avoid(helper, by=assistant, institution=institution, reason="relative")
    conflicts.avoid(helper, by=assistant, town=" Nowe  Miasto ", reason="other")
    conflicts.avoid(helper, by=coordinator, official=official, reason="former_partner")
    assert list(Conflict.objects.values_list("town", flat=True)) == ["", "Nowe Miasto", ""]


def test_avoid_twice_is_once_with_the_last_reason(assistant):
    for town, reason in [("Łódź", "other"), ("lodz", "own_case")]:
        conflicts.avoid(assistant.assistant, by=assistant, town=town, reason=reason)
    assert Conflict.objects.get().reason == "own_case"


@pytest.mark.parametrize("thing", ["institution", "town", "official"])
def test_avoid_ends_what_she_was_asked_there_and_leaves_what_she_agreed_to(
    project, institution, assistant, official, thing
):
    helper = assistant.assistant
    there = factories.make_offer(factories.make_request(institution, official), helper)
    elsewhere = factories.make_institution(project, town="Chełmno")
    beside = factories.make_offer(factories.make_request(elsewhere), helper)
    agreed = factories.make_request(institution, official, start_at=NOW + timedelta(days=9))
    job = factories.make_assignment(agreed, helper)
    Attempt.objects.update(next_wave_at=there.request.start_at)
    about = {"institution": institution, "town": "torun", "official": official}[thing]
    conflict = conflicts.avoid(helper, by=assistant, reason="other", **{thing: about})
    states = dict(Offer.objects.values_list("pk", "state"))
    assert (states[there.pk], states[beside.pk]) == (Offer.State.CALLED_OFF, Offer.State.OPEN)
    looked_for = Attempt.objects.filter(next_wave_at__isnull=True)
    assert [attempt.request_id for attempt in looked_for] == [there.request_id]
    job.refresh_from_db()
    assert job.state == "active"
    assert [(row, row.jobs) for row in conflicts.with_jobs(helper)] == [(conflict, [job])]


def test_avoid_needs_one_thing_of_the_network(assistant, institution, official, outsider, other_project):
    helper = assistant.assistant
    for about in ({}, {"institution": institution, "town": "Toruń"}):
        with pytest.raises(conflicts.OneThingOnly):
            conflicts.avoid(helper, by=assistant, reason="other", **about)
    foreign = factories.make_institution(other_project)
    for about in ({"institution": foreign}, {"official": outsider}):
        with pytest.raises(conflicts.NotInThisNetwork):
            conflicts.avoid(helper, by=assistant, reason="other", **about)


def test_the_trail_never_says_what_a_conflict_is_about(assistant, institution):
    conflict = conflicts.avoid(assistant.assistant, by=assistant, institution=institution, reason="relative")
    conflicts.drop(conflict, by=assistant)
    lines = AuditEntry.objects.filter(action__startswith="conflict.")
    assert [line.data for line in lines] == [{}, {}]


def test_drop_a_conflict_of_somebody_else_is_refused(assistant, outsider):
    conflict = conflicts.avoid(assistant.assistant, by=assistant, town="Toruń", reason="other")
    with pytest.raises(NotYourNetwork):
        conflicts.drop(conflict, by=outsider)
    assert Conflict.objects.exists()


# --- a pause ---------------------------------------------------------------------------------------------


def test_suspend_ends_what_she_was_asked_and_others_are_looked_for(project, coordinator):
    request = factories.make_request(factories.make_institution(project))
    helper = factories.make_assistant(project)
    offer = factories.make_offer(request, helper)
    Attempt.objects.update(next_wave_at=request.start_at)
    assistants.suspend(helper, by=coordinator)
    assistants.suspend(helper, by=coordinator)
    offer.refresh_from_db()
    assert offer.state == Offer.State.CALLED_OFF
    assert Attempt.objects.get().next_wave_at is None
    assert AuditEntry.objects.filter(action="request.offer_called_off").count() == 1
