"""Dates and numbers as people write them, with the same digits in every language."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.utils import formats, timezone, translation

from portal.templatetags.portal import phone

MOMENT = datetime(2026, 11, 23, 16, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("pl", "poniedziałek, 23 listopada 2026, 17:05"),
        ("en", "Monday, 23 November 2026, 17:05"),
        ("uk", "понеділок, 23 листопада 2026, 17:05"),
        ("be", "панядзелак, 23 лістапада 2026, 17:05"),
        ("ru", "понедельник, 23 ноября 2026, 17:05"),
        ("ar", "الاثنين، 23 نوفمبر 2026، 17:05"),
    ],
)
def test_date_is_shown_as_people_say_it(language, shown):
    with translation.override(language):
        text = formats.date_format(timezone.localtime(MOMENT), "l, j E Y, H:i")
    assert text == shown


@pytest.mark.parametrize("language", ["pl", "en", "uk", "be", "ru", "ar"])
def test_week_starts_on_monday_and_clocks_have_24_hours(language):
    with translation.override(language):
        assert formats.get_format("FIRST_DAY_OF_WEEK") == 1
        assert formats.time_format(timezone.localtime(MOMENT), "TIME_FORMAT") == "17:05"
        assert formats.date_format(date(2026, 11, 3), "SHORT_DATE_FORMAT") == "03.11.2026"
        assert forms.DateField().clean("23.11.2026") == date(2026, 11, 23)
        assert forms.DateField().clean("2026-11-23") == date(2026, 11, 23)
        assert formats.number_format(1234567).translate(str.maketrans("", "", "\xa0 ,.")) == "1234567"


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ("+48566223344", "+48 56 622 33 44"),
        ("+48224902044", "+48 22 490 20 44"),
        ("+48500100200", "+48 500 100 200"),
        ("+48577100200", "+48 577 100 200"),
        ("+380441234567", "+380441234567"),
        ("112 <b>", "112 &lt;b&gt;"),
    ],
)
def test_a_phone_number_is_written_as_people_read_it(kept, read):
    assert phone(kept) == f'<bdi dir="ltr" class="phone">{read}</bdi>'


@pytest.mark.parametrize(
    ("language", "shown"), [("pl", "zdrowie, 2026-11"), ("ar", "zdrowie، \u20662026-11\u2069")]
)
def test_facts_one_after_another_have_the_comma_and_the_direction_of_the_page(language, shown):
    with translation.override(language):
        text = Template("{{ subject }}{% comma %}{{ version|ltr }}").render(
            Context({"subject": "zdrowie", "version": "2026-11"})
        )
    assert text == shown


@pytest.mark.parametrize("language", ["pl", "en", "uk", "be", "ru", "ar"])
def test_a_date_ends_without_a_dot_since_sentences_end_with_one(language):
    with translation.override(language):
        assert not formats.date_format(date(2026, 10, 31)).endswith(".")
