from django.http import HttpResponse


def assistant_home(request, **kw):
    return HttpResponse("")


def assistant_hours(request, **kw):
    return HttpResponse("")


def assistant_job(request, **kw):
    return HttpResponse("")


def assistant_offer(request, **kw):
    return HttpResponse("")


def assistant_report(request, **kw):
    return HttpResponse("")


def assistant_withdraw(request, **kw):
    return HttpResponse("")


def offer_accept(request, **kw):
    return HttpResponse("")


def offer_refuse(request, **kw):
    return HttpResponse("")
