"""The workshops to come as calendars to subscribe to, with the filters of the list."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal import calendars
from portal.access import public
from workshops import calendar, search
from workshops.models import Session, Workshop

#: What is over stays so long, so that a calendar read once a day does not lose this morning.
KEEP = timedelta(days=1)
AT_MOST = 1000
#: Seconds for which a program, or whatever stands between, need not ask again.
FRESH = 1800


@public
@require_safe
def workshops_calendar(request: HttpRequest) -> HttpResponse:
    """With the filters of the list. One that is not known shows nothing, and never everything."""
    criteria = {name: request.GET[name] for name in search.FILTERS if request.GET.get(name)}
    if any("\x00" in value or len(value) > 80 for value in criteria.values()):
        raise Http404
    now = timezone.now()
    announced = Workshop.objects.published().exclude(signup_mode=Workshop.SignupMode.BY_INVITATION)
    shown = search.fitting(announced, **criteria)
    off_before = Q(state=Session.State.CANCELLED) & Q(end_at__lt=now)
    sessions = Session.objects.filter(workshop__in=shown.order_by(), end_at__gt=now - KEEP)
    sessions = sessions.exclude(off_before).select_related("workshop").order_by("start_at", "id")[:AT_MOST]
    name = _("%(site)s: workshops") % {"site": settings.SITE_NAME}
    body = calendar.feed(sessions, name=name)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="workshops.ics"'
    response["ETag"] = etag = calendars.etag_of(body)
    patch_cache_control(response, public=True, max_age=FRESH)
    return get_conditional_response(request, etag=etag, response=response)
