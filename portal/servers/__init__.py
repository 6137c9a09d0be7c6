"""Which PostgreSQL and which Valkey the portal uses, and how the embedded ones start and stop.

``DATABASE_URL`` and ``REDIS_URL`` name the servers. Where one is not set, a real server that comes as a
Python package is started instead: for the checkout with its data under ``.data/`` (``ensure``), for a test
run in a temporary directory (``throwaway``). They listen on UNIX sockets that only their owner may enter, so
nothing is open on the network and several checkouts run side by side. Whoever uses them holds a lease; the
last one to leave stops them.
"""

from portal.servers.addresses import (
    broker_url,
    check_reachable,
    database,
    database_url,
    read_environment,
    redis_url,
    with_redis_database,
)
from portal.servers.leases import Lease, ensure, stop, throwaway
from portal.servers.places import BASE_DIR, Place, Unavailable

__all__ = [
    "BASE_DIR",
    "Lease",
    "Place",
    "Unavailable",
    "broker_url",
    "check_reachable",
    "database",
    "database_url",
    "ensure",
    "read_environment",
    "redis_url",
    "stop",
    "throwaway",
    "with_redis_database",
]
