"""How it was, said by each side once, read by coordinators."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from institutions import blocks, feedback
from institutions.client_data import ClientIdentified
from institutions.models import Assignment, AssistanceRequest, Block, BlockWish, Feedback
from institutions.transitions import NotYours
from portal.models import AuditEntry, Message, ReadEntry
from tests import factories
from tests.institutions.afterwards import make_job

pytestmark = pytest.mark.django_db
OFFICIAL, ASSISTANT = Feedback.Side.OFFICIAL, Feedback.Side.ASSISTANT


def end(job, ago):
    moment = timezone.now() - ago
    AssistanceRequest.objects.filter(pk=job.request_id).update(
        start_at=moment - timedelta(hours=1), end_at=moment
    )


def test_give_keeps_what_each_side_says(job, official, assistant):
    feedback.give(job, by=official, side=OFFICIAL, rating=4, was_on_time=True, understood=5, would_again=True)
    feedback.give(job, by=assistant, side=ASSISTANT, rating=2, was_prepared=False, comment="Za mało czasu")
    theirs, hers = Feedback.objects.get(side=OFFICIAL), Feedback.objects.get(side=ASSISTANT)
    assert (theirs.rating, theirs.was_on_time, theirs.understood, theirs.would_again) == (4, True, 5, True)
    assert (hers.rating, hers.was_prepared, hers.was_briefed, hers.comment) == (
        2,
        False,
        None,
        "Za mało czasu",
    )
    assert theirs.given_by == official


def test_give_twice_is_one_and_the_last_word_counts(job, official):
    feedback.give(job, by=official, side=OFFICIAL, rating=1, comment="Spóźnienie")
    feedback.give(job, by=official, side=OFFICIAL, rating=5)
    held = Feedback.objects.get()
    assert (held.rating, held.comment) == (5, "")


def test_give_writes_no_words_into_the_audit(job, official):
    feedback.give(job, by=official, side=OFFICIAL, rating=3, comment="Bardzo dobrze")
    data = AuditEntry.objects.get(action="feedback.given").data
    assert data == {"request": job.request_id, "side": "official", "rating": 3}


@pytest.mark.parametrize("who", ["assistant", "coordinator", "stranger_official", "outsider"])
def test_give_is_refused_to_all_but_the_institution(job, request, who):
    with pytest.raises(NotYours):
        feedback.give(job, by=request.getfixturevalue(who), side=OFFICIAL, rating=3)


def test_give_is_refused_to_another_assistant(job, project):
    with pytest.raises(NotYours):
        feedback.give(job, by=factories.make_assistant(project).user, side=ASSISTANT, rating=3)


@pytest.mark.parametrize("state", ["confirmed", "in_progress", "offering", "cancelled_by_institution"])
def test_give_is_refused_before_the_meeting_is_over(job, official, state):
    end(job, -timedelta(hours=3))
    AssistanceRequest.objects.update(state=state)
    with pytest.raises(feedback.NotYetOver):
        feedback.give(job, by=official, side=OFFICIAL, rating=3)


def test_give_is_allowed_where_the_meeting_ended_early(job, official):
    end(job, -timedelta(minutes=30))
    AssistanceRequest.objects.update(state="awaiting_confirmation")
    assert feedback.give(job, by=official, side=OFFICIAL, rating=3)


@pytest.mark.parametrize("state", ["withdrawn", "replaced", "cancelled", "no_show"])
def test_give_is_refused_where_she_did_not_go(job, official, state):
    Assignment.objects.update(state=state)
    with pytest.raises(feedback.NoMeeting):
        feedback.give(job, by=official, side=OFFICIAL, rating=3)


def test_give_can_be_changed_for_some_days(job, official, settings):
    days = timedelta(days=settings.ASSISTANCE["feedback_days"])
    end(job, days - timedelta(minutes=1))
    feedback.give(job, by=official, side=OFFICIAL, rating=3)
    end(job, days + timedelta(minutes=1))
    with pytest.raises(feedback.TooLate):
        feedback.give(job, by=official, side=OFFICIAL, rating=4)


@pytest.mark.parametrize("rating", [None, 0, 6])
def test_give_needs_a_mark_from_1_to_5(job, official, rating):
    with pytest.raises(feedback.RatingMissing):
        feedback.give(job, by=official, side=OFFICIAL, rating=rating)


def test_give_refuses_what_tells_who_the_client_is(job, official):
    with pytest.raises(ClientIdentified):
        feedback.give(job, by=official, side=OFFICIAL, rating=3, comment="44051401359", is_checked=True)
    with pytest.raises(ClientIdentified):
        feedback.give(job, by=official, side=OFFICIAL, rating=3, comment="tel. 500 100 200")
    assert feedback.give(
        job, by=official, side=OFFICIAL, rating=3, comment="tel. 500 100 200", is_checked=True
    )


def test_would_not_again_is_put_before_the_coordinator(job, official, coordinator, assistant):
    feedback.give(job, by=official, side=OFFICIAL, rating=1, would_again=False)
    wish = BlockWish.objects.get()
    assert (wish.origin, wish.assistant.user, wish.decision) == ("feedback", assistant, "")
    assert not Block.objects.exists()
    feedback.give(job, by=official, side=OFFICIAL, rating=3, would_again=True)
    assert BlockWish.objects.get().decision == "taken_back"
    assert set(Message.objects.values_list("recipient", flat=True)) == {coordinator.pk}


def test_a_wish_said_in_words_survives_a_better_mark(job, official):
    blocks.wish(job, by=official)
    feedback.give(job, by=official, side=OFFICIAL, rating=5, would_again=True)
    assert BlockWish.objects.get().decision == ""


def test_counts_has_its_denominator(institution, official, assistant, project):
    jobs = [make_job(institution, official, assistant.assistant, ended_hours_ago=n) for n in (2, 30, 60, 90)]
    feedback.give(jobs[0], by=official, side=OFFICIAL, rating=3)
    feedback.give(jobs[0], by=assistant, side=ASSISTANT, rating=3)
    feedback.give(jobs[1], by=assistant, side=ASSISTANT, rating=3)
    Assignment.objects.filter(pk=jobs[3].pk).update(state="withdrawn")
    assert feedback.counts(Assignment.objects.all()) == {
        "done": 3,
        "by_officials": 1,
        "by_assistants": 2,
        "by_somebody": 2,
    }


# --- Pages -----------------------------------------------------------------------------------------------


def test_the_official_says_how_it_was_in_the_browser(client, job, official):
    client.force_login(official)
    page = reverse("assistance_feedback", args=[job.public_id])
    answer = client.get(page).content.decode()
    assert "Iryna" in answer
    assert "Melnyk" not in answer
    data = {"rating": "4", "was_on_time": "yes", "understood": "5", "would_again": "yes", "comment": "Dobrze"}
    assert client.post(page, data).url == reverse("assistance_request", args=[job.request.public_id])
    held = Feedback.objects.get()
    assert (held.rating, held.was_on_time, held.understood, held.would_again) == (4, True, 5, True)
    again = client.get(page).content.decode()
    assert re.search(r'name="rating" value="4"[^>]* checked', again)


def test_the_assistant_says_how_it_was_in_the_browser(client, job, assistant):
    client.force_login(assistant)
    page = reverse("assistant_feedback", args=[job.public_id])
    assert client.post(page, {"rating": "2", "was_prepared": "no"}).status_code == 302
    held = Feedback.objects.get()
    assert (held.side, held.rating, held.was_prepared, held.was_on_time) == ("assistant", 2, False, None)


def test_nothing_typed_is_lost_where_a_text_needs_a_second_look(client, job, official):
    client.force_login(official)
    page = reverse("assistance_feedback", args=[job.public_id])
    data = {"rating": "4", "comment": "Pani Olena była zadowolona"}
    answer = client.post(page, data)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "Pani Olena była zadowolona" in body
    assert 'type="checkbox" name="is_checked"' in body
    assert client.post(page, data | {"is_checked": "on"}).status_code == 302


def test_a_mark_that_is_missing_is_said_at_its_question(client, job, official):
    client.force_login(official)
    body = client.post(
        reverse("assistance_feedback", args=[job.public_id]), {"comment": "a"}
    ).content.decode()
    assert 'id="id_rating_error"' in body


@pytest.mark.parametrize("who", ["stranger_official", "assistant", "coordinator", "outsider"])
def test_the_page_of_the_institution_is_its_own(client, job, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("assistance_feedback", args=[job.public_id])).status_code == 404


def test_an_official_of_another_unit_does_not_speak_for_it(client, job, institution):
    unit = institution.units.create(name_pl="Inny")
    AssistanceRequest.objects.update(unit=institution.units.first())
    client.force_login(factories.make_official(institution, unit=unit))
    assert client.get(reverse("assistance_feedback", args=[job.public_id])).status_code == 404


def test_coordinators_read_it_and_the_reading_is_noted(client, job, official, coordinator, assistant):
    feedback.give(job, by=official, side=OFFICIAL, rating=1, comment="Krótko i źle")
    client.force_login(coordinator)
    body = client.get(reverse("work_feedback")).content.decode()
    assert "Krótko i źle" in body
    entry = ReadEntry.objects.get()
    assert (entry.subject_id, entry.what, entry.actor_id) == (assistant.pk, "feedback", coordinator.pk)
    assert "Krótko i źle" in client.get(reverse("work_feedback") + "?show=low").content.decode()


def test_a_coordinator_who_interprets_does_not_read_what_was_said_about_her(
    client, institution, official, coordinator, project
):
    job = make_job(institution, official, factories.make_assistant(project, coordinator))
    feedback.give(job, by=official, side=OFFICIAL, rating=1, comment="SLOWA URZEDU")
    feedback.give(job, by=coordinator, side=ASSISTANT, rating=1, comment="SLOWA ASYSTENTKI")
    client.force_login(coordinator)
    body = client.get(reverse("work_feedback")).content.decode()
    assert "SLOWA URZEDU" not in body
    assert "SLOWA ASYSTENTKI" in body
    client.force_login(factories.make_staff(project))
    assert "SLOWA URZEDU" in client.get(reverse("work_feedback")).content.decode()


def test_coordinators_of_another_network_do_not(client, job, official, stranger_coordinator):
    feedback.give(job, by=official, side=OFFICIAL, rating=1, comment="Krótko i źle")
    client.force_login(stranger_coordinator)
    assert "Krótko" not in client.get(reverse("work_feedback")).content.decode()


def test_neither_side_reads_the_words_of_the_other(client, job, official, assistant):
    feedback.give(job, by=official, side=OFFICIAL, rating=1, comment="SLOWA URZEDU")
    feedback.give(job, by=assistant, side=ASSISTANT, rating=1, comment="SLOWA ASYSTENTKI")
    client.force_login(assistant)
    for name in ("assistant_job", "assistant_feedback"):
        assert "SLOWA URZEDU" not in client.get(reverse(name, args=[job.public_id])).content.decode()
    client.force_login(official)
    for address in (
        reverse("assistance_request", args=[job.request.public_id]),
        reverse("assistance_feedback", args=[job.public_id]),
    ):
        assert "SLOWA ASYSTENTKI" not in client.get(address).content.decode()


def test_the_list_takes_the_same_queries_with_3_and_30_rows(
    client, institution, official, coordinator, project
):
    client.force_login(coordinator)

    def add(number):
        for n in range(number):
            one = make_job(institution, official, factories.make_assistant(project), ended_hours_ago=n + 1)
            feedback.give(one, by=official, side=OFFICIAL, rating=3, would_again=False)

    taken = []
    for number in (3, 27):
        add(number)
        for page in ("work_feedback", "work_blocks"):
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(page))
            taken.append(len(queries))
    assert taken[:2] == taken[2:]
    assert max(taken) <= 12
