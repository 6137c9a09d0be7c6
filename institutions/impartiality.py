"""Nobody decides a complaint that she made herself, or that is about what she did, nor whether she is sent
somewhere again.

Another coordinator of the network decides. Where it has no other, the administrators of the portal do.
"""

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from institutions import emails
from institutions.models import (
    Assignment,
    AssistanceRequest,
    Attempt,
    Complaint,
    ComplaintStep,
    PresenceStatement,
    RequestQuestion,
    TimeReport,
)
from portal.models import AuditEntry, User
from portal.refusals import Refused
from projects.models import ProjectStaff

About, Category, State = Complaint.About, Complaint.Category, Complaint.State
#: Whoever complains of the other side may mean what a coordinator made of it. Which acts, for which matters:
WHO_WAS_THERE = ("presence.decided",)
WHAT_COUNTS = (*WHO_WAS_THERE, "report.disputed", "report.approved", "report.corrected")
DECIDED = {Category.LATE: WHO_WAS_THERE, Category.HOURS: WHAT_COUNTS}


class OwnCase(Refused):
    sentence = _("You made this complaint, or it is about what you did. Somebody else decides it.")


def whose_doings(request: AssistanceRequest, *, about: str, category: str) -> QuerySet[User]:
    """People of the network who had a hand, so far, in what is complained about."""
    acts = _acts(request)
    if about == About.NETWORK:
        # Whoever thinks that an answer was wrong complains anew: others look at it then.
        answers = ComplaintStep.objects.filter(complaint__request=request)
        answers = answers.filter(new_state__in=(State.UPHELD, State.NOT_UPHELD))
        had_a_hand = Q(pk__in=acts.values("actor_id")) | Q(pk__in=answers.values("actor"))
    else:
        had_a_hand = Q(pk__in=acts.filter(action__in=DECIDED.get(category, ())).values("actor_id"))
    staff = ProjectStaff.objects.filter(project=request.institution.project_id)
    coordinators = staff.filter(role=ProjectStaff.Role.COORDINATOR).values("user")
    return User.objects.filter(had_a_hand, Q(is_superuser=True) | Q(pk__in=coordinators))


def is_own_case(complaint: Complaint, user: User) -> bool:
    return Complaint.objects.own_cases_of(user).filter(pk=complaint.pk).exists()


def deciders(complaint: Complaint) -> list[User]:
    """Who may decide it: other coordinators of the network; where there are none, the administrators."""
    return _first_who_may(complaint.request, lambda user: not is_own_case(complaint, user))


def others_than(person: User, request: AssistanceRequest) -> list[User]:
    """The same for what is about this person alone."""
    return _first_who_may(request, lambda user: user != person)


def _first_who_may(request: AssistanceRequest, may: Callable[[User], bool]) -> list[User]:
    administrators = User.objects.filter(is_superuser=True).order_by("pk")
    for people in (emails.coordinators_of(request), administrators):
        if able := [user for user in people if user.is_active and may(user)]:
            return able
    return []


def _acts(request: AssistanceRequest) -> QuerySet[AuditEntry]:
    """Who did what to it and to all that belongs to it."""
    parts = [model.objects.filter(request=request) for model in (Attempt, Assignment, RequestQuestion)]
    parts += [model.objects.filter(assignment__request=request) for model in (TimeReport, PresenceStatement)]
    wanted = Q(object_type=request._meta.label_lower, object_id=request.pk)
    for rows in parts:
        wanted |= Q(object_type=rows.model._meta.label_lower, object_id__in=rows.values("pk"))
    return AuditEntry.objects.filter(wanted)
