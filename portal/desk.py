"""The tabs between the pages of a coordinator's desk, whatever app they come from."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _


def desk_tabs(here: str) -> list[dict]:
    """``here``: the URL name of the page. A page that does not exist has no tab."""
    pages = [
        ("work_today", _("Today")),
        ("work_workshops", _("Workshops")),
        ("work_hours", _("Hours")),
        ("work_radar_all", _("Staying")),
        ("work_calls", _("Calls")),
        ("work_project_list", _("Projects")),
        ("work_assistance", _("Requests for an assistant")),
        ("work_institutions", _("Institutions")),
        ("work_assistants", _("Assistants")),
    ]
    return [
        {"label": label, "url": url, "current": name == here, "count": None}
        for name, label in pages
        if (url := _address(name))
    ]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
