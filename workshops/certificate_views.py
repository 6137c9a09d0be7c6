"""The person's own certificates, and the page on which anybody checks one."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.access import public
from portal.refusals import Refused
from workshops import certificate_papers, certificates
from workshops.certificate_drafts import wished
from workshops.certificate_forms import CertificateNameForm, CodeForm
from workshops.models import Certificate

#: Checks a minute from one address of the internet: an office with a pile of papers, and no search of codes.
CHECKS_A_MINUTE = 60


def my_certificates(request: HttpRequest) -> HttpResponse:
    """Her certificates, and how her name stands on them."""
    wish = wished(request.user)
    form = CertificateNameForm(request.POST or None, initial=wish)
    if request.method == "POST" and form.is_valid():
        try:
            certificates.choose_name(request.user, by=request.user, **form.cleaned_data)
        except Refused as no:
            form.add_error(no.field, str(no))
        else:
            messages.success(request, _("Your name is saved for your certificates."))
            return redirect("my_certificates")
    rows = Certificate.objects.visible_to(request.user).with_people().order_by("-issued_at", "-id")
    context = {
        "form": form,
        "rows": [{"certificate": row, "can_ask": _differs(row, wish, request.user)} for row in rows],
    }
    return render(request, "workshops/my_certificates.html", context)


def _differs(row: Certificate, wish: dict, user) -> bool:
    is_hers = row.registration.user_id == user.pk
    is_other = (row.printed_name, row.language) != (wish["printed_name"], wish["language"])
    return is_hers and row.is_valid and is_other and row.reissue_asked_at is None


def my_certificate_pdf(request: HttpRequest, public_id) -> HttpResponse:
    rows = Certificate.objects.visible_to(request.user).with_people()
    row = get_object_or_404(rows, public_id=public_id, state=Certificate.State.ISSUED)
    return pdf_response([row], name=row.serial.replace("/", "-"))


@require_POST
def my_certificate_again(request: HttpRequest, public_id) -> HttpResponse:
    """She asks for it with the name she has chosen since."""
    rows = Certificate.objects.visible_to(request.user).filter(registration__user=request.user)
    row = get_object_or_404(rows.with_people(), public_id=public_id)
    try:
        certificates.ask_reissue(row, by=request.user)
    except Refused as no:
        messages.error(request, no)
    else:
        messages.success(request, _("We have your request. The organiser will issue a new certificate."))
    return redirect("my_certificates")


@public
@never_cache
def certificate_check(request: HttpRequest) -> HttpResponse:
    """A code is typed by hand; the code on the paper leads past this page."""
    if request.method == "POST" and _is_flood(request):
        return _too_many(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = certificates.bare_code(form.cleaned_data["code"])
        if code:
            return redirect("certificate", code)
        form.add_error("code", _("This is not a code of a certificate."))
    return _unlisted(render(request, "workshops/certificate_check.html", {"form": form}))


@public
@never_cache
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Valid, revoked or unknown, and initials; whatever the code, the answer is of one kind."""
    if _is_flood(request):
        return _too_many(request)
    found = certificates.find(code)
    context = {
        "state": found.state if found else "unknown",
        "initials": found.initials if found else "",
        "form": CodeForm(),
    }
    return _unlisted(render(request, "workshops/certificate.html", context))


def pdf_response(rows: list[Certificate], *, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'inline; filename="{name}.pdf"',
        "Cache-Control": "no-store, private",
    }
    return HttpResponse(certificate_papers.pdf(rows), content_type="application/pdf", headers=headers)


def _is_flood(request: HttpRequest) -> bool:
    minute = int(timezone.now().timestamp()) // 60
    key = f"certificate-checks:{get_adapter().get_client_ip(request)}:{minute}"
    cache.add(key, 0, timeout=timedelta(minutes=2).total_seconds())
    return cache.incr(key) > CHECKS_A_MINUTE


def _too_many(request: HttpRequest) -> HttpResponse:
    return _unlisted(render(request, "429.html", status=429))


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
