"""Who helps: a person becomes an assistant of a network; what matching knows of her; her languages."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import attempts, new_people, paper_emails
from institutions.models import Assignment, AssistanceRequest, Assistant
from institutions.officials import NotYourNetwork, person_with, refuse_foreign
from institutions.papers_of_assistants import Evidence, evidence_of, missing_papers, missing_papers_of
from participants import profile
from participants.models import LanguageSkill
from portal import audit
from portal.clock import WARSAW
from portal.models import User
from portal.refusals import Refused
from projects.models import Project

#: Own limits, none of them above the network's of the same name.
LIMITS = ("max_minutes_a_day", "max_minutes_a_week")


class AlreadyAssistant(Refused):
    sentence = _("This person is already an assistant.")
    field = "email"


class AddressNeeded(Refused):
    sentence = _(
        "An assistant needs an e-mail address, because we ask by e-mail. Please add it to the person first."
    )
    field = "email"


class ChildrenDoNotWork(Refused):
    sentence = _("A child cannot be an assistant.")
    field = "email"


class PolishNeeded(Refused):
    sentence = _("An assistant speaks Polish and at least one other language.")
    field = "language"


class OverTheLimit(Refused):
    sentence = _("This is more than the network allows.")


class ContractTheWrongWayRound(Refused):
    sentence = _("The contract ends before it begins.")
    field = "contract_until"


class ContractNeedsADay(Refused):
    sentence = _("Please give the first day of the contract.")
    field = "contract_from"


class NotCheckedYet(Refused):
    sentence = _("This day has not come yet.")
    field = "child_protection_checked_on"


@dataclass(frozen=True)
class Spoken:
    """A language and how well; ``written`` '' where she does not write it."""

    language: str
    spoken: str
    written: str = ""
    dialect: str = ""


@transaction.atomic
def enrol(
    project: Project,
    *,
    by: User,
    languages: list[Spoken],
    person: User | None = None,
    email: str = "",
    full_name: str = "",
    phone: str = "",
    **fields,
) -> Assistant:
    """Make a person an assistant and tell her what is still missing. ``person``, or ``email`` and a name."""
    refuse_foreign(project, by)
    user = person or person_with(email, full_name=full_name, phone=phone)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if Assistant.objects.filter(user=user).exists():
        raise AlreadyAssistant
    if user.guardian_id:
        raise ChildrenDoNotWork
    if not user.email:
        raise AddressNeeded
    spoken = {one.language for one in languages}
    if "pl" not in spoken or len(spoken) < 2:
        raise PolishNeeded(field="language_1")
    _refuse_over_limits(fields)
    assistant = Assistant.objects.create(user=user, project=project, **fields)
    known = set(user.language_skills.values_list("language", flat=True))
    for one in languages:
        if one.language not in known:
            _keep(assistant, one, by=by)
    audit.record("assistant.enrolled", assistant, by=by, project=project.pk)
    paper_emails.assistant_welcomed(
        assistant, missing=missing_papers(assistant, on=timezone.localdate(), with_minors=True)
    )
    return assistant


@transaction.atomic
def change(assistant: Assistant, *, by: User, **fields) -> Assistant:
    """Correct what matching knows of her: she herself, or a coordinator of hers."""
    refuse_stranger(assistant, by)
    _refuse_over_limits(fields)
    assistant = Assistant.objects.select_for_update(no_key=True).get(pk=assistant.pk)
    changed = [name for name, value in fields.items() if getattr(assistant, name) != value]
    if changed:
        for name in changed:
            setattr(assistant, name, fields[name])
        assistant.save(update_fields=changed)
        new_people.may_be_able(assistant)
        audit.record("assistant.changed", assistant, by=by, fields=sorted(changed))
    return assistant


@transaction.atomic
def change_papers(assistant: Assistant, *, by: User, **fields) -> Assistant:
    """Enter contract, insurance and child protection check, as the coordinator has them in her files."""
    refuse_foreign(assistant.project, by)
    since, until = fields.get("contract_from"), fields.get("contract_until")
    if since and until and until < since:
        raise ContractTheWrongWayRound
    if fields.get("contract_form") and not since:
        raise ContractNeedsADay
    checked_on = fields.get("child_protection_checked_on")
    if checked_on and checked_on > timezone.localdate():
        raise NotCheckedYet
    return change(assistant, by=by, **fields)


@transaction.atomic
def keep_language(assistant: Assistant, spoken: Spoken, *, by: User) -> LanguageSkill:
    """A language or one variety of it, and how well. A raised level has to be verified anew."""
    refuse_stranger(assistant, by)
    User.objects.select_for_update(no_key=True).get(pk=assistant.user_id)
    new_people.may_be_able(assistant)
    return _keep(assistant, spoken, by=by)


@transaction.atomic
def drop_language(assistant: Assistant, skill: LanguageSkill, *, by: User) -> None:
    """She does not work in it any more. Polish and one other language stay."""
    refuse_stranger(assistant, by)
    User.objects.select_for_update(no_key=True).get(pk=assistant.user_id)
    left = LanguageSkill.objects.filter(user=assistant.user).exclude(pk=skill.pk)
    languages = set(left.values_list("language", flat=True))
    if "pl" not in languages or len(languages) < 2:
        raise PolishNeeded
    profile.remove_language(assistant.user, skill, by=by)


@transaction.atomic
def verify_language(assistant: Assistant, skill: LanguageSkill, *, by: User) -> LanguageSkill:
    """A coordinator has heard or seen that she knows it as well as the row says (domain.md A2.1)."""
    refuse_foreign(assistant.project, by)
    skill = LanguageSkill.objects.select_for_update().get(pk=skill.pk, user=assistant.user_id)
    if skill.verified_on is None:
        skill.verified_by, skill.verified_on = by, timezone.localdate()
        skill.save(update_fields=["verified_by", "verified_on"])
        audit.record("language.verified", skill, by=by, spoken=skill.spoken, written=skill.written)
        new_people.may_be_able(assistant)
    return skill


@transaction.atomic
def suspend(assistant: Assistant, *, by: User) -> Assistant:
    """No offers from now on, and none that she has not answered; the jobs she agreed to stay hers."""
    refuse_foreign(assistant.project, by)
    assistant = Assistant.objects.select_for_update(no_key=True).get(pk=assistant.pk)
    if not assistant.suspended_at:
        assistant.suspended_at = timezone.now()
        assistant.save(update_fields=["suspended_at"])
        audit.record("assistant.suspended", assistant, by=by)
        attempts.withdraw_offers(assistant)
    return assistant


@transaction.atomic
def resume(assistant: Assistant, *, by: User) -> Assistant:
    refuse_foreign(assistant.project, by)
    assistant = Assistant.objects.select_for_update(no_key=True).get(pk=assistant.pk)
    if assistant.suspended_at:
        assistant.suspended_at = None
        assistant.save(update_fields=["suspended_at"])
        audit.record("assistant.resumed", assistant, by=by)
        new_people.may_be_able(assistant)
    return assistant


def coming_jobs(assistant: Assistant, *, evidence: Evidence | None = None) -> list[Assignment]:
    """What she has agreed to and has not begun; each with ``missing``, the papers it will lack on its day."""
    jobs = assistant.assignments.filter(
        state=Assignment.State.ACTIVE, request__start_at__gt=timezone.now()
    ).select_related("request__institution")
    return with_missing_papers(jobs.order_by("request__start_at", "id"), evidence=evidence)


def with_missing_papers(jobs: Iterable[Assignment], *, evidence: Evidence | None = None) -> list[Assignment]:
    """Each with ``missing``, which is nothing from the start on. One query, none with ``evidence``."""
    found, now = list(jobs), timezone.now()
    ahead = [job for job in found if job.state == Assignment.State.ACTIVE and job.request.start_at > now]
    if ahead and evidence is None:
        evidence = evidence_of({job.assistant_id: job.assistant for job in ahead}.values())
    for job in found:
        job.missing = []
    for job in ahead:
        job.missing = missing_papers_of(
            [job.assistant],
            on=timezone.localtime(job.request.start_at, WARSAW).date(),
            with_minors=job.request.are_minors_present,
            evidence=evidence,
        )[job.assistant_id]
    return found


def lacking_papers(requests: QuerySet[AssistanceRequest]) -> list[Assignment]:
    """Who has agreed to go there and lacks a paper on that day, the nearest first. Two queries."""
    jobs = Assignment.objects.filter(
        request__in=requests, state=Assignment.State.ACTIVE, request__start_at__gt=timezone.now()
    )
    jobs = jobs.select_related("request__institution", "assistant__user")
    return [job for job in with_missing_papers(jobs.order_by("request__start_at", "pk")) if job.missing]


def refuse_stranger(assistant: Assistant, by: User) -> None:
    """Her own things are changed by her and by her coordinators."""
    if by.pk != assistant.user_id:
        refuse_foreign(assistant.project, by)


def refuse_others(assistant: Assistant, by: User) -> None:
    """Some things nobody does in her name."""
    if by.pk != assistant.user_id:
        raise NotYourNetwork


def _refuse_over_limits(fields: dict) -> None:
    for name in LIMITS:
        if (fields.get(name) or 0) > settings.ASSISTANCE[name]:
            raise OverTheLimit(field=name)


def _keep(assistant: Assistant, one: Spoken, *, by: User) -> LanguageSkill:
    return profile.keep_language(
        assistant.user, one.language, dialect=one.dialect, spoken=one.spoken, written=one.written, by=by
    )
