"""Two transactions that meet at a lock, each in a known place."""

import threading

import pytest
from django.db import connection, transaction


def in_its_own_transaction(call) -> threading.Thread:
    def run():
        try:
            with transaction.atomic():
                call()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def wait_until_blocked() -> None:
    """Until somebody else's transaction waits for a lock of ours."""
    waiting = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    )
    for _try in range(200):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
        threading.Event().wait(0.05)
    pytest.fail("nobody waited")
