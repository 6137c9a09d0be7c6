"""Small template helpers that every page may use."""

import json
import re
from datetime import date

from django import template
from django.conf import settings
from django.template.defaultfilters import linebreaks_filter
from django.utils.html import format_html, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from portal import languages
from portal.clock import format_month
from portal.languages import (
    IN_LANGUAGE,
    is_right_to_left,
    shown_language,
    text_in,
)

register = template.Library()


@register.filter
def told(thing, field: str) -> str:
    """A translated field, marked where it is not in the page's language: ``{{ project|told:"title" }}``."""
    return _marked("span", thing, field, getattr(thing, field))


@register.filter
def told_at_length(thing, field: str) -> SafeString:
    """The same for a text of several paragraphs."""
    return _marked("div", thing, field, linebreaks_filter(getattr(thing, field), autoescape=True))


def _marked(tag: str, thing, field: str, text: str) -> str:
    language = shown_language(thing, field)
    if language == get_language():
        return text
    direction = "rtl" if is_right_to_left(language) else "ltr"
    return format_html(
        '<{0} lang="{1}" dir="{2}" class="other-language">{3}</{0}>', tag, language, direction, text
    )


@register.filter
def in_language(texts: dict[str, str]) -> str:
    """One of the texts kept by language, the page's where there is one: ``{{ entry.title|in_language }}``."""
    return text_in(texts or {})


@register.filter
def absolute(path: str) -> str:
    """The address to write in a mail, for a path without its language: ``{{ entry.path|absolute }}``."""
    return f"{settings.SITE_URL}/{get_language()}{path}"


@register.filter
def month_in_words(month: date) -> str:
    """A month and its year as they stand inside a sentence: ``listopad 2026``, ``November 2026``."""
    return format_month(month)


@register.filter
def ltr(value) -> str:
    """Figures with signs between them (a version, a code) keep their order in Arabic too."""
    return f"\u2066{value}\u2069" if is_right_to_left(get_language() or "") else str(value)


@register.simple_tag
def comma() -> str:
    """Between two facts that a page shows one after another."""
    return languages.comma()


@register.simple_tag
def translated(thing, field: str, *, at_length: bool = False) -> str:
    """A translated field; where it is shown in another language, that is marked and said."""
    if not getattr(thing, field):
        return ""
    text = told_at_length(thing, field) if at_length else told(thing, field)
    label = fallback_label(thing, field)
    return format_html('{} <small class="soft">({})</small>', text, label) if label else text


@register.filter
def fallback_language(thing, field: str) -> str:
    """The code of the language a field is shown in, where it is not the page's own."""
    language = shown_language(thing, field)
    return "" if language == get_language() or not getattr(thing, field) else language


@register.filter
def fallback_label(thing, field: str) -> str:
    """Says in which language a field is shown, where it is not the page's own: in Polish."""
    language = fallback_language(thing, field)
    return str(IN_LANGUAGE[language]) if language else ""


PHONE = re.compile(r"\+\d[\d ]{7,16}\d")
#: How Polish numbers are read: the area of a fixed line stands apart, a mobile number goes in threes.
AREA = "1[2-8]|2[2-59]|3[2-4]|4[1-468]|5[245689]|6[1-3578]|7[14-7]|8[1-79]|9[145]"
SPOKEN = [
    re.compile(rf"(\+48)({AREA})(\d{{3}})(\d\d)(\d\d)"),
    re.compile(r"(\+48)(\d{3})(\d{3})(\d{3})"),
]


@register.filter
def phone(number: str) -> SafeString:
    """A number as people read it, from left to right on every page: +48 56 622 33 44, +48 500 100 200."""
    found = next(filter(None, (shape.fullmatch(number) for shape in SPOKEN)), None)
    read = " ".join(found.groups()) if found else number
    return format_html('<bdi dir="ltr" class="phone">{}</bdi>', read)


@register.filter
def linked(text: str) -> SafeString:
    """Addresses and phone numbers to press; a number reads from left to right on every page."""
    return mark_safe(PHONE.sub(_phone_link, urlize(text, autoescape=True)))  # noqa: S308


def _phone_link(found: re.Match) -> str:
    return format_html('<a href="tel:{}" dir="ltr">{}</a>', found[0].replace(" ", ""), found[0])


@register.filter
def localized_path(path: str) -> str:
    """A path kept without its language prefix, as the diary keeps it."""
    return f"/{get_language()}{path}"


#: JSON inside a script element: what could end the element is written as JSON's own escapes.
SCRIPT_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag(takes_context=True)
def json_ld(context, data: dict) -> str:
    """Structured data for search engines."""
    if not data:
        return ""
    text = json.dumps(data, ensure_ascii=False, default=str).translate(SCRIPT_ESCAPES)
    return format_html(
        '<script type="application/ld+json" nonce="{}">{}</script>',
        context["request"].csp_nonce,
        mark_safe(text),  # noqa: S308
    )
