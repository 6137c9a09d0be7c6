"""A cache that outlives its server: while Valkey is away, each process counts for itself.

The cache holds nothing but counters of rate limits and the like. Without Valkey people must still be able to
sign in, and somebody who tries passwords must still be slowed down.
"""

import logging
import time
from typing import ClassVar

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

#: Seconds before a server that did not answer is asked again.
PAUSE = 5


def _or_here(name: str):
    def operation(self, *args, **kwargs):
        if time.monotonic() >= self._away_until.get(self._address, 0):
            try:
                return getattr(RedisCache, name)(self, *args, **kwargs)
            except (RedisError, OSError) as error:
                log.warning("the cache server is away, counting in this process: %s", type(error).__name__)
                self._away_until[self._address] = time.monotonic() + PAUSE
        return getattr(self._here, name)(*args, **kwargs)

    operation.__name__ = name
    return operation


class SteadyRedisCache(RedisCache):
    # Shared by all threads: one of them finds out, none of the others waits.
    _away_until: ClassVar[dict[str, float]] = {}

    def __init__(self, server, params):
        super().__init__(server, params)
        self._address = str(server)
        self._here = LocMemCache(self._address, {})

    add = _or_here("add")
    get = _or_here("get")
    set = _or_here("set")
    touch = _or_here("touch")
    delete = _or_here("delete")
    get_many = _or_here("get_many")
    has_key = _or_here("has_key")
    incr = _or_here("incr")
    set_many = _or_here("set_many")
    delete_many = _or_here("delete_many")
    clear = _or_here("clear")
