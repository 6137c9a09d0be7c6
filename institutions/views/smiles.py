"""Three faces for the client: her own language, no sign-in, and nothing kept of her in the browser."""

from datetime import date
from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from institutions import smile_card, smiles
from institutions.views.tabs import voice_tabs
from institutions.voice_forms import FACES, CodeForm
from portal.access import public
from portal.desk import desk_tabs
from portal.languages import OWN_NAMES, SITE_LANGUAGES
from portal.refusals import Refused
from projects.access import coordinator_required


# Without a cookie there is no token to compare. The code in the address is the right to press, and nobody
# is signed in here whose name could be misused.
@csrf_exempt
@public
@never_cache
@require_http_methods(["GET", "POST"])
def smile(request: HttpRequest, code: str) -> HttpResponse:
    job = smiles.read_code(code)
    if job is None:
        return _quiet(render(request, "institutions/smile_unknown.html", status=404))
    if request.method == "POST":
        try:
            smiles.press(job, _face(request))
        except Refused as no:
            return _quiet(render(request, "institutions/smile.html", _page(job, code, str(no)), status=400))
        return _quiet(redirect("smile", code))
    return _quiet(render(request, "institutions/smile.html", _page(job, code)))


@csrf_exempt
@public
@never_cache
@require_http_methods(["GET", "POST"])
def smile_start(request: HttpRequest) -> HttpResponse:
    """For a card on which the code was written by hand."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        job = smiles.read_code(form.cleaned_data["code"])
        if job:
            return _quiet(redirect("smile", smiles.code_of(job)))
        return _quiet(render(request, "institutions/smile_unknown.html", status=404))
    context = {"form": form, "own_languages": _in_languages("smile_start")}
    return _quiet(render(request, "institutions/smile_start.html", context))


@public
@require_GET
def smile_cards(request: HttpRequest) -> HttpResponse:
    """A sheet of blank cards for the drawer of an office: they tell nothing of anybody."""
    answer = HttpResponse(smile_card.pdf(), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="cards.pdf"'
    patch_cache_control(answer, public=True, max_age=3600)
    return answer


@coordinator_required
@require_GET
def work_smiles(request):
    today = timezone.localdate()
    since = date(today.year - 1, today.month, 1)
    context = {
        "tabs": desk_tabs("work_assistance"),
        "voice_tabs": voice_tabs("work_smiles"),
        "months": months_of(smiles.by_month(request.user, since=since)),
        "limit": settings.ASSISTANCE["smiles_shown_from"],
    }
    return render(request, "institutions/work_smiles.html", context)


def months_of(rows: list[dict]) -> list[dict]:
    """What is shown of each month, and of how many institutions it is not."""
    months = []
    for month, group in groupby(rows, key=lambda row: row["month"]):
        there = list(group)
        shown = [row for row in there if row["number"] is not None]
        months.append({"month": month, "rows": shown, "hidden": len(there) - len(shown)})
    return months


def _page(job, code: str, refusal: str = "") -> dict:
    return {
        "is_open": smiles.is_open(job),
        "is_pressed": hasattr(job, "smile"),
        "faces": FACES,
        "refusal": refusal,
        "own_languages": _in_languages("smile", code),
    }


def _in_languages(name: str, *arguments) -> list[tuple[str, str, str]]:
    """The same page in each language, named in itself."""
    found = []
    for language in SITE_LANGUAGES:
        with translation.override(language):
            found.append((language, OWN_NAMES[language], reverse(name, args=arguments)))
    return found


def _face(request: HttpRequest) -> int:
    face = request.POST.get("face", "")
    return int(face) if face.isdecimal() and len(face) == 1 else 0


def _quiet(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
