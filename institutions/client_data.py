"""The client stays out of a request: what in free text looks like her number, phone, e-mail or name.

A PESEL is never let through; what merely looks like a phone, a document or a name can be let through by the
person who wrote it, once, after a second look (domain.md A3.4, features.md U4).
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

from institutions.client_names import find_names
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
    NAME = "name", _("This looks like a name. Please take it out if it is the client's.")


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


#: Fields that hold a name or an address of the institution's own.
OWN_NAMES = frozenset({"contact_name", "address"})

SEPARATORS = (
    dict.fromkeys("‐‑‒–—―−﹘﹣－־⁃➖", "-")
    | dict.fromkeys("·•․。．｡٫٬", ".")
    | {"／": "/", "⁄": "/", "＋": "+"}
)
#: Not seen, or hardly: zero-width characters, marks of direction, marks above and below.
HIDDEN = frozenset({"Cf", "Mn", "Me"})
HIDDEN_TOO = frozenset("\u115f\u1160\u3164\uffa0")

GAP = r"[\s.\-/_]{0,6}"
WORD_BEFORE = r"(?<![^\W_])"
WORD_AFTER = r"(?![^\W_])"

#: Between the parts of a PESEL also brackets and commas; between other numbers they are lists.
WIDE_GAP = r"[\s.\-/_(),;]{0,6}"
ELEVEN_DIGITS = re.compile(rf"(?=((?:\d{WIDE_GAP}){{10}}\d))")
#: Letters that pass for digits where they stand among digits.
LETTERS = "OoОоΟοlIІ|"
LOOK_ALIKES = str.maketrans(dict.fromkeys("OoОоΟο", "0") | dict.fromkeys("lIІ|", "1"))
AMONG_DIGITS = re.compile(rf"(?:(?<!\d)\d|(?<!\w)[{LETTERS}]){GAP}(?:[\d{LETTERS}]{GAP}){{5,}}")
NEXT_TO_DIGITS = re.compile(rf"(?<=\d)[{LETTERS}]+|[{LETTERS}]+(?=\d)")
URL = re.compile(r"https?://\S+")
EMAIL = re.compile(
    r"[^\s@<>,;:()\[\]]+\s?(?:@|[(\[]\s?(?:at|małpa)\s?[)\]])\s?[^\s@<>,;:()\[\]]+?\s?\.\s?[^\W\d_]{2,}",
    re.IGNORECASE,
)
#: A date with its whole year, with or without the time: no number of anybody.
DATE = re.compile(
    r"(?<!\d)(?:\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:19|20)\d\d|(?:19|20)\d\d-\d{1,2}-\d{1,2})(?!\d)"
    r"(?:[\sT]+\d{1,2}[:.]\d{2}(?!\d))?"
)
#: A number of a matter and its year, as offices write it.
NUMBER_AND_YEAR = re.compile(r"(?<![\d/.\-])\d{1,6}/(?:19|20)\d\d(?![\d/\-])")
INTERNATIONAL_PHONE = re.compile(r"(?<![\w+])(?:\+|00[\s.-]?)\d(?:[\s().\-/]{0,2}\d){7,13}(?!\d)")
PHONE_REGIONS = ("PL", "UA", "BY")

#: Two or three letters and six or seven digits: identity cards, passports and residence cards of Poland,
#: Ukraine and Belarus, in Latin or Cyrillic letters.
SERIES_AND_NUMBER = re.compile(rf"{WORD_BEFORE}([^\W\d_]{{2,3}})[\s.\-№]{{0,2}}(\d{{6,9}}){WORD_AFTER}")
#: The same with the letters or the figures set apart: "A B 123456", "ARZ 12 34 56".
SET_APART = re.compile(
    rf"{WORD_BEFORE}(?:([^\W\d_]\s[^\W\d_])\s?\d{{6,7}}|"
    rf"([^\W\d_]{{2,3}})[\s.\-№]{{0,2}}\d\d\s\d\d\s\d\d|([^\W\d_]{{3}})\s\d{{3}}\s\d{{3}}){WORD_AFTER}(?!\s?\d)"
)
#: The personal number in a Belarusian passport: 4123456A012PB5.
BELARUSIAN_NUMBER = re.compile(rf"{WORD_BEFORE}\d{{7}}[^\W\d_]\d{{3}}[^\W\d_]{{2}}\d{WORD_AFTER}")
#: Nine or ten digits in one piece: a Ukrainian identity card or tax number, a Russian passport.
LONG_NUMBER = re.compile(rf"{WORD_BEFORE}(?:\d{{9,10}}|\d{{2}}\s?\d{{2}}\s\d{{6}}){WORD_AFTER}")
NOT_A_SERIES = frozenset(
    {"nr", "no", "tel", "art", "ust", "ul", "al", "pok", "poz", "str", "id", "kod", "nip", "№"}
    | {"pln", "eur", "usd", "gbp", "uah", "byn", "rub", "chf", "zł"}
)

PESEL_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
#: What is added to the month in each century of birth.
PESEL_CENTURIES = {0: 1900, 20: 2000}


def find_identifiers(text: str) -> list[Finding]:
    """Everything in ``text`` that looks like it tells who the client is, in the order it stands there."""
    findings: list[Finding] = []
    for found in _suspects(text):
        if not any(found.start < taken.end and taken.start < found.end for taken in findings):
            findings.append(found)
    return sorted(findings, key=lambda found: found.start)


def refuse_identifiers(
    texts: Mapping[str, str],
    *,
    is_checked: bool = False,
    own_numbers: frozenset = frozenset(),
    own_names: frozenset = OWN_NAMES,
) -> None:
    """Raise ClientIdentified with a sentence for each field that seems to name the client.

    ``is_checked``: the writer has looked again, and only a PESEL is refused. ``own_numbers``: fields that
    hold a number of the institution's own, where only a PESEL is looked for; ``own_names``: the same for the
    names of its people.
    """
    final, doubtful = {}, {}
    for field, text in texts.items():
        for found in find_identifiers(text or ""):
            if found.kind == Kind.PESEL:
                final.setdefault(field, found.kind.label)
            elif field not in own_numbers and not (found.kind == Kind.NAME and field in own_names):
                doubtful.setdefault(field, found.kind.label)
    if final:
        raise ClientIdentified(doubtful | final, is_final=True)
    if doubtful and not is_checked:
        raise ClientIdentified(doubtful, is_final=False)


def _suspects(text: str) -> Iterator[Finding]:
    """The surest first: whatever overlaps a surer one is that one."""
    plain, places = _plain(text)
    kinds_and_spans = [(Kind.PESEL, span) for span in _pesels(plain, _splits(places))]
    kinds_and_spans += [(Kind.EMAIL, match.span()) for match in EMAIL.finditer(plain)]
    rest = _blank(_blank(_blank(plain, URL), DATE), NUMBER_AND_YEAR)
    kinds_and_spans += _numbers(rest)
    kinds_and_spans += _numbers(NEXT_TO_DIGITS.sub(lambda match: match.group().translate(LOOK_ALIKES), rest))
    for kind, (start, end) in kinds_and_spans:
        yield Finding(kind, places[start], places[end - 1] + 1)
    for start, end in find_names(text):
        yield Finding(Kind.NAME, start, end)


def _numbers(plain: str) -> Iterator[tuple[Kind, tuple[int, int]]]:
    for match in INTERNATIONAL_PHONE.finditer(plain):
        yield Kind.PHONE, match.span()
    for region in PHONE_REGIONS:
        for phone in PhoneNumberMatcher(plain, region, leniency=Leniency.VALID):
            yield Kind.PHONE, (phone.start, phone.end)
    for match in SERIES_AND_NUMBER.finditer(plain):
        if _is_series(match.group(1), match.group()):
            yield Kind.DOCUMENT, match.span()
    for match in SET_APART.finditer(plain):
        letters = "".join(filter(None, match.groups()))
        if letters.isupper() and letters.lower() not in NOT_A_SERIES:
            yield Kind.DOCUMENT, match.span()
    for pattern in (BELARUSIAN_NUMBER, LONG_NUMBER):
        for match in pattern.finditer(plain):
            yield Kind.DOCUMENT, match.span()


def _pesels(plain: str, splits: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Eleven digits in a row, however far apart; ``splits``: where something hidden stands before a digit."""
    elsewhere = [match.span() for pattern in (URL, DATE) for match in pattern.finditer(plain)]
    unmasked = _unmasked(plain)
    for match in ELEVEN_DIGITS.finditer(unmasked):
        start, end = match.span(1)
        is_cut_off = unmasked[:start][-1:].isdigit() and start not in splits
        goes_on = unmasked[end : end + 1].isdigit() and end not in splits
        if is_cut_off or goes_on:
            continue
        is_inside = any(a < end and start < b for a, b in elsewhere)
        is_suspicious = is_inside or plain[:start].endswith("+") or plain[start:end] != unmasked[start:end]
        if _is_pesel(match.group(1), is_suspicious=is_suspicious):
            yield start, end


def _plain(text: str) -> tuple[str, list[int]]:
    """Digits of every script, spaces and dashes as plain ones, nothing hidden; and where each stood."""
    kept = [
        (plain, place)
        for place, char in enumerate(text)
        if (plain := char if char.isascii() else _plain_char(char))
    ]
    return "".join(plain for plain, _place in kept), [place for _plain, place in kept]


def _plain_char(char: str) -> str:
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if char.isspace():
        return " "
    if unicodedata.category(char) in HIDDEN or char in HIDDEN_TOO:
        return ""
    return SEPARATORS.get(char, char)


def _splits(places: list[int]) -> frozenset[int]:
    return frozenset(index for index in range(1, len(places)) if places[index] - places[index - 1] > 1)


def _unmasked(plain: str) -> str:
    """Letters that pass for digits as digits, where most of what stands together is digits."""

    def unmask(match: re.Match) -> str:
        run = match.group()
        digits, letters = sum(map(str.isdigit, run)), sum(char in LETTERS for char in run)
        return run.translate(LOOK_ALIKES) if digits > letters else run

    return AMONG_DIGITS.sub(unmask, plain)


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
    if re.search(r"[(),;]", match):
        return groups in ([6, 5], [2, 2, 2, 5]) and has_check_digit and has_date
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
