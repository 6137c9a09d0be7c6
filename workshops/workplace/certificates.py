"""Certificates of a workshop: who reached the attendance, drafts, the second signature, what is issued.

Trainers write drafts too; only planners issue, take back, and make exceptions.
"""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal import audit
from portal.refusals import Refused
from workshops import certificates, hours
from workshops.certificate_drafts import NeedsReason, why_not_draft
from workshops.certificate_forms import DraftForm, ExceptionForm, ReissueForm, RevokeForm
from workshops.certificate_views import pdf_response
from workshops.models import Certificate, Registration, Workshop
from workshops.workplace.desk import led_workshops, workshop_tabs
from workshops.workplace.forms import refuse

State = Certificate.State


def work_certificates(request, slug):
    workshop = get_object_or_404(led_workshops(request.user).with_next_session(), slug=slug)
    people = _people(workshop)
    standings = hours.standings_of(people)
    rows = list(
        Certificate.objects.filter(registration__workshop=workshop)
        .select_related("registration__user__certificate_name", "drafted_by", "issued_by", "replaced_by")
        .order_by("registration__user__name_key", "pk")
    )
    audit.record_reading([row.user for row in people], "certificate", by=request.user, purpose="certificates")
    changed = certificates.changed_since([row for row in rows if row.state != State.REVOKED], standings)
    drafts = [row for row in rows if row.is_draft]
    have = {row.registration_id for row in rows}
    without = [row for row in people if row.pk not in have]
    context = {
        "workshop": workshop,
        "tabs": workshop_tabs(workshop, "work_certificates") if workshop.can_plan else [],
        "drafts": drafts,
        "to_sign": [row for row in drafts if workshop.can_plan and row.drafted_by_id != request.user.pk],
        "issued": [row for row in rows if row.is_valid],
        "revoked": [row for row in rows if row.state == State.REVOKED],
        "changed": changed,
        "without": [_line(workshop, row, standings[row.pk], request.user) for row in without],
        "reached": sum(standing.is_enough for standing in standings.values()),
        "people": len(standings),
        "unmarked": sum(standing.unmarked for standing in standings.values()),
        "is_over": workshop.next_start_at is None,
    }
    return render(request, "workshops/workplace/certificates.html", context)


def _people(workshop: Workshop) -> list[Registration]:
    """Everybody who has or had a place, by name."""
    rows = workshop.registrations.filter(confirmed_at__isnull=False).select_related("user")
    people = list(rows.order_by("user__name_key", "pk"))
    for row in people:
        row.workshop = workshop
    return people


def _line(workshop: Workshop, row: Registration, standing: hours.Standing, user) -> dict:
    """Somebody without a certificate: what she lacks, and whether an exception could be made."""
    refusal = why_not_draft(row, standing, by=user, is_over=workshop.next_start_at is None)
    return {
        "row": row,
        "standing": standing,
        "lacking": max(-(-standing.threshold * standing.held_minutes // 100) - standing.credited_minutes, 0),
        "is_ready": refusal is None,
        "can_be_exception": workshop.can_plan and isinstance(refusal, NeedsReason),
    }


@require_POST
def work_certificates_draft(request, slug):
    workshop = get_object_or_404(led_workshops(request.user), slug=slug)
    try:
        new = certificates.draft_all(workshop, by=request.user)
    except Refused as no:
        messages.error(request, no)
    else:
        told = ngettext("%(number)d draft is written.", "%(number)d drafts are written.", len(new))
        messages.success(request, told % {"number": len(new)})
    return redirect("work_certificates", slug)


@require_POST
def work_certificates_issue(request, slug):
    """Sign all drafts that stood on the page and that somebody else wrote."""
    workshop = get_object_or_404(Workshop.objects.managed_by(request.user), slug=slug)
    pairs = (value.partition(":") for value in request.POST.getlist("seen"))
    seen = {public_id: fingerprint for public_id, _colon, fingerprint in pairs}
    issued, left = certificates.issue_all(workshop, by=request.user, seen=seen)
    if issued:
        told = ngettext(
            "%(number)d certificate is issued, and the person is told.",
            "%(number)d certificates are issued, and the people are told.",
            len(issued),
        )
        messages.success(request, told % {"number": len(issued)})
    if left or not issued:
        told = _("Some drafts were not issued. Please look at each of them.")
        messages.warning(request, told if left else _("No draft waits for your signature."))
    return redirect("work_certificates", slug)


def work_certificates_pdf(request, slug):
    """All valid ones in one file, to print."""
    workshop = get_object_or_404(Workshop.objects.managed_by(request.user), slug=slug)
    rows = list(
        Certificate.objects.filter(registration__workshop=workshop, state=State.ISSUED)
        .with_people()
        .order_by("year", "number")
    )
    if not rows:
        raise Http404
    people = [row.registration.user for row in rows]
    audit.record_reading(people, "certificate", by=request.user, purpose="printing")
    return pdf_response(rows, name=f"{workshop.slug}-certificates")


def work_certificate_new(request, public_id):
    """An exception, with a reason: below the attendance needed, or before the last meeting."""
    rows = Registration.objects.managed_by(request.user).select_related("workshop__project", "user")
    row = get_object_or_404(rows, public_id=public_id)
    form = ExceptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            certificates.draft(row, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            messages.success(request, _("The draft is written. A second person has to issue it."))
            return redirect("work_certificates", row.workshop.slug)
    audit.record_reading(row.user, "certificate", by=request.user, purpose="certificates")
    context = _context(row) | {"form": form, "standing": hours.standing(row)}
    return render(request, "workshops/workplace/certificate_new.html", context)


def work_certificate(request, public_id):
    """One of them: a draft to look at, to put right and to sign, or what became of it."""
    row = get_object_or_404(Certificate.objects.led_by(request.user).with_people(), public_id=public_id)
    form = DraftForm(request.POST or None, initial=DraftForm.facts_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            certificates.correct_draft(row, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            messages.success(request, _("The draft is saved. Somebody else has to issue it."))
            return redirect("work_certificate", public_id)
    audit.record_reading(row.registration.user, "certificate", by=request.user, purpose="certificates")
    can_plan = Workshop.objects.managed_by(request.user).filter(pk=row.registration.workshop_id).exists()
    context = _context(row.registration) | {
        "certificate": row,
        "form": form,
        "can_plan": can_plan,
        "can_sign": can_plan and row.is_draft and row.drafted_by_id not in (request.user.pk, None),
    }
    return render(request, "workshops/workplace/certificate.html", context)


@require_POST
def work_certificate_issue(request, public_id):
    row = _managed(request, public_id)
    try:
        row = certificates.approve_and_issue(row, by=request.user, seen=request.POST.get("seen", ""))
    except Refused as no:
        messages.error(request, no)
        return redirect("work_certificate", public_id)
    messages.success(request, _("Certificate %(number)s is issued.") % {"number": row.serial})
    return redirect("work_certificates", row.registration.workshop.slug)


@require_POST
def work_certificate_throw_away(request, public_id):
    rows = Certificate.objects.led_by(request.user).with_people()
    row = get_object_or_404(rows, public_id=public_id)
    try:
        certificates.throw_away(row, by=request.user)
    except Refused as no:
        messages.error(request, no)
    else:
        messages.success(request, _("The draft is thrown away."))
    return redirect("work_certificates", row.registration.workshop.slug)


def work_certificate_revoke(request, public_id):
    row = _managed(request, public_id)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            certificates.revoke(row, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            messages.success(request, _("The certificate is taken back. The person is told."))
            return redirect("work_certificates", row.registration.workshop.slug)
    audit.record_reading(row.registration.user, "certificate", by=request.user, purpose="certificates")
    context = _context(row.registration) | {"certificate": row, "form": form}
    return render(request, "workshops/workplace/certificate_revoke.html", context)


def work_certificate_reissue(request, public_id):
    row = _managed(request, public_id)
    form = ReissueForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            new = certificates.reissue(row, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            messages.success(request, _("A new draft is written. A second person has to issue it."))
            return redirect("work_certificate", new.public_id)
    audit.record_reading(row.registration.user, "certificate", by=request.user, purpose="certificates")
    context = _context(row.registration) | {
        "certificate": row,
        "form": form,
        "wish": certificates.wished(row.registration.user),
        "standing": hours.standing(row.registration),
    }
    return render(request, "workshops/workplace/certificate_reissue.html", context)


def work_certificate_pdf(request, public_id):
    """For planners and trainers; a draft and what was taken back say so across the page."""
    row = get_object_or_404(Certificate.objects.led_by(request.user).with_people(), public_id=public_id)
    audit.record_reading(row.registration.user, "certificate", by=request.user, purpose="printing")
    return pdf_response([row], name=row.serial.replace("/", "-") or "draft")


def _managed(request, public_id) -> Certificate:
    return get_object_or_404(Certificate.objects.managed_by(request.user).with_people(), public_id=public_id)


def _context(registration: Registration) -> dict:
    return {"workshop": registration.workshop, "registration": registration}
