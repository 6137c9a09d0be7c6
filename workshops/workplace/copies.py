"""Copying a workshop, and the templates that are there to be copied."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.desk import desk_tabs
from portal.refusals import Refused
from projects.access import coordinator_required
from workshops import copies
from workshops.models import Workshop
from workshops.workplace.desk import workshop_tabs
from workshops.workplace.forms import refuse
from workshops.workplace.session_forms import CopyForm

A_PAGE = 20


@coordinator_required
def work_templates(request):
    """The templates of her projects."""
    rows = Workshop.objects.managed_by(request.user).templates().select_related("project", "theme")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {"tabs": desk_tabs("work_workshops"), "page_obj": page}
    return render(request, "workshops/workplace/templates.html", context)


def work_workshop_copy(request, slug):
    """With dates they are shown first, and copied when that is agreed to."""
    workshop = get_object_or_404(_managed(request), slug=slug)
    form = CopyForm(request.POST or None, workshop=workshop)
    preview = None
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["first_on"] and request.POST.get("action") != "agreed":
            preview = form.preview()
        elif new := _copied(request, workshop, form):
            messages.success(request, _("The copy is a draft. Please look at it before you publish it."))
            return redirect("work_workshop", new.slug)
    context = {
        "workshop": workshop,
        "tabs": workshop_tabs(workshop, "work_workshop"),
        "form": form,
        "preview": preview,
    }
    return render(request, "workshops/workplace/workshop_copy.html", context)


@require_POST
def work_workshop_template(request, slug):
    workshop = get_object_or_404(_managed(request), slug=slug)
    new = copies.save_as_template(workshop, by=request.user)
    messages.success(request, _("The template is saved."))
    return redirect("work_workshop", new.slug)


@require_POST
def work_template_discard(request, slug):
    workshop = get_object_or_404(_managed(request).templates(), slug=slug)
    copies.discard(workshop, by=request.user)
    messages.success(request, _("The template is deleted. Workshops made from it stay."))
    return redirect("work_templates")


def _copied(request, workshop, form) -> Workshop | None:
    try:
        return copies.copy(workshop, by=request.user, **form.cleaned_data)
    except Refused as no:
        refuse(form, no)
        return None


def _managed(request):
    return Workshop.objects.managed_by(request.user).select_related("project", "theme")
