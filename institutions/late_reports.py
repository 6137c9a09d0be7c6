"""Hours that nobody writes down, or puts right after a dispute: asked for again, then shown to coordinators.

The end of the order, the ledger and the assistant's pay hang on them (domain.md A7.1, A7.4).
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from institutions import visit_emails
from institutions.deadlines import add_working_days
from institutions.models import Assignment, AssistanceRequest, PresenceStatement, RequestTransition
from institutions.transitions import State, lock
from portal import audit, one_by_one
from portal.models import AuditEntry, User

#: After how many working days what is done, and how the audit calls it.
AGAIN, COORDINATORS = "ask_for_hours_again_days", "hours_to_coordinators_days"
ACTIONS = {AGAIN: "report.asked_again", COORDINATORS: "report.told_missing"}


def owed() -> QuerySet[Assignment]:
    """Jobs whose hours the assistant has to write down, or again, ``owed_since`` then.

    Where the two sides differ about who was there, a coordinator decides first.
    """
    here = RequestTransition.objects.filter(request=OuterRef("request"), new_state=State.AWAITING_REPORT)
    asked_at = Subquery(here.order_by("-at", "-id").values("at")[:1])
    said = PresenceStatement.objects.filter(assignment__request=OuterRef("request"))
    decided = said.filter(decided_at__isnull=False).order_by("-decided_at", "-id")
    decided_at = Subquery(decided.values("decided_at")[:1])
    contested = PresenceStatement.objects.contested().filter(assignment__request=OuterRef("request"))
    rows = Assignment.objects.filter(
        Q(report__isnull=True) | Q(report__disputed_at__isnull=False),
        ~Exists(contested),
        state=Assignment.State.ACTIVE,
        request__state=State.AWAITING_REPORT,
    )
    asked_since = Greatest("request__end_at", asked_at, decided_at)
    rows = rows.annotate(owed_since=Coalesce("report__disputed_at", asked_since))
    return rows.select_related("request__institution", "assistant__user", "report")


def managed_by(user: User) -> list[Assignment]:
    """What stands among what coordinators see after the meetings, the oldest first; not her own."""
    rows = owed().filter(request__in=AssistanceRequest.objects.managed_by(user))
    return _late(rows.exclude(assistant__user=user).order_by("owed_since", "pk"), COORDINATORS)


def ask_again() -> int:
    """The assistant, once. Returns how many were asked."""
    return sum(one_by_one.each(_due(AGAIN), _ask_again))


def tell_coordinators() -> int:
    """Once, when asking again has not helped. Returns of how many."""
    return sum(one_by_one.each(_due(COORDINATORS), _tell_coordinators))


@transaction.atomic
def _ask_again(pk: int) -> bool:
    job = _still_late(pk, AGAIN)
    if job:
        visit_emails.hours_wanted_again(job, since=job.owed_since)
    return job is not None


@transaction.atomic
def _tell_coordinators(pk: int) -> bool:
    job = _still_late(pk, COORDINATORS)
    if job:
        visit_emails.hours_owed(job, since=job.owed_since)
    return job is not None


def _due(what: str) -> list[int]:
    """Those of whom nothing has been said yet; coordinators hear only of who had a day to answer."""
    rows = owed().filter(~Exists(_said(what)))
    if what == COORDINATORS:
        rows = rows.filter(Exists(_said(AGAIN).filter(at__lte=timezone.now() - timedelta(days=1))))
    return [job.pk for job in _late(rows.order_by("pk"), what)]


def _said(what: str) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(
        object_type=Assignment._meta.label_lower,
        object_id=OuterRef("pk"),
        action=ACTIONS[what],
        at__gte=OuterRef("owed_since"),
    )


def _still_late(pk: int, what: str) -> Assignment | None:
    """Read anew while the row of its request is locked, and written down; None where they came meanwhile."""
    request = lock(Assignment.objects.values_list("request_id", flat=True).get(pk=pk))
    jobs = _late(owed().filter(pk=pk), what)
    for job in jobs:
        job.request = request
        audit.record(ACTIONS[what], job, by=None, request=request.pk)
    return jobs[0] if jobs else None


def _late(rows: QuerySet[Assignment], what: str) -> list[Assignment]:
    now, days = timezone.now(), settings.ASSISTANCE[what]
    rows = rows.filter(owed_since__lte=now - timedelta(days=days))
    return [job for job in rows if add_working_days(job.owed_since, days) <= now]
