"""Doors for Celery to the verbs of workshops."""

from celery import shared_task

from workshops import attendance, staying


@shared_task
def nag_about_unknown_attendance() -> int:
    return attendance.nag_about_unknown_attendance()


@shared_task
def look_after_who_misses_meetings() -> int:
    return staying.look_after_everybody()
