"""The demo's texts, by language, from the JSON files beside it."""

import json
from pathlib import Path
from typing import Any

from portal.languages import SITE_LANGUAGES

FOLDER = Path(__file__).resolve().parent.parent / "demo_texts"


def load(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def columns(field: str, texts: dict[str, str] | None) -> dict[str, str]:
    """``title`` and a text by language, as the columns ``title_pl``, ``title_en``…"""
    return {f"{field}_{language}": (texts or {}).get(language, "") for language in SITE_LANGUAGES}
