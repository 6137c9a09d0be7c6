"""Who sees what of a request, and when (domain.md A4, features.md U4).

Pages of officials and assistants show these objects and nothing else. A field that somebody may not see now
is not in the object.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.utils import timezone

from institutions.appointments import first_name
from institutions.models import Assignment, AssistanceRequest, Mode, Offer
from institutions.outlines import Outline, outline
from institutions.papers_of_assistants import has_promised
from institutions.transitions import is_coordinator_of
from participants.models import LanguageSkill
from portal import audit
from portal.models import User


class Viewer(StrEnum):
    """In which role somebody looks; one person may hold several, and each page belongs to one."""

    OFFICIAL = "official"
    ASSISTANT = "assistant"
    COORDINATOR = "coordinator"


@dataclass(frozen=True)
class Details:
    """Where exactly, and whom to ask for: for the two sides and the coordinator."""

    institution: str
    unit: str
    # To an assistant only of the way in which they meet.
    address: str
    link: str
    contact_name: str
    contact_phone: str
    briefing: str
    # In which way one could not meet, as the place, the link or the number is not there yet.
    lacks: str = ""
    # Of the unit: how to get in.
    access: str = ""
    parking: str = ""
    site_rules: str = ""
    is_step_free: bool = False
    # What will be hard about it, to be ready for it.
    sensitivities: tuple[str, ...] = ()
    # Whoever came along and interprets now may be the reason why somebody neutral is needed.
    is_relative_interpreting: bool = False
    # First name of the second assistant, once both are going.
    partner: str = ""


@dataclass(frozen=True)
class Helper:
    """An assistant, as the official may know her. ``phone`` is empty unless it may be seen now."""

    name: str
    languages: list[str]
    phone: str
    # For the line about the reading; never shown.
    person: User | None = field(default=None, repr=False)


@dataclass(frozen=True)
class SeriesPlace:
    """Which of the meetings that were asked for together it is."""

    number: int
    total: int


@dataclass(frozen=True)
class View:
    outline: Outline
    # For whoever is asked, where it is one of several.
    series: SeriesPlace | None = None
    details: Details | None = None
    helpers: tuple[Helper, ...] = ()
    case_reference: str | None = None
    are_details_hidden: bool = False
    # Hidden too while her promise of confidentiality is not given.
    is_promise_missing: bool = False
    # The texts were deleted, because the request has been over for long.
    are_texts_deleted: bool = False


def view_of(request: AssistanceRequest, user: User, *, viewer: Viewer) -> View | None:
    """What ``user`` may see of ``request`` now in that role; None if the request is none of her business."""
    if viewer == Viewer.COORDINATOR:
        return _whole(request) if is_coordinator_of(user, request) else None
    if viewer == Viewer.OFFICIAL:
        is_hers = AssistanceRequest.objects.visible_to(user).filter(pk=request.pk).exists()
        return _whole(request) if is_hers else None
    assignments = request.assignments.filter(assistant__user=user)
    for assignment in assignments:
        if _is_confirmed(assignment):
            return for_assignment(assignment, request, with_partner=True)
    if assignments or request.offers.filter(assistant__user=user).exists():
        return View(outline(request))
    return None


def for_coordinator(request: AssistanceRequest) -> View:
    """Her page of a request that came from managed_by, which is the permission: nothing is asked again. Who
    goes she reads from the assignments themselves.
    """
    return _whole(request, with_helpers=False)


def for_official(request: AssistanceRequest, jobs: list[Assignment]) -> View:
    """Her page of a request that came from visible_to, which is the permission. ``jobs``: its assignments,
    with their assistants, by place.
    """
    return _whole(request, standing=[job for job in jobs if _is_confirmed(job)])


def for_offers(offers: Iterable[Offer]) -> list[tuple[Offer, View]]:
    """What an assistant sees who has been asked, in one query; the rows' requests must be at hand."""
    offers = list(offers)
    places = places_in_series([offer.request for offer in offers])
    return [(offer, View(outline(offer.request), series=places.get(offer.request_id))) for offer in offers]


def for_offer(offer: Offer) -> View:
    return for_offers([offer])[0][1]


def places_in_series(requests: Iterable[AssistanceRequest]) -> dict[int, SeriesPlace]:
    """By request, where it belongs to a series; meetings that were called off do not count."""
    series = {request.series_id for request in requests if request.series_id}
    if not series:
        return {}
    gone = (AssistanceRequest.State.DECLINED, *AssistanceRequest.CALLED_OFF)
    rows = AssistanceRequest.objects.filter(series__in=series).exclude(state__in=gone)
    meetings = defaultdict(list)
    for pk, one in rows.order_by("start_at", "pk").values_list("pk", "series"):
        meetings[one].append(pk)
    together = [pks for pks in meetings.values() if len(pks) > 1]
    return {pk: SeriesPlace(number, len(pks)) for pks in together for number, pk in enumerate(pks, start=1)}


def for_assignment(
    assignment: Assignment,
    request: AssistanceRequest,
    *,
    with_partner: bool = False,
    is_promised: bool | None = None,
) -> View:
    """What the assistant of this assignment sees now. ``with_partner`` asks who else goes: one more query.

    ``is_promised``: whether her promise of confidentiality holds today, for who knows it; else one query.
    """
    if not _is_confirmed(assignment):
        return View(outline(request))
    days = timedelta(days=settings.ASSISTANCE["details_hidden_after_days"])
    if timezone.now() >= request.end_at + days:
        return View(outline(request), are_details_hidden=True)
    if not (has_promised(assignment.assistant) if is_promised is None else is_promised):
        return View(outline(request), is_promise_missing=True)
    return View(
        outline(request),
        details=_of_the_way(
            request, _details(request, partner=_partner(assignment, request) if with_partner else "")
        ),
        are_texts_deleted=request.scrubbed_at is not None,
    )


def record_look(request: AssistanceRequest, view: View, *, by: User, viewer: Viewer) -> None:
    """Every look at the address, the contact or a phone number leaves a line (features.md U4)."""
    if view.details:
        record_details(request, by=by, viewer=viewer)
    shown = [helper.person for helper in view.helpers if helper.phone and helper.person]
    if shown:
        audit.record_reading(shown, "phone", by=by, purpose="assistance")


def record_details(request: AssistanceRequest, *, by: User, viewer: Viewer) -> None:
    """For pages that show the address, the contact or the briefing in a form of their own."""
    audit.record("request.viewed", request, by=by, viewer=viewer.value, details=True)


def _whole(
    request: AssistanceRequest, *, with_helpers: bool = True, standing: list[Assignment] | None = None
) -> View:
    return View(
        outline(request),
        details=_details(request),
        helpers=_helpers(request, standing) if with_helpers else (),
        case_reference=request.case_reference,
        are_texts_deleted=request.scrubbed_at is not None,
    )


def _details(request: AssistanceRequest, *, partner: str = "") -> Details:
    return Details(
        institution=request.institution.name,
        unit=request.unit.name if request.unit else "",
        address=request.address,
        link=request.link,
        contact_name=request.contact_name,
        contact_phone=request.contact_phone,
        briefing=request.briefing,
        lacks=request.mode if request.is_place_missing and request.end_at > timezone.now() else "",
        sensitivities=tuple(
            str(AssistanceRequest.Sensitivity(value).label) for value in request.sensitivities
        ),
        is_relative_interpreting=request.is_relative_interpreting,
        partner=partner,
        **_way_in(request),
    )


def _of_the_way(request: AssistanceRequest, details: Details) -> Details:
    """After the ladder stepped down the street is no link, and before it did so nobody needs the link."""
    hidden = {Mode.ON_SITE: "address", Mode.VIDEO: "link"}
    return replace(details, **{field: "" for mode, field in hidden.items() if mode != request.mode})


def _way_in(request: AssistanceRequest) -> dict:
    """What the unit tells whoever comes there; nothing where nobody comes."""
    unit = request.unit if request.mode == Mode.ON_SITE else None
    if unit is None:
        return {}
    return {name: getattr(unit, name) for name in ("access", "parking", "site_rules", "is_step_free")}


def _helpers(request: AssistanceRequest, standing: list[Assignment] | None) -> tuple[Helper, ...]:
    """One query for who goes, unless that is known, and one for what they speak."""
    standing = _standing(request) if standing is None else standing
    hours = timedelta(hours=settings.ASSISTANCE["phone_hidden_after_hours"])
    is_open = timezone.now() < request.end_at + hours
    users = [assignment.assistant.user_id for assignment in standing]
    spoken = defaultdict(list)
    if users:
        for skill in LanguageSkill.objects.filter(user__in=users).order_by("language", "id"):
            spoken[skill.user_id].append(str(skill.get_language_display()))
    return tuple(
        Helper(
            name=first_name(assignment.assistant.user),
            languages=list(dict.fromkeys(spoken[assignment.assistant.user_id])),
            phone=assignment.assistant.user.phone if assignment.assistant.shares_phone and is_open else "",
            person=assignment.assistant.user,
        )
        for assignment in standing
    )


def _partner(assignment: Assignment, request: AssistanceRequest) -> str:
    """With whom she goes, where two are needed and both have agreed."""
    if request.assistants_needed < 2:
        return ""
    others = [one for one in _standing(request) if one.pk != assignment.pk]
    return first_name(others[0].assistant.user) if others else ""


def _standing(request: AssistanceRequest) -> list[Assignment]:
    rows = request.assignments.standing()
    return list(rows.select_related("assistant__user").order_by("place", "pk"))


def _is_confirmed(assignment: Assignment) -> bool:
    return assignment.state in Assignment.STANDING
