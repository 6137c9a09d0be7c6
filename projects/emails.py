"""What people are told about their roles in a project."""

from django.conf import settings

from portal import messages
from portal.models import Message
from projects.models import ProjectStaff


def appointed(row: ProjectStaff) -> Message | None:
    return _tell(row, "appointed")


def role_ended(row: ProjectStaff) -> Message | None:
    return _tell(row, "role_ended")


def _tell(row: ProjectStaff, event: str) -> Message | None:
    return messages.queue(
        row.user,
        kind="work",
        key=f"{event}:staff:{row.pk}",
        template=f"projects/messages/{event}",
        context={"row": row, "project": row.project, "site_url": settings.SITE_URL},
    )
