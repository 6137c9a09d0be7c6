"""The printed side of a one-time card: A6, in the person's language and in Polish."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal import papers
from portal.languages import is_right_to_left, site_language
from portal.models import OneTimeCard, User


def paper(user: User, card: OneTimeCard, code: str) -> bytes:
    """A PDF of one page. It holds the code, so it is kept nowhere."""
    language = site_language(user.language)
    with translation.override(language):
        address = settings.SITE_URL + reverse("card_link", args=[code])
        typed_at = settings.SITE_URL + reverse("card")
    data = {
        "site": settings.SITE_NAME,
        "name": str(user),
        "code": code,
        "qr": papers.qr(address),
        "address": typed_at.partition("://")[2],
        "sides": [_side(tongue, user, card) for tongue in dict.fromkeys([language, settings.LANGUAGE_CODE])],
    }
    return papers.render("card", data, language=language)


def _side(language: str, user: User, card: OneTimeCard) -> dict:
    with translation.override(language):
        day = date_format(timezone.localtime(card.expires_at), "j E Y")
        return {
            "language": language,
            "direction": "rtl" if is_right_to_left(language) else "ltr",
            "title": _("A card to open your page"),
            "what": _("On your page you see your workshops, and you can cancel them. The card works once."),
            "steps": [
                _("Hold the camera of a phone over the square, or go to this address and type the code:"),
                _("Press “Open my page”."),
                _("If you have an e-mail address, give it there. Then you can come back without a card."),
            ],
            "until": _("Good until %(day)s.") % {"day": day},
            "care": _(
                "Keep it like a key. If it is lost, tell us: you get a new one, and this one opens nothing."
            ),
        }
