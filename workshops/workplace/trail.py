"""What was done to a workshop, by whom and when, in words."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from portal import audit
from portal.models import AuditEntry, User
from workshops.models import Attendance, CallTask, Certificate, ManualHours, Registration, Session, Workshop
from workshops.workplace.desk import workshop_tabs

A_PAGE = 40

WORDS = {
    "workshop.created": _("made the draft"),
    "workshop.edited": _("changed texts or facts"),
    "workshop.published": _("published the workshop"),
    "workshop.cancelled": _("cancelled the workshop"),
    "workshop.copied": _("made the draft as a copy"),
    "workshop.made_template": _("saved it as a template"),
    "sessions.added": _("added a row of dates"),
    "sessions.moved": _("moved several meetings"),
    "sessions.cancelled": _("cancelled several meetings"),
    "session.added": _("added a date"),
    "session.edited": _("changed the topic or the break of a meeting"),
    "session.moved": _("moved a meeting"),
    "session.cancelled": _("cancelled a meeting"),
    "registration.requested": _("asked for a place"),
    "registration.confirmed": _("gave a place"),
    "registration.waitlisted": _("put on the waiting list"),
    "registration.withdrawn": _("gave the place back"),
    "registration.declined": _("did not accept a registration"),
    "registration.revoked": _("took a registration back"),
    "registration.added_by_hand": _("added a person by hand"),
    "attendance.marked": _("marked attendance"),
    "attendance.checked_in": _("checked in by code"),
    "manual_hours.entered": _("wrote hours by hand"),
    "manual_hours.approved": _("agreed to hours written by hand"),
    "manual_hours.refused": _("did not accept hours written by hand"),
    "manual_hours.taken_back": _("took hours written by hand back"),
    "staying.encouraged": _("a message went out after missed meetings"),
    "staying.answered": _("said why she missed meetings"),
    "staying.comes_next": _("said that she comes next time"),
    "staying.call_needed": _("a call is to be made"),
    "staying.call_not_needed": _("no call is needed any more"),
    "staying.called": _("wrote down how a call went"),
    "certificate.drafted": _("wrote the draft of a certificate"),
    "certificate.drafted_again": _("put today's hours into the draft of a certificate"),
    "certificate.corrected": _("corrected the draft of a certificate"),
    "certificate.thrown_away": _("threw the draft of a certificate away"),
    "certificate.issued": _("issued a certificate"),
    "certificate.revoked": _("took a certificate back"),
    "certificate.name_chosen": _("chose the name on the certificate"),
    "certificate.reissue_asked": _("asked for a new certificate"),
    "question.added": _("added a question"),
    "question.edited": _("changed a question"),
    "question.moved": _("put the questions in another order"),
    "question.deleted": _("deleted a question"),
    "invitation.renewed": _("made a new link of the invitation"),
    "needs.kept": _("told what is needed to be able to come"),
    "answers.forgotten": _("deleted sensitive answers and practical needs"),
}


def work_trail(request, slug):
    workshop = get_object_or_404(
        Workshop.objects.managed_by(request.user).select_related("project"), slug=slug
    )
    page = Paginator(_lines(workshop), A_PAGE).get_page(request.GET.get("page"))
    lines = list(page.object_list)
    people = _people(lines)
    audit.record_reading(
        list({row.user for row in people["rows"].values()}), "trail", by=request.user, purpose="trail"
    )
    context = {
        "workshop": workshop,
        "tabs": workshop_tabs(workshop, "work_trail"),
        "page_obj": page,
        "lines": [_told(line, people) for line in lines],
    }
    return render(request, "workshops/workplace/trail.html", context)


def _lines(workshop: Workshop):
    """The trail of the workshop and of all that hangs on it, the newest line first."""
    things = Q(object_type=Workshop._meta.label_lower, object_id=workshop.pk)
    for model, rows in (
        (Session, workshop.sessions.all()),
        (Registration, workshop.registrations.all()),
        (Attendance, Attendance.objects.filter(session__workshop=workshop)),
        (ManualHours, ManualHours.objects.filter(registration__workshop=workshop)),
        (CallTask, CallTask.objects.filter(registration__workshop=workshop)),
        (Certificate, Certificate.objects.filter(registration__workshop=workshop)),
    ):
        things |= Q(object_type=model._meta.label_lower, object_id__in=rows.order_by().values("pk"))
    return AuditEntry.objects.filter(things).order_by("-at", "-id")


def _people(lines: list[AuditEntry]) -> dict:
    """Who did it, and whose registration it was: one query for each."""
    ids = {line.object_id for line in lines if line.object_type == Registration._meta.label_lower}
    marked = {line.object_id for line in lines if line.object_type == Attendance._meta.label_lower}
    papers = {line.object_id for line in lines if line.object_type == Certificate._meta.label_lower}
    papers = dict(Certificate.objects.filter(pk__in=papers).values_list("pk", "registration"))
    ids |= set(papers.values())
    rows = Registration.objects.filter(Q(pk__in=ids) | Q(attendances__in=marked)).select_related("user")
    marks = dict(Attendance.objects.filter(pk__in=marked).values_list("pk", "registration"))
    return {
        "actors": User.objects.in_bulk({line.actor_id for line in lines if line.actor_id}),
        "rows": {row.pk: row for row in rows.distinct()},
        "marks": marks,
        "papers": papers,
    }


def _told(line: AuditEntry, people: dict) -> dict:
    pk = people["marks"].get(line.object_id) if line.action == "attendance.marked" else line.object_id
    of_registration = line.object_type == Registration._meta.label_lower
    is_about_person = of_registration or line.action.startswith("attendance.")
    if line.object_type == Certificate._meta.label_lower:
        pk, is_about_person = people["papers"].get(line.object_id), True
    row = people["rows"].get(pk) if is_about_person else None
    marks = dict(Attendance.Mark.choices)
    change = ""
    if line.action == "attendance.marked":
        change = f"{marks[line.data['old'][0]]} → {marks[line.data['new'][0]]}"
    return {
        "at": line.at,
        "actor": people["actors"].get(line.actor_id),
        "words": WORDS.get(line.action, line.action),
        "person": row.user if row else None,
        "change": change,
    }
