"""Families: a parent adds her children, registers them where children can take part, and gives places back.

A child is a person without an address whose ``guardian`` answers for her: gets her messages, sees her
registrations, and nobody else does. All we ask of a child is what to call her and the year of birth
(domain.md B1.8, C1.6).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from participants import consents
from participants.models import ConsentText, Participant
from portal import audit, diary
from portal.models import User
from portal.refusals import Refused
from workshops import answers, registration
from workshops.guards import AlreadyRegistered
from workshops.models import Registration, Workshop
from workshops.prerequisites import Told, asked_of, why_not_fit, why_not_of_age

#: Who is older registers by herself (domain.md C1.6).
GROWN_UP = 18


class ChildAnswersForNobody(Refused):
    sentence = _("Somebody answers for you, so you cannot answer for a child here.")


class NotAChild(Refused):
    sentence = _("Children up to 17 years are added here. Grown-ups register by themselves.")
    field = "birth_year"


class NameNeeded(Refused):
    sentence = _("Please write what we should call the child.")
    field = "call_me"


class TooManyChildren(Refused):
    def __init__(self):
        super().__init__(
            ngettext_lazy(
                "You can add %(number)d child. If there are more, please ask the organiser.",
                "You can add %(number)d children. If there are more, please ask the organiser.",
                "number",
            )
            % {"number": settings.CHILDREN_AT_MOST}
        )


class WasRegistered(Refused):
    sentence = _("This child has been registered for a workshop, so we cannot simply remove it.")


class NobodyChosen(Refused):
    sentence = _("Please choose who comes.")
    field = "people"


class NoChildrenHere(Refused):
    sentence = _("Children cannot take part in this workshop.")
    field = "people"


class NotYours(Refused):
    sentence = _("You can register yourself and your children.")
    field = "people"


def children_of(guardian: User) -> QuerySet[User]:
    """With ``was_registered`` and their profile, the oldest first."""
    known = Registration.objects.filter(user=OuterRef("pk"))
    return (
        User.objects.filter(guardian=guardian, is_active=True)
        .annotate(was_registered=Exists(known))
        .select_related("participant")
        .order_by("participant__birth_year", "name_key", "id")
    )


@transaction.atomic
def add_child(guardian: User, *, call_me: str, birth_year: int, by: User) -> User:
    """A child of hers. The same name and year twice is one child."""
    guardian = User.objects.select_for_update(no_key=True).get(pk=guardian.pk)
    call_me = " ".join(call_me.split())
    if guardian.guardian_id:
        raise ChildAnswersForNobody
    if not call_me:
        raise NameNeeded
    if not 0 <= timezone.localdate().year - birth_year < GROWN_UP:
        raise NotAChild
    children = User.objects.filter(guardian=guardian, is_active=True)
    if known := children.filter(call_me__iexact=call_me, participant__birth_year=birth_year).first():
        return known
    if children.count() >= settings.CHILDREN_AT_MOST:
        raise TooManyChildren
    child = User.objects.create_user(None, call_me=call_me, language=guardian.language, guardian=guardian)
    Participant.objects.create(user=child, birth_year=birth_year)
    audit.record("child.added", child, by=by, guardian=guardian.pk)
    return child


@transaction.atomic
def remove_child(child: User, *, by: User) -> None:
    """Only one that was never registered: otherwise there is something to remember."""
    child = User.objects.select_for_update(no_key=True).get(pk=child.pk)
    if child.registrations.exists():
        raise WasRegistered
    audit.record("child.removed", child, by=by, guardian=child.guardian_id)
    child.delete()


@transaction.atomic
def register(
    workshop: Workshop,
    guardian: User,
    people: Iterable[User],
    *,
    told: Told | None = None,
    levels: dict[int, str] | None = None,
    texts: list[ConsentText] = (),
    invitation: str = "",
) -> list[Registration]:
    """Register some of a family together: all of them get places, wait and are offered places, or nobody.

    ``told``: what she told for herself and for all; ``levels``: of Polish, by the number of the child.
    ``texts``: what she agrees to, for each of them. Raises what registration.register_party raises.
    """
    people = sorted(people, key=lambda person: (person.pk != guardian.pk, person.pk))
    told, levels = told or Told(), levels or {}
    workshop = registration.lock(workshop)
    if not people:
        raise NobodyChosen
    children = [person for person in people if person.pk != guardian.pk]
    if children and not workshop.takes_children:
        raise NoChildrenHere
    if any(child.guardian_id != guardian.pk for child in children):
        raise NotYours
    # A child comes to a group for women with her mother: where children can take part, they can there too.
    by_person = {child.pk: Told(is_woman=True, level=levels.get(child.pk, "")) for child in children}
    if len(children) < len(people):
        by_person[guardian.pk] = told
    checked = answers.checked(workshop, told)
    asked = asked_of(workshop, guardian)
    rows = registration.register_party(
        workshop,
        people,
        by=guardian,
        notes={people[0].pk: told.note},
        told=by_person,
        invitation=invitation,
    )
    diary.hold(row.user_id for row in rows)  # consents hold the people too, one after another
    for row in rows:
        for text in texts:
            consents.give(row.user, text, by=guardian)
    # What was asked of all stands with the first of them: needs and answers are counted once.
    is_herself = rows[0].user_id == guardian.pk
    answers.keep(rows[0], told, checked, asked if is_herself else [], by=guardian)
    for row in rows[1:]:  # what one of them told when she came first, another time
        answers.keep(row, Told(), {}, [], by=guardian)
    return rows


def cancel(rows: Iterable[Registration], *, by: User) -> list[Registration]:
    """Give the places of one, several or all of a family in one workshop back, or none of them."""
    return registration.cancel_together(rows, by=by)


def registrations_of(guardian: User) -> QuerySet[Registration]:
    """Of herself and of her children: what she may see and give back."""
    return Registration.objects.visible_to(guardian) | Registration.objects.filter(
        user__guardian=guardian, user__is_active=True
    )


def has_children_in(guardian: User, slug: str) -> bool:
    """Whether children of hers are registered for this workshop: then it is asked who cannot come."""
    hers = Registration.objects.standing().filter(user__guardian=guardian, user__is_active=True)
    return hers.filter(workshop__slug=slug).exists()


@dataclass(frozen=True)
class Candidate:
    """Somebody of a family who may come to a workshop; ``why_not``: what already speaks against it."""

    user: User
    label: str
    why_not: Refused | None
    registration: Registration | None = None


def candidates(workshop: Workshop, guardian: User) -> list[Candidate]:
    """Herself and her children. That places are left, and times free, is looked at by the verb."""
    children = list(children_of(guardian))
    standing = workshop.registrations.standing().filter(user__in=[guardian, *children]).select_related("user")
    here = {row.user_id: row for row in standing}
    row = here.get(guardian.pk)
    label = str(_("I: %(name)s") % {"name": guardian})
    found = [Candidate(guardian, label, _why_not(row) or why_not_fit(workshop, guardian), row)]
    for child in children:
        year, row = child.participant.birth_year, here.get(child.pk)
        label = str(_("%(name)s, born in %(year)s") % {"name": child, "year": year})
        found.append(Candidate(child, label, _why_not(row) or why_not_of_age(workshop, year), row))
    return found


def _why_not(row: Registration | None) -> Refused | None:
    return AlreadyRegistered(row) if row else None
