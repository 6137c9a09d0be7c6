"""Complaints: their states, their deadlines, and who reads what."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from institutions import complaints, officials, states
from institutions.client_data import ClientIdentified
from institutions.models import AssistanceRequest, Assistant, Block, Complaint, ComplaintStep, Feedback
from institutions.transitions import NoSuchWay, NotYours
from portal.models import AuditEntry, Message, ReadEntry
from portal.refusals import Refused
from tests import factories
from tests.institutions.afterwards import make_job

pytestmark = pytest.mark.django_db
OFFICIAL, ASSISTANT = Feedback.Side.OFFICIAL, Feedback.Side.ASSISTANT
State = Complaint.State
TEXT = "Rozmowa zaczęła się późno i trwała krótko."


@pytest.fixture
def complaint(job, official):
    return complaints.complain(
        job.request, by=official, side=OFFICIAL, category="quality", text=TEXT, assignment=job
    )


@pytest.fixture
def hers(job, assistant):
    return complaints.complain(job.request, by=assistant, side=ASSISTANT, category="conduct", text=TEXT)


# --- Making one ------------------------------------------------------------------------------------------


def test_complain_is_received_and_answered_at_once(job, official, coordinator, settings):
    made = complaints.complain(
        job.request, by=official, side=OFFICIAL, category="late", text=TEXT, assignment=job
    )
    assert (made.state, made.text, made.assignment) == ("received", TEXT, job)
    assert made.due_at == made.made_at + timedelta(days=14)
    told = {message.recipient: message for message in Message.objects.all()}
    assert set(told) == {official, coordinator}
    assert str(made.public_id) in told[official].text
    assert not any(TEXT in message.text for message in told.values())
    step = ComplaintStep.objects.get()
    assert (step.old_state, step.new_state, step.actor) == ("", "received", official)


def test_complain_twice_is_one(complaint, job, official):
    again = complaints.complain(
        job.request, by=official, side=OFFICIAL, category="quality", text=TEXT, assignment=job
    )
    assert again == complaint
    assert Complaint.objects.count() == 1


def test_complain_of_an_assistant_knows_her_job(hers, job):
    assert (hers.assignment, hers.side) == (job, "assistant")


@pytest.mark.parametrize("who", ["assistant", "coordinator", "stranger_official", "outsider"])
def test_complain_for_the_institution_is_for_its_people(job, request, who):
    with pytest.raises(NotYours):
        complaints.complain(
            job.request, by=request.getfixturevalue(who), side=OFFICIAL, category="late", text=TEXT
        )


def test_complain_as_assistant_is_for_whoever_had_the_job(job, project, official):
    for somebody in (factories.make_assistant(project).user, official):
        with pytest.raises(NotYours):
            complaints.complain(job.request, by=somebody, side=ASSISTANT, category="late", text=TEXT)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"category": "nothing"}, complaints.ChooseCategory),
        ({"text": "  "}, complaints.WhatHappened),
        ({"text": "Klientka 44051401359"}, ClientIdentified),
        ({"text": "dzwoniła z 500 100 200"}, ClientIdentified),
    ],
)
def test_complain_is_refused(job, official, change, refusal):
    with pytest.raises(refusal):
        complaints.complain(
            job.request, by=official, side=OFFICIAL, **({"category": "late", "text": TEXT} | change)
        )


def test_complain_has_an_end(job, official, settings):
    days = timedelta(days=settings.ASSISTANCE["complaint_days"])
    AssistanceRequest.objects.update(start_at=timezone.now() - days * 2, end_at=timezone.now() - days)
    with pytest.raises(complaints.TooLongAgo):
        complaints.complain(job.request, by=official, side=OFFICIAL, category="late", text=TEXT)


def test_a_complaint_stops_nobody(job, official, assistant):
    complaints.complain(job.request, by=official, side=OFFICIAL, category="safety", text=TEXT, assignment=job)
    assert Assistant.objects.get().suspended_at is None
    assert not Block.objects.exists()


def test_safety_and_confidentiality_do_not_wait_for_the_morning(job, official, coordinator):
    night = timezone.localtime().replace(hour=23, minute=0) + timedelta(days=1)
    with time_machine.travel(night, tick=False):
        for category in ("quality", "safety"):
            complaints.complain(job.request, by=official, side=OFFICIAL, category=category, text=TEXT)
        calm, serious = Message.objects.filter(recipient=coordinator).order_by("pk")
        assert calm.due_at > timezone.now()
        assert serious.due_at == timezone.now()


# --- Looking into it -------------------------------------------------------------------------------------


def test_look_into_is_once(complaint, coordinator):
    complaints.look_into(complaint, by=coordinator)
    complaints.look_into(complaint, by=coordinator)
    assert [step.new_state for step in complaint.steps.all()] == ["received", "looking"]


def test_ask_other_side_shows_the_question_alone(complaint, coordinator, assistant, client):
    complaints.ask_other_side(complaint, by=coordinator, question="O której było spotkanie?")
    complaint.refresh_from_db()
    assert complaint.state == State.LOOKING
    message = Message.objects.get(recipient=assistant)
    assert TEXT not in message.text
    client.force_login(assistant)
    body = client.get(reverse("complaint_view", args=[complaint.public_id])).content.decode()
    assert "O której było spotkanie?" in body
    for secret in (TEXT, complaint.get_category_display(), "Wiśniewski", "Zbigniew"):
        assert secret not in body


def test_ask_other_side_asks_once(complaint, coordinator):
    for _twice in range(2):
        complaints.ask_other_side(complaint, by=coordinator, question="O której?")
    assert Message.objects.filter(key__startswith="complaint_view_wanted").count() == 1
    with pytest.raises(complaints.AlreadyAsked):
        complaints.ask_other_side(complaint, by=coordinator, question="Dlaczego?")


def test_ask_other_side_needs_a_question_and_somebody(complaint, coordinator, job, official):
    with pytest.raises(complaints.QuestionMissing):
        complaints.ask_other_side(complaint, by=coordinator, question=" ")
    nobody = complaints.complain(job.request, by=official, side=OFFICIAL, category="other", text=TEXT)
    with pytest.raises(complaints.NobodyToAsk):
        complaints.ask_other_side(nobody, by=coordinator, question="O której?")


def test_ask_other_side_of_an_assistants_complaint_asks_who_asked_for_her(hers, coordinator, official):
    assert complaints.other_side(hers) == official
    official.official_seats.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert complaints.other_side(hers) is None


def test_give_view_is_for_whoever_was_asked(complaint, coordinator, assistant, official, project):
    with pytest.raises(NotYours):
        complaints.give_view(complaint, by=assistant, text="Byłam o 9.")
    complaints.ask_other_side(complaint, by=coordinator, question="O której?")
    for somebody in (official, coordinator, factories.make_assistant(project).user):
        with pytest.raises(NotYours):
            complaints.give_view(complaint, by=somebody, text="Byłam o 9.")
    with pytest.raises(ClientIdentified):
        complaints.give_view(complaint, by=assistant, text="PESEL 44051401359")
    complaints.give_view(complaint, by=assistant, text="Byłam o 9.")
    complaints.give_view(complaint, by=assistant, text="Byłam o 9.")
    complaint.refresh_from_db()
    assert complaint.view == "Byłam o 9."
    assert Message.objects.filter(recipient=coordinator, key__startswith="complaint_view").count() == 1


# --- Deciding --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("decision", [State.UPHELD, State.NOT_UPHELD])
def test_decide_answers_whoever_complained(complaint, coordinator, official, assistant, decision):
    complaints.decide(complaint, by=coordinator, decision=decision, answer="Rozmawialiśmy.")
    complaints.decide(complaint, by=coordinator, decision=decision, answer="Rozmawialiśmy.")
    complaint.refresh_from_db()
    assert (complaint.state, complaint.answer) == (decision, "Rozmawialiśmy.")
    assert complaint.closed_at
    answers = Message.objects.filter(key__startswith="complaint_answered")
    assert [message.recipient for message in answers] == [official]
    assert "Rozmawialiśmy" not in answers[0].text
    assert not Message.objects.filter(recipient=assistant).exists()


def test_decide_tells_the_other_side_that_it_is_over(complaint, coordinator, assistant):
    complaints.ask_other_side(complaint, by=coordinator, question="O której?")
    complaints.decide(complaint, by=coordinator, decision="upheld", answer="Tak.")
    last = Message.objects.filter(recipient=assistant).order_by("-pk").first()
    assert last.key.startswith("complaint_closed")
    with pytest.raises(complaints.AlreadyDecided):
        complaints.give_view(complaint, by=assistant, text="Byłam.")


def test_decide_needs_an_answer_and_one_of_two(complaint, coordinator):
    with pytest.raises(complaints.AnswerMissing):
        complaints.decide(complaint, by=coordinator, decision="upheld", answer=" ")
    with pytest.raises(Refused):
        complaints.decide(complaint, by=coordinator, decision="withdrawn", answer="Tak.")


def test_what_is_decided_stays_decided(complaint, coordinator, official):
    complaints.decide(complaint, by=coordinator, decision="upheld", answer="Tak.")
    with pytest.raises(complaints.AlreadyDecided):
        complaints.decide(complaint, by=coordinator, decision="not_upheld", answer="Nie.")
    with pytest.raises(complaints.AlreadyDecided):
        complaints.take_back(complaint, by=official)


def test_take_back_is_for_whoever_complained(complaint, official, institution, coordinator):
    for somebody in (factories.make_official(institution), coordinator):
        with pytest.raises(NotYours):
            complaints.take_back(complaint, by=somebody)
    complaints.take_back(complaint, by=official)
    complaints.take_back(complaint, by=official)
    complaint.refresh_from_db()
    assert (complaint.state, complaint.steps.count()) == ("withdrawn", 2)
    assert complaint.closed_at


def test_whoever_has_left_neither_reads_it_nor_takes_it_back_nor_hears_the_answer(
    client, complaint, official, coordinator
):
    officials.end(official.official_seats.get(), by=official)
    client.force_login(official)
    for name, send in (("complaint", client.get), ("complaint_take_back", client.post)):
        assert send(reverse(name, args=[complaint.public_id])).status_code == 404
    with pytest.raises(NotYours):
        complaints.take_back(complaint, by=official)
    client.force_login(coordinator)
    page = reverse("work_complaint", args=[complaint.public_id])
    assert "nie czyta tej skargi i nie dostanie odpowiedzi" in client.get(page).content.decode()
    decided = client.post(
        reverse("work_complaint_decide", args=[complaint.public_id]),
        {"decision": "upheld", "answer": "Tak."},
        follow=True,
    )
    assert "odeszła z instytucji i nie dostaje odpowiedzi" in decided.content.decode()
    assert not Message.objects.filter(recipient=official, key__startswith="complaint_answered").exists()


def test_an_assistant_reads_hers_wherever_she_works(client, hers, assistant, institution, coordinator):
    complaints.decide(hers, by=coordinator, decision="upheld", answer="Tak.")
    client.force_login(assistant)
    assert client.get(reverse("complaint", args=[hers.public_id])).status_code == 200
    assert Message.objects.filter(recipient=assistant, key__startswith="complaint_answered").exists()


@pytest.mark.parametrize("who", ["official", "assistant", "stranger_coordinator", "outsider"])
def test_only_coordinators_of_the_network_handle_it(complaint, request, who):
    somebody = request.getfixturevalue(who)
    with pytest.raises(NotYours):
        complaints.look_into(complaint, by=somebody)
    with pytest.raises(NotYours):
        complaints.ask_other_side(complaint, by=somebody, question="O której?")
    with pytest.raises(NotYours):
        complaints.decide(complaint, by=somebody, decision="upheld", answer="Tak.")


def test_remind_of_due_tells_coordinators_once(complaint, coordinator, settings):
    def reminders():
        return Message.objects.filter(key__startswith="complaint_due", recipient=coordinator).count()

    days = settings.ASSISTANCE["complaint_answer_days"] - settings.ASSISTANCE["complaint_remind_days_before"]
    with time_machine.travel(complaint.made_at + timedelta(days=days, minutes=-1)):
        assert (complaints.remind_of_due(), reminders()) == (0, 0)
    with time_machine.travel(complaint.made_at + timedelta(days=days, minutes=1)):
        assert (complaints.remind_of_due(), reminders()) == (1, 1)
    with time_machine.travel(complaint.made_at + timedelta(days=20)):
        complaints.remind_of_due()
        assert reminders() == 1
        complaints.decide(complaint, by=coordinator, decision="upheld", answer="Tak.")
        assert complaints.remind_of_due() == 0


def test_queue_puts_safety_first_then_the_oldest(institution, official, assistant):
    made = []
    for number, category in enumerate(["other", "safety", "late", "confidentiality"]):
        one = make_job(institution, official, assistant.assistant, ended_hours_ago=2 + number)
        made.append(
            complaints.complain(one.request, by=official, side=OFFICIAL, category=category, text=TEXT)
        )
    assert list(complaints.queue(Complaint.objects.all())) == [made[1], made[3], made[0], made[2]]


VERBS = ["look", "ask", "view", "uphold", "not_uphold", "take_back"]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(VERBS), max_size=8))
def test_no_order_of_verbs_leaves_the_machine(institution, official, assistant, coordinator, order):
    """Whatever is tried in whatever order: only ways of the table are gone, and each leaves one step."""
    one = make_job(institution, official, assistant.assistant)
    made = complaints.complain(
        one.request, by=official, side=OFFICIAL, category="late", text=TEXT, assignment=one
    )
    acts = {
        "look": lambda: complaints.look_into(made, by=coordinator),
        "ask": lambda: complaints.ask_other_side(made, by=coordinator, question="O której?"),
        "view": lambda: complaints.give_view(made, by=assistant, text="O 9."),
        "uphold": lambda: complaints.decide(made, by=coordinator, decision="upheld", answer="Tak."),
        "not_uphold": lambda: complaints.decide(made, by=coordinator, decision="not_upheld", answer="Nie."),
        "take_back": lambda: complaints.take_back(made, by=official),
    }
    for name in order:
        try:
            acts[name]()
        except NoSuchWay:
            raise
        except Refused:
            pass
    made.refresh_from_db()
    steps = list(made.steps.order_by("pk"))
    assert all(step.new_state in states.COMPLAINT[step.old_state] for step in steps)
    assert [step.old_state for step in steps] == ["", *(step.new_state for step in steps[:-1])]
    assert steps[-1].new_state == made.state
    assert bool(made.closed_at) == (not made.is_undecided)
    assert AuditEntry.objects.filter(object_id=made.pk, action__in=[
        f"complaint.{state}" for state in State.values
    ], object_type="institutions.complaint").count() == len(steps)  # fmt: skip


# --- Pages -----------------------------------------------------------------------------------------------


def test_an_official_complains_in_the_browser(client, job, official):
    client.force_login(official)
    page = reverse("assistance_complaint", args=[job.request.public_id])
    assert client.get(page).status_code == 200
    answer = client.post(page, {"category": "quality", "text": "Pani Olena nic nie zrozumiała"})
    body = answer.content.decode()
    assert "Pani Olena nic nie zrozumiała" in body
    assert 'type="checkbox" name="is_checked"' in body
    answer = client.post(page, {"category": "quality", "text": TEXT})
    made = Complaint.objects.get()
    assert answer.url == reverse("complaint", args=[made.public_id])
    assert made.assignment == job
    body = client.get(answer.url).content.decode()
    assert TEXT in body
    assert client.post(reverse("complaint_take_back", args=[made.public_id])).status_code == 302
    made.refresh_from_db()
    assert made.state == "withdrawn"


def test_an_assistant_complains_in_the_browser(client, job, assistant):
    client.force_login(assistant)
    page = reverse("assistant_complaint", args=[job.public_id])
    answer = client.post(page, {"category": "conduct", "text": TEXT})
    assert TEXT in client.get(answer.url).content.decode()


def test_a_complaint_is_read_by_whoever_made_it_and_coordinators(
    client, complaint, institution, official, assistant, coordinator, stranger_official, stranger_coordinator,
    outsider,
):  # fmt: skip
    own, desk = (reverse(name, args=[complaint.public_id]) for name in ("complaint", "work_complaint"))
    asked = reverse("complaint_view", args=[complaint.public_id])
    colleague = factories.make_official(institution, is_administrator=True)
    table = {
        official: (200, 404, 404),
        colleague: (404, 404, 404),
        assistant: (404, 404, 404),
        coordinator: (404, 200, 404),
        stranger_official: (404, 404, 404),
        stranger_coordinator: (404, 404, 404),
        outsider: (404, 404, 404),
    }
    for user, expected in table.items():
        client.force_login(user)
        assert tuple(client.get(page).status_code for page in (own, desk, asked)) == expected, user
    complaints.ask_other_side(complaint, by=coordinator, question="O której?")
    client.force_login(assistant)
    assert tuple(client.get(page).status_code for page in (own, desk, asked)) == (404, 404, 200)
    client.force_login(official)
    assert "O której?" not in client.get(own).content.decode()


def test_the_other_side_answers_in_the_browser(client, complaint, coordinator, assistant):
    complaints.ask_other_side(complaint, by=coordinator, question="O której?")
    client.force_login(assistant)
    page = reverse("complaint_view", args=[complaint.public_id])
    assert client.post(page, {"text": "O 9."}).status_code == 302
    assert "O 9." in client.get(page).content.decode()
    complaints.decide(complaint, by=coordinator, decision="upheld", answer="Przepraszamy bardzo")
    body = client.get(page).content.decode()
    assert "O 9." in body
    assert "Przepraszamy bardzo" not in body


def test_a_coordinator_works_through_one_in_the_browser(client, complaint, coordinator, official, assistant):
    client.force_login(coordinator)
    assert (
        reverse("work_complaint", args=[complaint.public_id])
        in client.get(reverse("work_complaints")).content.decode()
    )
    page = reverse("work_complaint", args=[complaint.public_id])
    assert TEXT in client.get(page).content.decode()
    assert {entry.subject_id for entry in ReadEntry.objects.filter(what="complaint")} == {
        official.pk, assistant.pk,
    }  # fmt: skip
    client.post(reverse("work_complaint_look", args=[complaint.public_id]))
    bad = client.post(reverse("work_complaint_ask", args=[complaint.public_id]), {"question": "500 100 200"})
    assert "500 100 200" in bad.content.decode()
    client.post(reverse("work_complaint_ask", args=[complaint.public_id]), {"question": "O której?"})
    bad = client.post(
        reverse("work_complaint_decide", args=[complaint.public_id]), {"answer": "Sama odpowiedź"}
    )
    assert "Sama odpowiedź" in bad.content.decode()
    data = {"decision": "upheld", "answer": "Przepraszamy."}
    assert client.post(reverse("work_complaint_decide", args=[complaint.public_id]), data).status_code == 302
    complaint.refresh_from_db()
    assert (complaint.state, complaint.question) == ("upheld", "O której?")
    assert "Przepraszamy." in client.get(page).content.decode()
    client.force_login(official)
    assert "Przepraszamy." in client.get(reverse("complaint", args=[complaint.public_id])).content.decode()


def test_the_list_takes_the_same_queries_with_3_and_30_rows(
    client, institution, official, assistant, coordinator
):
    client.force_login(coordinator)
    taken = []
    for number in (3, 27):
        for n in range(number):
            one = make_job(institution, official, assistant.assistant, ended_hours_ago=n + 1)
            complaints.complain(one.request, by=official, side=OFFICIAL, category="late", text=TEXT)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("work_complaints"))
        taken.append(len(queries))
    assert taken[0] == taken[1] <= 12
