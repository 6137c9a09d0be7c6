"""Who works where: the workshops a person may open here, and the tabs between the pages."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.models import User
from projects.models import Project
from workshops.models import Session, Workshop
from workshops.models.session import SessionQuerySet
from workshops.models.workshop import WorkshopQuerySet


def led_workshops(user: User) -> WorkshopQuerySet:
    """Workshops whose roll she may call; ``can_plan`` tells a coordinator from a trainer."""
    hers = Project.objects.coordinated_by(user).filter(pk=OuterRef("project"))
    return Workshop.objects.led_by(user).annotate(can_plan=Exists(hers)).select_related("project", "theme")


def led_sessions(user: User) -> SessionQuerySet:
    hers = Project.objects.coordinated_by(user).filter(pk=OuterRef("workshop__project"))
    return (
        Session.objects.filter(workshop__in=Workshop.objects.led_by(user))
        .annotate(can_plan=Exists(hers))
        .select_related("workshop__project")
    )


def planned_sessions(user: User) -> SessionQuerySet:
    """Sessions she may move, change and cancel."""
    sessions = Session.objects.filter(workshop__in=Workshop.objects.managed_by(user))
    return sessions.select_related("workshop__project")


def _of_an_open_event() -> list[tuple[str, str]]:
    """Nobody registers, so nobody is marked, asked or certified: people are counted."""
    return [("work_workshop_sheets", _("How many came?"))]


def _of_a_group(workshop: Workshop) -> list[tuple[str, str]]:
    return [
        ("work_attendance", _("Attendance")),
        ("work_radar", _("Staying")),
        ("work_workshop_sheets", _("Signatures")),
        ("work_certificates", _("Certificates")),
        ("work_questions", _("What we ask")),
        *([("work_placement", _("Levels of Polish"))] if workshop.needs_placement else []),
    ]


def workshop_tabs(workshop: Workshop, here: str) -> list[dict]:
    pages = [
        ("work_workshop", _("Overview")),
        ("work_people", _("People")),
        ("work_sessions", _("Dates")),
        *(_of_an_open_event() if workshop.signup_mode == Workshop.SignupMode.OPEN else _of_a_group(workshop)),
        ("work_workshop_edit", _("Texts and facts")),
        ("work_trail", _("What was done")),
    ]
    return [
        {"label": label, "url": reverse(name, args=[workshop.slug]), "current": name == here}
        for name, label in pages
    ]
