"""Names that people spell as they like."""

import pytest

from portal.names import is_same_name, spelling_key


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Toruń", "TORUN ", True),
        ("Toruń", "Торунь", True),
        ("Toruń", "87-100 Toruń", True),
        ("Toruń", "m. Toruń", True),
        ("Golub-Dobrzyń", "golub dobrzyn", True),
        ("Solec Kuj.", "Solec Kujawski", True),
        ("Nakło n. Notecią", "Nakło nad Notecią", True),
        ("Syrian Arabic", "syrian-arabic", True),
        ("Nowe", "Nowe Miasto", False),
        ("Kowal", "Kowalewo", False),
        ("Miasto", "Miasteczko", False),
        ("Toruń", "", False),
        ("", "", False),
    ],
)
def test_is_same_name_however_it_is_spelled(one, other, expected):
    assert is_same_name(one, other) is is_same_name(other, one) is expected


def test_spelling_key_is_one_for_spellings_that_differ_in_signs():
    assert spelling_key("Golub-Dobrzyń") == spelling_key("golub dobrzyn") != spelling_key("Dobrzyń")
