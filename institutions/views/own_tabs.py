"""The tabs between the pages of an assistant about herself."""

from django.urls import reverse
from django.utils.translation import gettext as _


def own_tabs(here: str) -> list[dict]:
    """``here``: the URL name of the page."""
    pages = [
        ("assistant_home", _("Offers and jobs")),
        ("assistant_hours", _("Hours")),
        ("assistant_papers", _("Papers")),
        ("assistant_profile", _("About me")),
        ("assistant_conflicts", _("Where not")),
    ]
    return [
        {"label": label, "url": reverse(name), "current": name == here, "count": None}
        for name, label in pages
    ]
