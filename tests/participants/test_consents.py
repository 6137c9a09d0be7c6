import json

import pytest
from django.core.management import call_command

from participants import consents
from participants.models import ConsentEvent, ConsentText
from portal.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def texts():
    """The texts as people read them, by purpose, in Polish."""
    consents.load_texts()
    return {text.purpose: text for text in consents.current_texts("pl")}


def written(tmp_path, *, version="2026-11", body="Zgadzam się.", languages=("pl", "en")):
    path = tmp_path / "consents.json"
    entry = {"purpose": "data_processing", "version": version, "required": True}
    entry |= {"title": dict.fromkeys(languages, "Dane"), "body": dict.fromkeys(languages, body)}
    path.write_text(json.dumps([entry]))
    return path


def test_load_texts_in_all_six_languages_once(capsys):
    call_command("load_consents")
    count = ConsentText.objects.count()
    assert count == 5 * 6
    assert consents.load_texts() == 0
    assert ConsentText.objects.count() == count
    assert capsys.readouterr().out.startswith("30 ")


def test_load_texts_changes_words_nobody_has_accepted(tmp_path):
    consents.load_texts(written(tmp_path))
    assert consents.load_texts(written(tmp_path, body="Inne słowa.")) == 2
    assert consents.current_texts("pl")[0].body == "Inne słowa."


def test_load_texts_refuses_to_change_accepted_words(tmp_path, migrant):
    consents.load_texts(written(tmp_path))
    consents.give(migrant, consents.current_texts("pl")[0], by=migrant)
    with pytest.raises(consents.TextInUse):
        consents.load_texts(written(tmp_path, body="Inne słowa."))


def test_current_texts_are_the_newest_in_the_nearest_language(tmp_path):
    consents.load_texts(written(tmp_path))
    consents.load_texts(written(tmp_path, version="2027-01", body="Nowe słowa."))
    [text] = consents.current_texts("ar")
    assert (text.version, text.language) == ("2027-01", "pl")
    assert consents.current_texts("en")[0].language == "en"


def test_give_is_one_consent_however_often(texts, migrant):
    text = texts["data_processing"]
    assert consents.missing_required(migrant, "uk")
    first = consents.give(migrant, text, by=migrant)
    assert consents.give(migrant, text, by=migrant) == first
    assert consents.missing_required(migrant, "uk") == []  # accepted in Polish, and not asked again
    assert AuditEntry.objects.filter(action="consent.given").count() == 1


def test_a_new_version_is_asked_for_again(tmp_path, migrant):
    consents.load_texts(written(tmp_path))
    consents.give(migrant, consents.current_texts("pl")[0], by=migrant)
    consents.load_texts(written(tmp_path, version="2027-01"))
    assert [text.version for text in consents.missing_required(migrant, "pl")] == ["2027-01"]


def test_withdraw_keeps_what_was_and_can_be_given_again(texts, migrant):
    consents.give(migrant, texts["photos"], by=migrant)
    assert consents.withdraw(migrant, "photos", by=migrant).is_given is False
    assert consents.withdraw(migrant, "photos", by=migrant) is None
    assert "photos" not in consents.given(migrant)
    consents.give(migrant, texts["photos"], by=migrant)
    assert list(ConsentEvent.objects.values_list("is_given", flat=True)) == [True, False, True]


def test_withdraw_of_what_activities_need_is_refused(texts, migrant):
    consents.give(migrant, texts["data_processing"], by=migrant)
    with pytest.raises(consents.NeededForActivities):
        consents.withdraw(migrant, "data_processing", by=migrant)


def test_what_assistants_promise_is_asked_of_nobody_else(texts, migrant):
    assert list(texts) == ["data_processing", "photos", "newsletter"]
    theirs = consents.current_texts("ar", audience="assistants")
    assert [text.purpose for text in theirs] == ["code_of_conduct", "confidentiality"]
    assert {text.language for text in theirs} == {"ar"}
    consents.give(migrant, texts["data_processing"], by=migrant)
    assert consents.missing_required(migrant, "pl") == consents.missing_for([migrant], "pl") == []
    assert consents.missing_required(migrant, "ar", audience="assistants") == theirs


def test_withdraw_what_assistants_promise_at_any_time(texts, migrant):
    for text in consents.current_texts("pl", audience="assistants"):
        assert text.is_required
        consents.give(migrant, text, by=migrant)
        assert consents.withdraw(migrant, text.purpose, by=migrant).is_given is False


def test_consents_on_paper_are_recorded_by_somebody_else(texts, migrant, coordinator):
    event = consents.give(migrant, texts["photos"], by=coordinator, channel="paper")
    assert (event.user, event.recorded_by, event.channel) == (migrant, coordinator, "paper")
