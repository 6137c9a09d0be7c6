"""One person of a workshop, for whoever plans it: her card, what she signed on paper, her children."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from participants import consents
from participants.papers import consent_sheet
from portal import audit, card_paper, cards
from portal.access import allowed_to
from portal.languages import OWN_NAMES
from portal.refusals import Refused
from projects.access import is_coordinator, is_trainer
from workshops import families, newcomers
from workshops.family_forms import ChildForm
from workshops.models import Registration
from workshops.workplace.desk import workshop_tabs
from workshops.workplace.people_forms import PaperForm


def work_person(request, public_id):
    """Her contact, who answers for her, whom she answers for, what she signed, and her card."""
    row = _row(request, public_id)
    form = ChildForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _add_child(request, row.user, form):
        return redirect("work_person", public_id)
    children = [] if row.user.guardian_id else list(families.children_of(row.user))
    seen = [row.user, *children, *([row.user.guardian] if row.user.guardian else [])]
    audit.record_reading(seen, "registration", by=request.user, purpose="planning")
    context = {
        "row": row,
        "person": row.user,
        "workshop": row.workshop,
        "tabs": workshop_tabs(row.workshop, "work_people"),
        "children": children,
        "consents": list(consents.given(row.user, audience=consents.Audience.EVERYBODY).values()),
        "card": cards.in_hand(row.user),
        "paper": PaperForm(initial={"language": row.user.language}),
        "child_form": form,
        "make_assistant_url": _make_assistant_url(request, row.user),
    }
    return render(request, "workshops/workplace/person.html", context)


@require_POST
@never_cache
def work_card(request, public_id):
    """A new card, as a file to print: the code is kept nowhere, so there is no second look at it."""
    row = _row(request, public_id)
    try:
        card, code = cards.issue(row.user, by=request.user)
    except Refused as no:
        messages.error(request, no)
        return redirect("work_person", public_id)
    return _pdf(card_paper.paper(row.user, card, code), "card")


@require_POST
def work_card_revoke(request, public_id):
    row = _row(request, public_id)
    cards.revoke(row.user, by=request.user)
    messages.success(request, _("The card opens nothing any more."))
    return redirect("work_person", public_id)


@require_POST
def work_paper_consents(request, public_id):
    """What she signed on paper, in which language."""
    row = _row(request, public_id)
    form = PaperForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        newcomers.record_paper(
            row.user, language=given["language"], purposes=tuple(given["purposes"]), by=request.user
        )
        messages.success(request, _("It is written down what the person has signed."))
    else:
        messages.error(request, _("Please choose the language of the signed paper."))
    return redirect("work_person", public_id)


def work_person_sheet(request, public_id, language):
    """The consent texts with her name, to sign."""
    row = _row(request, public_id)
    audit.record_reading(row.user, "name", by=request.user, purpose="consent on paper")
    return _pdf(_sheet(language, name=row.user.get_full_name()), f"consents-{language}")


@allowed_to(lambda user: is_coordinator(user) or is_trainer(user))
def work_consent_sheet(request, language):
    """The same with a line for the name, for whoever comes without having registered."""
    return _pdf(_sheet(language), f"consents-{language}")


def _make_assistant_url(request, person) -> str:
    """Where a coordinator makes somebody an assistant of the network: another app's page, by its name."""
    if person.guardian_id or not person.email or not is_coordinator(request.user):
        return ""
    try:
        return reverse("work_assistant_new")
    except NoReverseMatch:
        return ""


def _row(request, public_id) -> Registration:
    rows = Registration.objects.managed_by(request.user)
    return get_object_or_404(rows.select_related("workshop__project", "user__guardian"), public_id=public_id)


def _add_child(request, guardian, form: ChildForm) -> bool:
    try:
        child = families.add_child(guardian, by=request.user, **form.cleaned_data)
    except Refused as no:
        form.refuse(no)
        return False
    messages.success(request, _("%(name)s is added.") % {"name": child})
    return True


def _sheet(language: str, *, name: str = "") -> bytes:
    if language not in OWN_NAMES:
        raise Http404
    return consent_sheet(language, name=name)


def _pdf(paper: bytes, name: str) -> HttpResponse:
    disposition = f'inline; filename="{name}.pdf"'
    return HttpResponse(paper, content_type="application/pdf", headers={"Content-Disposition": disposition})
