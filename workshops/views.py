from django.http import HttpResponse

from portal.access import public


@public
def workshops(request):
    return HttpResponse("")


@public
def workshop(request, slug):
    return HttpResponse("")


@public
def register(request, slug):
    return HttpResponse("")


@public
def registered(request, slug):
    return HttpResponse("")


def cancel_registration(request, slug):
    return HttpResponse("")


@public
def workshop_calendar(request, slug):
    return HttpResponse("")
