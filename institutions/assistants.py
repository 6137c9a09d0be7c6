"""Who helps: a person becomes an assistant of a network."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import emails
from institutions.models import Assistant
from institutions.officials import person_with, refuse_foreign
from participants.models import LanguageSkill
from portal import audit
from portal.models import User
from portal.refusals import Refused
from projects.models import Project


class AlreadyAssistant(Refused):
    sentence = _("This person is already an assistant.")
    field = "email"


class PolishNeeded(Refused):
    sentence = _("An assistant speaks Polish and at least one other language.")
    field = "polish"


@transaction.atomic
def enrol(
    project: Project,
    *,
    by: User,
    email: str,
    full_name: str,
    phone: str = "",
    languages: dict[str, str],
    **fields,
) -> Assistant:
    """Make a person an assistant and welcome her. ``languages``: how well she speaks each, with Polish."""
    refuse_foreign(project, by)
    user = person_with(email, full_name=full_name, phone=phone)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if Assistant.objects.filter(user=user).exists():
        raise AlreadyAssistant
    assistant = Assistant.objects.create(user=user, project=project, **fields)
    _speak(assistant, languages)
    audit.record("assistant.enrolled", assistant, by=by, project=project.pk)
    emails.assistant_welcomed(assistant)
    return assistant


@transaction.atomic
def change(assistant: Assistant, *, by: User, languages: dict[str, str], **fields) -> Assistant:
    """Correct what matching knows of her."""
    refuse_foreign(assistant.project, by)
    for name, value in fields.items():
        setattr(assistant, name, value)
    assistant.save(update_fields=list(fields))
    _speak(assistant, languages)
    audit.record("assistant.changed", assistant, by=by, fields=sorted(fields))
    return assistant


@transaction.atomic
def suspend(assistant: Assistant, *, by: User) -> Assistant:
    """No offers from now on; the jobs she agreed to stay hers."""
    refuse_foreign(assistant.project, by)
    if not assistant.suspended_at:
        assistant.suspended_at = timezone.now()
        assistant.save(update_fields=["suspended_at"])
        audit.record("assistant.suspended", assistant, by=by)
    return assistant


@transaction.atomic
def resume(assistant: Assistant, *, by: User) -> Assistant:
    refuse_foreign(assistant.project, by)
    if assistant.suspended_at:
        assistant.suspended_at = None
        assistant.save(update_fields=["suspended_at"])
        audit.record("assistant.resumed", assistant, by=by)
    return assistant


def _speak(assistant: Assistant, languages: dict[str, str]) -> None:
    """Her languages as given; a dialect she has told of herself is not touched."""
    if "pl" not in languages or len(languages) < 2:
        raise PolishNeeded
    plain = LanguageSkill.objects.filter(user=assistant.user, dialect="")
    plain.exclude(language__in=languages).delete()
    for language, level in languages.items():
        LanguageSkill.objects.update_or_create(
            user=assistant.user, language=language, dialect="", defaults={"spoken": level}
        )
