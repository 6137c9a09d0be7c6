"""What an assistant sees and says about herself."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from institutions import accepted_papers
from institutions.models import Assistant, Conflict
from institutions.papers_of_assistants import Paper
from participants import consents
from participants.models import ConsentEvent
from portal.clock import WARSAW
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=WARSAW)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def newcomer(project):
    consents.load_texts()
    return factories.make_assistant(
        project, factories.make_user(language="uk"), papers=False, contract_form="mandate"
    )


@pytest.fixture
def page(client, newcomer):
    client.force_login(newcomer.user)
    return client


def url(name, *arguments):
    return reverse(name, args=arguments)


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_papers_are_read_in_her_language_and_accepted_by_a_click(page, newcomer):
    assert url("assistant_paper", "code_of_conduct") in text(page.get(url("assistant_papers")))
    shown = text(page.get("/uk/assistant/papers/code_of_conduct/"))
    assert "Я точно передаю все" in shown
    page.post("/uk/assistant/papers/code_of_conduct/", {"version": "2026-11"})
    event = ConsentEvent.objects.get()
    assert (event.user, event.text.language, event.channel) == (newcomer.user, "uk", "online")
    shown = text(page.get("/en/assistant/papers/code_of_conduct/"))
    assert "You accepted this on 24 November 2026." in shown
    assert "I have read this and accept it" not in shown


def test_a_version_that_she_has_not_read_is_not_accepted(page):
    page.post(url("assistant_paper", "confidentiality"), {"version": "2020-01"})
    page.post(url("assistant_paper", "confidentiality"))
    assert not ConsentEvent.objects.exists()


def test_a_promise_is_taken_back_and_home_says_what_follows(page, newcomer):
    for paper in (Paper.CODE_OF_CONDUCT, Paper.CONFIDENTIALITY):
        version = accepted_papers.text_of(paper, "uk").version
        accepted_papers.accept(newcomer, paper, version=version, language="uk", by=newcomer.user)
    Assistant.objects.update(contract_from=NOW.date())
    assert "You get no offers now" not in text(page.get("/en/assistant/"))
    page.post(url("assistant_paper", "confidentiality"), {"answer": "no"})
    shown = text(page.get("/en/assistant/"))
    assert "You get no offers now" in shown
    assert "The promise of confidentiality is not given." in shown


def test_home_says_that_a_paper_will_end(client, assistant):
    Assistant.objects.update(contract_until=NOW.date() + timedelta(days=30))
    client.force_login(assistant)
    assert "ends on 24 December 2026" in text(client.get("/en/assistant/"))
    Assistant.objects.update(contract_until=NOW.date() + timedelta(days=31))
    assert "A paper of yours will end soon" not in text(client.get("/en/assistant/"))


@pytest.mark.parametrize("paper", ["contract", "data_processing", "nonsense"])
def test_other_papers_are_not_accepted_here(page, paper):
    assert page.get(url("assistant_paper", paper)).status_code == 404
    assert page.post(url("assistant_paper", paper), {"version": "2026-11"}).status_code == 404


def test_her_ways_and_limits_are_her_own(page, newcomer):
    address = url("assistant_profile")
    typed = {"home_town": "Grudziądz", "modes": ["video"], "transport": "car", "gender": "woman"}
    assert "modes" in page.post(address, typed | {"modes": []}).context["form"].errors
    page.post(address, typed | {"max_travel_minutes": "60", "max_minutes_a_week": "300"})
    newcomer.refresh_from_db()
    assert (newcomer.home_town, newcomer.modes, newcomer.max_travel_minutes) == ("Grudziądz", ["video"], 60)
    assert newcomer.max_minutes_a_week == 300
    assert page.post(address, typed | {"max_minutes_a_day": "600"}).status_code == 200
    newcomer.refresh_from_db()
    assert newcomer.max_minutes_a_day is None


def test_a_limit_chosen_elsewhere_is_not_lost_on_her_page(page, newcomer):
    Assistant.objects.update(max_minutes_a_day=100)
    assert '<option value="100" selected' in text(page.get(url("assistant_profile")))


def test_her_languages_are_added_and_removed(page, newcomer):
    page.post(url("assistant_language_add"), {"language": "ar", "dialect": "Iraqi", "spoken": "C1"})
    skill = newcomer.user.language_skills.get(language="ar")
    assert "Iraqi" in text(page.get(url("assistant_profile")))
    page.post(url("assistant_language_drop", skill.pk))
    assert not newcomer.user.language_skills.filter(language="ar").exists()
    assert page.post(url("assistant_language_add"), {"language": "ar"}).status_code == 200


def test_where_she_will_not_interpret_is_told_and_taken_back(page, newcomer, institution, other_project):
    address = url("assistant_conflicts")
    foreign = factories.make_institution(other_project)
    for wrong in ({"reason": "other"}, {"reason": "other", "institution": foreign.pk}):
        assert page.post(address, wrong).status_code == 200
    assert not Conflict.objects.exists()
    page.post(address, {"institution": institution.pk, "reason": "employer"})
    conflict = Conflict.objects.get()
    assert institution.name in text(page.get(address))
    page.post(url("assistant_conflict_drop", conflict.pk))
    assert not Conflict.objects.exists()


def test_a_meeting_that_is_agreed_there_is_named_with_a_way_to_give_it_back(page, newcomer, institution):
    job = factories.make_assignment(factories.make_request(institution, state="confirmed"), newcomer)
    address, give_back = url("assistant_conflicts"), url("assistant_withdraw", job.public_id)
    newcomer.conflicts.create(town="Chełmno")
    assert give_back not in text(page.get(address))
    page.post(address, {"town": "Torun", "reason": "other"})
    assert give_back in text(page.get(address))


def test_what_is_another_assistants_does_not_exist(page, assistant):
    conflict = Conflict.objects.create(assistant=assistant.assistant, town="Łódź")
    skill = assistant.language_skills.first()
    assert page.post(url("assistant_conflict_drop", conflict.pk)).status_code == 404
    assert page.post(url("assistant_language_drop", skill.pk)).status_code == 404


def test_officials_never_see_a_conflict(client, assistant, official, institution):
    Conflict.objects.create(assistant=assistant.assistant, town="Miasteczko", reason="own_case")
    asked = factories.make_request(institution, official, state="confirmed")
    factories.make_assignment(asked, assistant.assistant)
    client.force_login(official)
    for name, arguments in [("assistance", []), ("assistance_request", [asked.public_id])]:
        assert "Miasteczko" not in text(client.get(url(name, *arguments)))
    assert client.get(url("assistant_conflicts")).status_code == 404
    assert client.get(url("work_assistant_conflicts", assistant.public_id)).status_code == 404
