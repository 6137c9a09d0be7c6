"""Names of people: shown as the person wants them, found and sorted by one folded key (design.md, Names)."""

import re

from anyascii import anyascii


def name_key(*names: str) -> str:
    """Fold names to plain lower-case Latin words, so that Łucja, Lucja and Луція sort and match alike.

    The portal's PostgreSQL has neither ICU nor unaccent, so the key is computed here and stored.
    """
    latin = anyascii(" ".join(filter(None, names))).lower()
    return " ".join(re.findall(r"[a-z0-9]+", latin))
