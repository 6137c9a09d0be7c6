"""Adding somebody to a workshop whom the network does not know yet, or several people together."""

import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from participants import consents
from participants.models import Participant
from portal import audit, diary
from portal.models import User
from portal.refusals import Refused
from workshops import registration, waiting_list
from workshops.models import Registration, Workshop


class AddressIsKnown(Refused):
    sentence = _("Somebody here has this e-mail address already. Please look for her by this address.")
    field = "email"


class NobodyChosen(Refused):
    sentence = _("Please choose at least one person.")


class TooFew(Refused):
    sentence = _("Please choose at least two people who come together.")


class NotTogether(Refused):
    sentence = _("Only people who stand alike can be joined: all with a place, all waiting, or all asking.")


def known_people() -> QuerySet[User]:
    """People a coordinator may find: participants. Officials and others are nobody's to look up here, and a
    child is found through whoever answers for it."""
    return User.objects.filter(is_active=True, participant__isnull=False, guardian__isnull=True)


def with_children(people: list[User]) -> list[User]:
    """Each of them, and after her the children she answers for."""
    children = User.objects.filter(guardian__in=people, is_active=True).select_related(
        "participant", "guardian"
    )
    hers: dict[int, list[User]] = {}
    for child in children.order_by("name_key", "id"):
        hers.setdefault(child.guardian_id, []).append(child)
    return [someone for person in people for someone in (person, *hers.get(person.pk, []))]


@transaction.atomic
def add_newcomer(
    workshop: Workshop,
    *,
    by: User,
    full_name: str,
    language: str,
    call_me: str = "",
    email: str = "",
    signed_on_paper: bool = False,
    reason: str = "",
) -> Registration:
    """Make a person and give her a place, or neither. With an address she signs in with a code by e-mail."""
    email = email.strip().lower()
    if email and User.objects.filter(email=email).exists():
        raise AddressIsKnown
    user = make_person(
        workshop,
        by=by,
        full_name=full_name,
        call_me=call_me,
        email=email,
        language=language,
        signed_on_paper=signed_on_paper,
    )
    return registration.add_by_hand(workshop, user, by=by, reason=reason)


@transaction.atomic
def make_person(
    workshop: Workshop,
    *,
    by: User,
    full_name: str,
    language: str,
    call_me: str = "",
    email: str = "",
    signed_on_paper: bool = False,
) -> User:
    user = User.objects.create_user(
        email or None, full_name=full_name.strip(), call_me=call_me.strip(), language=language
    )
    Participant.objects.create(user=user)
    audit.record("person.added", user, by=by, workshop=workshop.pk)
    if signed_on_paper:
        record_paper(user, language=language, by=by)
    return user


@transaction.atomic
def record_paper(user: User, *, language: str, by: User, purposes: tuple[str, ...] = ()) -> int:
    """She has signed the printed texts (participants/papers.py): the required ones, and these ``purposes``.

    The present version in the language of the paper is what is kept. Returns how many consents are new.
    """
    standing = consents.given(user)
    signed = 0
    for text in consents.current_texts(language):
        before = standing.get(text.purpose)
        if (text.is_required or text.purpose in purposes) and not (
            before and before.text.version == text.version
        ):
            consents.give(user, text, by=by, channel="paper")
            signed += 1
    return signed


@transaction.atomic
def add_together(workshop: Workshop, people: list[User], *, by: User, reason: str = "") -> list[Registration]:
    """Give places to several people who come together, all of them or nobody. They are one party then.

    Who has a place already keeps it and joins them. Beyond the capacity only with a reason.
    """
    workshop = registration.lock(workshop)
    if not people:
        raise NobodyChosen
    diary.hold(person.pk for person in people)
    here = {row.user_id: row for row in workshop.registrations.confirmed().filter(user__in=people)}
    rows = [
        here.get(person.pk) or registration.add_by_hand(workshop, person, by=by, reason=reason)
        for person in people
    ]
    return join(workshop, rows, by=by)


@transaction.atomic
def join(workshop: Workshop, rows: list[Registration], *, by: User) -> list[Registration]:
    """People who registered each by herself come together: they are now accepted and offered places as one.

    On the waiting list all of them have joined when the last of them did; what puts one of them first puts
    all of them first, as for people who register together.
    """
    workshop = registration.lock(workshop)
    rows = list(workshop.registrations.standing().filter(pk__in=[row.pk for row in rows]))
    if len({row.state for row in rows}) > 1 or any(row.state == Registration.State.OFFERED for row in rows):
        raise NotTogether
    if len(rows) < 2:
        return rows
    parties = {row.party for row in rows}
    if len(parties) == 1 and None not in parties:
        return rows  # they are together already
    rows += list(
        workshop.registrations.filter(party__in=parties - {None}, state=rows[0].state).exclude(
            pk__in=[row.pk for row in rows]
        )
    )
    together = {"party": uuid.uuid4()}
    if rows[0].state == Registration.State.WAITLISTED:
        together["queued_at"] = max(row.queued_at for row in rows)
    for row in rows:
        for name, value in together.items():
            setattr(row, name, value)
        row.save(update_fields=[*together, "changed_at"])
        audit.record("registration.joined", row, by=by, people=len(rows))
    if rows[0].state == Registration.State.WAITLISTED:
        waiting_list.set_priority(rows[0], by=by)
        for row in rows:
            row.refresh_from_db()
    return rows
