"""What officials answer for passes on to others when one of them comes, moves or leaves.

Who answers for a request stands in ``Official.objects.answering_for``; diaries and letters follow it here.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from institutions import appointments, emails, voice_emails
from institutions.models import Assignment, AssistanceRequest, Complaint, Institution, Official
from institutions.models.institution import answering
from portal import messages
from portal.models import DiaryEntry, Message, User

STILL_LOOKING = (
    AssistanceRequest.State.SUBMITTED,
    AssistanceRequest.State.NEEDS_INFO,
    AssistanceRequest.State.OFFERING,
)


def lock_meetings(institution: Institution) -> list[AssistanceRequest]:
    """What is still to come there, locked: nobody agrees meanwhile, and is announced to who has just left."""
    rows = AssistanceRequest.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("institution__project", "unit", "requested_by")
    return list(rows.filter(institution=institution, end_at__gt=timezone.now()).order_by("pk"))


def hand_on(institution: Institution, *, former: User | None = None) -> None:
    """Each meeting to come stands in the diaries of those who answer for it now, and in no other official's.

    ``former``: whose seat has changed; what waits to be sent to her about the rest is not sent any more.
    """
    meetings = lock_meetings(institution)
    seats = Official.objects.of_today(institution.pk)
    jobs = Assignment.objects.standing().filter(request__in=meetings).select_related("assistant__user")
    first = {job.request_id: job for job in jobs.order_by("-place", "-pk")}
    held = _held(meetings)
    for request in meetings:
        told = {seat.user_id for seat in answering(seats, request)}
        job = first.get(request.pk)
        if job and held[request.source] != told:
            job.request = request
            appointments.enter_for_officials(job)
    if former:
        _keep_letters_back(institution, seats, former)


def _held(meetings: Iterable[AssistanceRequest]) -> dict[str, set[int]]:
    """By the source of each meeting: in which officials' diaries it stands."""
    entries = DiaryEntry.objects.standing().filter(
        kind=DiaryEntry.Kind.REQUEST, source__in=[request.source for request in meetings]
    )
    held = defaultdict(set)
    for source, user in entries.values_list("source", "user"):
        held[source].add(user)
    return held


def _keep_letters_back(institution: Institution, seats: list[Official], former: User) -> None:
    """In the night, or while the mail server is away, letters wait: those that are not hers any more stay."""
    requests = AssistanceRequest.objects.filter(
        institution=institution, pk__in=_waiting(former, emails.ABOUT_REQUEST)
    )
    for request in requests:
        if former.pk not in {seat.user_id for seat in answering(seats, request)}:
            messages.silence(source=f"{emails.ABOUT_REQUEST}{request.pk}", recipient=former)
            # Perhaps it said that nobody comes: then time says so anew, to who answers now.
            if request.state in STILL_LOOKING:
                AssistanceRequest.objects.filter(pk=request.pk).update(told_unfilled_at=None)
    complaints = Complaint.objects.filter(
        request__institution=institution, pk__in=_waiting(former, voice_emails.ABOUT_COMPLAINT)
    )
    still_hers = Complaint.objects.own_of(former) | Complaint.objects.put_to(former)
    for pk in complaints.exclude(pk__in=still_hers.values("pk")).values_list("pk", flat=True):
        messages.silence(source=f"{voice_emails.ABOUT_COMPLAINT}{pk}", recipient=former)


def _waiting(person: User, about: str) -> set[int]:
    """The rows about which something waits to be sent to her. ``about``: what its source begins with."""
    hers = Message.objects.filter(Q(recipient=person, about=None) | Q(about=person))
    waiting = hers.filter(state=Message.State.QUEUED, source__startswith=about)
    return {int(source.rpartition(":")[2]) for source in waiting.values_list("source", flat=True)}
