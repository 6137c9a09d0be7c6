"""Something went wrong and somebody says so. It goes its own way, apart from the request (features.md G8).

It is read by whoever made it and by the coordinators, but for those whom it is about (``impartiality``). The
other side is asked a question by a coordinator and reads only that. A complaint alone stops nobody: what
follows from it is decided elsewhere.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import emails, impartiality, states, voice_emails
from institutions.client_data import refuse_identifiers
from institutions.models import Assignment, AssistanceRequest, Complaint, ComplaintStep, Feedback, Official
from institutions.transitions import NoSuchWay, NotYours, is_coordinator_of, is_official_of, lock
from portal import audit, one_by_one
from portal.models import User
from portal.refusals import Refused

State = Complaint.State
DECISIONS = (State.UPHELD, State.NOT_UPHELD)


class TooLongAgo(Refused):
    sentence = _("This meeting was too long ago. Please call your coordinator.")


class WhatHappened(Refused):
    sentence = _("Please write what happened.")
    field = "text"


class ChooseCategory(Refused):
    sentence = _("Please choose what it is about.")
    field = "category"


class ChooseWhom(Refused):
    sentence = _("Please choose whom it is about.")
    field = "about"


class AlreadyDecided(Refused):
    sentence = _("This complaint has been decided already.")


class NobodyToAsk(Refused):
    sentence = _("There is nobody on the other side who could be asked here.")


class AlreadyAsked(Refused):
    sentence = _("The other side has been asked already.")


class QuestionMissing(Refused):
    sentence = _("Please write what you want to know.")
    field = "question"


class AnswerMissing(Refused):
    sentence = _("Please write what you answer to the person who complained.")
    field = "answer"


@transaction.atomic
def complain(
    request: AssistanceRequest,
    *,
    by: User,
    side: str,
    category: str,
    text: str,
    about: str = Complaint.About.OTHER_SIDE,
    coordinator: User | None = None,
    assignment: Assignment | None = None,
    is_checked: bool = False,
) -> Complaint:
    """Receive it and say at once by when there will be an answer. Sent twice, it is one.

    ``coordinator``: of the network, where it is about one of them.
    """
    request = lock(request)
    if assignment is None and side == Feedback.Side.ASSISTANT:
        assignment = request.assignments.filter(assistant__user=by).order_by("-agreed_at", "-pk").first()
    if side == Feedback.Side.ASSISTANT:
        is_hers = assignment is not None and assignment.assistant.user_id == by.pk
    else:
        is_hers = is_official_of(by, request) and request.state != AssistanceRequest.State.DRAFT
    if not is_hers or (assignment and assignment.request_id != request.pk):
        raise NotYours
    if timezone.now() > until(request):
        raise TooLongAgo
    if category not in Complaint.Category.values:
        raise ChooseCategory
    concerned = _concerned(request, about, category, coordinator)
    if not text.strip():
        raise WhatHappened
    refuse_identifiers({"text": text}, is_checked=is_checked)
    values = {"made_by": by, "side": side, "about": about, "category": category, "text": text.strip()}
    same = request.complaints.filter(**values, assignment=assignment).undecided()
    held = (same.filter(concerns=coordinator) if coordinator else same).first()
    if held:
        return held
    complaint = Complaint.objects.create(request=request, assignment=assignment, **values)
    complaint.concerns.set(concerned)
    _write_down(complaint, "", by=by)
    voice_emails.complaint_received(complaint)
    voice_emails.complaint_to_deciders(complaint, impartiality.deciders(complaint))
    return complaint


@transaction.atomic
def look_into(complaint: Complaint, *, by: User) -> Complaint:
    """A coordinator has begun to look into it."""
    complaint = _lock(complaint)
    _refuse_all_who_may_not(complaint, by)
    if complaint.state == State.RECEIVED:
        _move(complaint, State.LOOKING, by=by)
    return complaint


@transaction.atomic
def ask_other_side(complaint: Complaint, *, by: User, question: str, is_checked: bool = False) -> Complaint:
    """Put one question to the other side: the question is all that it learns, beside the meeting."""
    complaint = _lock(complaint)
    _refuse_all_who_may_not(complaint, by)
    if not complaint.is_undecided:
        raise AlreadyDecided
    asked = other_side(complaint)
    if asked is None:
        raise NobodyToAsk
    question = question.strip()
    if complaint.asked_at:
        if complaint.question == question:
            return complaint
        raise AlreadyAsked
    if not question:
        raise QuestionMissing
    refuse_identifiers({"question": question}, is_checked=is_checked)
    complaint.question, complaint.asked_at = question, timezone.now()
    if complaint.state == State.RECEIVED:
        _move(complaint, State.LOOKING, by=by, fields=("question", "asked_at"))
    else:
        complaint.save(update_fields=["question", "asked_at"])
    audit.record("complaint.other_side_asked", complaint, by=by, request=complaint.request_id)
    voice_emails.view_wanted(complaint, asked)
    return complaint


@transaction.atomic
def give_view(complaint: Complaint, *, by: User, text: str, is_checked: bool = False) -> Complaint:
    """The other side says how it sees the matter; it may say so anew until there is a decision."""
    complaint = _lock(complaint)
    asked = other_side(complaint)
    if complaint.asked_at is None or asked is None or asked.pk != by.pk:
        raise NotYours
    if not complaint.is_undecided:
        raise AlreadyDecided
    text = text.strip()
    if not text:
        raise WhatHappened
    refuse_identifiers({"text": text}, is_checked=is_checked)
    if complaint.view == text:
        return complaint
    complaint.view, complaint.viewed_at = text, timezone.now()
    complaint.save(update_fields=["view", "viewed_at"])
    audit.record("complaint.view_given", complaint, by=by, request=complaint.request_id)
    voice_emails.view_given(complaint, impartiality.deciders(complaint))
    return complaint


@transaction.atomic
def decide(
    complaint: Complaint, *, by: User, decision: str, answer: str, is_checked: bool = False
) -> Complaint:
    """Justified or not, with an answer to whoever complained. The other side hears that it is over."""
    complaint = _lock(complaint)
    _refuse_all_who_may_not(complaint, by)
    if decision not in DECISIONS:
        raise ChooseCategory(_("Please choose one of the two."), field="decision")
    if complaint.state == decision:
        return complaint
    if not complaint.is_undecided:
        raise AlreadyDecided
    if not answer.strip():
        raise AnswerMissing
    refuse_identifiers({"answer": answer}, is_checked=is_checked)
    complaint.answer, complaint.closed_at = answer.strip(), timezone.now()
    _move(complaint, decision, by=by, fields=("answer", "closed_at"))
    voice_emails.complaint_answered(complaint)
    asked = other_side(complaint)
    if complaint.asked_at and asked:
        voice_emails.matter_closed(complaint, asked)
    return complaint


@transaction.atomic
def take_back(complaint: Complaint, *, by: User) -> Complaint:
    """Whoever complained does not want it looked into any more."""
    complaint = _lock(complaint)
    if not Complaint.objects.own_of(by).filter(pk=complaint.pk).exists():
        raise NotYours
    if complaint.state == State.WITHDRAWN:
        return complaint
    if not complaint.is_undecided:
        raise AlreadyDecided
    complaint.closed_at = timezone.now()
    _move(complaint, State.WITHDRAWN, by=by, fields=("closed_at",))
    return complaint


def remind_of_due() -> int:
    """Who may decide is reminded once of what must be answered soon. Returns how many complaints."""
    days = settings.ASSISTANCE["complaint_answer_days"] - settings.ASSISTANCE["complaint_remind_days_before"]
    due = Complaint.objects.undecided().filter(made_at__lte=timezone.now() - timedelta(days=days))
    due = list(due.select_related("request__institution").order_by("made_at", "pk"))
    return len(one_by_one.each(due, _remind))


def _remind(complaint: Complaint) -> None:
    voice_emails.complaint_due(complaint, impartiality.deciders(complaint))


def queue(complaints: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """Safety and confidentiality first, then the oldest."""
    serious = Case(When(category__in=Complaint.SERIOUS, then=Value(0)), default=Value(1))
    return complaints.order_by(serious, "made_at", "pk")


def other_side(complaint: Complaint) -> User | None:
    """Who may be asked for a view: the assistant, or the official who asked for her; where it is about the
    network, the one whose doings it is about, if it is one.
    """
    if complaint.about != Complaint.About.OTHER_SIDE:
        people = list(complaint.concerns.all()[:2])
        return people[0] if len(people) == 1 else None
    if complaint.side == Feedback.Side.OFFICIAL:
        return complaint.assignment.assistant.user if complaint.assignment else None
    asked_by = complaint.request.requested_by
    serving = Official.objects.serving().filter(user=asked_by, institution=complaint.request.institution_id)
    return asked_by if asked_by and serving.exists() else None


def until(request: AssistanceRequest):
    return request.end_at + timedelta(days=settings.ASSISTANCE["complaint_days"])


def _lock(complaint: Complaint) -> Complaint:
    request = lock(complaint.request_id)
    row = Complaint.objects.select_for_update(of=("self",))
    complaint = row.select_related("assignment__assistant__user", "made_by").get(pk=complaint.pk)
    complaint.request = request
    return complaint


def _refuse_all_who_may_not(complaint: Complaint, by: User) -> None:
    if not is_coordinator_of(by, complaint.request):
        raise NotYours
    if impartiality.is_own_case(complaint, by):
        raise impartiality.OwnCase


def _concerned(
    request: AssistanceRequest, about: str, category: str, coordinator: User | None
) -> Iterable[User]:
    """Whose doings it is about, of the network's own people."""
    if about not in Complaint.About.values or (about == Complaint.About.COORDINATOR) != bool(coordinator):
        raise ChooseWhom
    if coordinator is None:
        return impartiality.whose_doings(request, about=about, category=category)
    if coordinator not in emails.coordinators_of(request):
        raise ChooseWhom
    return [coordinator]


def _move(complaint: Complaint, state: str, *, by: User, fields: tuple[str, ...] = ()) -> None:
    if state not in states.COMPLAINT[complaint.state]:
        raise NoSuchWay(f"complaint: {complaint.state} to {state}")
    old_state, complaint.state = complaint.state, state
    complaint.save(update_fields=["state", *fields])
    _write_down(complaint, old_state, by=by)


def _write_down(complaint: Complaint, old_state: str, *, by: User) -> None:
    ComplaintStep.objects.create(
        complaint=complaint, old_state=old_state, new_state=complaint.state, actor=by
    )
    audit.record(
        f"complaint.{complaint.state}",
        complaint,
        by=by,
        request=complaint.request_id,
        category=complaint.category,
        side=complaint.side,
    )
