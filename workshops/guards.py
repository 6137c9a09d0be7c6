"""Why a person cannot do now what she wants. Pages ask beforehand, verbs ask again inside the lock."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from portal.languages import text_in
from portal.models import DiaryEntry, User
from portal.refusals import Refused
from workshops.models import Registration, Workshop
from workshops.prerequisites import Told, why_not_fit


class NotPublished(Refused):
    sentence = _("Registration for this workshop is not open.")


class WorkshopCancelled(Refused):
    sentence = _("This workshop has been cancelled.")


class StaffOfWorkshop(Refused):
    sentence = _("You lead this workshop, so you cannot register for it.")


class NoDateYet(Refused):
    sentence = _("This workshop has no date yet.")


class NotOpenYet(Refused):
    def __init__(self, opens_at: datetime):
        super().__init__(_("Registration opens on %(moment)s.") % {"moment": in_words(opens_at)})


class WindowClosed(Refused):
    def __init__(self, closed_at: datetime):
        super().__init__(_("Registration closed on %(moment)s.") % {"moment": in_words(closed_at)})


class IsOver(Refused):
    sentence = _("This workshop is over.")


class JustCome(Refused):
    sentence = _("You do not need to register: just come.")


class ByInvitation(Refused):
    sentence = _(
        "Registration for this workshop is by invitation. "
        "Please open the link that the organiser sent you, or ask the organiser for it."
    )


class AlreadyRegistered(Refused):
    """Harmless: ``registration`` stands as it stood."""

    sentence = _("You are already registered for this workshop.")

    def __init__(self, registration: Registration):
        super().__init__()
        self.registration = registration


class NotAgain(Refused):
    sentence = _(
        "The organiser has cancelled your registration for this workshop. "
        "If you want to come, please contact the organiser."
    )


class Overlaps(Refused):
    """Names what and when, so it is for the person herself only."""

    def __init__(self, entry: DiaryEntry):
        self.entry = entry
        super().__init__(
            _("At that time you already have something else: %(what)s, %(when)s.")
            % {"what": text_in(entry.title), "when": in_words(entry.start_at)}
        )


class PersonIsBusy(Refused):
    """The same for the coordinator: what else a person does is her own business."""

    sentence = _("This person already has something else at that time.")


class CancelTooLate(Refused):
    def __init__(self, until: datetime | None):
        super().__init__(
            _("You could cancel until %(moment)s. If you cannot come, please tell the organiser.")
            % {"moment": in_words(until)}
            if until
            else _("This workshop is over.")
        )


class Full(Refused):
    sentence = _("All places are taken. To add one more person, write why.")
    field = "reason"


class NotWaitingForApproval(Refused):
    sentence = _("This registration is not waiting for your decision.")


class NotStanding(Refused):
    sentence = _("This registration has already been cancelled.")


def why_not_register(
    workshop: Workshop,
    user: User | None,
    *,
    registration: Registration | None = None,
    now: datetime | None = None,
    invitation: str = "",
    told: Told | None = None,
) -> Refused | None:
    """The first reason why ``user`` (None: somebody) cannot register now. That it is full is none.

    ``invitation``: the key from the link she opened. ``told``: what she told when she was asked; without it,
    what can still be asked is no reason.
    """
    now = now or timezone.now()
    return (
        _why_closed(workshop)
        or (_why_not_she(workshop, user, registration) if user else None)
        or _why_not_this_way(workshop, invitation, now)
        or _why_not_now(workshop, now)
        or why_not_fit(workshop, user, told=told)
        or (_why_overlap(workshop, user, now) if user else None)
    )


def why_not_cancel(registration: Registration, *, now: datetime | None = None) -> Refused | None:
    """A place can be given back until the deadline; a request or a turn on the list at any time."""
    if registration.state != Registration.State.CONFIRMED:
        return None
    now = now or timezone.now()
    until = registration.workshop.can_cancel_until(now)
    return CancelTooLate(until) if until is None or now > until else None


def overlapping(workshop: Workshop, user: User, now: datetime) -> DiaryEntry | None:
    """What the person has in her diary at the time of a session to come. An open event keeps nobody away."""
    ahead = workshop.sessions_ahead(now)
    if workshop.kind == Workshop.Kind.EVENT or not ahead:
        return None
    at_that_time = Q()
    for session in ahead:
        at_that_time |= Q(busy__overlap=(session.start_at, session.end_at))
    entries = DiaryEntry.objects.firm().filter(at_that_time, user=user, is_exclusive=True)
    own = [session.source for session in workshop.sessions.all()]
    return entries.exclude(source__in=own).order_by("start_at", "id").first()


def _why_closed(workshop: Workshop) -> Refused | None:
    if workshop.state == Workshop.State.CANCELLED:
        return WorkshopCancelled()
    if workshop.state != Workshop.State.PUBLISHED or not workshop.project.is_published:
        return NotPublished()
    return None


def _why_not_she(workshop: Workshop, user: User, registration: Registration | None) -> Refused | None:
    if registration and registration.is_standing:
        return AlreadyRegistered(registration)
    if registration and registration.state in (Registration.State.DECLINED, Registration.State.REVOKED):
        return NotAgain()
    return StaffOfWorkshop() if workshop.trainers.filter(pk=user.pk).exists() else None


def _why_not_this_way(workshop: Workshop, invitation: str, now: datetime) -> Refused | None:
    if workshop.signup_mode == Workshop.SignupMode.OPEN:
        is_over = workshop.planned_sessions() and not workshop.sessions_ahead(now)
        return IsOver() if is_over else JustCome()
    is_invited = invitation == str(workshop.invitation_key)
    by_invitation = workshop.signup_mode == Workshop.SignupMode.BY_INVITATION
    return ByInvitation() if by_invitation and not is_invited else None


def _why_not_now(workshop: Workshop, now: datetime) -> Refused | None:
    closes_at = workshop.closes_at()
    if closes_at is None:
        return NoDateYet()
    if now >= closes_at:
        return WindowClosed(closes_at)
    opens_at = workshop.registration_opens_at
    return NotOpenYet(opens_at) if opens_at and now < opens_at else None


def _why_overlap(workshop: Workshop, user: User, now: datetime) -> Refused | None:
    entry = overlapping(workshop, user, now)
    return Overlaps(entry) if entry else None


def in_words(moment: datetime) -> str:
    """A moment in a sentence: day, date and hour in local time."""
    return date_format(timezone.localtime(moment), "l, j E Y, H:i")
