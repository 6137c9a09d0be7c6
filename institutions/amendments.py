"""Changes of a request that was sent (domain.md A5.1, A5.4).

Until somebody has agreed it simply changes, and assistants are asked anew where it matters; afterwards see
``proposals``. Where exactly and whom to ask for may change until the start.
"""

import hashlib
from copy import copy
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import attempts, emails, offers, order_emails, order_rules
from institutions.models import Assignment, AssistanceRequest, Offer
from institutions.order_rules import URGENCIES
from institutions.transitions import (
    NotYours,
    Reason,
    State,
    is_coordinator_of,
    is_official_of,
    lock,
    move,
)
from portal import audit, messages
from portal.models import User
from portal.refusals import Refused

#: Where exactly, whom to ask for, what to prepare: for those who come.
DETAILS = ("address", "link", "contact_name", "contact_phone", "briefing", "case_reference", "people_count")
#: What was asked for; matching reads it, so that whoever was asked before has to be asked again.
ORDER = (
    "start_at",
    "end_at",
    "ranked_modes",
    "mode",
    "town",
    "county",
    "unit",
    "language",
    "second_language",
    "is_second_language_agreed",
    "dialect",
    "is_dialect_required",
    "level",
    "is_level_required",
    "is_writing_wanted",
    "is_writing_required",
    "gender_preference",
    "is_gender_required",
    "is_other_town_wanted",
    "is_other_town_required",
    "preferred_assistant",
    "subject",
    "role",
    "urgency",
    "assistants_needed",
    "briefing_minutes",
    "debriefing_minutes",
    "are_minors_present",
    "sensitivities",
)
#: Whoever could not come then or there may be able to now, and is asked again although she said no.
MOVES = ("start_at", "end_at", "town")
OTHERS = ("is_relative_interpreting", "is_signed_or_certified")
EVERYTHING = (*DETAILS, *ORDER, *OTHERS)
BEFORE = (State.SUBMITTED, State.NEEDS_INFO, State.OFFERING, State.UNFILLED)


class TooLateToChange(Refused):
    sentence = _("The meeting has started, or is over. It cannot be changed any more.")


class SomebodyAgreed(Refused):
    sentence = _("An assistant has agreed in the meantime. You can propose another time or place.")


class ChangedMeanwhile(Refused):
    sentence = _("Somebody else has changed this request in the meantime. Please look at it again.")


class LongNeedsTwo(Refused):
    sentence = _("Over two hours, please choose two assistants, or ask again for a shorter meeting.")
    field = "assistants_needed"


class PhoneForHard(Refused):
    sentence = _(
        "For long talks, children, mental health and bad news, people should see one another. "
        "If the phone is enough here, please tick this box. If it is not, take the phone out."
    )
    field = "is_phone_enough"


def version(*requests: AssistanceRequest) -> str:
    """Stands in a form that changes or sends them: whoever acts on another person's change is told."""
    values = [
        str(getattr(request, f"{name}_id", getattr(request, name, "")))
        for request in requests
        for name in ("state", *EVERYTHING)
    ]
    return hashlib.sha256("\x1f".join(values).encode()).hexdigest()[:16]


def can_change_order(request: AssistanceRequest) -> bool:
    return request.state in BEFORE and request.start_at > timezone.now() and not active(request)


def can_change_details(request: AssistanceRequest) -> bool:
    return request.state in (*BEFORE, State.CONFIRMED) and request.start_at > timezone.now()


def active(request: AssistanceRequest) -> list[Assignment]:
    rows = request.assignments.filter(state=Assignment.State.ACTIVE).select_related("assistant__user")
    jobs = list(rows.order_by("place", "pk"))
    for job in jobs:
        job.request = request
    return jobs


@transaction.atomic
def change_details(
    request: AssistanceRequest, *, by: User, is_checked: bool = False, seen: str = "", **details
) -> AssistanceRequest:
    """Address, contact, briefing: until the start. Whoever comes is told to look again."""
    request = locked(request, by)
    if not can_change_details(request):
        raise TooLateToChange
    now = version(request)
    changed = _set(request, details, DETAILS)
    if not changed:
        return request
    _refuse_unseen(seen, now)
    order_rules.refuse_texts(request, is_checked=is_checked)
    request.save(update_fields=changed)
    audit.record("request.details_changed", request, by=by, fields=changed)
    # The institution's own number is nobody else's business.
    if set(changed) - {"case_reference"}:
        stamp = f"{timezone.now():%Y%m%dT%H%M%S%f}"
        for job in active(request):
            order_emails.details_changed(job, stamp=stamp)
    return request


@transaction.atomic
def change_order(
    request: AssistanceRequest,
    *,
    by: User,
    start_at: datetime,
    minutes: int,
    is_checked: bool = False,
    is_phone_enough: bool = False,
    seen: str = "",
    **fields,
) -> AssistanceRequest:
    """Anything, as long as nobody has agreed; assistants are asked anew if what was asked for changed.

    A meeting that is moved nearer becomes as urgent as it has to be; what is not about the time is never too
    late for it. Where it becomes such that a coordinator has to look at it, she does so first.
    """
    request = locked(request, by)
    if active(request):
        raise SomebodyAgreed
    if not can_change_order(request):
        raise TooLateToChange
    start_at = start_at.astimezone(UTC)
    fields |= {"start_at": start_at, "end_at": start_at + timedelta(minutes=minutes)}
    before, now = {name: getattr(request, name) for name in EVERYTHING}, version(request)
    was = copy(request)
    _set(request, fields, EVERYTHING)
    order_rules.fill_in(request)
    is_moved = request.start_at != before["start_at"]
    if is_moved or seen not in ("", now):  # sent twice: the first one may have moved it
        request.urgency = order_rules.urgency_for(request)
    changed = [name for name in EVERYTHING if getattr(request, name) != before[name]]
    if not changed:
        return request
    _refuse_unseen(seen, now)
    is_calmer = URGENCIES.index(request.urgency) < URGENCIES.index(before["urgency"])
    order_rules.check(request, by=by, is_checked=is_checked, is_time_kept=not (is_moved or is_calmer))
    reason = "" if is_coordinator_of(by, request) else _new_reason(request, was, is_phone_enough)
    if is_moved:
        request.told_unfilled_at = None
    request.save(update_fields=[*changed, "told_unfilled_at"])
    audit.record("request.changed", request, by=by, fields=changed)
    if request.is_looking and reason:
        _wait_for_coordinators(request, by=by, reason=reason)
    elif request.is_looking and set(changed) & set(ORDER):
        renew(request, by=by, is_moved=bool(set(changed) & set(MOVES)))
    elif request.state == State.SUBMITTED and not is_coordinator_of(by, request):
        _go_on(request, by=by)
    request.refresh_from_db()
    return request


def _new_reason(request: AssistanceRequest, was: AssistanceRequest, is_phone_enough: bool) -> str:
    """Why a coordinator has to look at it who did not have to before; what the official herself can settle
    is refused.
    """
    is_said = is_phone_enough or order_rules.may_come_to_phone(was)
    if order_rules.may_come_to_phone(request) and not is_said:
        raise PhoneForHard
    if not request.is_looking:
        return ""
    is_longer = request.minutes > was.minutes or not order_rules.is_long_for_one(was)
    if order_rules.is_long_for_one(request) and is_longer:
        raise LongNeedsTwo
    before = {Reason.LONG, *order_rules.hold_reasons(was)}
    return next((one for one in order_rules.hold_reasons(request) if one not in before), "")


def _wait_for_coordinators(request: AssistanceRequest, *, by: User, reason: str) -> None:
    """As if it were sent anew: nobody is asked until somebody of the network has looked at it."""
    attempts.call_off(request, by=by)
    request.submitted_at, request.told_unfilled_at = timezone.now(), None
    fields = ("submitted_at", "told_unfilled_at")
    move(request, State.SUBMITTED, by=by, reason=reason, fields=fields)
    order_emails.waits_for_coordinators(request, reason=reason)


def _go_on(request: AssistanceRequest, *, by: User) -> None:
    """What a coordinator was to look at may be settled by the change: two assistants, a shorter meeting."""
    if not order_rules.hold_reason(request, by=by):
        move(request, State.OFFERING, by=by)
        offers.begin(request, by=by)


def renew(request: AssistanceRequest, *, by: User | None, is_moved: bool) -> None:
    """Ask anew: what was offered is no longer true. Whoever gets a new offer needs no word about the old."""
    if is_moved and request.state == State.UNFILLED:
        # No search is left that could be called off: only this line tells matching that it was moved.
        move(request, State.OFFERING, by=by, reason=Reason.OTHER_DATE)
    told = []
    for offer in request.offers.filter(state__in=Offer.STANDING).select_related("assistant__user"):
        offer.state, offer.answered_at = Offer.State.CALLED_OFF, timezone.now()
        offer.save(update_fields=["state", "answered_at"])
        if not messages.silence(source=request.source, recipient=offer.assistant.user):
            told.append(offer)
    attempts.call_off(request, by=by)
    request.told_unfilled_at = None
    request.save(update_fields=["told_unfilled_at"])
    offers.begin(request, by=by)
    again = set(request.offers.filter(state__in=Offer.STANDING).values_list("assistant", flat=True))
    for offer in told:
        if offer.assistant_id not in again:
            emails.called_off(offer, request)


def locked(request: AssistanceRequest, by: User, seen: str = "") -> AssistanceRequest:
    request = lock(request)
    if not is_official_of(by, request) and not is_coordinator_of(by, request):
        raise NotYours
    _refuse_unseen(seen, version(request))
    return request


def _refuse_unseen(seen: str, now: str) -> None:
    """Who would write over what somebody else wrote is told. The same form twice writes nothing over."""
    if seen and seen != now:
        raise ChangedMeanwhile


def _set(request: AssistanceRequest, values: dict, allowed: tuple[str, ...]) -> list[str]:
    """Take over what is given; returns what is different now. Anything else is our own mistake."""
    unknown = set(values) - set(allowed)
    if unknown:
        raise ValueError(f"cannot be changed: {sorted(unknown)}")
    changed = [name for name, value in values.items() if getattr(request, name) != value]
    for name in changed:
        setattr(request, name, values[name])
    return changed
