"""What an official sees and does on her pages."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from institutions import offers, questions, requests, time_reports, withdrawals
from institutions.models import AssistanceRequest
from portal.clock import WARSAW
from portal.models import AuditEntry
from projects.models import LedgerEntry
from tests import factories

pytestmark = pytest.mark.django_db
State = AssistanceRequest.State
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=WARSAW)
START = datetime(2026, 11, 27, 10, 0, tzinfo=WARSAW)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def page(client, official):
    client.force_login(official)
    return client


@pytest.fixture
def asked(institution, official, assistant):
    return requests.submit(
        institution,
        by=official,
        start_at=START,
        minutes=60,
        language="uk",
        subject="health",
        town="Toruń",
        address="ul. Sekretna 7",
    )


def url(name, *arguments):
    return reverse(name, args=arguments)


def form(place, **fields):
    return {
        "unit": place.units.get().pk,
        "language": "uk",
        "subject": "health",
        "role": "interpreting",
        "gender_preference": "any",
        "start_on": "2026-11-27",
        "starts": "10:00",
        "minutes": "60",
        "urgency": "planned",
        "mode_1": "on_site",
        "town": "Toruń",
        "address": "ul. Cicha 2, pok. 2.14",
        "contact_phone": "56 622 33 44",
        "assistants_needed": "1",
    } | fields


def send(page, fields):
    """Fill in, check, send: the whole way."""
    check = page.post(url("assistance_new"), fields)
    draft = AssistanceRequest.objects.get(state=State.DRAFT)
    assert check.url == url("assistance_check", draft.public_id)
    return page.post(url("assistance_send", draft.public_id))


@pytest.mark.parametrize(
    ("name", "typed", "field"),
    [
        ("minutes", "100000000000", "minutes"),
        ("people_count", "40000", "people_count"),
        ("people_count", "0", "people_count"),
        ("start_on", "0001-01-01", "start_on"),
        ("start_on", "9999-12-31", "start_on"),
        ("start_on", "2062-11-27", "start_on"),
        ("unit", "²", "unit"),
        ("unit", "9" * 30, "unit"),
    ],
)
def test_odd_input_is_said_next_to_the_field(page, institution, name, typed, field):
    answer = page.post(url("assistance_new"), form(institution, **{name: typed}))
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert answer.context["form"]["address"].value() == "ul. Cicha 2, pok. 2.14"
    assert not AssistanceRequest.objects.exists()


def test_the_form_makes_a_request_in_local_time(page, institution, official, assistant):
    response = send(page, form(institution))
    asked = AssistanceRequest.objects.get()
    assert response.url == url("assistance_request", asked.public_id)
    assert (asked.start_at, asked.minutes, asked.requested_by) == (START, 60, official)
    assert asked.contact_phone == "+48566223344"
    assert asked.unit == institution.units.get()
    assert asked.offers.count() == 1


def test_the_form_says_what_it_must_say_before_anybody_writes(page):
    text = page.get("/en/assistance/new/").content.decode()
    for sentence in ["sworn interpreter", "PESEL", "twice"]:
        assert sentence in text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"start_on": "2026-11-23"}, "This time has passed"),
        ({"start_on": "2026-11-25"}, "at least two working days away"),
        ({"minutes": "300"}, "4 hours a day"),
        ({"subject": "police_court"}, "sworn interpreter may interpret"),
        ({"briefing": "PESEL 44051401359"}, "looks like a PESEL"),
        ({"contact_phone": "123"}, "not a phone number"),
        ({"language": ""}, "required"),
    ],
)
def test_the_form_refuses_beside_the_field_and_loses_nothing(page, institution, fields, sentence):
    typed = form(institution, dialect="lwowski") | fields
    with_translation = page.post("/en/assistance/new/", typed)
    text = with_translation.content.decode()
    assert sentence in text
    assert "lwowski" in text
    assert "ul. Cicha 2, pok. 2.14" in text
    assert not AssistanceRequest.objects.exists()


def test_the_form_lets_a_doubtful_text_through_after_a_second_look(page, institution):
    typed = form(institution, briefing="Proszę dzwonić: 500 100 200")
    text = page.post("/en/assistance/new/", typed).content.decode()
    assert "looks like a phone number" in text
    assert "is_checked" in text
    assert not AssistanceRequest.objects.exists()
    page.post("/en/assistance/new/", typed | {"is_checked": "on"})
    assert AssistanceRequest.objects.exists()


def test_the_form_never_lets_a_pesel_through(page, institution):
    text = page.post(
        "/en/assistance/new/", form(institution, briefing="44051401359", is_checked="on")
    ).content.decode()
    assert "looks like a PESEL" in text
    assert not AssistanceRequest.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence", "is_there"),
    [
        ({"minutes": "60"}, "Please plan breaks", False),
        ({"minutes": "75"}, "Please plan breaks", True),
        ({"minutes": "75"}, "10:35–10:40", True),
        ({"minutes": "150"}, "too much for one person", True),
        ({"minutes": "150", "assistants_needed": "2"}, "too much for one person", False),
        ({"mode_1": "phone", "sensitivities": ["violence"]}, "On site is better here", True),
        ({"mode_3": "phone", "are_minors_present": "on"}, "leave it out: then we never come to it", True),
        ({"mode_3": "phone", "minutes": "45"}, "leave it out", False),
        ({"mode_2": "video"}, "There is no link to the video meeting yet", True),
        ({"mode_2": "video", "link": "https://meet.example/a-b"}, "There is no link", False),
        ({"mode_1": "phone", "contact_phone": ""}, "There is no phone number to call yet", True),
        ({"mode_1": "on_site", "minutes": "20"}, "A phone call may be enough", True),
        ({"is_signed_or_certified": "on"}, "you need a sworn interpreter", True),
        ({"are_minors_present": "on"}, "checked for work with children", True),
        ({"is_relative_interpreting": "on"}, "do not let a relative or a child", True),
        ({"urgency": "urgent"}, "“planned” will do", True),
        ({"sensitivities": ["health"]}, "10 minutes before and 10 minutes after", True),
        ({"sensitivities": ["health"], "talks": "0"}, "10 minutes before", False),
    ],
)
def test_the_check_page_advises(page, institution, fields, sentence, is_there):
    text = page.post("/en/assistance/new/", form(institution, **fields), follow=True).content.decode()
    assert "Check before you send" in text
    assert (sentence in text) is is_there


def test_the_check_page_shows_both_sides_of_what_an_assistant_reads(page, institution):
    fields = form(
        institution, briefing="Formularz", case_reference="S-12", level="C1", is_level_required="on"
    )
    text = page.post("/en/assistance/new/", fields, follow=True).content.decode()
    before, after = text.split("Only whoever agreed reads")
    assert "level C1" in after
    for secret in ["Cicha", "Formularz", "S-12", institution.name_en]:
        assert secret not in before.split("Everybody who is asked reads")[1]
        assert secret in after


def test_nothing_is_sent_before_it_is_checked(page, institution, official, assistant):
    page.post(url("assistance_new"), form(institution))
    draft = AssistanceRequest.objects.get()
    assert draft.state == State.DRAFT
    assert not draft.offers.exists()
    assert "draft" in page.get("/en/assistance/").content.decode()
    assert page.get(url("assistance_request", draft.public_id)).status_code == 302


def test_a_draft_is_changed_and_deleted(page, institution):
    page.post(url("assistance_new"), form(institution, dialect="lwowski"))
    draft = AssistanceRequest.objects.get()
    address = url("assistance_draft", draft.public_id)
    shown = page.get(address).content.decode()
    for typed in ["lwowski", "2026-11-27", "10:00", "pok. 2.14"]:
        assert typed in shown
    page.post(address, form(institution, dialect="", minutes="90", mode_2="phone"))
    draft.refresh_from_db()
    assert (draft.dialect, draft.minutes, draft.ranked_modes) == ("", 90, ["on_site", "phone"])
    page.post(url("assistance_draft_delete", draft.public_id))
    assert not AssistanceRequest.objects.exists()


def test_a_draft_whose_time_has_come_cannot_be_sent(page, institution, clock):
    page.post(url("assistance_new"), form(institution))
    draft = AssistanceRequest.objects.get()
    clock.move_to(START)
    response = page.post(url("assistance_send", draft.public_id), follow=True)
    assert response.redirect_chain[-1][0] == url("assistance_check", draft.public_id)
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_sending_without_an_agreement_says_that_somebody_looks_at_it_first(page, institution):
    institution.agreements.all().delete()
    page.post("/en/assistance/new/", form(institution))
    draft = AssistanceRequest.objects.get()
    assert "no agreement" in page.get(f"/en/assistance/{draft.public_id}/check/").content.decode()
    text = page.post(f"/en/assistance/{draft.public_id}/send/", follow=True).content.decode()
    assert "A coordinator looks at it" in text
    draft.refresh_from_db()
    assert draft.state == State.SUBMITTED


def test_the_unit_fills_in_its_place_and_nothing_typed_is_lost(page, institution):
    typed = form(institution)
    other = institution.units.create(
        name_pl="Filia", name_en="Branch", address="ul. Daleka 9", town="Chełmża", phone="+48566750000"
    )
    fields = typed | {"unit": other.pk, "dialect": "lwowski", "sensitivities": ["violence"], "fill": "1"}
    response = page.post(url("assistance_new"), fields)
    text = response.content.decode()
    for shown in ["ul. Daleka 9", "Chełmża", "+48566750000", "lwowski", "2026-11-27"]:
        assert shown in text
    assert response.context["form"]["sensitivities"].value() == ["violence"]
    assert not AssistanceRequest.objects.exists()


def test_an_empty_address_is_that_of_the_unit(page, institution):
    page.post(url("assistance_new"), form(institution, address=""))
    assert AssistanceRequest.objects.get().address == "ul. Cicha 2"


def test_a_second_language_needs_the_clients_yes(page, institution):
    typed = form(institution, second_language="ru")
    assert "ask the client first" in page.post("/en/assistance/new/", typed).content.decode()
    page.post("/en/assistance/new/", typed | {"is_second_language_agreed": "on"})
    assert AssistanceRequest.objects.get().second_language == "ru"


def test_the_form_has_no_field_for_the_client(page):
    fields = set(page.get(url("assistance_new")).context["form"].fields)
    assert not [name for name in fields if "client" in name or "pesel" in name]


def test_the_same_assistant_is_offered_by_first_name_to_those_who_know_her(
    page, asked, assistant, institution, project
):
    assert "preferred_assistant" not in page.get(url("assistance_new")).context["form"].fields
    offers.accept(asked.offers.get(), by=assistant)
    shown = page.get("/en/assistance/new/")
    assert "Iryna, Ukrainian, 27.11.2026" in shown.content.decode()
    assert "Melnyk" not in shown.content.decode()
    (key,) = shown.context["form"].faces
    page.post(url("assistance_new"), form(institution, preferred_assistant=key))
    draft = AssistanceRequest.objects.get(state=State.DRAFT)
    assert draft.preferred_assistant == assistant.assistant


def test_an_assistant_of_another_unit_is_nobody_one_could_ask_for(
    client, asked, assistant, institution, project
):
    offers.accept(asked.offers.get(), by=assistant)
    asked.unit = institution.units.get()
    asked.save(update_fields=["unit"])
    other_unit = institution.units.create(name_pl="Filia", name_en="Branch")
    client.force_login(factories.make_official(institution, unit=other_unit))
    fields = client.get(url("assistance_new")).context["form"].fields
    assert "preferred_assistant" not in fields


def test_ask_again_fills_in_everything_but_the_time(page, asked):
    text = page.get(url("assistance_new") + f"?from={asked.public_id}").content.decode()
    assert "ul. Sekretna 7" in text
    assert "2026-11-27" not in text


@pytest.mark.parametrize("earlier", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_ask_again_from_nowhere_is_a_new_request(page, earlier):
    assert page.get(url("assistance_new") + f"?from={earlier}").status_code == 200


def test_a_series_is_shown_before_it_is_sent_and_sent_together(page, institution, assistant):
    fields = form(institution, repeat="weekly", times="6")
    check = page.post("/en/assistance/new/", fields, follow=True)
    text = check.content.decode()
    assert "6 meetings" in text
    assert "public holiday" in text
    assert "25.12.2026, 01.01.2027" in text
    rows = AssistanceRequest.objects.order_by("start_at")
    page.post(url("assistance_leave_out", rows[3].public_id))
    page.post(url("assistance_send", rows[0].public_id))
    assert [row.state for row in rows.all()] == [State.OFFERING] * 5
    shown = page.get(url("assistance_request", rows[0].public_id)).content.decode()
    assert all(str(row.public_id) in shown for row in rows.all())
    page.post(url("assistance_cancel", rows[1].public_id), {"reason": "not_needed", "scope": "following"})
    assert [row.state for row in rows.all()] == [State.OFFERING] + [State.CANCELLED_BY_INSTITUTION] * 4


def test_a_mistyped_day_of_a_series_is_said_beside_it(page, institution):
    fields = form(institution, repeat="chosen", chosen="3.12.2026, jutro")
    response = page.post("/en/assistance/new/", fields)
    assert response.context["form"].errors.keys() == {"chosen"}
    page.post("/en/assistance/new/", fields | {"chosen": "3.12.2026 2026-12-10"})
    assert AssistanceRequest.objects.count() == 3


def test_a_request_nobody_agreed_to_is_changed_on_its_page(page, asked, institution):
    address = url("assistance_change", asked.public_id)
    assert address in page.get(url("assistance_request", asked.public_id)).content.decode()
    shown = page.get(address)
    seen = shown.context["form"]["seen"].value()
    page.post(address, form(institution, starts="12:00", seen=seen))
    asked.refresh_from_db()
    assert asked.start_at == START + timedelta(hours=2)
    text = page.post(
        f"/en/assistance/{asked.public_id}/change/", form(institution, seen=seen)
    ).content.decode()
    assert "Somebody else has changed this request" in text


def test_what_is_said_on_the_check_page_is_asked_where_a_sent_request_is_changed(page, asked, institution):
    change = f"/en/assistance/{asked.public_id}/change/"
    data = form(institution, mode_3="phone", sensitivities=["violence"], subject="mental_health")
    response = page.post(change, data)
    assert "people should see one another" in str(response.context["form"].errors["is_phone_enough"])
    asked.refresh_from_db()
    assert asked.ranked_modes == ["on_site"]
    page.post(change, data | {"is_phone_enough": "on"})
    asked.refresh_from_db()
    assert asked.ranked_modes == ["on_site", "phone"]


def test_an_agreed_meeting_is_moved_by_a_question(page, client, asked, assistant):
    offers.accept(asked.offers.get(), by=assistant)
    address = url("assistance_move", asked.public_id)
    shown = page.get(url("assistance_request", asked.public_id)).content.decode()
    assert address in shown
    assert url("assistance_change", asked.public_id) not in shown
    fields = {
        "start_on": "2026-11-30",
        "starts": "10:00",
        "minutes": "60",
        "mode": "on_site",
        "town": "Toruń",
    }
    assert page.post(address, fields | {"minutes": "300"}).status_code == 200
    assert page.post(address, fields).status_code == 302
    assert "You proposed another time" in page.get(f"/en/assistance/{asked.public_id}/").content.decode()
    change = asked.assignments.get().time_changes.get()
    client.force_login(assistant)
    question = url("assistant_change", change.public_id)
    text = client.get(question).content.decode()
    assert "Sekretna" not in text
    client.post(question, {"yes": "1"})
    asked.refresh_from_db()
    assert asked.start_at == START + timedelta(days=3)
    assert client.get(question).status_code == 200


def test_the_address_changes_until_the_start(page, asked, assistant):
    offers.accept(asked.offers.get(), by=assistant)
    address = url("assistance_details", asked.public_id)
    assert "ul. Sekretna 7" in page.get(address).content.decode()
    assert page.post(address, {"address": "PESEL 44051401359"}).status_code == 200
    page.post(address, {"address": "ul. Nowa 1"})
    asked.refresh_from_db()
    assert asked.address == "ul. Nowa 1"


def test_a_question_is_answered_on_a_page_of_its_own(page, institution, official, coordinator):
    institution.agreements.all().delete()
    asked = requests.submit(
        institution, by=official, start_at=START, minutes=60, language="uk", subject="bank", town="Toruń"
    )
    questions.ask(asked, by=coordinator, text="Jaka odmiana?")
    address = url("assistance_answer", asked.public_id)
    assert address in page.get(url("assistance")).content.decode()
    assert "Jaka odmiana?" in page.get(address).content.decode()
    assert page.post(address, {"answer": "44051401359"}).status_code == 200
    assert page.post(address, {"answer": "Obojętne"}).status_code == 302
    assert page.get(address).status_code == 404


def test_the_list_is_narrowed_by_unit_state_and_language(page, institution, official):
    unit = institution.units.get()
    first = factories.make_request(institution, official, unit=unit, state=State.OFFERING)
    second = factories.make_request(institution, official, language="ar", state=State.CONFIRMED)
    for query, found in [
        (f"?unit={unit.pk}", [first]),
        ("?state=coming", [second]),
        ("?language=ar", [second]),
        ("?state=nonsense&unit=999999", [first, second]),
        ("?language=uk&state=coming", []),
    ]:
        text = page.get(url("assistance") + query).content.decode()
        assert [row for row in (first, second) if str(row.public_id) in text] == found


def test_the_history_is_told_in_plain_words(page, asked, assistant):
    job = offers.accept(asked.offers.get(), by=assistant)
    withdrawals.withdraw(job, by=assistant, reason="ill")
    text = page.get(f"/en/assistance/{asked.public_id}/").content.decode()
    for sentence in ["We began to look", "An assistant agreed to come", "The assistant cannot come."]:
        assert sentence in text
    assert "illness" not in text


def test_an_official_cannot_ask_for_another_institution(page, institution, project):
    other = factories.make_institution(project)
    page.post(url("assistance_new"), form(institution, institution=other.pk))
    assert not AssistanceRequest.objects.filter(institution=other).exists()


def test_an_official_of_two_institutions_chooses(page, institution, official, project):
    other = factories.make_institution(project)
    factories.make_official(other, official)
    typed = form(institution, institution=other.pk, unit=other.units.get().pk)
    page.post(url("assistance_new"), typed)
    assert AssistanceRequest.objects.get().institution == other
    assert page.post(url("assistance_new"), typed | {"institution": ""}).context["form"].errors


def test_the_request_shows_who_comes_and_no_surname(page, asked, assistant):
    address = f"/en/assistance/{asked.public_id}/"
    assert "Iryna" not in page.get(address).content.decode()
    offers.accept(asked.offers.get(), by=assistant)
    text = page.get(address).content.decode()
    assert "Iryna" in text
    for secret in ["Melnyk", assistant.email, assistant.phone]:
        assert secret not in text
    assert AuditEntry.objects.filter(action="request.viewed", object_id=asked.pk).count() == 2


def test_cancel_takes_a_reason(page, asked):
    address = url("assistance_cancel", asked.public_id)
    assert page.get(address).status_code == 200
    assert page.post(address, {}).status_code == 200
    page.post(address, {"reason": "not_needed"})
    asked.refresh_from_db()
    assert asked.state == State.CANCELLED_BY_INSTITUTION
    assert page.get(url("assistance_request", asked.public_id)).status_code == 200


def reported(asked, assistant, clock):
    job = offers.accept(asked.offers.get(), by=assistant)
    clock.move_to(START + timedelta(hours=2))
    time_reports.report_times(job, by=assistant, start_at=START, end_at=START + timedelta(minutes=75))


def test_one_click_confirms_the_hours(page, asked, assistant, clock):
    reported(asked, assistant, clock)
    assert (
        url("assistance_confirm", asked.public_id)
        in page.get(url("assistance_request", asked.public_id)).content.decode()
    )
    page.post(url("assistance_confirm", asked.public_id))
    assert LedgerEntry.objects.get().minutes == 75
    asked.refresh_from_db()
    assert asked.state == State.CLOSED


def test_hours_can_be_disputed(page, asked, assistant, clock):
    reported(asked, assistant, clock)
    address = url("assistance_dispute", asked.public_id)
    assert page.get(address).status_code == 200
    page.post(address, {"reason": "PESEL 44051401359"})
    asked.refresh_from_db()
    assert asked.state == State.AWAITING_CONFIRMATION
    page.post(address, {"reason": "Było krócej"})
    asked.refresh_from_db()
    assert asked.state == State.AWAITING_REPORT
    assert "Było krócej" in page.get(url("assistance_request", asked.public_id)).content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "assistance_request",
        "assistance_cancel",
        "assistance_dispute",
        "assistance_check",
        "assistance_draft",
        "assistance_change",
        "assistance_move",
        "assistance_details",
        "assistance_answer",
    ],
)
def test_requests_of_others_do_not_exist(page, project, name):
    foreign = factories.make_request(factories.make_institution(project))
    assert page.get(url(name, foreign.public_id)).status_code == 404
    assert page.post(url("assistance_confirm", foreign.public_id)).status_code == 404


def test_whoever_has_left_sees_nothing(page, official, asked):
    official.official_seats.update(ends_on=(NOW - timedelta(days=1)).date())
    assert page.get(url("assistance")).status_code == 404
    assert page.get(url("assistance_request", asked.public_id)).status_code == 404


@pytest.mark.parametrize("state", State.values)
def test_the_pages_stand_in_every_state(page, institution, official, state):
    asked = factories.make_request(institution, official, state=state)
    assert page.get(url("assistance_request", asked.public_id), follow=True).status_code == 200
    lists = [page.get(url("assistance") + query).content.decode() for query in ("", "?show=past")]
    assert sum(str(asked.public_id) in shown for shown in lists) == 1


@pytest.mark.parametrize("show", ["", "?show=past"])
def test_the_list_takes_the_same_number_of_queries(page, institution, official, show):
    state = State.CLOSED if show else State.OFFERING
    counts = []
    for number in (3, 27):
        for _index in range(number):
            factories.make_request(institution, official, state=state)
        with CaptureQueriesContext(connection) as queries:
            assert page.get(url("assistance") + show).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_form_speaks_the_language_of_the_page_throughout(client, official):
    client.force_login(official)
    form = client.get("/pl/assistance/new/").context["form"]
    assert [str(form.fields[name].label) for name in ("institution", "unit")] == ["Instytucja", "Dział"]
