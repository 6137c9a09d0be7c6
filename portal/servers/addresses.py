"""The addresses of the servers, as the environment names them or as the checkout's own have them."""

import os
from urllib.parse import urlsplit

import environ

from portal.servers.places import BASE_DIR, Unavailable, checkout


def read_environment() -> None:
    """What the file .env says and the environment of the process does not."""
    if (BASE_DIR / ".env").exists():
        environ.Env.read_env(BASE_DIR / ".env")


def missing() -> tuple[bool, bool]:
    """Which of the two servers the environment does not name."""
    read_environment()
    return not os.environ.get("DATABASE_URL"), not os.environ.get("REDIS_URL")


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
