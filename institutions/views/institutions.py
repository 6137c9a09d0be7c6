from django.http import HttpResponse


def work_institution(request, **kw):
    return HttpResponse("")


def work_institution_new(request, **kw):
    return HttpResponse("")


def work_institutions(request, **kw):
    return HttpResponse("")


def work_official_end(request, **kw):
    return HttpResponse("")


def work_official_new(request, **kw):
    return HttpResponse("")
