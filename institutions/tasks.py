"""Doors for Celery: time moves requests on."""

import logging

from celery import shared_task

from institutions import (
    agreements,
    assistance_audit,
    complaints,
    day,
    debriefings,
    follow_up,
    forgetting,
    held,
    late_reports,
    offers,
    paper_warnings,
    proposals,
    requests,
    reviews,
    settlement,
    where_to_meet,
)
from portal import one_by_one

log = logging.getLogger(__name__)


@shared_task
def move_requests_on() -> None:
    """Offers run out, meetings begin and end, silence confirms, and who has to act is reminded. Each row in a
    transaction of its own.
    """
    one_by_one.steps(
        offers.expire_offers,
        day.begin_meetings,
        follow_up.ask_for_reports,
        follow_up.confirm_by_silence,
        proposals.settle_overdue,
        held.tell_in_time,
        held.remind_coordinators,
        held.remind_of_questions,
        reviews.give_up_unlooked,
    )


@shared_task
def remind_of_requests() -> None:
    """What can wait an hour: each word goes out once, but whether it did is asked anew every time."""
    one_by_one.steps(
        follow_up.remind_to_confirm,
        late_reports.ask_again,
        late_reports.tell_coordinators,
        debriefings.remind_of_overdue,
        where_to_meet.remind,
        requests.forget_drafts,
    )


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


@shared_task
def audit_assistance() -> int:
    """ERROR means that somebody must act: ``manage.py audit_assistance`` shows the same at any time."""
    found = list(assistance_audit.findings())
    for finding in found:
        log.error("requests for an assistant are not as they must be: %s", finding)
    return len(found)


@shared_task
def forget_requests() -> dict[str, int]:
    """Each night: what was written is deleted when it has been kept long enough."""
    return forgetting.forget_all()


@shared_task
def remind_of_complaints() -> int:
    """Complaints that somebody has been promised an answer to."""
    return complaints.remind_of_due()
