"""What people are told of complaints and wishes: that there is something to read, never what it says."""

from institutions import emails
from institutions.models import AssistanceRequest, BlockWish, Complaint
from portal.models import User

#: Source of letters to the two sides, before the number of the complaint: who may read of it no more does not
#: get them (handing_on).
ABOUT_COMPLAINT = "institutions.complaint:"


def complaint_received(complaint: Complaint) -> None:
    """At once: it is here, and by when there will be an answer."""
    emails.tell(
        complaint.made_by,
        "complaint_received",
        complaint.request,
        kind="request",
        key=f"complaint_received:{complaint.pk}",
        page="complaint",
        thing=complaint,
        source=f"{ABOUT_COMPLAINT}{complaint.pk}",
        complaint=complaint,
    )


def complaint_to_deciders(complaint: Complaint, people: list[User]) -> None:
    """Safety and confidentiality do not wait for the morning."""
    _tell_deciders(complaint, "complaint_work", people, key="complaint", is_urgent=complaint.is_serious)


def complaint_due(complaint: Complaint, people: list[User]) -> None:
    """The key lets it out once, however often it is asked for."""
    _tell_deciders(complaint, "complaint_due", people, key="complaint_due")


def view_given(complaint: Complaint, people: list[User]) -> None:
    moment = f"{complaint.viewed_at:%Y%m%dT%H%M%S}"
    _tell_deciders(complaint, "complaint_view_given", people, key=f"complaint_view:{moment}")


def view_wanted(complaint: Complaint, asked: User) -> None:
    emails.tell(
        asked,
        "complaint_view_wanted",
        complaint.request,
        kind="work",
        key=f"complaint_view_wanted:{complaint.pk}",
        page="complaint_view",
        thing=complaint,
        source=f"{ABOUT_COMPLAINT}{complaint.pk}",
    )


def matter_closed(complaint: Complaint, asked: User) -> None:
    emails.tell(
        asked,
        "complaint_matter_closed",
        complaint.request,
        kind="work",
        key=f"complaint_closed:{complaint.pk}",
        page="complaint_view",
        thing=complaint,
        source=f"{ABOUT_COMPLAINT}{complaint.pk}",
    )


def complaint_answered(complaint: Complaint) -> None:
    """Whoever made it for an institution and has left it hears nothing of it any more."""
    if not complaint.can_reach_writer:
        return
    emails.tell(
        complaint.made_by,
        "complaint_answered",
        complaint.request,
        kind="work",
        key=f"complaint_answered:{complaint.pk}",
        page="complaint",
        thing=complaint,
        source=f"{ABOUT_COMPLAINT}{complaint.pk}",
    )


def block_wished(wished: BlockWish, request: AssistanceRequest, people: list[User]) -> None:
    """``people``: who may decide it, never the assistant herself. In the morning is early enough."""
    coordinators = emails.coordinators_of(request)
    for user in people:
        emails.tell(
            user,
            "block_wished",
            request,
            kind="work",
            key=f"block_wished:{wished.pk}:{user.pk}",
            page="work_blocks",
            is_from_above=user not in coordinators,
        )


def _tell_deciders(
    complaint: Complaint, template: str, people: list[User], *, key: str, is_urgent: bool = False
) -> None:
    """``people``: who may decide it. Who is no coordinator of this network reads why it comes to her."""
    coordinators = emails.coordinators_of(complaint.request)
    for user in people:
        emails.tell(
            user,
            template,
            complaint.request,
            kind="work",
            key=f"{key}:{complaint.pk}:{user.pk}",
            page="work_complaint",
            thing=complaint,
            is_urgent=is_urgent,
            complaint=complaint,
            is_from_above=user not in coordinators,
        )
