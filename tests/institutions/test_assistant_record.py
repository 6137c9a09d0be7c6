"""What a coordinator sees and enters about her assistants."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from institutions import conflicts
from institutions.models import Assistant, Conflict, Training
from participants import consents
from participants.models import ConsentEvent, LanguageSkill
from portal.clock import WARSAW
from portal.models import ReadEntry
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=WARSAW)  # a Tuesday
TODAY = NOW.date()
PERSON = {"email": "nowa@example.org", "full_name": "Ganna Nowa", "phone": "500 100 200"}
PROFILE = {"gender": "woman", "home_town": "Toruń", "modes": ["on_site", "phone"], "transport": "car"}
LANGUAGES = {"polish": "C1", "language_1": "uk", "level_1": "native", "language_2": "ru", "level_2": "C1"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def page(client, coordinator):
    client.force_login(coordinator)
    return client


def url(name, *arguments):
    return reverse(name, args=arguments)


def text(response):
    assert response.status_code == 200
    return response.content.decode()


# --- becoming one ----------------------------------------------------------------------------------------


def test_an_assistant_is_enrolled_and_changed(page, project):
    address, typed = url("work_assistant_new"), PERSON | PROFILE | LANGUAGES | {"project": project.pk}
    assert page.get(address).status_code == 200
    page.post(address, typed)
    helper = Assistant.objects.get()
    assert (helper.user.phone, helper.modes, helper.transport) == (
        "+48500100200",
        ["on_site", "phone"],
        "car",
    )
    spoken = dict(helper.user.language_skills.values_list("language", "spoken"))
    assert spoken == {"pl": "C1", "uk": "native", "ru": "C1"}
    assert page.post(address, typed).status_code == 200
    changed = PROFILE | {"home_town": "Chełmża", "max_minutes_a_day": "120", "min_notice_minutes": "1440"}
    page.post(url("work_assistant_profile", helper.user.public_id), changed)
    helper.refresh_from_db()
    assert (helper.home_town, helper.max_minutes_a_day, helper.min_notice_minutes) == ("Chełmża", 120, 1440)
    page.post(url("work_assistant_profile", helper.user.public_id), PROFILE)
    helper.refresh_from_db()
    assert (helper.max_minutes_a_day, helper.min_notice_minutes) == (None, None)


def test_a_new_address_needs_a_name_and_a_known_one_does_not(page, project, migrant):
    address, typed = url("work_assistant_new"), PROFILE | LANGUAGES | {"project": project.pk}
    assert "id_full_name" in text(page.post(address, typed | {"email": "nowa@example.org"}))
    assert not Assistant.objects.exists()
    page.post(address, typed | {"email": migrant.email})
    assert Assistant.objects.get().user == migrant


def test_an_assistant_needs_a_language_besides_polish(page, project):
    typed = PERSON | PROFILE | LANGUAGES | {"project": project.pk, "language_1": ""}
    assert page.post(url("work_assistant_new"), typed).status_code == 200
    assert not Assistant.objects.exists()


def test_a_participant_becomes_an_assistant_from_her_page(page, project, migrant, workshop):
    row = factories.make_registration(workshop, migrant)
    address = f"{url('work_assistant_new')}?person={migrant.public_id}"
    assert address in text(page.get(url("work_person", row.public_id)))
    shown = text(page.get(address))
    assert "Olena Kowalenko" in shown
    assert 'name="email"' not in shown
    page.post(address, PROFILE | LANGUAGES | {"project": project.pk})
    assert Assistant.objects.get().user == migrant


@pytest.mark.parametrize("person", ["nonsense", "11111111-1111-4111-8111-111111111111"])
def test_somebody_who_does_not_exist_becomes_nothing(page, person):
    assert page.get(f"{url('work_assistant_new')}?person={person}").status_code == 404


# --- the list --------------------------------------------------------------------------------------------


def test_the_list_says_whose_papers_stop_offers_and_whose_end_soon(page, project):
    lacking = factories.make_assistant(project, papers=False)
    ending = factories.make_assistant(project, contract_until=TODAY + timedelta(days=20))
    fine = factories.make_assistant(project)
    shown = text(page.get("/en/work/assistants/"))
    assert "The code of conduct is not accepted." in shown
    assert "The contract or volunteer agreement ends on 14 December 2026." in shown

    def found(query):
        rows = page.get(url("work_assistants") + query).context["page"]
        return {row.assistant for row in rows}

    assert found("") == {lacking, ending, fine}
    assert found("?state=papers") == {lacking}
    assert found("?state=ending") == {ending}
    assert found("?state=can_work") == {ending, fine}
    assert found("?state=suspended") == set()
    assert found("?state=nonsense&language=xx&town=Nowhere") == {lacking, ending, fine}


def test_the_list_is_filtered_by_language_and_town(page, project):
    arab = factories.make_assistant(project, languages=("ar",), home_town="Chełmża")
    factories.make_assistant(project)
    for query in ("?language=ar", "?town=Chełmża"):
        rows = page.get(url("work_assistants") + query).context["page"]
        assert [row.assistant for row in rows] == [arab]


def test_the_list_tells_a_variety_and_who_is_free_next(page, assistant):
    LanguageSkill.objects.create(user=assistant, language="uk", dialect="zakarpacki", spoken="C1")
    [row] = page.get("/en/work/assistants/").context["page"]
    assert "Ukrainian, zakarpacki (C1)" in row.languages
    assert row.next_free == NOW


def test_the_list_takes_the_same_number_of_queries(page, project):
    counts = []
    for number in (3, 27):
        for _index in range(number):
            factories.make_assistant(project, contract_until=TODAY)
        with CaptureQueriesContext(connection) as queries:
            assert page.get(url("work_assistants")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


# --- one of them -----------------------------------------------------------------------------------------


def test_suspending_shows_the_jobs_that_stay(page, assistant, institution):
    job = factories.make_assignment(factories.make_request(institution), assistant.assistant)
    address = url("work_assistant_suspend", assistant.public_id)
    shown = text(page.post(address, follow=True))
    assert Assistant.objects.get().suspended_at == NOW
    assert url("work_assistance_request", job.request.public_id) in shown
    page.post(address)
    assert Assistant.objects.get().suspended_at is None


def test_jobs_on_days_without_a_valid_paper_are_marked(page, assistant, institution):
    helper = assistant.assistant
    Assistant.objects.update(contract_until=TODAY + timedelta(days=6))
    soon = factories.make_assignment(factories.make_request(institution), helper)
    later = factories.make_assignment(
        factories.make_request(institution, start_at=NOW + timedelta(days=9)), helper
    )
    children = factories.make_assignment(factories.make_request(institution, are_minors_present=True), helper)
    response = page.get(url("work_assistant", assistant.public_id))
    assert response.context["coming"] == [soon, children, later]
    assert set(response.context["lacking"]) == {later, children}


def test_opening_an_assistant_is_written_down(page, assistant, coordinator):
    page.get(url("work_assistant", assistant.public_id))
    entry = ReadEntry.objects.get()
    assert (entry.actor_id, entry.subject_id, entry.what) == (coordinator.pk, assistant.pk, "assistant")


def test_her_page_takes_at_most_twelve_queries(page, assistant, institution):
    for _index in range(25):
        factories.make_assignment(factories.make_request(institution), assistant.assistant)
    with CaptureQueriesContext(connection) as queries:
        assert page.get(url("work_assistant", assistant.public_id)).status_code == 200
    assert len(queries) <= 12


def test_a_language_is_added_verified_and_removed(page, assistant):
    address = url("work_assistant_languages", assistant.public_id)
    assert page.post(address, {"language": "ar"}).status_code == 200
    page.post(address, {"language": "ar", "dialect": " Syrian ", "spoken": "native", "written": ""})
    skill = assistant.language_skills.get(language="ar")
    assert skill.dialect == "Syrian"
    page.post(url("work_assistant_language_verify", assistant.public_id, skill.pk))
    skill.refresh_from_db()
    assert skill.verified_on == TODAY
    assert url("work_assistant_language_verify", assistant.public_id, skill.pk) not in text(page.get(address))
    page.post(url("work_assistant_language_drop", assistant.public_id, skill.pk))
    assert not assistant.language_skills.filter(language="ar").exists()
    polish = assistant.language_skills.get(language="pl")
    page.post(url("work_assistant_language_drop", assistant.public_id, polish.pk))
    assert assistant.language_skills.filter(language="pl").exists()


def test_papers_are_entered_and_mistakes_stand_beside_the_field(page, assistant):
    address = url("work_assistant_papers", assistant.public_id)
    typed = {"contract_form": "volunteer", "contract_from": "2026-11-01", "insured_until": "2027-10-31"}
    wrong = page.post(address, typed | {"contract_until": "2026-10-01"})
    assert "contract_until" in wrong.context["form"].errors
    assert "2027-10-31" in text(wrong)
    page.post(address, typed)
    helper = Assistant.objects.get()
    assert (helper.contract_form, str(helper.insured_until)) == ("volunteer", "2027-10-31")


def test_what_is_signed_on_paper_is_written_down(page, project, coordinator):
    consents.load_texts()
    helper = factories.make_assistant(project, papers=False)
    sheet = page.get(url("work_assistant_sheet", helper.user.public_id, "ar"))
    assert sheet.content.startswith(b"%PDF")
    assert page.get(url("work_assistant_sheet", helper.user.public_id, "xx")).status_code == 404
    address = url("work_assistant_on_paper", helper.user.public_id)
    assert page.post(address, {"paper": "photos", "language": "uk"}).status_code == 200
    page.post(address, {"paper": "confidentiality", "language": "uk"})
    event = ConsentEvent.objects.get(user=helper.user)
    assert (event.channel, event.recorded_by, event.text.language) == ("paper", coordinator, "uk")


def test_a_training_is_added_and_removed(page, assistant):
    address = url("work_assistant_training_add", assistant.public_id)
    assert page.post(address, {"subject": "bank", "trained_on": "2026-11-25"}).status_code == 200
    page.post(address, {"subject": "bank", "trained_on": "2026-11-20", "minutes": "90"})
    training = Training.objects.get()
    page.post(url("work_assistant_training_drop", assistant.public_id, training.pk))
    assert not Training.objects.exists()


def test_looking_at_conflicts_is_written_down(page, assistant, coordinator, official):
    address = url("work_assistant_conflicts", assistant.public_id)
    page.post(address, {"official": official.pk, "reason": "relative"})
    conflict = Conflict.objects.get()
    job = factories.make_assignment(
        factories.make_request(factories.make_institution(assistant.assistant.project), official),
        assistant.assistant,
    )
    shown = text(page.get(address))
    assert "Zbigniew Wiśniewski" in shown
    assert url("work_withdraw", job.public_id) in shown
    entry = ReadEntry.objects.get(what="conflicts")
    assert (entry.actor_id, entry.subject_id) == (coordinator.pk, assistant.pk)
    page.post(url("work_assistant_conflict_drop", assistant.public_id, conflict.pk))
    assert not Conflict.objects.exists()
    assert page.post(address, {"reason": "relative"}).status_code == 200


def test_conflicts_are_on_no_other_page_of_the_coordinator(page, assistant, institution):
    conflicts.avoid(assistant.assistant, by=assistant, town="Miasteczko", reason="own_case")
    for name in ("work_assistant", "work_assistant_profile", "work_assistant_languages"):
        assert "Miasteczko" not in text(page.get(url(name, assistant.public_id)))


@pytest.mark.parametrize("name", ["", "_profile", "_languages", "_papers", "_conflicts"])
def test_assistants_of_another_network_do_not_exist(page, other_project, name):
    foreign = factories.make_assistant(other_project)
    assert page.get(url(f"work_assistant{name}", foreign.user.public_id)).status_code == 404


def test_rows_of_another_assistant_do_not_exist(page, assistant, project):
    other = factories.make_assistant(project)
    training = Training.objects.create(assistant=other, subject="bank", trained_on=TODAY)
    conflict = Conflict.objects.create(assistant=other, town="Łódź")
    for name, pk in [
        ("work_assistant_language_verify", other.user.language_skills.first().pk),
        ("work_assistant_language_drop", other.user.language_skills.first().pk),
        ("work_assistant_training_drop", training.pk),
        ("work_assistant_conflict_drop", conflict.pk),
    ]:
        assert page.post(url(name, assistant.public_id, pk)).status_code == 404
