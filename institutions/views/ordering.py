"""The official writes an order, looks at what the assistant will see of it, and sends it."""

import re
from uuid import UUID

from django.conf import settings
from django.contrib import messages as flash
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions import disclosure, questions, requests, requirements, series
from institutions.access import official_required
from institutions.advice import advice_of
from institutions.amendments import ChangedMeanwhile, version
from institutions.change_forms import AnswerForm
from institutions.forms import refuse
from institutions.models import AssistanceRequest, Institution, Mode, Official, RequestQuestion, Unit
from institutions.request_forms import RequestForm, initial_of
from institutions.transitions import NotThere
from institutions.views.again import DoneBefore, did, lands
from portal.clock import WARSAW
from portal.refusals import Refused

State = AssistanceRequest.State


@official_required
@require_http_methods(["GET", "POST"])
def assistance_new(request):
    """``?from=``: ask again, with everything but the time as in an earlier request."""
    form = order_form(request, lambda faces: first_words(request, faces))
    if request.method == "POST" and "fill" not in request.POST and form.is_valid():
        draft = keep(request, form)
        if draft:
            return redirect("assistance_check", draft.public_id)
    return render(request, "institutions/assistance_new.html", paper(form, draft=None))


@official_required
@require_http_methods(["GET", "POST"])
@lands
def assistance_draft(request, public_id):
    draft = own_draft(request, public_id)
    disclosure.record_details(draft, by=request.user, viewer=disclosure.Viewer.OFFICIAL)
    seen = {"seen": series.version_of(draft)}
    form = order_form(request, lambda faces: initial_of(draft, faces) | repeated(draft) | seen)
    is_sent = request.method == "POST" and "fill" not in request.POST
    if is_sent and form.is_valid() and keep(request, form, draft=draft):
        return redirect("assistance_check", draft.public_id)
    return render(request, "institutions/assistance_new.html", paper(form, draft=draft))


@official_required
@require_GET
@lands
def assistance_check(request, public_id):
    """Exactly what an assistant reads before and after she agrees, with what we would advise."""
    draft = own_draft(request, public_id)
    disclosure.record_details(draft, by=request.user, viewer=disclosure.Viewer.OFFICIAL)
    rows = series.together(draft)
    return render(
        request,
        "institutions/assistance_check.html",
        {
            "draft": draft,
            "outline": disclosure.outline(draft),
            "details": disclosure.view_of(draft, request.user, viewer=disclosure.Viewer.OFFICIAL).details,
            "points": requirements.requirements_of(draft),
            "advice": advice_of(draft, by=request.user),
            "modes": [str(Mode(mode).label) for mode in draft.ranked_modes],
            "meetings": rows if len(rows) > 1 else [],
            "seen": version(*rows),
        },
    )


@official_required
@require_POST
def assistance_send(request, public_id):
    draft = own_request(request, public_id)
    try:
        sent = series.send(draft, by=request.user, seen=request.POST.get("seen", ""))
    except Refused as no:
        flash.error(request, str(no))
        return back_after(no, "assistance_check", public_id)
    if any(row.state == State.SUBMITTED for row in sent):
        flash.success(request, _("Thank you. A coordinator looks at it first, and we write to you."))
    else:
        flash.success(request, _("Thank you. We are looking for an assistant and will write to you."))
    return redirect("assistance_request", public_id)


@official_required
@require_POST
@lands
def assistance_draft_delete(request, public_id):
    refuse_deleted(request, public_id)
    try:
        requests.delete_draft(own_request(request, public_id), by=request.user)
    except Refused as no:
        flash.error(request, str(no))
        return back_after(no, "assistance_request", public_id)
    flash.success(request, _("The draft is deleted."))
    return redirect("assistance")


@official_required
@require_POST
@lands
def assistance_leave_out(request, public_id):
    """One day less of a series that was not sent yet."""
    refuse_deleted(request, public_id)
    draft = own_draft(request, public_id)
    try:
        left = series.leave_out(draft, by=request.user)
    except Refused as no:
        flash.error(request, str(no))
        return back_after(no, "assistance_request", public_id)
    flash.success(request, _("This day is left out."))
    return redirect("assistance_check", left.public_id) if left else redirect("assistance")


@official_required
@require_http_methods(["GET", "POST"])
@lands
def assistance_answer(request, public_id):
    asked = own_request(request, public_id)
    question = open_question(asked)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            questions.answer(
                question,
                by=request.user,
                text=form.cleaned_data["answer"],
                is_checked=form.cleaned_data["is_checked"],
            )
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Thank you. The network has your answer."))
            return redirect("assistance_request", public_id)
    context = {"asked": asked, "question": question, "form": form, "outline": disclosure.outline(asked)}
    return render(request, "institutions/assistance_answer.html", context)


def open_question(asked: AssistanceRequest) -> RequestQuestion:
    question = asked.questions.order_by("answered_at").last()
    if question is None:
        raise Http404
    if question.answered_at:
        raise DoneBefore("assistance_request", asked.public_id)
    return question


# --- What these views share ------------------------------------------------------------------------------


def own_request(request, public_id) -> AssistanceRequest:
    rows = AssistanceRequest.objects.visible_to(request.user).select_related(
        "institution", "unit", "requested_by"
    )
    return get_object_or_404(rows, public_id=public_id)


def own_draft(request, public_id) -> AssistanceRequest:
    draft = own_request(request, public_id)
    if draft.state != State.DRAFT:
        raise DoneBefore("assistance_request", public_id)
    return draft


def back_after(no: Refused, page: str, public_id):
    """To the page of what could not be done; of a draft that is gone there is none."""
    return redirect("assistance") if isinstance(no, NotThere) else redirect(page, public_id)


def refuse_deleted(request, public_id) -> None:
    """A draft that she has deleted before."""
    drafts = AssistanceRequest.objects.filter(public_id=public_id)
    if not drafts.exists() and did(
        request.user, "request.draft_deleted", drafts, data__public_id=str(public_id)
    ):
        raise DoneBefore("assistance")


def order_form(request, initial, *, institutions=None, form_class=RequestForm):
    """The form as it was sent; with "fill", as it was typed and with the place of the chosen unit."""
    institutions = Institution.objects.served_by(request.user) if institutions is None else institutions
    common = {"institutions": institutions, "by": request.user}
    if request.method == "POST" and "fill" not in request.POST:
        return form_class(request.POST, **common)
    form = form_class(**common)
    form.initial = as_typed(request.POST, form) if request.method == "POST" else initial(form.faces)
    return form


def paper(form, **context) -> dict:
    """What every page with the order's form needs."""
    return {"form": form, "sworn_url": settings.ASSISTANCE["sworn_interpreters_url"]} | context


def as_typed(data, form) -> dict:
    typed = {
        name: data.getlist(name) if name == "sensitivities" else data.get(name, "") for name in form.fields
    }
    key = data.get("unit") or ""
    unit = form.fields["unit"].queryset.filter(pk=key).first() if re.fullmatch(r"[0-9]{1,18}", key) else None
    return typed | (place_of_unit(unit) if unit else {})


def place_of_unit(unit: Unit) -> dict:
    return {
        "address": unit.address,
        "town": unit.town or unit.institution.town,
        "county": unit.county or unit.institution.county,
        "contact_phone": unit.phone,
    }


def first_words(request, faces) -> dict:
    """What the form knows before anybody has typed: the place of the official, or an earlier request."""
    earlier = request.GET.get("from", "")
    if earlier:
        rows = AssistanceRequest.objects.visible_to(request.user)
        found = rows.filter(public_id=earlier).first() if is_uuid(earlier) else None
        if found:
            disclosure.record_details(found, by=request.user, viewer=disclosure.Viewer.OFFICIAL)
            return initial_of(found, faces, with_time=False)
    seat = (
        Official.objects.serving()
        .filter(user=request.user)
        .select_related("institution", "unit__institution")
        .order_by("id")
        .first()
    )
    unit = seat.unit or seat.institution.units.open().first()
    if unit and unit.closed_at is None:
        return {"institution": seat.institution_id, "unit": unit.pk} | place_of_unit(unit)
    place = seat.institution
    return {"institution": place.pk, "town": place.town, "county": place.county}


def repeated(draft: AssistanceRequest) -> dict:
    """The other days of a draft, one by one: they may have been put together in any way."""
    days = [timezone.localtime(row.start_at, WARSAW) for row in series.drafts_beside(draft)]
    if not days:
        return {}
    return {"repeat": series.Repeat.CHOSEN, "chosen": ", ".join(f"{day:%d.%m.%Y}" for day in sorted(days))}


def keep(request, form: RequestForm, draft: AssistanceRequest | None = None) -> AssistanceRequest | None:
    """Save a draft with the days of its series; what is refused stands in the form then."""
    try:
        days = series.days_of(form.cleaned_data["start_on"], **form.days)
        saved = series.save_drafts(
            form.cleaned_data["institution"],
            days=days.days,
            by=request.user,
            draft=draft,
            key=form.cleaned_data["key"],
            seen=form.cleaned_data["seen"],
            **form.order(),
        )
    except ChangedMeanwhile as no:
        refuse(form, no)
        # She knows now: if she saves once more, it is her words that stay.
        form.data = form.data.copy()
        form.data["seen"] = series.version_of(own_draft(request, draft.public_id))
        return None
    except Refused as no:
        refuse(form, no)
        return None
    if days.holidays:
        left_out = ", ".join(f"{day:%d.%m.%Y}" for day in days.holidays)
        flash.info(request, _("Left out, because it is a public holiday: %(days)s.") % {"days": left_out})
    return saved


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
