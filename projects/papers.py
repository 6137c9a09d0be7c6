"""The project's page as a PDF."""

from dataclasses import asdict

from django.conf import settings
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from portal import papers
from projects import portrait
from projects.models import Project


def project_sheet(project: Project, *, address: str) -> bytes:
    """In the active language; ``address`` is the page's own, printed and as a QR code."""
    picture = portrait.of(project)
    data = {
        "labels": _labels() | {"missing": picture.missing},
        "title": project.title,
        "area": project.area,
        "summary": project.summary,
        "address": address,
        "qr": papers.qr(address),
        "facts": [asdict(fact) for fact in picture.facts],
        "groups": [
            {"title": title, "items": items}
            for title, items in (
                (_("Types of activities"), picture.activity_types),
                (_("Target groups"), picture.target_groups),
            )
            if items
        ],
        "chapters": [
            {"title": title, "paragraphs": text.split("\n\n")}
            for title, text in (
                (pgettext("section of a project", "Why"), project.problem),
                (_("What we do"), project.activities),
                (_("What comes of it"), project.results),
            )
            if text
        ],
        "indicators": [_indicator(row) for row in picture.indicators],
        "note": project.figures_note,
        "themes": [asdict(theme) for theme in picture.themes],
        "total": asdict(picture.total) if picture.total else None,
        "has_delivered_hours": picture.has_delivered_hours,
        "sources": project.sources,
    }
    return papers.render("project", data, language=get_language())


def _labels() -> dict[str, str]:
    return {
        "site": settings.SITE_NAME,
        # Translators: {n} and {m} stay as they are, the numbers are put in their place.
        "page": _("Page {n} of {m}"),
        "planned_and_achieved": _("Planned and achieved"),
        "what": pgettext("column: indicator", "What"),
        "planned": _("Planned"),
        "achieved": _("Achieved"),
        "no_target": _("no target"),
        "themes": _("Themes and hours"),
        "theme": _("Theme"),
        "planned_hours": _("Planned hours"),
        "hours_held": _("Hours held"),
        "sources": _("Where this is written"),
    }


def _indicator(row: portrait.IndicatorRow) -> dict:
    return {
        "title": row.title,
        "planned": [_quoted(figure) for figure in row.planned],
        "achieved": _quoted(row.achieved) if row.achieved else None,
    }


def _quoted(figure: portrait.Quoted) -> dict[str, str]:
    return {"text": figure.text, "source": figure.source, "site": figure.site}
