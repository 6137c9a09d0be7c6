"""The outbox of the demo: whoever tries the portal reads her code and her reminders here."""

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from portal.access import public
from portal.models import Message

PAGE = 20


class OutboxFilter(forms.Form):
    address = forms.CharField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off", "dir": "ltr"}),
    )


@public
def demo_outbox(request: HttpRequest) -> HttpResponse:
    """All outgoing messages, the newest first. Outside the demo there is no such page."""
    if not settings.DEMO:
        raise Http404
    form = OutboxFilter(request.GET)
    rows = Message.objects.order_by("-created_at", "-id")
    if form.is_valid() and form.cleaned_data["address"]:
        rows = rows.filter(address__icontains=form.cleaned_data["address"].strip())
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/demo_outbox.html", {"form": form, "page_obj": page})
