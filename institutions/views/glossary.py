"""The glossary: words for assistants, by language and subject; a coordinator looks at what is suggested."""

from django.contrib import messages as flash
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions import terms
from institutions.access import assistant_required
from institutions.forms import refuse
from institutions.models import Subject, Term
from institutions.views.again import DoneBefore, lands
from institutions.visit_forms import NewTermForm, SpellingForm
from participants.models import LanguageSkill
from portal.desk import desk_tabs
from portal.languages import SPOKEN_LANGUAGES
from portal.refusals import Refused
from projects.access import coordinator_required

PAGE = 60


@assistant_required
@require_http_methods(["GET", "POST"])
def assistant_glossary(request):
    """Words in the languages she speaks; she can suggest one."""
    languages = own_languages(request.user)
    form = NewTermForm(request.POST or None, languages=languages)
    if request.method == "POST" and form.is_valid():
        try:
            terms.suggest(request.user.assistant, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Thank you. A coordinator looks at the word before it stands here."))
            return redirect("assistant_glossary")
    rows = terms.accepted().filter(language__in=[code for code, _name in languages])
    rows, chosen = narrow(rows, request.GET)
    page = Paginator(rows.order_by("language", "subject", "polish", "id"), PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "form": form, "term_languages": languages, "subjects": Subject.choices} | chosen
    waiting = Term.objects.filter(suggested_by__user=request.user, state=Term.State.SUGGESTED)
    context["waiting"] = waiting.order_by("-at", "-id")[:PAGE]
    return render(request, "institutions/assistant_glossary.html", context)


@coordinator_required
@require_GET
def work_glossary(request):
    rows, chosen = narrow(terms.accepted(), request.GET)
    page = Paginator(rows.order_by("language", "subject", "polish", "id"), PAGE).get_page(
        request.GET.get("page")
    )
    suggested = terms.suggested_to(request.user).order_by("language", "polish", "id")[:PAGE]
    languages = [pair for pair in SPOKEN_LANGUAGES if pair[0] != "pl"]
    context = {"page": page, "suggested": suggested, "term_languages": languages, "subjects": Subject.choices}
    context["tabs"] = desk_tabs("work_assistance")
    return render(request, "institutions/work_glossary.html", context | chosen)


@coordinator_required
@require_POST
@lands
def work_term(request, pk):
    """Taken in, perhaps better spelt, or not. What was refused stands on a page of its own, to look again."""
    term = get_object_or_404(terms.from_networks_of(request.user), pk=pk)
    if term.state != Term.State.SUGGESTED:
        raise DoneBefore("work_glossary")
    is_accepted = request.POST.get("decision") == "accept"
    form = SpellingForm(request.POST, term=term)
    if form.is_valid() or not is_accepted:
        spelling = form.cleaned_data if is_accepted else {}
        try:
            terms.decide(term, by=request.user, is_accepted=is_accepted, **spelling)
        except Refused as no:
            refuse(form, no)
        else:
            done = _("The word is in the glossary.") if is_accepted else _("The word is not taken in.")
            flash.success(request, done)
            return redirect("work_glossary")
    return render(request, "institutions/work_term.html", {"term": term, "form": form})


def narrow(rows, data) -> tuple:
    """By language and subject, as the address says; what is neither is passed over."""
    language, subject = data.get("language", ""), data.get("subject", "")
    if language in dict(SPOKEN_LANGUAGES):
        rows = rows.filter(language=language)
    if subject in Subject.values:
        rows = rows.filter(subject=subject)
    return rows, {"term_language": language, "term_subject": subject}


def own_languages(user) -> list[tuple]:
    spoken = set(LanguageSkill.objects.filter(user=user).values_list("language", flat=True)) - {"pl"}
    return [pair for pair in SPOKEN_LANGUAGES if pair[0] in spoken]
