"""Names of people: shown as the person wants them, found and sorted by one folded key (design.md, Names).

Names of places and of varieties of a language, which people type as they like, are compared here too.
"""

import re
from functools import lru_cache

from anyascii import anyascii

#: What some write before a town: "m. Toruń", "miasto Toruń".
BEFORE_A_TOWN = ("m", "miasto", "gm", "gmina")


def name_key(*names: str) -> str:
    """Fold names to plain lower-case Latin words, so that Łucja, Lucja and Луція sort and match alike.

    The portal's PostgreSQL has neither ICU nor unaccent, so the key is computed here and stored.
    """
    latin = anyascii(" ".join(filter(None, names))).lower()
    return " ".join(re.findall(r"[a-z0-9]+", latin))


@lru_cache(maxsize=20_000)
def is_same_name(one: str, other: str) -> bool:
    """Is it one name, however it was spelled: Toruń, TORUN, Торунь, 87-100 Toruń; Solec Kuj., Solec Kujawski?

    Safety hangs on it (domain.md A2.5, A6.4), so it takes two spellings for one rather than for two. What is
    empty is like nothing.
    """
    words, others = _words(one), _words(other)
    if not words or not others:
        return False
    if "".join(words) == "".join(others):
        return True
    is_alike = len(words) == len(others) and words[0] == others[0]
    return is_alike and all(_is_short_for(*pair) for pair in zip(words[1:], others[1:], strict=True))


def spelling_key(name: str) -> str:
    """The same for all spellings of a name that differ in signs only: to group by."""
    return "".join(_words(name))


def _words(name: str) -> list[str]:
    """Without a postcode, and without what stands before the name itself."""
    words = [word for word in name_key(name).split() if not word.isdigit()]
    return words[1:] if len(words) > 1 and words[0] in BEFORE_A_TOWN else words


def _is_short_for(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
