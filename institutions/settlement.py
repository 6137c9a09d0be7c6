"""What both papers of a month have in common: a version for each content, two signatures, and differences.

A paper that nobody has signed is written anew; what somebody has signed stays, and other content becomes the
next version (features.md U17). The row of its owner is locked by whoever calls.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import settlement_emails
from institutions.models import HoursSheet, MonthlyPaper, Statement
from portal import audit, one_by_one
from portal.clock import WARSAW, local
from portal.models import User
from portal.refusals import Refused


class MonthNotOver(Refused):
    sentence = _("This month is not over yet. It can be signed from the first day of the next one.")


class NotTheLatest(Refused):
    sentence = _("There is a newer version of this paper. Please look at it and sign that one.")


class HasChanged(Refused):
    sentence = _("The hours have changed since you opened the page. Please look at them again.")


class NotYourTurn(Refused):
    sentence = _("You cannot sign this paper.")


class OtherSideFirst(Refused):
    sentence = _("The other side signs first.")


class AnotherPerson(Refused):
    sentence = _("You have signed this paper already. The second signature must be another person's.")


@dataclass(frozen=True)
class Difference:
    """A job that stands otherwise in the newer version; ``old`` or ``new`` is None where it stood in one."""

    old: dict | None
    new: dict | None


def first_day(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date) -> date:
    return first_day(month.replace(day=28) + timedelta(days=4))


def bounds(month: date) -> tuple[datetime, datetime]:
    """From the first moment of the month to the first of the next one, as clocks in Poland show it."""
    return local(month, time()), local(next_month(month), time())


def is_over(month: date) -> bool:
    return next_month(month) <= timezone.localdate()


def months_back(number: int) -> list[date]:
    """This month and those before it, the newest first."""
    months = [first_day(timezone.localdate())]
    while len(months) < number:
        months.append(first_day(months[-1] - timedelta(days=1)))
    return months


def clock_of(moment: datetime) -> str:
    return timezone.localtime(moment, WARSAW).strftime("%H:%M")


def day_of(moment: datetime) -> str:
    return timezone.localtime(moment, WARSAW).date().isoformat()


def fingerprint(rows: list[dict]) -> str:
    """Changes with the content alone: what a page showed is what is signed."""
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:16]


def latest(model: type[MonthlyPaper], month: date, **owner) -> MonthlyPaper | None:
    return model.objects.filter(month=month, **owner).order_by("-version").first()


def write(
    model: type[MonthlyPaper], month: date, *, owner: dict, facts: dict, by: User | None
) -> MonthlyPaper:
    """The paper of that month with this content: as it is, written anew, or the next version."""
    held = latest(model, month, **owner)
    if held and held.rows == facts["rows"]:
        return held
    if held and not held.first_signed_at:
        for name, value in facts.items():
            setattr(held, name, value)
        held.made_by, held.made_at = by, timezone.now()
        held.save(update_fields=[*facts, "made_by", "made_at"])
        audit.record(f"{model._meta.model_name}.rewritten", held, by=by, rows=len(held.rows))
        return held
    version = held.version + 1 if held else 1
    paper = model.objects.create(month=month, version=version, made_by=by, **owner, **facts)
    audit.record(f"{model._meta.model_name}.made", paper, by=by, version=version, rows=len(paper.rows))
    return paper


def sign(paper: MonthlyPaper, place: str, *, by: User, rows: list[dict], seen: str) -> bool:
    """Put a signature in its ``place`` (first, second) of the locked paper; False where it stands already.

    ``rows``: what it would say if it were made now.
    """
    if getattr(paper, f"{place}_signed_at"):
        return False
    if not is_over(paper.month):
        raise MonthNotOver
    if type(paper).objects.filter(month=paper.month, version__gt=paper.version, **_owner(paper)).exists():
        raise NotTheLatest
    if place == "second" and not paper.first_signed_at:
        raise OtherSideFirst
    if place == "second" and paper.first_signed_by_id == by.pk:
        raise AnotherPerson
    if fingerprint(paper.rows) != seen or paper.rows != rows:
        raise HasChanged
    setattr(paper, f"{place}_signed_at", timezone.now())
    setattr(paper, f"{place}_signed_by", by)
    paper.save(update_fields=[f"{place}_signed_at", f"{place}_signed_by"])
    audit.record(f"{paper._meta.model_name}.signed", paper, by=by, place=place, rows=len(paper.rows))
    return True


def before(paper: MonthlyPaper) -> MonthlyPaper | None:
    """The version that this one corrects."""
    rows = type(paper).objects.filter(month=paper.month, version__lt=paper.version, **_owner(paper))
    return rows.order_by("-version").first()


def differences(old: MonthlyPaper | None, new: MonthlyPaper) -> list[Difference]:
    """What the newer version says otherwise, in the order of the days."""
    if old is None:
        return []
    was, now = ({row["key"]: row for row in paper.rows} for paper in (old, new))
    keys = sorted(was.keys() | now.keys(), key=lambda key: ((now.get(key) or was[key])["on"], key))
    pairs = [Difference(was.get(key), now.get(key)) for key in keys]
    return [pair for pair in pairs if pair.old != pair.new]


def _owner(paper: MonthlyPaper) -> dict:
    if isinstance(paper, HoursSheet):
        return {"assistant": paper.assistant_id}
    return {"institution": paper.institution_id}


def remind_unsigned() -> int:
    """Whoever has to sign next and has not done so for some days is reminded, once. Returns how many."""
    long_ago = timezone.now() - timedelta(days=settings.ASSISTANCE["sign_reminder_days"])
    this_month = first_day(timezone.localdate())
    reminded = 0
    for model, owner in ((HoursSheet, "assistant"), (Statement, "institution")):
        rows = model.objects.newest().filter(second_signed_at=None, month__lt=this_month)
        rows = rows.filter(
            Q(first_signed_at=None, made_at__lte=long_ago) | Q(first_signed_at__lte=long_ago)
        ).select_related(owner)
        reminded += len(one_by_one.each(rows.order_by("pk"), settlement_emails.remind))
    return reminded
