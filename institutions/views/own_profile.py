"""The assistant about herself: her papers, what matching knows of her, and where she will not interpret."""

from django.contrib import messages as flash
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions import accepted_papers, assistants, conflicts, disclosure
from institutions.access import assistant_required
from institutions.assistant_forms import OwnForm
from institutions.assistants import Spoken
from institutions.forms import refuse
from institutions.models import Assistant, Conflict
from institutions.papers_of_assistants import ACCEPTED, Paper, has_promised, states_of
from institutions.record_forms import ConflictForm, LanguageForm
from institutions.views.again import lands, to_drop
from institutions.views.tabs import own_tabs
from participants import consents
from participants.models import LanguageSkill
from portal.refusals import Refused


@assistant_required
@require_GET
def assistant_papers(request):
    assistant = request.user.assistant
    states = states_of([assistant], on=timezone.localdate())[assistant.pk]
    context = {
        "rows": [{"state": state, "is_hers": state.paper in ACCEPTED} for state in states],
        "tabs": own_tabs("assistant_papers"),
    }
    return render(request, "institutions/assistant_papers.html", context)


@assistant_required
@require_http_methods(["GET", "POST"])
def assistant_paper(request, paper):
    """The words; a click under them accepts them."""
    paper, text = paper_or_404(paper)
    assistant = request.user.assistant
    if request.method == "POST":
        try:
            if request.POST.get("answer") == "no":
                accepted_papers.take_back(assistant, paper, by=request.user)
                flash.success(request, _("You have taken your word back. We send you no offers for now."))
            else:
                version = request.POST.get("version", "")
                accepted_papers.accept(
                    assistant, paper, version=version, language=get_language(), by=request.user
                )
                flash.success(request, _("Thank you. It is written down."))
        except Refused as no:
            flash.error(request, str(no))
            return redirect("assistant_paper", paper)
        return redirect("assistant_papers")
    event = consents.given(request.user).get(paper)
    is_current = event is not None and event.text.version == text.version
    context = {"paper": paper, "text": text, "event": event, "is_current": is_current}
    return render(request, "institutions/assistant_paper.html", context)


@assistant_required
@require_http_methods(["GET", "POST"])
def assistant_profile(request):
    assistant = request.user.assistant
    form = OwnForm(request.POST or None, instance=assistant)
    if request.method == "POST" and form.is_valid():
        try:
            assistants.change(assistant, by=request.user, **form.profile())
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Saved."))
            return redirect("assistant_profile")
    return show_profile(request, form, LanguageForm(project=assistant.project_id))


@assistant_required
@require_POST
def assistant_language_add(request):
    """A language of hers or another level of it."""
    assistant = request.user.assistant
    form = LanguageForm(request.POST, project=assistant.project_id)
    if not form.is_valid():
        return show_profile(request, OwnForm(instance=assistant), form)
    assistants.keep_language(assistant, Spoken(**form.cleaned_data), by=request.user)
    flash.success(request, _("Saved."))
    return redirect("assistant_profile")


@assistant_required
@require_POST
@lands
def assistant_language_drop(request, pk):
    mine = LanguageSkill.objects.filter(user=request.user)
    skill = to_drop(mine, pk, action="language.removed", by=request.user, to="assistant_profile")
    try:
        assistants.drop_language(request.user.assistant, skill, by=request.user)
    except Refused as no:
        flash.error(request, str(no))
    return redirect("assistant_profile")


@assistant_required
@require_http_methods(["GET", "POST"])
def assistant_conflicts(request):
    """Only she and her coordinators see it; they leave a line when they look."""
    assistant = request.user.assistant
    form = ConflictForm(request.POST or None, project=assistant.project)
    if request.method == "POST" and form.is_valid():
        try:
            conflicts.avoid(assistant, by=request.user, **form.about())
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("We will not ask you there."))
            return redirect("assistant_conflicts")
    context = {"conflicts": conflict_rows(assistant), "form": form, "tabs": own_tabs("assistant_conflicts")}
    return render(request, "institutions/assistant_conflicts.html", context)


@assistant_required
@require_POST
@lands
def assistant_conflict_drop(request, pk):
    mine = Conflict.objects.filter(assistant__user=request.user).select_related("assistant__project")
    conflict = to_drop(mine, pk, action="conflict.dropped", by=request.user, to="assistant_conflicts")
    conflicts.drop(conflict, by=request.user)
    flash.success(request, _("It is off the list."))
    return redirect("assistant_conflicts")


def conflict_rows(assistant: Assistant) -> list[dict]:
    """Each conflict with the agreed meetings that it is about, as she may see them."""
    found = conflicts.with_jobs(assistant)
    is_promised = any(conflict.jobs for conflict in found) and has_promised(assistant)

    def view(job):
        return disclosure.for_assignment(job, job.request, is_promised=is_promised)

    return [{"conflict": conflict, "jobs": [(job, view(job)) for job in conflict.jobs]} for conflict in found]


def paper_or_404(name: str):
    if name not in ACCEPTED:
        raise Http404
    paper = Paper(name)
    text = accepted_papers.text_of(paper, get_language())
    if text is None:
        raise Http404
    return paper, text


def show_profile(request, form, language_form):
    context = {
        "form": form,
        "language_form": language_form,
        "skills": LanguageSkill.objects.filter(user=request.user),
        "trainings": request.user.assistant.trainings.all(),
        "tabs": own_tabs("assistant_profile"),
    }
    return render(request, "institutions/assistant_profile.html", context)
