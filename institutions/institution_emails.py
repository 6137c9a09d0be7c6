"""What is told about institutions, their agreements and their officials."""

from institutions.emails import link
from institutions.models import Agreement, Official
from portal import messages
from portal.models import Message
from projects.models import ProjectStaff


def official_invited(official: Official) -> Message | None:
    """How to sign in, and where to begin."""
    return messages.queue(
        official.user,
        kind="request",
        key=f"official_invited:{official.pk}",
        template="institutions/messages/official_invited",
        context={"official": official, "link": link(official.user, "assistance")},
    )


def agreement_ends(agreement: Agreement, *, distance: int) -> None:
    """Once to each coordinator for each distance."""
    for user in ProjectStaff.objects.coordinators_of(agreement.institution.project_id):
        messages.queue(
            user,
            kind="work",
            key=f"agreement_ends:{agreement.pk}:{agreement.valid_until:%Y%m%d}:{distance}:{user.pk}",
            template="institutions/messages/agreement_ends",
            context={
                "agreement": agreement,
                "link": link(user, "work_institution", agreement.institution.slug),
            },
        )


def administrator_named(official: Official, *, number: int) -> None:
    """``number`` of the line in the audit: whoever is named again is told again."""
    messages.queue(
        official.user,
        kind="work",
        key=f"administrator_named:{official.pk}:{number}",
        template="institutions/messages/administrator_named",
        context={"official": official, "link": link(official.user, "own_institution")},
    )
