"""Three witnesses of who was there: the signed paper, the codes at the door, and the roll (features.md U3).

Only what differs is listed; each difference says with which mark it would be put right.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models, transaction
from django.db.models import Case, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.models import User
from workshops import attendance
from workshops.models import Attendance, CheckIn, Registration, Session, SheetRow

Mark = Attendance.Mark
AWAY = (Mark.ABSENT, Mark.EXCUSED)
#: What code and paper say, beside the marks of the roll.
CODE, SIGNED, UNSIGNED = "code", "signed", "unsigned"


class Kind(models.TextChoices):
    SIGNED_AWAY = "signed_away", gettext_lazy("Signed, but is marked as not there")
    SIGNED_UNMARKED = "signed_unmarked", gettext_lazy("Signed, but is not marked yet")
    CODE_AWAY = "code_away", gettext_lazy("Checked in by code, but is marked as not there")
    CODE_UNMARKED = "code_unmarked", gettext_lazy("Checked in by code, but is not marked yet")
    CAME_UNSIGNED = "came_unsigned", gettext_lazy("Is marked as there, but did not sign")
    NOTHING = "nothing", gettext_lazy("Did not sign, and is not marked yet")


@dataclass(frozen=True)
class Witnesses:
    """``is_signed``: None where nobody has looked at a paper of this session yet."""

    mark: str
    is_signed: bool | None
    has_checked_in: bool
    is_expected: bool

    @property
    def is_contested(self) -> bool:
        return self.is_signed is False and self.has_checked_in and self.mark != Mark.UNKNOWN


@dataclass(frozen=True)
class Difference:
    kind: Kind
    registration: Registration
    mark: str
    #: Paper and code contradict each other: whatever the roll says, one of them differs. Only a person knows.
    is_contested: bool

    @property
    def right_mark(self) -> str:
        """The mark that would end it."""
        away = (Kind.CAME_UNSIGNED, Kind.NOTHING)
        return Mark.ABSENT if self.kind in away else Mark.PRESENT


@dataclass
class Comparison:
    """``unmarked``: how many people are expected of whom nobody says anything yet."""

    differences: list[Difference] = field(default_factory=list)
    unmarked: int = 0


def differences(session: Session) -> list[Difference]:
    return of_all([session])[session.pk].differences


def of_all(sessions: Iterable[Session]) -> dict[int, Comparison]:
    """By session; differences in the order of the names. Two queries, however many sessions and people."""
    found = {session.pk: Comparison() for session in sessions}
    for session_id, registration, witnesses in _witnesses(list(sessions)):
        here = found[session_id]
        if kind := compare(witnesses):
            here.differences.append(Difference(kind, registration, witnesses.mark, witnesses.is_contested))
        else:
            here.unmarked += witnesses.is_expected and witnesses.mark == Mark.UNKNOWN
    return found


def compare(seen: Witnesses) -> Kind | None:
    """What does not agree; the paper speaks before the code."""
    if seen.mark in Attendance.CAME:
        return Kind.CAME_UNSIGNED if seen.is_signed is False else None
    if seen.mark in AWAY:
        if seen.is_signed:
            return Kind.SIGNED_AWAY
        return Kind.CODE_AWAY if seen.has_checked_in else None
    if seen.is_signed:
        return Kind.SIGNED_UNMARKED
    if seen.has_checked_in:
        return Kind.CODE_UNMARKED
    return Kind.NOTHING if seen.is_signed is False and seen.is_expected else None


def put_right(session: Session, registration: Registration, *, by: User) -> Attendance | None:
    """Mark her as the other witnesses say. None where nothing differs (any more), or where they contradict
    each other: then nothing changes."""
    for difference in differences(session):
        if difference.registration.pk == registration.pk and not difference.is_contested:
            break
    else:
        return None
    is_code = difference.kind in (Kind.CODE_AWAY, Kind.CODE_UNMARKED)
    return attendance.mark(
        session,
        difference.registration,
        difference.right_mark,
        by=by,
        reason=_("As the code at the door says") if is_code else _("As the signature list says"),
        source=Attendance.Source.CHECK_IN if is_code else Attendance.Source.PAPER,
    )


@transaction.atomic
def put_all_right(session: Session, kind: str, *, by: User) -> int:
    """All differences of one kind at once; returns how many."""
    chosen = [row for row in differences(session) if row.kind == kind and not row.is_contested]
    for difference in chosen:
        put_right(session, difference.registration, by=by)
    return len(chosen)


def fingerprint(session: Session) -> str:
    """Changes as soon as a mark or a minute of the session changes."""
    marks = session.attendances.exclude(mark=Mark.UNKNOWN).order_by("registration")
    lines = [
        f"{pk}:{mark}:{minutes}" for pk, mark, minutes in marks.values_list("registration", "mark", "minutes")
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _witnesses(sessions: list[Session]):
    """(session's number, registration, witnesses) of everybody of whom anything is known or expected."""
    marks, codes, papers = {}, set(), []
    for sheet, session_id, registration_id, said in _said(sessions):
        key = (session_id, registration_id)
        if sheet:
            papers.append((sheet, key, said))
        elif said == CODE:
            codes.add(key)
        else:
            marks[key] = said
    signed = _signed(papers)
    looked_at = {session_id for session_id, _registration in signed}
    people = defaultdict(list)
    workshops = {session.workshop_id for session in sessions}
    rows = Registration.objects.filter(workshop__in=workshops, confirmed_at__isnull=False)
    for row in rows.select_related("user").order_by("user__name_key", "id"):
        people[row.workshop_id].append(row)
    for session in sessions:
        for row in people[session.workshop_id]:
            key = (session.pk, row.pk)
            is_signed = signed.get(key, False) if session.pk in looked_at else None
            has_place = row.state == Registration.State.CONFIRMED and row.confirmed_at < session.end_at
            yield session.pk, row, Witnesses(marks.get(key, Mark.UNKNOWN), is_signed, key in codes, has_place)


def _said(sessions: list[Session]) -> QuerySet:
    """All three witnesses in one query: (sheet or 0, session, registration, what it says)."""
    nobody_looked = When(is_signed__isnull=True, then=Value(""))
    signed = Case(nobody_looked, When(is_signed=True, then=Value(SIGNED)), default=Value(UNSIGNED))
    of_roll = Attendance.objects.filter(session__in=sessions).order_by()
    of_code = CheckIn.objects.filter(session__in=sessions).order_by()
    of_paper = SheetRow.objects.filter(sheet__session__in=sessions).order_by()
    none = Value(0, output_field=models.BigIntegerField())
    return of_roll.values_list(none, "session", "registration", "mark").union(
        of_code.values_list(none, "session", "registration", Value(CODE)),
        of_paper.values_list("sheet", "sheet__session", "registration", signed),
        all=True,
    )


def _signed(papers: list[tuple[int, tuple[int, int], str]]) -> dict[tuple[int, int], bool | None]:
    """On any paper of the session that somebody has looked at; one that was never used says nothing.

    None: the paper was looked at, but not at her row.
    """
    used = {sheet for sheet, _key, said in papers if said}
    answers = defaultdict(set)
    for sheet, key, said in papers:
        if sheet in used:
            answers[key].add(said)
    return {key: True if SIGNED in said else None if "" in said else False for key, said in answers.items()}
