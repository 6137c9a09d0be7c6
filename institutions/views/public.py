"""For officials who do not know the network yet."""

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_GET

from institutions.access import is_official
from institutions.models import Assistant
from participants.models import LanguageSkill
from portal.access import public
from portal.languages import SPOKEN_LANGUAGES

#: Levels too low to interpret.
TOO_LOW = [LanguageSkill.Level.A1, LanguageSkill.Level.A2]


@public
@require_GET
def for_institutions(request):
    context = {
        "can_ask": request.user.is_authenticated and is_official(request.user),
        "spoken": languages_there_are(),
        "sworn_url": settings.ASSISTANCE["sworn_interpreters_url"],
    }
    return render(request, "institutions/for_institutions.html", context)


def languages_there_are() -> list[str]:
    """Names only, never how many: for some languages there is one assistant, whom one could guess."""
    skills = LanguageSkill.objects.filter(user__in=Assistant.objects.active().values("user"))
    codes = set(skills.exclude(spoken__in=TOO_LOW).values_list("language", flat=True).order_by().distinct())
    return [str(name) for code, name in SPOKEN_LANGUAGES if code in codes - {"pl"}]
