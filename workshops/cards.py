"""A workshop as one row of a list: on the public list and on the home page."""

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.languages import IN_LANGUAGE, SPOKEN_LANGUAGES, listed, shown_language
from portal.models import User
from workshops.models import Registration, Session, Workshop


def with_cards(workshops):
    """The queryset with what a card reads, in one query more whatever its length."""
    ahead = Prefetch("sessions", Session.objects.upcoming(), to_attr="ahead")
    return workshops.with_free_seats().select_related("theme").prefetch_related(ahead)


def cards_of(workshops, user: User, *, page_language: str) -> list[dict]:
    """Words for templates/components/workshop_card.html; the person's own state first, then the seats."""
    mine = {}
    if user.is_authenticated:
        rows = Registration.objects.visible_to(user).standing()
        mine = {row.workshop_id: row for row in rows}
    return [_card(workshop, mine.get(workshop.pk), page_language) for workshop in workshops]


def _card(workshop: Workshop, registration: Registration | None, page_language: str) -> dict:
    spoken = dict(SPOKEN_LANGUAGES)
    first = workshop.ahead[0]
    shown_in = shown_language(workshop, "title")
    is_fallback = shown_in != page_language
    meetings = len(workshop.ahead)
    return {
        "title": workshop.title,
        "lang": shown_in if is_fallback else "",
        "lang_label": IN_LANGUAGE[shown_in] if is_fallback else "",
        "url": reverse("workshop", args=[workshop.slug]),
        "date": first.start_at,
        "end": first.end_at,
        "place": workshop.town if workshop.format != Workshop.Format.ONLINE else "",
        "online": workshop.format != Workshop.Format.ON_SITE,
        "language": listed(spoken.get(code, code) for code in workshop.languages),
        "sessions": _("Meetings: %(number)s") % {"number": meetings} if meetings > 1 else "",
        "theme": workshop.get_event_form_display() or workshop.theme.title,
        "who": _who(workshop),
        "families": workshop.is_for_families,
        "childcare": workshop.childcare_places > 0,
        **_seats(workshop, registration),
    }


def _who(workshop: Workshop) -> str:
    """For whom it is, where not for everybody: so that nobody opens it in vain."""
    if workshop.audience == Workshop.Audience.OFFICIALS:
        return str(Workshop.Audience.OFFICIALS.label)
    return _("women only") if workshop.is_women_only else ""


def _seats(workshop: Workshop, registration: Registration | None) -> dict:
    if registration:
        is_sure = registration.state == Registration.State.CONFIRMED
        kind = "good" if is_sure else "wait"
        return {"state": registration.get_state_display(), "state_kind": kind, "seats": ""}
    if workshop.signup_mode == Workshop.SignupMode.OPEN:
        return {"state": "", "state_kind": "", "seats": _("Just come, without registering")}
    if workshop.free_seats:
        seats = _("Free places: %(number)s") % {"number": workshop.free_seats}
        return {"state": "", "state_kind": "", "seats": seats}
    full = _("Full. Waiting list: %(number)s") % {"number": workshop.waiting}
    return {"state": full, "state_kind": "wait", "seats": ""}
