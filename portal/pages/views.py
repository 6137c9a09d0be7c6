from django.http import HttpResponse

from portal.access import public


@public
def home(request):
    return HttpResponse("home")


def my_page(request):
    return HttpResponse("me")
