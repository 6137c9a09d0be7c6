from django.http import HttpResponse


def assistance(request, **kw):
    return HttpResponse("")


def assistance_cancel(request, **kw):
    return HttpResponse("")


def assistance_confirm(request, **kw):
    return HttpResponse("")


def assistance_dispute(request, **kw):
    return HttpResponse("")


def assistance_new(request, **kw):
    return HttpResponse("")


def assistance_request(request, **kw):
    return HttpResponse("")
