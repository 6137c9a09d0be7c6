"""Whatever the script, the separators and the hidden characters: a PESEL is found, and so are look-alikes."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from institutions.client_data import (
    PESEL_WEIGHTS,
    ClientIdentified,
    Kind,
    find_identifiers,
    refuse_identifiers,
)
from tests.institutions.briefings import ALL

#: Digits 0 to 9 of each script; full-width ones too.
SCRIPTS = {
    "latin": "0123456789",
    "arabic": "٠١٢٣٤٥٦٧٨٩",
    "persian": "۰۱۲۳۴۵۶۷۸۹",
    "devanagari": "०१२३४५६७८९",
    "bengali": "০১২৩৪৫৬৭৮৯",
    "gurmukhi": "੦੧੨੩੪੫੬੭੮੯",
    "full width": "０１２３４５６７８９",
}
SEPARATORS = [
    *" -./_\t\n",
    *"\u00a0\u2009\u202f\u3000",
    *"\u2010\u2011\u2012\u2013\u2014\u2212\u00b7\u2022\uff0e\uff0f",
    *"\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f",
    *"\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2069",
]
#: What may stand beside it, in the scripts of those who write.
BESIDE = ["", "PESEL ", "Клієнтка ", "ПЕСЕЛЬ: ", "رقم ", "pokój 12, ", "w dniu 14.12.2026, ", "(", "nr "]


def pesel(born: date, rest: int) -> str:
    month = born.month + (20 if born.year >= 2000 else 0)
    digits = f"{born.year % 100:02}{month:02}{born.day:02}{rest:04}"
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, PESEL_WEIGHTS, strict=True))
    return digits + str((10 - weighted % 10) % 10)


def kinds(text: str) -> list[Kind]:
    return [found.kind for found in find_identifiers(text)]


born = st.dates(date(1925, 1, 1), timezone.localdate() - timedelta(days=2))
valid = st.builds(pesel, born, st.integers(0, 9999))


@st.composite
def disguised(draw) -> str:
    """A PESEL whose every digit may be of another script, with up to three separators after each."""
    number = draw(valid)
    between = st.lists(st.sampled_from(SEPARATORS), max_size=3).map("".join)
    digits = [SCRIPTS[draw(st.sampled_from(sorted(SCRIPTS)))][int(digit)] for digit in number]
    return "".join(digit + draw(between) for digit in digits[:-1]) + digits[-1]


@given(disguised(), st.sampled_from(BESIDE), st.sampled_from(["", ".", ")", " i 3 osoby", " у відділі"]))
@example("44\u200b0514\u2066٠١\u206935\u202e9", "", "")
def test_a_pesel_in_any_script_with_any_separators_is_found(number, before, after):
    text = before + number + after
    pesels = [found for found in find_identifiers(text) if found.kind == Kind.PESEL]
    assert pesels
    assert any(text[found.start : found.end] in number or number in text[found.start : found.end]
               for found in pesels)  # fmt: skip


@given(valid, st.sampled_from(sorted(SCRIPTS)), st.sampled_from(["", " ", "-", "\u200f", "\u00a0"]))
def test_a_pesel_of_one_script_is_never_let_through(number, script, separator):
    written = separator.join(SCRIPTS[script][int(digit)] for digit in number)
    with pytest.raises(ClientIdentified) as no:
        refuse_identifiers({"briefing": written}, is_checked=True)
    assert no.value.is_final


@given(valid.filter(lambda number: sum(digit in "01" for digit in number) in range(1, 6)))
def test_letters_that_pass_for_digits_do_not_hide_a_pesel(number):
    for zero, one in [("O", "l"), ("о", "I"), ("О", "І"), ("o", "|")]:
        assert kinds(f"nr {number.replace('0', zero).replace('1', one)}") == [Kind.PESEL]


@given(st.sampled_from(ALL), disguised(), st.booleans())
def test_a_pesel_is_found_inside_any_briefing(text, number, is_first):
    written = f"{number}. {text}" if is_first else f"{text} {number}"
    assert Kind.PESEL in kinds(written)


@given(valid)
def test_an_address_around_it_does_not_hide_a_pesel(number):
    for text in [f"{number}@example.org", f"https://example.org/{number}", f"klient-{number}@example.org"]:
        assert Kind.PESEL in kinds(text)


@pytest.mark.parametrize("script", [name for name in SCRIPTS if name != "latin"])
@pytest.mark.parametrize(
    ("latin", "kind"),
    [
        ("500 100 200", Kind.PHONE),
        ("+48 500-100-200", Kind.PHONE),
        ("067 123 45 67", Kind.PHONE),
        ("ABC 123456", Kind.DOCUMENT),
        ("MP1234567", Kind.DOCUMENT),
        ("001234567", Kind.DOCUMENT),
    ],
)
def test_phones_and_documents_are_found_in_every_script(script, latin, kind):
    written = latin.translate({ord(str(digit)): SCRIPTS[script][digit] for digit in range(10)})
    assert kinds(written) == [kind]
    hidden = "\u200f".join(written)
    assert kinds(hidden) == [kind]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("5OO 1OO 2OO", Kind.PHONE),
        ("АВС123456", Kind.DOCUMENT),  # Cyrillic letters
        ("AВС 123456", Kind.DOCUMENT),  # mixed
        ("ABC12345O", Kind.DOCUMENT),
        ("ABC l23456", Kind.DOCUMENT),
        ("ＡＢＣ１２３４５６", Kind.DOCUMENT),
    ],
)
def test_look_alikes_do_not_hide_a_phone_or_a_document(text, kind):
    assert kinds(text) == [kind]


def test_no_ordinary_briefing_is_refused():
    assert len(ALL) >= 150
    assert {text: kinds(text) for text in ALL if kinds(text)} == {}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Rozmowa z panią Oleną o zasiłku", "Oleną"),
        ("Pani Nowak-Kowalska przyjdzie z synem", "Nowak-Kowalska"),
        ("klientka Olena ma 3 dzieci", "Olena"),
        ("Mr. Hassan comes with his daughter", "Hassan"),
        ("Mrs O'Neill", "O'Neill"),
        ("пані Олена прийде з дитиною", "Олена"),
        ("Пан Шевченко", "Шевченко"),
        ("госпожа Иванова", "Иванова"),
        ("клієнтка Оксана", "Оксана"),
        ("السيدة فاطمة تأتي مع ابنها", "فاطمة"),
    ],
)
def test_a_name_after_a_form_of_address_is_doubtful(text, name):
    (found,) = find_identifiers(text)
    assert (found.kind, text[found.start : found.end]) == (Kind.NAME, name)
    with pytest.raises(ClientIdentified) as no:
        refuse_identifiers({"briefing": text})
    assert not no.value.is_final
    refuse_identifiers({"briefing": text}, is_checked=True)


def test_the_name_of_the_contact_at_the_office_is_no_finding():
    refuse_identifiers({"contact_name": "Pani Anna Nowak", "address": "ul. Pana Tadeusza 5"})
    with pytest.raises(ClientIdentified):
        refuse_identifiers({"contact_name": "Pani Anna, 44051401359"})
