"""The same form sent twice: a double click without JavaScript, a reload, a page that was left open.

What was done once is done. Whoever sends it again goes where the first one led, and nothing happens; what is
foreign or unknown stays a 404, and so does a page on which there is nothing left to do. A view that can find
its object done with is decorated by ``lands``.
"""

from collections.abc import Callable
from functools import wraps

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import redirect

from portal.models import AuditEntry


class DoneBefore(Exception):
    """``to``: as for ``redirect``."""

    def __init__(self, to: str, *arguments):
        super().__init__(to)
        self.to, self.arguments = to, arguments


def lands(view: Callable) -> Callable:
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except DoneBefore as done:
            if request.method != "POST":
                raise Http404 from None
            return redirect(done.to, *done.arguments)

    return wrapped


def did(user, action: str, rows: QuerySet, **about) -> bool:
    """Whether this person did that before, to something that may be gone: as the audit says."""
    lines = AuditEntry.objects.filter(object_type=rows.model._meta.label_lower, actor_id=user.pk)
    return lines.filter(action=action, **about).exists()


def to_drop(rows: QuerySet, pk: int, *, action: str, by, to: str, arguments: tuple = ()):
    """The row that is to go, unless this person has dropped it before."""
    row = rows.filter(pk=pk).first()
    if row is None:
        if did(by, action, rows, object_id=pk):
            raise DoneBefore(to, *arguments)
        raise Http404
    return row
