from django.http import HttpResponse


def for_institutions(request, **kw):
    return HttpResponse("")
