"""The client says with one of three faces how it was (domain.md A7.3): her own language, no name, no sign-in.

The code leads to one meeting. The assistant shows it at the end, or writes it on a card from the stock, so a
card in a drawer tells nothing of anybody. Only counts by month and institution are ever shown, and sums of
these.
"""

from datetime import date, datetime, timedelta
from hmac import compare_digest

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from institutions.models import Assignment, ClientSmile, Institution
from portal.cards import SIGNS, in_groups, plain
from portal.languages import SITE_LANGUAGES, site_language
from portal.models import User
from portal.refusals import Refused
from projects.figures import Period

SALT = "institutions.smiles"
#: Signs of the seal behind the number of the meeting: 10 of 26 signs are 47 bits.
SEAL = 10
FACES = ("good", "so_so", "bad")


class NotOpen(Refused):
    sentence = _("This card is not open now. It is open when the meeting ends, and some days after it.")


def code_of(assignment: Assignment) -> str:
    """To be read and typed by people; it tells nothing, and nobody can guess one."""
    number = _signs(assignment.pk)
    return in_groups(_seal(number) + number)


def read_code(typed: str) -> Assignment | None:
    signs = plain(typed)
    seal, number = signs[:SEAL], signs[SEAL:]
    if not 1 <= len(number) <= 8 or not compare_digest(seal, _seal(number)):
        return None
    rows = Assignment.objects.standing().select_related("request", "smile")
    return rows.filter(pk=_number(number)).first()


def address_of(assignment: Assignment) -> str:
    """In the client's language, where the site speaks it."""
    language = assignment.language if assignment.language in SITE_LANGUAGES else "en"
    with translation.override(site_language(language)):
        return settings.SITE_URL + reverse("smile", args=[code_of(assignment)])


def is_open(assignment: Assignment, now: datetime | None = None) -> bool:
    now = now or timezone.now()
    limits, end_at = settings.ASSISTANCE, assignment.request.end_at
    opens_at = end_at - timedelta(minutes=limits["smile_minutes_before_end"])
    is_standing = assignment.state in Assignment.STANDING
    return is_standing and opens_at <= now <= end_at + timedelta(days=limits["smile_days"])


@transaction.atomic
def press(assignment: Assignment, face: int) -> ClientSmile:
    """The first face counts; nothing is kept of who pressed it, nor of the hour."""
    if not is_open(assignment):
        raise NotOpen
    if face not in ClientSmile.Face.values:
        raise NotOpen(_("Please choose one of the three faces."))
    smile, _is_new = ClientSmile.objects.get_or_create(assignment=assignment, defaults={"face": face})
    return smile


def by_month(user: User, *, since: date) -> list[dict]:
    """Rows of month and institution for a coordinator; under the limit only that there were few.

    ``month``, ``institution``, and ``number``, ``good``, ``so_so``, ``bad``: None where they are hidden. A
    month that is not over has no row: who looks twice would see the face of the meeting between.
    """
    pressed = ClientSmile.objects.filter(on__gte=since, on__lt=timezone.localdate().replace(day=1))
    rows = list(_counted(pressed, Institution.objects.managed_by(user)))
    names = Institution.objects.in_bulk({row["assignment__request__institution"] for row in rows})
    shown = []
    for row in rows:
        figures = {name: row[name] if _is_enough(row) else None for name in ("number", *FACES)}
        institution = names[row["assignment__request__institution"]]
        shown.append({"month": row["month"], "institution": institution, **figures})
    return shown


def in_all(institutions: QuerySet[Institution], period: Period) -> dict[str, int]:
    """``good``, ``so_so`` and ``bad``, as sums of what ``by_month`` shows of the whole months of the period.

    Nothing else is added up: a total less what is shown would be what is hidden.
    """
    pressed = ClientSmile.objects.filter(on__lt=timezone.localdate().replace(day=1))
    if period.since:
        pressed = pressed.filter(on__gte=_first_of_month(period.since))
    if period.until:
        after = period.until + timedelta(days=1)
        pressed = pressed.filter(on__lt=after.replace(day=1))
    rows = [row for row in _counted(pressed, institutions) if _is_enough(row)]
    return {face: sum(row[face] for row in rows) for face in FACES}


def _counted(pressed: QuerySet[ClientSmile], institutions: QuerySet[Institution]) -> QuerySet:
    faces = {face.name.lower(): Count("pk", filter=Q(face=face)) for face in ClientSmile.Face}
    return (
        pressed.filter(assignment__request__institution__in=institutions)
        .annotate(month=TruncMonth("on"))
        .values("month", "assignment__request__institution")
        .annotate(number=Count("pk"), **faces)
        .order_by("-month", "assignment__request__institution")
    )


def _is_enough(row: dict) -> bool:
    return row["number"] >= settings.ASSISTANCE["smiles_shown_from"]


def _first_of_month(day: date) -> date:
    """On that day or after it."""
    return day if day.day == 1 else (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _seal(number: str) -> str:
    digest = int(salted_hmac(SALT, number, algorithm="sha256").hexdigest(), 16)
    return _signs(digest)[:SEAL]


def _signs(number: int) -> str:
    signs = ""
    while number:
        number, rest = divmod(number, len(SIGNS))
        signs = SIGNS[rest] + signs
    return signs


def _number(signs: str) -> int:
    number = 0
    for sign in signs:
        number = number * len(SIGNS) + SIGNS.index(sign)
    return number
