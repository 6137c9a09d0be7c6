"""What an assistant sees and does on her pages."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from institutions import offers, requests
from institutions.models import Assignment, AssistanceRequest, Offer, TimeReport
from portal.clock import WARSAW
from portal.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db
State = AssistanceRequest.State
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=WARSAW)
START = datetime(2026, 11, 27, 10, 0, tzinfo=WARSAW)
SECRETS = ["ul. Sekretna 7", "Pani Kontakt", "+48566223344", "Rozmowa o zasiłku"]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def page(client, assistant):
    client.force_login(assistant)
    return client


@pytest.fixture
def offer(institution, official, assistant):
    asked = requests.submit(
        institution,
        by=official,
        start_at=START,
        minutes=60,
        language="uk",
        subject="health",
        town="Toruń",
        address=SECRETS[0],
        contact_name=SECRETS[1],
        contact_phone=SECRETS[2],
        briefing=SECRETS[3],
        case_reference="S-12",
    )
    return asked.offers.get()


def url(name, *arguments):
    return reverse(name, args=arguments)


def test_offers_show_the_outline_and_nothing_else(page, offer, institution):
    for address in [url("assistant_home"), url("assistant_offer", offer.public_id)]:
        text = page.get(address).content.decode()
        assert "Toruń" in text
        assert not [secret for secret in [*SECRETS, "S-12", institution.name] if secret in text]


def test_what_waits_for_an_answer_stands_above_a_later_job_and_under_todays(
    page, offer, institution, official, assistant, clock
):
    way = url("assistant_job", offers.accept(offer, by=assistant).public_id)
    facts = {"minutes": 30, "language": "uk", "subject": "health", "town": "Toruń"}
    places = []
    for now in (NOW, START - timedelta(hours=1)):
        clock.move_to(now)
        asked = requests.submit(institution, by=official, start_at=now + timedelta(days=7), **facts)
        text = page.get(url("assistant_home")).content.decode()
        places.append((text.index(url("offer_accept", asked.offers.get().public_id)), text.index(way)))
    (answer, job), (later_answer, job_today) = places
    assert answer < job
    assert job_today < later_answer


def test_accepting_opens_the_details_for_thirty_days(page, offer, clock, institution):
    response = page.post(url("offer_accept", offer.public_id))
    job = Assignment.objects.get()
    assert response.url == url("assistant_job", job.public_id)
    text = page.get(response.url).content.decode()
    assert not [secret for secret in [*SECRETS, institution.name] if secret not in text]
    assert "S-12" not in text
    assert AuditEntry.objects.filter(action="request.viewed", object_id=job.request_id).count() == 1
    clock.move_to(START + timedelta(days=30, hours=1))
    text = page.get(response.url).content.decode()
    assert not [secret for secret in SECRETS if secret in text]


def test_not_this_time(page, offer):
    page.post(url("offer_refuse", offer.public_id))
    offer.refresh_from_db()
    assert offer.state == Offer.State.REFUSED
    assert str(offer.public_id) not in page.get(url("assistant_home")).content.decode()


def test_an_offer_that_is_gone_says_so(page, offer, official):
    requests.cancel(offer.request, by=official, reason="not_needed")
    response = page.post(url("offer_accept", offer.public_id), follow=True)
    text = response.content.decode()
    assert response.status_code == 200
    assert url("offer_accept", offer.public_id) not in text
    assert not Assignment.objects.exists()


def test_withdrawing_takes_a_reason(page, offer, assistant):
    job = offers.accept(offer, by=assistant)
    address = url("assistant_withdraw", job.public_id)
    assert page.get(address).status_code == 200
    assert page.post(address, {"reason": "nonsense"}).status_code == 200
    page.post(address, {"reason": "ill"})
    job.refresh_from_db()
    assert job.state == Assignment.State.WITHDRAWN
    text = page.get(url("assistant_job", job.public_id)).content.decode()
    assert not [secret for secret in SECRETS if secret in text]


def test_reporting_the_times(page, offer, assistant, clock):
    job = offers.accept(offer, by=assistant)
    clock.move_to(START + timedelta(hours=2))
    address = url("assistant_report", job.public_id)
    assert page.get(address).status_code == 200
    wrong = {"start_on": "2026-11-27", "starts": "10:10", "ends": "10:00", "travel_minutes": "40"}
    assert page.post(address, wrong).status_code == 200
    page.post(address, wrong | {"ends": "11:25"})
    report = TimeReport.objects.get()
    assert (report.minutes, report.travel_minutes) == (75, 40)
    assert "1:15" in page.get(url("assistant_home")).content.decode()
    assert page.get(url("assistant_job", job.public_id)).status_code == 200


def test_reporting_times_past_midnight(page, institution, official, assistant, clock):
    asked = factories.make_request(
        institution,
        official,
        start_at=START.replace(hour=23),
        end_at=START.replace(hour=23) + timedelta(minutes=60),
        state=State.AWAITING_REPORT,
    )
    job = factories.make_assignment(request=asked, assistant=assistant.assistant, language="uk")
    clock.move_to(START + timedelta(days=1))
    data = {"start_on": "2026-11-27", "starts": "23:00", "ends": "00:30", "travel_minutes": "0"}
    page.post(url("assistant_report", job.public_id), data)
    assert TimeReport.objects.get().minutes == 90


def test_hours_of_the_week_are_replaced(page, assistant):
    assert page.get(url("assistant_hours")).status_code == 200
    data = {
        "from_0_1": "09:00",
        "until_0_1": "12:00",
        "from_0_2": "15:00",
        "until_0_2": "18:00",
        "shares_phone": "on",
    }
    page.post(url("assistant_hours"), data)
    helper = assistant.assistant
    helper.refresh_from_db()
    assert helper.shares_phone
    assert list(helper.availability.values_list("weekday", "starts", "ends")) == [
        (0, time(9), time(12)),
        (0, time(15), time(18)),
    ]


@pytest.mark.parametrize("data", [{"from_0_1": "09:00"}, {"from_0_1": "12:00", "until_0_1": "09:00"}])
def test_hours_that_make_no_sense_change_nothing(page, assistant, data):
    assert page.post(url("assistant_hours"), data).status_code == 200
    assert assistant.assistant.availability.count() == 7


def test_hours_of_one_day_are_added_and_dropped(page, assistant):
    typed = {"day": "2026-12-05", "starts": "10:00", "ends": "12:00"}
    page.post(url("extra_hours_add"), typed)
    hours = assistant.assistant.extra_hours.get()
    assert url("extra_hours_drop", hours.pk) in page.get(url("assistant_hours")).content.decode()
    answer = page.post(url("extra_hours_add"), typed | {"ends": "09:00"})
    assert "extra_hours_form" in answer.context
    assert answer.context["extra_hours_form"].errors.keys() == {"ends"}
    assert 'value="09:00"' in answer.content.decode(), "what was typed is still there"
    page.post(url("extra_hours_drop", hours.pk))
    assert not assistant.assistant.extra_hours.exists()


def test_days_off_are_added_and_dropped(page, assistant):
    page.post(url("days_off_add"), {"starts_on": "2026-12-01", "ends_on": "2026-12-05"})
    days = assistant.assistant.exceptions.get()
    assert url("days_off_drop", days.pk) in page.get(url("assistant_hours")).content.decode()
    for first, last in [("2026-12-05", "2026-12-01"), ("2026-11-01", "2026-11-02")]:
        assert page.post(url("days_off_add"), {"starts_on": first, "ends_on": last}).status_code == 200
    page.post(url("days_off_drop", days.pk))
    assert not assistant.assistant.exceptions.exists()


def test_what_is_not_hers_does_not_exist(page, offer, project, official, client):
    other = factories.make_assistant(project)
    foreign = factories.make_offer(request=offer.request, assistant=other, language="uk", expires_at=START)
    job = offers.accept(foreign, by=other.user)
    assert page.get(url("assistant_offer", foreign.public_id)).status_code == 404
    for name in ("offer_accept", "offer_refuse"):
        assert page.post(url(name, foreign.public_id)).status_code == 404
    for name in ("assistant_job", "assistant_withdraw", "assistant_report"):
        assert page.get(url(name, job.public_id)).status_code == 404
    from institutions.models import AvailabilityException

    days = AvailabilityException.objects.create(assistant=other, starts_on=NOW.date(), ends_on=NOW.date())
    assert page.post(url("days_off_drop", days.pk)).status_code == 404


def test_the_home_page_takes_the_same_number_of_queries(page, institution, official, assistant):
    counts = []
    helper = assistant.assistant
    for number in (3, 27):
        for _index in range(number):
            waiting = factories.make_request(institution, official)
            factories.make_offer(request=waiting, assistant=helper, language="uk", expires_at=START)
            for state in (State.CONFIRMED, State.AWAITING_REPORT, State.AWAITING_CONFIRMATION):
                asked = factories.make_request(institution, official, state=state)
                job = factories.make_assignment(request=asked, assistant=helper, language="uk")
                if state == State.AWAITING_CONFIRMATION:
                    TimeReport.objects.create(assignment=job, start_at=NOW, end_at=NOW + timedelta(hours=1))
        with CaptureQueriesContext(connection) as queries:
            assert page.get(url("assistant_home")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
