"""The coordinator keeps the list of assistants: who speaks what, when they can, how much they did."""

from django.contrib import messages as flash
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions import assistants
from institutions.forms import refuse
from institutions.models import Assistant
from institutions.work_forms import AssistantForm, EnrolForm
from portal import audit
from portal.desk import desk_tabs
from portal.refusals import Refused
from projects.access import coordinator_required
from projects.models import Project

PAGE = 30


@coordinator_required
@require_GET
def work_assistants(request):
    rows = Assistant.objects.managed_by(request.user).select_related("user")
    rows = rows.prefetch_related("user__language_skills", "availability").annotate(
        job_count=Count("assignments", filter=Q(assignments__state__in=["active", "done"]), distinct=True)
    )
    page = Paginator(rows.order_by("user__name_key", "id"), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "institutions/work_assistants.html",
        {
            "page": page,
            "rows": [(row, languages_of(row)) for row in page],
            "tabs": desk_tabs("work_assistants"),
        },
    )


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_assistant_new(request):
    form = EnrolForm(request.POST or None, projects=Project.objects.coordinated_by(request.user))
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
    return render(request, "institutions/work_assistant_new.html", {"form": form})


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_assistant(request, public_id):
    assistant = managed(request, public_id)
    form = AssistantForm(request.POST or None, instance=assistant)
    if request.method == "POST" and form.is_valid():
        try:
            assistants.change(assistant, by=request.user, languages=form.languages(), **form.profile())
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Saved."))
            return redirect("work_assistant", public_id)
    audit.record_reading(assistant.user, "assistant", by=request.user, purpose="coordination")
    context = {
        "assistant": assistant,
        "form": form,
        "hours": assistant.availability.all(),
        "jobs": assistant.assignments.select_related("request__institution").order_by(
            "-request__start_at", "-id"
        )[:20],
    }
    return render(request, "institutions/work_assistant.html", context)


@coordinator_required
@require_POST
def work_assistant_suspend(request, public_id):
    assistant = managed(request, public_id)
    if assistant.suspended_at:
        assistants.resume(assistant, by=request.user)
        flash.success(request, _("This assistant gets offers again."))
    else:
        assistants.suspend(assistant, by=request.user)
        flash.success(request, _("This assistant gets no offers for now."))
    return redirect("work_assistant", public_id)


def managed(request, public_id) -> Assistant:
    rows = Assistant.objects.managed_by(request.user).select_related("user", "project")
    return get_object_or_404(rows, user__public_id=public_id)


def languages_of(assistant: Assistant) -> list[str]:
    """Each language once: two varieties of it are two rows, and read the same here."""
    skills = assistant.user.language_skills.all()
    words = [f"{skill.get_language_display()} ({skill.get_spoken_display()})" for skill in skills]
    return list(dict.fromkeys(words))
