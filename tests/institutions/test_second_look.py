"""What only looks like a name or a phone number is let through after a second look, a PESEL never."""

import pytest
import time_machine
from django.urls import reverse

from institutions import complaints, terms, time_reports
from institutions.models import Complaint, RequestQuestion, Term, TimeReport
from tests import factories
from tests.institutions.afterwards import make_job
from tests.institutions.visits import END, START, make_visit

pytestmark = pytest.mark.django_db
WORDS = "Pani Anna, tel. 500 100 200"
BOX = 'type="checkbox" name="is_checked"'


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(END, tick=False) as traveller:
        yield traveller


def reported(institution, official, assistant, **_cast):
    job = make_visit(institution, official, assistant, state="awaiting_report")[0]
    time_reports.report_times(job, by=assistant, start_at=START, end_at=END)
    return job


def complained(institution, official, assistant, **_cast):
    job = make_job(institution, official, assistant.assistant)
    return complaints.complain(
        job.request, by=official, side="official", category="quality", text="Za późno.", assignment=job
    )


def disputed_by_official(official, **cast):
    job = reported(official=official, **cast)
    return official, reverse("assistance_dispute", args=[job.request.public_id]), {"reason": WORDS}


def disputed_by_coordinator(coordinator, **cast):
    job = reported(**cast)
    return coordinator, reverse("work_job_dispute", args=[job.public_id]), {"reason": WORDS}


def other_side_asked(coordinator, **cast):
    made = complained(**cast)
    return coordinator, reverse("work_complaint_ask", args=[made.public_id]), {"question": WORDS}


def complaint_decided(coordinator, **cast):
    made = complained(**cast)
    data = {"decision": "upheld", "answer": WORDS}
    return coordinator, reverse("work_complaint_decide", args=[made.public_id]), data


def institution_asked(institution, official, coordinator, **_cast):
    asked = factories.make_request(institution, official, state="submitted")
    return coordinator, reverse("work_ask", args=[asked.public_id]), {"text": WORDS}


def word_suggested(assistant, **_cast):
    word = {"language": "uk", "subject": "health", "polish": WORDS, "translation": "слово"}
    return assistant, reverse("assistant_glossary"), word


def word_taken_in(assistant, coordinator, **_cast):
    word = {"subject": "health", "language": "uk", "polish": "lek", "translation": "ліки"}
    term = terms.suggest(assistant.assistant, by=assistant, **word)
    data = {"decision": "accept", "polish": WORDS, "translation": "ліки"}
    return coordinator, reverse("work_term", args=[term.pk]), data


def kept() -> list[str]:
    """All texts of these kinds that stand in the database."""
    return [
        text
        for model, names in [
            (TimeReport, ["dispute_reason"]),
            (Complaint, ["question", "answer"]),
            (RequestQuestion, ["text"]),
            (Term, ["polish"]),
        ]
        for row in model.objects.values_list(*names)
        for text in row
    ]


@pytest.mark.parametrize(
    "case",
    [
        disputed_by_official,
        disputed_by_coordinator,
        other_side_asked,
        complaint_decided,
        institution_asked,
        word_suggested,
        word_taken_in,
    ],
)
def test_it_is_let_through_after_a_second_look(client, case, institution, official, assistant, coordinator):
    user, address, data = case(
        institution=institution, official=official, assistant=assistant, coordinator=coordinator
    )
    client.force_login(user)
    body = client.post(address, data).content.decode()
    assert BOX in body
    assert WORDS in body
    assert WORDS not in kept()
    with_pesel = {name: "PESEL 44051401359" if text == WORDS else text for name, text in data.items()}
    assert client.post(address, with_pesel | {"is_checked": "on"}).status_code == 200
    assert not [text for text in kept() if "44051401359" in text]
    assert client.post(address, data | {"is_checked": "on"}).status_code == 302
    assert WORDS in kept()


def test_a_form_has_no_box_before_anything_was_refused(client, institution, official, assistant):
    job = reported(institution, official, assistant)
    client.force_login(official)
    body = client.get(reverse("assistance_dispute", args=[job.request.public_id])).content.decode()
    assert "is_checked" not in body


def test_a_word_with_a_report_has_a_box_of_its_own(client, institution, official, assistant):
    job = make_visit(institution, official, assistant, state="awaiting_report")[0]
    page = reverse("assistant_report", args=[job.public_id])
    data = {"start_on": "2026-11-27", "starts": "10:00", "ends": "11:00"}
    data |= {"word2-polish": WORDS, "word2-translation": "слово"}
    client.force_login(assistant)
    body = client.post(page, data).content.decode()
    assert 'name="word2-is_checked"' in body
    assert 'name="word1-is_checked"' not in body
    assert client.post(page, data | {"word2-is_checked": "on"}).status_code == 302
    assert Term.objects.get().polish == WORDS
