"""Hours written by hand: two people, the limits of a day and of the project, and the ledger."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from portal.models import AuditEntry, Message, ReadEntry
from projects.models import LedgerEntry
from tests.factories import at, make_registration, make_session, make_staff, make_user, make_workshop
from tests.locks import in_its_own_transaction, wait_until_blocked
from workshops import attendance, hours, manual_hours
from workshops.models import ManualHours, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(theme, trainer):
    """Was held yesterday at five, for two hours."""
    return make_workshop(theme=theme, trainers=[trainer], sessions=[(-1, "17:00", 120)])


@pytest.fixture
def row(held, migrant):
    return make_registration(held, migrant, confirmed_at=at(-10))


@pytest.fixture
def other_coordinator(project):
    return make_staff(project)


def day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def write(row, by, **fields):
    return manual_hours.enter(row, by=by, **{"on": day(-2), "minutes": 90, "reason": "Lekcja"} | fields)


def test_enter_waits_for_a_second_person(row, trainer, migrant):
    written = write(row, trainer)
    assert (written.state, written.entered_by) == (ManualHours.State.WAITING, trainer)
    assert not LedgerEntry.objects.exists()
    assert hours.hours_of(migrant).get().minutes == 0
    line = AuditEntry.objects.get(action="manual_hours.entered")
    assert (line.actor_id, line.data["minutes"]) == (trainer.pk, 90)


def test_enter_twice_is_one_row(row, trainer):
    assert write(row, trainer) == write(row, trainer)
    assert ManualHours.objects.count() == 1


def test_enter_is_refused_for_a_day_to_come(row, trainer):
    with pytest.raises(manual_hours.NotInTheFuture):
        write(row, trainer, on=day(1))
    write(row, trainer, on=day(0))


def test_enter_is_refused_outside_the_project(row, trainer, project):
    with pytest.raises(manual_hours.OutsideTheProject):
        write(row, trainer, on=project.starts_on - timedelta(days=1))
    write(row, trainer, on=project.starts_on)


@pytest.mark.parametrize("minutes", [0, settings.MANUAL_MINUTES_A_DAY + 1])
def test_enter_is_refused_beyond_a_day(row, trainer, minutes):
    with pytest.raises(manual_hours.TooMuchForADay):
        write(row, trainer, minutes=minutes)


def test_enter_counts_the_day_over_all_workshops(row, theme, trainer, migrant):
    elsewhere = make_registration(make_workshop(theme=theme), migrant)
    first = write(elsewhere, trainer, minutes=settings.MANUAL_MINUTES_A_DAY - 60)
    with pytest.raises(manual_hours.TooMuchForADay):
        write(row, trainer, minutes=61)
    write(row, trainer, minutes=60)
    manual_hours.take_back(first, by=trainer)
    write(row, trainer, minutes=61)


def test_enter_is_refused_without_a_place(held, trainer, other_migrant):
    with pytest.raises(attendance.NotOnTheList):
        write(make_registration(held, other_migrant, state="requested"), trainer)


def test_enter_is_refused_without_words(row, trainer):
    with pytest.raises(manual_hours.NeedsReason):
        write(row, trainer, reason=" ")


def test_enter_is_refused_for_oneself(held, coordinator):
    with pytest.raises(manual_hours.OwnHours):
        write(make_registration(held, coordinator), coordinator)


def test_enter_warns_of_a_meeting_she_was_at(row, held, trainer):
    attendance.mark(held.sessions.get(), row, "present", by=trainer)
    with pytest.raises(manual_hours.DoublesMeeting):
        write(row, trainer, on=day(-1))
    assert write(row, trainer, on=day(-1), even_so=True).pk
    assert write(row, trainer, on=day(-2)).pk


def test_enter_does_not_warn_of_a_meeting_she_missed(row, held, trainer):
    attendance.mark(held.sessions.get(), row, "absent", by=trainer)
    assert write(row, trainer, on=day(-1)).pk


def test_approve_writes_one_entry_of_what_she_received(row, trainer, coordinator, migrant, theme):
    written = write(row, trainer)
    for _twice in range(2):
        manual_hours.approve(written, by=coordinator)
    entry = LedgerEntry.objects.get()
    assert (entry.source, entry.measure, entry.minutes, entry.on) == (
        f"workshops.manual_hours:{written.pk}", "received", 90, day(-2),
    )  # fmt: skip
    assert (entry.theme, entry.gender, entry.activity) == (
        theme,
        "woman",
        attendance.activity_of(row.workshop),
    )
    assert entry.beneficiary_key
    assert AuditEntry.objects.filter(action="manual_hours.approved").count() == 1
    assert hours.hours_of(migrant).get().minutes == 90


def test_approve_is_refused_to_who_wrote_them(row, coordinator):
    with pytest.raises(manual_hours.SamePerson):
        manual_hours.approve(write(row, coordinator), by=coordinator)
    assert not LedgerEntry.objects.exists()


def test_approve_is_refused_to_herself(held, coordinator, trainer):
    written = write(make_registration(held, coordinator), trainer)
    with pytest.raises(manual_hours.OwnHours):
        manual_hours.approve(written, by=coordinator)


def test_approve_is_refused_after_a_refusal(row, trainer, coordinator):
    written = write(row, trainer)
    manual_hours.refuse(written, by=coordinator, note="Za dużo")
    with pytest.raises(manual_hours.AlreadyDecided):
        manual_hours.approve(written, by=coordinator)


def test_refuse_needs_a_note_and_a_second_person(row, trainer, coordinator):
    with pytest.raises(manual_hours.NeedsNote):
        manual_hours.refuse(write(row, trainer), by=coordinator, note=" ")
    with pytest.raises(manual_hours.SamePerson):
        manual_hours.refuse(write(row, coordinator, minutes=30), by=coordinator, note="Nie")


def test_refuse_takes_what_was_agreed_out_of_the_ledger(row, trainer, coordinator, other_coordinator):
    written = manual_hours.approve(write(row, trainer), by=coordinator)
    for _twice in range(2):
        manual_hours.refuse(written, by=other_coordinator, note="Podwójnie")
    assert not LedgerEntry.objects.exists()
    message = Message.objects.get()
    assert (message.recipient, message.kind) == (trainer, "work")
    assert "Podwójnie" in message.text
    assert row.user.full_name not in message.text + message.subject


def test_take_back_leaves_no_entry(row, trainer, coordinator):
    written = manual_hours.approve(write(row, trainer), by=coordinator)
    with pytest.raises(manual_hours.NotYours):
        manual_hours.take_back(written, by=coordinator)
    for _twice in range(2):
        written = manual_hours.take_back(written, by=trainer)
    assert (written.state, written.decided_by) == (ManualHours.State.REFUSED, None)
    assert not LedgerEntry.objects.exists()
    line = AuditEntry.objects.get(action="manual_hours.taken_back")
    assert line.actor_id == trainer.pk


def test_waiting_for_leaves_out_her_own(row, trainer, coordinator, other_coordinator, outsider):
    written = write(row, coordinator)
    assert not manual_hours.waiting_for(coordinator).exists()
    assert manual_hours.waiting_for(other_coordinator).get() == written
    assert not manual_hours.waiting_for(trainer).exists()
    assert not manual_hours.waiting_for(outsider).exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_do_not_pass_the_limit_together(row, trainer, coordinator):
    from django.db import transaction

    refused = []

    def second():
        try:
            write(row, coordinator, minutes=settings.MANUAL_MINUTES_A_DAY, reason="Wizyta")
        except manual_hours.TooMuchForADay as no:
            refused.append(no)

    with transaction.atomic():
        write(row, trainer, minutes=settings.MANUAL_MINUTES_A_DAY)
        thread = in_its_own_transaction(second)
        wait_until_blocked()
    thread.join()
    assert len(refused) == 1
    assert ManualHours.objects.count() == 1


# --- Pages -----------------------------------------------------------------------------------------------


def post_data(row, **fields):
    return {"person": row.public_id, "on": day(-1).isoformat(), "minutes": "90", "reason": "Lekcja"} | fields


def test_trainer_writes_hours_on_the_page(client, held, row, trainer, migrant):
    client.force_login(trainer)
    address = reverse("work_manual_hours", args=[held.slug])
    assert client.post(address, post_data(row)).status_code == 302
    page = client.get(address)
    assert [shown.minutes for shown in page.context["page_obj"]] == [90]
    assert ReadEntry.objects.filter(subject_id=migrant.pk, what="hours").exists()


def test_page_notes_all_whose_names_it_shows_to_choose_from(client, held, row, trainer, migrant):
    client.force_login(trainer)
    assert str(migrant) in client.get(reverse("work_manual_hours", args=[held.slug])).content.decode()
    assert ReadEntry.objects.filter(subject_id=migrant.pk, what="hours").count() == 1


def test_page_asks_before_hours_double_a_meeting(client, held, row, trainer):
    attendance.mark(held.sessions.get(), row, "present", by=trainer)
    client.force_login(trainer)
    address = reverse("work_manual_hours", args=[held.slug])
    assert 'type="checkbox" name="even_so"' not in client.get(address).content.decode()
    answer = client.post(address, post_data(row))
    assert answer.context["form"].errors["even_so"]
    assert 'type="checkbox" name="even_so"' in answer.content.decode()
    assert 'value="Lekcja"' in answer.content.decode()
    assert client.post(address, post_data(row, even_so="on")).status_code == 302


def test_page_shows_a_refusal_beside_its_field(client, held, row, trainer):
    client.force_login(trainer)
    answer = client.post(
        reverse("work_manual_hours", args=[held.slug]), post_data(row, on=day(3).isoformat())
    )
    assert answer.context["form"].errors["on"]
    assert not ManualHours.objects.exists()


def test_person_of_another_workshop_cannot_be_chosen(client, held, row, theme, trainer):
    stranger = make_registration(make_workshop(theme=theme))
    client.force_login(trainer)
    answer = client.post(reverse("work_manual_hours", args=[held.slug]), post_data(stranger))
    assert answer.context["form"].errors["person"]


def test_coordinator_agrees_and_refuses_on_the_page(client, row, trainer, coordinator):
    good, bad = write(row, trainer), write(row, trainer, minutes=30)
    client.force_login(coordinator)
    waiting = reverse("work_manual_hours_waiting")
    assert len(client.get(waiting).context["page_obj"]) == 2
    answer = client.post(reverse("work_manual_hours_approve", args=[good.pk]), {"from": "waiting"})
    assert answer.url == waiting
    refusal = reverse("work_manual_hours_refuse", args=[bad.pk])
    assert client.post(refusal, {"note": ""}).context["form"].errors["note"]
    client.post(refusal, {"note": "Za dużo"})
    assert set(ManualHours.objects.values_list("minutes", "state")) == {(90, "approved"), (30, "refused")}
    assert not client.get(waiting).context["page_obj"].object_list


def test_trainer_takes_back_but_does_not_decide(client, row, trainer):
    written = write(row, trainer)
    client.force_login(trainer)
    assert client.post(reverse("work_manual_hours_approve", args=[written.pk])).status_code == 404
    assert client.post(reverse("work_manual_hours_take_back", args=[written.pk])).status_code == 302
    written.refresh_from_db()
    assert written.state == ManualHours.State.REFUSED


def test_hours_of_another_project_do_not_exist(client, row, trainer, other_project):
    written = write(row, trainer)
    client.force_login(make_staff(other_project))
    assert client.get(reverse("work_manual_hours_refuse", args=[written.pk])).status_code == 404
    assert client.post(reverse("work_manual_hours_approve", args=[written.pk])).status_code == 404
    assert not client.get(reverse("work_manual_hours_waiting")).context["page_obj"].object_list


@pytest.mark.parametrize("name", ["work_manual_hours", "work_manual_hours_waiting"])
def test_pages_take_the_same_queries_for_few_and_many(
    client, held, row, trainer, coordinator, name, django_assert_num_queries
):
    args = [held.slug] if name == "work_manual_hours" else []
    client.force_login(coordinator)
    for minutes in (10, 11, 12):
        write(row, trainer, minutes=minutes)
    number = {"work_manual_hours": 8, "work_manual_hours_waiting": 7}[name]
    with django_assert_num_queries(number):
        client.get(reverse(name, args=args))
    for _person in range(27):
        write(make_registration(held, make_user(), confirmed_at=at(-10)), trainer)
    with django_assert_num_queries(number):
        client.get(reverse(name, args=args))


def test_draft_and_cancelled_workshops_keep_their_hours(row, held, trainer, coordinator):
    make_session(held, days=-3)
    written = write(row, trainer)
    Workshop.objects.update(state=Workshop.State.CANCELLED)
    assert manual_hours.approve(written, by=coordinator).state == ManualHours.State.APPROVED
