"""The tabs between the pages about requests, and between what people say about the meetings."""

from django.urls import reverse
from django.utils.translation import gettext as _


def network_tabs(here: str) -> list[dict]:
    """One level below "Requests for an assistant", so that the desk keeps to one row of tabs."""
    pages = [
        ("work_assistance", _("All requests")),
        ("work_waiting", _("Waiting for you")),
        ("work_after", _("After the meetings")),
        ("work_complaints", _("What people say")),
        ("work_figures", _("Figures of the network")),
        ("work_unmet", _("Where nobody could come")),
    ]
    return [
        {"label": label, "url": reverse(name), "current": name == here, "count": None}
        for name, label in pages
    ]


def voice_tabs(here: str) -> list[dict]:
    pages = [
        ("work_complaints", _("Complaints")),
        ("work_feedback", _("Feedback")),
        ("work_blocks", _("Not sent there")),
        ("work_smiles", _("Faces of clients")),
    ]
    return [
        {"label": label, "url": reverse(name), "current": name == here, "count": None}
        for name, label in pages
    ]
