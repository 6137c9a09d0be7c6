"""What an institution may ask for. Pages show these rules beforehand; the verbs of requests check them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import agreements, deadlines
from institutions.client_data import refuse_identifiers
from institutions.models import (
    Assignment,
    AssistanceRequest,
    Institution,
    Mode,
    Official,
    Subject,
)
from institutions.transitions import NotYours, Reason, is_coordinator_of
from portal.models import User
from portal.refusals import Refused
from projects.models import Project

FREE_TEXT = ("case_reference", "dialect", "address", "link", "contact_name", "briefing")
OWN_NUMBERS = frozenset({"case_reference"})
Role = AssistanceRequest.Role
#: The calmest first.
URGENCIES = AssistanceRequest.Urgency.values


class StartInThePast(Refused):
    sentence = _("This time has passed. Please choose a later one.")
    field = "start_at"


class TooSoon(Refused):
    sentence = _("We cannot find anybody so fast.")
    field = "start_at"

    SENTENCES = {
        "planned": _(
            "A planned meeting is at least two working days away. For an earlier one, choose urgent."
        ),
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
        "At the police, with a prosecutor and in court only a sworn interpreter may interpret. "
        "An assistant can accompany the person: please choose accompanying."
    )
    field = "role"


class NoSuchLanguage(Refused):
    sentence = _("Please choose a language other than Polish.")
    field = "language"


class SecondLanguageNotAgreed(Refused):
    sentence = _("Please ask the client first. Tick the box when the client agrees to the second language.")
    field = "is_second_language_agreed"


class SameLanguageTwice(Refused):
    sentence = _("The second language must be another one.")
    field = "second_language"


class UnitClosed(Refused):
    sentence = _("This unit is closed. Please choose another one.")
    field = "unit"


class TooFarAhead(Refused):
    sentence = _("This day is too far ahead. Is the year right?")
    field = "start_at"


class NoAgreementThen(Refused):
    sentence = _(
        "There is no agreement with your institution for that day. "
        "Please ask the coordinator to move the meeting."
    )
    field = "start_at"


class AssistantUnknown(Refused):
    sentence = _("You can ask only for an assistant who has been with you before.")
    field = "preferred_assistant"


def check(
    request: AssistanceRequest, *, by: User, is_checked: bool = False, is_time_kept: bool = False
) -> None:
    """Raise the first refusal that forbids this order now; nothing of it is in the database yet.

    ``is_time_kept``: it was early enough when it was sent, and only something else changes.
    """
    refuse_foreign(request, by)
    if not is_time_kept:
        refuse_notice(request)
    refuse_length(request.minutes)
    if request.subject == Subject.POLICE_COURT and request.role != Role.ACCOMPANIMENT:
        raise SwornInterpreterNeeded
    refuse_languages(request)
    if request.preferred_assistant and not (
        known_jobs(request.institution, by=by).filter(assistant=request.preferred_assistant).exists()
    ):
        raise AssistantUnknown
    refuse_texts(request, is_checked=is_checked)


def refuse_foreign(request: AssistanceRequest, by: User) -> None:
    seats = Official.objects.serving().filter(user=by, institution=request.institution)
    if not seats.exists() and not is_coordinator_of(by, request):
        raise NotYours
    if request.unit and request.unit.institution_id != request.institution_id:
        raise NotYours(field="unit")
    if request.unit and request.unit.closed_at:
        raise UnitClosed


def refuse_notice(request: AssistanceRequest) -> None:
    now = timezone.now()
    if request.start_at <= now:
        raise StartInThePast
    if request.start_at > now + timedelta(days=settings.ASSISTANCE["ahead_days_at_most"]):
        raise TooFarAhead
    if request.start_at < deadlines.earliest_start(request.urgency, now):
        raise TooSoon(TooSoon.SENTENCES[request.urgency])


def urgency_for(request: AssistanceRequest) -> str:
    """The calmest one, from the chosen one on, for which there is time enough; if none, the last."""
    now = timezone.now()
    harder = URGENCIES[URGENCIES.index(request.urgency) :]
    fitting = [one for one in harder if request.start_at >= deadlines.earliest_start(one, now)]
    return [*fitting, harder[-1]][0]


def refuse_length(minutes: int) -> None:
    if minutes < settings.ASSISTANCE["shortest_minutes"]:
        raise TooShort
    if minutes > settings.ASSISTANCE["max_minutes_a_day"]:
        raise TooLong


def refuse_languages(request: AssistanceRequest) -> None:
    if request.language == "pl":
        raise NoSuchLanguage
    if request.second_language == "pl":
        raise NoSuchLanguage(field="second_language")
    if request.second_language and request.second_language == request.language:
        raise SameLanguageTwice
    if request.second_language and not request.is_second_language_agreed:
        raise SecondLanguageNotAgreed


def refuse_texts(request: AssistanceRequest, *, is_checked: bool) -> None:
    """``is_checked``: the writer looked at her texts again after a warning; a PESEL is still refused."""
    refuse_identifiers(
        {field: getattr(request, field) for field in FREE_TEXT},
        is_checked=is_checked,
        own_numbers=OWN_NUMBERS,
    )


def hold_reason(request: AssistanceRequest, *, by: User) -> str:
    """Why a coordinator has to look at it before anybody is asked; "" where nobody has to.

    A coordinator who enters it herself has looked at it.
    """
    return "" if is_coordinator_of(by, request) else next(iter(hold_reasons(request)), "")


def hold_reasons(request: AssistanceRequest) -> list[str]:
    """All of them, the weightiest first, whoever asks."""
    reasons = {
        Reason.NO_AGREEMENT: not has_agreement(request, request.start_at),
        Reason.SWORN_PERHAPS: request.may_need_sworn,
        Reason.LONG: is_long_for_one(request),
    }
    return [reason for reason, applies in reasons.items() if applies]


def has_agreement(request: AssistanceRequest, at: datetime) -> bool:
    return agreements.is_valid(request.institution, timezone.localdate(at))


def refuse_beyond_agreement(request: AssistanceRequest, start_at: datetime) -> None:
    """Somebody agreed to a meeting under an agreement that has ended by then: a coordinator decides that."""
    if has_agreement(request, request.start_at) and not has_agreement(request, start_at):
        raise NoAgreementThen


def is_hard_by_phone(request: AssistanceRequest) -> bool:
    """Long, sensitive or with children: people should see one another (domain.md A6.8)."""
    is_long = request.minutes > settings.ASSISTANCE["phone_longest_minutes"]
    return is_long or request.is_sensitive or request.are_minors_present


def may_come_to_phone(request: AssistanceRequest) -> bool:
    """The ladder leads to the telephone although the meeting is hard; see ``ladder`` for who has said so."""
    return Mode.PHONE in request.ranked_modes and is_hard_by_phone(request)


def is_long_for_one(request: AssistanceRequest) -> bool:
    """Two hours are too much for one person (domain.md A6.5)."""
    limit = settings.ASSISTANCE["second_assistant_over_minutes"]
    return request.minutes > limit and request.assistants_needed < 2


def known_jobs(institution: Institution, *, by: User):
    """Jobs from which this person knows an assistant: of requests that she can see herself (domain.md A4).

    A coordinator who enters a request for the institution knows all of them.
    """
    requests = AssistanceRequest.objects.all()
    if not Project.objects.coordinated_by(by).filter(pk=institution.project_id).exists():
        requests = AssistanceRequest.objects.visible_to(by)
    theirs = requests.filter(institution=institution)
    jobs = Assignment.objects.standing().filter(request__in=theirs.values("pk"))
    return jobs.filter(assistant__suspended_at__isnull=True)


def fill_in(request: AssistanceRequest) -> None:
    """What was left empty is as usual: the unit's address and phone, talks before and after hard meetings."""
    request.ranked_modes = list(dict.fromkeys(request.ranked_modes or [request.mode]))
    request.mode = request.ranked_modes[0]
    unit = request.unit
    if unit and not request.address and "on_site" in request.ranked_modes:
        request.address = unit.address
    if unit and not request.contact_phone:
        request.contact_phone = unit.phone
    usual = settings.ASSISTANCE["briefing_minutes"] if request.is_sensitive else 0
    for field in ("briefing_minutes", "debriefing_minutes"):
        if getattr(request, field) is None:
            setattr(request, field, usual)
