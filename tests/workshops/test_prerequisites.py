"""Who may come: each rule allows, refuses or asks; and the coordinator passes by with a line in the audit."""

import uuid

import pytest
from django.utils import timezone

from participants.models import LanguageSkill, Participant
from portal.models import AuditEntry
from tests import factories
from workshops import answers, guards, invitations, planning, prerequisites, registration
from workshops.guards import why_not_register
from workshops.models import Attendance, Certificate, Placement, Registration, Workshop
from workshops.prerequisites import Told

pytestmark = pytest.mark.django_db
Mode, Audience = Workshop.SignupMode, Workshop.Audience
YEAR = timezone.localdate().year


def why(workshop, user, told=None, **keywords):
    return why_not_register(workshop, user, told=told, **keywords)


def years(number: int) -> int:
    """The year of birth of somebody who is so old in the year of the workshop."""
    return factories.at(7).year - number


# --- ways to register -----------------------------------------------------------------------------


def test_open_workshop_registers_nobody(migrant):
    workshop = factories.make_workshop(signup_mode=Mode.OPEN)
    assert isinstance(why(workshop, None), guards.JustCome)
    with pytest.raises(guards.JustCome):
        registration.register(workshop, migrant, by=migrant)


def test_open_workshop_that_is_over_says_so():
    workshop = factories.make_workshop(signup_mode=Mode.OPEN, sessions=[(-2, "10:00", 60)])
    assert isinstance(why(workshop, None), guards.IsOver)


def test_invitation_is_needed(migrant):
    workshop = factories.make_workshop(signup_mode=Mode.BY_INVITATION)
    for key in ("", str(uuid.uuid4()), "nonsense"):
        assert isinstance(why(workshop, None, invitation=key), guards.ByInvitation)
        with pytest.raises(guards.ByInvitation):
            registration.register(workshop, migrant, by=migrant, invitation=key)


def test_invitation_opens_registration(migrant):
    workshop = factories.make_workshop(signup_mode=Mode.BY_INVITATION)
    row = registration.register(workshop, migrant, by=migrant, invitation=str(workshop.invitation_key))
    assert row.state == Registration.State.CONFIRMED


def test_new_invitation_makes_the_old_one_useless(migrant, coordinator):
    workshop = factories.make_workshop(signup_mode=Mode.BY_INVITATION)
    old = str(workshop.invitation_key)
    new = invitations.renew(workshop, by=coordinator)
    assert isinstance(why(new, migrant, invitation=old), guards.ByInvitation)
    assert why(new, migrant, invitation=str(new.invitation_key)) is None
    assert AuditEntry.objects.get(action="invitation.renewed").object_id == workshop.pk


def test_invitation_is_not_needed_elsewhere(workshop, migrant):
    assert why(workshop, migrant) is None


# --- audience -------------------------------------------------------------------------------------


def test_training_for_officials_takes_officials(official):
    workshop = factories.make_workshop(audience=Audience.OFFICIALS)
    assert why(workshop, official) is None
    row = registration.register(workshop, official, by=official)
    assert row.state == Registration.State.CONFIRMED


def test_training_for_officials_refuses_others(migrant):
    workshop = factories.make_workshop(audience=Audience.OFFICIALS)
    with pytest.raises(prerequisites.ForOfficialsOnly):
        registration.register(workshop, migrant, by=migrant)
    assert isinstance(why(workshop, None), prerequisites.SignInFirst)


def test_workshop_for_migrants_refuses_officials(official, migrant):
    workshop = factories.make_workshop(audience=Audience.MIGRANTS)
    assert isinstance(why(workshop, official), prerequisites.ForMigrantsOnly)
    assert why(workshop, migrant) is None
    assert why(workshop, None) is None


# --- age ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("age", "fits"), [(12, False), (13, True), (17, True), (18, False)])
def test_age_is_reckoned_by_years_on_the_first_session(age, fits):
    workshop = factories.make_workshop(min_age=13, max_age=17)
    young = factories.make_participant(birth_year=years(age)).user
    assert isinstance(why(workshop, young), prerequisites.WrongAge) is not fits


def test_age_that_nobody_knows_is_asked():
    workshop = factories.make_workshop(min_age=18)
    user = factories.make_user()
    assert why(workshop, user) is None
    assert prerequisites.asked_of(workshop, user) == ["birth_year"]
    with pytest.raises(prerequisites.NotTold) as no:
        registration.register(workshop, user, by=user)
    assert no.value.field == "birth_year"


def test_age_that_is_told_decides_and_is_kept():
    workshop = factories.make_workshop(min_age=18)
    child, woman = factories.make_user(), factories.make_user()
    with pytest.raises(prerequisites.WrongAge) as no:
        answers.register(workshop, child, by=child, told=Told(birth_year=years(17)))
    assert no.value.field == "birth_year"
    assert not Participant.objects.filter(user=child).exists()
    answers.register(workshop, woman, by=woman, told=Told(birth_year=years(18)))
    assert Participant.objects.get(user=woman).birth_year == years(18)


def test_age_that_is_known_is_not_told_anew():
    workshop = factories.make_workshop(min_age=18)
    child = factories.make_participant(birth_year=years(10)).user
    assert prerequisites.asked_of(workshop, child) == []
    with pytest.raises(prerequisites.WrongAge):
        answers.register(workshop, child, by=child, told=Told(birth_year=years(30)))
    child.participant.refresh_from_db()
    assert child.participant.birth_year == years(10)


# --- women only -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gender", "refusal"),
    [
        ("woman", None),
        ("man", prerequisites.ForWomenOnly),
        ("other", prerequisites.AskTheOrganiser),
        ("undisclosed", None),
    ],
)
def test_women_only(gender, refusal):
    workshop = factories.make_workshop(is_women_only=True)
    person = factories.make_participant(gender=gender).user
    assert type(why(workshop, person)) is (refusal or type(None))


def test_women_only_asks_whom_it_does_not_know():
    workshop = factories.make_workshop(is_women_only=True)
    person = factories.make_participant().user
    assert prerequisites.asked_of(workshop, person) == ["is_woman"]
    with pytest.raises(prerequisites.NotTold):
        registration.register(workshop, person, by=person)
    answers.register(workshop, person, by=person, told=Told(is_woman=True))
    person.participant.refresh_from_db()
    assert person.participant.gender == Participant.Gender.WOMAN


def test_women_only_is_not_talked_into_by_a_man():
    workshop = factories.make_workshop(is_women_only=True)
    man = factories.make_participant(gender="man").user
    with pytest.raises(prerequisites.ForWomenOnly):
        answers.register(workshop, man, by=man, told=Told(is_woman=True))


# --- level of Polish ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "fits"), [("A1", False), ("A1+", True), ("A2", True), ("B1", True), ("B1+", False)]
)
def test_level_that_was_found_decides(level, fits):
    workshop = factories.make_workshop(min_level="A1+", max_level="B1")
    user = factories.make_user()
    Placement.objects.create(user=user, placed_level=level, placed_on=timezone.localdate())
    refusal = why(workshop, user)
    assert (refusal is None) is fits
    assert prerequisites.asked_of(workshop, user) == []
    if refusal:
        assert refusal.level == level


def test_level_that_was_found_is_not_talked_away():
    workshop = factories.make_workshop(min_level="B1")
    user = factories.make_user()
    Placement.objects.create(user=user, placed_level="A1", placed_on=timezone.localdate())
    with pytest.raises(prerequisites.WrongLevel):
        answers.register(workshop, user, by=user, told=Told(level="B2"))


def test_level_of_the_profile_counts():
    workshop = factories.make_workshop(min_level="A2", max_level="B1")
    user = factories.make_user()
    LanguageSkill.objects.create(user=user, language="pl", spoken="B1")
    assert prerequisites.asked_of(workshop, user) == []
    row = registration.register(workshop, user, by=user)
    assert row.state == Registration.State.CONFIRMED


def test_first_language_is_the_highest_level():
    user = factories.make_user()
    LanguageSkill.objects.create(user=user, language="pl", spoken="native")
    assert why(factories.make_workshop(min_level="C2"), user, told=Told()) is None
    assert isinstance(
        why(factories.make_workshop(max_level="C1"), user, told=Told()), prerequisites.WrongLevel
    )


def test_level_that_she_gave_herself_once_can_be_given_anew():
    workshop = factories.make_workshop(min_level="A2")
    user = factories.make_user()
    Placement.objects.create(user=user, self_declared="A1")
    assert why(workshop, user) is None  # beforehand no reason: she is asked again
    assert prerequisites.asked_of(workshop, user) == ["level", "script"]
    with pytest.raises(prerequisites.WrongLevel):
        registration.register(workshop, user, by=user)
    answers.register(workshop, user, by=user, told=Told(level="A2", script="slow"))
    newest = Placement.objects.filter(user=user).first()
    assert (newest.self_declared, newest.latin_script) == ("A2", "slow")


def test_placement_course_asks_for_the_level_and_refuses_none():
    workshop = factories.make_workshop(needs_placement=True)
    user = factories.make_user()
    assert prerequisites.asked_of(workshop, user) == ["level", "script"]
    with pytest.raises(prerequisites.NotTold):
        registration.register(workshop, user, by=user)
    row = answers.register(workshop, user, by=user, told=Told(level="A0", script="none"))
    assert row.placements.get().self_declared == "A0"


# --- another workshop before ----------------------------------------------------------------------


def attended(user, *, minutes: int, percent: int = 75, **fields) -> Workshop:
    """A workshop that is over, 4 meetings of 60 minutes, with so many attended minutes."""
    before = factories.make_workshop(
        attendance_percent=percent, sessions=[(-number, "10:00", 60) for number in (5, 4, 3, 2)], **fields
    )
    row = factories.make_registration(before, user, confirmed_at=factories.at(-9))
    for session in before.sessions.all():
        part = min(minutes, 60)
        mark = Attendance.Mark.PRESENT if part else Attendance.Mark.ABSENT
        Attendance.objects.create(session=session, registration=row, mark=mark, minutes=part)
        minutes -= part
    other = factories.make_registration(before)
    for session in before.sessions.all():
        Attendance.objects.create(session=session, registration=other, mark="present", minutes=60)
    return before


@pytest.mark.parametrize(("minutes", "fits"), [(240, True), (180, True), (179, False), (0, False)])
def test_required_workshop_counts_by_attendance(migrant, minutes, fits):
    before = attended(migrant, minutes=minutes)
    workshop = factories.make_workshop()
    workshop.requires.add(before)
    refusal = why(workshop, migrant)
    assert isinstance(refusal, prerequisites.NotFinished) is not fits
    if refusal:
        assert before.title in str(refusal)


def test_required_workshop_counts_by_its_certificate(migrant, coordinator, trainer):
    before = attended(migrant, minutes=0)
    workshop = factories.make_workshop()
    workshop.requires.add(before)
    certificate = Certificate.objects.create(
        registration=before.registrations.get(user=migrant),
        code="code",
        printed_name="Olena",
        minutes=0,
        planned_minutes=240,
        attended_percent=0,
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate(),
        drafted_by=trainer,
    )
    assert isinstance(why(workshop, migrant), prerequisites.NotFinished)  # a draft is none
    Certificate.objects.filter(pk=certificate.pk).update(
        state="issued", number=1, year=YEAR, issued_by=coordinator, issued_at=timezone.now()
    )
    assert why(workshop, migrant) is None


def test_required_workshop_asks_strangers_to_sign_in(migrant):
    workshop = factories.make_workshop()
    workshop.requires.add(factories.make_workshop())
    assert isinstance(why(workshop, None), prerequisites.SignInFirst)
    assert isinstance(why(workshop, migrant), prerequisites.NotFinished)


# --- the coordinator ------------------------------------------------------------------------------


def test_add_by_hand_passes_the_rules_by_and_writes_it_down(coordinator):
    workshop = factories.make_workshop(
        is_women_only=True, min_age=18, min_level="B1", audience=Audience.OFFICIALS
    )
    workshop.requires.add(factories.make_workshop())
    person = factories.make_participant(gender="man", birth_year=years(12)).user
    row = registration.add_by_hand(workshop, person, by=coordinator)
    assert row.state == Registration.State.CONFIRMED
    line = AuditEntry.objects.get(action="registration.added_by_hand")
    assert line.data["unmet"] == ["age", "audience", "level", "requires", "women_only"]


# --- in words -------------------------------------------------------------------------------------


def test_rules_in_words():
    workshop = factories.make_workshop(
        is_women_only=True, min_age=13, max_age=17, min_level="A1", max_level="A2+", needs_placement=True
    )
    before = factories.make_workshop(title_pl="Kurs A1")
    workshop.requires.add(before)
    rules = [rule["text"] for rule in prerequisites.rules_of(workshop)]
    assert len(rules) == 5
    assert any("13" in rule and "17" in rule for rule in rules)
    assert any("A1" in rule and "A2+" in rule for rule in rules)
    assert any("Kurs A1" in rule for rule in rules)
    assert prerequisites.rules_of(before) == []


# --- what the planner writes down --------------------------------------------------------------------------


def test_edit_workshop_takes_what_must_be_finished_before(workshop, coordinator):
    before = factories.make_workshop()
    planning.edit_workshop(workshop, by=coordinator, requires=[before])
    assert list(workshop.requires.all()) == [before]
    assert AuditEntry.objects.get(action="workshop.edited").data["fields"] == ["requires"]
    planning.edit_workshop(workshop, by=coordinator, requires=[before])  # twice is harmless
    assert AuditEntry.objects.filter(action="workshop.edited").count() == 1


def test_edit_workshop_refuses_that_workshops_wait_for_each_other(coordinator):
    first, second, third = (factories.make_workshop() for _number in range(3))
    planning.edit_workshop(second, by=coordinator, requires=[first])
    planning.edit_workshop(third, by=coordinator, requires=[second])
    for before in (first, third):
        with pytest.raises(planning.RequiresItself):
            planning.edit_workshop(first, by=coordinator, requires=[before])
