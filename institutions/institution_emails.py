"""What is told about institutions, their agreements and their officials."""

from institutions.emails import link
from institutions.models import Agreement, Official
from portal import messages
from projects.models import ProjectStaff


def agreement_ends(agreement: Agreement, *, distance: int) -> None:
    """Once to each coordinator for each distance."""
    staff = ProjectStaff.objects.serving(ProjectStaff.Role.COORDINATOR)
    rows = staff.filter(project=agreement.institution.project_id).select_related("user").order_by("user")
    for row in rows:
        messages.queue(
            row.user,
            kind="work",
            key=f"agreement_ends:{agreement.pk}:{agreement.valid_until:%Y%m%d}:{distance}:{row.user_id}",
            template="institutions/messages/agreement_ends",
            context={
                "agreement": agreement,
                "link": link(row.user, "work_institution", agreement.institution.slug),
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
