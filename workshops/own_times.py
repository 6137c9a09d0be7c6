"""When a person herself came and left, where that is not the plan, and the minutes that follow from it."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.clock import WARSAW, local
from portal.refusals import Refused
from workshops.models import Session


class WrongTimes(Refused):
    """``field``: "came" or "left", whichever has to be put right."""

    field = "came"


def minutes_between(session: Session, came_at: datetime | None, left_at: datetime | None) -> int:
    """Minutes of work from coming to leaving, within the meeting; None for its own start or end.

    When the break was is not written down: it is taken to lie in the middle of the meeting, so who comes
    after it or leaves before it loses none of it twice.
    """
    came = max(came_at or session.start_at, session.start_at)
    left = min(left_at or session.end_at, session.end_at)
    middle = session.start_at + (session.end_at - session.start_at) / 2
    half = timedelta(minutes=session.break_minutes) / 2
    on_break = max(min(left, middle + half) - max(came, middle - half), timedelta(0))
    return max(int((left - came - on_break).total_seconds() // 60), 0)


def check(session: Session, came_at: datetime | None, left_at: datetime | None) -> None:
    """Raises WrongTimes for what cannot be."""
    for name, moment in (("came", came_at), ("left", left_at)):
        if moment and not session.start_at <= moment <= session.end_at:
            between = {"start": on_the_clock(session.start_at), "end": on_the_clock(session.end_at)}
            raise WrongTimes(
                _("The meeting is from %(start)s to %(end)s. Please write a time between them.") % between,
                field=name,
            )
    if came_at and left_at and left_at <= came_at:
        raise WrongTimes(_("The time of leaving must be after the time of coming."), field="left")


def moment_of(session: Session, at: time | None) -> datetime | None:
    """The moment of the meeting at which clocks here show ``at``; past midnight on the next day."""
    if at is None:
        return None
    day = timezone.localdate(session.start_at, WARSAW)
    moment = local(day, at)
    if moment < session.start_at and timezone.localdate(session.end_at, WARSAW) > day:
        moment = local(day + timedelta(days=1), at)
    return moment


def on_the_clock(moment: datetime | None) -> str:
    """Hours and minutes as local clocks show them; empty for None. What a time field reads and writes."""
    return f"{timezone.localtime(moment, WARSAW):%H:%M}" if moment else ""
