"""500 reminders are due; the worker is killed in the middle and the broker loses everything it knew."""

import signal
import threading
from collections import Counter
from datetime import timedelta
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.utils import timezone
from redis import Redis

from portal.models import DiaryEntry, Message, User
from tests.shows.processes import free_port, kill, running, until

REMINDERS = 500


class Sink:
    """A real SMTP server that counts what it was given, by Message-ID."""

    def __init__(self):
        self.lock = threading.Lock()
        self.received = Counter()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802, aiosmtpd's name
        mail = message_from_bytes(envelope.content)
        with self.lock:
            self.received[mail["Message-ID"]] += 1
        return "250 kept"


@pytest.fixture
def sink():
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_all_reminders_arrive_though_worker_is_killed_and_broker_flushed(sink, tmp_path):
    start = timezone.now() + timedelta(hours=20)
    people = User.objects.bulk_create(
        User(email=f"reader{n}@example.org", call_me="Olena", name_key="olena", language="uk")
        for n in range(REMINDERS)
    )
    DiaryEntry.objects.bulk_create(
        DiaryEntry(
            user=user,
            source="workshops.session:1",
            kind=DiaryEntry.Kind.WORKSHOP,
            state=DiaryEntry.State.FIRM,
            start_at=start,
            end_at=start + timedelta(hours=2),
            busy=(start, start + timedelta(hours=2)),
            title={"pl": "Warsztat", "uk": "Майстерня"},
            place={"pl": "Toruń"},
            path="/workshops/one/",
            remind_minutes=[24 * 60],
            noted_at=timezone.now() - timedelta(days=3),
        )
        for user in people
    )
    env = {"EMAIL_URL": f"smtp://127.0.0.1:{sink.port}"}
    worker = ("celery", "-A", "portal", "worker", "--concurrency=2", "--loglevel=ERROR")

    with running(*worker, **env) as first:
        from portal.tasks import queue_due_reminders

        queue_due_reminders.delay()
        until(lambda: len(sink.received) >= 100, seconds=60, what="the first hundred mails")
        kill(first, signal.SIGKILL)
        first.wait(10)
    reached_before_the_kill = len(sink.received)
    Redis.from_url(settings.REDIS_URL).flushdb()

    beat = ("celery", "-A", "portal", "beat", "--loglevel=ERROR", f"--schedule={tmp_path / 'beat'}")
    with running(*worker, **env), running(*beat, **env):
        until(
            lambda: Message.objects.filter(state=Message.State.SENT).count() == REMINDERS,
            seconds=180,
            what="all reminders",
        )

    assert reached_before_the_kill < REMINDERS, "the worker was killed too late to prove anything"
    assert len(sink.received) == REMINDERS
    twice = sum(count - 1 for count in sink.received.values())
    assert twice <= 2, "at most the message in flight in each of the two worker processes"
    print(
        f"reached before the kill: {reached_before_the_kill}; arrived: {len(sink.received)}; twice: {twice}"
    )
