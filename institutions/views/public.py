"""For officials who do not know the network yet."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from institutions.access import is_official
from portal.access import public


@public
@require_GET
def for_institutions(request):
    can_ask = request.user.is_authenticated and is_official(request.user)
    return render(request, "institutions/for_institutions.html", {"can_ask": can_ask})
