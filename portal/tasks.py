"""Doors for Celery to the trunk's verbs."""

from celery import shared_task
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from portal import diary, messages
from portal.health import HEARTBEAT


@shared_task
def deliver_due_messages() -> int:
    return messages.deliver_due()


@shared_task
def queue_due_reminders() -> int:
    return diary.queue_due_reminders()


@shared_task
def forget_old_sessions() -> None:
    """A session that has ended may still hold the name and address of somebody who never came in."""
    call_command("clearsessions")


@shared_task
def record_heartbeat() -> None:
    """Its age tells whether a worker lives; beat leaves a mark of its own (portal.beat)."""
    cache.set(HEARTBEAT.format("worker"), timezone.now().timestamp(), timeout=None)
