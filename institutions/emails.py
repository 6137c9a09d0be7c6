"""What officials, assistants and coordinators are told: what, when and where, with one link."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from institutions import disclosure
from institutions.appointments import first_name, locality_of, place_of
from institutions.models import Assignment, AssistanceRequest, Credit, Offer, Official
from portal import messages
from portal.clock import after_quiet_hours
from portal.languages import site_language
from portal.models import Message, User
from projects.models import ProjectStaff

#: What starts sooner than this after the quiet hours is told at night too.
TOO_SOON = timedelta(hours=3)
#: Source of letters to officials, before the number of the request: not that of the diary, as their news stay
#: true when somebody goes no more. Whoever answers for it no longer does not get them (handing_on).
ABOUT_REQUEST = "institutions.officials:"


def must_be_told_at_night(request: AssistanceRequest) -> bool:
    if request.urgency == AssistanceRequest.Urgency.EMERGENCY:
        return True
    return after_quiet_hours(timezone.now()) > request.start_at - TOO_SOON


# --- To assistants ---------------------------------------------------------------------------------------


def offered(offer: Offer, request: AssistanceRequest) -> Message | None:
    """Nothing in it but what somebody who has not agreed yet may know (domain.md A4)."""
    return tell(
        offer.assistant.user,
        "offered",
        request,
        kind="offer",
        key=f"offered:{offer.pk}",
        page="assistant_offer",
        thing=offer,
        place=locality_of(request),
        is_urgent=must_be_told_at_night(request),
        useless_after=offer.expires_at,
        source=request.source,
        offer=offer,
        series=disclosure.places_in_series([request]).get(request.pk),
        is_choice=request.choice == AssistanceRequest.Choice.COORDINATOR,
    )


def taken(offer: Offer, request: AssistanceRequest) -> Message | None:
    return offer_is_over(offer, request, "taken")


def called_off(offer: Offer, request: AssistanceRequest) -> Message | None:
    return offer_is_over(offer, request, "called_off")


def offer_is_over(offer: Offer, request: AssistanceRequest, template: str) -> Message | None:
    """She need not answer any more, or go; still nothing that she may not know (domain.md A4)."""
    return tell(
        offer.assistant.user,
        template,
        request,
        kind="offer",
        key=f"{template}:{offer.pk}",
        page="assistant_home",
        place=locality_of(request),
        is_urgent=must_be_told_at_night(request),
        offer=offer,
    )


def job_agreed(assignment: Assignment) -> Message | None:
    return tell_assistant(
        assignment, "job_agreed", kind="request", key=f"job_agreed:{assignment.pk}", assignment=assignment
    )


def job_given(assignment: Assignment) -> Message | None:
    return tell_assistant(
        assignment,
        "job_given",
        kind="offer",
        key=f"job_given:{assignment.pk}",
        is_urgent=must_be_told_at_night(assignment.request),
        assignment=assignment,
    )


def job_cancelled(assignment: Assignment, credit: Credit | None = None) -> Message | None:
    """``credit``: for the time that she kept free, where it was called off late."""
    return tell_assistant(
        assignment,
        "job_cancelled",
        kind="offer",
        key=f"job_cancelled:{assignment.pk}",
        page="assistant_home",
        is_urgent=must_be_told_at_night(assignment.request),
        assignment=assignment,
        credit=credit,
    )


# --- To officials ----------------------------------------------------------------------------------------


def assistant_comes(assignment: Assignment) -> Message | None:
    return tell_official(
        assignment.request,
        "assistant_comes",
        key=f"assistant_comes:{assignment.pk}",
        assignment=assignment,
        name=first_name(assignment.assistant.user),
    )


def assistant_withdrew(assignment: Assignment) -> Message | None:
    return tell_official(assignment.request, "assistant_withdrew", key=f"assistant_withdrew:{assignment.pk}")


def request_cancelled(request: AssistanceRequest) -> Message | None:
    """By the network; an institution that cancels knows it."""
    return tell_official(request, "request_cancelled", key=f"request_cancelled:{request.pk}")


def unfilled(request: AssistanceRequest) -> Message | None:
    """With numbers to call instead, so that nobody asks a child to interpret (domain.md A5.7, A1.3)."""
    return tell_official(
        request,
        "unfilled",
        key=f"unfilled:{request.pk}:{request.told_unfilled_at:%Y%m%dT%H%M%S%f}",
        alternatives=settings.ASSISTANCE["phone_alternatives"],
    )


# --- To coordinators -------------------------------------------------------------------------------------


def unfilled_to_coordinators(request: AssistanceRequest) -> None:
    key = f"unfilled:{request.pk}:{request.told_unfilled_at:%Y%m%dT%H%M%S%f}"
    tell_coordinators(request, "unfilled_work", key=key)


def withdrawal_to_coordinators(assignment: Assignment) -> None:
    tell_coordinators(assignment.request, "withdrawn_work", key=f"withdrawn:{assignment.pk}")


# --- All of them -----------------------------------------------------------------------------------------


def link(user: User, page: str, *arguments) -> str:
    """The absolute address of a page, in the person's language."""
    with translation.override(site_language(user.language)):
        return settings.SITE_URL + reverse(page, args=arguments)


def tell_official(
    request: AssistanceRequest,
    template: str,
    *,
    key: str,
    kind: str = "change",
    page: str = "assistance_request",
    not_to_pass_on: User | None = None,
    **context,
) -> Message | None:
    """The one who asked; if she has left, the officials of the unit or the institution's administrator.

    Others did it, or time: at night she is told only what cannot wait. Returns the first message. Where there
    is nobody, coordinators read the letter and pass it on by phone; ``not_to_pass_on`` is about herself.
    """
    seats = Official.objects.answering_for(request)
    if not seats:
        _pass_on(request, template, key=key, can_wait=kind != "change", but=not_to_pass_on, **context)
    told = [
        tell(
            seat.user,
            template,
            request,
            kind=kind,
            key=key if seat.user_id == request.requested_by_id else f"{key}:{seat.user_id}",
            page=page,
            thing=request,
            is_urgent=kind == "change" and must_be_told_at_night(request),
            source=f"{ABOUT_REQUEST}{request.pk}",
            is_passed_on=False,
            **context,
        )
        for seat in seats
    ]
    return told[0] if told else None


def _pass_on(
    request: AssistanceRequest, template: str, *, key: str, can_wait: bool, but: User | None, **context
) -> None:
    """The letter that nobody of the institution can read, within one to those who can call there."""
    tell_coordinators(
        request,
        "pass_on",
        key=f"{key}:pass_on",
        can_wait=can_wait,
        but=but,
        letter=f"institutions/messages/{template}.txt",
        **context,
    )


def coordinators_of(request: AssistanceRequest) -> list[User]:
    return ProjectStaff.objects.coordinators_of(request.institution.project_id)


def tell_coordinators(
    request: AssistanceRequest,
    template: str,
    *,
    key: str,
    page: str = "work_assistance_request",
    is_of_request: bool = True,
    can_wait: bool = False,
    but: User | None = None,
    **context,
) -> None:
    """Each of the network's coordinators, at night too unless it ``can_wait`` for the morning anyhow.

    ``is_of_request``: the page is that of one request. ``but``: who did it herself.
    """
    is_urgent = not can_wait and must_be_told_at_night(request)
    for user in coordinators_of(request):
        if user != but:
            tell(
                user,
                template,
                request,
                kind="work",
                key=f"{key}:{user.pk}",
                page=page,
                thing=request if is_of_request else None,
                is_urgent=is_urgent,
                **context,
            )


def tell_assistant(
    job: Assignment, template: str, *, kind: str, key: str, page: str = "assistant_job", **context
) -> Message | None:
    """Whoever has agreed to go. ``page``: of her job, or her home once it is hers no more."""
    thing = None if page == "assistant_home" else job
    return tell(
        job.assistant.user, template, job.request, kind=kind, key=key, page=page, thing=thing, **context
    )


def tell(
    user: User,
    template: str,
    request: AssistanceRequest,
    *,
    kind: str,
    key: str,
    page: str,
    thing: AssistanceRequest | Offer | Assignment | None = None,
    is_urgent: bool = False,
    useless_after=None,
    source: str = "",
    **context,
) -> Message | None:
    """``place``: where, if this person may not know the institution yet."""
    address = link(user, page, thing.public_id) if thing else link(user, page)
    with translation.override(site_language(user.language)):
        context = {"place": place_of(request)} | context | {"request": request, "link": address}
        # How it is planned, while it is to come.
        is_ahead = not request.is_over and request.start_at > timezone.now()
        context["outline"] = disclosure.outline(request) if is_ahead else None
        return messages.queue(
            user,
            kind=kind,
            key=key,
            template=f"institutions/messages/{template}",
            context=context,
            is_urgent=is_urgent,
            useless_after=useless_after,
            source=source,
        )
