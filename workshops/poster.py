"""The poster of an open event, A4, in one language of the site, with the date as large as it can be."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal import papers
from portal.languages import SPOKEN_LANGUAGES, listed
from workshops.calendar import public_place
from workshops.models import Session, Workshop

MORE_DATES = 5


def pdf(workshop: Workshop, *, language: str) -> bytes:
    return papers.render("poster", data_of(workshop, language=language), language=language)


def data_of(workshop: Workshop, *, language: str) -> dict:
    """Only what the public page says: the address where everybody may know it, and no people."""
    with translation.override(language):
        sessions = list(workshop.sessions.upcoming()[: MORE_DATES + 1]) or list(
            workshop.sessions.planned()[:1]
        )
        address = settings.SITE_URL + reverse("workshop", args=[workshop.slug])
        project = workshop.project
        return {
            "site": settings.SITE_NAME,
            "title": workshop.title,
            "summary": workshop.summary,
            "form": str(workshop.get_event_form_display() or workshop.get_kind_display()),
            "date": _date(sessions[0]) if sessions else None,
            "more": [f"{_day(session)}, {_hours(session)}" for session in sessions[1:]],
            "place": public_place(workshop),
            "bring": workshop.what_to_bring,
            "good": _good_news(workshop),
            "languages": listed(dict(SPOKEN_LANGUAGES).get(code, code) for code in workshop.languages),
            "organiser": [project.organisation, project.title],
            "grant": [text for text in (project.programme, project.number) if text],
            "more_words": _("Read more and share"),
            "address": address,
            "qr": papers.qr(address),
        }


def _date(session: Session) -> dict[str, str]:
    start = timezone.localtime(session.start_at)
    return {
        "weekday": date_format(start, "l"),
        "day": date_format(start, "j"),
        "month": date_format(start, "E"),
        "hours": _hours(session),
    }


def _day(session: Session) -> str:
    return date_format(timezone.localtime(session.start_at), "l, j E")


def _hours(session: Session) -> str:
    start, end = timezone.localtime(session.start_at), timezone.localtime(session.end_at)
    return f"\u2066{start:%H:%M}–{end:%H:%M}\u2069"  # from left to right in Arabic too


def _good_news(workshop: Workshop) -> list[str]:
    is_open = workshop.signup_mode == Workshop.SignupMode.OPEN
    news = [
        _("You do not need to register") if is_open else "",
        _("Free of charge"),
        _("Families with children are welcome") if workshop.is_for_families else "",
        _("For women only") if workshop.is_women_only else "",
        _("There is childcare") if workshop.childcare_places else "",
        _("No steps at the entrance") if workshop.is_step_free else "",
    ]
    return [line for line in news if line]
