from django.http import HttpResponse


def work_assign(request, **kw):
    return HttpResponse("")


def work_assistance(request, **kw):
    return HttpResponse("")


def work_assistance_request(request, **kw):
    return HttpResponse("")


def work_cancel(request, **kw):
    return HttpResponse("")


def work_withdraw(request, **kw):
    return HttpResponse("")
