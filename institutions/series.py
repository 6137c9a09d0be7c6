"""Meetings asked for together: each day an order of its own, with the wish for one face (features.md G5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import requests
from institutions.amendments import ChangedMeanwhile, version
from institutions.models import AssistanceRequest, Institution, RequestSeries
from institutions.transitions import State, is_coordinator_of, lock, write_down
from portal import audit
from portal.clock import WARSAW, is_public_holiday, local
from portal.models import User
from portal.refusals import Refused

#: What belongs to one meeting alone; everything else is the same for all of them.
OWN = {
    "id",
    "public_id",
    "start_at",
    "end_at",
    "state",
    "told_unfilled_at",
    "submitted_at",
    "filled_at",
    "closed_at",
    "scrubbed_at",
}


class Repeat(models.TextChoices):
    NONE = "", _("once")
    WEEKLY = "weekly", _("every week")
    FORTNIGHTLY = "fortnightly", _("every two weeks")
    CHOSEN = "chosen", _("on days that I choose")


STEPS = {Repeat.WEEKLY: 7, Repeat.FORTNIGHTLY: 14}


class TooManyMeetings(Refused):
    sentence = _("You can ask for 12 meetings together at most. Please ask for the others later.")
    field = "times"


class NoMeetings(Refused):
    sentence = _("Please say how many meetings, or on which days.")
    field = "times"


@dataclass(frozen=True)
class Days:
    """The days of a series, and the public holidays that were left out of it."""

    days: list[date]
    holidays: list[date]


def days_of(first_on: date, *, repeat: str, times: int = 0, chosen: Iterable[date] = ()) -> Days:
    """Which days it will be. ``times`` counts meetings: a public holiday makes the series longer.

    A public holiday that somebody chose by hand, or as the first day, is taken as she wrote it.
    """
    longest = settings.ASSISTANCE["series_longest"]
    if repeat == Repeat.CHOSEN:
        days = sorted({first_on, *chosen})
        if len(days) > longest:
            raise TooManyMeetings(field="chosen")
        if len(days) < 2:
            raise NoMeetings(field="chosen")
        return Days(days, [])
    if repeat not in STEPS:
        return Days([first_on], [])
    if times > longest:
        raise TooManyMeetings
    if times < 2:
        raise NoMeetings
    days, holidays, day = [first_on], [], first_on
    while len(days) < times:
        day += timedelta(days=STEPS[repeat])
        (holidays if is_public_holiday(day) else days).append(day)
    return Days(days, holidays)


@transaction.atomic
def save_drafts(
    institution: Institution,
    *,
    days: list[date],
    by: User,
    draft: AssistanceRequest | None = None,
    seen: str = "",
    **order,
) -> AssistanceRequest:
    """A draft, new or written anew, and one beside it for each of the other days.

    ``seen``: the ``version_of`` a draft when its form was opened.
    """
    if draft is not None:
        _lock_together(draft)
        _refuse_unseen(lock(draft), seen, by=by)
    saved = requests.save_draft(institution, by=by, draft=draft, **order)
    if saved.state != AssistanceRequest.State.DRAFT:
        return saved  # the same form once more, and it was sent meanwhile
    plan(saved, days, by=by)
    saved.refresh_from_db(fields=["series"])
    return saved


@transaction.atomic
def plan(draft: AssistanceRequest, days: list[date], *, by: User) -> list[AssistanceRequest]:
    """Put a draft beside this one for each of the other days, in place of those that were there before."""
    first = requests.lock_draft(draft, by=by)
    drafts_beside(first).delete()
    here = timezone.localtime(first.start_at, WARSAW)
    others = [day for day in days if day != here.date()]
    if not others:
        if first.series_id:
            first.series = None
            first.save(update_fields=["series"])
        return [first]
    if len(others) >= settings.ASSISTANCE["series_longest"]:
        raise TooManyMeetings
    first.series = first.series or RequestSeries.objects.create(institution=first.institution)
    first.save(update_fields=["series"])
    shared = {
        field.attname: getattr(first, field.attname)
        for field in AssistanceRequest._meta.concrete_fields
        if field.name not in OWN
    }
    length = first.end_at - first.start_at
    rows = [first]
    for day in others:
        start_at = local(day, here.time())
        row = AssistanceRequest.objects.create(
            **shared, start_at=start_at, end_at=start_at + length, state=State.DRAFT
        )
        write_down(row, "", by=by)
        rows.append(row)
    audit.record("series.planned", first.series, by=by, meetings=len(rows))
    return sorted(rows, key=lambda row: row.start_at)


@transaction.atomic
def leave_out(draft: AssistanceRequest, *, by: User) -> AssistanceRequest | None:
    """One day less. What is left of a series of two is a single draft; returns a draft that is left."""
    row = requests.lock_draft(draft, by=by)
    left = drafts_beside(row).order_by("start_at", "pk").first()
    requests.delete_draft(row, by=by)
    if left and not AssistanceRequest.objects.filter(series=left.series_id).exclude(pk=left.pk).exists():
        RequestSeries.objects.filter(pk=left.series_id).delete()
        left.refresh_from_db()
    return left


@transaction.atomic
def send(draft: AssistanceRequest, *, by: User, seen: str = "") -> list[AssistanceRequest]:
    """Send a draft and all drafts beside it, the earliest first. One that cannot be sent keeps all back.

    ``seen``: the ``version_of`` it on the page that she looked at before.
    """
    _lock_together(draft)
    draft = lock(draft)  # refuses one that somebody has deleted meanwhile
    _refuse_unseen(draft, seen, by=by)
    return [requests.send(row, by=by) for row in together(draft)]


@transaction.atomic
def cancel_following(request: AssistanceRequest, *, by: User, reason: str) -> list[AssistanceRequest]:
    """This meeting and all later ones of its series that can still be called off, and that she sees: one may
    have gone to another unit.
    """
    later = following(request, by=by)
    _lock(later)
    return [requests.cancel(row, by=by, reason=reason) for row in later.order_by("start_at", "pk")]


def following(request: AssistanceRequest, *, by: User):
    """This one and those after it that can still be called off by her."""
    if not request.series_id:
        return AssistanceRequest.objects.filter(pk=request.pk)
    later = AssistanceRequest.objects.filter(series=request.series_id, start_at__gte=request.start_at)
    if not is_coordinator_of(by, request):
        seen = AssistanceRequest.objects.visible_to(by).filter(series=request.series_id)
        later = later.filter(Q(pk=request.pk) | Q(pk__in=seen.values("pk")))
    return later.filter(state__in=requests.BEFORE, start_at__gt=timezone.now())


def meetings(request: AssistanceRequest, *, seen_by: User):
    """Those of its series that this official sees, in order; itself alone where there is none."""
    if not request.series_id:
        return AssistanceRequest.objects.filter(pk=request.pk)
    return (
        AssistanceRequest.objects.visible_to(seen_by)
        .filter(series=request.series_id)
        .order_by("start_at", "pk")
    )


def version_of(draft: AssistanceRequest) -> str:
    """Of a draft with those beside it."""
    return version(*together(draft))


def together(draft: AssistanceRequest) -> list[AssistanceRequest]:
    return sorted([draft, *drafts_beside(draft)], key=lambda row: (row.start_at, row.pk))


def _refuse_unseen(draft: AssistanceRequest, seen: str, *, by: User) -> None:
    """Nobody sends or writes over words of a colleague that she has not read. Her own she may send twice.
    ``draft`` as it is under the lock.
    """
    if draft.state != State.DRAFT or not seen or seen == version_of(draft):
        return
    writing = audit.trail(draft).filter(action__in=("request.draft", "request.draft_changed"))
    if writing.values_list("actor_id", flat=True).first() != by.pk:
        raise ChangedMeanwhile


def _lock_together(draft: AssistanceRequest) -> None:
    rows = {draft.pk, *drafts_beside(draft).values_list("pk", flat=True)}
    _lock(AssistanceRequest.objects.filter(pk__in=rows))


def _lock(rows) -> None:
    """All rows first, always in the same order: two who take several of them never wait in a circle."""
    list(rows.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))


def drafts_beside(draft: AssistanceRequest):
    if not draft.series_id:
        return AssistanceRequest.objects.none()
    beside = AssistanceRequest.objects.filter(series=draft.series_id, state=State.DRAFT)
    return beside.exclude(pk=draft.pk)
