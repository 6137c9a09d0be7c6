"""The questions that a workshop asks on registration: written, put in order, taken out again."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import get_translation_fields

from portal import audit
from portal.languages import SITE_LANGUAGES
from portal.models import User
from portal.refusals import Refused
from workshops.models import Question, Workshop
from workshops.schedule import lock_standing

TEXTS = tuple(get_translation_fields("text"))
CHOICES = tuple(get_translation_fields("choices"))
FACTS = (*TEXTS, *CHOICES, "kind", "is_required", "is_sensitive")


class AlreadyAnswered(Refused):
    sentence = _(
        "People have answered this question already. "
        "You can correct its words, but not delete it or ask for another kind of answer."
    )
    field = "kind"


class TextMissing(Refused):
    sentence = _("Please write the question in Polish: people who have no other language see this one.")
    field = "text_pl"


class TooFewChoices(Refused):
    sentence = _("Please write at least two choices, each on its own line.")
    field = "choices_pl"


class ChoicesDiffer(Refused):
    sentence = _("Each language needs the same number of choices, in the same order.")


@transaction.atomic
def add(workshop: Workshop, *, by: User, **facts) -> Question:
    """A new question, behind the others."""
    workshop = lock_standing(workshop)
    _check(facts)
    last = workshop.questions.aggregate(last=Max("position"))["last"]
    question = Question.objects.create(
        workshop=workshop, position=0 if last is None else last + 1, **_of_its_kind(facts)
    )
    audit.record("question.added", workshop, by=by, question=question.pk)
    return question


@transaction.atomic
def edit(question: Question, *, by: User, **facts) -> Question:
    """Other words at any time; another kind, or other choices in number, only while nobody has answered.

    A question that becomes sensitive takes its answers along.
    """
    workshop = lock_standing(question.workshop)
    question = workshop.questions.get(pk=question.pk)
    _check(facts)
    facts = _of_its_kind(facts)
    number = len(_lines(facts["choices_pl"]))
    is_other = facts["kind"] != question.kind or number != len(_lines(question.choices_pl))
    if is_other and question.answers.exists():
        raise AlreadyAnswered
    changed = [name for name, value in facts.items() if (getattr(question, name) or "") != (value or "")]
    for name in changed:
        setattr(question, name, facts[name])
    if changed:
        question.save(update_fields=changed)
        audit.record("question.edited", workshop, by=by, question=question.pk, fields=sorted(changed))
    return question


@transaction.atomic
def delete(question: Question, *, by: User) -> None:
    """Refused once somebody has answered. One that is gone already is harmless."""
    workshop = lock_standing(question.workshop)
    question = workshop.questions.filter(pk=question.pk).first()
    if question is None:
        return
    if question.answers.exists():
        raise AlreadyAnswered
    audit.record("question.deleted", workshop, by=by, question=question.pk)
    question.delete()


@transaction.atomic
def move(question: Question, *, by: User, up: bool) -> None:
    """One place up or down; the first and the last one stay where they are."""
    workshop = lock_standing(question.workshop)
    rows = list(workshop.questions.all())
    here = next(number for number, row in enumerate(rows) if row.pk == question.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return
    rows[here], rows[there] = rows[there], rows[here]
    for number, row in enumerate(rows):
        row.position = number
    Question.objects.bulk_update(rows, ["position"])
    audit.record("question.moved", workshop, by=by, question=question.pk)


def _check(facts: dict) -> None:
    if unknown := set(facts) - set(FACTS):
        raise TypeError(f"not facts of a question: {', '.join(sorted(unknown))}")
    if not (facts.get("text_pl") or "").strip():
        raise TextMissing
    if facts["kind"] != Question.Kind.CHOICE:
        return
    number = len(_lines(facts.get("choices_pl")))
    if number < 2:
        raise TooFewChoices
    for code in SITE_LANGUAGES:
        if len(_lines(facts.get(f"choices_{code}"))) not in (0, number):
            raise ChoicesDiffer(field=f"choices_{code}")


def _of_its_kind(facts: dict) -> dict:
    """Only a choice has choices."""
    if facts["kind"] == Question.Kind.CHOICE:
        return dict.fromkeys(CHOICES, "") | facts
    return facts | dict.fromkeys(CHOICES, "")


def _lines(text: str | None) -> list[str]:
    return [line for line in (text or "").splitlines() if line.strip()]
