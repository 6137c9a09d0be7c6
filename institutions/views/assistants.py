from django.http import HttpResponse


def work_assistant(request, **kw):
    return HttpResponse("")


def work_assistant_new(request, **kw):
    return HttpResponse("")


def work_assistant_suspend(request, **kw):
    return HttpResponse("")


def work_assistants(request, **kw):
    return HttpResponse("")
