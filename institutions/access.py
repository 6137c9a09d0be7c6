"""Roles around an institution's request."""

from institutions.models import Official
from portal.access import allowed_to


def is_official(user) -> bool:
    return Official.objects.serving().filter(user=user).exists()


def is_assistant(user) -> bool:
    # Read through the person, so that her pages have the row at hand.
    return getattr(user, "assistant", None) is not None


official_required = allowed_to(is_official)
assistant_required = allowed_to(is_assistant)
