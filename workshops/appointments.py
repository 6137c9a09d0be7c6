"""What a session looks like in a diary."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal import diary
from portal.languages import SITE_LANGUAGES
from workshops.models import Session, Workshop


def appointment_for(session: Session) -> diary.Appointment:
    """The session as an appointment of those who have a place, in every language of the site."""
    workshop = session.workshop
    page = f"/workshops/{workshop.slug}/"
    return diary.Appointment(
        source=session.source,
        kind=diary.Kind.WORKSHOP,
        start_at=session.start_at,
        end_at=session.end_at,
        title=by_language(lambda: workshop.title),
        place=by_language(lambda: place_of(workshop)),
        path=page,
        cancel_path=f"{page}cancel/",
        remind_minutes=remind_minutes(workshop),
        revision=session.revision,
    )


def sessions_to_come(workshop: Workshop) -> list[Session]:
    """Read afresh, each with the workshop and all its sessions at hand: two queries for all of them."""
    workshop = Workshop.objects.prefetch_related("sessions").get(pk=workshop.pk)
    return workshop.sessions_ahead(timezone.now())


def teaching_source(session: Session) -> str:
    """The entry of whoever leads the session is one of its own."""
    return f"{session.source}:teaching"


def remind_minutes(workshop: Workshop) -> list[int]:
    """Minutes before each session: the workshop's own, or the default for single and weekly ones."""
    if workshop.remind_minutes is not None:
        return workshop.remind_minutes
    is_single = len(workshop.planned_sessions()) <= 1
    return settings.REMIND_SINGLE_MINUTES if is_single else settings.REMIND_WEEKLY_MINUTES


def place_of(workshop: Workshop) -> str:
    """The whole place, for people who are registered: address and link, in the current language."""
    has_town = workshop.address.endswith(workshop.town)
    parts = [workshop.venue, workshop.address, "" if has_town else workshop.town]
    address = ", ".join(filter(None, parts))
    link = workshop.online_link
    if workshop.format == Workshop.Format.ON_SITE:
        return address
    if workshop.format == Workshop.Format.ONLINE:
        return _("Online: %(link)s") % {"link": link} if link else _("Online")
    if link:
        return _("%(address)s, or online: %(link)s") % {"address": address, "link": link}
    return _("%(address)s, or online") % {"address": address}


def by_language(text) -> dict[str, str]:
    texts = {}
    for language in SITE_LANGUAGES:
        with translation.override(language):
            texts[language] = text()
    return texts
