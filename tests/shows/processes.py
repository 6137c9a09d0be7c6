"""Real processes of the portal, on the database of the test that starts them."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from urllib.parse import quote

from django.conf import settings
from django.db import connection


def environment(**extra: str) -> dict[str, str]:
    database = connection.settings_dict
    host = quote(database["HOST"], safe="") if database["HOST"].startswith("/") else ""
    url = f"postgresql://{database['USER']}:{database['PASSWORD']}@{'' if host else database['HOST']}"
    url += f":{database['PORT']}" if database["PORT"] and not host else ""
    url += f"/{database['NAME']}" + (f"?host={host}" if host else "")
    return (
        os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "DATABASE_URL": url,
            "REDIS_URL": settings.REDIS_URL,
            "QUIET_HOURS_FROM": "24",  # the show must go on at night
            "QUIET_HOURS_TO": "0",
        }
        | extra
    )


@contextmanager
def running(*command: str, **env: str) -> Iterator[subprocess.Popen]:
    """A Python module as a process group of its own, ended at the end whatever happens."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=environment(**env),
            cwd=settings.BASE_DIR,
            start_new_session=True,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        except AssertionError:
            log.seek(0)
            print(f"--- {' '.join(command)}\n{log.read().decode(errors='replace')[-4000:]}")
            raise
        finally:
            _end(process)


def _end(process: subprocess.Popen) -> None:
    kill(process, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        kill(process, signal.SIGKILL)
        process.wait(10)


def kill(process: subprocess.Popen, with_signal: int) -> None:
    """The whole group: a worker's children too."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, with_signal)


def until(condition: Callable[[], bool], *, seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s for: {what}"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port: int, *request, **more) -> int:
    """The status that the web server answers with."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request(*request, **more)
        with connection.getresponse() as answer:
            answer.read()
            return answer.status


def answers(port: int) -> bool:
    """Whether the web server is up."""
    with suppress(OSError):
        return ask(port, "GET", "/health/live") == 200
    return False
