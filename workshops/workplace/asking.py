"""What a workshop asks and what people answered: own questions, the invitation, practical needs, levels."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import audit
from portal.refusals import Refused
from workshops import answers, invitations, needs, placement, questions
from workshops.models import Placement, Question, Registration, Workshop
from workshops.workplace.asking_forms import PlacementForm, QuestionForm
from workshops.workplace.desk import led_workshops, workshop_tabs
from workshops.workplace.forms import refuse


def work_questions(request, slug):
    """Own questions in their order, and the link of an invitation."""
    workshop = get_object_or_404(_managed(request), slug=slug)
    by_invitation = workshop.signup_mode == Workshop.SignupMode.BY_INVITATION
    context = {
        "workshop": workshop,
        "tabs": workshop_tabs(workshop, "work_questions"),
        "questions": list(workshop.questions.all()),
        "invitation": invitations.link_to(workshop, get_language()) if by_invitation else "",
        "kept_days": settings.NEEDS_KEPT_DAYS,
    }
    return render(request, "workshops/workplace/questions.html", context)


def work_question_new(request, slug):
    workshop = get_object_or_404(_managed(request), slug=slug)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            questions.add(workshop, by=request.user, **form.facts())
        except Refused as no:
            refuse(form, no)
        else:
            messages.success(request, _("The question is asked from now on."))
            return redirect("work_questions", slug)
    return _question_page(request, workshop, form, title=_("A new question"))


def work_question_edit(request, pk):
    question = get_object_or_404(_questions(request), pk=pk)
    form = QuestionForm(request.POST or None, instance=question)
    if request.method == "POST" and form.is_valid():
        try:
            questions.edit(question, by=request.user, **form.facts())
        except Refused as no:
            refuse(form, no)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("work_questions", question.workshop.slug)
    return _question_page(request, question.workshop, form, title=_("Change the question"))


@require_POST
def work_question_delete(request, pk):
    question = get_object_or_404(_questions(request), pk=pk)
    try:
        questions.delete(question, by=request.user)
    except Refused as no:
        messages.error(request, no)
    else:
        messages.success(request, _("The question is deleted."))
    return redirect("work_questions", question.workshop.slug)


@require_POST
def work_question_move(request, pk):
    question = get_object_or_404(_questions(request), pk=pk)
    try:
        questions.move(question, by=request.user, up=request.POST.get("direction") == "up")
    except Refused as no:
        messages.error(request, no)
    return redirect("work_questions", question.workshop.slug)


@require_POST
def work_invitation(request, slug):
    """A new link; the old one is useless from now on."""
    workshop = get_object_or_404(_managed(request), slug=slug)
    try:
        invitations.renew(workshop, by=request.user)
    except Refused as no:
        messages.error(request, no)
    else:
        messages.success(request, _("There is a new link. The old one does not work any more."))
    return redirect("work_questions", slug)


def work_answers(request, slug):
    """Each person's answers; noted as a reading of her record."""
    workshop = get_object_or_404(_managed(request), slug=slug)
    asked = list(workshop.questions.all())
    rows = workshop.registrations.standing().select_related("user").prefetch_related("answers")
    rows = sorted(rows, key=lambda row: (row.user.name_key, row.pk))
    people = [row.user for row in rows if row.answers.all()]
    audit.record_reading(people, "answers", by=request.user, purpose="planning")
    context = {
        "workshop": workshop,
        "tabs": workshop_tabs(workshop, "work_people"),
        "questions": asked,
        "rows": [{"person": row.user, "cells": _cells(row, asked)} for row in rows],
        "kept_days": settings.NEEDS_KEPT_DAYS,
    }
    return render(request, "workshops/workplace/answers.html", context)


def work_needs(request, slug):
    """Numbers only: what people need to be able to come."""
    workshop = get_object_or_404(_managed(request), slug=slug)
    context = {
        "workshop": workshop,
        "tabs": workshop_tabs(workshop, "work_people"),
        "wanted": needs.wanted(workshop),
        "children": needs.childcare_wanted(workshop) if workshop.childcare_places else 0,
        "kept_days": settings.NEEDS_KEPT_DAYS,
    }
    return render(request, "workshops/workplace/needs.html", context)


def work_placement(request, slug):
    """The levels of everybody who is in it; for its trainers too."""
    workshop = get_object_or_404(led_workshops(request.user), slug=slug)
    rows = list(workshop.registrations.standing().select_related("user"))
    rows.sort(key=lambda row: (row.user.name_key, row.pk))
    placement.attach(rows)
    audit.record_reading([row.user for row in rows], "level", by=request.user, purpose="placement")
    context = {
        "workshop": workshop,
        "tabs": workshop_tabs(workshop, "work_placement") if workshop.can_plan else [],
        "rows": rows,
        "not_found": sum(not (row.placement and row.placement.placed_level) for row in rows),
    }
    return render(request, "workshops/workplace/placement.html", context)


def work_place(request, public_id):
    """Write down the level of one person; what was found before stays below."""
    workshops = led_workshops(request.user).values("pk")
    rows = Registration.objects.filter(workshop__in=workshops).select_related("workshop__project", "user")
    row = get_object_or_404(rows, public_id=public_id)
    history = list(Placement.objects.filter(user=row.user).select_related("placed_by"))
    form = PlacementForm(request.POST or None, last=history[0] if history else None)
    if request.method == "POST" and form.is_valid():
        try:
            placement.place(row, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            messages.success(request, _("The level is saved."))
            return redirect("work_placement", row.workshop.slug)
    if request.method == "GET":
        audit.record_reading(row.user, "level", by=request.user, purpose="placement")
    context = {"workshop": row.workshop, "row": row, "form": form, "history": history}
    return render(request, "workshops/workplace/place.html", context)


def _managed(request):
    return Workshop.objects.managed_by(request.user).select_related("project")


def _questions(request):
    managed = Workshop.objects.managed_by(request.user)
    return Question.objects.filter(workshop__in=managed).select_related("workshop__project")


def _question_page(request, workshop, form, *, title):
    context = {
        "workshop": workshop,
        "tabs": workshop_tabs(workshop, "work_questions"),
        "form": form,
        "title": title,
    }
    return render(request, "workshops/workplace/question.html", context)


def _cells(row: Registration, asked: list[Question]) -> list[dict]:
    given = {answer.question_id: answer.value for answer in row.answers.all()}
    return [
        {
            "question": question,
            "value": answers.in_words(question, given[question.pk]) if question.pk in given else "",
        }
        for question in asked
    ]
