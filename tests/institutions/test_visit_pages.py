"""What each side sees and taps on the day and after it."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from institutions import codes, corrections, day, no_shows, terms, time_reports
from institutions.models import Assignment, AssistanceRequest, Credit, Debriefing, Term, TimeReport
from institutions.transitions import State
from portal.models import ReadEntry
from projects.models import LedgerEntry
from tests import factories
from tests.institutions.visits import END, START, make_visit

pytestmark = pytest.mark.django_db
TIMES = {"start_at": START, "end_at": END}
FORM = {"start_on": "2026-11-27", "starts": "10:00", "ends": "11:00"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START + timedelta(minutes=5), tick=False) as traveller:
        yield traveller


@pytest.fixture
def job(institution, official, assistant):
    job = make_visit(
        institution, official, assistant, address="ul. Sekretna 7", unit=institution.units.get()
    )[0]
    day.begin(job.request)
    return job


def signed_in_as(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def hers(assistant):
    return signed_in_as(assistant)


@pytest.fixture
def theirs(official):
    return signed_in_as(official)


@pytest.fixture
def work(coordinator):
    return signed_in_as(coordinator)


def url(name, *arguments):
    return reverse(name, args=arguments).replace("/pl/", "/en/", 1)


def text_of(client, name, *arguments):
    response = client.get(url(name, *arguments))
    assert response.status_code == 200
    return response.content.decode()


# --- The assistant ----------------------------------------------------------------------------------------


def test_the_home_page_shows_the_next_job_with_the_way_there_and_one_tap(hers, job):
    text = text_of(hers, "assistant_home")
    for piece in [
        "ul. Sekretna 7",
        url("assistant_here", job.public_id),
        url("assistant_late", job.public_id),
    ]:
        assert piece in text
    hers.post(url("assistant_late", job.public_id), {"minutes": "20"})
    assert "will be 20 minutes late" in text_of(hers, "assistant_home")
    hers.post(url("assistant_here", job.public_id))
    hers.post(url("assistant_here", job.public_id))
    text = text_of(hers, "assistant_home")
    assert "You said that you are there, at 10:05" in text
    assert url("assistant_late", job.public_id) not in text


@pytest.mark.parametrize("minutes", ["", "abc", "7", "٢٠٠"])
def test_a_delay_that_is_none_is_refused(hers, job, minutes):
    response = hers.post(url("assistant_late", job.public_id), {"minutes": minutes}, follow=True)
    assert "Please choose how late" in response.content.decode()


def test_the_report_is_filled_in_and_sent_with_the_code(hers, job, clock):
    clock.move_to(END + timedelta(minutes=5))
    text = text_of(hers, "assistant_report", job.public_id)
    assert 'value="10:00"' in text
    assert 'value="11:00"' in text
    response = hers.post(
        url("assistant_report", job.public_id),
        FORM
        | {"code": codes.code_of(job), "wellbeing": "2", "travel_km": "12", "break_minutes": "5"}
        | {"word1-polish": "skierowanie", "word1-translation": "направлення"},
        follow=True,
    )
    text = response.content.decode()
    assert "The code was right, and the hours are confirmed" in text
    assert "By the code that the official gave you" in text
    assert "Somebody will call you" in text
    report = TimeReport.objects.get()
    assert (report.minutes, report.travel_km, report.wellbeing, report.role_done) == (
        55,
        12,
        2,
        "interpreting",
    )
    assert Term.objects.get().language == "uk"
    assert LedgerEntry.objects.get().minutes == 55


def test_a_refused_report_loses_nothing(hers, job, clock):
    clock.move_to(END + timedelta(minutes=5))
    typed = FORM | {"code": "12", "travel_minutes": "33", "wellbeing": "4", "word1-polish": "zasiłek"}
    text = hers.post(url("assistant_report", job.public_id), typed).content.decode()
    assert "Please write the word in both languages" in text
    for piece in ['value="33"', 'value="zasiłek"', 'value="12"']:
        assert piece in text
    text = hers.post(url("assistant_report", job.public_id), FORM | {"code": "12"}).content.decode()
    assert "This is not the code" in text
    text = hers.post(url("assistant_report", job.public_id), FORM | {"ends": "09:00"}).content.decode()
    assert "The end must be after the start" in text
    assert not TimeReport.objects.exists()


def test_the_client_stays_out_of_the_words(hers, job, clock):
    clock.move_to(END + timedelta(minutes=5))
    word = {"word1-polish": "PESEL 44051401359", "word1-translation": "x"}
    text = hers.post(url("assistant_report", job.public_id), FORM | word).content.decode()
    assert "looks like a PESEL" in text
    assert not TimeReport.objects.exists()


def test_after_five_wrong_codes_the_field_is_gone(hers, job, clock):
    clock.move_to(END + timedelta(minutes=5))
    for _try in range(5):
        hers.post(url("assistant_report", job.public_id), FORM | {"code": "000000x"})
    assert 'name="code"' not in text_of(hers, "assistant_report", job.public_id)


def test_the_way_is_as_it_was_the_last_time(hers, job, institution, official, assistant, clock):
    clock.move_to(END + timedelta(minutes=5))
    time_reports.report_times(job, by=assistant, travel_minutes=45, travel_km=17, **TIMES)
    later = START + timedelta(days=1)
    clock.move_to(later + timedelta(hours=2))
    again = make_visit(
        institution,
        official,
        assistant,
        state="awaiting_report",
        start_at=later,
        end_at=later + (END - START),
    )[0]
    text = text_of(hers, "assistant_report", again.public_id)
    assert 'value="45"' in text
    assert 'value="17"' in text


def test_nobody_came(hers, job, clock):
    assert "Nothing can be written down now" in text_of(hers, "assistant_absent", job.public_id)
    clock.move_to(START + timedelta(minutes=16))
    assert 'value="client"' in text_of(hers, "assistant_absent", job.public_id)
    assert hers.post(url("assistant_absent", job.public_id), {}).status_code == 200
    hers.post(url("assistant_absent", job.public_id), {"missing": "client", "travel_minutes": "30"})
    assert Credit.objects.get().travel_minutes == 30
    assert "60 minutes are credited to you" in text_of(hers, "assistant_job", job.public_id)


def test_she_says_that_she_was_there(hers, job, official, clock):
    clock.move_to(START + timedelta(minutes=16))
    no_shows.institution_says(job, by=official, missing="assistant")
    assert "The institution wrote" in text_of(hers, "assistant_job", job.public_id)
    hers.post(url("assistant_absent", job.public_id), {"missing": "nobody"})
    assert "The coordinator decides" in text_of(hers, "assistant_job", job.public_id)


# --- The official -----------------------------------------------------------------------------------------


def test_the_official_sees_the_code_from_the_start_until_it_was_given(theirs, job, assistant, clock):
    clock.move_to(START - timedelta(minutes=1))
    assert codes.code_of(job) not in text_of(theirs, "assistance_request", job.request.public_id)
    clock.move_to(START + timedelta(minutes=1))
    assert codes.code_of(job) in text_of(theirs, "assistance_request", job.request.public_id)
    codes.give(job, codes.code_of(job), by=assistant)
    assert codes.code_of(job) not in text_of(theirs, "assistance_request", job.request.public_id)


def test_nobody_else_sees_the_code(hers, work, job):
    code = codes.code_of(job)
    assert code not in text_of(hers, "assistant_job", job.public_id)
    assert code not in text_of(hers, "assistant_report", job.public_id)
    assert code not in text_of(work, "work_assistance_request", job.request.public_id)


def test_the_official_reads_that_she_is_late_and_that_she_is_here(theirs, job, assistant):
    day.will_be_late(job, by=assistant, minutes=20)
    assert "comes at about 10:20" in text_of(theirs, "assistance_request", job.request.public_id)
    day.arrive(job, by=assistant)
    assert "is here since 10:05" in text_of(theirs, "assistance_request", job.request.public_id)


def test_the_official_need_not_wait(theirs, job, clock):
    address = url("assistance_late", job.request.public_id, job.public_id)
    assert address not in text_of(theirs, "assistance_request", job.request.public_id)
    theirs.post(address)
    job.request.refresh_from_db()
    assert job.request.state == State.IN_PROGRESS
    clock.move_to(START + timedelta(minutes=11))
    assert address in text_of(theirs, "assistance_request", job.request.public_id)
    theirs.post(address)
    job.request.refresh_from_db()
    assert job.request.state == State.CANCELLED_BY_NETWORK


def test_one_click_confirms_what_was_seen(theirs, job, assistant, clock):
    clock.move_to(END + timedelta(minutes=5))
    report = time_reports.report_times(job, by=assistant, **TIMES)
    page = text_of(theirs, "assistance_confirm", job.request.public_id)
    assert "10:00–11:00" in page
    seen = {f"seen-{job.public_id}": report.reported_at.isoformat(), "job": str(job.public_id)}
    clock.shift(timedelta(minutes=5))
    time_reports.report_times(job, by=assistant, **TIMES | {"end_at": END + timedelta(minutes=5)})
    address = url("assistance_confirm", job.request.public_id)
    assert "has just changed the hours" in theirs.post(address, seen, follow=True).content.decode()
    assert not LedgerEntry.objects.exists()
    for _twice in range(2):
        assert "65 minutes are confirmed" in theirs.post(address, follow=True).content.decode()
    assert LedgerEntry.objects.get().minutes == 65


def test_hours_far_over_the_plan_wait_for_the_coordinator_and_the_page_says_so(theirs, job, assistant, clock):
    clock.move_to(END + timedelta(hours=2))
    time_reports.report_times(job, by=assistant, **TIMES)
    assert "Confirm the hours" in text_of(theirs, "assistance")
    time_reports.report_times(job, by=assistant, **TIMES | {"end_at": END + timedelta(hours=1)})
    page = text_of(theirs, "assistance_request", job.request.public_id)
    assert "A coordinator looks at the hours first." in page
    assert "Please look at the hours and confirm them." not in page
    assert "Confirm the hours" not in text_of(theirs, "assistance")


@pytest.mark.parametrize("seen", ["", "nonsense", "2026-99-99T00:00:00"])
def test_what_a_page_never_sent_confirms_nothing_else(theirs, job, assistant, clock, seen):
    clock.move_to(END + timedelta(minutes=5))
    time_reports.report_times(job, by=assistant, **TIMES)
    theirs.post(url("assistance_confirm", job.request.public_id), {f"seen-{job.public_id}": seen})
    assert LedgerEntry.objects.count() == 1


def test_one_click_for_two_assistants_or_for_one_of_them(
    theirs, institution, official, assistant, project, clock
):
    other = factories.make_assistant(project).user
    one, two = make_visit(institution, official, assistant, other, state="awaiting_report")
    clock.move_to(END + timedelta(minutes=5))
    for visit, user in [(one, assistant), (two, other)]:
        time_reports.report_times(visit, by=user, **TIMES)
    address = url("assistance_confirm", one.request.public_id)
    theirs.post(address, {"job": str(two.public_id)})
    assert [entry.source for entry in LedgerEntry.objects.all()] == [two.ledger_source]
    theirs.post(address)
    assert LedgerEntry.objects.count() == 2


def test_sending_the_hours_back(theirs, hers, job, assistant, clock):
    clock.move_to(END + timedelta(minutes=5))
    time_reports.report_times(job, by=assistant, **TIMES)
    address = url("assistance_dispute", job.request.public_id)
    assert theirs.get(address).status_code == 200
    text = theirs.post(address, {"reason": "Dzwonić: 500 100 200"}).content.decode()
    assert "looks like a phone number" in text
    theirs.post(address, {"reason": "Trwało krócej"})
    assert "Trwało krócej" in text_of(hers, "assistant_report", job.public_id)
    assert url("assistant_report", job.public_id) in text_of(hers, "assistant_home")


def test_somebody_did_not_come(theirs, job, clock):
    clock.move_to(START + timedelta(minutes=16))
    address = url("assistance_absent", job.request.public_id, job.public_id)
    assert address in text_of(theirs, "assistance_request", job.request.public_id)
    assert theirs.get(address).status_code == 200
    assert theirs.post(address, {"missing": "institution"}).status_code == 200
    theirs.post(address, {"missing": "assistant"})
    job.refresh_from_db()
    assert job.state == Assignment.State.NO_SHOW


def test_how_she_is_stays_with_her_and_the_coordinators(theirs, job, assistant, clock):
    clock.move_to(END + timedelta(minutes=5))
    time_reports.report_times(job, by=assistant, wellbeing=1, wants_to_talk=True, **TIMES)
    for name in ("assistance_request", "assistance_confirm"):
        text = text_of(theirs, name, job.request.public_id)
        assert "talk" not in text.split("<main")[1]
        assert "call you" not in text


@pytest.mark.parametrize(
    "name", ["assistance_confirm", "assistance_dispute", "assistance_late", "assistance_absent"]
)
def test_what_is_another_institutions_does_not_exist(job, project, name, assistant, clock):
    clock.move_to(END + timedelta(minutes=5))
    time_reports.report_times(job, by=assistant, **TIMES)
    stranger = signed_in_as(factories.make_official(factories.make_institution(project)))
    arguments = [job.request.public_id] + ([job.public_id] if name.endswith(("late", "absent")) else [])
    assert stranger.post(url(name, *arguments), {"reason": "x", "missing": "client"}).status_code == 404


def test_the_second_assistant_answers_what_was_said_of_the_meeting(
    institution, official, assistant, project, work, clock
):
    other = factories.make_assistant(project).user
    first, second = make_visit(institution, official, assistant, other)
    day.begin(first.request)
    clock.move_to(START + timedelta(minutes=20))
    no_shows.assistant_says(first, by=assistant, missing="client")
    hers = signed_in_as(other)
    assert url("assistant_absent", second.public_id) in text_of(hers, "assistant_job", second.public_id)
    hers.post(url("assistant_absent", second.public_id), {"missing": "nobody"})
    assert second.presence.get().contested_at
    text = text_of(work, "work_job_decide", second.public_id)
    assert f"The assistant, about the part of {assistant}" in text


# --- The coordinator --------------------------------------------------------------------------------------


def test_after_the_meetings_there_is_a_list_of_three_things(
    work, job, institution, official, assistant, clock
):
    clock.move_to(END + timedelta(minutes=30))
    longer = TIMES | {"end_at": END + timedelta(minutes=25)}
    time_reports.report_times(job, by=assistant, wants_to_talk=True, **longer)
    told = make_visit(institution, official, assistant, state="awaiting_report", start_at=START)[0]
    day_ago = START - timedelta(days=1)
    AssistanceRequest.objects.filter(pk=told.request_id).update(
        start_at=day_ago, end_at=day_ago + (END - START)
    )
    no_shows.assistant_says(told, by=assistant, missing="client")
    no_shows.institution_says(told, by=official, missing="assistant")
    text = text_of(work, "work_after")
    for name, one in [("work_talk", job), ("work_job_approve", job), ("work_job_decide", told)]:
        assert url(name, one.public_id) in text
    assert url("work_after") in text_of(work, "work_today")
    work.post(url("work_job_approve", job.public_id))
    assert TimeReport.objects.get(assignment=job).approved_at
    assert work.get(url("work_job_decide", told.public_id)).status_code == 200
    work.post(url("work_job_decide", told.public_id), {"missing": "client"})
    assert Credit.objects.filter(assignment=told).exists()


def test_the_call_says_whom_and_why_and_is_written_down_as_read(work, job, assistant, coordinator, clock):
    clock.move_to(END + timedelta(minutes=30))
    time_reports.report_times(job, by=assistant, wellbeing=2, **TIMES)
    text = text_of(work, "work_talk", job.public_id)
    assert assistant.phone in text
    assert ReadEntry.objects.filter(subject_id=assistant.pk, what="wellbeing").count() == 1
    assert work.post(url("work_talk", job.public_id), {}).status_code == 200
    work.post(url("work_talk", job.public_id), {"outcome": "talked"})
    assert Debriefing.objects.get().done_at
    assert url("work_talk", job.public_id) not in text_of(work, "work_after")


def test_sending_hours_back_and_correcting_confirmed_ones(work, job, official, assistant, clock):
    clock.move_to(END + timedelta(minutes=30))
    report = time_reports.report_times(job, by=assistant, **TIMES | {"end_at": END + timedelta(minutes=25)})
    assert work.get(url("work_job_dispute", job.public_id)).status_code == 200
    work.post(url("work_job_dispute", job.public_id), {"reason": "Proszę sprawdzić koniec"})
    time_reports.report_times(job, by=assistant, **TIMES)
    time_reports.confirm_report(report, by=official)
    address = url("work_job_correct", job.public_id)
    assert address in text_of(work, "work_assistance_request", job.request.public_id)
    assert work.get(address).status_code == 200
    assert work.post(address, FORM | {"ends": "10:50"}).status_code == 200
    work.post(address, FORM | {"ends": "10:50", "reason": "typed_wrong"})
    assert LedgerEntry.objects.get().minutes == 50
    work.post(address, FORM | {"nothing_counts": "on", "reason": "did_not_count"})
    assert not LedgerEntry.objects.exists()


def test_the_list_takes_the_same_number_of_queries(work, institution, official, project, clock):
    clock.move_to(END + timedelta(minutes=30))
    counts = []
    for number in (3, 27):
        for _row in range(number):
            user = factories.make_assistant(project).user
            job = make_visit(institution, official, user, state="awaiting_report")[0]
            time_reports.report_times(
                job, by=user, wants_to_talk=True, **TIMES | {"end_at": END + timedelta(minutes=25)}
            )
            other = make_visit(institution, official, user, state="in_progress")[0]
            no_shows.assistant_says(other, by=user, missing="client")
            no_shows.institution_says(other, by=official, missing="nobody")
        with CaptureQueriesContext(connection) as queries:
            assert work.get(url("work_after")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


# --- The glossary -----------------------------------------------------------------------------------------


def test_the_glossary_has_what_a_coordinator_took_in(hers, work, assistant):
    word = {"language": "uk", "subject": "health", "polish": "skierowanie", "translation": "направлення"}
    hers.post(url("assistant_glossary"), word)
    term = Term.objects.get()
    assert "Waiting for the coordinator" in text_of(hers, "assistant_glossary")
    assert url("work_term", term.pk) in text_of(work, "work_glossary")
    better = {"decision": "accept", "polish": "skierowanie do lekarza", "translation": "направлення"}
    work.post(url("work_term", term.pk), better)
    assert "skierowanie do lekarza" in text_of(hers, "assistant_glossary")
    assert (
        "skierowanie do lekarza"
        not in hers.get(url("assistant_glossary") + "?subject=school").content.decode()
    )
    again = work.post(url("work_term", term.pk), better | {"decision": "refuse"})
    assert again.url == url("work_glossary")
    assert Term.objects.get().state == Term.State.ACCEPTED


def test_the_glossary_shows_her_languages_only(hers, assistant, coordinator):
    for language, translation in [("uk", "направлення"), ("fa", "معرفی‌نامه")]:
        term = terms.suggest(
            assistant.assistant,
            by=assistant,
            subject="health",
            language=language,
            polish="skierowanie",
            translation=translation,
        )
        terms.decide(term, by=coordinator, is_accepted=True)
    text = text_of(hers, "assistant_glossary")
    assert "направлення" in text
    assert "معرفی" not in text


def test_the_client_stays_out_of_the_glossary(hers):
    word = {"language": "uk", "subject": "health", "polish": "PESEL 44051401359", "translation": "x"}
    assert "looks like a PESEL" in hers.post(url("assistant_glossary"), word).content.decode()
    assert not Term.objects.exists()


def test_minutes_of_the_month_are_the_same_on_her_page_and_on_the_coordinators(
    hers, work, job, assistant, official, coordinator, clock
):
    def shown():
        month = hers.get(url("assistant_home")).context["month"]
        (row,) = work.get(url("work_assistants")).context["page"]
        return month["hours"] * 60 + month["minutes"], row.minutes

    clock.move_to(END + timedelta(minutes=5))
    report = time_reports.report_times(job, by=assistant, break_minutes=10, **TIMES)
    assert shown() == (50, 50)
    time_reports.confirm_report(report, by=official)
    corrections.strike_hours(report, by=coordinator, reason="did_not_count")
    assert shown() == (0, 0)
