"""Head-counts of open events: rough groups, counted or estimated, never unique persons (domain.md B4.1).

In the ledger they are entries of a measure of their own, HEADS; that the event was held is DELIVERED, as for
a meeting whose roll was called.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import audit, messages
from portal.clock import WARSAW, local
from portal.languages import site_language
from portal.models import Message, User
from portal.refusals import Refused
from projects import ledger
from workshops import attendance, schedule
from workshops.models import HeadCount, Session, Workshop

#: In this order they stand in the trail.
FIGURES = ("women", "men", "children", "locals", "officials")
#: Older events are no longer asked for each night; the workplace goes on showing them.
NAG_FOR = timedelta(days=14)


class HasARoll(Refused):
    sentence = _("People register for this workshop, so you call the roll instead of counting heads.")


class NotHeld(Refused):
    sentence = _("This event is cancelled, so nobody could be there.")


class NotStarted(Refused):
    sentence = _("You can count the people when the event has begun.")


class GroupsTooLarge(Refused):
    sentence = _("Of all these people there cannot be more than all. Please look at the numbers again.")
    field = "locals"


@transaction.atomic
def record(
    session: Session,
    *,
    by: User,
    women: int,
    men: int,
    children: int,
    locals: int = 0,  # noqa: A002 - the word that the figure has everywhere
    officials: int = 0,
    method: str = "",
) -> HeadCount:
    """Write how many came, or correct it; the trail keeps the old figures. The same again changes nothing.

    ``locals`` and ``officials`` are parts of the sum of the first three; all others are counted as migrants.
    """
    session = _locked(session)
    figures = dict(zip(FIGURES, (women, men, children, locals, officials), strict=True))
    if locals + officials > women + men + children:
        raise GroupsTooLarge
    count = HeadCount.objects.filter(session=session).first()
    old = [getattr(count, name) for name in FIGURES] if count else None
    new = list(figures.values())
    if count and old == new and count.method == method.strip():
        return count
    count = count or HeadCount(session=session)
    for name, number in figures.items():
        setattr(count, name, number)
    count.method, count.counted_by, count.counted_at = method.strip(), by, timezone.now()
    count.save()
    action = "head_count.corrected" if old else "head_count.recorded"
    audit.record(action, count, by=by, session=session.pk, workshop=session.workshop_id, old=old, new=new)
    _enter_in_ledger(session, count)
    messages.silence(source=nag_source(session))
    return count


def _locked(session: Session) -> Session:
    """The workshop first, then the session, as everywhere."""
    schedule.lock(session.workshop)
    session = (
        Session.objects.select_for_update(of=("self",), no_key=True)
        .select_related("workshop__project", "workshop__theme__task")
        .get(pk=session.pk)
    )
    if session.workshop.signup_mode != Workshop.SignupMode.OPEN:
        raise HasARoll
    if session.state == Session.State.CANCELLED or session.workshop.state != Workshop.State.PUBLISHED:
        raise NotHeld
    if session.start_at > timezone.now():
        raise NotStarted
    return session


def _enter_in_ledger(session: Session, count: HeadCount) -> None:
    what = _what(session)
    by_role = {
        ledger.Role.MIGRANT: count.people - count.locals - count.officials,
        ledger.Role.LOCAL: count.locals,
        ledger.Role.OFFICIAL: count.officials,
    }
    for role, people in by_role.items():
        source = f"workshops.head_count:{count.pk}:{role}"
        if people:
            ledger.record(source=source, measure=ledger.Measure.HEADS, people=people, role=role, **what)
        else:
            ledger.withdraw(source)
    if count.people:
        ledger.record(source=session.source, measure=ledger.Measure.DELIVERED, **what)
    else:
        ledger.withdraw(session.source)


def _what(session: Session) -> dict:
    workshop = session.workshop
    return {
        "project": workshop.project,
        "task": workshop.theme.task,
        "theme": workshop.theme,
        "kind": workshop.kind,
        "on": timezone.localdate(session.start_at, WARSAW),
        "minutes": session.minutes,
        "activity": attendance.activity_of(workshop),
    }


# --- What is counted, and what is not yet ----------------------------------------------------------------


def events(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Of these sessions, those of open events."""
    return sessions.planned().filter(
        workshop__signup_mode=Workshop.SignupMode.OPEN, workshop__state=Workshop.State.PUBLISHED
    )


def uncounted(sessions: QuerySet[Session], now: datetime | None = None) -> QuerySet[Session]:
    """Of these sessions, the open events that are over and of which nobody has said how many came."""
    counted = HeadCount.objects.filter(session=OuterRef("pk"))
    return events(sessions).filter(end_at__lte=now or timezone.now()).exclude(Exists(counted))


def sums(sessions: QuerySet[Session]) -> dict[str, int]:
    """``events`` counted and people in each rough group, over all of these sessions: one query."""
    people = {name: Sum(name, default=0) for name in FIGURES}
    found = HeadCount.objects.filter(session__in=sessions).aggregate(events=Count("pk"), **people)
    return found | {"people": found["women"] + found["men"] + found["children"]}


def nag_about_uncounted(now: datetime | None = None) -> int:
    """The day after: ask the coordinators and those who led it how many came, once for each event.

    Returns how many messages were queued.
    """
    now = now or timezone.now()
    today = local(timezone.localdate(now, WARSAW), datetime.min.time())
    sessions = uncounted(Session.objects.filter(end_at__lt=today, end_at__gt=today - NAG_FOR), now)
    queued = 0
    for session in sessions.select_related("workshop").order_by("end_at", "id"):
        told = Message.objects.filter(source=nag_source(session)).values("recipient")
        for user in attendance.staff_of(session.workshop).exclude(pk__in=told):
            queued += bool(_ask(user, session))
    return queued


def _ask(user: User, session: Session) -> Message | None:
    link = f"{settings.SITE_URL}/{site_language(user.language)}/work/sessions/{session.pk}/head-count/"
    return messages.queue(
        user,
        kind="work",
        key=f"head_count:{session.pk}:{user.pk}",
        template="workshops/messages/head_count_missing",
        context={"workshop": session.workshop, "session": session, "link": link},
        source=nag_source(session),
    )


def nag_source(session: Session) -> str:
    """What is queued about an event that nobody counted, so that counting silences the question."""
    return f"workshops.heads:{session.pk}"
