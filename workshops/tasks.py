"""Doors for Celery to the verbs of workshops."""

from celery import shared_task

from workshops import attendance


@shared_task
def nag_about_unknown_attendance() -> int:
    return attendance.nag_about_unknown_attendance()
