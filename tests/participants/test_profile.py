import re

import pytest

from participants import consents, profile
from participants.models import LanguageSkill
from portal.models import AuditEntry, ContactPreference
from tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = "/en/me/profile/"
TYPED = {
    "call_me": "Olena",
    "full_name": "Olena Kowalenko",
    "name_original": "Олена",
    "language": "uk",
    "phone": "500 100 200",
    "town": "Toruń",
    "gender": "woman",
    "birth_year": "1990",
    "citizenship_group": "non_eu",
    "is_neutral": "on",
    "not_before": "09:00",
    "no_reminders": "on",
}


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_change_keeps_names_findable(migrant):
    profile.change(migrant, by=migrant, person={"call_me": "Łucja"}, participant={}, contact={})
    migrant.refresh_from_db()
    assert "lucja" in migrant.name_key
    assert "kowalenko" in migrant.name_key


def test_change_records_what_but_not_the_words(migrant):
    for _twice in range(2):
        profile.change(migrant, by=migrant, person={"phone": "+48500100200"}, participant={}, contact={})
    line = AuditEntry.objects.get(action="profile.changed")
    assert line.data == {"fields": ["phone"]}


def test_a_changed_level_has_to_be_verified_anew(migrant, coordinator):
    skill = profile.keep_language(migrant, "uk", spoken="native", written="B1", by=migrant)
    LanguageSkill.objects.update(verified_by=coordinator, verified_on=factories.at(0).date())
    profile.keep_language(migrant, "uk", spoken="native", written="B1", by=migrant)
    skill.refresh_from_db()
    assert skill.verified_by == coordinator
    profile.keep_language(migrant, "uk", spoken="native", written="C1", by=migrant)
    skill.refresh_from_db()
    assert (skill.verified_by, skill.verified_on) == (None, None)


def test_page_saves_everything_and_follows_the_language(client, migrant):
    client.force_login(migrant)
    response = client.post(ADDRESS, TYPED)
    assert response["Location"] == "/uk/me/profile/"
    migrant.refresh_from_db()
    assert (migrant.name_original, migrant.phone) == ("Олена", "+48500100200")
    assert migrant.participant.town == "Toruń"
    contact = ContactPreference.objects.get(user=migrant)
    assert (contact.is_neutral, contact.no_sms, contact.muted_kinds) == (True, False, ["reminder"])
    assert "+48500100200" in text(client.get("/uk/me/profile/"))


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("phone", "12", "This is not a phone number."),
        ("birth_year", "90", "four digits"),
        ("call_me", "", "This field is required."),
    ],
)
def test_page_keeps_what_was_typed_when_something_is_wrong(client, migrant, field, typed, sentence):
    client.force_login(migrant)
    page = text(client.post(ADDRESS, TYPED | {"name_original": "Оленка", field: typed}))
    assert sentence in page
    assert "Оленка" in page
    migrant.refresh_from_db()
    assert migrant.name_original == ""


def test_page_adds_and_removes_languages(client, migrant, other_migrant):
    client.force_login(migrant)
    client.post(f"{ADDRESS}languages/", {"language": "ka", "spoken": "native", "written": ""})
    skill = LanguageSkill.objects.get(user=migrant)
    assert "Georgian" in text(client.get(ADDRESS))
    foreign = profile.keep_language(other_migrant, "ar", spoken="native", written="", by=other_migrant)
    assert client.post(f"{ADDRESS}languages/{foreign.pk}/remove/").status_code == 404
    client.post(f"{ADDRESS}languages/{skill.pk}/remove/")
    assert not LanguageSkill.objects.filter(user=migrant).exists()


def test_page_shows_consents_and_takes_them_back(client, migrant):
    consents.load_texts()
    client.force_login(migrant)
    for purpose in ("photos", "data_processing"):
        client.post(f"{ADDRESS}consents/{purpose}/", {"answer": "yes"})
    assert set(consents.given(migrant)) == {"photos", "data_processing"}
    assert "Version of the text: 2026-11" in text(client.get(ADDRESS))
    client.post(f"{ADDRESS}consents/photos/", {"answer": "no"})
    page = client.post(f"{ADDRESS}consents/data_processing/", {"answer": "no"}, follow=True)
    assert "Without this we cannot plan activities with you." in text(page)
    assert set(consents.given(migrant)) == {"data_processing"}
    assert client.post(f"{ADDRESS}consents/horses/", {"answer": "yes"}).status_code == 404


def test_page_is_for_the_person_herself(client):
    assert "/account/login/" in client.get(ADDRESS)["Location"]
