"""Who uses a pair of servers holds a lease of them: the first one starts them, the last one stops them."""

import atexit
import fcntl
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from portal.servers import postgres, valkey
from portal.servers.addresses import missing
from portal.servers.places import Place, Say, Unavailable, checkout

THROWAWAY_PREFIX = "splot-test-"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


_lease: "Lease | None" = None


def ensure(say: Say = _say) -> None:
    """Have the servers of this checkout running for as long as this process lives."""
    global _lease
    no_database, no_redis = missing()
    if _lease is None and (no_database or no_redis):
        _lease = Lease(checkout(), postgres=no_database, valkey=no_redis)
        atexit.register(_lease.release, say)
        _lease.take(say)


def throwaway(say: Say = _say) -> None:
    """Start servers of their own for a test run, and name them in the environment for it and its children."""
    no_database, no_redis = missing()
    if not (no_database or no_redis):
        return
    _remove_abandoned()
    root = Path(tempfile.mkdtemp(prefix=THROWAWAY_PREFIX))
    root.chmod(0o711)  # as root, the account PostgreSQL runs under has to get through
    place = Place(root, durable=False)
    lease = Lease(place, postgres=no_database, valkey=no_redis)

    def end() -> None:
        if os.getpid() == lease.pid:
            lease.release(lambda line: None)
            shutil.rmtree(root, ignore_errors=True)

    atexit.register(end)
    lease.take(say)
    if no_database:
        os.environ["DATABASE_URL"] = place.database_url()
    if no_redis:
        os.environ["REDIS_URL"] = place.redis_url()


def _remove_abandoned() -> None:
    """Clean up after test runs that were killed."""
    for root in Path(tempfile.gettempdir()).glob(f"{THROWAWAY_PREFIX}*"):
        with suppress(OSError, Unavailable):
            place = Place(root, durable=False)
            if root.stat().st_uid == os.getuid() and time.time() - root.stat().st_mtime > 10:
                with _locked(place):
                    abandoned = not _held_leases(place)
                if abandoned:
                    stop(place)
                    shutil.rmtree(root, ignore_errors=True)


@dataclass
class Lease:
    """A process's claim on the servers. It is a locked file, so that even a killed process lets go of it."""

    place: Place
    postgres: bool = True
    valkey: bool = True
    pid: int = 0
    file: int = -1

    @property
    def path(self) -> Path:
        return self.place.root / "leases" / str(self.pid)

    def take(self, say: Say) -> None:
        self.pid = os.getpid()
        with _locked(self.place):
            self.file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self.file, fcntl.LOCK_EX)
            if self.postgres:
                postgres.start(self.place, say)
            if self.valkey:
                valkey.start(self.place, say)

    def release(self, say: Say) -> None:
        if os.getpid() != self.pid or self.file < 0:
            return  # a forked child: the claim is its parent's
        with _locked(self.place):
            os.close(self.file)
            self.file = -1
            self.path.unlink(missing_ok=True)
            if not _held_leases(self.place):
                stop(self.place, say)


@contextmanager
def _locked(place: Place) -> Iterator[None]:
    try:
        (place.root / "leases").mkdir(parents=True, exist_ok=True)
        file = os.open(place.root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Unavailable(
            f"The data directory {place.root} cannot be used ({error.strerror}): "
            "make it writable, or set DATABASE_URL and REDIS_URL to servers of your own."
        ) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def _held_leases(place: Place) -> list[Path]:
    held = []
    for path in (place.root / "leases").iterdir():
        file = os.open(path, os.O_RDWR)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.append(path)
        else:
            path.unlink(missing_ok=True)
        finally:
            os.close(file)
    return held


def stop(place: Place, say: Say = lambda line: None) -> None:
    """Stop the servers of a place, whoever started them."""
    valkey.stop(place, say)
    postgres.stop(place, say)
    for directory in (place.socket_dir(place.postgres_data), place.valkey_socket.parent):
        if place.root not in directory.parents:
            shutil.rmtree(directory, ignore_errors=True)
