"""Small template helpers that every page may use."""

from django import template
from django.conf import settings
from django.template.defaultfilters import linebreaks_filter
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal.languages import is_right_to_left, shown_language, text_in

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
