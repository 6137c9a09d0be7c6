"""The tabs between pages that belong together."""

from django.urls import reverse
from django.utils.translation import gettext as _

from institutions.models import Assistant


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
    return _tabs(pages, here)


def voice_tabs(here: str) -> list[dict]:
    """What people say about the meetings."""
    pages = [
        ("work_complaints", _("Complaints")),
        ("work_feedback", _("Feedback")),
        ("work_blocks", _("Not sent there")),
        ("work_smiles", _("Faces of clients")),
    ]
    return _tabs(pages, here)


def record_tabs(assistant: Assistant, here: str) -> list[dict]:
    """A coordinator about one assistant."""
    pages = [
        ("work_assistant", _("Overview")),
        ("work_assistant_profile", _("Ways and limits")),
        ("work_assistant_languages", _("Languages")),
        ("work_assistant_hours", _("Hours")),
        ("work_assistant_papers", _("Papers and trainings")),
        ("work_assistant_conflicts", _("Where not")),
    ]
    return _tabs(pages, here, assistant.user.public_id)


def own_tabs(here: str) -> list[dict]:
    """An assistant about herself."""
    pages = [
        ("assistant_home", _("Offers and jobs")),
        ("assistant_hours", _("Hours")),
        ("assistant_papers", _("Papers")),
        ("assistant_profile", _("About me")),
        ("assistant_conflicts", _("Where not")),
    ]
    return _tabs(pages, here)


def _tabs(pages: list[tuple[str, str]], here: str, *arguments) -> list[dict]:
    """``pages``: the URL name and the label of each; ``here``: the name of the one that is shown."""
    return [
        {"label": label, "url": reverse(name, args=arguments), "current": name == here, "count": None}
        for name, label in pages
    ]
