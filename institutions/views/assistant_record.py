"""What a coordinator enters about an assistant: languages verified, papers, trainings, conflicts."""

from django.contrib import messages as flash
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions import accepted_papers, assistants, conflicts, trainings
from institutions.assistants import Spoken
from institutions.forms import refuse
from institutions.models import Assistant, Conflict, Training
from institutions.papers_of_assistants import states_of
from institutions.record_forms import LanguageForm, OnPaperForm, PapersForm, TrainingForm, WorkConflictForm
from institutions.views.again import lands, to_drop
from institutions.views.own_profile import conflict_rows
from institutions.views.tabs import record_tabs
from participants.models import ConsentText, LanguageSkill
from participants.papers import consent_sheet
from portal import audit
from portal.languages import OWN_NAMES
from portal.refusals import Refused
from projects.access import coordinator_required


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_assistant_languages(request, public_id):
    """Her languages; a POST adds one, a variety of one, or another level."""
    assistant = managed(request, public_id)
    form = LanguageForm(request.POST or None, project=assistant.project_id)
    if request.method == "POST" and form.is_valid():
        assistants.keep_language(assistant, Spoken(**form.cleaned_data), by=request.user)
        flash.success(request, _("Saved."))
        return redirect("work_assistant_languages", public_id)
    context = {
        "assistant": assistant,
        "form": form,
        "skills": assistant.user.language_skills.select_related("verified_by"),
        "tabs": record_tabs(assistant, "work_assistant_languages"),
    }
    return render(request, "institutions/work_assistant_languages.html", context)


@coordinator_required
@require_POST
def work_assistant_language_verify(request, public_id, pk):
    assistant = managed(request, public_id)
    assistants.verify_language(assistant, get_object_or_404(skills_of(assistant), pk=pk), by=request.user)
    flash.success(request, _("The level is verified, with your name and the day."))
    return redirect("work_assistant_languages", public_id)


@coordinator_required
@require_POST
@lands
def work_assistant_language_drop(request, public_id, pk):
    assistant = managed(request, public_id)
    here = {"to": "work_assistant_languages", "arguments": [public_id]}
    skill = to_drop(skills_of(assistant), pk, action="language.removed", by=request.user, **here)
    try:
        assistants.drop_language(assistant, skill, by=request.user)
    except Refused as no:
        flash.error(request, str(no))
    return redirect("work_assistant_languages", public_id)


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_assistant_papers(request, public_id):
    assistant = managed(request, public_id)
    form = PapersForm(request.POST or None, instance=assistant)
    if request.method == "POST" and form.is_valid():
        try:
            assistants.change_papers(assistant, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Saved."))
            return redirect("work_assistant_papers", public_id)
    return show_papers(request, assistant, form=form)


@coordinator_required
@require_POST
def work_assistant_on_paper(request, public_id):
    """She has signed the code of conduct or the promise of confidentiality on paper."""
    assistant, form = managed(request, public_id), OnPaperForm(request.POST)
    if form.is_valid():
        try:
            accepted_papers.record_on_paper(assistant, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("It is written down what the person has signed."))
            return redirect("work_assistant_papers", public_id)
    return show_papers(request, assistant, on_paper=form)


@coordinator_required
@require_GET
def work_assistant_sheet(request, public_id, language):
    """Both texts with her name, to sign."""
    assistant = managed(request, public_id)
    if language not in OWN_NAMES:
        raise Http404
    audit.record_reading(assistant.user, "name", by=request.user, purpose="papers to sign")
    paper = consent_sheet(
        language, name=assistant.user.get_full_name(), audience=ConsentText.Audience.ASSISTANTS
    )
    name = f'inline; filename="assistant-{language}.pdf"'
    return HttpResponse(paper, content_type="application/pdf", headers={"Content-Disposition": name})


@coordinator_required
@require_POST
def work_assistant_training_add(request, public_id):
    assistant, form = managed(request, public_id), TrainingForm(request.POST)
    if form.is_valid():
        try:
            trainings.record(assistant, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Saved."))
            return redirect("work_assistant_papers", public_id)
    return show_papers(request, assistant, training=form)


@coordinator_required
@require_POST
@lands
def work_assistant_training_drop(request, public_id, pk):
    assistant = managed(request, public_id)
    rows = Training.objects.filter(assistant=assistant).select_related("assistant__project")
    here = {"to": "work_assistant_papers", "arguments": [public_id]}
    trainings.drop(to_drop(rows, pk, action="training.dropped", by=request.user, **here), by=request.user)
    return redirect("work_assistant_papers", public_id)


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_assistant_conflicts(request, public_id):
    """Private to her and her coordinators; each look leaves a line that she can see."""
    assistant = managed(request, public_id)
    form = WorkConflictForm(request.POST or None, project=assistant.project)
    if request.method == "POST" and form.is_valid():
        try:
            conflicts.avoid(assistant, by=request.user, **form.about())
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Saved."))
            return redirect("work_assistant_conflicts", public_id)
    audit.record_reading(assistant.user, "conflicts", by=request.user, purpose="coordination")
    context = {
        "assistant": assistant,
        "form": form,
        "conflicts": conflict_rows(assistant),
        "tabs": record_tabs(assistant, "work_assistant_conflicts"),
    }
    return render(request, "institutions/work_assistant_conflicts.html", context)


@coordinator_required
@require_POST
@lands
def work_assistant_conflict_drop(request, public_id, pk):
    assistant = managed(request, public_id)
    rows = Conflict.objects.filter(assistant=assistant).select_related("assistant__project")
    here = {"to": "work_assistant_conflicts", "arguments": [public_id]}
    conflicts.drop(to_drop(rows, pk, action="conflict.dropped", by=request.user, **here), by=request.user)
    return redirect("work_assistant_conflicts", public_id)


def managed(request, public_id) -> Assistant:
    rows = Assistant.objects.managed_by(request.user).select_related("user", "project")
    return get_object_or_404(rows, user__public_id=public_id)


def skills_of(assistant: Assistant):
    return LanguageSkill.objects.filter(user=assistant.user_id)


def show_papers(request, assistant, *, form=None, on_paper=None, training=None):
    language = assistant.user.language
    context = {
        "assistant": assistant,
        "form": form or PapersForm(instance=assistant),
        "on_paper": on_paper or OnPaperForm(initial={"language": language}),
        "training_form": training or TrainingForm(),
        "states": states_of([assistant], on=timezone.localdate())[assistant.pk],
        "trainings": assistant.trainings.select_related("recorded_by"),
        "sheet_language": language,
        "tabs": record_tabs(assistant, "work_assistant_papers"),
    }
    return render(request, "institutions/work_assistant_papers.html", context)
