"""Drafts of certificates: how somebody stands, written down by one person for a second one to sign."""

import secrets
import unicodedata

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import audit
from portal.clock import WARSAW
from portal.models import User
from portal.refusals import Refused
from workshops import certificate_emails, certificate_papers, hours
from workshops.models import Attendance, Certificate, CertificateName, Placement, Registration, Workshop
from workshops.registration import lock

State = Certificate.State

#: Without signs that look alike; 20 of 32 signs are 100 bits.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 20
#: Written inside Arabic and Persian names.
JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"


class NoCertificates(Refused):
    sentence = _("This workshop gives no certificates. You can change that under “Texts and facts”.")


class NoPlace(Refused):
    sentence = _("This person has no place in this workshop.")


class NothingAttended(Refused):
    sentence = _("The roll does not say that this person was at any meeting.")


class NeedsReason(Refused):
    """An exception may be made, by somebody who says why."""

    field = "override_reason"


class NotOverYet(NeedsReason):
    sentence = _(
        "There are still meetings to come, so the certificate would not be right. "
        "To give it earlier, write why."
    )


class TooLittleAttended(NeedsReason):
    def __init__(self, percent: int, needed: int):
        super().__init__(
            _(
                "This person was there for %(percent)d %% of the time, and %(needed)d %% are needed. "
                "To make an exception, write why."
            )
            % {"percent": percent, "needed": needed}
        )


class OwnCertificate(Refused):
    sentence = _("This is your own certificate, so other people have to write and issue it.")


class CannotBePrinted(Refused):
    sentence = _(
        "Some signs of this name cannot be printed. "
        "Please write it in Latin, Ukrainian, Belarusian, Russian, Greek or Arabic letters."
    )
    field = "printed_name"


class NotADraft(Refused):
    sentence = _("This certificate is issued and cannot be changed. You can issue a new one in its place.")


class WasRevoked(Refused):
    sentence = _("The certificate of this person was taken back. You can issue a new one in its place.")


@transaction.atomic
def draft(registration: Registration, *, by: User, override_reason: str = "") -> Certificate:
    """Write down how she stands now. A draft that is there gets today's hours; an issued one stays.

    ``override_reason``: below the attendance needed, or before the last meeting, only with a reason.
    """
    workshop = lock(registration.workshop)
    registration = workshop.registrations.select_related("user").get(pk=registration.pk)
    registration.workshop = workshop
    last = registration.certificates.order_by("-pk").first()
    if last and last.state == State.ISSUED:
        return last
    if last and last.state == State.REVOKED:
        raise WasRevoked
    standing = hours.standing(registration)
    override_reason = override_reason.strip() or (last.override_reason if last else "")
    reason = reason_used(registration, standing, by=by, override_reason=override_reason)
    return write_draft(registration, standing, by=by, draft=last, override_reason=reason)


@transaction.atomic
def draft_all(workshop: Workshop, *, by: User) -> list[Certificate]:
    """Drafts for all who reached the attendance needed and have no certificate yet; returns the new ones.

    Drafts that were there get today's hours. Nobody is drafted whose certificate was taken back.
    """
    workshop = lock(workshop)
    _refuse_if_too_early(workshop)
    standings = hours.standings(workshop)
    drafts, others = {}, set()
    for certificate in Certificate.objects.filter(registration__workshop=workshop):
        if certificate.is_draft:
            drafts[certificate.registration_id] = certificate
        else:
            others.add(certificate.registration_id)
    new = []
    rows = workshop.registrations.filter(pk__in=standings).select_related("user")
    for row in rows.order_by("user__name_key", "pk"):
        row.workshop, known = workshop, drafts.get(row.pk)
        if known is None and row.pk in others:
            continue
        try:
            reason = reason_used(
                row, standings[row.pk], by=by, override_reason=known.override_reason if known else ""
            )
        except Refused:
            continue
        certificate = write_draft(row, standings[row.pk], by=by, draft=known, override_reason=reason)
        if known is None:
            new.append(certificate)
    if new:
        certificate_emails.drafts_wait(workshop, by=by)
    return new


def why_not_draft(
    registration: Registration, standing: hours.Standing, *, by: User, is_over: bool
) -> Refused | None:
    """``is_over``: no meeting of the workshop is to come."""
    workshop = registration.workshop
    if not workshop.gives_certificate:
        return NoCertificates()
    if registration.state != Registration.State.CONFIRMED:
        return NoPlace()
    if by.pk == registration.user_id:
        return OwnCertificate()
    if not standing.credited_minutes:
        return NothingAttended()
    if not is_over:
        return NotOverYet()
    if not standing.is_enough:
        return TooLittleAttended(standing.percent, standing.threshold)
    return None


def reason_used(
    registration: Registration, standing: hours.Standing, *, by: User, override_reason: str
) -> str:
    """``override_reason`` where a rule needs one, else nothing; raises what no reason helps against."""
    is_over = not registration.workshop.sessions_ahead(timezone.now())
    refusal = why_not_draft(registration, standing, by=by, is_over=is_over)
    if refusal is None:
        return ""
    if isinstance(refusal, NeedsReason) and override_reason.strip():
        return override_reason.strip()
    raise refusal


@transaction.atomic
def correct_draft(
    certificate: Certificate,
    *,
    by: User,
    printed_name: str,
    language: str,
    level: str = "",
    test_result: int | None = None,
) -> Certificate:
    """Put right what stands in a draft. Whoever changed it last has written it, so another one issues it."""
    certificate = locked(certificate)
    if not certificate.is_draft:
        raise NotADraft
    if by.pk == certificate.registration.user_id:
        raise OwnCertificate
    facts = {
        "printed_name": printable(printed_name),
        "language": language,
        "level": level,
        "test_result": test_result,
    }
    changed = [name for name, value in facts.items() if getattr(certificate, name) != value]
    if changed:
        save(certificate, **facts, drafted_by=by, drafted_at=timezone.now())
        audit.record("certificate.corrected", certificate, by=by, fields=changed)
    return certificate


@transaction.atomic
def throw_away(certificate: Certificate, *, by: User) -> None:
    """A draft is gone without a trace but this one; gone already is as good."""
    lock(certificate.registration.workshop)
    row = Certificate.objects.select_for_update().filter(pk=certificate.pk).first()
    if row is None:
        return
    if not row.is_draft:
        raise NotADraft
    audit.record("certificate.thrown_away", certificate.registration, by=by, certificate=row.pk)
    row.delete()


def write_draft(
    registration: Registration,
    standing: hours.Standing,
    *,
    by: User,
    draft: Certificate | None,
    override_reason: str = "",
    **more,
) -> Certificate:
    """A new draft, or ``draft`` with what the roll says now."""
    facts = _snapshot(registration, standing) | {"override_reason": override_reason}
    if draft is None:
        facts = wished(registration.user) | _result(registration) | facts | more
        draft = Certificate.objects.create(registration=registration, code=new_code(), drafted_by=by, **facts)
        audit.record(
            "certificate.drafted",
            draft,
            by=by,
            registration=registration.pk,
            minutes=draft.minutes,
            percent=draft.attended_percent,
            is_exception=bool(override_reason),
            replaces=draft.replaces_id,
        )
    elif any(getattr(draft, name) != value for name, value in facts.items()):
        save(draft, **facts, drafted_by=by, drafted_at=timezone.now())
        audit.record(
            "certificate.drafted_again", draft, by=by, minutes=draft.minutes, percent=draft.attended_percent
        )
    draft.registration = registration
    return draft


def _snapshot(registration: Registration, standing: hours.Standing) -> dict:
    """Hours written by hand count as hours; the percentage is of meetings, as in the roll."""
    days = [timezone.localdate(moment, WARSAW) for moment in _held_starts(registration.workshop)]
    return {
        "minutes": standing.all_minutes,
        "planned_minutes": standing.held_minutes + standing.by_hand_minutes,
        "attended_percent": standing.percent,
        "starts_on": days[0],
        "ends_on": days[-1],
    }


def _held_starts(workshop: Workshop) -> list:
    """Asked once for a workshop in the hand, however many drafts are written from it."""
    if not hasattr(workshop, "held_starts"):
        held = workshop.sessions.planned().filter(attendances__mark__in=Attendance.CAME).distinct()
        workshop.held_starts = list(held.order_by("start_at").values_list("start_at", flat=True))
    return workshop.held_starts


def wished(user: User) -> dict:
    wish = CertificateName.objects.filter(user=user).first()
    if wish:
        return {"printed_name": wish.printed_name, "language": wish.language}
    return {"printed_name": user.get_full_name(), "language": user.language}


def _result(registration: Registration) -> dict:
    """Level and test of the end of the course; a level found before its first day is another matter."""
    workshop = registration.workshop
    first_day = timezone.localdate(_held_starts(workshop)[0], WARSAW)
    found = Placement.objects.filter(registration=registration, placed_on__gt=first_day)
    last = found.exclude(placed_level="").first()
    if last:
        return {"level": last.placed_level, "test_result": last.test_score}
    return {"level": workshop.level}


def _refuse_if_too_early(workshop: Workshop) -> None:
    if not workshop.gives_certificate:
        raise NoCertificates
    if workshop.sessions_ahead(timezone.now()):
        raise NotOverYet(_("There are still meetings to come. Drafts are written after the last one."))


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _sign in range(CODE_LENGTH))


def locked(certificate: Certificate) -> Certificate:
    workshop = lock(certificate.registration.workshop)
    rows = Certificate.objects.select_for_update(of=("self",)).select_related(
        "registration__user", "replaces"
    )
    row = rows.get(pk=certificate.pk)
    row.registration.workshop = workshop
    return row


def printable(name: str) -> str:
    """Her name without needless spaces. Marks that turn the direction are refused like unknown letters."""
    name = " ".join(name.split())
    has_marks = any(unicodedata.category(sign) in ("Cc", "Cf") and sign not in JOINERS for sign in name)
    if not name or has_marks or not certificate_papers.can_print(name):
        raise CannotBePrinted
    return name


def save(certificate: Certificate, **facts) -> None:
    for name, value in facts.items():
        setattr(certificate, name, value)
    certificate.save(update_fields=list(facts))
