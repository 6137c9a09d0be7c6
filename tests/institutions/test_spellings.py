"""What is offered while somebody types a town or a variety, and what is said of names that nobody knows."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from institutions.spellings import InUse, once
from participants.models import LanguageSkill
from tests import factories

pytestmark = pytest.mark.django_db


def url(name, *arguments):
    with translation.override("en"):
        return reverse(name, args=arguments)


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def offered(page, field):
    """What the browser offers for a field, by its list."""
    assert f'list="id_{field}_words"' in page
    words = re.search(rf'<datalist id="id_{field}_words">(.*?)</datalist>', page, re.S).group(1)
    return re.findall(r'<option value="([^"]*)">([^<]*)', words)


@pytest.fixture
def syrian(project, assistant):
    """Who lives where no institution is, and has told of her variety."""
    assistant.assistant.home_town = "Chełmża"
    assistant.assistant.save(update_fields=["home_town"])
    LanguageSkill.objects.create(user=assistant, language="ar", dialect="Syrian Arabic", spoken="C1")
    return assistant


def test_once_takes_the_spelling_that_most_have_chosen():
    assert once(["torun", "Toruń ", "Toruń", "", "Chełmno"]) == ["Chełmno", "Toruń"]


def test_counties_are_those_of_the_map_and_others_that_were_written(project):
    for county in ("powiat torunski", "Sierpc"):
        factories.make_institution(project, county=county)
    counties = InUse([project.pk]).counties
    assert {"toruński", "Sierpc", "bydgoski"} <= set(counties)
    assert "powiat torunski" not in counties


def test_officials_are_offered_places_of_institutions_and_varieties_but_never_homes(
    client, project, other_project, institution, official, syrian
):
    institution.units.update(town="Solec Kujawski", county="Nowy powiat")
    factories.make_institution(other_project, town="Łódź")
    client.force_login(official)
    page = text(client.get(url("assistance_new")))
    assert [word for word, _beside in offered(page, "town")] == ["Solec Kujawski", "Toruń"]
    counties = [word for word, _beside in offered(page, "county")]
    assert ("Nowy powiat" in counties, "Solec Kujawski" in counties) == (True, False)
    assert offered(page, "dialect") == [("Syrian Arabic", "Arabic")]
    assert "Chełmża" not in page


def test_homes_are_offered_to_coordinators_alone(client, coordinator, institution, syrian, project):
    other = factories.make_assistant(project)
    client.force_login(coordinator)
    page = text(client.get(url("work_assistant_profile", other.user.public_id)))
    assert ("Chełmża", "") in offered(page, "home_town")
    client.force_login(other.user)
    assert "Chełmża" not in text(client.get(url("assistant_profile")))


@pytest.mark.parametrize(
    ("town", "is_refused"), [("Бидгощ", True), ("تورون", True), ("Łęg-Białystok 2", False)]
)
def test_a_town_is_written_in_letters_that_can_be_compared(client, assistant, town, is_refused):
    client.force_login(assistant)
    page = client.post(url("assistant_conflicts"), {"town": town, "reason": "other"})
    assert ("town" in page.context["form"].errors if is_refused else page.status_code == 302) is True


MUSTS = {
    "language": "ar",
    "is_dialect_required": True,
    "is_other_town_wanted": True,
    "is_other_town_required": True,
}


@pytest.mark.parametrize(
    ("dialect", "town", "said"),
    [
        ("syrian-arabic", "Torun", []),
        ("arabski syryjski", "Toruń", ["called otherwise here: Syrian Arabic"]),
        ("syrian arabic", "Torunj", ["Is the name of the town right: Torunj?"]),
    ],
)
def test_a_must_that_nobody_has_written_so_is_said_to_both_sides(
    client, coordinator, institution, official, syrian, dialect, town, said
):
    asked = factories.make_request(institution, official, dialect=dialect, town=town, state="draft", **MUSTS)
    client.force_login(official)
    pages = [text(client.get(url("assistance_check", asked.public_id)))]
    client.force_login(coordinator)
    for state, name in (("submitted", "work_review"), ("offering", "work_assistance_request")):
        type(asked).objects.update(state=state)
        pages.append(text(client.get(url(name, asked.public_id))))
    for page in pages:
        sentences = ["called otherwise here", "Is the name of the town right"]
        assert [one in page for one in said] == [True] * len(said)
        assert sum(one in page for one in sentences) == len(said)


def test_a_variety_where_nobody_has_told_of_one(client, institution, official):
    asked = factories.make_request(
        institution, official, dialect="Sorani", state="draft", **MUSTS | {"language": "ku"}
    )
    client.force_login(official)
    assert "As a must it leaves nobody." in text(client.get(url("assistance_check", asked.public_id)))


def test_only_coordinators_know_by_where_assistants_live(client, coordinator, institution, official, syrian):
    asked = factories.make_request(
        institution, official, town="Chełmża", state="draft", **MUSTS | {"is_dialect_required": False}
    )
    client.force_login(official)
    assert "Is the name of the town right" in text(client.get(url("assistance_check", asked.public_id)))
    type(asked).objects.update(state="offering")
    client.force_login(coordinator)
    page = text(client.get(url("work_assistance_request", asked.public_id)))
    assert "Is the name of the town right" not in page
