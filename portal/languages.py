"""The languages of the site, and the languages people speak."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

#: Names of the site's languages in their own script: a reader finds hers even on a page she cannot read.
OWN_NAMES = {
    "pl": "Polski",
    "en": "English",
    "uk": "Українська",
    "be": "Беларуская",
    "ru": "Русский",
    "ar": "العربية",
}

SITE_LANGUAGES = tuple(OWN_NAMES)
RIGHT_TO_LEFT = frozenset({"ar"})

#: Languages people of the network speak (BCP 47). A language is never inferred from citizenship (domain.md D3).
SPOKEN_LANGUAGES = [
    ("pl", _("Polish")),
    ("en", _("English")),
    ("uk", _("Ukrainian")),
    ("be", _("Belarusian")),
    ("ru", _("Russian")),
    ("ar", _("Arabic")),
    ("am", _("Amharic")),
    ("az", _("Azerbaijani")),
    ("bn", _("Bengali")),
    ("ce", _("Chechen")),
    ("de", _("German")),
    ("es", _("Spanish")),
    ("fa", _("Persian")),
    ("fr", _("French")),
    ("hi", _("Hindi")),
    ("hy", _("Armenian")),
    ("ka", _("Georgian")),
    ("kk", _("Kazakh")),
    ("ku", _("Kurdish")),
    ("ne", _("Nepali")),
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


def is_right_to_left(language: str) -> bool:
    return language.split("-")[0] in RIGHT_TO_LEFT


def site_language(code: str | None) -> str:
    """The site language nearest to ``code``; the default where there is none."""
    base = (code or "").split("-")[0].lower()
    return base if base in OWN_NAMES else settings.LANGUAGE_CODE
