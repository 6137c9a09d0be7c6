"""Doors for Celery: time moves requests on."""

from celery import shared_task

from institutions import (
    agreements,
    day,
    debriefings,
    follow_up,
    offers,
    paper_warnings,
    proposals,
    requests,
    reviews,
    settlement,
)


@shared_task
def move_requests_on() -> None:
    """Offers run out, meetings begin and end, silence confirms. Each row in a transaction of its own."""
    offers.expire_offers()
    day.begin_meetings()
    follow_up.ask_for_reports()
    follow_up.remind_to_confirm()
    follow_up.confirm_by_silence()
    debriefings.remind_of_overdue()
    proposals.settle_overdue()
    reviews.give_up_unlooked()
    requests.forget_drafts()


@shared_task
def warn_of_agreements() -> None:
    """Agreements that run out soon, while there is time to sign new ones."""
    agreements.warn_before_end()


@shared_task
def warn_of_papers() -> None:
    """Papers of assistants that will end, while there is time to renew them."""
    paper_warnings.warn_of_papers()


@shared_task
def remind_of_unsigned_papers() -> None:
    """Sheets of hours and statements that wait for a signature."""
    settlement.remind_unsigned()
