"""What is queued goes out once, in time, to the right person and in her language."""

import threading
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone
from kombu import pools

from portal import celery_app, messages
from portal.clock import WARSAW
from portal.models import ContactPreference, Message
from tests import factories

NOON = datetime(2026, 12, 2, 12, 0, tzinfo=WARSAW)
NIGHT = datetime(2026, 12, 2, 22, 30, tzinfo=WARSAW)
MORNING = datetime(2026, 12, 3, 8, 0, tzinfo=WARSAW)

pytestmark = pytest.mark.django_db


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def user(db):
    return factories.make_user(language="pl")


def tell(user, kind: str = "work", key: str = "key", **options) -> Message | None:
    """Queue the plainest message there is."""
    return messages.queue(user, kind=kind, key=key, template="portal/messages/neutral", **options)


def test_queue_happens_once_per_key(user):
    assert tell(user)
    assert tell(user) is None
    assert Message.objects.count() == 1


def test_queue_says_nothing_to_somebody_without_an_address(db):
    assert tell(factories.make_user(email=None)) is None


def test_queue_says_nothing_to_a_closed_account(db):
    assert tell(factories.make_user(is_active=False)) is None


@pytest.mark.parametrize(
    ("language", "words"), [("en", "There is a message for you"), ("pl", "/pl/me/"), ("ar", "/ar/me/")]
)
def test_queue_speaks_the_recipients_language(language, words):
    message = tell(factories.make_user(language=language))
    assert message.language == language
    assert words in message.subject + message.text


@pytest.mark.parametrize(
    ("kind", "urgent", "due"),
    [
        ("work", False, MORNING),
        ("work", True, NIGHT),
        ("account", False, NIGHT),
        ("registration", False, NIGHT),
    ],
)
def test_queue_keeps_the_quiet_hours_unless_somebody_waits_for_it(user, kind, urgent, due):
    with time_machine.travel(NIGHT, tick=False):
        assert tell(user, kind, is_urgent=urgent).due_at == due


def test_queue_keeps_the_hours_a_person_chose(user, noon):
    start = datetime(2026, 1, 1, 15, 0, tzinfo=WARSAW).time()
    ContactPreference.objects.create(user=user, not_before=start)
    assert tell(user).due_at == NOON.replace(hour=15)


def test_queue_leaves_out_what_is_muted(user):
    ContactPreference.objects.create(user=user, muted_kinds=["reminder", "work"])
    assert tell(user, "reminder", "a") is None
    assert tell(user, "work", "b"), "only reminders can be muted"


def test_queue_tells_nothing_where_contact_must_be_neutral(user, workshop):
    ContactPreference.objects.create(user=user, is_neutral=True)
    message = messages.queue(
        user,
        kind="registration",
        key="neutral",
        template="portal/messages/reminder",  # would fail without its entry
        calendar="BEGIN:VCALENDAR",
    )
    assert workshop.title_pl not in message.subject + message.text
    assert message.calendar == ""


def test_deliver_sends_each_message_once(user, noon):
    tell(user)
    assert messages.deliver_due() == 1
    assert messages.deliver_due() == 0
    (sent,) = mail.outbox
    assert sent.to == [user.email]
    assert sent.extra_headers["Content-Language"] == "pl"
    row = Message.objects.get()
    assert (row.state, row.sent_at) == (Message.State.SENT, NOON)


def test_deliver_waits_until_a_message_is_due(user, noon):
    tell(user, "account", due_at=NOON + timedelta(hours=1))
    assert messages.deliver_due() == 0
    noon.shift(timedelta(hours=1))
    assert messages.deliver_due() == 1


def test_deliver_marks_what_came_too_late(user, noon):
    tell(user, useless_after=NOON + timedelta(hours=1))
    noon.shift(timedelta(hours=2))
    assert messages.deliver_due() == 0
    assert Message.objects.get().state == Message.State.MISSED
    assert not mail.outbox


def test_deliver_leaves_out_what_is_no_longer_true(user, noon):
    tell(user, source="workshops.session:1")
    assert messages.silence(source="workshops.session:1") == 1
    assert messages.deliver_due() == 0


@pytest.mark.parametrize(("is_demo", "is_kept"), [(True, True), (False, False)])
def test_deliver_forgets_a_code_outside_the_demo(settings, user, is_demo, is_kept):
    settings.DEMO = is_demo
    messages.queue_to_address(user.email, key="code", subject="Code", text="123456", language="pl")
    messages.deliver_due()
    assert "123456" in mail.outbox[0].body
    assert ("123456" in Message.objects.get().text) is is_kept


@pytest.fixture
def dead_mail_server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def test_deliver_tries_again_later_and_later(dead_mail_server, user, noon):
    tell(user)
    waits = []
    for _try in range(len(messages.BACK_OFF)):
        assert messages.deliver_due() == 0
        row = Message.objects.get()
        waits.append(row.next_try_at - timezone.now())
        noon.move_to(row.next_try_at)
    assert waits == messages.BACK_OFF
    assert row.state == Message.State.QUEUED
    assert row.last_error == "ConnectionRefusedError"


@pytest.mark.allow_error_logs
def test_deliver_gives_up_in_the_end(dead_mail_server, user, noon, error_records):
    tell(user)
    Message.objects.update(attempts=len(messages.BACK_OFF))
    messages.deliver_due()
    assert Message.objects.get().state == Message.State.FAILED
    assert user.email not in error_records[0].getMessage()


@pytest.mark.allow_error_logs
def test_deliver_goes_on_after_a_message_that_no_mail_can_be(user, noon):
    tell(user, key="first")
    Message.objects.update(subject="two\nlines")
    tell(user, key="second")
    assert messages.deliver_due() == 1
    assert Message.objects.get(key="first").state == Message.State.FAILED


@pytest.mark.django_db(transaction=True)
def test_deliver_leaves_alone_what_another_worker_has_on_the_wire():
    user = factories.make_user()
    for key in ("first", "second"):
        tell(user, "account", key)
    is_held, may_let_go = threading.Event(), threading.Event()

    def other_worker() -> None:
        with transaction.atomic():
            Message.objects.deliverable(timezone.now()).select_for_update(skip_locked=True).first()
            is_held.set()
            may_let_go.wait(10)
        connection.close()

    worker = threading.Thread(target=other_worker)
    worker.start()
    is_held.wait(10)
    sent_meanwhile = messages.deliver_due()
    may_let_go.set()
    worker.join()
    assert sent_meanwhile == 1
    assert messages.deliver_due() == 1, "a worker that died has let go of its row"
    assert len(mail.outbox) == 2


@pytest.fixture
def dead_broker():
    before = celery_app.conf.broker_write_url
    celery_app.conf.broker_write_url = "redis://127.0.0.1:1/0"
    _forget_connections()
    yield
    celery_app.conf.broker_write_url = before
    _forget_connections()


def _forget_connections() -> None:
    pools.reset()
    celery_app.__dict__.pop("amqp", None)
    celery_app._pool = None


@pytest.mark.django_db(transaction=True)
def test_request_succeeds_while_the_broker_is_away(dead_broker, client, caplog):
    response = client.post("/pl/account/login/", {"login": "somebody@example.org"})
    assert response.status_code == 302
    assert "the broker is away" in caplog.text
    assert messages.deliver_due() == 1, "beat finds the row later"


def test_deliver_obeys_a_safe_contact_chosen_after_queueing(user, noon):
    plain = messages.queue(
        user,
        kind="reminder",
        key="plain",
        template="portal/messages/neutral",
        calendar="BEGIN:VCALENDAR",
    )
    Message.objects.filter(pk=plain.pk).update(subject="Wsparcie po przemocy", text="ul. Cicha 1")
    ContactPreference.objects.create(user=user, is_neutral=True)
    messages.deliver_due()
    [sent] = mail.outbox
    assert "przemocy" not in sent.subject
    assert "Cicha" not in sent.body
    assert sent.attachments == []


def test_deliver_goes_to_the_address_she_has_now(user, noon):
    tell(user)
    user.email = "new@example.org"
    user.save()
    messages.deliver_due()
    assert mail.outbox[0].to == ["new@example.org"]


def test_deliver_sends_no_reminder_muted_since(user, noon):
    message = tell(user, kind="reminder")
    ContactPreference.objects.create(user=user, muted_kinds=["reminder"])
    assert messages.deliver_due() == 0
    message.refresh_from_db()
    assert message.state == Message.State.SILENCED


def test_deliver_says_nothing_to_an_account_closed_since(user, noon):
    message = tell(user)
    user.is_active = False
    user.save()
    assert messages.deliver_due() == 0
    message.refresh_from_db()
    assert message.state == Message.State.SILENCED


def test_deliver_sends_a_code_to_the_address_that_asked_for_it(user, noon):
    ContactPreference.objects.create(user=user, is_neutral=True)
    messages.queue_to_address(
        "other@example.org", key="code", subject="Code", text="123456", language="pl", recipient=user
    )
    messages.deliver_due()
    assert (mail.outbox[0].to, mail.outbox[0].body) == (["other@example.org"], "123456")
