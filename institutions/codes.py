"""The confirmation code: the official sees it from the start on and gives it at the end (domain.md A5.8).

A code belongs to one assistant's part in one meeting and is kept nowhere: it is reckoned from the
assignment under the site's key. Whoever types a wrong one too often goes the other way, by one click of
the official.
"""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from institutions.models import Assignment
from institutions.transitions import NotYours, lock
from portal import audit
from portal.models import User
from portal.refusals import Refused

DIGITS = 6
SALT = "institutions.codes"
#: In the audit, where wrong tries are counted: it cannot be emptied, as a cache can.
WRONG = "assignment.code_wrong"


class WrongCode(Refused):
    sentence = _(
        "This is not the code. Please look at it again, or leave it out: then we ask the institution."
    )
    field = "code"


class TooManyTries(Refused):
    sentence = _(
        "The code was wrong too often. Please leave the field empty: we ask the institution to confirm."
    )
    field = "code"


def code_of(assignment: Assignment) -> str:
    """Six digits, in two groups to read aloud."""
    digest = salted_hmac(SALT, str(assignment.public_id), algorithm="sha256").digest()
    digits = f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}d}"
    return f"{digits[:3]} {digits[3:]}"


def plain(code: str) -> str:
    """As it was meant: digits of any script, without spaces and dashes."""
    return "".join(str(int(char)) for char in code if char.isdecimal())


def tries_left(assignment: Assignment) -> int:
    wrong = audit.trail(assignment).filter(action=WRONG).count()
    return max(0, settings.ASSISTANCE["code_tries"] - wrong)


def give(assignment: Assignment, code: str, *, by: User) -> Assignment:
    """The assistant types what the official told her. A wrong try is written down although it is refused."""
    outcome = _try(assignment, code, by=by)
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


@transaction.atomic
def _try(assignment: Assignment, code: str, *, by: User) -> Assignment | Refused:
    """The row, or the refusal: what is raised inside the transaction would undo the count."""
    lock(assignment.request_id)
    assignment = Assignment.objects.select_related("assistant").get(pk=assignment.pk)
    if assignment.assistant.user_id != by.pk:
        return NotYours()
    if assignment.code_given_at:
        return assignment
    if assignment.state != Assignment.State.ACTIVE:
        return WrongCode()
    if not tries_left(assignment):
        return TooManyTries()
    if not constant_time_compare(plain(code), plain(code_of(assignment))):
        audit.record(WRONG, assignment, by=by, request=assignment.request_id)
        return WrongCode()
    assignment.code_given_at = timezone.now()
    assignment.save(update_fields=["code_given_at"])
    audit.record("assignment.code_given", assignment, by=by, request=assignment.request_id)
    return assignment
