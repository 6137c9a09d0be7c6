"""The client stays out of a request: what in free text looks like her number, document, phone or address.

A PESEL is never let through; what merely looks like a phone or a document can be let through by the person
who wrote it, once, after a second look (domain.md A3.4, features.md U4).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumbers import Leniency, PhoneNumberMatcher

from portal.refusals import Refused


class Kind(models.TextChoices):
    PESEL = (
        "pesel",
        _("This looks like a PESEL number. Please take it out: we must not know who the client is."),
    )
    PHONE = "phone", _("This looks like a phone number. Please take it out if it belongs to the client.")
    DOCUMENT = (
        "document",
        _("This looks like a document number. Please take it out if it belongs to the client."),
    )
    EMAIL = "email", _("This looks like an e-mail address. Please take it out if it belongs to the client.")


@dataclass(frozen=True)
class Finding:
    kind: Kind
    start: int
    end: int


class ClientIdentified(Refused):
    """``errors``: a sentence for each field; ``is_final`` where ticking the box does not help."""

    def __init__(self, errors: Mapping[str, str], *, is_final: bool):
        field, sentence = next(iter(errors.items()))
        super().__init__(sentence, field=field)
        self.errors, self.is_final = errors, is_final


#: Hidden characters and every kind of space or dash that can stand between two digits.
HIDDEN = "\x00"
SEPARATORS = dict.fromkeys("‐‑‒–—―−﹘﹣－־", "-") | dict.fromkeys("·․。．｡٫٬", ".") | {"／": "/", "＋": "+"}

GAP = rf"[\s.\-/{HIDDEN}]{{0,3}}"
WORD_BEFORE = r"(?<![^\W_])"
WORD_AFTER = r"(?![^\W_])"

ELEVEN_DIGITS = re.compile(rf"(?<!\d)(?:\d{GAP}){{10}}\d(?!\d)")
URL = re.compile(r"https?://\S+")
EMAIL = re.compile(r"[^\s@<>,;:()]+@[^\s@<>,;:()]+\.[^\W\d_]{2,}")
#: A date with its whole year, with or without the time: no number of anybody.
DATE = re.compile(
    r"(?<!\d)(?:\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:19|20)\d\d|(?:19|20)\d\d-\d{1,2}-\d{1,2})(?!\d)"
    r"(?:[\sT]+\d{1,2}[:.]\d{2}(?!\d))?"
)
INTERNATIONAL_PHONE = re.compile(r"(?<![\w+])(?:\+|00[\s.-]?)\d(?:[\s().\-/\x00]{0,2}\d){7,13}(?!\d)")
PHONE_REGIONS = ("PL", "UA", "BY")

#: Two or three letters and six or seven digits: identity cards, passports and residence cards of Poland,
#: Ukraine and Belarus, in Latin or Cyrillic letters.
SERIES_AND_NUMBER = re.compile(
    rf"{WORD_BEFORE}([^\W\d_]{{2,3}})[\s.\-№{HIDDEN}]{{0,2}}(\d{{6,9}}){WORD_AFTER}"
)
#: The personal number in a Belarusian passport: 4123456A012PB5.
BELARUSIAN_NUMBER = re.compile(rf"{WORD_BEFORE}\d{{7}}[^\W\d_]\d{{3}}[^\W\d_]{{2}}\d{WORD_AFTER}")
#: Nine or ten digits in one piece: a Ukrainian identity card or tax number, a Russian passport.
LONG_NUMBER = re.compile(rf"{WORD_BEFORE}(?:\d{{9,10}}|\d{{2}}\s?\d{{2}}\s\d{{6}}){WORD_AFTER}")
NOT_A_SERIES = frozenset(
    {"nr", "no", "tel", "art", "ust", "ul", "al", "pok", "poz", "str", "id", "kod", "nip", "№"}
)

PESEL_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
#: What is added to the month in each century of birth.
PESEL_CENTURIES = {0: 1900, 20: 2000}


def find_identifiers(text: str) -> list[Finding]:
    """Everything in ``text`` that looks like it tells who the client is, in the order it stands there."""
    findings: list[Finding] = []
    for found in _suspects(_plain(text)):
        if not any(found.start < taken.end and taken.start < found.end for taken in findings):
            findings.append(found)
    return sorted(findings, key=lambda found: found.start)


def _suspects(plain: str) -> Iterator[Finding]:
    """The surest first: whatever overlaps a surer one is that one."""
    for match in EMAIL.finditer(plain):
        yield Finding(Kind.EMAIL, *match.span())
    yield from _pesels(plain)
    plain = _blank(_blank(plain, URL), DATE)
    for match in INTERNATIONAL_PHONE.finditer(plain):
        yield Finding(Kind.PHONE, *match.span())
    for region in PHONE_REGIONS:
        for phone in PhoneNumberMatcher(plain.replace(HIDDEN, " "), region, leniency=Leniency.VALID):
            yield Finding(Kind.PHONE, phone.start, phone.end)
    for match in SERIES_AND_NUMBER.finditer(plain):
        if _is_series(match.group(1), match.group()):
            yield Finding(Kind.DOCUMENT, *match.span())
    for pattern in (BELARUSIAN_NUMBER, LONG_NUMBER):
        for match in pattern.finditer(plain):
            yield Finding(Kind.DOCUMENT, *match.span())


def _pesels(plain: str) -> Iterator[Finding]:
    elsewhere = [match.span() for pattern in (URL, DATE) for match in pattern.finditer(plain)]
    for match in ELEVEN_DIGITS.finditer(plain):
        is_inside = any(start < match.end() and match.start() < end for start, end in elsewhere)
        if _is_pesel(match.group(), is_suspicious=is_inside or plain[: match.start()].endswith("+")):
            yield Finding(Kind.PESEL, *match.span())


def refuse_identifiers(
    texts: Mapping[str, str], *, is_checked: bool = False, own_numbers: frozenset = frozenset()
) -> None:
    """Raise ClientIdentified with a sentence for each field that seems to name the client.

    ``is_checked``: the writer has looked again, and only a PESEL is refused. ``own_numbers``: fields that
    hold a number of the institution's own, where only a PESEL is looked for.
    """
    final, doubtful = {}, {}
    for field, text in texts.items():
        for found in find_identifiers(text or ""):
            if found.kind == Kind.PESEL:
                final.setdefault(field, found.kind.label)
            elif field not in own_numbers:
                doubtful.setdefault(field, found.kind.label)
    if final:
        raise ClientIdentified(doubtful | final, is_final=True)
    if doubtful and not is_checked:
        raise ClientIdentified(doubtful, is_final=False)


def _plain(text: str) -> str:
    """Digits of every script, spaces, dashes and hidden characters as plain ones, each in its old place."""
    return "".join(map(_plain_char, text))


def _plain_char(char: str) -> str:
    if char.isascii():
        return char
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if char.isspace():
        return " "
    if unicodedata.category(char) in {"Cf", "Mn", "Me"}:
        return HIDDEN
    return SEPARATORS.get(char, char)


def _blank(text: str, pattern: re.Pattern) -> str:
    return pattern.sub(lambda match: "\n" * len(match.group()), text)


def _is_pesel(match: str, *, is_suspicious: bool) -> bool:
    """A wrong check digit is a typing mistake, not another number: date or check digit is enough.

    Digits that stand apart in an unusual way, or in a date or a link, must have both right.
    """
    digits = [int(char) for char in match if char.isdigit()]
    weighted = sum(digit * weight for digit, weight in zip(digits, PESEL_WEIGHTS, strict=False))
    has_check_digit = (10 - weighted % 10) % 10 == digits[10]
    has_date = _is_birth_date(digits)
    groups = [len(group) for group in re.findall(r"\d+", match)]
    is_usual = groups in ([11], [6, 5], [2, 2, 2, 5], [1] * 11) and not is_suspicious
    return (has_check_digit or has_date) if is_usual else (has_check_digit and has_date)


def _is_birth_date(digits: list[int]) -> bool:
    year, month, day = digits[0] * 10 + digits[1], digits[2] * 10 + digits[3], digits[4] * 10 + digits[5]
    century = PESEL_CENTURIES.get(month // 20 * 20)
    try:
        return century is not None and date(century + year, month % 20, day) <= timezone.localdate()
    except ValueError:
        return False


def _is_series(letters: str, whole: str) -> bool:
    """Capitals, or letters written together with the number; "nr 123456" is neither."""
    if letters.lower() in NOT_A_SERIES:
        return False
    return letters.isupper() or whole[len(letters)].isdigit()
