"""Ledger entries said in one line, written by the ledger's own verb."""

import itertools
from datetime import date

from projects import ledger
from projects.models import LedgerEntry, Theme

_number = itertools.count(1)


def write(theme: Theme, measure: str = "received", **fields) -> LedgerEntry:
    fields = {
        "source": f"tests.entry:{next(_number)}",
        "project": theme.project,
        "task": theme.task,
        "theme": theme,
        "kind": "workshop",
        "on": date(2026, 3, 10),
        "minutes": 60,
    } | fields
    return ledger.record(measure=measure, **fields)
