"""The whole portal on this machine, with one command; Ctrl-C ends everything it started."""

import hashlib
import os
import shlex
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection
from honcho.manager import Manager
from honcho.printer import Message

from portal import servers

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Starts the servers, the web, the worker and beat; the first time it fills in the demo."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        port = wanted_port()
        check_port_is_free(port)
        self.say("Messages")
        call_command("catalog", "compile")
        self.say("Servers")
        servers.ensure()
        servers.check_reachable()
        self.say("Database")
        call_command("migrate", interactive=False)
        call_command("load_consents")
        if settings.DEMO and "demo" in get_commands() and not get_user_model().objects.exists():
            self.say("Demo data, the first time only")
            call_command("demo")
        connection.close()
        self.collect_static()
        self.say("Web, worker and beat; Ctrl-C ends them all")
        run_processes(port)

    def say(self, line: str) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(f"== {line}"))
        self.stdout.flush()

    def collect_static(self) -> None:
        manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
        stamp = settings.BASE_DIR / ".data" / "collected"
        fingerprint = static_fingerprint()
        if manifest.exists() and stamp.exists() and stamp.read_text() == fingerprint:
            return
        self.say("Style sheets, scripts and pictures")
        started = time.monotonic()
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(fingerprint)
        self.stdout.write(f"Collected and compressed in {time.monotonic() - started:.1f} s")


def wanted_port() -> int:
    """``PORT``, 8000 by default. Raises servers.Unavailable where it is no number of a port."""
    port = os.environ.get("PORT") or "8000"
    if not (port.isdecimal() and 0 < int(port) < 65536):
        raise servers.Unavailable(
            f"PORT is a number from 1 to 65535, as in `PORT=8001 make run`, not {port!r}."
        )
    return int(port)


def check_port_is_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise servers.Unavailable(
                f"Port {port} on {HOST} cannot be used ({getattr(error, 'strerror', error)}): "
                "end what uses it, or choose another, as in `PORT=8001 make run`."
            ) from error


def static_fingerprint() -> str:
    """Changes when a static file of ours or of a package does."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            state = Path(storage.path(path)).stat()
            digest.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def processes(port: int) -> dict[str, list[str]]:
    # In a container everything is root, and the tasks are data (JSON), not code.
    calm = "ignore:You're running the worker with superuser privileges"
    celery = [sys.executable, "-W", calm, "-m", "celery", "--quiet", "--app", "portal"]
    web = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"{HOST}:{port}", "--no-control-socket"]
    web += ["--workers", os.environ.get("WEB_CONCURRENCY") or "2", "--threads", "4"]
    # No query strings, no addresses, and no tokens in a path: they may hold what concerns nobody.
    web += [
        "--logger-class",
        "portal.access_log.AccessLogger",
        "--access-logfile",
        "-",
        "--access-logformat",
        "%(m)s %(U)s %(s)s %(M)s ms",
        "--log-level",
        "warning",
    ]
    return {
        "web": web,
        "worker": [*celery, "worker", "--loglevel", "INFO", "--concurrency", "2", "--without-gossip"],
        "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile", ""],
    }


def run_processes(port: int) -> None:
    manager = Manager()
    environment = os.environ | {
        "DATABASE_URL": servers.database_url(),
        "REDIS_URL": servers.redis_url(),
        "PYTHONUNBUFFERED": "1",
    }
    for name, command in processes(port).items():
        manager.add_process(name, f"exec {shlex.join(command)}", env=environment, cwd=str(settings.BASE_DIR))
    # A closed terminal ends everything too.
    signal.signal(signal.SIGHUP, lambda number, frame: os.kill(os.getpid(), signal.SIGTERM))
    threading.Thread(target=announce, args=(manager, port), daemon=True).start()
    manager.loop()
    if manager.returncode not in (130, 143):
        sys.exit(manager.returncode or 1)  # one of them ended by itself


def announce(manager: Manager, port: int) -> None:
    """Say where the portal is, once it answers, below the noise of starting."""
    while not answers(port):
        time.sleep(0.3)
    for line in greeting(port):
        manager.events.put(Message("line", line + "\n", datetime.now(), "portal", None))  # noqa: DTZ005


def answers(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=30)
    with suppress(OSError, HTTPException), closing(connection):
        connection.request("HEAD", "/")
        return connection.getresponse().status < 500
    return False


def greeting(port: int) -> Iterable[str]:
    yield f"{settings.SITE_NAME} is ready: http://{HOST}:{port}/"
    if settings.DEMO and find_spec("portal.demo"):
        for account in import_module("portal.demo").accounts():
            yield "  " + (account if isinstance(account, str) else "  ".join(map(str, account)))
