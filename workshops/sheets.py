"""Lists for signatures: printed, signed on paper, scanned, written down, countersigned (features.md J3, U3).

What the paper says is compared with the roll in workshops.reconciliation.
"""

import hashlib
from collections import Counter
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import audit
from portal.models import AuditEntry, User
from portal.refusals import Refused
from workshops import reconciliation, scans, schedule
from workshops.models import Attendance, Registration, Session, SheetRow, SignatureSheet, Workshop

MOST_BLANK_ROWS = 40


class NobodyRegisters(Refused):
    sentence = _("Nobody registers for this event, so there is no list: you count the people who come.")


class NotHeld(Refused):
    sentence = _("This meeting is cancelled, so there is nothing to sign.")


class NotYet(Refused):
    sentence = _("You can do this when the meeting has begun.")


class NotOver(Refused):
    sentence = _("You can countersign the list when the meeting is over.")


class IsCountersigned(Refused):
    sentence = _("This list is countersigned, so it can no longer be changed.")


class NotLookedAt(Refused):
    sentence = _("Please write down first who has signed the paper.")


class OnlyTheTrainer(Refused):
    sentence = _("Only a trainer of this workshop can countersign the list.")


class DifferencesAreOpen(Refused):
    sentence = _("The paper and the roll still differ. Please put that right, or write a remark.")
    field = "remark"


class NotInTheWorkshop(Refused):
    sentence = _("This person has no place in this workshop.")


class NoEmptyRow(Refused):
    sentence = _("This list has no empty row left.")


@transaction.atomic
def print_sheet(
    session: Session, *, by: User, language: str, blank_rows: int = settings.SHEET_BLANK_ROWS
) -> SignatureSheet:
    """The sheet to print: the last one again while nothing on it has changed, or a new one with a new number.

    It holds those who have a place and had it before the end of the meeting.
    """
    session = _locked(session)
    if session.workshop.signup_mode == Workshop.SignupMode.OPEN:
        raise NobodyRegisters
    if session.state == Session.State.CANCELLED:
        raise NotHeld
    people = list(expected(session).order_by("user__name_key", "id").values_list("pk", flat=True))
    last = session.sheets.order_by("-number").first()
    if last and _is_the_same(last, people, language, blank_rows):
        return last
    sheet = SignatureSheet.objects.create(
        session=session,
        number=last.number + 1 if last else 1,
        language=language,
        blank_rows=blank_rows,
        printed_by=by,
    )
    SheetRow.objects.bulk_create(
        SheetRow(sheet=sheet, position=position, registration_id=pk) for position, pk in enumerate(people, 1)
    )
    audit.record("sheet.printed", sheet, by=by, session=session.pk, number=sheet.number, people=len(people))
    return sheet


def expected(session: Session) -> QuerySet[Registration]:
    return session.workshop.registrations.confirmed().filter(confirmed_at__lt=session.end_at)


def _is_the_same(sheet: SignatureSheet, people: list[int], language: str, blank_rows: int) -> bool:
    """What people may have in their hands already: the same people, the same time, the same words."""
    if sheet.countersigned_at or (sheet.language, sheet.blank_rows) != (language, blank_rows):
        return False
    if set(sheet.rows.values_list("registration", flat=True)) != set(people):
        return False
    moved = AuditEntry.objects.filter(action="session.moved", at__gt=sheet.printed_at)
    return not moved.filter(object_type="workshops.session", object_id=sheet.session_id).exists()


@transaction.atomic
def attach_scan(sheet: SignatureSheet, files: list[bytes], *, by: User) -> SignatureSheet:
    """Keep the scan of the signed paper: one PDF, or photographs of its pages. Twice is once.

    Another one takes its place; the trail keeps what both were. Raises what workshops.scans refuses.
    """
    content, kind = scans.one_file(files)
    sheet = _locked_sheet(sheet)
    if sheet.session.start_at > timezone.now():
        raise NotYet
    checksum = hashlib.sha256(content).hexdigest()
    if sheet.scan and sheet.scan_sha256 == checksum:
        return sheet
    if sheet.scan and sheet.countersigned_at:
        raise IsCountersigned
    old_name, old_checksum = sheet.scan.name, sheet.scan_sha256
    sheet.scan.save(f"{uuid4().hex}.{kind}", ContentFile(content), save=False)
    sheet.scan_sha256, sheet.scanned_at = checksum, timezone.now()
    sheet.save(update_fields=["scan", "scan_sha256", "scanned_at"])
    audit.record("sheet.scanned", sheet, by=by, bytes=len(content), old=old_checksum, new=checksum)
    if old_name:
        transaction.on_commit(lambda: sheet.scan.storage.delete(old_name))
    return sheet


@transaction.atomic
def write_down(sheet: SignatureSheet, signed: set[int], *, by: User) -> int:
    """Who has signed the paper: the numbers of their registrations; all others on it have not.

    Returns how many signed. The same again changes nothing.
    """
    sheet = _locked_open(sheet)
    rows = list(sheet.rows.all())
    before = {row.registration_id for row in rows if row.is_signed}
    now = {row.registration_id for row in rows} & signed
    if before == now and all(row.is_signed is not None for row in rows):
        return len(now)
    sheet.rows.filter(registration__in=now).update(is_signed=True)
    sheet.rows.exclude(registration__in=now).update(is_signed=False)
    audit.record(
        "sheet.written_down", sheet, by=by, signed=len(now), added=len(now - before), taken=len(before - now)
    )
    return len(now)


@transaction.atomic
def add_row(sheet: SignatureSheet, registration: Registration, *, by: User) -> SheetRow:
    """Somebody who was not printed has signed in an empty row: a walk-in, or one who got a place later."""
    sheet = _locked_open(sheet)
    registration = Registration.objects.get(pk=registration.pk)
    if registration.workshop_id != sheet.session.workshop_id or registration.confirmed_at is None:
        raise NotInTheWorkshop
    row = sheet.rows.filter(registration=registration).first()
    if row is None:
        row = _next_row(sheet, registration)
    elif row.is_signed:
        return row
    row.is_signed = True
    row.save()
    audit.record("sheet.row_added", sheet, by=by, registration=registration.pk, position=row.position)
    return row


def _next_row(sheet: SignatureSheet, registration: Registration) -> SheetRow:
    last = sheet.rows.order_by("-position").first()
    printed = audit.trail(sheet).filter(action="sheet.printed")
    people = printed.values_list("data__people", flat=True).first() or 0
    position = last.position + 1 if last else 1
    if position > people + sheet.blank_rows:
        raise NoEmptyRow
    return SheetRow(sheet=sheet, position=position, registration=registration)


@transaction.atomic
def countersign(sheet: SignatureSheet, *, by: User, remark: str = "") -> SignatureSheet:
    """The trainer's word that paper and roll are right; from then on the sheet stays as it is.

    Differences that stay open need a remark. Twice is once.
    """
    sheet = _locked_sheet(sheet)
    if sheet.countersigned_at:
        return sheet
    session = Session.objects.select_for_update(no_key=True).get(pk=sheet.session_id)
    if session.end_at > timezone.now():
        raise NotOver
    if not may_countersign(session.workshop, by):
        raise OnlyTheTrainer
    if sheet.rows.filter(is_signed__isnull=True).exists():
        raise NotLookedAt
    still_open = len(reconciliation.differences(session))
    if still_open and not remark.strip():
        raise DifferencesAreOpen
    sheet.countersigned_at, sheet.countersigned_by = timezone.now(), by
    sheet.remark = remark.strip()
    sheet.countersigned_marks = reconciliation.fingerprint(session)
    sheet.save(update_fields=["countersigned_at", "countersigned_by", "remark", "countersigned_marks"])
    audit.record("sheet.countersigned", sheet, by=by, session=session.pk, differences=still_open)
    return sheet


def may_countersign(workshop: Workshop, user: User) -> bool:
    """Its trainers; where it has none, whoever plans it. The page has asked already who leads it."""
    trainers = set(workshop.trainers.values_list("pk", flat=True))
    return user.pk in trainers or not trainers


def changed_since(sheet: SignatureSheet) -> bool:
    """Marks were changed after the trainer had countersigned them."""
    if not sheet.countersigned_at:
        return False
    return reconciliation.fingerprint(sheet.session) != sheet.countersigned_marks


def language_for(workshop: Workshop) -> str:
    """The language of the site that most people with a place read, beside Polish."""
    read = workshop.registrations.confirmed().values_list("user__language", flat=True)
    others = Counter(sorted(code for code in read if code != settings.LANGUAGE_CODE))
    spoken = [code for code in workshop.languages if code in dict(settings.LANGUAGES)]
    here = [code for code in spoken if code != settings.LANGUAGE_CODE]
    return others.most_common(1)[0][0] if others else (here or [settings.LANGUAGE_CODE])[0]


# --- What paper there is, and what is missing ------------------------------------------------------------


def over(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Of these sessions, those that are over and of which there should be a list."""
    return (
        sessions.planned()
        .filter(end_at__lte=timezone.now())
        .exclude(workshop__state=Workshop.State.DRAFT)
        .exclude(workshop__signup_mode=Workshop.SignupMode.OPEN)
    )


def with_paper(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Annotates ``has_sheet``, ``has_scan``, ``is_countersigned`` and ``is_held`` (somebody came)."""
    sheets = SignatureSheet.objects.filter(session=OuterRef("pk"))
    came = Attendance.objects.filter(session=OuterRef("pk"), mark__in=Attendance.CAME)
    return sessions.annotate(
        has_sheet=Exists(sheets),
        has_scan=Exists(sheets.exclude(scan="")),
        is_countersigned=Exists(sheets.filter(countersigned_at__isnull=False)),
        is_held=Exists(came),
    )


def sums(sessions: QuerySet[Session]) -> dict[str, int]:
    """How many of these sessions (``with_paper``) are over, printed, scanned, countersigned: one query."""
    return sessions.order_by().aggregate(
        over=Count("pk"),
        printed=Count("pk", filter=Q(has_sheet=True)),
        scanned=Count("pk", filter=Q(has_scan=True)),
        countersigned=Count("pk", filter=Q(is_countersigned=True)),
    )


def lacking(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Of these sessions, those held whose paper is not complete: no scan yet, or not countersigned.

    Only of workshops that keep paper at all: where no list was ever printed, nobody is asked for one.
    """
    keeps_paper = SignatureSheet.objects.filter(session__workshop=OuterRef("workshop"))
    return (
        with_paper(over(sessions))
        .filter(Exists(keeps_paper), is_held=True)
        .filter(Q(has_scan=False) | Q(is_countersigned=False))
    )


def _locked(session: Session) -> Session:
    """The workshop is locked first, as everywhere; then nobody else prints for it at the same time."""
    workshop = schedule.lock(session.workshop)
    session = Session.objects.get(pk=session.pk)
    session.workshop = workshop
    return session


def _locked_sheet(sheet: SignatureSheet) -> SignatureSheet:
    session = _locked(sheet.session)
    sheet = SignatureSheet.objects.select_for_update().get(pk=sheet.pk)
    sheet.session = session
    return sheet


def _locked_open(sheet: SignatureSheet) -> SignatureSheet:
    sheet = _locked_sheet(sheet)
    if sheet.countersigned_at:
        raise IsCountersigned
    if sheet.session.start_at > timezone.now():
        raise NotYet
    return sheet
