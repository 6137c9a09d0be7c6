"""The tabs between what people say: complaints, feedback, wishes and blocks, faces."""

from django.urls import reverse
from django.utils.translation import gettext as _


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
