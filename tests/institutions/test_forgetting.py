"""What was written is deleted after its time; figures stay what they were."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from institutions import complaints, debriefings, feedback, figures, forgetting, order_emails, tasks
from institutions.figures import Scope
from institutions.models import (
    Assignment,
    AssistanceRequest,
    Complaint,
    Debriefing,
    Feedback,
    RequestQuestion,
    TimeReport,
)
from institutions.transitions import write_down
from portal.models import AuditEntry, Message
from projects.figures import Period
from projects.models import LedgerEntry
from tests import factories
from tests.institutions.afterwards import make_job

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TEXTS = {
    "address": "ul. Sekretna 7",
    "contact_name": "Pani Kontakt",
    "contact_phone": "+48566223344",
    "briefing": "Rozmowa",
    "dialect": "lwowski",
}


@pytest.fixture
def job(institution, official, assistant):
    return make_job(institution, official, assistant.assistant, case_reference="S-12", **TEXTS)


def days_after(job, days, minutes=1):
    return time_machine.travel(job.request.closed_at + timedelta(days=days, minutes=minutes))


def texts_of(job):
    return AssistanceRequest.objects.values(*TEXTS).get(pk=job.request_id)


def test_forget_texts_forgets_how_an_assistant_was(job, coordinator):
    report = TimeReport.objects.create(
        assignment=job, start_at=job.request.start_at, end_at=job.request.end_at, wants_to_talk=True
    )
    talk = Debriefing.objects.create(assignment=job, why="asked", due_at=timezone.now())
    debriefings.finish(talk, by=coordinator, outcome="support")
    write_down(job.request, "confirmed", by=job.assistant.user, reason="ill")
    assert not AuditEntry.objects.filter(data__reason="ill").exists()
    with days_after(job, 30):
        assert forgetting.forget_texts(job.request)
    report.refresh_from_db()
    assert not report.wants_to_talk
    assert not Debriefing.objects.exists()
    assert list(job.request.transitions.values_list("reason", flat=True)) == ["other"]


def test_forget_texts_deletes_what_was_written_when_the_days_are_over(job, official, assistant):
    report = TimeReport.objects.create(
        assignment=job,
        start_at=job.request.start_at,
        end_at=job.request.end_at,
        dispute_reason="Za długo",
        wellbeing=2,
    )
    RequestQuestion.objects.create(
        request=job.request, text="Ile osób?", answer="Dwie", answered_at=timezone.now()
    )
    feedback.give(job, by=official, side="official", rating=4, comment="Dobrze")
    with days_after(job, 30, minutes=-1):
        assert not forgetting.forget_texts(job.request)
        assert texts_of(job) == TEXTS
    with days_after(job, 30):
        assert forgetting.forget_texts(job.request)
        assert not forgetting.forget_texts(job.request)
    assert set(texts_of(job).values()) == {""}
    report.refresh_from_db()
    question, said = RequestQuestion.objects.get(), Feedback.objects.get()
    assert (report.dispute_reason, report.wellbeing, question.text, question.answer) == ("", None, "", "")
    assert (said.comment, said.rating) == ("", 4)
    asked = AssistanceRequest.objects.get()
    assert asked.scrubbed_at
    assert asked.case_reference == "S-12"
    assert AuditEntry.objects.filter(action="request.texts_forgotten").count() == 1


def test_what_was_asked_leaves_the_message_that_quoted_it(job):
    question = RequestQuestion.objects.create(
        request=job.request, text="Jaka odmiana języka?", answer="x", answered_at=timezone.now()
    )
    order_emails.asked(question)
    message = Message.objects.get(key__startswith=f"question:{question.pk}")
    assert "Jaka odmiana języka?" in message.text
    with days_after(job, 30):
        assert forgetting.forget_texts(job.request)
    message.refresh_from_db()
    assert "odmiana" not in message.text
    assert message.text


@pytest.mark.parametrize(
    ("fields", "days", "is_due"),
    [
        ({"state": "closed"}, 31, True),
        ({"state": "cancelled_by_institution"}, 31, True),
        ({"state": "client_no_show", "closed_at": None}, 31, True),
        ({"state": "unfilled", "closed_at": None}, 31, True),
        ({"state": "awaiting_report", "closed_at": None}, 31, False),
        ({"state": "awaiting_report", "closed_at": None}, 121, True),
        ({"state": "confirmed", "closed_at": None}, 29, False),
        ({"state": "closed", "scrubbed_at": timezone.now()}, 31, False),
    ],
)
def test_what_is_due(job, fields, days, is_due):
    AssistanceRequest.objects.update(**fields)
    assert forgetting.requests_to_forget(job.request.end_at + days * DAY).exists() == is_due


def test_what_was_cancelled_long_before_its_day_counts_from_then(institution, official):
    now = timezone.now()
    start = now + 60 * DAY
    factories.make_request(
        institution,
        official,
        state="cancelled_by_institution",
        closed_at=now,
        start_at=start,
        end_at=start + timedelta(hours=1),
    )
    assert not forgetting.requests_to_forget(now + 29 * DAY).exists()
    assert forgetting.requests_to_forget(now + 31 * DAY).exists()


def test_an_undecided_complaint_holds_the_texts_back_for_a_while(job, official):
    complaints.complain(job.request, by=official, side="official", category="late", text="Późno")
    end = job.request.end_at
    assert not forgetting.requests_to_forget(end + 100 * DAY).exists()
    assert forgetting.requests_to_forget(end + 121 * DAY).exists()


def test_forget_case_number_is_later(job):
    with days_after(job, 399):
        assert not forgetting.forget_case_number(job.request)
    with days_after(job, 401):
        assert forgetting.forget_case_number(job.request)
        assert not forgetting.forget_case_number(job.request)
    assert AssistanceRequest.objects.get().case_reference == ""


def test_forget_complaint_keeps_that_there_was_one(job, official, coordinator, client):
    made = complaints.complain(
        job.request, by=official, side="official", category="late", text="SLOWA", assignment=job
    )
    complaints.ask_other_side(made, by=coordinator, question="O której?")
    complaints.decide(made, by=coordinator, decision="upheld", answer="Tak.")
    with time_machine.travel(timezone.now() + 179 * DAY):
        assert not forgetting.forget_complaint(made)
    with time_machine.travel(timezone.now() + 181 * DAY):
        assert forgetting.forget_complaint(made)
        assert not forgetting.forget_complaint(made)
    made = Complaint.objects.get()
    assert (made.text, made.question, made.view, made.answer) == ("", "", "", "")
    assert (made.state, made.category, made.steps.count()) == ("upheld", "late", 3)
    client.force_login(official)
    assert client.get(reverse("complaint", args=[made.public_id])).status_code == 200
    client.force_login(coordinator)
    assert client.get(reverse("work_complaint", args=[made.public_id])).status_code == 200


def test_the_pages_say_that_texts_are_gone(job, official, client):
    with days_after(job, 31):
        forgetting.forget_all()
        client.force_login(official)
        body = client.get(reverse("assistance_request", args=[job.request.public_id])).content.decode()
    assert "Sekretna" not in body


def test_a_dry_run_says_what_would_be_deleted_and_changes_nothing(job):
    with days_after(job, 31):
        said = StringIO()
        call_command("forget_requests", "--dry-run", stdout=said)
        assert f"texts of requests: 1 would be deleted ({job.request_id})" in said.getvalue()
        assert texts_of(job) == TEXTS
        assert not AuditEntry.objects.exists()
        said = StringIO()
        call_command("forget_requests", stdout=said)
        assert "texts of requests: 1 deleted" in said.getvalue()
    assert texts_of(job) != TEXTS


def test_each_night_the_task_does_it(job):
    with days_after(job, 31):
        assert tasks.forget_requests()["texts of requests"] == 1
        assert tasks.forget_requests()["texts of requests"] == 0


def test_figures_stay_what_they_were(institution, official, assistant, project, coordinator):
    jobs = [
        make_job(institution, official, assistant.assistant, ended_hours_ago=n, **TEXTS) for n in (2, 30, 60)
    ]
    for number, one in enumerate(jobs):
        TimeReport.objects.create(
            assignment=one,
            start_at=one.request.start_at,
            end_at=one.request.end_at,
            confirmed_at=timezone.now(),
        )
        feedback.give(one, by=official, side="official", rating=number + 1, comment="Słowa")
    made = complaints.complain(
        jobs[0].request, by=official, side="official", category="late", text="Późno", assignment=jobs[0]
    )
    complaints.decide(made, by=coordinator, decision="upheld", answer="Tak.")
    today = timezone.localdate()
    scope = Scope(project, Period(today - 40 * DAY, today + DAY))
    now = timezone.now()

    def everything():
        return (
            repr(figures.of(scope, now=now)),
            feedback.counts(Assignment.objects.all()),
            list(LedgerEntry.objects.values()),
        )

    before = everything()
    with time_machine.travel(timezone.now() + 500 * DAY):
        assert sum(forgetting.forget_all().values()) == 4
    assert everything() == before
