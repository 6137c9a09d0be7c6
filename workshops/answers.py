"""Registering with everything that was asked on the way, all of it or nothing; and forgetting it in time."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants import consents, profile
from participants.models import ConsentText, Participant
from portal import audit
from portal.models import User
from portal.refusals import Refused
from workshops import needs, placement, registration
from workshops.models import Answer, PracticalNeed, Question, Registration, Session, Workshop
from workshops.prerequisites import Told, asked_of

__all__ = ["Told", "forget_spent", "register"]

YES, NO = "yes", "no"


class Unanswered(Refused):
    sentence = _("Please answer this question.")


class NoSuchAnswer(Refused):
    sentence = _("Please choose one of the answers.")


@transaction.atomic
def register(
    workshop: Workshop,
    user: User,
    *,
    by: User,
    told: Told,
    texts: list[ConsentText] = (),
    invitation: str = "",
) -> Registration:
    """Register somebody who answered what was asked; ``texts``: the consents that she gives with it.

    Raises what registration.register raises, and Unanswered or NoSuchAnswer; then nothing at all is kept.
    """
    workshop = registration.lock(workshop)
    answers = checked(workshop, told)
    asked = asked_of(workshop, user)
    row = registration.register(workshop, user, by=by, note=told.note, invitation=invitation, told=told)
    for text in texts:
        consents.give(user, text, by=by)
    keep(row, told, answers, asked, by=by)
    return row


def keep(row: Registration, told: Told, answers: dict[Question, str], asked: list[str], *, by: User) -> None:
    """Into her profile, her answers and her needs; for verbs that hold the lock of the workshop."""
    _keep_facts(row, told, asked, by=by)
    row.answers.all().delete()  # who comes back answers anew
    Answer.objects.bulk_create(
        Answer(question=question, registration=row, value=value) for question, value in answers.items()
    )
    needs.keep(row, told.needs, by=by)


def name_of(question: Question) -> str:
    """Of its field in a form."""
    return f"question_{question.pk}"


def in_words(question: Question, value: str) -> str:
    """An answer as people read it, in the language of the page."""
    if question.kind == Question.Kind.YES_NO:
        return str(_("yes") if value == YES else _("no"))
    if question.kind == Question.Kind.CHOICE:
        options = question.options
        return options[int(value)] if int(value) < len(options) else "–"
    return value


def forget_spent(now: datetime | None = None) -> int:
    """Delete sensitive answers and practical needs that nobody needs any more: some days after the last
    meeting, or when the workshop or the registration is cancelled. Returns how many rows are gone."""
    now = now or timezone.now()
    spent = _spent(now)
    has_some = Exists(Answer.objects.filter(registration=OuterRef("pk"), question__is_sensitive=True))
    has_need = Exists(PracticalNeed.objects.filter(registration=OuterRef("pk")))
    workshops = spent.filter(has_some | has_need).values_list("workshop", flat=True).order_by().distinct()
    return sum(_forget(workshop, now) for workshop in Workshop.objects.filter(pk__in=workshops))


@transaction.atomic
def _forget(workshop: Workshop, now: datetime) -> int:
    workshop = registration.lock(workshop)
    spent = _spent(now).filter(workshop=workshop).values("pk")
    answers = Answer.objects.filter(registration__in=spent, question__is_sensitive=True).delete()[0]
    needed = PracticalNeed.objects.filter(registration__in=spent).delete()[0]
    if answers or needed:
        audit.record("answers.forgotten", workshop, by=None, answers=answers, needs=needed)
    return answers + needed


def _spent(now: datetime) -> QuerySet[Registration]:
    """Registrations whose answers have done their work."""
    meetings = Session.objects.filter(workshop=OuterRef("workshop"))
    recent = meetings.filter(end_at__gt=now - timedelta(days=settings.NEEDS_KEPT_DAYS))
    return Registration.objects.filter(
        ~Q(state__in=Registration.STANDING)
        | Q(workshop__state=Workshop.State.CANCELLED)
        | (Exists(meetings) & ~Exists(recent))
    )


def checked(workshop: Workshop, told: Told) -> dict[Question, str]:
    """Her answers to the questions of this workshop, as they are now."""
    answers = {}
    for question in workshop.questions.all():
        value = str(told.answers.get(str(question.pk), "")).strip()
        if not value:
            if question.is_required:
                raise Unanswered(field=name_of(question))
            continue
        if not _is_possible(question, value):
            raise NoSuchAnswer(field=name_of(question))
        answers[question] = value[:300]
    return answers


def _is_possible(question: Question, value: str) -> bool:
    match question.kind:
        case Question.Kind.YES_NO:
            return value in (YES, NO)
        case Question.Kind.NUMBER:
            return value.isdecimal()
        case Question.Kind.CHOICE:
            return value.isdecimal() and int(value) < len(question.options)
    return True


def _keep_facts(row: Registration, told: Told, asked: list[str], *, by: User) -> None:
    """Only what the workshop had to ask, and only what was missing."""
    facts = {}
    if "birth_year" in asked and told.birth_year:
        facts["birth_year"] = told.birth_year
    if "is_woman" in asked and told.is_woman:
        facts["gender"] = Participant.Gender.WOMAN
    if facts:
        profile.change(row.user, by=by, person={}, participant=facts, contact={})
    if "level" in asked and told.level:
        placement.declare(row, level=told.level, script=told.script, by=by)
