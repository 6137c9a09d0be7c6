"""Where or with whom an assistant will not interpret (domain.md A1.7, A2.5).

She and her coordinators alone know it: the trail names the row, never what it is about.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from institutions import new_people
from institutions.assistants import refuse_stranger
from institutions.models import Assistant, Conflict, Institution, Official
from portal import audit
from portal.models import User
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
    """No offers there, or with that person, from now on. Said twice it is one, with the last reason."""
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
    same = assistant.conflicts.filter(institution=institution, town__iexact=town, official=official).first()
    if same:
        if same.reason != reason:
            same.reason = reason
            same.save(update_fields=["reason"])
        return same
    conflict = Conflict.objects.create(
        assistant=assistant, institution=institution, town=town, official=official, reason=reason
    )
    audit.record("conflict.told", conflict, by=by)
    return conflict


@transaction.atomic
def drop(conflict: Conflict, *, by: User) -> None:
    """It is over."""
    refuse_stranger(conflict.assistant, by)
    audit.record("conflict.dropped", conflict, by=by)
    conflict.delete()
    new_people.may_be_able(conflict.assistant)
