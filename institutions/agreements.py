"""Cooperation agreements: signed, put right, ended early, and the warning before one runs out."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import institution_emails as emails
from institutions.models import Agreement, Institution
from institutions.officials import refuse_foreign
from portal import audit, one_by_one
from portal.models import User
from portal.refusals import Refused
from projects.models import Indicator, Project

#: What a coordinator writes down; the project is chosen once.
FIELDS = ("number", "signed_on", "valid_until", "contact_name", "contact_email", "contact_phone")


class EndsBeforeSigning(Refused):
    sentence = _("An agreement cannot end before the day on which it was signed.")
    field = "valid_until"


class NotSignedYet(Refused):
    sentence = _("Please give the day on which the agreement was signed. It cannot be in the future.")
    field = "signed_on"


class AlreadyEnded(Refused):
    sentence = _("This agreement has ended. For a new one, add a new row.")


@dataclass(frozen=True)
class Reach:
    """How many institutions a project works with, and how many it promised (features.md S4)."""

    project: Project
    signed: int
    valid: int
    target: int | None


def is_valid(institution: Institution, on: date | None = None) -> bool:
    """Whether the institution has an agreement in force on that day, today if none is given."""
    return Agreement.objects.valid(on).filter(institution=institution).exists()


@transaction.atomic
def sign(
    institution: Institution,
    *,
    by: User,
    project: Project,
    signed_on: date,
    valid_until: date | None = None,
    **facts,
) -> Agreement:
    """Write an agreement down. The same project, day and number twice is one agreement."""
    institution = Institution.objects.select_for_update(of=("self",)).get(pk=institution.pk)
    refuse_foreign(institution.project, by)
    refuse_foreign(project, by)
    _refuse_wrong_days(signed_on, valid_until)
    same = institution.agreements.filter(
        project=project, signed_on=signed_on, number=facts.get("number", ""), ended_on=None
    ).first()
    if same:
        return same
    agreement = Agreement.objects.create(
        institution=institution, project=project, signed_on=signed_on, valid_until=valid_until, **facts
    )
    audit.record("agreement.signed", agreement, by=by, institution=institution.pk, project=project.pk)
    return agreement


@transaction.atomic
def correct(agreement: Agreement, *, by: User, **facts) -> Agreement:
    """Put right what was written down, the contact too."""
    agreement = _lock(agreement, by)
    changed = [name for name in FIELDS if name in facts and getattr(agreement, name) != facts[name]]
    for name in changed:
        setattr(agreement, name, facts[name])
    _refuse_wrong_days(agreement.signed_on, agreement.valid_until)
    if changed:
        agreement.save(update_fields=changed)
        audit.record("agreement.corrected", agreement, by=by, fields=sorted(changed))
    return agreement


@transaction.atomic
def end_early(agreement: Agreement, *, by: User, on: date | None = None) -> Agreement:
    """It is no longer in force from that day on; requests that were agreed stay."""
    agreement = _lock(agreement, by)
    if agreement.ended_on:
        return agreement
    today = timezone.localdate()
    if agreement.valid_until and agreement.valid_until < today:
        raise AlreadyEnded
    agreement.ended_on = max(on or today, agreement.signed_on)
    agreement.save(update_fields=["ended_on"])
    audit.record("agreement.ended", agreement, by=by, institution=agreement.institution_id)
    return agreement


def warn_before_end() -> int:
    """Tell coordinators of agreements that run out soon and were not renewed. Returns how many agreements."""
    today = timezone.localdate()
    distances = sorted(settings.ASSISTANCE["agreement_ends_warn_days"])

    def warn(agreement: Agreement) -> None:
        left = (agreement.valid_until - today).days
        # Who missed the first warning gets one, not all of them at once.
        emails.agreement_ends(agreement, distance=next(days for days in distances if left <= days))

    return len(one_by_one.each(_running_out(today, distances[-1]), warn))


def reach_of(projects: QuerySet[Project]) -> list[Reach]:
    """For each project that has institutions or promised some: how many of how many."""
    today = timezone.localdate()
    signed = Q(agreements__signed_on__lte=today)
    valid = Q(agreements__in=Agreement.objects.valid(today))
    rows = projects.annotate(
        signed=Count("agreements__institution", filter=signed, distinct=True),
        valid=Count("agreements__institution", filter=valid, distinct=True),
        target=targets().values("promised")[:1],
    )
    rows = rows.filter(Q(signed__gt=0) | Q(target__isnull=False) | Q(institutions__isnull=False)).distinct()
    return [Reach(row, row.signed, row.valid, row.target) for row in rows.order_by("-starts_on", "id")]


def targets() -> QuerySet[Indicator]:
    """The indicator that counts partner institutions, of the project of the outer query."""
    of_institutions = Q(counts=Indicator.Counts.PARTNERS) | Q(code="institutions")
    rows = Indicator.objects.filter(of_institutions, project=OuterRef("pk"))
    promised = rows.annotate(promised=Coalesce("target_min", "target_max")).filter(promised__isnull=False)
    return promised.order_by("position", "id")


def _running_out(today: date, days: int) -> list[Agreement]:
    soon = Agreement.objects.valid(today).filter(
        valid_until__lte=today + timedelta(days=days), ended_on__isnull=True
    )
    renewed = Agreement.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=OuterRef("valid_until")),
        institution=OuterRef("institution"),
        project=OuterRef("project"),
        ended_on__isnull=True,
    )
    rows = soon.exclude(Exists(renewed)).select_related("institution", "project")
    return list(rows.order_by("valid_until", "pk"))


def _lock(agreement: Agreement, by: User) -> Agreement:
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("institution__project")
    agreement = rows.get(pk=agreement.pk)
    refuse_foreign(agreement.institution.project, by)
    return agreement


def _refuse_wrong_days(signed_on: date, valid_until: date | None) -> None:
    if signed_on > timezone.localdate():
        raise NotSignedYet
    if valid_until and valid_until < signed_on:
        raise EndsBeforeSigning
