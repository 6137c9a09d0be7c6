"""The consent texts on paper, to be signed by somebody who does not use the portal herself."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from participants import consents
from participants.models import ConsentText
from portal import papers
from portal.languages import is_right_to_left, site_language


def consent_sheet(language: str, *, name: str = "", audience: str = ConsentText.Audience.EVERYBODY) -> bytes:
    """A PDF with the present texts in Polish and in ``language`` side by side; with ``name`` or a line."""
    language = site_language(language)
    tongues = list(dict.fromkeys([settings.LANGUAGE_CODE, language]))
    texts = {
        tongue: {text.purpose: text for text in consents.current_texts(tongue, audience=audience)}
        for tongue in tongues
    }
    data = {
        "site": settings.SITE_NAME,
        "name": name,
        "columns": [_words(tongue, audience) for tongue in tongues],
        "texts": [
            {
                "is_required": text.is_required,
                "in": [_text(texts[tongue].get(purpose, text)) for tongue in tongues],
            }
            for purpose, text in texts[language].items()
        ],
    }
    return papers.render("consent", data, language=settings.LANGUAGE_CODE)


def _text(text) -> dict:
    return {
        "language": text.language,
        "title": text.title,
        "body": text.body,
        "version": f"{text.version} · {text.language}",
    }


def _words(language: str, audience: str) -> dict:
    with translation.override(language):
        if audience == ConsentText.Audience.ASSISTANTS:
            title, needed = _("Papers of an assistant"), _("Without this nobody can work as an assistant.")
        else:
            title, needed = _("Consents"), _("This is needed to take part.")
        return {
            "language": language,
            "direction": "rtl" if is_right_to_left(language) else "ltr",
            "title": title,
            "intro": _("Please read this, or have it read to you, and tick what you agree to."),
            "needed": needed,
            "free": _("You decide. You can take part without it, and you can change your mind at any time."),
            "agree": _("I agree"),
            "disagree": _("I do not agree"),
            "version": _("Version of the text:"),
            "name": _("Name"),
            "day": _("Day"),
            "signature": _("Signature"),
        }
