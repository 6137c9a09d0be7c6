"""A trainer's month: the meetings that she led and that took place, as paper and file (features.md U17)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal import papers, spreadsheets
from portal.clock import WARSAW, format_month, local
from portal.languages import is_right_to_left, site_language
from portal.models import User
from projects.hours import TEACHING, hours
from projects.models import LedgerEntry, Project
from workshops.models import Session, Workshop

POLISH = "pl"


@dataclass(frozen=True)
class Month:
    """``held``: what counts. ``waiting``: meetings that are over and that nobody has marked yet."""

    trainer: User
    first: date
    held: list[Session]
    waiting: list[Session]

    @property
    def minutes(self) -> int:
        return sum(session.minutes for session in self.held)


def month_of(trainer: User, first: date, *, projects: QuerySet[Project] | None = None) -> Month:
    """Two who lead together have each the whole time. ``projects``: only these, for a coordinator of them."""
    after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    counted = LedgerEntry.objects.filter(source=OuterRef("source_key"), measure=LedgerEntry.Measure.DELIVERED)
    rows = Session.objects.planned().filter(
        workshop__trainers=trainer,
        start_at__gte=local(first, time()),
        start_at__lt=local(after, time()),
        end_at__lte=timezone.now(),
    )
    if projects is not None:
        rows = rows.filter(workshop__project__in=projects)
    rows = rows.with_source_key().annotate(is_held=Exists(counted))
    sessions = list(rows.select_related("workshop__project", "workshop__theme").order_by("start_at", "pk"))
    return Month(
        trainer,
        first,
        held=[session for session in sessions if session.is_held],
        waiting=[session for session in sessions if not session.is_held],
    )


def trainers_of(projects: QuerySet[Project], first: date) -> QuerySet[User]:
    """Who led something in that month."""
    after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    busy = Workshop.objects.filter(
        project__in=projects,
        sessions__start_at__gte=local(first, time()),
        sessions__start_at__lt=local(after, time()),
    )
    return User.objects.filter(Q(workshops_led__in=busy)).distinct().order_by("name_key", "pk")


def pdf(month: Month) -> bytes:
    """Polish for the books, the trainer's language beside it, and two lines to sign."""
    languages = list(dict.fromkeys([POLISH, site_language(month.trainer.language)]))
    spoken = [_in(code, lambda: _words(month)) for code in languages]
    with translation.override(POLISH):
        rows = [[_shown(value) for value in row] for row in _rows(month)]
    data = {
        "languages": [
            {"code": code, "direction": "rtl" if is_right_to_left(code) else "ltr"} for code in languages
        ],
        "site": settings.SITE_NAME,
        "title": [words["title"] for words in spoken],
        "facts": _side_by_side([words["facts"] for words in spoken]),
        "columns": [
            {
                "label": [words["columns"][number] for words in spoken],
                "is_number": number >= len(spoken[0]["columns"]) - 3,
                "is_wide": number in (1, 2),
            }
            for number in range(len(spoken[0]["columns"]))
        ],
        "rows": rows,
        "sums": _side_by_side([words["sums"] for words in spoken]),
        "notes": [words["notes"] for words in spoken],
        "changes": [[] for _words_of_one in spoken],
        "corrects": ["" for _words_of_one in spoken],
        "signatures": [
            {"role": [words["signed_as"][number] for words in spoken], "name": "", "when": ""}
            for number in range(2)
        ],
        "unsigned": ["" for _words_of_one in spoken],
        "page": [words["page"] for words in spoken],
    }
    return papers.render("monthly", data, language=POLISH)


def spreadsheet(month: Month) -> bytes:
    """In the active language."""
    words = _words(month)
    tables = [
        spreadsheets.Table(_("Meetings"), words["columns"], _rows(month)),
        spreadsheets.Table(_("Summary"), [words["title"], ""], [*words["facts"], *words["sums"]]),
    ]
    return spreadsheets.workbook(tables, is_right_to_left=is_right_to_left(translation.get_language()))


def _rows(month: Month) -> list[list]:
    rows = []
    for session in month.held:
        start, end = (timezone.localtime(moment, WARSAW) for moment in (session.start_at, session.end_at))
        facts = [start.date(), session.workshop.title, session.workshop.theme.title, start.time(), end.time()]
        rows.append([*facts, session.break_minutes, session.minutes, round(session.minutes / TEACHING, 2)])
    return rows


def _words(month: Month) -> dict:
    return {
        "title": _("Sheet of teaching hours"),
        "facts": [
            (_("Trainer"), month.trainer.get_full_name()),
            (_("Month"), format_month(month.first)),
        ],
        "columns": [
            _("Day"),
            _("Workshop"),
            _("Theme"),
            pgettext("time", "From"),
            pgettext("time", "Until"),
            _("Breaks (min)"),
            _("Work (min)"),
            _("Teaching hours (45 min)"),
        ],
        "sums": [
            (_("Meetings"), str(len(month.held))),
            (_("Clock hours (60 min)"), hours(month.minutes)),
            (_("Teaching hours (45 min)"), hours(month.minutes, TEACHING)),
        ],
        "notes": _("Only meetings that took place and were marked are counted, without breaks."),
        "signed_as": [_("Trainer"), _("Coordinator")],
        # Translators: {n} and {m} stay as they are, the numbers are put in their place.
        "page": _("Page {n} of {m}"),
    }


def _in(language: str, words: Callable[[], dict]) -> dict:
    with translation.override(language):
        return words()


def _side_by_side(pairs: list[list[tuple[str, str]]]) -> list[dict]:
    return [
        {
            "label": [label for label, _value in line],
            "value": list(dict.fromkeys(value for _l, value in line)),
        }
        for line in zip(*pairs, strict=True)
    ]


def _shown(value: object) -> str:
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, float):
        return number_format(value)
    return str(value or "")
