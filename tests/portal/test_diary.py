"""The diary: appointments, clashes and the reminders that follow from them."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from portal import diary, messages
from portal.clock import WARSAW
from portal.models import ContactPreference, DiaryEntry, Message
from tests import factories
from tests.locks import in_its_own_transaction, wait_until_blocked

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=WARSAW)
START = datetime(2026, 12, 8, 17, 0, tzinfo=WARSAW)
DAY = 24 * 60

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user(db):
    return factories.make_user(language="en")


def appointment(source: str = "workshops.session:1", start: datetime = START, **fields) -> diary.Appointment:
    fields = {
        "kind": diary.Kind.WORKSHOP,
        "end_at": start + timedelta(hours=2),
        "title": {"pl": "Szycie", "en": "Sewing"},
        "place": {"pl": "Toruń, ul. Cicha 1"},
        "path": "/workshops/sewing/",
        "cancel_path": "/workshops/sewing/cancel/",
        "remind_minutes": [3 * DAY, DAY],
    } | fields
    return diary.Appointment(source=source, start_at=start, **fields)


def reminders() -> list[Message]:
    return list(Message.objects.filter(kind="reminder", state=Message.State.QUEUED).order_by("due_at"))


def test_put_enters_once_and_updates_after(user):
    diary.put(user, appointment())
    diary.put(user, appointment(title={"pl": "Krawiectwo"}))
    entry = DiaryEntry.objects.get()
    assert entry.title == {"pl": "Krawiectwo"}
    assert entry.revision == 1


def test_put_refuses_a_second_firm_entry_at_the_time(user):
    diary.put(user, appointment())
    with pytest.raises(diary.DoubleBooked):
        diary.put(user, appointment("workshops.session:2", START + timedelta(hours=1)))


def test_put_counts_the_way_there(user):
    diary.put(user, appointment())
    after = START + timedelta(hours=2)
    with pytest.raises(diary.DoubleBooked):
        diary.put(user, appointment("job", after, buffer_before=30))
    diary.put(user, appointment("job", after))


@pytest.mark.parametrize("options", [{"state": diary.State.TENTATIVE}, {"is_exclusive": False}])
def test_put_allows_an_overlap_that_binds_nobody(user, options):
    diary.put(user, appointment())
    diary.put(user, appointment("workshops.session:2"), **options)
    assert DiaryEntry.objects.count() == 2


def test_double_booking_is_impossible_in_the_database(user):
    entry = diary.put(user, appointment())
    entry.pk, entry.source = None, "another app"
    with pytest.raises(IntegrityError, match="diary_no_double_booking"), transaction.atomic():
        entry.save(force_insert=True)


def test_overlaps_names_what_is_in_the_way(user):
    entry = diary.put(user, appointment())
    assert diary.overlaps(user, START + timedelta(hours=1), START + timedelta(hours=3)) == [entry]
    assert diary.overlaps(user, START + timedelta(hours=2), START + timedelta(hours=3)) == []
    assert diary.overlaps(user, START, START + timedelta(hours=1), except_source=entry.source) == []


def test_drop_keeps_the_row_and_frees_the_time(user):
    diary.put(user, appointment())
    assert diary.drop("workshops.session:1") == 1
    assert DiaryEntry.objects.get().state == diary.State.CALLED_OFF
    diary.put(user, appointment("workshops.session:2"))


def test_drop_for_one_person_leaves_the_others(user):
    other = factories.make_user()
    for person in (user, other):
        diary.put(person, appointment())
    diary.drop("workshops.session:1", user=user)
    assert DiaryEntry.objects.firm().get().user == other


def test_refresh_moves_it_for_everybody(user):
    other = factories.make_user()
    for person in (user, other):
        diary.put(person, appointment())
    assert diary.refresh(appointment(start=START + timedelta(days=1))) == []
    assert {entry.start_at for entry in DiaryEntry.objects.all()} == {START + timedelta(days=1)}


def test_refresh_is_not_blocked_by_one_persons_plans(user):
    diary.put(user, appointment())
    diary.put(user, appointment("job", START + timedelta(days=1)))
    assert diary.refresh(appointment(start=START + timedelta(days=1))) == [user]
    assert not DiaryEntry.objects.get(source="workshops.session:1").is_exclusive


def test_reminders_come_in_their_time(user, clock):
    diary.put(user, appointment())
    clock.move_to(START - timedelta(days=3, minutes=1))
    assert diary.queue_due_reminders() == 0
    clock.move_to(START - timedelta(days=3))
    assert diary.queue_due_reminders() == 1
    assert diary.queue_due_reminders() == 0
    clock.move_to(START - timedelta(days=1))
    assert diary.queue_due_reminders() == 1


def test_reminder_says_what_when_where_and_how_to_cancel(user, clock, settings):
    settings.SITE_URL = "https://portal.example"
    diary.put(user, appointment())
    clock.move_to(START - timedelta(days=3))
    diary.queue_due_reminders()
    (reminder,) = reminders()
    assert reminder.subject == "Reminder: Sewing, Tuesday, 8 December, 17:00"
    for words in (
        "Tuesday, 8 December 2026, 17:00–19:00",
        "Toruń, ul. Cicha 1",
        "https://portal.example/en/workshops/sewing/\n",
        "https://portal.example/en/workshops/sewing/cancel/\n",
    ):
        assert words in reminder.text


def test_moved_entry_is_reminded_of_anew(user, clock):
    diary.put(user, appointment())
    clock.move_to(START - timedelta(days=3))
    diary.queue_due_reminders()
    moved = START + timedelta(days=4)
    diary.refresh(appointment(start=moved))
    assert reminders() == []
    clock.move_to(moved - timedelta(days=3))
    assert diary.queue_due_reminders() == 1
    assert "12 December" in reminders()[0].subject


def test_called_off_entry_is_silent(user, clock):
    diary.put(user, appointment())
    clock.move_to(START - timedelta(days=3))
    diary.queue_due_reminders()
    diary.drop("workshops.session:1")
    assert reminders() == []
    clock.move_to(START - timedelta(days=1))
    assert diary.queue_due_reminders() == 0


def test_late_entry_is_not_reminded_of_at_once(user, clock):
    clock.move_to(START - timedelta(days=2))
    diary.put(user, appointment())
    assert diary.queue_due_reminders() == 0
    clock.move_to(START - timedelta(days=1))
    assert diary.queue_due_reminders() == 1


def test_reminder_is_caught_up_after_a_standstill(user, clock):
    diary.put(user, appointment())
    clock.move_to(START - timedelta(hours=5))
    assert diary.queue_due_reminders() == 1, "the later of two that were missed, and only that"
    assert messages.deliver_due() == 1


def test_reminder_is_never_sent_after_the_start(user, clock):
    diary.put(user, appointment())
    clock.move_to(START - timedelta(days=1))
    diary.queue_due_reminders()
    clock.move_to(START + timedelta(minutes=1))
    assert messages.deliver_due() == 0
    assert Message.objects.get().state == Message.State.MISSED


def test_reminders_take_few_queries_however_many(user, clock, django_assert_max_num_queries):
    for number in range(30):
        diary.put(factories.make_user(), appointment(f"workshops.session:{number}"))
    clock.move_to(START - timedelta(days=3))
    diary.queue_due_reminders()
    with django_assert_max_num_queries(2):
        diary.queue_due_reminders()


def test_renamed_entry_keeps_the_news_of_its_move(user, clock):
    """Moved in the evening and renamed a minute later: in the morning people still read of the move."""
    diary.put(user, appointment())
    moved = appointment(start=START + timedelta(days=1))
    diary.refresh(moved)
    news = messages.queue(
        user, kind="change", key="moved", template="portal/messages/neutral", source=moved.source
    )
    diary.refresh(appointment(start=moved.start_at, title={"pl": "Krawiectwo", "en": "Tailoring"}))
    news.refresh_from_db()
    assert news.state == Message.State.QUEUED


@pytest.mark.parametrize("change", ["moved", "called off"])
def test_remind_is_silent_when_the_entry_has_just_changed(user, clock, change):
    """The entry was read by beat's task, and changed before its turn came."""
    read_before = diary.put(user, appointment())
    if change == "moved":
        diary.refresh(appointment(start=START + timedelta(days=4)))
    else:
        diary.drop("workshops.session:1")
    assert diary.remind(read_before, DAY) is None
    assert reminders() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", ["moved", "called off"])
def test_change_silences_a_reminder_written_at_the_same_moment(user, clock, change):
    with transaction.atomic():
        entry = diary.put(user, appointment())
    changes = {
        "moved": lambda: diary.refresh(appointment(start=START + timedelta(days=4))),
        "called off": lambda: diary.drop("workshops.session:1"),
    }
    with transaction.atomic():
        diary.remind(entry, DAY)
        other = in_its_own_transaction(changes[change])
        wait_until_blocked()
    other.join(20)
    assert reminders() == []


def test_people_who_want_no_reminders_cost_no_queries(user, clock, django_assert_max_num_queries):
    """They are never queued, so each minute would ask for each of them again."""
    for number in range(10):
        person = factories.make_user()
        ContactPreference.objects.create(user=person, muted_kinds=["reminder"])
        diary.put(person, appointment(f"workshops.session:{number}"))
    diary.put(factories.make_user(email=None), appointment("workshops.session:10"))
    diary.put(user, appointment("workshops.session:11"))
    clock.move_to(START - timedelta(days=3))
    assert diary.queue_due_reminders() == 1
    with django_assert_max_num_queries(2):
        diary.queue_due_reminders()
