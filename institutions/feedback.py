"""What each side says about a meeting, once, afterwards (domain.md A7.3).

Coordinators read it. Nobody reads the other side's words or marks; figures hold counts only.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import blocks
from institutions.client_data import refuse_identifiers
from institutions.models import Assignment, AssistanceRequest, BlockWish, Feedback
from institutions.transitions import NotYours, State, is_official_of, lock_job
from portal import audit
from portal.models import User
from portal.refusals import Refused

#: The meeting is over, whatever the plan said.
AFTER = (State.AWAITING_REPORT, State.AWAITING_CONFIRMATION, State.CLOSED)
#: What each side is asked.
ASKED = {
    Feedback.Side.OFFICIAL: ("was_on_time", "understood", "rating", "would_again"),
    Feedback.Side.ASSISTANT: ("was_on_time", "was_prepared", "was_briefed", "understood", "rating"),
}


class NotYetOver(Refused):
    sentence = _("You can tell us how it was after the meeting.")


class TooLate(Refused):
    sentence = _("This meeting was some time ago. Please call your coordinator if there is something to say.")


class NoMeeting(Refused):
    sentence = _("This meeting did not take place with this assistant.")


class RatingMissing(Refused):
    sentence = _("Please choose one of the five marks.")
    field = "rating"


@transaction.atomic
def give(
    assignment: Assignment,
    *,
    by: User,
    side: str,
    rating: int | None,
    comment: str = "",
    is_checked: bool = False,
    **answers: bool | int | None,
) -> Feedback:
    """One side's view of one meeting. Until the days are over it can be said anew; the last word counts."""
    assignment = lock_job(assignment)
    request = assignment.request
    if side == Feedback.Side.OFFICIAL:
        is_hers = is_official_of(by, request)
    else:
        is_hers = assignment.assistant.user_id == by.pk
    if not is_hers:
        raise NotYours
    if assignment.state not in Assignment.STANDING:
        raise NoMeeting
    if not is_over(request):
        raise NotYetOver
    if timezone.now() > until(request):
        raise TooLate
    if unknown := set(answers) - set(ASKED[side]):
        raise TypeError(f"not asked of this side: {', '.join(sorted(unknown))}")
    if rating not in range(1, 6):
        raise RatingMissing
    refuse_identifiers({"comment": comment}, is_checked=is_checked)
    held, _is_new = Feedback.objects.update_or_create(
        assignment=assignment,
        side=side,
        defaults=dict.fromkeys(ASKED[side])
        | answers
        | {"rating": rating, "comment": comment.strip(), "given_by": by},
    )
    audit.record("feedback.given", held, by=by, request=request.pk, side=side, rating=rating)
    if side == Feedback.Side.OFFICIAL:
        if held.would_again is False:
            blocks.wish(assignment, by=by, origin=BlockWish.Origin.FEEDBACK)
        else:
            blocks.take_wish_back(assignment, by=by, origin=BlockWish.Origin.FEEDBACK)
    return held


def is_over(request: AssistanceRequest) -> bool:
    if request.state in (State.CONFIRMED, State.IN_PROGRESS):
        return request.end_at <= timezone.now()
    return request.state in AFTER


def until(request: AssistanceRequest):
    return request.end_at + timedelta(days=settings.ASSISTANCE["feedback_days"])


def can_give(assignment: Assignment, request: AssistanceRequest) -> bool:
    """A hint for pages; ``give`` decides."""
    return assignment.state in Assignment.STANDING and is_over(request) and timezone.now() <= until(request)


def counts(assignments: QuerySet[Assignment]) -> dict[str, int]:
    """Of these jobs: how many are done, and about how many each side has said something (domain.md A8.2)."""
    done = assignments.filter(state=Assignment.State.DONE)
    said = {
        side: Count("pk", filter=Q(feedback__side=side), distinct=True)
        for side in (Feedback.Side.OFFICIAL, Feedback.Side.ASSISTANT)
    }
    return done.aggregate(
        done=Count("pk", distinct=True),
        by_officials=said[Feedback.Side.OFFICIAL],
        by_assistants=said[Feedback.Side.ASSISTANT],
        by_somebody=Count("pk", filter=Q(feedback__isnull=False), distinct=True),
    )
