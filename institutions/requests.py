"""An institution asks for an assistant: as a draft first or at once; and calls it off."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import attempts, emails, moving, offers, order_emails, order_rules
from institutions.amendments import EVERYTHING
from institutions.credits import credit_late_cancellation
from institutions.models import (
    Assignment,
    AssistanceRequest,
    Institution,
    PresenceStatement,
    RequestTransition,
)
from institutions.transitions import (
    NotYours,
    Reason,
    ReasonNeeded,
    State,
    end_assignment,
    is_coordinator_of,
    is_official_of,
    is_short_notice,
    lock,
    move,
    write_down,
)
from portal import audit, diary, one_by_one
from portal.models import User
from portal.refusals import Refused

#: What an institution or a coordinator may give as the reason for calling a request off.
CANCELLATION_REASONS = [
    Reason.NOT_NEEDED,
    Reason.CLIENT_CANCELLED,
    Reason.OTHER_DATE,
    Reason.MISTAKE,
    Reason.OTHER,
]
#: What can still be called off: before the meeting by both sides, after its start by the network alone.
BEFORE = (State.SUBMITTED, State.NEEDS_INFO, State.OFFERING, State.UNFILLED, State.CONFIRMED)
AFTER = (*BEFORE, State.IN_PROGRESS, State.AWAITING_REPORT)


class AlreadyStarted(Refused):
    sentence = _("The meeting has started. It cannot be cancelled any more.")


class NothingToCancel(Refused):
    sentence = _("This request is over. There is nothing to cancel.")


class AlreadySent(Refused):
    sentence = _("This request was sent already.")


@transaction.atomic
def submit(
    institution: Institution,
    *,
    by: User,
    start_at: datetime,
    minutes: int,
    is_checked: bool = False,
    key: UUID | None = None,
    **fields,
) -> AssistanceRequest:
    """Ask for an assistant at once, without a draft: what a coordinator does on the phone.

    ``is_checked``: the writer has looked at her texts again after a warning; a PESEL is still refused.
    ``key``: of the form, so that the same one sent twice is one request.
    """
    request = AssistanceRequest(institution=institution, requested_by=by, state="")
    _write(request, by=by, start_at=start_at, minutes=minutes, is_checked=is_checked, **fields)
    if held := _made_before(request, by=by, key=key):
        return held
    return _put_before_network(request, by=by)


@transaction.atomic
def save_draft(
    institution: Institution,
    *,
    by: User,
    start_at: datetime,
    minutes: int,
    draft: AssistanceRequest | None = None,
    is_checked: bool = False,
    key: UUID | None = None,
    **fields,
) -> AssistanceRequest:
    """Keep an order without sending it, a new one or a ``draft`` that is written anew.

    The rules are those of sending: what is wrong is said while the official still has the form before her.
    """
    if draft is None:
        request = AssistanceRequest(institution=institution, requested_by=by, state=State.DRAFT)
    else:
        request = lock_draft(draft, by=by)
        request.institution = institution
    _write(request, by=by, start_at=start_at, minutes=minutes, is_checked=is_checked, **fields)
    if draft is None and (held := _made_before(request, by=by, key=key)):
        return held
    # Of a draft: when it was last saved; so long it is kept.
    request.created_at = timezone.now()
    is_new = request.pk is None
    request.save()
    if is_new:
        write_down(request, "", by=by)
    else:
        audit.record("request.draft_changed", request, by=by)
    return request


@transaction.atomic
def send(draft: AssistanceRequest, *, by: User) -> AssistanceRequest:
    """Send what was checked. The rules are asked again: days may have passed since it was written."""
    request = lock(draft)
    if not is_official_of(by, request):
        raise NotYours
    if request.state != State.DRAFT:
        return request
    # The official saw the warnings about her texts when she saved it; a PESEL never got so far.
    order_rules.check(request, by=by, is_checked=True)
    return _put_before_network(request, by=by)


@transaction.atomic
def delete_draft(draft: AssistanceRequest, *, by: User) -> None:
    request = lock_draft(draft, by=by)
    # By its address, too: whoever sends the form twice is not told that there is no such page.
    audit.record("request.draft_deleted", request, by=by, public_id=str(request.public_id))
    request.delete()


def forget_drafts() -> int:
    """Drafts that nobody has touched for some time go; they may hold words about a meeting long over."""
    now = timezone.now()
    kept = timedelta(days=settings.ASSISTANCE["drafts_kept_days"])
    old = AssistanceRequest.objects.filter(created_at__lte=now - kept, state=State.DRAFT)

    def forget(pk: int) -> bool:
        # Asked again under the lock: she may have saved it since the list was read.
        row = old.select_for_update().filter(pk=pk).first()
        if row:
            audit.record("request.draft_forgotten", row, by=None)
            row.delete()
        return row is not None

    return sum(one_by_one.each(list(old.order_by("pk").values_list("pk", flat=True)), forget))


@transaction.atomic
def cancel(request: AssistanceRequest, *, by: User, reason: str) -> AssistanceRequest:
    """The institution (until the start) or the network calls it off; whoever was coming is told."""
    request = lock(request)
    is_official = is_official_of(by, request)
    if not is_official and not is_coordinator_of(by, request):
        raise NotYours
    if request.state in AssistanceRequest.CALLED_OFF:
        return request
    has_started = request.start_at <= timezone.now()
    if is_official and has_started and request.state in AFTER:
        raise AlreadyStarted
    if request.state not in (BEFORE if is_official else AFTER):
        raise NothingToCancel
    if reason not in CANCELLATION_REASONS:
        raise ReasonNeeded
    attempts.call_off(request, by=by)
    jobs = list(request.assignments.filter(state=Assignment.State.ACTIVE).select_related("assistant__user"))
    diary.drop(request.source)
    for job in jobs:
        end_assignment(job, Assignment.State.CANCELLED, by=by)
        job.request = request
        emails.job_cancelled(job, credit_late_cancellation(job, by=by))
    moving.call_off(request)
    # Nobody has to decide any more who was missing.
    said = PresenceStatement.objects.standing().filter(assignment__request=request)
    said.update(decided_at=timezone.now(), decided_by=by)
    if not is_official:
        emails.request_cancelled(request)
    request.closed_at = timezone.now()
    move(
        request,
        State.CANCELLED_BY_INSTITUTION if is_official else State.CANCELLED_BY_NETWORK,
        by=by,
        reason=reason,
        is_late=bool(jobs) and is_short_notice(request),
        fields=("closed_at",),
    )
    return request


def history(request: AssistanceRequest):
    """Its transitions, for the coordinator's page."""
    return RequestTransition.objects.filter(request=request).select_related("actor")


def lock_draft(draft: AssistanceRequest, *, by: User) -> AssistanceRequest:
    request = lock(draft)
    if not is_official_of(by, request):
        raise NotYours
    if request.state != State.DRAFT:
        raise AlreadySent
    return request


def _write(
    request: AssistanceRequest,
    *,
    by: User,
    start_at: datetime,
    minutes: int,
    is_checked: bool,
    briefing_minutes: int | None = None,
    debriefing_minutes: int | None = None,
    **fields,
) -> None:
    """Everything the order says, into a row that is not saved yet."""
    request.start_at = start_at.astimezone(UTC)
    request.end_at = request.start_at + timedelta(minutes=minutes)
    request.briefing_minutes, request.debriefing_minutes = briefing_minutes, debriefing_minutes
    if "mode" in fields and "ranked_modes" not in fields:
        fields["ranked_modes"] = [fields["mode"]]
    for name, value in fields.items():
        setattr(request, name, value)
    order_rules.fill_in(request)
    order_rules.check(request, by=by, is_checked=is_checked)


def _made_before(request: AssistanceRequest, *, by: User, key: UUID | None) -> AssistanceRequest | None:
    """What the same form has made already. Written otherwise, as after a step back, it is another request."""
    if key is None:
        return None
    # Two clicks at once wait for one another here.
    Institution.objects.select_for_update(of=("self",), no_key=True).get(pk=request.institution_id)
    held = AssistanceRequest.objects.filter(public_id=key).first()
    if held is None:
        request.public_id = key
        return None
    written = ("institution_id", *(name for name in EVERYTHING if name != "mode"))
    is_same = all(getattr(held, name) == getattr(request, name) for name in written)
    return held if is_same and held.requested_by_id == by.pk else None


def _put_before_network(request: AssistanceRequest, *, by: User) -> AssistanceRequest:
    """To the assistants at once, or to a coordinator first where something has to be looked at."""
    old_state, is_new = request.state, request.pk is None
    reason = order_rules.hold_reason(request, by=by)
    state = State.SUBMITTED if reason else State.OFFERING
    request.submitted_at = timezone.now()
    if is_new:
        request.state = state
        request.save()
        write_down(request, old_state, by=by, reason=reason)
    else:
        move(request, state, by=by, reason=reason, fields=("submitted_at",))
    if reason:
        order_emails.waits_for_coordinators(request, reason=reason)
    else:
        offers.begin(request, by=by)
    request.refresh_from_db()
    return request
