"""The list for signatures as a PDF: for the funder in Polish, beside it in the language of the group.

It holds names and nothing else of people (domain.md B3.1, 0.7).
"""

from collections.abc import Callable

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal import papers
from portal.languages import is_right_to_left, listed
from projects.hours import euros, in_both_units
from projects.models import Project
from workshops.appointments import place_of
from workshops.models import Session, SignatureSheet, Workshop

LABELS = {
    "list": gettext_lazy("Signature list"),
    "number": pgettext_lazy("column: row number", "No."),
    "name": gettext_lazy("Name"),
    "came": gettext_lazy("Came at"),
    "left": gettext_lazy("Left at"),
    "signature": gettext_lazy("Signature"),
    # Translators: {n} and {m} stay as they are, the numbers are put in their place.
    "page": gettext_lazy("Page {n} of {m}"),
    "confirm": gettext_lazy("I confirm that the people who signed were at this meeting."),
    "signatures": gettext_lazy("Number of signatures"),
    "day": gettext_lazy("Date"),
    "trainer": gettext_lazy("Signature of the trainer"),
}


def pdf(sheet: SignatureSheet, *, with_times: bool = False) -> bytes:
    """``with_times``: with columns for the hours at which people came and left."""
    data = data_of(sheet, with_times=with_times)
    return papers.render("signature_sheet", data, language=settings.LANGUAGE_CODE)


def data_of(sheet: SignatureSheet, *, with_times: bool = False) -> dict:
    """What the paper says. Texts are lists: in Polish, and in the group's language where it is another."""
    session = sheet.session
    workshop = session.workshop
    codes = languages_of(sheet)
    address = address_of(sheet)
    return {
        "languages": [_language(code) for code in codes],
        "labels": {name: in_each(codes, lambda text=text: text) for name, text in LABELS.items()},
        "number": str(sheet.number),
        "title": in_each(codes, lambda: workshop.title),
        "funder": funder_of(workshop.project),
        "head": _head(session),
        "facts": [
            {"label": in_each(codes, lambda label=label: label), "text": in_each(codes, text)}
            for label, text in _facts(session)
            if any(in_each(codes, text))
        ],
        "rows": [row.registration.user.get_full_name() for row in _rows(sheet)],
        "blank_rows": sheet.blank_rows,
        "with_times": with_times,
        "address": address,
        "qr": papers.qr(address),
    }


def address_of(sheet: SignatureSheet) -> str:
    """Without a language: whoever reads the code gets the page in her own."""
    return f"{settings.SITE_URL}/work/sheets/{sheet.public_id}/"


def languages_of(sheet: SignatureSheet) -> list[str]:
    return list(dict.fromkeys([settings.LANGUAGE_CODE, sheet.language]))


def in_each(codes: list[str], text: Callable) -> list[str]:
    texts = []
    for code in codes:
        with translation.override(code):
            texts.append(str(text()))
    return texts


def funder_of(project: Project) -> list[str]:
    """The lines above everything, in Polish: what an auditor looks for first."""
    with translation.override(settings.LANGUAGE_CODE):
        number = _("Project number: %(number)s") % {"number": project.number} if project.number else ""
        lines = [
            project.title,
            listed([number, project.organisation]),
            listed([project.programme, project.area]),
            _("Grant: %(amount)s") % {"amount": euros(project.grant_eur)} if project.grant_eur else "",
        ]
    return [line for line in lines if line]


def _language(code: str) -> dict[str, str]:
    return {"code": code, "direction": "rtl" if is_right_to_left(code) else "ltr"}


def _rows(sheet: SignatureSheet):
    return sheet.rows.select_related("registration__user").order_by("position")


def _head(session: Session) -> str:
    """Stands on every page, so that a page that got lost finds its meeting."""
    start, end = timezone.localtime(session.start_at), timezone.localtime(session.end_at)
    return f"{start:%d.%m.%Y}, {start:%H:%M}–{end:%H:%M}"


def _facts(session: Session) -> list[tuple]:
    workshop = session.workshop
    start, end = timezone.localtime(session.start_at), timezone.localtime(session.end_at)
    trainers = [user.get_full_name() for user in workshop.trainers.order_by("name_key", "id")]
    return [
        (gettext_lazy("Group"), lambda: _group(workshop)),
        (gettext_lazy("Date"), lambda: date_format(start, "l, j E Y")),
        (gettext_lazy("From–to"), lambda: f"{start:%H:%M}–{end:%H:%M}"),
        (gettext_lazy("Hours"), lambda: in_both_units(session.minutes)),
        (gettext_lazy("Topic"), lambda: session.topic),
        (gettext_lazy("Place"), lambda: _place(workshop)),
        (gettext_lazy("Trainer"), lambda: listed(trainers)),
    ]


def _group(workshop: Workshop) -> str:
    """Kind, level and code; a Latin word keeps its own direction inside an Arabic line."""
    latin = [f"\u2068{word}\u2069" for word in (workshop.level, workshop.slug) if word]
    return listed([workshop.get_kind_display(), *latin])


def _place(workshop: Workshop) -> str:
    """Without the link to an online meeting: paper lies about."""
    if workshop.format == Workshop.Format.ONLINE:
        return _("Online")
    return place_of(Workshop(format=Workshop.Format.ON_SITE, venue=workshop.venue, address=workshop.address,
                             town=workshop.town))  # fmt: skip
