"""Roles around an institution's request."""

from institutions.models import Assistant, Official
from portal.access import allowed_to


def is_official(user) -> bool:
    return Official.objects.serving().filter(user=user).exists()


def is_assistant(user) -> bool:
    return Assistant.objects.filter(user=user).exists()


official_required = allowed_to(is_official)
assistant_required = allowed_to(is_assistant)
