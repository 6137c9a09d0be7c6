"""What base.html needs on every page."""

from functools import lru_cache

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from institutions.models import Assistant, Official
from portal import demo
from portal.languages import OWN_NAMES, address_in
from portal.models import User
from portal.pages.access_panel import settings_of_display
from projects.models import ProjectStaff


def site(request: HttpRequest) -> dict:
    """Everything here is free until a template asks for it."""
    return {
        "site_name": settings.SITE_NAME,
        "is_demo": settings.DEMO,
        "languages": SimpleLazyObject(lambda: languages(request)),
        "navigation": SimpleLazyObject(lambda: navigation(request)),
        "demo_accounts": SimpleLazyObject(demo_accounts),
        **settings_of_display(request),
    }


def demo_accounts() -> list[dict]:
    """Whom a visitor of the demo may sign in as."""
    if not settings.DEMO:
        return []
    roles_told = {
        "migrant": _("A migrant"),
        "coordinator": _("A coordinator"),
        "trainer": _("A trainer"),
        "official": _("An official"),
        "assistant": _("An assistant who interprets"),
        "administrator": _("An administrator"),
    }
    return [{"role": roles_told[role], "address": address} for role, address in demo.accounts()]


def languages(request: HttpRequest) -> list[dict]:
    """This page in each language, in its own name."""
    here = get_language()
    full_path = request.get_full_path()
    addresses = {code: address_in(code, full_path) for code in OWN_NAMES}
    return [
        {
            "code": code,
            "name_local": name,
            "url": addresses[code],
            # For search engines: without what was asked, and with the name of the site.
            "absolute": settings.SITE_URL + addresses[code].partition("?")[0],
            "current": code == here,
        }
        for code, name in OWN_NAMES.items()
    ]


def roles(user) -> dict[str, bool]:
    """All roles of a person in one query."""
    mine = {"user": OuterRef("pk")}
    return (
        User.objects.filter(pk=user.pk)
        .annotate(
            is_project_staff=Exists(ProjectStaff.objects.serving().filter(**mine)),
            is_official=Exists(Official.objects.serving().filter(**mine)),
            is_assistant=Exists(Assistant.objects.filter(**mine)),
        )
        .values("is_project_staff", "is_official", "is_assistant")
        .get()
    )


def navigation(request: HttpRequest) -> list[dict]:
    """The public pages, and the workplaces of the roles the person holds."""
    places = [(_("Workshops"), "workshops/"), (_("Projects"), "projects/")]
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        places.append((_("For institutions"), "for-institutions/"))
    else:
        held = roles(user)
        places.append((_("My page"), "me/"))
        if held["is_project_staff"] or user.is_superuser:
            places.append((_("Workplace"), "work/"))
        if held["is_official"]:
            places.append((_("Assistance"), "assistance/"))
        if held["is_assistant"]:
            places.append((_("My interpreting"), "assistant/"))
        if user.is_superuser:
            places.append((_("Administration"), "admin/"))
    return [
        {"label": label, "url": url, "current": request.path.startswith(url), "count": None}
        for label, path in places
        if leads_somewhere(url := f"/{get_language()}/{path}")
    ]


@lru_cache(maxsize=200)
def leads_somewhere(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
