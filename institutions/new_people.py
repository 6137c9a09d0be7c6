"""When it is worth while to look again for a request for which nobody was found.

At once when somebody of the network may be able by now who was not before: she has joined, or has her
papers, other hours or another language, or is free again. Otherwise every now and then (settings.ASSISTANCE),
for what nobody writes down here: a workshop that was called off, a week that has passed.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from institutions.models import Assignment, Assistant

#: How a job ends that leaves its assistant free at that time.
FREED = (Assignment.State.WITHDRAWN, Assignment.State.REPLACED, Assignment.State.CANCELLED)


def may_be_able(assistant: Assistant) -> None:
    """Something has changed for her by which she may fit where she did not."""
    Assistant.objects.filter(pk=assistant.pk).update(able_since=timezone.now())


def is_due(now: datetime) -> Q:
    """Of requests for which nobody was found: those that are to be looked at again now."""
    before = now - timedelta(minutes=settings.ASSISTANCE["look_for_new_people_minutes"])
    network, looked_at = OuterRef("institution__project"), OuterRef("looked_again_at")
    able = Assistant.objects.filter(project=network, able_since__gte=looked_at)
    free = Assignment.objects.filter(assistant__project=network, state__in=FREED, ended_at__gte=looked_at)
    is_long_ago = Q(looked_again_at__isnull=True) | Q(looked_again_at__lte=before)
    return is_long_ago | Q(Exists(able)) | Q(Exists(free))
