"""Beat's own sign of life. That a worker lives is shown by a task; that beat lives must not need a worker."""

from celery.beat import PersistentScheduler
from django.core.cache import cache
from django.utils import timezone

from portal.health import HEARTBEAT


class Scheduler(PersistentScheduler):
    """Celery's scheduler, which leaves a mark in Valkey at every turn, at most 20 seconds apart."""

    max_interval = 20

    def tick(self, *args, **kwargs):
        cache.set(HEARTBEAT.format("beat"), timezone.now().timestamp(), timeout=None)
        return super().tick(*args, **kwargs)
