"""What is told while somebody is looked for: interest, choice, another way, one of two, somebody else."""

from datetime import datetime

from django.conf import settings

from institutions import disclosure
from institutions.appointments import first_name, locality_of
from institutions.emails import (
    must_be_told_at_night,
    offer_is_over,
    tell,
    tell_assistant,
    tell_coordinators,
    tell_official,
)
from institutions.models import Assignment, AssistanceRequest, Attempt, Credit, Offer
from portal.models import Message

# --- To assistants ---------------------------------------------------------------------------------------


def your_turn(offer: Offer, request: AssistanceRequest) -> Message | None:
    """She said that she could come; now it is hers if she agrees first."""
    return tell(
        offer.assistant.user,
        "your_turn",
        request,
        kind="offer",
        key=f"your_turn:{offer.pk}:{offer.expires_at:%Y%m%dT%H%M%S}",
        page="assistant_offer",
        thing=offer,
        place=locality_of(request),
        is_urgent=must_be_told_at_night(request),
        useless_after=offer.expires_at,
        source=request.source,
        offer=offer,
        series=disclosure.places_in_series([request]).get(request.pk),
    )


def not_chosen(offer: Offer, request: AssistanceRequest) -> Message | None:
    return offer_is_over(offer, request, "not_chosen")


def chosen(assignment: Assignment) -> Message | None:
    return tell_assistant(
        assignment,
        "chosen",
        kind="offer",
        key=f"chosen:{assignment.pk}",
        is_urgent=must_be_told_at_night(assignment.request),
        assignment=assignment,
    )


def job_replaced(assignment: Assignment, credit: Credit | None = None) -> Message | None:
    """``credit``: for the time that she kept free, where it was decided late."""
    return tell_assistant(
        assignment,
        "job_replaced",
        kind="offer",
        key=f"job_replaced:{assignment.pk}",
        page="assistant_home",
        place=locality_of(assignment.request),
        is_urgent=must_be_told_at_night(assignment.request),
        assignment=assignment,
        credit=credit,
    )


# --- To officials ----------------------------------------------------------------------------------------


def assistant_changed(assignment: Assignment) -> Message | None:
    return tell_official(
        assignment.request,
        "assistant_changed",
        key=f"assistant_changed:{assignment.pk}",
        assignment=assignment,
        name=first_name(assignment.assistant.user),
    )


def somebody_else_wanted(assignment: Assignment) -> Message | None:
    """The network takes her off and looks for somebody else."""
    return tell_official(
        assignment.request, "somebody_else_wanted", key=f"somebody_else_wanted:{assignment.pk}"
    )


def other_way(request: AssistanceRequest, attempt: Attempt) -> Message | None:
    """What changed on the way down the ladder: the mode, the language, or both."""
    return tell_official(request, "other_way", key=f"other_way:{attempt.pk}", attempt=attempt)


# --- To both sides ---------------------------------------------------------------------------------------


def one_of_two(request: AssistanceRequest, going: Assignment) -> None:
    """One comes, a second one was not found so far; said anew whenever a second one is missing again."""
    key = f"one_of_two:{going.pk}:{request.told_unfilled_at:%Y%m%dT%H%M%S%f}"
    tell_official(
        request,
        "one_of_two",
        key=key,
        name=first_name(going.assistant.user),
        alternatives=settings.ASSISTANCE["phone_alternatives"],
    )
    tell_coordinators(request, "one_of_two_work", key=key)


def one_is_enough(request: AssistanceRequest, going: Assignment, *, by) -> None:
    """The other side learns that it goes on with one."""
    key, name = f"one_is_enough:{going.pk}", first_name(going.assistant.user)
    if request.requested_by_id != by.pk:
        tell_official(request, "one_is_enough", key=key, name=name)
    tell_coordinators(request, "one_is_enough_work", key=key, but=by, name=name)


# --- To coordinators -------------------------------------------------------------------------------------


def please_choose(
    request: AssistanceRequest,
    attempt: Attempt,
    *,
    since: datetime,
    until: datetime,
    is_reminder: bool = False,
) -> None:
    """When the first one is interested, and once more at half time.

    ``since``: where the only one who was interested is not any more, the next one is the first again.
    """
    what = "choose_reminder" if is_reminder else "choose"
    tell_coordinators(
        request,
        "please_choose",
        key=f"{what}:{attempt.pk}:{since:%Y%m%dT%H%M%S%f}",
        page="work_candidates",
        until=until,
        is_reminder=is_reminder,
    )
