"""Roles of a project."""

from portal.access import allowed_to
from projects.models import Project, ProjectStaff


def is_coordinator(user) -> bool:
    return Project.objects.coordinated_by(user).exists()


def is_trainer(user) -> bool:
    return ProjectStaff.objects.serving(ProjectStaff.Role.TRAINER).filter(user=user).exists()


def is_staff_member(user) -> bool:
    return ProjectStaff.objects.serving().filter(user=user).exists()


coordinator_required = allowed_to(is_coordinator)
staff_required = allowed_to(lambda user: is_coordinator(user) or is_trainer(user))
