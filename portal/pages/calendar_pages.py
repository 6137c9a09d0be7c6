"""A person's diary in her own calendar program: the page of its private address, and the feed behind it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseGone, HttpResponseNotFound
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portal import calendars
from portal.access import public
from portal.models import CalendarFeed

ACTIONS = {
    "open": (calendars.open_feed, gettext_lazy("Your calendar has an address now.")),
    "renew": (
        calendars.renew_feed,
        gettext_lazy("Here is the new address. The old one shows nothing any more."),
    ),
    "close": (calendars.close_feed, gettext_lazy("It is switched off. The address shows nothing any more.")),
}


def my_calendar(request: HttpRequest) -> HttpResponse:
    """The address of her feed: make it, show how to use it, make a new one, switch it off."""
    if request.method == "POST":
        verb, told = ACTIONS.get(request.POST.get("action"), (None, ""))
        if verb:
            verb(request.user)
            messages.success(request, told)
        return redirect("my_calendar")
    feed = calendars.feed_in_use(request.user)
    context = {"feed": feed, "is_neutral": calendars.wants_neutral(request.user)}
    context |= calendars.addresses_of(reverse("calendar_feed", args=[feed.token])) if feed else {}
    return render(request, "portal/my_calendar.html", context)


@public
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever knows the address reads it: calendar programs cannot sign in. No cookie is looked at or set."""
    rows = CalendarFeed.objects.select_related("user")
    feed = None if "\x00" in token else rows.filter(token=token).first()
    if feed is None:
        return HttpResponseNotFound(_("There is no such calendar."), content_type="text/plain; charset=utf-8")
    if feed.revoked_at or not feed.user.is_active:
        return HttpResponseGone(
            _("This address is no longer in use."), content_type="text/plain; charset=utf-8"
        )
    calendars.note_reading(feed)
    body, changed_at = calendars.feed_of(feed.user)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response["Last-Modified"] = http_date((changed_at or feed.created_at).timestamp())
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    response["ETag"] = etag = calendars.etag_of(body)
    # By the ETag alone: a new language or neutral messages change the words, and not the diary's last change.
    return get_conditional_response(request, etag=etag, response=response)
