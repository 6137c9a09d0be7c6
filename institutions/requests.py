"""An institution asks for an assistant, and calls it off."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import attempts, emails, offers
from institutions.client_data import refuse_identifiers
from institutions.models import (
    Assignment,
    AssistanceRequest,
    Institution,
    Offer,
    Official,
    RequestTransition,
    Subject,
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
from portal import diary, messages
from portal.models import User
from portal.refusals import Refused
from projects.models import Project

#: What an institution or a coordinator may give as the reason for calling a request off.
CANCELLATION_REASONS = [
    Reason.NOT_NEEDED,
    Reason.CLIENT_CANCELLED,
    Reason.OTHER_DATE,
    Reason.MISTAKE,
    Reason.OTHER,
]
CANCELLED = (State.CANCELLED_BY_INSTITUTION, State.CANCELLED_BY_NETWORK)
FREE_TEXT = ("case_reference", "dialect", "address", "contact_name", "briefing")
OWN_NUMBERS = frozenset({"case_reference"})


class StartInThePast(Refused):
    sentence = _("This time has passed. Please choose a later one.")
    field = "start_at"


class TooSoon(Refused):
    sentence = _("We cannot find anybody so fast.")
    field = "start_at"

    SENTENCES = {
        "planned": _("A planned meeting is at least two days away. For an earlier one, choose urgent."),
        "urgent": _("An urgent meeting is at least two hours away. For an earlier one, choose emergency."),
        "emergency": _("We need at least half an hour to find somebody. Please choose a later start."),
    }


class TooShort(Refused):
    sentence = _("A meeting lasts at least 15 minutes.")
    field = "minutes"


class TooLong(Refused):
    sentence = _("One assistant can interpret for 4 hours a day at most. Please divide the meeting.")
    field = "minutes"


class SwornInterpreterNeeded(Refused):
    sentence = _(
        "At the police and in court only a sworn interpreter may interpret. "
        "An assistant can accompany the person: please choose accompanying."
    )
    field = "role"


class NoSuchLanguage(Refused):
    sentence = _("Please choose a language other than Polish.")
    field = "language"


class AlreadyStarted(Refused):
    sentence = _("The meeting has started. It cannot be cancelled any more.")


class NothingToCancel(Refused):
    sentence = _("This request is over. There is nothing to cancel.")


@transaction.atomic
def submit(
    institution: Institution,
    *,
    by: User,
    start_at: datetime,
    minutes: int,
    is_checked: bool = False,
    **fields,
) -> AssistanceRequest:
    """Ask for an assistant, and put the request before everybody who fits.

    ``is_checked``: the official has looked at her texts again after a warning; a PESEL is still refused.
    """
    start_at = start_at.astimezone(UTC)
    request = AssistanceRequest(
        institution=institution,
        requested_by=by,
        start_at=start_at,
        end_at=start_at + timedelta(minutes=minutes),
        submitted_at=timezone.now(),
        **fields,
    )
    request.ranked_modes = request.ranked_modes or [request.mode]
    _refuse_foreign(request, by)
    _refuse_times(request, minutes)
    if request.subject == Subject.POLICE_COURT and request.role != AssistanceRequest.Role.ACCOMPANIMENT:
        raise SwornInterpreterNeeded
    if "pl" in (request.language, request.second_language):
        raise NoSuchLanguage
    refuse_identifiers(
        {field: getattr(request, field) for field in FREE_TEXT},
        is_checked=is_checked,
        own_numbers=OWN_NUMBERS,
    )
    request.save()
    write_down(request, "", by=by)
    offers.begin(request, by=by)
    request.refresh_from_db()
    return request


@transaction.atomic
def cancel(request: AssistanceRequest, *, by: User, reason: str) -> AssistanceRequest:
    """The institution (until the start) or the network calls it off; whoever was coming is told."""
    request = lock(request)
    is_official = is_official_of(by, request)
    if not is_official and not is_coordinator_of(by, request):
        raise NotYours
    if request.state in CANCELLED:
        return request
    if request.state not in (State.OFFERING, State.UNFILLED, State.CONFIRMED, State.AWAITING_REPORT):
        raise NothingToCancel
    if is_official and request.start_at <= timezone.now():
        raise AlreadyStarted
    if reason not in CANCELLATION_REASONS:
        raise ReasonNeeded
    _call_off_offers(request)
    attempts.call_off(request, by=by)
    assignment = (
        request.assignments.filter(state=Assignment.State.ACTIVE).select_related("assistant__user").first()
    )
    diary.drop(request.source)
    if assignment:
        end_assignment(assignment, Assignment.State.CANCELLED, by=by)
        assignment.request = request
        emails.job_cancelled(assignment)
    if not is_official:
        emails.request_cancelled(request)
    request.closed_at = timezone.now()
    move(
        request,
        State.CANCELLED_BY_INSTITUTION if is_official else State.CANCELLED_BY_NETWORK,
        by=by,
        reason=reason,
        is_late=assignment is not None and is_short_notice(request),
        fields=("closed_at",),
    )
    return request


def history(request: AssistanceRequest):
    """Its transitions, for the coordinator's page."""
    return RequestTransition.objects.filter(request=request).select_related("actor")


def _refuse_foreign(request: AssistanceRequest, by: User) -> None:
    seats = Official.objects.serving().filter(user=by, institution=request.institution)
    if (
        not seats.exists()
        and not Project.objects.coordinated_by(by).filter(pk=request.institution.project_id).exists()
    ):
        raise NotYours
    if request.unit and request.unit.institution_id != request.institution_id:
        raise NotYours(field="unit")


def _refuse_times(request: AssistanceRequest, minutes: int) -> None:
    limits, notice = settings.ASSISTANCE, request.start_at - timezone.now()
    if notice <= timedelta(0):
        raise StartInThePast
    if notice < timedelta(minutes=limits["notice_minutes"][request.urgency]):
        raise TooSoon(TooSoon.SENTENCES[request.urgency])
    if minutes < limits["shortest_minutes"]:
        raise TooShort
    if minutes > limits["max_minutes_a_day"]:
        raise TooLong


def _call_off_offers(request: AssistanceRequest) -> None:
    """Those who have heard of it are told; an offer that waits for the morning is simply not sent."""
    for offer in request.offers.filter(state=Offer.State.OPEN).select_related("assistant__user"):
        offer.state, offer.answered_at = Offer.State.CALLED_OFF, timezone.now()
        offer.save(update_fields=["state", "answered_at"])
        if not messages.silence(source=request.source, recipient=offer.assistant.user):
            emails.called_off(offer, request)
