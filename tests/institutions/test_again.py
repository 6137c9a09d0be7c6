"""The same form sent twice: the second one lands where the first one did, and nothing happens twice."""

from datetime import time, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from institutions import availability, conflicts, no_shows, offers, questions, series, terms, trainings
from institutions.amendments import version
from institutions.models import AssistanceRequest, Assistant, Institution, Official
from portal.clock import WARSAW
from portal.models import AuditEntry, Message
from tests import factories
from tests.institutions.orders import FRIDAY, NOW, ask, order
from tests.institutions.visits import make_visit
from tests.locks import in_its_own_transaction, wait_until_blocked

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cast(request):
    names = ("project", "institution", "official", "assistant", "coordinator")
    return {name: request.getfixturevalue(name) for name in names}


# Each gives the address, what is sent, and who sends it.


def draft_deleted(institution, official, **_cast):
    return reverse("assistance_draft_delete", args=[draft(institution, official).public_id]), {}, official


def draft_sent(institution, official, **_cast):
    return reverse("assistance_send", args=[draft(institution, official).public_id]), {}, official


def day_left_out(institution, official, **_cast):
    first = draft(institution, official, FRIDAY.date() + timedelta(days=7))
    return reverse("assistance_leave_out", args=[first.public_id]), {}, official


def question_answered(institution, official, coordinator, **_cast):
    asked = factories.make_request(institution, official, state="submitted")
    questions.ask(asked, by=coordinator, text="Ile osób przyjdzie?")
    return reverse("assistance_answer", args=[asked.public_id]), {"answer": "Dwie."}, official


def taken_on(institution, official, coordinator, **_cast):
    """Nobody is found at once."""
    Assistant.objects.update(suspended_at=NOW)
    asked = factories.make_request(institution, official, state="submitted")
    return reverse("work_take_on", args=[asked.public_id]), {"take_on-choice": "first"}, coordinator


def declined(institution, official, coordinator, **_cast):
    asked = factories.make_request(institution, official, state="submitted")
    return reverse("work_request_decline", args=[asked.public_id]), {"reason": "not_ours"}, coordinator


def taken_off(institution, official, assistant, coordinator, **_cast):
    job = make_visit(institution, official, assistant)[0]
    return reverse("work_withdraw", args=[job.public_id]), {"reason": "ill"}, coordinator


def replaced(institution, official, assistant, coordinator, **_cast):
    job = make_visit(institution, official, assistant)[0]
    return reverse("work_replace", args=[job.public_id]), {"reason": "ill", "who": ""}, coordinator


def presence_decided(institution, official, assistant, coordinator, **_cast):
    job = contested(institution, official, assistant)
    return reverse("work_job_decide", args=[job.public_id]), {"missing": "nobody"}, coordinator


def absence_told(institution, official, assistant, **_cast):
    job = over(institution, official, assistant)
    return reverse("assistant_absent", args=[job.public_id]), {"missing": "client"}, assistant


def absence_told_by_institution(institution, official, assistant, **_cast):
    job = over(institution, official, assistant)
    address = reverse("assistance_absent", args=[job.request.public_id, job.public_id])
    return address, {"missing": "assistant"}, official


def word_decided(assistant, coordinator, **_cast):
    word = terms.suggest(
        assistant.assistant, by=assistant, subject="health", language="uk", polish="lek", translation="ліки"
    )
    return reverse("work_term", args=[word.pk]), {"decision": "refuse"}, coordinator


def suspended(assistant, coordinator, **_cast):
    return (
        reverse("work_assistant_suspend", args=[assistant.public_id]),
        {"was_suspended": ""},
        coordinator,
    )


def language_dropped(assistant, coordinator, **_cast):
    skill = assistant.language_skills.get(language="ru")
    return reverse("work_assistant_language_drop", args=[assistant.public_id, skill.pk]), {}, coordinator


def own_language_dropped(assistant, **_cast):
    skill = assistant.language_skills.get(language="ru")
    return reverse("assistant_language_drop", args=[skill.pk]), {}, assistant


def training_dropped(assistant, coordinator, **_cast):
    training = trainings.record(assistant.assistant, by=coordinator, subject="school", trained_on=TODAY)
    return reverse("work_assistant_training_drop", args=[assistant.public_id, training.pk]), {}, coordinator


def conflict_dropped(assistant, coordinator, **_cast):
    row = conflicts.avoid(assistant.assistant, by=assistant, reason="other", town="Chełmża")
    return reverse("work_assistant_conflict_drop", args=[assistant.public_id, row.pk]), {}, coordinator


def own_conflict_dropped(assistant, **_cast):
    row = conflicts.avoid(assistant.assistant, by=assistant, reason="other", town="Chełmża")
    return reverse("assistant_conflict_drop", args=[row.pk]), {}, assistant


def days_off_dropped(assistant, **_cast):
    days = availability.take_days_off(assistant.assistant, by=assistant, starts_on=TODAY, ends_on=TODAY)
    return reverse("days_off_drop", args=[days.pk]), {}, assistant


def extra_hours_dropped(assistant, **_cast):
    about = {"day": TODAY + timedelta(days=1), "starts": time(10), "ends": time(12)}
    hours = availability.add_hours(assistant.assistant, by=assistant, **about)
    return reverse("extra_hours_drop", args=[hours.pk]), {}, assistant


def seat_ended(official, coordinator, **_cast):
    return reverse("official_end", args=[official.official_seats.get().pk]), {}, coordinator


def own_seat_ended(official, **_cast):
    return reverse("official_end", args=[official.official_seats.get().pk]), {}, official


def handed_over(institution, official, **_cast):
    seats = [official.official_seats.get(), factories.make_official(institution).official_seats.get()]
    Official.objects.update(is_administrator=True)
    return reverse("official_hand_over", args=[seats[0].pk]), {}, official


def changed(institution, official, **_cast):
    """Moved nearer, too, so that it becomes urgent."""
    asked = ask(institution, official)
    data = form_of(asked) | {"start_on": f"{NOW + timedelta(hours=30):%Y-%m-%d}", "starts": "15:00"}
    return reverse("assistance_change", args=[asked.public_id]), data, official


def details_changed(institution, official, **_cast):
    asked = ask(institution, official)
    data = {"address": "ul. Nowa 1", "seen": version(asked)}
    return reverse("assistance_details", args=[asked.public_id]), data, official


def new_time_proposed(institution, official, assistant, **_cast):
    asked = ask(institution, official)
    offers.accept(asked.offers.get(), by=assistant)
    asked.refresh_from_db()
    data = {"start_on": "2026-12-01", "starts": "10:00", "minutes": 60, "mode": "on_site", "town": "Toruń"}
    return reverse("assistance_move", args=[asked.public_id]), data | {"seen": version(asked)}, official


CASES = [
    draft_deleted, draft_sent, day_left_out, question_answered, taken_on, declined, taken_off, replaced,
    presence_decided, absence_told, absence_told_by_institution, word_decided, suspended, language_dropped,
    own_language_dropped, training_dropped, conflict_dropped, own_conflict_dropped, days_off_dropped,
    extra_hours_dropped, seat_ended, own_seat_ended, handed_over, changed, details_changed, new_time_proposed,
]  # fmt: skip
#: Where what was shown is gone, so that it leads to the list.
TO_THE_LIST = {day_left_out: "assistance"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_the_second_one_lands_where_the_first_one_did(client, cast, clock, case):
    address, data, user = case(**cast)
    client.force_login(user)
    clock.shift(timedelta(hours=5) if case in AFTERWARDS else timedelta())
    first = client.post(address, data)
    assert first.status_code == 302
    done, told = AuditEntry.objects.count(), Message.objects.count()
    assert done
    clock.shift(timedelta(seconds=1))
    second = client.post(address, data)
    assert second.status_code == 302
    assert second.url == (reverse(TO_THE_LIST[case]) if case in TO_THE_LIST else first.url)
    assert (AuditEntry.objects.count(), Message.objects.count()) == (done, told)
    landing = client.get(second.url)
    levels = [one.level_tag for one in landing.context["messages"]] if landing.context else []
    assert "error" not in levels


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("assistance_draft_delete", [uuid4()]),
        ("assistance_leave_out", [uuid4()]),
        ("assistant_language_drop", [0]),
        ("assistant_conflict_drop", [0]),
        ("days_off_drop", [0]),
        ("extra_hours_drop", [0]),
        ("work_term", [0]),
        ("work_withdraw", [uuid4()]),
        ("work_replace", [uuid4()]),
        ("official_end", [0]),
    ],
)
def test_what_nobody_knows_stays_unknown(client, cast, name, arguments):
    user = {"work": "coordinator", "assistance": "official", "official": "official"}.get(
        name.split("_")[0], "assistant"
    )
    client.force_login(cast[user])
    assert client.post(reverse(name, args=arguments)).status_code == 404


def test_what_somebody_else_dropped_is_not_found(client, cast):
    """The trail of others opens nothing."""
    address, _data, hers = days_off_dropped(**cast)
    client.force_login(hers)
    client.post(address)
    client.force_login(factories.make_assistant(cast["project"]).user)
    assert client.post(address).status_code == 404
    address, _data, official = draft_deleted(**cast)
    client.force_login(official)
    client.post(address)
    client.force_login(factories.make_official(cast["institution"]))
    assert client.post(address).status_code == 404


# --- What the cases are made of ----------------------------------------------------------------------------

AFTERWARDS = (presence_decided, absence_told, absence_told_by_institution)


def draft(institution, official, *later) -> AssistanceRequest:
    return series.save_drafts(institution, days=[FRIDAY.date(), *later], by=official, **order())


def over(institution, official, assistant):
    begins = NOW + timedelta(hours=4)
    times = {"start_at": begins, "end_at": begins + timedelta(minutes=30)}
    return make_visit(institution, official, assistant, **times)[0]


def contested(institution, official, assistant):
    job = over(institution, official, assistant)
    with time_machine.travel(NOW + timedelta(hours=5), tick=False):
        no_shows.institution_says(job, by=official, missing="assistant")
        no_shows.assistant_says(job, by=assistant, missing="nobody")
    return job


def form_of(asked) -> dict:
    """What a browser sends of a request that is changed."""
    here = asked.start_at.astimezone(WARSAW)
    return {
        "start_on": f"{here:%Y-%m-%d}", "starts": f"{here:%H:%M}", "minutes": asked.minutes,
        "language": asked.language, "subject": asked.subject, "role": asked.role, "urgency": asked.urgency,
        "mode_1": asked.mode, "town": asked.town, "county": asked.county, "assistants_needed": "1",
        "gender_preference": "any", "seen": version(asked),
    }  # fmt: skip


# --- What the form makes -----------------------------------------------------------------------------------


def new_order(page_of, client) -> dict:
    """What a browser sends of an empty sheet that was filled in; its key stands in it, hidden."""
    form = client.get(page_of).context["form"]
    sent = {"start_on": f"{FRIDAY:%Y-%m-%d}", "starts": "10:00", "language": "uk", "subject": "health"}
    first = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in first.items() if value not in (None, False)} | sent


@pytest.mark.parametrize(
    ("name", "who", "state"),
    [("work_request_new", "coordinator", "unfilled"), ("assistance_new", "official", "draft")],
)
def test_a_new_request_sent_twice_is_one(client, cast, clock, name, who, state):
    Assistant.objects.update(suspended_at=NOW)
    client.force_login(cast[who])
    data = new_order(reverse(name), client) | {"town": "Toruń"}
    first = client.post(reverse(name), data)
    assert first.status_code == 302
    clock.shift(timedelta(seconds=2))
    assert client.post(reverse(name), data).url == first.url
    made = AssistanceRequest.objects.get()
    assert (made.state, str(made.public_id)) == (state, data["key"])
    # Back in the browser, and written otherwise: another one.
    assert client.post(reverse(name), data | {"subject": "school"}).url != first.url
    assert AssistanceRequest.objects.count() == 2
    # So is a new sheet with the same words.
    client.post(reverse(name), new_order(reverse(name), client) | {"town": "Toruń"})
    assert AssistanceRequest.objects.count() == 3


def test_the_key_of_somebody_elses_request_opens_nothing(client, cast):
    theirs = ask(cast["institution"], factories.make_official(cast["institution"]))
    client.force_login(cast["official"])
    data = new_order(reverse("assistance_new"), client) | {"town": "Toruń", "key": str(theirs.public_id)}
    answer = client.post(reverse("assistance_new"), data)
    assert answer.status_code == 302
    assert str(theirs.public_id) not in answer.url


@pytest.mark.django_db(transaction=True)
def test_two_clicks_add_one_institution(project, coordinator):
    data = {"project": project.pk, "name_pl": "Urząd Pracy", "kind": "labour_office", "town": "Toruń"}
    desks, answers = [Client(), Client()], []
    for desk in desks:
        desk.force_login(coordinator)

    def press():
        answers.append(desks.pop().post(reverse("work_institution_new"), data).status_code)

    with transaction.atomic():
        press()
        second = in_its_own_transaction(press)
        wait_until_blocked()
    second.join(timeout=30)
    assert Institution.objects.filter(name_pl="Urząd Pracy").count() == 1
    assert answers == [302, 200], "the second one reads beside the name that it is there"
