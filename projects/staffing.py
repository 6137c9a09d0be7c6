"""Who coordinates and who teaches: appointing people to a project, and ending their roles."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import audit
from portal.models import User
from portal.refusals import Refused
from projects import emails
from projects.models import Project, ProjectStaff

Role = ProjectStaff.Role


class LastCoordinator(Refused):
    sentence = _("This is the last coordinator of the project. Add another coordinator first.")


class AccountClosed(Refused):
    sentence = _("This person's account is closed. Please use another e-mail address.")
    field = "email"


class NameMissing(Refused):
    sentence = _("Nobody here has this e-mail address yet. Please write the person's name too.")
    field = "full_name"


@transaction.atomic
def appoint(
    project: Project, *, email: str, role: str, by: User, full_name: str = "", language: str | None = None
) -> ProjectStaff:
    """Give the person with this e-mail address the role from today, and tell her. Twice is once.

    Somebody unknown becomes known to the network, by ``full_name``; she signs in with a code by e-mail.
    """
    project = _locked(project)
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        if not full_name.strip():
            raise NameMissing
        user = User.objects.create_user(
            email, full_name=full_name.strip(), **({"language": language} if language else {})
        )
    elif not user.is_active:
        raise AccountClosed
    serving = ProjectStaff.objects.serving(role).filter(project=project, user=user).first()
    if serving:
        return serving
    row = ProjectStaff.objects.create(project=project, user=user, role=role, starts_on=timezone.localdate())
    audit.record("projects.appointed", row, by=by, project=project.pk, user=user.pk, role=role)
    emails.appointed(row)
    return row


@transaction.atomic
def end(row: ProjectStaff, *, by: User) -> ProjectStaff:
    """End a role at once: yesterday was its last day. Whoever has none any more is left as she is."""
    project = _locked(row.project)
    today = timezone.localdate()
    row = ProjectStaff.objects.select_related("user", "project").get(pk=row.pk)
    if row.ends_on is not None and row.ends_on < today:
        return row
    if row.role == Role.COORDINATOR and not _other_coordinators(project, row).exists():
        raise LastCoordinator
    row.ends_on = today - timedelta(days=1)
    row.save(update_fields=["ends_on"])
    audit.record("projects.role_ended", row, by=by, project=project.pk, user=row.user_id, role=row.role)
    emails.role_ended(row)
    return row


def _locked(project: Project) -> Project:
    return Project.objects.select_for_update().get(pk=project.pk)


def _other_coordinators(project: Project, row: ProjectStaff):
    return ProjectStaff.objects.serving(Role.COORDINATOR).filter(project=project).exclude(pk=row.pk)
