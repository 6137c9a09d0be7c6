"""Doors for Celery to the verbs of workshops."""

import logging

from celery import shared_task

from workshops import answers, attendance, capacity_audit, head_counts, staying, waiting_list

log = logging.getLogger(__name__)


@shared_task
def nag_about_unknown_attendance() -> int:
    return attendance.nag_about_unknown_attendance()


@shared_task
def nag_about_uncounted_events() -> int:
    return head_counts.nag_about_uncounted()


@shared_task
def look_after_who_misses_meetings() -> int:
    return staying.look_after_everybody()


@shared_task
def forget_spent_answers() -> int:
    return answers.forget_spent()


@shared_task
def pass_offers_on() -> int:
    """Offers that nobody answered in time."""
    return waiting_list.expire_due_offers()


@shared_task
def offer_free_places() -> int:
    return waiting_list.offer_everywhere()


@shared_task
def audit_workshops() -> int:
    """ERROR means that somebody must act: ``manage.py audit_workshops`` shows the same at any time."""
    waiting_list.offer_everywhere()
    found = list(capacity_audit.findings())
    for finding in found:
        log.error("workshops are not as they must be: %s", finding)
    return len(found)
