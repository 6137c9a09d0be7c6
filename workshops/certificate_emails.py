"""What people are told: her certificate is there, or taken back; a draft waits for a second person."""

from django.db.models import Exists, OuterRef
from django.utils import timezone

from portal import messages
from portal.models import Message, User
from projects.models import ProjectStaff
from workshops.models import Certificate, Workshop


def issued(certificate: Certificate) -> Message | None:
    return _tell_her(certificate, "certificate_issued")


def revoked(certificate: Certificate) -> Message | None:
    messages.silence(source=_source(certificate))
    return _tell_her(certificate, "certificate_revoked")


def drafts_wait(workshop: Workshop, *, by: User) -> list[Message]:
    """The other coordinators can sign now; told once a day, however often drafts are written."""
    key = f"certificates_wait:{workshop.pk}:{timezone.localdate():%Y%m%d}"
    return _tell_planners(workshop, "certificates_wait", key=key, but=by)


def reissue_asked(certificate: Certificate) -> list[Message]:
    key = f"certificate:{certificate.pk}:reissue_asked:{certificate.reissue_asked_at:%Y%m%dT%H%M%S}"
    return _tell_planners(certificate.registration.workshop, "certificate_reissue_asked", key=key)


def planners_of(workshop: Workshop):
    coordinate = ProjectStaff.objects.serving(ProjectStaff.Role.COORDINATOR)
    return User.objects.filter(
        Exists(coordinate.filter(project=workshop.project_id, user=OuterRef("pk"))), is_active=True
    ).order_by("pk")


def _tell_her(certificate: Certificate, event: str) -> Message | None:
    registration = certificate.registration
    return messages.queue(
        registration.user,
        kind="certificate",
        key=f"certificate:{certificate.pk}:{event}",
        template=f"workshops/messages/{event}",
        context={"certificate": certificate, "workshop": registration.workshop},
        source=_source(certificate),
    )


def _tell_planners(workshop: Workshop, event: str, *, key: str, but: User | None = None) -> list[Message]:
    people = planners_of(workshop).exclude(pk=but.pk if but else None)
    told = [
        messages.queue(
            user,
            kind="work",
            key=f"{key}:{user.pk}",
            template=f"workshops/messages/{event}",
            context={"workshop": workshop},
        )
        for user in people
    ]
    return [message for message in told if message]


def _source(certificate: Certificate) -> str:
    return f"workshops.certificate:{certificate.pk}"
