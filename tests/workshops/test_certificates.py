"""Drafts, the second signature, numbers, taking back, issuing anew, the name as the person wants it."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.models import AuditEntry, ContactPreference, Message
from tests.factories import at, make_session, make_staff, make_user
from tests.workshops.certificate_scene import attended, come_to_another, make_certificate, make_course
from workshops import certificate_drafts, certificates
from workshops.models import Attendance, Certificate, ManualHours, Placement, Registration

pytestmark = pytest.mark.django_db
State = Certificate.State


@pytest.fixture
def course(theme, trainer):
    return make_course(theme, trainers=[trainer])


@pytest.fixture
def row(course, migrant):
    return attended(course, migrant, times=3)


@pytest.fixture
def second(project):
    """Another coordinator."""
    return make_staff(project, user=make_user(full_name="Ewa Druga", email="second@example.org"))


@pytest.fixture
def drafted(row, coordinator):
    return certificates.draft(row, by=coordinator)


@pytest.fixture
def issued(drafted, second):
    return certificates.approve_and_issue(drafted, by=second)


def told(kind="certificate"):
    return Message.objects.filter(kind=kind)


def actions(certificate):
    entries = AuditEntry.objects.filter(object_type="workshops.certificate", object_id=certificate.pk)
    return list(entries.order_by("pk").values_list("action", flat=True))


# --- Drafts ----------------------------------------------------------------------------------------------


def test_draft_is_a_snapshot_of_how_she_stands(row, coordinator):
    draft = certificates.draft(row, by=coordinator)
    assert draft.state == State.DRAFT
    assert (draft.minutes, draft.planned_minutes, draft.attended_percent) == (360, 480, 75)
    assert (draft.starts_on, draft.ends_on) == (at(-4).date(), at(-1).date())
    assert (draft.printed_name, draft.language) == ("Olena Kowalenko", "uk")
    assert (draft.level, draft.test_result) == ("A1", None)
    assert draft.drafted_by == coordinator
    assert draft.serial == ""
    assert actions(draft) == ["certificate.drafted"]


def test_draft_twice_is_one(row, coordinator, second):
    first = certificates.draft(row, by=coordinator)
    again = certificates.draft(row, by=second)
    assert again.pk == first.pk
    assert again.drafted_by == coordinator
    assert actions(first) == ["certificate.drafted"]


def test_draft_again_takes_the_hours_of_today(course, row, drafted, second):
    come_to_another(course, row)
    again = certificates.draft(row, by=second)
    assert (again.minutes, again.drafted_by) == (480, second)
    assert actions(again) == ["certificate.drafted", "certificate.drafted_again"]


def test_draft_counts_hours_by_hand_as_hours_and_not_as_attendance(row, coordinator, second):
    ManualHours.objects.create(
        registration=row, on=at(-2).date(), minutes=200, reason="x", entered_by=coordinator,
        decided_by=second, state=ManualHours.State.APPROVED,
    )  # fmt: skip
    draft = certificates.draft(row, by=coordinator)
    assert (draft.minutes, draft.planned_minutes, draft.attended_percent) == (560, 680, 75)


@pytest.mark.parametrize(
    ("placed_days", "level", "result"), [(-10, "A1", None), (-4, "A1", None), (-1, "A2", 71)]
)
def test_draft_takes_the_level_found_at_the_end_and_no_earlier_one(
    row, coordinator, placed_days, level, result
):
    Placement.objects.create(
        user=row.user,
        registration=row,
        self_declared="C1",
        placed_level="A2",
        test_score=71,
        placed_by=coordinator,
        placed_on=at(placed_days).date(),
    )
    draft = certificates.draft(row, by=coordinator)
    assert (draft.level, draft.test_result) == (level, result)


def test_draft_below_the_attendance_is_refused(course, migrant, coordinator):
    row = attended(course, migrant, times=2)
    with pytest.raises(certificate_drafts.TooLittleAttended) as no:
        certificates.draft(row, by=coordinator)
    assert "50" in str(no.value)
    assert "75" in str(no.value)
    assert not Certificate.objects.exists()


def test_draft_below_the_attendance_with_a_reason_is_kept_and_audited(course, migrant, coordinator):
    row = attended(course, migrant, times=2)
    draft = certificates.draft(row, by=coordinator, override_reason="  She was in hospital. ")
    assert draft.override_reason == "She was in hospital."
    entry = AuditEntry.objects.get(action="certificate.drafted")
    assert entry.data["is_exception"] is True
    assert "hospital" not in str(entry.data)


def test_draft_keeps_no_reason_that_was_not_needed(row, coordinator):
    assert certificates.draft(row, by=coordinator, override_reason="because").override_reason == ""


def test_draft_before_the_last_meeting_needs_a_reason(course, row, coordinator):
    make_session(course, days=3)
    with pytest.raises(certificate_drafts.NotOverYet):
        certificates.draft(row, by=coordinator)
    assert certificates.draft(row, by=coordinator, override_reason="New job abroad").pk


def test_draft_of_nobody_who_came_is_refused_whatever_the_reason(course, migrant, coordinator):
    row = attended(course, migrant, times=0)
    with pytest.raises(certificate_drafts.NothingAttended):
        certificates.draft(row, by=coordinator, override_reason="because")


def test_draft_without_a_place_is_refused(course, migrant, coordinator):
    row = attended(course, migrant, times=4, state=Registration.State.WITHDRAWN)
    with pytest.raises(certificate_drafts.NoPlace):
        certificates.draft(row, by=coordinator)


def test_draft_where_none_are_given_is_refused(theme, migrant, coordinator):
    row = attended(make_course(theme, gives_certificate=False), migrant, times=4)
    with pytest.raises(certificate_drafts.NoCertificates):
        certificates.draft(row, by=coordinator)


def test_draft_of_ones_own_is_refused(course, coordinator):
    row = attended(course, coordinator, times=4)
    with pytest.raises(certificate_drafts.OwnCertificate):
        certificates.draft(row, by=coordinator)


def test_draft_of_what_is_issued_changes_nothing(course, row, issued, coordinator):
    come_to_another(course, row)
    assert certificates.draft(row, by=coordinator).pk == issued.pk
    issued.refresh_from_db()
    assert issued.minutes == 360


def test_draft_after_taking_back_is_refused(row, issued, coordinator):
    certificates.revoke(issued, by=coordinator, reason="Wrong person")
    with pytest.raises(certificate_drafts.WasRevoked):
        certificates.draft(row, by=coordinator)


def test_draft_all_writes_them_for_all_who_reached_it_and_nobody_else(course, coordinator, second, project):
    enough = [attended(course, times=4), attended(course, times=3)]
    attended(course, times=2)
    attended(course, times=4, state=Registration.State.REVOKED)
    new = certificates.draft_all(course, by=coordinator)
    assert {draft.registration_id for draft in new} == {row.pk for row in enough}
    waiting = told("work").get()
    assert waiting.recipient == second
    assert f"/work/workshops/{course.slug}/certificates/" in waiting.text


def test_draft_all_twice_is_once(course, row, coordinator, second):
    assert len(certificates.draft_all(course, by=coordinator)) == 1
    assert certificates.draft_all(course, by=second) == []
    assert Certificate.objects.get().drafted_by == coordinator
    assert told("work").count() == 1


def test_draft_all_leaves_alone_what_was_taken_back(course, row, issued, coordinator):
    certificates.revoke(issued, by=coordinator, reason="Wrong person")
    assert certificates.draft_all(course, by=coordinator) == []


def test_draft_all_before_the_last_meeting_is_refused(course, row, coordinator):
    make_session(course, days=3)
    with pytest.raises(certificate_drafts.NotOverYet):
        certificates.draft_all(course, by=coordinator)


def test_correct_draft_makes_its_author_whoever_changed_it(drafted, second):
    certificates.correct_draft(
        drafted, by=second, printed_name=" Олена  Коваленко ", language="ar", level="A2", test_result=80
    )
    drafted.refresh_from_db()
    assert (drafted.printed_name, drafted.language) == ("Олена Коваленко", "ar")
    assert (drafted.level, drafted.test_result, drafted.drafted_by) == ("A2", 80, second)
    with pytest.raises(certificates.TwoPeopleNeeded):
        certificates.approve_and_issue(drafted, by=second)


def test_correct_draft_that_changes_nothing_leaves_its_author(drafted, coordinator, second):
    facts = {"printed_name": drafted.printed_name, "language": "uk", "level": "A1", "test_result": None}
    assert certificates.correct_draft(drafted, by=second, **facts).drafted_by == coordinator
    assert actions(drafted) == ["certificate.drafted"]


@pytest.mark.parametrize("name", ["", "   ", "ნინო ბერიძე", "Olena 😀", "Olena \u202eoknelawoK", "李明"])
def test_correct_draft_refuses_a_name_that_cannot_be_printed(drafted, coordinator, name):
    with pytest.raises(certificate_drafts.CannotBePrinted):
        certificates.correct_draft(drafted, by=coordinator, printed_name=name, language="uk")


def test_correct_draft_of_what_is_issued_is_refused(issued, coordinator):
    with pytest.raises(certificate_drafts.NotADraft):
        certificates.correct_draft(issued, by=coordinator, printed_name="Other", language="uk")


def test_throw_away_removes_a_draft_and_twice_is_harmless(drafted, coordinator):
    certificates.throw_away(drafted, by=coordinator)
    certificates.throw_away(drafted, by=coordinator)
    assert not Certificate.objects.exists()
    assert AuditEntry.objects.filter(action="certificate.thrown_away").count() == 1


def test_throw_away_what_is_issued_is_refused(issued, coordinator):
    with pytest.raises(certificate_drafts.NotADraft):
        certificates.throw_away(issued, by=coordinator)


# --- Issuing ---------------------------------------------------------------------------------------------


def test_issue_by_a_second_person_gives_the_number_and_tells_her(drafted, second, migrant):
    with time_machine.travel("2026-11-20 12:00+01:00", tick=False):
        row = certificates.approve_and_issue(drafted, by=second)
        row.refresh_from_db()
        assert (row.state, row.issued_by, row.issued_at) == (State.ISSUED, second, timezone.now())
    assert row.serial == "SPLOT/2026/0001"
    assert len(row.code) == certificate_drafts.CODE_LENGTH
    assert row.facts["issued_by"] == "Ewa Druga"
    assert row.facts["title"]["uk"] == "Польська A1"
    message = told().get()
    assert (message.recipient, message.language) == (migrant, "uk")
    assert message.text.count("/uk/me/certificates/") == 1
    assert row.serial in message.text
    assert actions(row) == ["certificate.drafted", "certificate.issued"]


def test_issue_year_is_the_one_of_the_clocks_in_poland(drafted, second):
    with time_machine.travel("2026-12-31 23:30+00:00", tick=False):
        assert certificates.approve_and_issue(drafted, by=second).year == 2027


def test_issue_by_the_author_is_refused(drafted, coordinator):
    with pytest.raises(certificates.TwoPeopleNeeded):
        certificates.approve_and_issue(drafted, by=coordinator)
    assert not told().exists()


def test_issue_by_two_people_is_a_rule_of_the_database(row, coordinator):
    certificate = make_certificate(row, drafted_by=coordinator)
    with pytest.raises(IntegrityError, match="certificate_two_people"), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(
            state=State.ISSUED, issued_by=coordinator, issued_at=timezone.now(), year=2026, number=1
        )


def test_issue_of_a_draft_whose_author_is_gone_is_refused(drafted, second):
    Certificate.objects.filter(pk=drafted.pk).update(drafted_by=None)
    with pytest.raises(certificates.TwoPeopleNeeded):
        certificates.approve_and_issue(drafted, by=second)


def test_issue_to_oneself_is_refused(course, coordinator, second):
    draft = certificates.draft(attended(course, second, times=4), by=coordinator)
    with pytest.raises(certificate_drafts.OwnCertificate):
        certificates.approve_and_issue(draft, by=second)


def test_issue_of_a_draft_that_changed_since_it_was_looked_at_is_refused(drafted, coordinator, second):
    seen = drafted.fingerprint
    certificates.choose_name(drafted.registration.user, printed_name="Other", language="uk", by=coordinator)
    with pytest.raises(certificates.DraftHasChanged):
        certificates.approve_and_issue(drafted, by=second, seen=seen)
    drafted.refresh_from_db()
    assert certificates.approve_and_issue(drafted, by=second, seen=drafted.fingerprint).is_valid


def test_issue_with_a_title_that_cannot_be_printed_is_refused(course, drafted, second):
    course.title_pl = "Polski 🎉"
    course.save(update_fields=["title_pl"])
    with pytest.raises(certificate_drafts.CannotBePrinted):
        certificates.approve_and_issue(drafted, by=second)


def test_issue_twice_is_once(issued, second, coordinator):
    again = certificates.approve_and_issue(issued, by=coordinator)
    assert (again.number, again.issued_by) == (1, second)
    assert told().count() == 1


def test_issue_to_somebody_with_neutral_messages_says_nothing(drafted, second, migrant):
    ContactPreference.objects.create(user=migrant, is_neutral=True)
    certificates.approve_and_issue(drafted, by=second)
    message = told().get()
    assert "Polsk" not in message.subject + message.text
    assert "certificate" not in message.text.lower()


def test_issue_to_a_child_is_told_to_its_guardian(course, coordinator, second, migrant):
    child = make_user(full_name="Danylo Kowalenko", email=None, guardian=migrant)
    draft = certificates.draft(attended(course, child, times=4), by=coordinator)
    row = certificates.approve_and_issue(draft, by=second)
    assert told().get().recipient == migrant
    assert row in Certificate.objects.visible_to(migrant)


def test_issue_all_signs_what_was_seen_and_what_others_wrote(course, coordinator, second):
    others = [certificates.draft(attended(course, times=4), by=coordinator) for _number in range(3)]
    own = certificates.draft(attended(course, times=4), by=second)
    seen = {str(draft.public_id): draft.fingerprint for draft in [*others[:2], own]}
    seen[str(others[1].public_id)] = "changed"
    issued, left = certificates.issue_all(course, by=second, seen=seen)
    assert [row.pk for row in issued] == [others[0].pk]
    assert {row.pk for row in left} == {others[1].pk, own.pk}
    assert Certificate.objects.filter(state=State.DRAFT).count() == 3


def test_numbers_start_anew_with_the_year(course, coordinator, second):
    rows = [certificates.draft(attended(course, times=4), by=coordinator) for _number in range(3)]
    with time_machine.travel("2026-12-30 12:00+01:00", tick=False):
        first, other = [certificates.approve_and_issue(row, by=second).serial for row in rows[:2]]
    with time_machine.travel("2027-01-02 12:00+01:00", tick=False):
        third = certificates.approve_and_issue(rows[2], by=second).serial
    assert (first, other, third) == ("SPLOT/2026/0001", "SPLOT/2026/0002", "SPLOT/2027/0001")


def test_code_has_96_bits_at_least_and_no_signs_that_look_alike():
    bits = certificate_drafts.CODE_LENGTH * (len(certificate_drafts.ALPHABET) - 1).bit_length()
    assert len(set(certificate_drafts.ALPHABET)) == 32
    assert bits >= 96
    assert not set("0O1I") & set(certificate_drafts.ALPHABET)
    assert len({certificate_drafts.new_code() for _number in range(200)}) == 200


# --- Afterwards ------------------------------------------------------------------------------------------


def test_revoke_tells_her_why_and_twice_is_once(issued, coordinator, migrant):
    certificates.revoke(issued, by=coordinator, reason=" Issued to the wrong person ")
    certificates.revoke(issued, by=coordinator, reason="again")
    issued.refresh_from_db()
    assert (issued.state, issued.revoked_reason) == (State.REVOKED, "Issued to the wrong person")
    assert issued.revoked_by == coordinator
    message = told().exclude(state=Message.State.SILENCED).get()
    assert "Issued to the wrong person" in message.text
    assert actions(issued).count("certificate.revoked") == 1


def test_revoke_without_a_reason_is_refused(issued, coordinator):
    with pytest.raises(certificates.ReasonNeeded):
        certificates.revoke(issued, by=coordinator, reason="  ")


def test_revoke_of_a_draft_is_refused(drafted, coordinator):
    with pytest.raises(certificates.NotIssued):
        certificates.revoke(drafted, by=coordinator, reason="x")


def test_reissue_leaves_the_old_one_valid_until_the_new_one_is_issued(issued, coordinator, second, migrant):
    certificates.choose_name(migrant, printed_name="Олена Коваленко", language="ar", by=migrant)
    certificates.ask_reissue(issued, by=migrant)
    new = certificates.reissue(issued, by=coordinator)
    issued.refresh_from_db()
    assert (issued.state, new.state, new.replaces) == (State.ISSUED, State.DRAFT, issued)
    assert (new.printed_name, new.language, new.level) == ("Олена Коваленко", "ar", "A1")
    certificates.approve_and_issue(new, by=second)
    issued.refresh_from_db()
    new.refresh_from_db()
    assert (issued.state, issued.revoked_by, issued.reissue_asked_at) == (State.REVOKED, second, None)
    assert (new.state, new.number) == (State.ISSUED, 2)
    assert new.code != issued.code
    assert told().filter(key__contains="revoked").count() == 0


def test_reissue_twice_is_one_draft(issued, coordinator, second):
    first = certificates.reissue(issued, by=coordinator)
    assert certificates.reissue(issued, by=second).pk == first.pk
    certificates.approve_and_issue(first, by=second)
    assert certificates.reissue(issued, by=coordinator).pk == first.pk
    assert Certificate.objects.count() == 2


def test_reissue_again_makes_a_chain(issued, coordinator, second):
    new = certificates.approve_and_issue(certificates.reissue(issued, by=coordinator), by=second)
    third = certificates.approve_and_issue(certificates.reissue(new, by=second), by=coordinator)
    assert third.replaces.replaces == issued
    assert list(Certificate.objects.order_by("number").values_list("number", "state")) == [
        (1, "revoked"), (2, "revoked"), (3, "issued"),
    ]  # fmt: skip


def test_reissue_draft_that_is_thrown_away_can_be_written_again(issued, coordinator):
    certificates.throw_away(certificates.reissue(issued, by=coordinator), by=coordinator)
    assert certificates.reissue(issued, by=coordinator).replaces == issued
    issued.refresh_from_db()
    assert issued.is_valid


def test_reissue_of_what_was_taken_back_is_possible(issued, coordinator, second):
    certificates.revoke(issued, by=coordinator, reason="Wrong name")
    new = certificates.approve_and_issue(certificates.reissue(issued, by=coordinator), by=second)
    issued.refresh_from_db()
    assert new.is_valid
    assert issued.revoked_reason == "Wrong name"


def test_reissue_of_a_draft_is_refused(drafted, coordinator):
    with pytest.raises(certificates.NotIssued):
        certificates.reissue(drafted, by=coordinator)


def test_reissue_with_hours_that_are_too_few_now_needs_a_reason(row, issued, coordinator):
    Attendance.objects.filter(registration=row).update(mark="absent", minutes=0)
    keep = row.attendances.first()
    Attendance.objects.filter(pk=keep.pk).update(mark="present", minutes=120)
    with pytest.raises(certificate_drafts.TooLittleAttended):
        certificates.reissue(issued, by=coordinator)
    assert certificates.reissue(issued, by=coordinator, override_reason="Illness").minutes == 120


def test_changed_since_names_those_whose_hours_were_corrected(course, row, issued, coordinator, second):
    other = certificates.draft(attended(course, times=4), by=coordinator)
    other = certificates.approve_and_issue(other, by=second)
    standings = certificates.hours.standings(course)
    assert certificates.changed_since([issued, other], standings) == set()
    Attendance.objects.filter(registration=row, minutes__gt=0).update(mark="late", minutes=100)
    standings = certificates.hours.standings(course)
    assert certificates.changed_since([issued, other], standings) == {issued.pk}


# --- What the person does --------------------------------------------------------------------------------


def test_choose_name_holds_for_drafts_there_are_and_drafts_to_come(course, drafted, migrant, coordinator):
    certificates.choose_name(migrant, printed_name=" Олена  К. ", language="be", by=migrant)
    drafted.refresh_from_db()
    assert (drafted.printed_name, drafted.language, drafted.drafted_by) == ("Олена К.", "be", coordinator)
    certificates.throw_away(drafted, by=coordinator)
    again = certificates.draft(drafted.registration, by=coordinator)
    assert (again.printed_name, again.language) == ("Олена К.", "be")


def test_choose_name_leaves_what_is_issued(issued, migrant):
    certificates.choose_name(migrant, printed_name="Other Name", language="uk", by=migrant)
    issued.refresh_from_db()
    assert issued.printed_name == "Olena Kowalenko"


def test_choose_name_that_cannot_be_printed_is_refused(migrant):
    with pytest.raises(certificate_drafts.CannotBePrinted):
        certificates.choose_name(migrant, printed_name="ნინო", language="uk", by=migrant)


def test_ask_reissue_is_seen_by_the_coordinators_once(issued, migrant, coordinator, second):
    certificates.choose_name(migrant, printed_name="Other Name", language="uk", by=migrant)
    certificates.ask_reissue(issued, by=migrant)
    certificates.ask_reissue(issued, by=migrant)
    asked = told("work").filter(key__contains="reissue_asked")
    assert set(asked.values_list("recipient", flat=True)) == {coordinator.pk, second.pk}
    assert asked.count() == 2
    assert "Other Name" not in asked[0].text
    issued.refresh_from_db()
    assert issued.reissue_asked_at


def test_ask_reissue_without_another_name_is_refused(issued, migrant):
    with pytest.raises(certificates.NothingToChange):
        certificates.ask_reissue(issued, by=migrant)


def test_ask_reissue_of_what_is_not_valid_is_refused(issued, migrant, coordinator):
    certificates.revoke(issued, by=coordinator, reason="x")
    with pytest.raises(certificates.NotIssued):
        certificates.ask_reissue(issued, by=migrant)


# --- Codes and initials ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        "{code}",
        "{grouped}",
        " {lower} ",
        "https://splot.example/certificates/{grouped}/",
        "https://splot.example/uk/certificates/{lower}",
    ],
)
def test_find_takes_a_code_however_it_is_typed(issued, form):
    typed = form.format(
        code=issued.code, grouped=issued.code_in_groups, lower=issued.code_in_groups.lower().replace("-", " ")
    )
    assert certificates.find(typed) == issued


def test_find_knows_no_draft_and_no_longer_code(drafted):
    assert certificates.find(drafted.code) is None
    certificate = make_certificate(attended(drafted.registration.workshop, times=4), state="issued")
    assert certificates.find(certificate.code + "A") is None
    assert certificates.find(certificate.code[:-1]) is None
    assert certificates.find("") is None


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Olena Kowalenko", "O. K."),
        ("Maria del Carmen García López", "M. L."),
        ("Олена Коваленко", "О. К."),
        ("فاطمة الحسن", "ف. ا."),
        ("Madonna", "M."),
        ("“Ola” Nowak", "O. N."),
    ],
)
def test_initials_are_of_the_first_and_the_last_part(name, initials):
    assert Certificate(printed_name=name).initials == initials


def test_certificate_may_not_say_more_hours_than_were_held(row):
    with pytest.raises(IntegrityError, match="certificate_hours_fit"), transaction.atomic():
        make_certificate(row, minutes=481)


def test_certificate_of_a_registration_is_valid_once(row):
    make_certificate(row, state="issued")
    with pytest.raises(IntegrityError, match="certificate_one_valid"), transaction.atomic():
        make_certificate(row, state="issued")


def test_messages_wait_for_the_morning(drafted, second):
    with time_machine.travel("2026-11-20 23:00+01:00", tick=False):
        certificates.approve_and_issue(drafted, by=second)
    assert told().get().due_at > timezone.now() - timedelta(days=3650)
    assert timezone.localtime(told().get().due_at).hour == 8
