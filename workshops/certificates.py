"""Certificates: one person writes the draft, a second one issues it; what is issued is only ever replaced.

Every verb of the staff locks the workshop first. A certificate is a snapshot: hours that are corrected later
stand in ``changed_since``, and a person decides whether to issue it anew
(features.md J1, J2; domain.md B1.9).
"""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import audit
from portal.clock import WARSAW
from portal.models import User
from portal.refusals import Refused
from workshops import certificate_emails, certificate_papers, hours
from workshops.certificate_drafts import (
    ALPHABET,
    CODE_LENGTH,
    CannotBePrinted,
    OwnCertificate,
    WasRevoked,
    correct_draft,
    draft,
    draft_all,
    locked,
    printable,
    reason_used,
    save,
    throw_away,
    wished,
    write_draft,
)
from workshops.models import Certificate, CertificateName, Workshop
from workshops.registration import lock

__all__ = [
    "approve_and_issue", "ask_reissue", "changed_since", "choose_name", "correct_draft", "draft", "draft_all",
    "find", "issue_all", "reissue", "revoke", "throw_away",
]  # fmt: skip

State = Certificate.State

#: Of PostgreSQL's advisory locks: whoever takes the next number waits for the one before, to its commit.
NUMBERS = 0x43455254


class TwoPeopleNeeded(Refused):
    sentence = _(
        "A certificate is signed by two people. You wrote or changed this draft, so somebody else issues it."
    )


class DraftHasChanged(Refused):
    sentence = _("Somebody has changed this draft since you looked at it. Please look at it once more.")


class NotIssued(Refused):
    sentence = _("This certificate is not issued yet.")


class ReasonNeeded(Refused):
    sentence = _("Please write why. The person will read it.")
    field = "reason"


class NothingToChange(Refused):
    sentence = _("Your certificate already has this name and this language.")


# --- Issuing ---------------------------------------------------------------------------------------------


@transaction.atomic
def approve_and_issue(certificate: Certificate, *, by: User, seen: str = "") -> Certificate:
    """The second person signs: the certificate gets its number, and she is told.

    ``seen``: the fingerprint of the draft that ``by`` has looked at. What it replaces is revoked with it.
    """
    certificate = locked(certificate)
    if certificate.state == State.ISSUED:
        return certificate
    _refuse_to_issue(certificate, by=by, seen=seen)
    now = timezone.now()
    old = certificate.replaces
    if old and old.state == State.ISSUED:
        _revoke(old, by=by, now=now)
    facts = certificate_papers.facts_of(certificate, issued_by=by)
    if not certificate_papers.can_print(" ".join(certificate_papers.texts_of(facts))):
        raise CannotBePrinted(_("Some signs in the texts of this workshop cannot be printed."))
    year = timezone.localdate(now, WARSAW).year
    save(
        certificate,
        state=State.ISSUED,
        year=year,
        number=_next_number(year),
        issued_by=by,
        issued_at=now,
        facts=facts,
    )
    audit.record(
        "certificate.issued", certificate, by=by, year=year, number=certificate.number,
        drafted_by=certificate.drafted_by_id, replaces=certificate.replaces_id,
    )  # fmt: skip
    certificate_emails.issued(certificate)
    return certificate


@transaction.atomic
def issue_all(
    workshop: Workshop, *, by: User, seen: dict[str, str]
) -> tuple[list[Certificate], list[Certificate]]:
    """Sign all drafts that ``by`` has looked at and did not write: those issued, and those left.

    ``seen``: fingerprints by public id.
    """
    workshop = lock(workshop)
    drafts = Certificate.objects.filter(registration__workshop=workshop, state=State.DRAFT)
    issued, left = [], []
    for row in drafts.select_related("registration").order_by("registration__user__name_key", "pk"):
        if str(row.public_id) not in seen:
            continue
        try:
            issued.append(approve_and_issue(row, by=by, seen=seen[str(row.public_id)]))
        except Refused:
            left.append(row)
    return issued, left


def _refuse_to_issue(certificate: Certificate, *, by: User, seen: str) -> None:
    if certificate.state == State.REVOKED:
        raise WasRevoked
    if by.pk == certificate.registration.user_id:
        raise OwnCertificate
    if certificate.drafted_by_id in (by.pk, None):  # None: the one who wrote it is no longer known
        raise TwoPeopleNeeded
    if seen and seen != certificate.fingerprint:
        raise DraftHasChanged
    printable(certificate.printed_name)


def _next_number(year: int) -> int:
    """Numbers have no gaps: a transaction that is rolled back gives its number back with everything else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [NUMBERS, year])
    last = Certificate.objects.filter(year=year).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


# --- Afterwards ------------------------------------------------------------------------------------------


@transaction.atomic
def revoke(certificate: Certificate, *, by: User, reason: str) -> Certificate:
    """Take it back: whoever checks its code is told so, and she is told why."""
    certificate = locked(certificate)
    if certificate.state == State.REVOKED:
        return certificate
    if certificate.is_draft:
        raise NotIssued
    if not reason.strip():
        raise ReasonNeeded
    _revoke(certificate, by=by, now=timezone.now(), reason=reason.strip())
    certificate_emails.revoked(certificate)
    return certificate


@transaction.atomic
def reissue(certificate: Certificate, *, by: User, override_reason: str = "") -> Certificate:
    """A draft of a new one, with her name as she wants it now and the hours of today.

    The old one is valid until the new one is issued. Twice is one draft.
    """
    certificate = locked(certificate)
    if certificate.is_draft:
        raise NotIssued
    new = Certificate.objects.filter(replaces=certificate).first()
    if new:
        return new
    registration = certificate.registration
    standing = hours.standing(registration)
    override_reason = override_reason.strip() or certificate.override_reason
    reason = reason_used(registration, standing, by=by, override_reason=override_reason)
    return write_draft(
        registration,
        standing,
        by=by,
        draft=None,
        override_reason=reason,
        replaces=certificate,
        level=certificate.level,
        test_result=certificate.test_result,
    )


def changed_since(certificates: Iterable[Certificate], standings: dict[int, hours.Standing]) -> set[int]:
    """Numbers of the certificates whose hours are not what the roll says now."""
    return {
        row.pk
        for row in certificates
        if (now := standings.get(row.registration_id)) is None
        or (row.minutes, row.attended_percent) != (now.all_minutes, now.percent)
    }


def _revoke(certificate: Certificate, *, by: User, now, reason: str = "") -> None:
    save(
        certificate,
        state=State.REVOKED,
        revoked_by=by,
        revoked_at=now,
        revoked_reason=reason,
        reissue_asked_at=None,
    )
    audit.record("certificate.revoked", certificate, by=by, is_replaced=not reason)


# --- What the person does --------------------------------------------------------------------------------


@transaction.atomic
def choose_name(user: User, *, printed_name: str, language: str, by: User) -> CertificateName:
    """How her name is printed from now on. Her drafts take it; for what is issued she may ask anew."""
    printed_name = printable(printed_name)
    wish, _is_new = CertificateName.objects.update_or_create(
        user=user,
        defaults={"printed_name": printed_name, "language": language, "changed_at": timezone.now()},
    )
    drafts = Certificate.objects.filter(registration__user=user, state=State.DRAFT)
    for row in drafts.select_for_update().order_by("pk"):
        if (row.printed_name, row.language) != (printed_name, language):
            save(row, printed_name=printed_name, language=language)
            audit.record("certificate.name_chosen", row, by=by)
    return wish


@transaction.atomic
def ask_reissue(certificate: Certificate, *, by: User) -> Certificate:
    """She wants this one with the name and the language that she has chosen since."""
    certificate = locked(certificate)
    if not certificate.is_valid:
        raise NotIssued
    if certificate.reissue_asked_at:
        return certificate
    wish = wished(certificate.registration.user)
    if (certificate.printed_name, certificate.language) == (wish["printed_name"], wish["language"]):
        raise NothingToChange
    save(certificate, reissue_asked_at=timezone.now())
    audit.record("certificate.reissue_asked", certificate, by=by)
    certificate_emails.reissue_asked(certificate)
    return certificate


# --- Codes -----------------------------------------------------------------------------------------------


def bare_code(typed: str) -> str:
    """A code as it is kept, however it was typed: small letters, dashes, spaces, the address before it."""
    last = typed.strip().rstrip("/").rpartition("/")[2]
    return "".join(sign for sign in last.upper() if sign in ALPHABET)[: CODE_LENGTH + 1]


def find(typed: str) -> Certificate | None:
    """The certificate of a code that somebody checks; a draft is as unknown as a code that never was."""
    return Certificate.objects.signed().filter(code=bare_code(typed)).first()
