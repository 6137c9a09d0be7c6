"""Talks before and after, breaks and the second assistant: whoever is asked to come reads of them."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from institutions import offers
from institutions.models import TimeChange
from portal import diary
from portal.models import DiaryEntry, Message
from tests import factories
from tests.institutions.orders import FRIDAY, NOW, ask

pytestmark = pytest.mark.django_db
BE_THERE = "Please be there at 09:50: first you talk with the official alone."
AFTER = "After the meeting you talk with the official alone until 12:40."


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def hard(institution, official, assistant):
    """Long and hard: from ten to half past twelve, with a talk of ten minutes before and after."""
    for user in (assistant, official):
        user.language = "en"
        user.save(update_fields=["language"])
    return ask(
        institution,
        official,
        minutes=150,
        assistants_needed=2,
        briefing_minutes=10,
        debriefing_minutes=10,
    )


def see(client, user, name, *arguments) -> str:
    client.force_login(user)
    return " ".join(client.get("/en" + reverse(name, args=arguments)[3:]).content.decode().split())


def test_whoever_is_asked_reads_it_on_page_and_in_the_letter(client, hard, assistant):
    offer = hard.offers.get()
    page = see(client, assistant, "assistant_offer", offer.public_id)
    for words in (BE_THERE, AFTER, "09:50–10:00", "12:30–12:40", "10:33–10:38", "two, who take turns"):
        assert words in page, words
    home = see(client, assistant, "assistant_home")
    for words in (
        "Talk before",
        "09:50–10:00",
        "Talk after",
        "12:30–12:40",
        "Two assistants come and take turns.",
    ):
        assert words in home, words
    letter = Message.objects.get(key=f"offered:{offer.pk}").text
    for words in (
        "Talk before: 09:50–10:00, the assistant and the official alone",
        "Talk after: 12:30–12:40, the assistant and the official alone",
        "Breaks, five minutes each: 10:33–10:38, ",
        "Assistants: two, who take turns",
    ):
        assert words in letter, words


def test_whoever_could_come_forward_reads_it_too(client, institution, assistant):
    asked = factories.make_request(institution, start_at=FRIDAY, briefing_minutes=10, assistants_needed=2)
    factories.make_attempt(asked)
    page = see(client, assistant, "open_jobs")
    assert "Talk before" in page
    assert "09:50–10:00" in page
    assert "Two assistants come and take turns." in page


def test_whoever_goes_reads_it_until_it_is_over(client, hard, assistant, clock):
    job = offers.accept(hard.offers.get(), by=assistant)
    page = see(client, assistant, "assistant_job", job.public_id)
    for words in (BE_THERE, AFTER, "10:33–10:38", "two, who take turns"):
        assert words in page, words
    assert BE_THERE in see(client, assistant, "assistant_home")
    assert BE_THERE in Message.objects.get(key=f"job_agreed:{job.pk}").text
    clock.move_to(FRIDAY + timedelta(hours=3))
    assert BE_THERE not in see(client, assistant, "assistant_job", job.public_id)


def test_at_another_time_the_talk_is_at_another_time_too(client, hard, official, assistant):
    job = offers.accept(hard.offers.get(), by=assistant)
    change = TimeChange.objects.create(
        assignment=job,
        start_at=hard.start_at + timedelta(hours=3),
        end_at=hard.end_at + timedelta(hours=3),
        mode="on_site",
        town="Toruń",
        answer_until=NOW + timedelta(hours=4),
        proposed_by=official,
    )
    page = see(client, assistant, "assistant_change", change.public_id)
    assert BE_THERE.replace("09:50", "12:50") in page


def test_her_diary_and_her_reminder_say_when_to_be_there(hard, assistant, clock):
    offers.accept(hard.offers.get(), by=assistant)
    title = DiaryEntry.objects.get(user=assistant).title
    assert title["en"] == "You interpret: Ukrainian (be there at 09:50)"
    clock.move_to(FRIDAY - timedelta(days=1))
    diary.queue_due_reminders()
    reminder = Message.objects.get(recipient=assistant, kind="reminder")
    assert reminder.subject.startswith("Reminder: You interpret: Ukrainian (be there at 09:50), Friday")


def test_the_official_sees_the_talks_on_her_request_and_in_the_letter(client, hard, official, assistant):
    job = offers.accept(hard.offers.get(), by=assistant)
    page = see(client, official, "assistance_request", hard.public_id)
    for words in ("Talk before", "09:50–10:00", "Talk after", "12:30–12:40", "10:33–10:38"):
        assert words in page, words
    assert "Talk before: 09:50–10:00" in Message.objects.get(key=f"assistant_comes:{job.pk}").text


def test_a_meeting_without_talks_says_nothing_of_them(client, institution, official, assistant):
    asked = ask(institution, official, briefing_minutes=0, debriefing_minutes=0)
    offer = asked.offers.get()
    page = see(client, assistant, "assistant_offer", offer.public_id)
    letter = Message.objects.get(key=f"offered:{offer.pk}").text
    for words in ("alone", "Breaks", "take turns"):
        assert words not in page, words
        assert words not in letter, words
    offers.accept(offer, by=assistant)
    assert DiaryEntry.objects.get(user=assistant).title["en"] == "You interpret: Ukrainian"
