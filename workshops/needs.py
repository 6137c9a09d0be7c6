"""What people need to be able to come, as numbers for whoever plans (features.md U13)."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import audit
from portal.languages import SPOKEN_LANGUAGES
from portal.models import User
from workshops import registration, waiting_list
from workshops.guards import IsOver, NotStanding, WorkshopCancelled
from workshops.models import PracticalNeed, Registration, Workshop

CHILDREN = ("children_0_2", "children_3_6", "children_7_12")
YES_OR_NO = (
    "step_free", "hearing_loop", "travel_refund", "prefers_evening", "prefers_weekend", "women_only",
)  # fmt: skip
COLUMNS = (*CHILDREN, *YES_OR_NO, "language_help")
#: The needs as the planner reads them.
WORDS = {
    "children_0_2": _("children up to 2 years"),
    "children_3_6": _("children from 3 to 6 years"),
    "children_7_12": _("children from 7 to 12 years"),
    "step_free": _("an entrance without steps"),
    "hearing_loop": _("people who hear badly"),
    "travel_refund": _("people who cannot pay for the ticket"),
    "prefers_evening": _("people who can come only in the evening"),
    "prefers_weekend": _("people who can come only at the weekend"),
    "women_only": _("people who would come only to a group for women"),
}
NOBODY = dict.fromkeys(CHILDREN, 0) | dict.fromkeys(YES_OR_NO, False) | {"language_help": ""}


@dataclass(frozen=True)
class Wanted:
    """One line of the planner's page: how many who have a place, and how many who wait or ask for one."""

    label: str
    have_place: int
    others: int


def offered(workshop: Workshop) -> list[str]:
    """Columns that make sense to ask here: nobody is asked for what the workshop cannot give."""
    names = [*CHILDREN] if workshop.childcare_places else []
    if workshop.format != Workshop.Format.ONLINE:
        names.append("step_free")
    names.append("hearing_loop")
    if workshop.refunds_travel:
        names.append("travel_refund")
    names += ["language_help", "prefers_evening", "prefers_weekend"]
    return names if workshop.is_women_only else [*names, "women_only"]


@transaction.atomic
def change(row: Registration, needs: dict[str, Any], *, by: User) -> PracticalNeed | None:
    """She says anew what she needs. Nothing at all leaves no row."""
    workshop = registration.lock(row.workshop)
    row = workshop.registrations.select_related("user").get(pk=row.pk)
    if workshop.state == Workshop.State.CANCELLED:
        raise WorkshopCancelled
    if not row.is_standing:
        raise NotStanding
    if not workshop.sessions_ahead(timezone.now()):
        raise IsOver
    row.workshop = workshop
    return keep(row, needs, by=by)


def keep(row: Registration, needs: dict[str, Any], *, by: User) -> PracticalNeed | None:
    """For verbs that hold the workshop's lock."""
    if unknown := set(needs) - set(COLUMNS):
        raise TypeError(f"not needs: {', '.join(sorted(unknown))}")
    values = NOBODY | needs
    before = PracticalNeed.objects.filter(registration=row).first()
    if values == NOBODY:
        PracticalNeed.objects.filter(registration=row).delete()
        need = None
    else:
        need, _is_new = PracticalNeed.objects.update_or_create(registration=row, defaults=values)
    if before or need:
        audit.record("needs.kept", row, by=by)
        waiting_list.set_priority(row, by=by)
    return need


def wanted(workshop: Workshop) -> list[Wanted]:
    """Each need that somebody has, as numbers; two queries."""
    standing = PracticalNeed.objects.filter(
        registration__workshop=workshop, registration__state__in=Registration.STANDING
    )
    in_it = Q(registration__state__in=Registration.TAKES_A_PLACE)
    figures: dict[str, Any] = {}
    for name in CHILDREN:
        figures[f"{name}_all"] = Sum(name, default=0)
        figures[f"{name}_in"] = Sum(name, filter=in_it, default=0)
    for name in YES_OR_NO:
        figures[f"{name}_all"] = Count("pk", filter=Q(**{name: True}))
        figures[f"{name}_in"] = Count("pk", filter=Q(**{name: True}) & in_it)
    found = standing.aggregate(**figures)
    lines = [
        Wanted(
            str(WORDS[name]),
            found[f"{name}_in"],
            found[f"{name}_all"] - found[f"{name}_in"],
        )
        for name in (*CHILDREN, *YES_OR_NO)
        if found[f"{name}_all"]
    ]
    help_in = standing.exclude(language_help="").order_by("language_help").values("language_help")
    for row in help_in.annotate(has_place=Count("pk", filter=in_it), everybody=Count("pk")):
        language = dict(SPOKEN_LANGUAGES).get(row["language_help"], row["language_help"])
        label = _("help in this language: %(language)s") % {"language": language}
        lines.append(Wanted(label, row["has_place"], row["everybody"] - row["has_place"]))
    return lines


def childcare_wanted(workshop: Workshop) -> int:
    """Children of people who have a place, for whom care was asked."""
    needs = PracticalNeed.objects.filter(
        registration__workshop=workshop, registration__state__in=Registration.TAKES_A_PLACE
    )
    return sum(needs.aggregate(**{name: Sum(name, default=0) for name in CHILDREN}).values())
