"""The network's glossary: words that assistants found, accepted by a coordinator (domain.md A7.1).

A word never leads back to the job it came from: not by a link, nor by the time or the audit of suggesting it.
"""

from datetime import time

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.client_data import refuse_identifiers
from institutions.models import Assignment, Assistant, Subject, Term
from institutions.transitions import NotYours
from portal import audit
from portal.clock import local
from portal.languages import SPOKEN_LANGUAGES
from portal.models import User
from portal.refusals import Refused
from projects.models import Project

State = Term.State


class BothWordsNeeded(Refused):
    sentence = _("Please write the word in both languages.")
    field = "translation"


class NoSuchSubject(Refused):
    sentence = _("Please choose a subject and a language.")
    field = "language"


class AlreadyKnown(Refused):
    sentence = _("This word stands in the glossary or was looked at before.")
    field = "polish"


def accepted() -> QuerySet[Term]:
    return Term.objects.filter(state=State.ACCEPTED)


def suggested_to(user: User) -> QuerySet[Term]:
    """What waits for this coordinator."""
    return from_networks_of(user).filter(state=State.SUGGESTED)


def from_networks_of(user: User) -> QuerySet[Term]:
    """Words from assistants of her networks; nobody decides on her own."""
    theirs = Term.objects.filter(suggested_by__project__in=Project.objects.coordinated_by(user))
    return theirs.exclude(suggested_by__user=user)


@transaction.atomic
def suggest(
    assistant: Assistant,
    *,
    by: User,
    subject: str,
    language: str,
    polish: str,
    translation: str,
    is_checked: bool = False,
) -> Term:
    """A word in Polish and in the other language. One that is known already is not suggested twice."""
    if assistant.user_id != by.pk:
        raise NotYours
    polish, translation = polish.strip(), translation.strip()
    if not polish or not translation:
        raise BothWordsNeeded(field="polish" if translation else "translation")
    if subject not in Subject.values or language not in dict(SPOKEN_LANGUAGES) or language == "pl":
        raise NoSuchSubject
    refuse_identifiers({"polish": polish, "translation": translation}, is_checked=is_checked)
    known = Term.objects.filter(language=language, polish__iexact=polish, translation__iexact=translation)
    term = known.first()
    if term is None:
        term, _is_new = Term.objects.get_or_create(
            language=language,
            polish=polish[:120],
            translation=translation[:120],
            defaults={
                "subject": subject,
                "suggested_by": assistant,
                "at": local(timezone.localdate(), time.min),  # the day, not the moment of a report
            },
        )
    return term


def suggest_after(
    job: Assignment, *, by: User, polish: str, translation: str, is_checked: bool = False
) -> Term:
    """With a report: language and subject are those of the job, and nothing else of it."""
    return suggest(
        job.assistant,
        by=by,
        subject=job.request.subject,
        language=job.language,
        polish=polish,
        translation=translation,
        is_checked=is_checked,
    )


def at_once() -> int:
    """How many with one report."""
    return settings.ASSISTANCE["terms_at_once"]


@transaction.atomic
def decide(
    term: Term,
    *,
    by: User,
    is_accepted: bool,
    polish: str = "",
    translation: str = "",
    subject: str = "",
    is_checked: bool = False,
) -> Term:
    """A coordinator takes a word in, perhaps better spelt, or does not."""
    term = Term.objects.select_for_update(of=("self",)).select_related("suggested_by").get(pk=term.pk)
    helper = term.suggested_by
    if (
        helper is None
        or helper.user_id == by.pk
        or not Project.objects.coordinated_by(by).filter(pk=helper.project_id).exists()
    ):
        raise NotYours
    if term.state != State.SUGGESTED:
        return term
    if is_accepted:
        refuse_identifiers({"polish": polish, "translation": translation}, is_checked=is_checked)
        better = {
            "polish": polish.strip()[:120],
            "translation": translation.strip()[:120],
            "subject": subject,
        }
        for name, value in better.items():
            setattr(term, name, value or getattr(term, name))
        twins = Term.objects.filter(
            language=term.language, polish__iexact=term.polish, translation__iexact=term.translation
        )
        if twins.exclude(pk=term.pk).exists():
            raise AlreadyKnown
    term.state, term.decided_by = State.ACCEPTED if is_accepted else State.REFUSED, by
    term.save(update_fields=["state", "decided_by", "polish", "translation", "subject"])
    audit.record(f"term.{term.state}", term, by=by)
    return term
