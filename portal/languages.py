"""The languages of the site, and the languages people speak."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponseBase
from django.utils.translation import get_language, get_language_from_path, gettext_noop
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname, resolution_order

#: Names of the site's languages in their own script: a reader finds hers even on a page she cannot read.
OWN_NAMES = {
    "pl": "Polski",
    "en": "English",
    "uk": "Українська",
    "be": "Беларуская",
    "ru": "Русский",
    "ar": "العربية",
}

#: Said beside a text that is shown in another language than its page.
IN_LANGUAGE = {
    "pl": _("in Polish"),
    "en": _("in English"),
    "uk": _("in Ukrainian"),
    "be": _("in Belarusian"),
    "ru": _("in Russian"),
    "ar": _("in Arabic"),
}

SITE_LANGUAGES = tuple(OWN_NAMES)
RIGHT_TO_LEFT = frozenset({"ar"})

#: Languages people of the network speak (BCP 47); never inferred from citizenship (domain.md D3).
SPOKEN_LANGUAGES = [
    ("pl", _("Polish")),
    ("en", _("English")),
    ("uk", _("Ukrainian")),
    ("be", _("Belarusian")),
    ("ru", _("Russian")),
    ("ar", _("Arabic")),
    ("am", _("Amharic")),
    ("az", _("Azerbaijani")),
    ("bg", _("Bulgarian")),
    ("bn", _("Bengali")),
    ("ce", _("Chechen")),
    ("de", _("German")),
    ("es", _("Spanish")),
    ("fa", _("Persian")),
    ("fr", _("French")),
    ("hi", _("Hindi")),
    ("hy", _("Armenian")),
    ("id", _("Indonesian")),
    ("it", _("Italian")),
    ("ka", _("Georgian")),
    ("kk", _("Kazakh")),
    ("ku", _("Kurdish")),
    ("ml", _("Malayalam")),
    ("ne", _("Nepali")),
    ("pa", _("Punjabi")),
    ("pt", _("Portuguese")),
    ("ro", _("Romanian")),
    ("so", _("Somali")),
    ("ti", _("Tigrinya")),
    ("tl", _("Filipino")),
    ("tr", _("Turkish")),
    ("ur", _("Urdu")),
    ("uz", _("Uzbek")),
    ("vi", _("Vietnamese")),
    ("zh", _("Chinese")),
]

#: Django's own names begin with a capital letter everywhere; our catalogue writes them as in a sentence.
WEEKDAYS = [
    gettext_noop("Monday"),
    gettext_noop("Tuesday"),
    gettext_noop("Wednesday"),
    gettext_noop("Thursday"),
    gettext_noop("Friday"),
    gettext_noop("Saturday"),
    gettext_noop("Sunday"),
]


def is_right_to_left(language: str) -> bool:
    return language.split("-")[0] in RIGHT_TO_LEFT


def site_language(code: str | None) -> str:
    """The site language nearest to ``code``; the default where there is none."""
    base = (code or "").split("-")[0].lower()
    return base if base in OWN_NAMES else settings.LANGUAGE_CODE


def comma() -> str:
    """What stands between two words of a list: Arabic has a comma of its own."""
    return "، " if get_language() == "ar" else ", "


def listed(words: Iterable[str]) -> str:
    """Words one after another, with the comma of the page's language."""
    return comma().join(str(word) for word in words if word)


def text_in(texts: dict[str, str], language: str | None = None) -> str:
    """One of the texts kept by language (titles in the diary): this one, the default one, or any."""
    language = site_language(language or get_language())
    return texts.get(language) or texts.get(settings.LANGUAGE_CODE) or next(iter(texts.values()), "")


def address_in(language: str, address: str) -> str:
    """The same page in another language; an address without a language in it stays as it is."""
    parts = urlsplit(address)
    before = get_language_from_path(parts.path)
    if before is None:
        return address
    return parts._replace(path=f"/{language}{parts.path.removeprefix(f'/{before}')}").geturl()


def remember_language(response: HttpResponseBase, language: str) -> None:
    """Keep the language in a cookie, for pages whose address does not say it."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        site_language(language),
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def shown_language(thing, field: str) -> str:
    """The language in which a translated field is shown now: the page's, or the nearest that has a text."""
    here = get_language()
    for language in resolution_order(here):
        if getattr(thing, build_localized_fieldname(field, language)):
            return language
    return here
