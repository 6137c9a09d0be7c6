"""Where or with whom an assistant will not interpret (domain.md A1.7, A2.5).

She and her coordinators alone know it: the trail names the row, never what it is about.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import attempts, new_people
from institutions.assistants import refuse_stranger
from institutions.models import Assignment, Assistant, Conflict, Institution, Offer, Official
from institutions.rules import is_avoided
from portal import audit
from portal.models import User
from portal.names import is_same_name
from portal.refusals import Refused


class OneThingOnly(Refused):
    sentence = _("Please choose one thing: an institution, a town or a person.")
    field = "institution"


class NotInThisNetwork(Refused):
    sentence = _("This does not belong to the network.")
    field = "institution"


@transaction.atomic
def avoid(
    assistant: Assistant,
    *,
    by: User,
    reason: str,
    institution: Institution | None = None,
    town: str = "",
    official: User | None = None,
) -> Conflict:
    """No offers there, or with that person, from now on, and none that she has not answered; a meeting that
    she agreed to stays hers until she withdraws. Said twice it is one, with the last reason.
    """
    refuse_stranger(assistant, by)
    town = " ".join(town.split())
    if sum(map(bool, (institution, town, official))) != 1:
        raise OneThingOnly
    if institution and institution.project_id != assistant.project_id:
        raise NotInThisNetwork
    seats = Official.objects.filter(user=official, institution__project=assistant.project_id)
    if official and not seats.exists():
        raise NotInThisNetwork(field="official")
    Assistant.objects.select_for_update(no_key=True).get(pk=assistant.pk)
    about = assistant.conflicts.filter(institution=institution, official=official)
    same = next((held for held in about if held.town == town or is_same_name(held.town, town)), None)
    if same:
        if same.reason != reason:
            same.reason = reason
            same.save(update_fields=["reason"])
        return same
    conflict = Conflict.objects.create(
        assistant=assistant, institution=institution, town=town, official=official, reason=reason
    )
    audit.record("conflict.told", conflict, by=by)
    asked = Offer.objects.filter(assistant=assistant, state__in=Offer.STANDING).select_related("request")
    if touched := touched_by(conflict, asked):
        attempts.withdraw_offers(assistant, requests=[offer.request for offer in touched])
    return conflict


@transaction.atomic
def drop(conflict: Conflict, *, by: User) -> None:
    """It is over."""
    refuse_stranger(conflict.assistant, by)
    audit.record("conflict.dropped", conflict, by=by)
    conflict.delete()
    new_people.may_be_able(conflict.assistant)


def with_jobs(assistant: Assistant) -> list[Conflict]:
    """All of hers, each with ``jobs``: the meetings it is about that she has agreed to and has not begun."""
    coming = assistant.assignments.filter(state=Assignment.State.ACTIVE, request__start_at__gt=timezone.now())
    coming = coming.select_related("request__institution", "request__unit")
    coming = list(coming.order_by("request__start_at", "id"))
    found = list(assistant.conflicts.select_related("institution", "official"))
    for conflict in found:
        conflict.jobs = touched_by(conflict, coming)
    return found


def touched_by(conflict: Conflict, rows: Iterable[Offer] | Iterable[Assignment]) -> list:
    """Those of these rows, each with its request at hand, that the conflict is about."""
    about = (conflict.institution_id, conflict.town, conflict.official_id)
    return [row for row in rows if is_avoided(row.request, *about)]
