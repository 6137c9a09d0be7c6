"""The facts of a workshop in plain words, each with its sign."""

from datetime import datetime

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.languages import SPOKEN_LANGUAGES, listed
from portal.templatetags.portal import told
from workshops.appointments import place_of
from workshops.calendar import public_place
from workshops.guards import in_words
from workshops.models import Workshop


def facts_of(workshop: Workshop, *, has_place: bool, now: datetime) -> list[dict[str, str]]:
    """For components/fact.html. ``workshop`` carries free_seats and waiting."""
    spoken = dict(SPOKEN_LANGUAGES)
    facts = [
        *_where(workshop, has_place=has_place),
        _fact(
            "speech",
            _("Language of the workshop"),
            listed(spoken.get(code, code) for code in workshop.languages),
        ),
        _fact("chart", _("Level of the language"), workshop.level),
        _fact("calendar", _("What kind of event"), capfirst(workshop.get_event_form_display())),
        _seats(workshop),
        _fact(
            "people",
            _("Smallest group"),
            str(workshop.minimum or ""),
            note=_("With fewer people the workshop may be cancelled."),
        ),
        _childcare(workshop),
        _fact("access", pgettext("for people with disabilities", "Access"), _access(workshop)),
        _fact(
            "heart",
            _("Price"),
            _("Free of charge"),
            note=_("We pay for your ticket.") if workshop.refunds_travel else "",
        ),
        *_until(workshop, now),
    ]
    return [fact for fact in facts if fact["value"]]


def _fact(icon: str, label: str, value: str, *, note: str = "", url: str = "") -> dict[str, str]:
    return {"icon": icon, "label": label, "value": value, "note": note, "url": url}


def _until(workshop: Workshop, now: datetime) -> list[dict[str, str]]:
    if workshop.signup_mode == Workshop.SignupMode.OPEN:
        return []
    return [
        _moment("clock", _("Register until"), workshop.closes_at()),
        _moment("bell", _("Cancel until"), workshop.can_cancel_until(now)),
    ]


def _moment(icon: str, label: str, moment: datetime | None) -> dict[str, str]:
    return _fact(icon, label, in_words(moment) if moment else "")


def _where(workshop: Workshop, *, has_place: bool) -> list[dict[str, str]]:
    """The whole address and the link are for those who have a place (domain.md 0.7)."""
    sees_address = has_place or workshop.is_address_public
    facts = []
    if workshop.format != Workshop.Format.ONLINE:
        note = "" if sees_address else _("People who have a place see the whole address.")
        place = place_of(workshop) if sees_address else public_place(workshop)
        facts.append(_fact("place", _("Where"), place, note=note))
    if workshop.format == Workshop.Format.ON_SITE:
        return facts
    if has_place and workshop.online_link:
        link = workshop.online_link
        return [*facts, _fact("online", _("Link to the meeting"), link, url=link)]
    note = _("People who have a place get the link.")
    return [*facts, _fact("online", _("Online"), _("On the internet"), note=note)]


def _seats(workshop: Workshop) -> dict[str, str]:
    if workshop.signup_mode == Workshop.SignupMode.OPEN:
        return _fact("seat", pgettext("seats", "Places"), _("You do not need to register: just come."))
    numbers = {"free": workshop.free_seats, "all": workshop.capacity}
    waiting = _("On the waiting list: %(number)s") % {"number": workshop.waiting} if workshop.waiting else ""
    return _fact("seat", pgettext("seats", "Places"), _("%(free)s free of %(all)s") % numbers, note=waiting)


def _childcare(workshop: Workshop) -> dict[str, str]:
    if not workshop.childcare_places:
        return _fact("child", _("Childcare"), _("There is no childcare"))
    places = _("Places for children: %(number)s") % {"number": workshop.childcare_places}
    note = told(workshop, "childcare_note") if workshop.childcare_note else ""
    return _fact("child", _("Childcare"), places, note=note)


def _access(workshop: Workshop) -> str:
    if workshop.format == Workshop.Format.ONLINE:
        return ""
    no_steps = _("no steps at the entrance")
    steps = _("there are steps at the entrance")
    parts = [
        no_steps if workshop.is_step_free else steps,
        _("a lift") if workshop.has_lift else "",
        _("an accessible toilet") if workshop.has_accessible_toilet else "",
        _("a hearing loop") if workshop.has_hearing_loop else "",
    ]
    return listed(parts)
