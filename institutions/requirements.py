"""What a request asks of whoever comes, each as a must or a wish (features.md G3, domain.md A3.1, A6.1).

Matching, the pages of both sides and the offers read this one list, so that none of them can forget a point.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions.models import AssistanceRequest, Subject

#: Subjects only for those who were trained on them, whatever the meeting is about (domain.md A1.11, A6.1).
TRAINED_ONLY = frozenset({Subject.MENTAL_HEALTH, Subject.POLICE_COURT})


class Kind(models.TextChoices):
    LANGUAGE = "language", gettext_lazy("language")
    DIALECT = "dialect", gettext_lazy("dialect or variety")
    LEVEL = "level", gettext_lazy("level")
    WRITING = "writing", gettext_lazy("reading and writing")
    GENDER = "gender", gettext_lazy("woman or man")
    OTHER_TOWN = "other_town", gettext_lazy("from another town")
    SAME_ASSISTANT = "same_assistant", gettext_lazy("the same assistant")
    TRAINING = "training", gettext_lazy("training on the subject")


@dataclass(frozen=True)
class Requirement:
    """One point. ``value`` is what to compare with: a code, a text, or the key of an assistant's row."""

    kind: Kind
    label: str
    value: str | int
    is_must: bool


def requirements_of(request: AssistanceRequest) -> list[Requirement]:
    """In the order in which people think of them. The labels name no assistant: the asked read them too."""
    return [Requirement(*found) for found in _found(request)]


def _found(request: AssistanceRequest) -> Iterator[tuple[Kind, str, str | int, bool]]:
    language = request.get_language_display()
    yield Kind.LANGUAGE, _("Speaks %(language)s") % {"language": language}, request.language, True
    if request.dialect:
        label = _("Speaks this variety: %(dialect)s") % {"dialect": request.dialect}
        yield Kind.DIALECT, label, request.dialect, request.is_dialect_required
    if request.level:
        label = _("Speaks it at level %(level)s or better") % {"level": request.get_level_display()}
        yield Kind.LEVEL, label, request.level, request.is_level_required
    if request.is_writing_wanted:
        yield Kind.WRITING, _("Reads and writes it"), request.language, request.is_writing_required
    if request.gender_preference == AssistanceRequest.GenderPreference.WOMAN:
        yield Kind.GENDER, _("A woman"), request.gender_preference, request.is_gender_required
    elif request.gender_preference == AssistanceRequest.GenderPreference.MAN:
        yield Kind.GENDER, _("A man"), request.gender_preference, request.is_gender_required
    if request.is_other_town_wanted:
        label = _("Does not live here: %(town)s") % {"town": request.town}
        yield Kind.OTHER_TOWN, label, request.town, request.is_other_town_required
    if request.preferred_assistant_id:
        label = _("The same assistant as before")
        yield Kind.SAME_ASSISTANT, label, request.preferred_assistant_id, False
    if subject := _training(request):
        label = _("Is trained on this: %(subject)s") % {"subject": Subject(subject).label}
        yield Kind.TRAINING, label, subject, _needs_training(request)


def _training(request: AssistanceRequest) -> str:
    """There is none on "other"; what is hard then is for those who learned to bear hard talks."""
    if request.subject != Subject.OTHER:
        return request.subject
    return Subject.MENTAL_HEALTH.value if request.is_sensitive else ""


def _needs_training(request: AssistanceRequest) -> bool:
    """Hard subjects and hard meetings are for the trained alone; elsewhere training is a plus."""
    return request.subject in TRAINED_ONLY or request.is_sensitive
