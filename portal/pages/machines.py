"""Addresses for machines: is it alive, is it ready, what may be indexed."""

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache

from portal import health
from portal.access import public
from portal.languages import OWN_NAMES
from projects.models import Project
from workshops.models import Workshop


@public
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """The web process answers; nothing else is asked."""
    return JsonResponse({"ok": True})


@public
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    report = health.report()
    return JsonResponse(report, status=200 if report["ok"] else 503)


@public
def robots(request: HttpRequest) -> HttpResponse:
    closed = ["account/", "me/", "work/", "assistance/", "assistant/", "admin/", "outbox/"]
    lines = ["User-agent: *", *(f"Disallow: /*/{path}" for path in closed)]
    lines.append(f"Sitemap: {settings.SITE_URL}/sitemap.xml")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@public
def sitemap(request: HttpRequest) -> HttpResponse:
    pages = [in_every_language(name, slug) for name, slug in _public_pages()]
    return render(request, "portal/sitemap.xml", {"pages": pages}, content_type="application/xml")


def in_every_language(name: str, slug: str) -> dict[str, str]:
    """The absolute address of a page by language."""
    addresses = {}
    for code in OWN_NAMES:
        with translation.override(code):
            addresses[code] = settings.SITE_URL + reverse(name, args=[slug] if slug else None)
    return addresses


def _public_pages() -> Iterator[tuple[str, str]]:
    for name in ("home", "workshops", "project_list", "about", "contact", "privacy_notice", "accessibility"):
        yield name, ""
    for slug in Project.objects.published().order_by("slug").values_list("slug", flat=True):
        yield "project_page", slug
    for slug in Workshop.objects.announced().values_list("slug", flat=True):
        yield "workshop", slug


@public
def favicon(request: HttpRequest) -> HttpResponse:
    """For what asks without reading the page, which names the picture."""
    return HttpResponseRedirect(static("img/favicon.svg"))
