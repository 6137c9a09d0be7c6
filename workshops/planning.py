"""Planning a workshop: creating, changing, publishing, cancelling it. Its dates: workshops/schedule.py.

Every verb locks the workshop first, so that plans and registrations never pass each other.
"""

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from modeltranslation.utils import get_translation_fields

from portal import audit, diary, messages
from portal.models import User
from portal.names import name_key
from portal.refusals import Refused
from projects.models import LedgerEntry, Theme
from workshops import calendar, planning_emails, registration, teaching, waiting_list
from workshops.appointments import appointment_for, sessions_to_come, teaching_source
from workshops.models import Session, Workshop
from workshops.schedule import (
    WorkshopIsCancelled,
    add_session,
    cancel_session,
    edit_session,
    everybody_in,
    lock,
    lock_standing,
    marked_among,
    move_session,
)

__all__ = [
    "add_session",
    "cancel_session",
    "cancel_workshop",
    "create_workshop",
    "edit_session",
    "edit_workshop",
    "move_session",
    "publish",
]

TEXTS = ("title", "summary", "description", "for_whom", "what_to_bring", "childcare_note")
PLACE = ("format", "town", "venue", "address", "online_link")
FACTS = (
    *get_translation_fields(*TEXTS),
    *PLACE,
    *("theme", "kind", "languages", "level", "is_address_public"),
    *("is_women_only", "childcare_places", "is_step_free", "has_lift", "has_hearing_loop"),
    *("has_accessible_toilet", "refunds_travel", "capacity", "minimum", "signup_mode"),
    *("registration_opens_at", "registration_closes_at", "cancel_until_hours", "remind_minutes"),
    *("audience", "min_age", "max_age", "min_level", "max_level", "needs_placement", "takes_children"),
    *("offer_hours", "priorities", "gives_certificate", "attendance_percent"),
    *("event_form", "is_for_families"),
)


class TooFewPlaces(Refused):
    field = "capacity"


class HoursAreCounted(Refused):
    sentence = _("Hours of this workshop are counted already, so its theme and kind stay as they are.")
    field = "theme"


class ThemeOfAnotherProject(Refused):
    sentence = _("This theme belongs to another project.")
    field = "theme"


class NotReady(Refused):
    sentence = _("The workshop is not ready to be published.")


class IsTemplate(NotReady):
    sentence = _("This is a template. Please make a workshop from it: the template itself stays as it is.")


class TitleMissing(NotReady):
    sentence = _("Please write the title in Polish first: people who have no other language see this one.")


class NoSession(NotReady):
    sentence = _("Please add a date first: people must know when to come.")


class PlaceMissing(NotReady):
    sentence = _("Please write the town first: people must know where to come.")


class ChangedMeanwhile(Refused):
    """Two people edit at once: the second one is shown what the first one wrote, and decides."""

    sentence = _(
        "Somebody else has changed this workshop meanwhile. "
        "Nothing is saved yet, and what you wrote is still here: "
        "please look at the marked fields and save again."
    )

    def __init__(self, workshop: Workshop, fields: list[str]):
        super().__init__()
        self.workshop, self.fields = workshop, fields


class RequiresItself(Refused):
    sentence = _("Nobody could ever come: one of these workshops needs this one to be finished before.")
    field = "requires"


class ReasonMissing(Refused):
    sentence = _("Please write why.")
    field = "reason"


@transaction.atomic
def create_workshop(
    theme: Theme, *, by: User, trainers: list[User] = (), requires: list[Workshop] = (), **facts
) -> Workshop:
    """A draft that nobody sees but the project's coordinators. ``facts``: columns named in FACTS."""
    _check_names(facts)
    title = (
        facts.get("title_pl")
        or facts.get("title_en")
        or next((facts[column] for column in get_translation_fields("title") if facts.get(column)), "")
    )
    workshop = Workshop.objects.create(
        project=theme.project, theme=theme, slug=_free_slug(title), state=Workshop.State.DRAFT, **facts
    )
    workshop.trainers.set(trainers)
    workshop.requires.set(requires)
    audit.record("workshop.created", workshop, by=by, theme=theme.pk, capacity=workshop.capacity)
    return workshop


@transaction.atomic
def edit_workshop(
    workshop: Workshop,
    *,
    by: User,
    trainers: list[User] | None = None,
    requires: list[Workshop] | None = None,
    seen: int | None = None,
    **facts,
) -> Workshop:
    """Change facts. More places call up the waiting list; fewer than are taken or offered are refused.

    A new title or place goes into everybody's diary; whoever is registered is told of a new place.
    ``seen``: the last edit that the writer knew of; what others changed since is not overwritten unseen.
    """
    _check_names(facts)
    workshop = lock_standing(workshop)
    changed = {name: value for name, value in facts.items() if getattr(workshop, name) != value}
    lists = _changed_lists(workshop, trainers=trainers, requires=requires)
    _check_seen(workshop, {*changed, *lists}, seen)
    _check_requires(workshop, requires or [])
    _check_capacity(workshop, changed)
    _check_counted(workshop, changed)
    old_capacity = workshop.capacity
    for name, value in changed.items():
        setattr(workshop, name, value)
    workshop.save(update_fields=list(changed))
    # All diaries that may be booked below, at once: holding some first and others later can deadlock.
    diary.hold(user.pk for user in [*everybody_in(workshop), *(trainers or [])])
    if "trainers" in lists:
        _set_trainers(workshop, trainers)
    if "requires" in lists:
        workshop.requires.set(requires)
    if not changed and not lists:
        return workshop
    line = audit.record(
        "workshop.edited",
        workshop,
        by=by,
        fields=sorted(changed) + lists,
        **({"capacity": [old_capacity, workshop.capacity]} if "capacity" in changed else {}),
    )
    if {"priorities", "childcare_places"} & set(changed):
        waiting_list.set_priorities(workshop, by=by)  # before places are offered by them
    if workshop.capacity > old_capacity:
        registration.promote_next(workshop)
    if workshop.state == Workshop.State.PUBLISHED:
        _follow(workshop, changed, change=line.pk, by=by)
    return workshop


@transaction.atomic
def publish(workshop: Workshop, *, by: User) -> Workshop:
    """Show it to everybody and open its registration. A second time is harmless."""
    workshop = lock(workshop)
    if workshop.state == Workshop.State.PUBLISHED:
        return workshop
    if workshop.state == Workshop.State.CANCELLED:
        raise WorkshopIsCancelled
    for problem in what_is_missing(workshop):
        raise problem
    workshop.state = Workshop.State.PUBLISHED
    workshop.published_at = timezone.now()
    workshop.save(update_fields=["state", "published_at"])
    audit.record("workshop.published", workshop, by=by)
    teaching.enter_all(workshop)
    return workshop


def what_is_missing(workshop: Workshop) -> list[NotReady]:
    """What has to be done before it can be published, for the page and for the verb."""
    problems: list[NotReady] = [IsTemplate()] if workshop.is_template else []
    if not workshop.title_pl:
        problems.append(TitleMissing())
    if not workshop.sessions.planned().exists():
        problems.append(NoSession())
    if workshop.format != Workshop.Format.ONLINE and not workshop.town:
        problems.append(PlaceMissing())
    return problems


@transaction.atomic
def cancel_workshop(workshop: Workshop, *, by: User, reason: str) -> Workshop:
    """Nothing more of it takes place: everybody still in play is told, diaries and reminders are dropped.

    Sessions that took place stay, with their hours. Registrations stay as they are, as a record.
    """
    workshop = lock(workshop)
    if workshop.state == Workshop.State.CANCELLED:
        return workshop
    if workshop.is_template:
        raise IsTemplate
    if not reason.strip():
        raise ReasonMissing
    was_published = workshop.state == Workshop.State.PUBLISHED
    coming = list(workshop.sessions.upcoming())
    held = marked_among(coming)
    coming = [session for session in coming if session.pk not in held]
    now = timezone.now()
    diary.drop_all(source for session in coming for source in (session.source, teaching_source(session)))
    Session.objects.filter(pk__in=[session.pk for session in coming]).update(
        state=Session.State.CANCELLED, revision=F("revision") + 1
    )
    for row in workshop.registrations.standing():
        messages.silence(source=row.source)
    messages.silence(source=planning_emails.plan_source(workshop))
    waiting_list.take_back_all(workshop, by=by, tell=False)  # they are told that nothing takes place
    workshop.state = Workshop.State.CANCELLED
    workshop.cancelled_reason = reason.strip()
    workshop.save(update_fields=["state", "cancelled_reason"])
    audit.record("workshop.cancelled", workshop, by=by, sessions=len(coming))
    if was_published and coming:
        diaries = calendar.entries_of(coming, called_off_since=now)
        for user in everybody_in(workshop, but=by):
            entries = diaries.get(user.pk, [])
            planning_emails.workshop_cancelled(user, workshop, first=coming[0], entries=entries)
    return workshop


def last_edit(workshop: Workshop) -> int:
    """Which edit of the workshop is the newest; 0 before the first one."""
    newest = audit.trail(workshop).filter(action="workshop.edited").aggregate(newest=Max("pk"))["newest"]
    return newest or 0


def _changed_lists(workshop: Workshop, **lists: list | None) -> list[str]:
    """Which of the lists of people or workshops are given and differ from what they are."""
    return sorted(
        name
        for name, rows in lists.items()
        if rows is not None and set(rows) != set(getattr(workshop, name).all())
    )


def _check_requires(workshop: Workshop, requires: list[Workshop]) -> None:
    """No workshop can wait for itself, not even round several corners."""
    seen: set[int] = set()
    ahead = {before.pk for before in requires}
    while ahead:
        if workshop.pk in ahead:
            raise RequiresItself
        seen |= ahead
        further = Workshop.requires.through.objects.filter(from_workshop__in=ahead)
        ahead = set(further.values_list("to_workshop", flat=True)) - seen


def _check_seen(workshop: Workshop, written: set[str], seen: int | None) -> None:
    if seen is None:
        return
    newer = audit.trail(workshop).filter(action="workshop.edited", pk__gt=seen)
    by_others = {name for line in newer for name in line.data["fields"]}
    if both := sorted(written & by_others):
        raise ChangedMeanwhile(workshop, both)


def _check_names(facts: dict) -> None:
    unknown = set(facts) - set(FACTS)
    if unknown:
        raise TypeError(f"not facts of a workshop: {', '.join(sorted(unknown))}")


def _check_capacity(workshop: Workshop, changed: dict) -> None:
    if "capacity" not in changed:
        return
    confirmed = workshop.registrations.taking_a_place().count()
    if changed["capacity"] < min(confirmed, workshop.capacity):
        raise TooFewPlaces(
            ngettext_lazy(
                "%(number)d place is taken or offered already. Please leave at least as many places.",
                "%(number)d places are taken or offered already. Please leave at least as many places.",
                "number",
            )
            % {"number": confirmed}
        )


def _check_counted(workshop: Workshop, changed: dict) -> None:
    if "theme" in changed and changed["theme"].project_id != workshop.project_id:
        raise ThemeOfAnotherProject
    if {"theme", "kind"} & set(changed) and LedgerEntry.objects.filter(
        activity=f"workshops.workshop:{workshop.pk}"
    ).exists():
        raise HoursAreCounted


def _set_trainers(workshop: Workshop, trainers: list[User]) -> None:
    """Those who left lose the sessions from their diaries."""
    before, after = set(workshop.trainers.all()), set(trainers)
    workshop.trainers.set(trainers)
    for trainer in before - after:
        teaching.leave(workshop, trainer)
    if workshop.state == Workshop.State.PUBLISHED:
        teaching.enter_all(workshop)


def _follow(workshop: Workshop, changed: dict, *, change: int, by: User) -> None:
    """Diaries follow a changed title, place or rule of reminding; people are told of a place."""
    shown = {*get_translation_fields("title"), *PLACE, "is_address_public"} & set(changed)
    if shown:  # calendars that hold its public entries look at the number
        workshop.sessions.upcoming().update(revision=F("revision") + 1)
    coming = sessions_to_come(workshop)
    if not coming:
        return
    if "kind" in changed:  # an open event keeps nobody away, everything else does
        registration.enter_in_diaries(*coming)
    if shown or "remind_minutes" in changed:
        diary.refresh_all(map(appointment_for, coming))
        diary.refresh_all(map(teaching.appointment_for, coming))
    if set(PLACE) & set(changed):
        diaries = calendar.entries_of(coming)
        for user in everybody_in(workshop, but=by):
            planning_emails.place_changed(
                user, workshop, change=change, first=coming[0], entries=diaries.get(user.pk, [])
            )


def _free_slug(title: str) -> str:
    """A readable address, in Latin letters whatever the title's script."""
    stem = slugify(name_key(title))[:80].strip("-") or "workshop"
    taken = set(Workshop.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number = 1
    slug = stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
