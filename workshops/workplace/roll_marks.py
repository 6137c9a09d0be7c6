"""The roll on a phone: what its script needs to know, and the address to which it sends the marks."""

import json
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_time
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import kept_on_device
from portal.access import public
from workshops import device_marks
from workshops.attendance import PARTLY, CorrectionNeedsReason, RollEntry
from workshops.device_marks import Outcome, PhoneMark
from workshops.models import Attendance
from workshops.own_times import moment_of, on_the_clock
from workshops.workplace.desk import led_sessions

#: More taps than this wait for no network; the script sends the rest after them.
MOST_MARKS = 100


def is_open(session) -> bool:
    return timezone.localdate() >= timezone.localdate(session.start_at)


@require_POST
def work_marks(request, pk):
    """Takes ``{"now": …, "marks": […]}`` and answers each mark; what cannot be read is a 400."""
    session = get_object_or_404(led_sessions(request.user), pk=pk)
    try:
        sent = json.loads(request.body)
        marks = [_read(mark, session) for mark in sent["marks"][:MOST_MARKS]]
        phone_clock = _moment(sent["now"])
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return JsonResponse({"error": "not readable"}, status=400)
    answers = device_marks.receive(session, marks, by=request.user, phone_clock=phone_clock)
    roll = {row.registration_id: row for row in session.attendances.all()}
    return JsonResponse({"answers": [_told(answer) for answer in answers], **_roll(roll)})


@public
def roll_worker(request):
    """The worker that keeps the roll for places without signal. It may look after pages below its address."""
    script = settings.BASE_DIR / "static" / "js" / "roll_worker.js"
    return HttpResponse(script.read_bytes(), content_type="text/javascript")


def for_phone(request, session, known: dict[int, Attendance]) -> dict:
    """Data and words for static/js/roll.js."""
    return {
        **_roll(known),
        "owner": kept_on_device.key_of(request.user),
        "session": session.pk,
        "send": reverse("work_marks", args=[session.pk]),
        "worker": reverse("roll_worker"),
        "scope": reverse("work_roll", args=[0]).removesuffix("0/roll/"),
        "hours": settings.ROLL_KEPT_HOURS,
        "start": session.start_at.isoformat(),
        "end": session.end_at.isoformat(),
        "marks": {value: str(label) for value, label in Attendance.Mark.choices},
        "words": {
            "waiting": _("Waiting for the network: %(number)s. The marks are kept on this phone."),
            "sending": _("Sending: %(number)s"),
            "sent": _("All sent at %(time)s."),
            "ready": _("Every mark is sent at once."),
            "offline": _("No network. You can go on: the marks are kept on this phone."),
            "sign_in": _("Please sign in again. The marks are kept on this phone: %(number)s"),
            "not_taken": _(
                "The marks could not be sent. They are kept on this phone. Please open the page again."
            ),
            "marked": _("Marked: %(number)s of %(total)s"),
            "kept": _("kept on this phone"),
            "saved": _("sent"),
            "counted": _("sent, %(number)s min"),
            "conflict": _("Somebody else has marked meanwhile: %(mark)s (%(who)s, %(time)s). You: %(own)s."),
            "theirs": _("Keep: %(mark)s"),
            "mine": _("Change to: %(mark)s"),
            "with_reason": _("Save with the reason"),
        },
    }


def _roll(known: dict[int, Attendance]) -> dict:
    return {
        "at": int(timezone.now().timestamp() * 1000),
        "roll": {pk: _shown(row) for pk, row in known.items()},
    }


def _shown(row: Attendance | None) -> dict:
    if row is None:
        return {"mark": Attendance.Mark.UNKNOWN, "came": "", "left": "", "minutes": 0}
    times = {"came": on_the_clock(row.came_at), "left": on_the_clock(row.left_at)}
    return {"mark": row.mark, "minutes": row.minutes, **times}


def _told(answer: device_marks.Answer) -> dict:
    told = {
        "id": str(answer.sent_id),
        "outcome": answer.outcome,
        "now": _shown(answer.now),
        "text": str(answer.refusal) if answer.refusal else "",
        "needs_reason": isinstance(answer.refusal, CorrectionNeedsReason),
    }
    if answer.outcome == Outcome.CONFLICT and answer.now:
        by_code = answer.now.source == Attendance.Source.CHECK_IN
        told["who"] = answer.now.get_source_display() if by_code else str(answer.now.marked_by or "–")
        told["time"] = on_the_clock(answer.now.marked_at)
    return told


def _read(mark: dict, session) -> PhoneMark:
    number = int(mark["person"])
    if not 0 < number < 2**63:
        raise ValueError("no number of a registration")
    return PhoneMark(
        sent_id=UUID(mark["id"]),
        registration_id=number,
        entry=_entry(mark, session),
        seen=_entry(mark["seen"], session),
        made_at=_moment(mark["made"]),
    )


def _entry(told: dict, session) -> RollEntry:
    if told["mark"] not in Attendance.Mark.values:
        raise ValueError("no such mark")
    times = {}
    if told["mark"] in PARTLY:
        times = {
            f"{name}_at": moment_of(session, _time(told[name])) for name in ("came", "left") if told.get(name)
        }
    reason = str(told.get("reason", ""))[:200].replace("\x00", "")
    return RollEntry(told["mark"], reason=reason, **times)


def _time(text: str):
    time = parse_time(text)
    if time is None:
        raise ValueError("no time")
    return time.replace(second=0, microsecond=0, tzinfo=None)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no zone")
    return moment
