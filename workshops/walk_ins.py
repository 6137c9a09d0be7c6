"""Somebody comes to a meeting without having registered and is entered at the roll-call (features.md C10)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import audit
from portal.models import User
from portal.names import name_key
from portal.refusals import Refused
from workshops import attendance, newcomers, registration
from workshops.models import Attendance, Registration, Session, Workshop

State = Registration.State


class NotYourWorkshop(Refused):
    sentence = _("You do not lead this workshop.")


class OnlyThatDay(Refused):
    sentence = _("You can add somebody on the day of the meeting only. Please ask the coordinator.")


class CountThem(Refused):
    sentence = _("To this event people come without registering. Please count them instead.")


class LeadsTheWorkshop(Refused):
    sentence = _("This is a trainer of the workshop, who is not on its roll.")
    field = "email"


class AskTheCoordinator(Refused):
    sentence = _("The coordinator has to decide about this person. Please ask the coordinator.")


@transaction.atomic
def add(
    session: Session,
    *,
    by: User,
    full_name: str,
    language: str,
    call_me: str = "",
    email: str = "",
    signed_on_paper: bool = False,
    reason: str = "",
) -> Registration:
    """A person, her place and her presence, all three or nothing. The same again changes nothing.

    With the address of somebody we know it is she, whatever name was typed; whether it was so is not told.
    Raises what attendance.mark and registration.add_by_hand raise: Full where ``reason`` is missing.
    """
    session = attendance.hold(session)
    workshop = registration.lock(session.workshop)
    plans = _why_not(workshop, session, by)
    row = _known_row(workshop, full_name, call_me, email)
    user = row.user if row else _known_person(email, by=by)
    if user is None:
        user = newcomers.make_person(
            workshop, by=by, full_name=full_name, call_me=call_me, email=_free(email), language=language
        )
    if workshop.trainers.filter(pk=user.pk).exists():
        raise LeadsTheWorkshop
    row = row or workshop.registrations.filter(user=user).first()
    if row is None or row.state != State.CONFIRMED:
        if row and row.state == State.REVOKED and not plans:
            raise AskTheCoordinator
        row = registration.add_by_hand(workshop, user, by=by, reason=reason, is_here=True)
        row.is_walk_in = True
        row.save(update_fields=["is_walk_in", "changed_at"])
        audit.record("walk_in.added", row, by=by, session=session.pk)
    if signed_on_paper:
        newcomers.record_paper(user, language=language, by=by)
    if not session.attendances.filter(registration=row, mark__in=Attendance.CAME).exists():
        attendance.mark(session, row, Attendance.Mark.PRESENT, by=by, reason=reason)
    return row


def _why_not(workshop: Workshop, session: Session, by: User) -> bool:
    """Raises why she may not do it now; True for who plans the workshop, False for its trainer."""
    if workshop.signup_mode == Workshop.SignupMode.OPEN:
        raise CountThem
    if Workshop.objects.managed_by(by).filter(pk=workshop.pk).exists():
        return True
    if not Workshop.objects.led_by(by).filter(pk=workshop.pk).exists():
        raise NotYourWorkshop
    if timezone.localdate(session.start_at) != timezone.localdate():
        raise OnlyThatDay
    return False


def _known_person(email: str, *, by: User) -> User | None:
    email = email.strip().lower()
    user = User.objects.filter(email=email, is_active=True).first() if email else None
    if user:
        audit.record_reading(user, "name", by=by, purpose="walk-in")
    return user


def _free(email: str) -> str:
    """The address, unless it belongs to an account that was closed."""
    email = email.strip().lower()
    return "" if User.objects.filter(email=email).exists() else email


def _known_row(workshop: Workshop, full_name: str, call_me: str, email: str) -> Registration | None:
    """Who came here before without an address, under the same name; so a double click is one person."""
    if email.strip():
        return None
    key = name_key(full_name.strip(), call_me.strip() or full_name.strip(), "")
    rows = workshop.registrations.filter(is_walk_in=True, user__email=None, user__name_key=key)
    return rows.select_related("user").order_by("id").first()
