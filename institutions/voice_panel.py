"""What a page offers afterwards: how it was, a complaint, a wish, and the client's face."""

from base64 import b64encode
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef
from django.utils import timezone

from institutions import blocks, complaints, feedback, smiles
from institutions.appointments import first_name
from institutions.models import Assignment, AssistanceRequest, Complaint, Feedback
from portal import papers
from portal.models import User


@dataclass(frozen=True)
class Said:
    """One assistant of the request, as the official may speak of her."""

    job: Assignment
    name: str
    can_give: bool
    has_given: bool
    is_wish_noted: bool


@dataclass(frozen=True)
class Panel:
    can_complain: bool
    complaints: list[Complaint]
    said: list[Said] = field(default_factory=list)
    job: Assignment | None = None
    can_give: bool = False
    has_given: bool = False
    #: While the client's page is open: its address as a picture, as a link, and the code to write on a card.
    face_picture: str = ""
    face_address: str = ""
    face_code: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.can_complain or self.complaints or self.said or self.can_give or self.face_code)


def for_official(asked: AssistanceRequest, user: User) -> Panel:
    """No query before the start, two after it. Complaints are hers alone, whoever else reads the page."""
    given = Feedback.objects.filter(assignment=OuterRef("pk"), side=Feedback.Side.OFFICIAL)
    wished = blocks.noted_for(user).filter(institution=asked.institution_id, assistant=OuterRef("assistant"))
    jobs = asked.assignments.standing().select_related("assistant__user")
    jobs = jobs.annotate(has_given=Exists(given), is_wish_noted=Exists(wished)).order_by("place", "pk")
    is_over = feedback.is_over(asked)
    said = [
        Said(
            job=job,
            name=first_name(job.assistant.user),
            can_give=feedback.can_give(job, asked),
            has_given=job.has_given,
            is_wish_noted=job.is_wish_noted,
        )
        for job in (jobs if is_over else [])
    ]
    is_sent = asked.state not in (AssistanceRequest.State.DRAFT, AssistanceRequest.State.SUBMITTED)
    return Panel(
        can_complain=is_sent and timezone.now() <= complaints.until(asked),
        complaints=_hers(asked, user) if asked.is_over or asked.start_at <= timezone.now() else [],
        said=said,
    )


def for_assistant(job: Assignment, user: User) -> Panel:
    """Two queries. The client's code is shown as long as the client's page is open."""
    asked = job.request
    shown = {}
    if smiles.is_open(job):
        address = smiles.address_of(job)
        picture = b64encode(papers.qr(address).encode()).decode()
        shown = {
            "face_picture": f"data:image/svg+xml;base64,{picture}",
            "face_address": address,
            "face_code": smiles.code_of(job),
        }
    return Panel(
        job=job,
        can_complain=timezone.now() <= complaints.until(asked),
        complaints=_hers(asked, user),
        can_give=feedback.can_give(job, asked),
        has_given=job.feedback.filter(side=Feedback.Side.ASSISTANT).exists(),
        **shown,
    )


def _hers(asked: AssistanceRequest, user: User) -> list[Complaint]:
    return list(asked.complaints.filter(made_by=user))
