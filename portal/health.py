"""Is everything there that the portal needs? Names of parts and ages only, nothing that is a secret."""

from collections.abc import Callable

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils import timezone

HEARTBEAT = "heartbeat:{}"

#: Seconds without a sign of life after which the worker or beat counts as gone; each gives one every 20.
TOO_OLD = 90


def database() -> dict:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return {"ok": False}
    return {"ok": True}


def valkey() -> dict:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2)
    try:
        return {"ok": bool(client.ping())}
    except (redis.RedisError, OSError):
        return {"ok": False}
    finally:
        client.close()


def sign_of_life(process: str) -> dict:
    """How long ago the process last said that it lives; it never did where the age is missing."""
    seen = cache.get(HEARTBEAT.format(process))
    if seen is None:
        return {"ok": False, "age_seconds": None}
    age = max(0, int(timezone.now().timestamp() - seen))
    return {"ok": age < TOO_OLD, "age_seconds": age}


PARTS: dict[str, Callable[[], dict]] = {
    "database": database,
    "valkey": valkey,
    "worker": lambda: sign_of_life("worker"),
    "beat": lambda: sign_of_life("beat"),
}


def report() -> dict:
    """Every part, and whether all of them are well."""
    parts = {name: check() for name, check in PARTS.items()}
    return {"ok": all(part["ok"] for part in parts.values()), "parts": parts}
