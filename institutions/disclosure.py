"""Who sees what of a request, and when (domain.md A4, features.md U4).

Pages of officials and assistants show these objects and nothing else. A field that somebody may not see now
is not in the object.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.appointments import first_name
from institutions.models import Assignment, AssistanceRequest, Mode, Offer
from institutions.transitions import is_coordinator_of, is_official_of
from participants.models import LanguageSkill
from portal import audit
from portal.models import User


class Viewer(StrEnum):
    """In which role somebody looks; one person may hold several, and each page belongs to one."""

    OFFICIAL = "official"
    ASSISTANT = "assistant"
    COORDINATOR = "coordinator"


@dataclass(frozen=True)
class Outline:
    """What everybody may see who has to do with the request at all."""

    language: str
    second_language: str
    dialect: str
    start_at: datetime
    end_at: datetime
    minutes: int
    town: str
    subject: str
    role: str
    mode: str
    is_on_site: bool
    gender_preference: str
    is_gender_required: bool
    urgency: str


@dataclass(frozen=True)
class Details:
    """Where exactly, and whom to ask for: for the two sides and the coordinator."""

    institution: str
    unit: str
    address: str
    contact_name: str
    contact_phone: str
    briefing: str
    # Of the unit: how to get in.
    access: str = ""
    parking: str = ""
    site_rules: str = ""
    is_step_free: bool = False


@dataclass(frozen=True)
class Helper:
    """The assistant, as the official may know her. ``phone`` is empty unless it may be seen now."""

    name: str
    languages: list[str]
    phone: str


@dataclass(frozen=True)
class View:
    outline: Outline
    details: Details | None = None
    helper: Helper | None = None
    case_reference: str | None = None
    are_details_hidden: bool = False


def view_of(request: AssistanceRequest, user: User, *, viewer: Viewer) -> View | None:
    """What ``user`` may see of ``request`` now in that role; None if the request is none of her business."""
    if viewer == Viewer.COORDINATOR:
        return _whole(request) if is_coordinator_of(user, request) else None
    if viewer == Viewer.OFFICIAL:
        return _whole(request) if is_official_of(user, request) else None
    assignments = request.assignments.filter(assistant__user=user)
    for assignment in assignments:
        if _is_confirmed(assignment):
            return for_assignment(assignment, request)
    if assignments or request.offers.filter(assistant__user=user).exists():
        return View(outline(request))
    return None


def for_offer(offer: Offer) -> View:
    """What an assistant sees who has been asked; the row's request must be at hand."""
    return View(outline(offer.request))


def for_assignment(assignment: Assignment, request: AssistanceRequest) -> View:
    """What the assistant of this assignment sees now."""
    if not _is_confirmed(assignment):
        return View(outline(request))
    days = timedelta(days=settings.ASSISTANCE["details_hidden_after_days"])
    if timezone.now() >= request.end_at + days:
        return View(outline(request), are_details_hidden=True)
    return View(outline(request), details=_details(request))


def outline(request: AssistanceRequest) -> Outline:
    return Outline(
        language=request.get_language_display(),
        second_language=request.get_second_language_display() if request.second_language else "",
        dialect=request.dialect,
        start_at=request.start_at,
        end_at=request.end_at,
        minutes=request.minutes,
        town=request.town,
        subject=request.get_subject_display(),
        role=request.get_role_display(),
        mode=request.get_mode_display(),
        is_on_site=request.mode == "on_site",
        gender_preference=request.get_gender_preference_display(),
        is_gender_required=request.is_gender_required,
        urgency=request.get_urgency_display(),
    )


def record_look(request: AssistanceRequest, view: View, *, by: User, viewer: Viewer) -> None:
    """Every look at the address, the contact or a phone number leaves a line (features.md U4)."""
    if view.details:
        audit.record("request.viewed", request, by=by, viewer=viewer.value, details=True)
    if view.helper and view.helper.phone:
        assignment = _standing(request)
        audit.record_reading(assignment.assistant.user, "phone", by=by, purpose="assistance")


def _whole(request: AssistanceRequest) -> View:
    return View(
        outline(request),
        details=_details(request),
        helper=_helper(request),
        case_reference=request.case_reference,
    )


def _details(request: AssistanceRequest) -> Details:
    return Details(
        institution=request.institution.name,
        unit=request.unit.name if request.unit else "",
        address=request.address,
        contact_name=request.contact_name,
        contact_phone=request.contact_phone,
        briefing=request.briefing,
        **_way_in(request),
    )


def _way_in(request: AssistanceRequest) -> dict:
    """What the unit tells whoever comes there; nothing where nobody comes."""
    unit = request.unit if request.mode == Mode.ON_SITE else None
    if unit is None:
        return {}
    return {name: getattr(unit, name) for name in ("access", "parking", "site_rules", "is_step_free")}


def _helper(request: AssistanceRequest) -> Helper | None:
    assignment = _standing(request)
    if assignment is None:
        return None
    assistant = assignment.assistant
    hours = timedelta(hours=settings.ASSISTANCE["phone_hidden_after_hours"])
    is_open = timezone.now() < request.end_at + hours
    skills = LanguageSkill.objects.filter(user=assistant.user).order_by("language", "id")
    return Helper(
        name=first_name(assistant.user),
        languages=list(dict.fromkeys(str(skill.get_language_display()) for skill in skills)),
        phone=assistant.user.phone if assistant.shares_phone and is_open else "",
    )


def _standing(request: AssistanceRequest) -> Assignment | None:
    rows = request.assignments.filter(state__in=[Assignment.State.ACTIVE, Assignment.State.DONE])
    return rows.select_related("assistant__user").first()


def _is_confirmed(assignment: Assignment) -> bool:
    return assignment.state in (Assignment.State.ACTIVE, Assignment.State.DONE)


#: Shown where an address was and is hidden again.
HIDDEN_AGAIN = _("The address and the contact are hidden again, because the meeting was some time ago.")
