"""What is said about hours written by hand, and to somebody who has missed meetings."""

from django.conf import settings


from portal import messages
from portal.languages import site_language
from portal.models import Message, User
from workshops.models import ManualHours


def manual_hours_refused(user: User, hours: ManualHours) -> Message | None:
    """To the member of staff who wrote them; whose hours they are stands on the page only."""
    moment = f"{hours.decided_at:%Y%m%dT%H%M%S}"
    return messages.queue(
        user,
        kind="work",
        key=f"manual_hours:{hours.pk}:refused:{moment}",
        template="workshops/messages/manual_hours_refused",
        context={
            "workshop": hours.registration.workshop,
            "hours": hours,
            "link": _link(f"/work/workshops/{hours.registration.workshop.slug}/by-hand/", user),
        },
    )


def _link(path: str, user: User) -> str:
    return f"{settings.SITE_URL}/{site_language(user.language)}{path}"
