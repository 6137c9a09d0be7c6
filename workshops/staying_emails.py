"""What is said about hours written by hand, and to somebody who has missed meetings."""

from datetime import datetime

from django.conf import settings
from django.utils import translation

from portal import messages
from portal.languages import site_language
from portal.models import Message, User
from workshops.appointments import place_of
from workshops.hours import Standing
from workshops.models import ManualHours, Registration


def missed_meetings(
    row: Registration, standing: Standing, *, first: int, last: int, token: str, now: datetime
) -> Message | None:
    """Encouraging words, and a link to answer with one tap. ``first``, ``last``: the meetings she missed."""
    workshop, user = row.workshop, row.user
    ahead = workshop.sessions_ahead(now)
    with translation.override(site_language(user.language)):
        place = place_of(workshop)
    return messages.queue(
        user,
        kind="course",
        key=f"{key_of(row)}{first}:{last}",
        template="workshops/messages/missed_meetings",
        context={
            "workshop": workshop,
            "session": ahead[0],
            "place": place,
            "standing": standing if workshop.gives_certificate else None,
            "link": _link(f"/staying/{token}/", user),
        },
        useless_after=ahead[-1].end_at,
        source=row.source,
    )


def key_of(row: Registration) -> str:
    """How the keys of these messages about a registration begin; each ends with the last meeting missed."""
    return f"missed_meetings:{row.pk}:"


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
