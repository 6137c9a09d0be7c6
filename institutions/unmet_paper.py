"""A published map of unmet need as a PDF, in the language of the reader."""

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from institutions import unmet_page
from institutions.models import UnmetReport
from institutions.unmet_page import Place, Report
from portal import papers


def unmet_sheet(report: UnmetReport, *, address: str) -> bytes:
    """``address`` is that of the page, printed and as a code. The same report gives the same bytes."""
    page = unmet_page.of(report.data, since=report.since, until=report.until, mirrored=False)
    title = _("Where nobody could come")
    data = {
        "labels": _labels(page, report),
        "title": title,
        "period": _("%(since)s to %(until)s") % {"since": _day(page.since), "until": _day(page.until)},
        "project": report.project.title,
        "address": address,
        "qr": papers.qr(address),
        "total": page.total,
        "most": page.most,
        "tiles": [[_place(place) if place else None for place in row] for row in page.tiles],
        "counties": [] if page.tiles else [_place(place) for place in page.by_county],
        "languages": [_place(place) for place in page.by_language],
        "subjects": [_place(place) for place in page.by_subject],
        "cells": [
            {"language": language, "county": county} | _place(place)
            for language, places in page.cells
            for county, place in zip(page.counties, places, strict=True)
            if not place.is_hidden
        ],
        "weeks": [
            {"first": _day(week.first), "asked": week.asked, "unmet": week.unmet} for week in page.weeks
        ],
        "days": page.days,
        "times": [{"hour": hour, "places": [_place(place) for place in row]} for hour, row in page.times],
    }
    return papers.render("unmet", data, language=get_language())


def _labels(page: Report, report: UnmetReport) -> dict[str, str]:
    published = timezone.localdate(report.published_at)
    return {
        "site": settings.SITE_NAME,
        # Translators: {n} and {m} stay as they are, the numbers are put in their place.
        "page": _("Page {n} of {m}"),
        "most": _("Where the next assistant would help most"),
        "map": _("By county"),
        "north": _("Each county is one tile, near where it lies. North is above."),
        "languages": _("By language"),
        "cells": _("By language and county"),
        "subjects": _("By subject"),
        "weeks": _("Week by week"),
        "times": _("When nobody came in time"),
        "language": _("Language"),
        "county": _("County"),
        "subject": _("Subject"),
        "week": _("Week from"),
        "asked": _("Asked for"),
        "unmet": _("Not met in time"),
        "numbers": _("Not met in time / asked for"),
        "published": _("Published on %(day)s. These numbers do not change any more.")
        % {"day": _day(published)},
        "hidden": _(
            "• stands for fewer than %(number)s requests, or none, or for a number from which such a one "
            "could be worked out. Rare languages and counties are taken together."
        )
        % {"number": page.under},
    }


def _place(place: Place) -> dict:
    return {"label": place.label, "text": place.text, "shade": place.shade, "is_hidden": place.is_hidden}


def _day(day) -> str:
    return formats.date_format(day)
