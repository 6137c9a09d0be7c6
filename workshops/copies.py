"""Copies of whole workshops; and templates, which are never published and only there to be copied."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import get_translation_fields

from portal import audit
from portal.clock import is_public_holiday, local
from portal.models import User
from portal.refusals import Refused
from projects.models import ProjectStaff
from workshops.models import Question, Session, Workshop
from workshops.planning import FACTS, create_workshop

#: Moments that belong to the dates: they move with them, or are left out.
WINDOW = ("registration_opens_at", "registration_closes_at")
QUESTION = ("position", "kind", "is_required", "is_sensitive")


class NoDates(Refused):
    sentence = _("This workshop has no dates, so there is nothing to move. Leave the day empty.")
    field = "first_on"


class NoTemplate(Refused):
    sentence = _("This is no template.")


@dataclass
class Dates:
    """The meetings of a copy, as they would be."""

    weeks: int = 0
    meetings: list[tuple[datetime, datetime, Session]] = field(default_factory=list)
    skipped: list[date] = field(default_factory=list)


@transaction.atomic
def copy(
    workshop: Workshop, *, by: User, first_on: date | None = None, skip_holidays: bool = True
) -> Workshop:
    """A new draft with all texts, facts, questions, trainers and requirements, and nobody in it.

    Without ``first_on`` it has no dates; with it those of the original, moved by whole weeks.
    """
    dates = dates_from(workshop, first_on, skip_holidays=skip_holidays) if first_on else Dates()
    return _write(workshop, dates, by=by, is_template=False)


@transaction.atomic
def save_as_template(workshop: Workshop, *, by: User) -> Workshop:
    """A copy that stands apart from the plans. It keeps the dates, as the pattern of later ones."""
    meetings = [(row.start_at, row.end_at, row) for row in workshop.sessions.planned()]
    return _write(workshop, Dates(meetings=meetings), by=by, is_template=True)


@transaction.atomic
def discard(template: Workshop, *, by: User) -> None:
    """Templates hold nothing that happened, so they can go. Copies made of them stay. Twice is harmless."""
    row = Workshop.objects.select_for_update(no_key=True).filter(pk=template.pk).first()
    if row is None:
        return
    if not row.is_template:
        raise NoTemplate
    audit.record("workshop.template_discarded", row, by=by)
    row.delete()


def dates_from(workshop: Workshop, first_on: date, *, skip_holidays: bool = True) -> Dates:
    """The planned meetings on the same weekdays at the same local times, from ``first_on`` or, where it is
    another weekday, from the next day that fits. Also for a preview.
    """
    rows = list(workshop.sessions.planned().order_by("start_at", "id"))
    if not rows:
        raise NoDates
    was_on = timezone.localdate(rows[0].start_at)
    weeks = -((was_on - first_on).days // 7)
    dates = Dates(weeks=weeks)
    for row in rows:
        start = _moved(row.start_at, weeks)
        day = timezone.localdate(start)
        if skip_holidays and is_public_holiday(day):
            dates.skipped.append(day)
        else:
            dates.meetings.append((start, start + (row.end_at - row.start_at), row))
    return dates


def _moved(moment: datetime, weeks: int) -> datetime:
    """So many weeks later at the same local time."""
    here = timezone.localtime(moment)
    return local(here.date() + timedelta(weeks=weeks), here.time()).astimezone(UTC)


def _write(workshop: Workshop, dates: Dates, *, by: User, is_template: bool) -> Workshop:
    facts = {name: getattr(workshop, name) for name in FACTS}
    for name in WINDOW:
        moment = facts[name]
        facts[name] = _moved(moment, dates.weeks) if moment and dates.weeks else None
    new = create_workshop(facts.pop("theme"), by=by, trainers=_trainers_of(workshop), **facts)
    new.copied_from, new.is_template = workshop, is_template
    new.save(update_fields=["copied_from", "is_template"])
    new.requires.set(workshop.requires.all())
    texts = get_translation_fields("text") + get_translation_fields("choices")
    Question.objects.bulk_create(
        Question(workshop=new, **{name: getattr(question, name) for name in (*texts, *QUESTION)})
        for question in workshop.questions.all()
    )
    series: dict[uuid.UUID | None, uuid.UUID | None] = {None: None}
    topics = get_translation_fields("topic")
    Session.objects.bulk_create(
        Session(
            workshop=new,
            start_at=start,
            end_at=end,
            break_minutes=row.break_minutes,
            series=series.setdefault(row.series, uuid.uuid4()),
            is_exception=row.is_exception,
            **{name: getattr(row, name) for name in topics},
        )
        for start, end, row in dates.meetings
    )
    action = "workshop.made_template" if is_template else "workshop.copied"
    audit.record(action, new, by=by, copied_from=workshop.pk, sessions=len(dates.meetings))
    return new


def _trainers_of(workshop: Workshop) -> list[User]:
    """Those who are still trainers of the project."""
    serving = ProjectStaff.objects.serving(ProjectStaff.Role.TRAINER).filter(project=workshop.project_id)
    return list(workshop.trainers.filter(pk__in=serving.values("user")))
