"""Paper, codes and roll against each other: every pair that differs, and how it is put right."""

import pytest

from portal.models import AuditEntry
from projects.models import LedgerEntry
from tests.factories import at, make_registration, make_session, make_user, make_workshop
from workshops import attendance, reconciliation, sheets
from workshops.models import Attendance, AttendanceCorrection, CheckIn, Session
from workshops.reconciliation import Kind, Witnesses, compare

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(theme, trainer):
    return make_workshop(theme=theme, trainers=[trainer], sessions=[(-1, "17:00", 120)])


@pytest.fixture
def session(held):
    return held.sessions.get()


@pytest.fixture
def row(held):
    return make_registration(held, make_user(full_name="Anna Pierwsza"), confirmed_at=at(-10))


@pytest.fixture
def sheet(session, row, trainer):
    return sheets.print_sheet(session, by=trainer, language="pl")


def check_in(session, row):
    return CheckIn.objects.create(session=session, registration=row, how="own_phone")


#: mark; signed on paper (None: nobody looked); checked in; what differs.
MATRIX = [
    ("present", True, True, None),
    ("present", True, False, None),
    ("present", None, True, None),
    ("present", None, False, None),
    ("present", False, False, Kind.CAME_UNSIGNED),
    ("present", False, True, Kind.CAME_UNSIGNED),
    ("late", False, False, Kind.CAME_UNSIGNED),
    ("left_early", False, False, Kind.CAME_UNSIGNED),
    ("late", True, False, None),
    ("absent", True, False, Kind.SIGNED_AWAY),
    ("absent", True, True, Kind.SIGNED_AWAY),
    ("absent", False, True, Kind.CODE_AWAY),
    ("absent", None, True, Kind.CODE_AWAY),
    ("absent", False, False, None),
    ("absent", None, False, None),
    ("excused", True, False, Kind.SIGNED_AWAY),
    ("excused", None, True, Kind.CODE_AWAY),
    ("excused", False, False, None),
    ("unknown", True, False, Kind.SIGNED_UNMARKED),
    ("unknown", True, True, Kind.SIGNED_UNMARKED),
    ("unknown", False, True, Kind.CODE_UNMARKED),
    ("unknown", None, True, Kind.CODE_UNMARKED),
    ("unknown", False, False, Kind.NOTHING),
    ("unknown", None, False, None),
]


@pytest.mark.parametrize(("mark", "is_signed", "has_checked_in", "kind"), MATRIX)
def test_compare_finds_what_differs(mark, is_signed, has_checked_in, kind):
    assert compare(Witnesses(mark, is_signed, has_checked_in, is_expected=True)) == kind


@pytest.mark.parametrize(("mark", "is_signed", "has_checked_in", "kind"), MATRIX)
def test_put_right_ends_each_difference(
    session, row, sheet, trainer, coordinator, mark, is_signed, has_checked_in, kind
):
    attendance.mark(session, row, mark, by=trainer)
    if is_signed is not None:
        sheets.write_down(sheet, {row.pk} if is_signed else set(), by=trainer)
    if has_checked_in:
        check_in(session, row)
    assert [found.kind for found in reconciliation.differences(session)] == ([kind] if kind else [])
    is_contested = is_signed is False and has_checked_in
    changed = reconciliation.put_right(session, row, by=coordinator)
    assert bool(changed) == bool(kind and (mark == "unknown" or not is_contested))
    # Where paper and code contradict each other, only a person knows: it stays among the differences.
    assert [found.is_contested for found in reconciliation.differences(session)] == [True] * is_contested


def test_who_is_not_expected_and_did_not_sign_is_no_difference():
    assert compare(Witnesses("unknown", False, False, is_expected=False)) is None


def test_put_right_from_paper_says_so(session, row, sheet, trainer, coordinator):
    attendance.mark(session, row, "absent", by=trainer)
    sheets.write_down(sheet, {row.pk}, by=trainer)
    reconciliation.put_right(session, row, by=coordinator)
    attended = Attendance.objects.get()
    assert (attended.mark, attended.source) == ("present", "paper")
    assert AttendanceCorrection.objects.get().reason
    assert LedgerEntry.objects.filter(measure="received").get().minutes == 120
    assert LedgerEntry.objects.filter(measure="delivered").exists()


def test_put_right_from_code_says_so(session, row, coordinator):
    check_in(session, row)
    reconciliation.put_right(session, row, by=coordinator)
    assert Attendance.objects.get().source == "check_in"


def test_put_right_twice_is_once(session, row, sheet, trainer):
    sheets.write_down(sheet, {row.pk}, by=trainer)
    assert reconciliation.put_right(session, row, by=trainer)
    assert reconciliation.put_right(session, row, by=trainer) is None
    assert AuditEntry.objects.filter(action="attendance.marked").count() == 1


def test_put_all_right_takes_one_kind_only(session, held, row, trainer):
    others = [make_registration(held, confirmed_at=at(-9)) for _number in range(3)]
    sheet = sheets.print_sheet(session, by=trainer, language="pl")
    sheets.write_down(sheet, {row.pk, others[0].pk}, by=trainer)
    assert reconciliation.put_all_right(session, Kind.SIGNED_UNMARKED, by=trainer) == 2
    assert [found.kind for found in reconciliation.differences(session)] == [Kind.NOTHING] * 2


def test_paper_that_nobody_used_says_nothing(session, held, row, sheet, trainer):
    make_registration(held, confirmed_at=at(-9))
    second = sheets.print_sheet(session, by=trainer, language="pl")
    sheets.write_down(second, {row.pk}, by=trainer)
    attendance.mark(session, row, "present", by=trainer)
    kinds = {found.registration.pk: found.kind for found in reconciliation.differences(session)}
    assert row.pk not in kinds
    assert list(kinds.values()) == [Kind.NOTHING]


def test_signature_on_any_of_several_papers_counts(session, held, row, sheet, trainer):
    attendance.mark(session, row, "present", by=trainer)
    sheets.write_down(sheet, {row.pk}, by=trainer)
    other = make_registration(held, confirmed_at=at(-9))
    attendance.mark(session, other, "absent", by=trainer)
    sheets.write_down(sheets.print_sheet(session, by=trainer, language="pl"), set(), by=trainer)
    assert reconciliation.differences(session) == []


def test_one_row_that_was_looked_at_does_not_speak_for_the_others(session, held, row, sheet, trainer):
    attendance.mark(session, row, "present", by=trainer)
    walk_in = make_registration(held, is_walk_in=True)
    sheets.add_row(sheet, walk_in, by=trainer)
    assert [found.registration for found in reconciliation.differences(session)] == [walk_in]


def test_who_came_and_stands_on_no_paper_did_not_sign(session, held, row, sheet, trainer):
    sheets.write_down(sheet, {row.pk}, by=trainer)
    attendance.mark(session, row, "present", by=trainer)
    late = make_registration(held, is_walk_in=True)
    attendance.mark(session, late, "present", by=trainer)
    [found] = reconciliation.differences(session)
    assert (found.registration, found.kind, found.right_mark) == (late, Kind.CAME_UNSIGNED, "absent")


def test_people_of_whom_nobody_says_anything_are_counted(session, held, row, trainer):
    attendance.mark(session, make_registration(held, confirmed_at=at(-9)), "present", by=trainer)
    make_registration(held, state="withdrawn", confirmed_at=at(-9))
    assert reconciliation.of_all([session])[session.pk].unmarked == 1


def test_fingerprint_changes_with_a_mark_and_with_minutes(session, row, trainer):
    prints = [reconciliation.fingerprint(session)]
    for mark, minutes in (("present", None), ("late", 60), ("late", 61)):
        attendance.mark(session, row, mark, by=trainer, minutes=minutes)
        prints.append(reconciliation.fingerprint(session))
    assert len(set(prints)) == 4


@pytest.mark.parametrize("size", [2, 8])
def test_differences_take_two_queries(theme, trainer, django_assert_num_queries, size):
    workshop = make_workshop(theme=theme, trainers=[trainer], sessions=[])
    for number in range(size):
        session = make_session(workshop, days=-1 - number)
        row = make_registration(workshop, confirmed_at=at(-60))
        sheet = sheets.print_sheet(session, by=trainer, language="pl")
        sheets.write_down(sheet, {row.pk}, by=trainer)
        check_in(session, row)
    sessions = list(Session.objects.all())
    with django_assert_num_queries(2):
        found = reconciliation.of_all(sessions)
    assert sum(len(here.differences) for here in found.values()) > size
