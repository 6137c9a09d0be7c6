"""Blank cards for the client, four to a sheet: a code for a camera, and room for the code of the meeting."""

from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from portal import papers
from portal.languages import OWN_NAMES, is_right_to_left

#: Without a language in front: the site answers in that of the reader's phone.
PATH = "/smile/"


@cache
def pdf() -> bytes:
    address = settings.SITE_URL + PATH
    data = {
        "site": settings.SITE_NAME,
        "qr": papers.qr(address),
        "address": address.partition("://")[2],
        "sides": [_side(language) for language in OWN_NAMES],
    }
    return papers.render("smile_card", data, language=settings.LANGUAGE_CODE)


def _side(language: str) -> dict[str, str]:
    with translation.override(language):
        return {
            "language": language,
            "direction": "rtl" if is_right_to_left(language) else "ltr",
            "title": _("How was it with the assistant?"),
            "what": _(
                "Open this page with your phone and press one of three faces. Nobody sees who you are."
            ),
        }
