"""Identifiers of a client are found in six scripts and however they are written; ordinary texts pass."""

import pytest

from institutions.client_data import ClientIdentified, Kind, find_identifiers, refuse_identifiers


def kinds(text):
    return [found.kind for found in find_identifiers(text)]


@pytest.mark.parametrize(
    "text",
    [
        "44051401359",
        "PESEL: 44051401359.",
        "pesel44051401359",
        "440514 01359",
        "440514-01359",
        "44 05 14 01359",
        "44.05.14.01359",
        "4 4 0 5 1 4 0 1 3 5 9",
        "4405 1401 359",
        "44\u00a005\u00a014\u00a001359",
        "440514\u200b01359",
        "440514–01359",
        "٤٤٠٥١٤٠١٣٥٩",
        "۴۴۰۵۱۴۰۱۳۵۹",
        "４４０５１４０１３５９",
        "४४०५१४०१३५९",
        "Клієнтка, ПЕСЕЛЬ 44051401359",
        "رقم ٤٤٠٥١٤ ٠١٣٥٩",
        "44051401358",  # a wrong check digit, a date of birth all the same
        "02270803628",  # born in 2002
        "https://example.org/44051401359",
        "(440514)01359",
        "440514 (01359)",
        "440514, 01359",
        "44,05,14,01359",
    ],
)
def test_find_identifiers_sees_a_pesel(text):
    assert kinds(text) == [Kind.PESEL]


@pytest.mark.parametrize(
    "text",
    [
        "500 100 200",
        "tel. 500-100-200",
        "500100200",
        "+48 500 100 200",
        "0048 500100200",
        "(56) 622 33 44",
        "+380 67 123 45 67",
        "067 123 45 67",
        "+375 29 123-45-67",
        "8 029 123-45-67",
        "+963 944 123 456",
        "٥٠٠ ١٠٠ ٢٠٠",
        "+48500\u2011100\u2011200",
    ],
)
def test_find_identifiers_sees_a_phone_number(text):
    assert kinds(text) == [Kind.PHONE]


@pytest.mark.parametrize(
    "text",
    [
        "ABC123456",
        "ABC 123456",
        "abc123456",
        "AA1234567",
        "paszport ZS 0000123",
        "karta pobytu RR 1234567",
        "FA123456",
        "ФА 123456",
        "паспорт СН123456",
        "MP1234567",
        "МР 1234567",
        "4123456A012PB5",
        "4123456А012РВ5",
        "ID 001234567",
        "ABC ١٢٣٤٥٦",
        "45 08 123456",
        "А В 123456",
        "passport FU 12 34 56",
        "ARZ 123 456",
    ],
)
def test_find_identifiers_sees_a_document_number(text):
    assert kinds(text) == [Kind.DOCUMENT]


@pytest.mark.parametrize(
    "text",
    [
        "olena@example.org",
        "пошта: олена@приклад.укр",
        "(anna.nowak+x@poczta.example.pl)",
        "anna.nowak (at) example.pl",
    ],
)
def test_find_identifiers_sees_an_email_address(text):
    assert kinds(text) == [Kind.EMAIL]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Rozmowa o zasiłku, 3 osoby, 60 minut.",
        "21.11.2026, 10:00-11:30",
        "2026-11-21 10:00",
        "21.11.2026 10.30",
        "1.12.2026 10.30",
        "od 8.00 do 16.30, przerwa 12.15–12.45",
        "pokój 2.14, II piętro, wejście B",
        "ul. Toruńska 12/14 m. 5, 87-100 Toruń",
        "art. 165 ust. 8 ustawy z 14.12.2016 r.",
        "Dz.U. 2021 poz. 1082",
        "DSS.5021.123.2026",
        "WSC-II.6151.1.12345.2026",
        "wniosek nr 123456",
        "nr sprawy 12/2026",
        "wniosek nr 12345/2026",
        "EUR 123 456, PLN 100000",
        "8.00-11.30, 12.00-13.15, sale 12, 14, 25",
        "800 zł, 500+, 1 200,50 zł",
        "Зустріч о 10:00, кабінет 214",
        "الساعة ١٠:٣٠ الغرفة ٢١٤",
        "https://us02web.zoom.us/j/81234567890",
        "Google Meet: https://meet.google.com/abc-defg-hij",
        "PIT-37 za 2025, ZUS Z-3, A1",
    ],
)
def test_find_identifiers_lets_ordinary_texts_pass(text):
    assert kinds(text) == []


def test_find_identifiers_tells_where_it_stands():
    text = "Klientka 44051401359, tel. +48 500 100 200"
    first, second = find_identifiers(text)
    assert text[first.start : first.end] == "44051401359"
    assert text[second.start : second.end] == "+48 500 100 200"


def test_refuse_identifiers_never_lets_a_pesel_through():
    with pytest.raises(ClientIdentified) as no:
        refuse_identifiers({"briefing": "PESEL 44051401359"}, is_checked=True)
    assert (no.value.field, no.value.is_final) == ("briefing", True)


def test_refuse_identifiers_lets_a_phone_through_once_it_was_checked():
    with pytest.raises(ClientIdentified) as no:
        refuse_identifiers({"address": "sekretariat 500 100 200"})
    assert (no.value.field, no.value.is_final) == ("address", False)
    refuse_identifiers({"address": "sekretariat 500 100 200"}, is_checked=True)


def test_refuse_identifiers_knows_every_field_at_once():
    with pytest.raises(ClientIdentified) as no:
        refuse_identifiers({"address": "500 100 200", "briefing": "a@example.org", "dialect": "lwowski"})
    assert set(no.value.errors) == {"address", "briefing"}


def test_refuse_identifiers_looks_for_a_pesel_only_in_a_number_of_ones_own():
    refuse_identifiers({"case_reference": "AB123456"}, own_numbers=frozenset({"case_reference"}))
    with pytest.raises(ClientIdentified):
        refuse_identifiers({"case_reference": "44051401359"}, own_numbers=frozenset({"case_reference"}))
