"""Where the coordinator chooses: she is reminded once, and what she leaves open is decided in time.

The row of the request is locked.
"""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from institutions import attempts, deadlines, filling, matching, staffing_emails
from institutions.models import Assignment, AssistanceRequest, Assistant, Attempt, Offer
from portal import audit, diary


class Times(NamedTuple):
    """Of one choice: since when somebody is interested, half time, and the end."""

    since: datetime
    remind_at: datetime
    until: datetime


def interested(attempt: Attempt) -> list[Offer]:
    """The best first; of equals, who said so first."""
    rows = attempt.offers.filter(state=Offer.State.INTERESTED).select_related("assistant__user")
    return list(rows.order_by("-score", "answered_at", "pk"))


def choose_by(attempt: Attempt, request: AssistanceRequest) -> datetime | None:
    """Until when she chooses; None while nobody is interested, or the first who agrees gets it."""
    times = _times(attempt, request)
    return times.until if times else None


def moments(attempt: Attempt, request: AssistanceRequest) -> list[datetime]:
    """When time has to look at it: to remind her, and to decide."""
    now = timezone.now()
    return [moment for moment in _times(attempt, request) or () if moment > now]


def tell_of_interest(attempt: Attempt, request: AssistanceRequest) -> None:
    """Somebody has come forward, where the coordinator chooses."""
    if times := _times(attempt, request):
        staffing_emails.please_choose(request, attempt, since=times.since, until=times.until)


def hold(request: AssistanceRequest, assistant: Assistant) -> None:
    """Before she gets a place: her diary, together with those of all who may be taken for the other one when
    the search goes on in the same transaction. In one order, as diary.hold says.
    """
    wanted = Offer.objects.filter(request=request, state=Offer.State.INTERESTED)
    diary.hold([assistant.user_id, *wanted.values_list("assistant__user", flat=True)])


def in_time(request: AssistanceRequest, now: datetime) -> None:
    """Remind her at half time; at the end the best of those interested who still can goes."""
    timed = [(attempt, _times(attempt, request)) for attempt in attempts.live(request)]
    # All who may be taken first, in one order: two meetings that want the same people never wait in a circle.
    due = [attempt.pk for attempt, times in timed if times and now >= times.until]
    if due:
        wanted = Offer.objects.filter(attempt__in=due, state=Offer.State.INTERESTED)
        diary.hold(wanted.values_list("assistant__user", flat=True))
    for attempt, times in timed:
        if times and now >= times.until:
            _decide(attempt, request)
        elif times and now >= times.remind_at:
            since, until = times.since, times.until
            staffing_emails.please_choose(request, attempt, since=since, until=until, is_reminder=True)


def _times(attempt: Attempt, request: AssistanceRequest) -> Times | None:
    if attempt.state != Attempt.State.CHOOSING:
        return None
    rows = attempt.offers.filter(state=Offer.State.INTERESTED, answered_at__isnull=False)
    since = rows.order_by("answered_at").values_list("answered_at", flat=True).first()
    if since is None:
        return None
    urgency, start_at = request.urgency, request.start_at
    return Times(
        since,
        deadlines.remind_chooser_at(urgency, since=since, start_at=start_at),
        deadlines.choose_by(urgency, since=since, start_at=start_at),
    )


def _decide(attempt: Attempt, request: AssistanceRequest) -> None:
    for offer in interested(attempt):
        if _take(offer, attempt, request):
            return


def _take(offer: Offer, attempt: Attempt, request: AssistanceRequest) -> Assignment | None:
    """This one goes. None where she cannot any more: then her offer is over."""
    diary.hold([offer.assistant.user_id])
    if not matching.candidate(request, offer.assistant, attempt=attempt).reasons:
        try:
            with transaction.atomic():
                assignment = filling.fill(attempt, request, offer.assistant, by=None)
        except diary.DoubleBooked:
            attempt.refresh_from_db()
            request.refresh_from_db(fields=["state", "mode", "filled_at", "told_unfilled_at"])
        else:
            staffing_emails.chosen(assignment)
            return assignment
    attempts.close(offer, request, Offer.State.CALLED_OFF, is_told=False)
    audit.record("offer.impossible", offer, by=None, request=request.pk)
    return None
