"""Other workshops for somebody who waits or finds it full: the nearest first, each with what is different."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.languages import SPOKEN_LANGUAGES, listed
from portal.models import User
from workshops.guards import in_words
from workshops.models import Registration, Session, Workshop

MOST = 4
#: So many of the nearest in time are compared.
CANDIDATES = 40


def alternatives_to(workshop: Workshop, *, user: User | None = None) -> list[dict]:
    """Coming workshops of the same row of copies, of its theme, or of its kind and level, that one can still
    register for; not those that the person is registered for already. Two queries, however many there are.
    """
    family = {workshop.pk, workshop.copied_from_id} - {None}
    alike = Q(copied_from__in=family) | Q(pk=workshop.copied_from_id) | Q(theme=workshop.theme_id)
    if workshop.level:
        alike |= Q(kind=workshop.kind, level=workshop.level)
    now = timezone.now()
    found = (
        Workshop.objects.upcoming(now)
        .filter(alike, next_start_at__gt=now)
        .exclude(pk=workshop.pk)
        .exclude(signup_mode=Workshop.SignupMode.BY_INVITATION)
        .with_free_seats()
        .select_related("theme")
        .prefetch_related("sessions")
    )
    if user is not None:
        here = Registration.objects.filter(workshop=OuterRef("pk"), user=user)
        closed = (Registration.State.DECLINED, Registration.State.REVOKED)
        found = found.exclude(Exists(here.standing())).exclude(Exists(here.filter(state__in=closed)))
    open_now = [other for other in found[:CANDIDATES] if _takes_people(other, now)]
    nearest = sorted(open_now, key=lambda other: _distance(other, workshop, family))[:MOST]
    return [_told(other, workshop, now) for other in nearest]


def _takes_people(other: Workshop, now) -> bool:
    opens_at, closes_at = other.registration_opens_at, other.closes_at()
    return bool(closes_at) and now < closes_at and not (opens_at and now < opens_at)


def _distance(other: Workshop, workshop: Workshop, family: set[int]) -> tuple:
    """Somewhere with a place first; then the same thing, the same language, the same town, and soon."""
    is_copy = other.pk in family or other.copied_from_id in family
    has_place = other.free_seats > 0 or other.signup_mode == Workshop.SignupMode.OPEN
    return (
        not has_place,
        not is_copy,
        other.level != workshop.level,
        not set(other.languages) & set(workshop.languages),
        other.town != workshop.town and other.format == Workshop.Format.ON_SITE,
        other.theme_id != workshop.theme_id,
        other.next_start_at,
        other.pk,
    )


def _told(other: Workshop, workshop: Workshop, now) -> dict:
    ahead = other.sessions_ahead(now)
    return {
        "workshop": other,
        "url": reverse("workshop", args=[other.slug]),
        "next": ahead[0],
        "differs": [bit for bit in _differences(other, workshop, ahead) if bit["text"]],
        "free": other.free_seats,
        "seats": _seats(other),
    }


def _differences(other: Workshop, workshop: Workshop, ahead: list[Session]) -> list[dict[str, str]]:
    """Icons and words for components/bit.html: only what is not as in the workshop she looks at."""
    spoken = dict(SPOKEN_LANGUAGES)
    languages = listed(spoken.get(code, code) for code in other.languages)
    is_near = other.town == workshop.town or not other.town
    has_childcare = other.childcare_places and not workshop.childcare_places
    becomes_online = workshop.format == Workshop.Format.ON_SITE and other.format != Workshop.Format.ON_SITE
    becomes_on_site = workshop.format == Workshop.Format.ONLINE and other.format != Workshop.Format.ONLINE
    return [
        {"icon": "clock", "text": _("another date: %(moment)s") % {"moment": in_words(ahead[0].start_at)}},
        {"icon": "place", "text": "" if is_near else _("another town: %(town)s") % {"town": other.town}},
        {"icon": "online", "text": _("on the internet") if becomes_online else ""},
        {"icon": "place", "text": _("on site") if becomes_on_site else ""},
        {
            "icon": "speech",
            "text": _("another language: %(languages)s") % {"languages": languages}
            if set(other.languages) != set(workshop.languages)
            else "",
        },
        {
            "icon": "chart",
            "text": _("another level: %(level)s") % {"level": other.level}
            if other.level and other.level != workshop.level
            else "",
        },
        {"icon": "child", "text": _("with childcare") if has_childcare else ""},
        {
            "icon": "heart",
            "text": _("women only") if other.is_women_only and not workshop.is_women_only else "",
        },
    ]


def _seats(other: Workshop) -> str:
    if other.signup_mode == Workshop.SignupMode.OPEN:
        return _("You need not register")
    if other.free_seats:
        free = other.free_seats
        return ngettext("%(number)s place is free", "%(number)s places are free", free) % {"number": free}
    return _("Full. Waiting list: %(number)s") % {"number": other.waiting}
