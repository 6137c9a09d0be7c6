"""A certificate as a paper: Polish and the person's language side by side on one page (domain.md B1.9)."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal import papers
from portal.clock import WARSAW
from portal.languages import OWN_NAMES, is_right_to_left, listed, text_in
from portal.models import User
from portal.papers import can_print
from projects.hours import in_both_units
from workshops.models import Certificate, Workshop

__all__ = ["can_print", "facts_of", "pdf", "texts_of"]

POLISH = "pl"


def facts_of(certificate: Certificate, *, issued_by: User | None = None) -> dict:
    """What the paper says besides the columns of the row; kept with it from the day of issue on."""
    workshop = certificate.registration.workshop
    project = workshop.project
    leads = list(workshop.trainers.order_by("name_key", "pk"))
    author = certificate.drafted_by
    return {
        "title": _in_all_languages(workshop, "title"),
        "organiser": project.organisation,
        "project": _in_all_languages(project, "title"),
        "project_number": project.number,
        "programme": _in_all_languages(project, "programme"),
        "trainers": [lead.get_full_name() for lead in leads],
        "place": project.city,
        "is_language_course": workshop.kind == Workshop.Kind.COURSE or bool(certificate.level),
        "drafted_by": author.get_full_name() if author else "",
        "drafted_by_trainer": author in leads,
        "issued_by": issued_by.get_full_name() if issued_by else "",
    }


def texts_of(facts: dict) -> Iterator[str]:
    """Every text in it: whether all can be printed is asked before it is issued."""
    for value in facts.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from value.values()
        elif isinstance(value, list):
            yield from value


def pdf(certificates: Sequence[Certificate]) -> bytes:
    """One file, a page for each. Rows come with registration, workshop, project and who drafted them."""
    title = certificates[0].serial if len(certificates) == 1 else ""
    with translation.override(POLISH):
        data = {
            "title": title or _("Certificates"),
            "site": settings.SITE_NAME,
            "certificates": [_page(certificate) for certificate in certificates],
        }
    return papers.render("certificate", data, language=POLISH, is_accessible=True)


def address_of(certificate: Certificate) -> str:
    """Where everybody can check it; without a language, so that each reader gets hers."""
    return f"{settings.SITE_URL}/certificates/{certificate.code_in_groups}/"


def _page(certificate: Certificate) -> dict:
    facts = certificate.facts or facts_of(certificate)
    languages = list(dict.fromkeys((POLISH, certificate.language)))
    columns = [_column(certificate, facts, language) for language in languages]
    is_valid = certificate.is_valid
    return {
        "name": certificate.printed_name,
        "serial": certificate.serial,
        "organiser": facts["organiser"],
        "columns": columns,
        "stamp": "" if is_valid else listed(dict.fromkeys(column["stamp"] for column in columns)),
        "signatures": [facts["drafted_by"], facts["issued_by"]],
        "address": address_of(certificate) if certificate.serial else "",
        "qr": papers.qr(address_of(certificate)) if certificate.serial else "",
    }


def _column(certificate: Certificate, facts: dict, language: str) -> dict:
    """All words of the paper in one of its languages."""
    with translation.override(language):
        day = certificate.issued_at or timezone.now()
        signed_as = _("Trainer") if facts["drafted_by_trainer"] else pgettext("signature", "Prepared by")
        return {
            "language": language,
            "direction": "rtl" if is_right_to_left(language) else "ltr",
            "heading": _("Certificate of participation"),
            "sentence": _("We confirm that this person took part in:"),
            "title": text_in(facts["title"], language),
            "facts": list(_rows(certificate, facts)),
            "statements": list(_statements(facts, language)),
            "signed_as": [signed_as, pgettext("signature", "Issued by")],
            "place_and_day": listed(
                [_isolated(facts["place"]), date_format(timezone.localtime(day, WARSAW), "j E Y")]
            ),
            "number": _("Number"),
            "verify": _("Anybody can check here whether this certificate is valid:"),
            "stamp": _("draft, not valid") if certificate.is_draft else _("taken back, not valid"),
        }


def _rows(certificate: Certificate, facts: dict) -> Iterator[dict]:
    said = [
        (_("Level"), certificate.level),
        (pgettext("certificate", "From – to"), _days(certificate)),
        (_("Hours"), in_both_units(certificate.minutes)),
        (_("Attendance"), _percent(certificate.attended_percent)),
        (_("Result of the test"), _percent(certificate.test_result)),
        (_("Trainers"), listed(facts["trainers"])),
        (_("Organiser"), facts["organiser"]),
    ]
    for label, value in said:
        if value:
            yield {"label": label, "value": value}


def _percent(number: int | None) -> str:
    return "" if number is None else _("%(number)d %%") % {"number": number}


def _days(certificate: Certificate) -> str:
    first, last = date_format(certificate.starts_on, "j E Y"), date_format(certificate.ends_on, "j E Y")
    return first if first == last else _("%(first)s – %(last)s") % {"first": first, "last": last}


def _statements(facts: dict, language: str) -> Iterator[str]:
    # A number stays in one piece: Polish repeats a hyphen at the start of the next line.
    number = facts["project_number"].replace("-", "\N{NON-BREAKING HYPHEN}")
    project = {"title": _isolated(text_in(facts["project"], language)), "number": _isolated(number)}
    if number:
        yield _("Part of the project “%(title)s”, number %(number)s.") % project
    else:
        yield _("Part of the project “%(title)s”.") % project
    if programme := text_in(facts["programme"], language):
        yield _("Paid for by: %(programme)s.") % {"programme": _isolated(programme)}
    if facts["is_language_course"]:
        # domain.md B1.4
        yield _(
            "This is not the state certificate of the Polish language. It does not replace it when you apply "
            "for a long-term residence permit or for Polish citizenship."
        )


def _isolated(text: str) -> str:
    """Keeps its own direction inside a sentence of the other one."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def _in_all_languages(thing, field: str) -> dict[str, str]:
    texts = {code: getattr(thing, f"{field}_{code}") for code in OWN_NAMES}
    return {code: text for code, text in texts.items() if text}
