"""What time does to many rows: one that fails is ERROR in the log, and the others go on."""

import logging
import traceback
from collections.abc import Callable, Iterable

from django.db import OperationalError, transaction

log = logging.getLogger(__name__)

#: What PostgreSQL says to the one of two transactions that has to give way to the other.
DEADLOCK = "40P01"


def each(things: Iterable, verb: Callable) -> list:
    """Call ``verb`` for each of these rows, or of their keys, in a transaction of its own.

    Returns what came of those that did not fail.
    """
    return [outcome for thing in things for outcome in _isolated(verb, thing)]


def steps(*calls: Callable[[], object]) -> None:
    """Call them in this order, each even where one before it has failed as a whole."""
    for call in calls:
        try:
            call()
        except Exception as error:
            _report(call, "", error)


def _isolated(verb: Callable, thing) -> list:
    """What came of it, in a list; none where it failed."""
    for is_again in (False, True):
        try:
            with transaction.atomic():
                return [verb(thing)]
        except Exception as error:
            # Whoever it met has what it wanted by now.
            if is_again or not _is_deadlock(error):
                _report(verb, getattr(thing, "pk", thing), error)
                break
    return []


def _is_deadlock(error: Exception) -> bool:
    return isinstance(error, OperationalError) and getattr(error.__cause__, "pgcode", "") == DEADLOCK


def _report(call: Callable, key, error: Exception) -> None:
    """What failed, for which row, and where; not what the error says: it may quote the row."""
    what = f"{call.__module__}.{call.__qualname__}"
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s failed for %s: %s\n%s", what, key or "all", type(error).__name__, where)
