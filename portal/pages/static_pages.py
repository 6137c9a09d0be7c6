"""Pages that are texts: who we are, contact, privacy notice, accessibility declaration."""

import json
from functools import cache
from itertools import zip_longest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from portal.access import public
from portal.languages import text_in

TEXTS = settings.BASE_DIR / "portal" / "texts"


@cache
def text(name: str) -> dict:
    """A text in all languages; ``portal/texts/<name>.json``."""
    return json.loads((TEXTS / f"{name}.json").read_text(encoding="utf-8"))


@public
def text_page(request: HttpRequest, name: str) -> HttpResponse:
    try:
        page = text(name)
    except FileNotFoundError:
        raise Http404 from None
    context = {
        "title": text_in(page["title"]),
        "sections": [
            {
                "id": section["id"],
                "heading": text_in(section["heading"]),
                # The accessibility declaration has prescribed ids on single paragraphs.
                "paragraphs": [
                    {"id": mark, "text": text_in(words)}
                    for words, mark in zip_longest(section["paragraphs"], section.get("paragraph_ids", []))
                ],
            }
            for section in page["sections"]
        ],
    }
    return render(request, "portal/text_page.html", context)
