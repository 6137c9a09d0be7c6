"""The coordinator keeps the list of assistants: who speaks what, whose papers hold, who is free next."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages as flash
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery, Sum, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions import assistants, availability, settlement
from institutions.assistant_forms import AssistantFilter, AssistantForm, EnrolForm
from institutions.forms import refuse
from institutions.models import Assignment, Assistant, TimeReport
from institutions.paper_warnings import notices_for
from institutions.papers_of_assistants import evidence_of, states_of
from institutions.views.assistant_record import managed
from institutions.views.tabs import record_tabs
from portal import audit
from portal.desk import desk_tabs
from portal.models import User
from portal.refusals import Refused
from projects.access import coordinator_required
from projects.models import Project

PAGE = 30
#: How many of her jobs her page shows.
JOBS = 60


@dataclass
class Row:
    """One assistant on the list."""

    assistant: Assistant
    missing: list
    ending: list
    next_free: datetime | None = None

    @property
    def languages(self) -> list[str]:
        return languages_of(self.assistant)

    @property
    def minutes(self) -> int:
        return self.assistant.worked

    def is_in(self, state: str) -> bool:
        """Whether the list shows it when only one ``state`` is asked for; '' is all."""
        suspended = bool(self.assistant.suspended_at)
        return {
            AssistantFilter.CAN_WORK: not suspended and not self.missing,
            AssistantFilter.PAPERS: bool(self.missing),
            AssistantFilter.ENDING: bool(self.ending),
            AssistantFilter.SUSPENDED: suspended,
        }.get(state, True)


@coordinator_required
@require_GET
def work_assistants(request):
    managed_here = Assistant.objects.managed_by(request.user)
    form = AssistantFilter(request.GET, assistants=managed_here)
    found = listed(form.narrow(managed_here))
    state = form.cleaned_data.get("state", "")
    page = Paginator([row for row in found if row.is_in(state)], PAGE).get_page(request.GET.get("page"))
    free = availability.next_free(row.assistant for row in page)
    for row in page:
        row.next_free = free[row.assistant.pk]
    context = {
        "page": page,
        "form": form,
        "is_empty": not found and not request.GET,
        "papers_missing": sum(1 for row in found if row.missing and not row.assistant.suspended_at),
        "papers_ending": sum(1 for row in found if row.ending and not row.assistant.suspended_at),
        "tabs": desk_tabs("work_assistants"),
    }
    return render(request, "institutions/work_assistants.html", context)


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_assistant_new(request):
    """A new person by her address, or with ``?person=`` somebody from a list of participants."""
    projects = Project.objects.coordinated_by(request.user)
    person = person_asked_for(request)
    form = EnrolForm(request.POST or None, projects=projects, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            made = assistants.enrol(
                form.cleaned_data["project"],
                by=request.user,
                languages=form.languages(),
                **form.person(),
                **form.profile(),
            )
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Welcome on the list. The e-mail tells how to sign in and give hours."))
            return redirect("work_assistant", made.user.public_id)
    return render(request, "institutions/work_assistant_new.html", {"form": form, "person": person})


@coordinator_required
@require_GET
def work_assistant(request, public_id):
    """What matters at a glance; what can be changed has a page of its own."""
    assistant = managed(request, public_id)
    evidence = evidence_of([assistant])
    states = states_of([assistant], on=timezone.localdate(), evidence=evidence)[assistant.pk]
    coming, past = jobs_of(assistant, evidence)
    audit.record_reading(assistant.user, "assistant", by=request.user, purpose="coordination")
    context = {
        "assistant": assistant,
        "tabs": record_tabs(assistant, "work_assistant"),
        "states": [state for state in states if state.is_required or not state.why],
        "skills": assistant.user.language_skills.all(),
        "coming": coming,
        "lacking": [job for job in coming if job.missing],
        "past": past,
    }
    return render(request, "institutions/work_assistant.html", context)


@coordinator_required
@require_GET
def work_assistant_hours(request, public_id):
    """Her week, hours of single days and her days off, as she gave them."""
    assistant, today = managed(request, public_id), timezone.localdate()
    prefetch_related_objects([assistant], "availability", "extra_hours", "exceptions")
    context = {
        "assistant": assistant,
        "tabs": record_tabs(assistant, "work_assistant_hours"),
        "hours": assistant.availability.all(),
        "extra_hours": [hours for hours in assistant.extra_hours.all() if hours.day >= today],
        "days_off": [days for days in assistant.exceptions.all() if days.ends_on >= today],
        "next_free": availability.next_free([assistant])[assistant.pk],
    }
    return render(request, "institutions/work_assistant_hours.html", context)


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_assistant_profile(request, public_id):
    assistant = managed(request, public_id)
    form = AssistantForm(request.POST or None, instance=assistant)
    if request.method == "POST" and form.is_valid():
        try:
            assistants.change(assistant, by=request.user, **form.profile())
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Saved."))
            return redirect("work_assistant", public_id)
    tabs = record_tabs(assistant, "work_assistant_profile")
    context = {"assistant": assistant, "form": form, "tabs": tabs}
    return render(request, "institutions/work_assistant_profile.html", context)


@coordinator_required
@require_POST
def work_assistant_suspend(request, public_id):
    """What the page showed is in the form, so that a second click does not undo the first."""
    assistant = managed(request, public_id)
    was_suspended = request.POST.get("was_suspended", "yes" if assistant.suspended_at else "")
    if was_suspended:
        assistants.resume(assistant, by=request.user)
        flash.success(request, _("This assistant gets offers again."))
    else:
        assistants.suspend(assistant, by=request.user)
        flash.success(request, _("This assistant gets no offers for now."))
        if assistants.coming_jobs(assistant):
            flash.warning(request, _("The jobs agreed to before stay. They are on this page."))
    return redirect("work_assistant", public_id)


def listed(rows) -> list[Row]:
    """Assistants with what their papers say today, in a constant number of queries."""
    start, end = settlement.bounds(settlement.first_day(timezone.localdate()))
    hers = TimeReport.objects.standing().filter(
        assignment__assistant=OuterRef("pk"), start_at__gte=start, start_at__lt=end
    )
    worked = hers.order_by().values("assignment__assistant").annotate(sum=Sum("worked")).values("sum")
    found = list(
        rows.select_related("user")
        .prefetch_related("user__language_skills", "availability", "extra_hours", "exceptions")
        .annotate(worked=Coalesce(Subquery(worked), 0))
        .order_by("user__name_key", "id")
    )
    notices = notices_for(found)
    return [Row(assistant=assistant, **notices[assistant.pk]) for assistant in found]


def jobs_of(assistant: Assistant, evidence) -> tuple[list, list]:
    """What is coming, the next first, and what was or fell through, the last first."""
    rows = assistant.assignments.select_related("request__institution")
    rows = list(rows.order_by("-request__start_at", "-id")[:JOBS])
    now = timezone.now()
    coming = [job for job in rows if job.state == Assignment.State.ACTIVE and job.request.start_at > now]
    past = [job for job in rows if job not in coming]
    return assistants.with_missing_papers(reversed(coming), evidence=evidence), past


def person_asked_for(request) -> User | None:
    public_id = request.GET.get("person")
    if not public_id:
        return None
    try:
        person = get_object_or_404(User.objects.filter(is_active=True), public_id=public_id)
    except ValidationError as error:
        raise Http404 from error
    audit.record_reading(person, "name", by=request.user, purpose="becoming an assistant")
    return person


def languages_of(assistant: Assistant) -> list[str]:
    """Each language, with its variety where there is one."""
    words = []
    for skill in assistant.user.language_skills.all():
        name = (
            f"{skill.get_language_display()}, {skill.dialect}"
            if skill.dialect
            else skill.get_language_display()
        )
        words.append(f"{name} ({skill.get_spoken_display()})")
    return list(dict.fromkeys(words))
