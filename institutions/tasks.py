"""Doors for Celery: time moves requests on."""

from celery import shared_task

from institutions import offers, time_reports


@shared_task
def move_requests_on() -> None:
    """Offers run out, meetings end, silence confirms. Each row in a transaction of its own."""
    offers.expire_offers()
    time_reports.ask_for_reports()
    time_reports.confirm_by_silence()
