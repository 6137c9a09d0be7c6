"""Her own hours, and the page behind the link of an encouraging message: one tap, no sign-in.

Reading either changes nothing.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from portal.access import public
from portal.refusals import Refused
from workshops import hours, staying
from workshops.models import AbsenceReason, ManualHours, Registration, Session

Reason = AbsenceReason.Reason

BY_HAND_AT_MOST = 50
#: What was just said, as the address of the page tells it.
SAID = ("reason", "coming", "call", "left", "too_late")


def my_hours(request: HttpRequest) -> HttpResponse:
    """Her hours in each course, how she stands there, and what was written by hand for her."""
    rows = list(hours.hours_of(request.user))
    standings = hours.standings_of(rows)
    written = ManualHours.objects.filter(registration__user=request.user).exclude(
        state=ManualHours.State.REFUSED
    )
    courses = [
        {"row": row, "standing": standings[row.pk], **_question(row, standings[row.pk])} for row in rows
    ]
    context = {
        "courses": [course for course in courses if course["row"].minutes or course["standing"].held],
        "minutes": sum(row.minutes for row in rows),
        "by_hand": list(written.select_related("registration__workshop")[:BY_HAND_AT_MOST]),
    }
    return render(request, "workshops/my_hours.html", context)


def _question(row: Registration, standing: hours.Standing) -> dict[str, str]:
    """Whoever is asked why she misses meetings can answer here too: a neutral message has no link."""
    missed = standing.missed_in_a_row
    is_asked = standing.ahead and len(missed) >= settings.MISSED_BEFORE_ENCOURAGING
    return {"token": staying.token_of(row, missed[-1]) if is_asked else ""}


@public
@never_cache
def missed_meetings(request: HttpRequest, token: str) -> HttpResponse:
    found = staying.read_token(token)
    if found is None:
        return _unindexed(render(request, "workshops/missed_meetings_gone.html", status=404))
    row, session = found
    if request.method == "POST":
        said = _act(row, session, request.POST.get("say", ""))
        answer = redirect("missed_meetings", token)
        answer.headers["Location"] += f"?said={said}" if said else ""
        return _unindexed(answer)
    said = request.GET.get("said", "")
    ahead = row.workshop.sessions_ahead(timezone.now())
    context = {
        "workshop": row.workshop,
        "has_place": row.state == Registration.State.CONFIRMED,
        "next": ahead[0] if ahead else None,
        "reasons": [choice for choice in Reason.choices if choice[0] != Reason.LEAVING],
        "said": said if said in SAID else "",
        "wants_to_leave": request.GET.get("said") == "leave",
    }
    return _unindexed(render(request, "workshops/missed_meetings.html", context))


def _act(row: Registration, session: Session, say: str) -> str:
    """Do what the button says; returns what the page is to say next."""
    try:
        if say in Reason.values and say != Reason.LEAVING:
            staying.give_reason(row, session, say)
            return "reason"
        if say == "coming":
            staying.say_she_comes(row, session)
        elif say == "call":
            staying.ask_for_call(row, session)
        elif say == "leave_for_good":
            return "too_late" if staying.leave(row, session) else "left"
        elif say != "leave":
            return ""
    except Refused:  # no place any more: the page says so
        return ""
    return say


def _unindexed(response: HttpResponse) -> HttpResponse:
    """Whoever has the address answers for her: no index may keep it (other sites never learn it anyway)."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
