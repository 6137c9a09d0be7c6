"""What a confirmed request looks like in the diaries of the assistant and of the official.

Neither says anything about the client, and the exact address stays on the page, behind the sign-in.
"""

from collections.abc import Callable

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from institutions.models import Assignment, AssistanceRequest, Mode, Official
from institutions.travel import time_at_work, travel_minutes
from portal import diary
from portal.clock import WARSAW
from portal.languages import SITE_LANGUAGES
from portal.models import DiaryEntry, User


def enter(assignment: Assignment) -> None:
    """Into both diaries; raises diary.DoubleBooked where the assistant has something else at that time."""
    enter_for_assistant(assignment)
    enter_for_officials(assignment)


def enter_for_assistant(assignment: Assignment) -> None:
    diary.put(assignment.assistant.user, _for_assistant(assignment))


def enter_for_officials(assignment: Assignment) -> None:
    """Into the diary of the one who asked; where she has left, of those who are told in her place.

    It leaves the diaries of officials who do not answer for it any more. Who goes there herself as the
    assistant has it in her diary as her own job.
    """
    request = assignment.request
    going = set(request.assignments.standing().values_list("assistant__user", flat=True))
    seats = [seat for seat in Official.objects.answering_for(request) if seat.user_id not in going]
    held = DiaryEntry.objects.standing().filter(source=request.source, kind=diary.Kind.REQUEST)
    former = held.exclude(user__in=[seat.user_id for seat in seats])
    for entry in former.select_related("user").order_by("user"):
        diary.drop(request.source, user=entry.user)
    appointment = _for_official(assignment)
    for seat in seats:
        diary.put(seat.user, appointment, is_exclusive=False)


def take_out(assignment: Assignment) -> None:
    """She does not go: out of her diary, and where nobody goes any more out of the official's."""
    request = assignment.request
    diary.drop(request.source, user=assignment.assistant.user)
    going = request.assignments.standing().select_related("assistant__user").order_by("place").first()
    if going is None:
        clear(request)
        return
    going.request = request
    enter_for_officials(going)


def clear(request: AssistanceRequest) -> None:
    """Nobody goes any more: out of the diaries in which it stands, and of these alone. What waits for the
    morning to be sent to those who are asked about the other place is still true.
    """
    entries = DiaryEntry.objects.standing().filter(source=request.source)
    for entry in entries.select_related("user").order_by("user"):
        diary.drop(request.source, user=entry.user)


def first_name(user: User) -> str:
    """All that an official learns of an assistant's name (domain.md A4)."""
    return (user.call_me or user.full_name).split(" ")[0]


def place_of(request: AssistanceRequest) -> str:
    """Where, as far as a diary or a message may tell: the institution and the town."""
    if request.mode == Mode.ON_SITE:
        return f"{request.institution.name}, {request.town}"
    return f"{request.institution.name}, {request.get_mode_display()}"


def locality_of(request: AssistanceRequest) -> str:
    """Where, for those who have not agreed to come (domain.md A4)."""
    return request.town if request.mode == Mode.ON_SITE else request.get_mode_display()


def _for_assistant(assignment: Assignment) -> diary.Appointment:
    request = assignment.request
    way = travel_minutes(request, assignment.assistant)
    page = f"/assistant/jobs/{assignment.public_id}/"
    return diary.Appointment(
        source=request.source,
        kind=diary.Kind.ASSISTANCE,
        start_at=request.start_at,
        end_at=request.end_at,
        title=_by_language(lambda: _title_for_assistant(assignment)),
        place=_by_language(lambda: place_of(request)),
        path=page,
        cancel_path=f"{page}withdraw/",
        remind_minutes=settings.REMIND_SINGLE_MINUTES,
        buffer_before=way + request.briefing_minutes,
        buffer_after=way + request.debriefing_minutes,
    )


def _title_for_assistant(assignment: Assignment) -> str:
    """With the hour of the talk before, as the entry begins with the meeting."""
    language, request = assignment.get_language_display(), assignment.request
    if not request.briefing_minutes:
        return _("You interpret: %(language)s") % {"language": language}
    there_at = timezone.localtime(time_at_work(request)[0], WARSAW)
    return _("You interpret: %(language)s (be there at %(time)s)") % {
        "language": language,
        "time": f"{there_at:%H:%M}",
    }


def _for_official(assignment: Assignment) -> diary.Appointment:
    request = assignment.request
    page = f"/assistance/{request.public_id}/"
    going = request.assignments.standing().select_related("assistant__user").order_by("place", "pk")
    # Two at most; this sign stands between them in every language.
    name = " + ".join(first_name(one.assistant.user) for one in going)
    return diary.Appointment(
        source=request.source,
        kind=diary.Kind.REQUEST,
        start_at=request.start_at,
        end_at=request.end_at,
        title=_by_language(
            lambda: (
                _("An assistant will help you: %(name)s, %(language)s")
                % {"name": name, "language": assignment.get_language_display()}
            )
        ),
        place=_by_language(lambda: place_of(request)),
        path=page,
        cancel_path=f"{page}cancel/",
        remind_minutes=settings.REMIND_SINGLE_MINUTES,
    )


def _by_language(text: Callable[[], str]) -> dict[str, str]:
    texts = {}
    for language in SITE_LANGUAGES:
        with translation.override(language):
            texts[language] = text()
    return texts
