"""Who may ask in the name of an institution, and who looks after its page here.

Coordinators of its network and its own administrators invite, move and end; each change locks the
institution's row first, so that it is never left without an administrator by two people at once.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import handing_on, institution_emails
from institutions.models import Institution, Official, Unit
from portal import audit
from portal.models import User
from portal.refusals import Refused
from projects.models import Project


class NotYourNetwork(Refused):
    sentence = _("This belongs to another network.")


class AlreadyOfficial(Refused):
    sentence = _("This person can already ask for assistants here.")
    field = "email"


class UnitIsClosed(Refused):
    sentence = _("This unit is closed. Please choose another one.")
    field = "unit"


class LastAdministrator(Refused):
    sentence = _(
        "You are the only one who looks after the institution's page. "
        "Please name somebody who takes over, or ask the coordinator of the network."
    )
    field = "successor"


class NotServing(Refused):
    sentence = _("This person does not work here any more.")


class WrongTrainingDay(Refused):
    sentence = _("The training must be over. Please give a day that is not in the future.")
    field = "trained_on"


@transaction.atomic
def invite(
    institution: Institution,
    *,
    by: User,
    email: str,
    full_name: str,
    phone: str = "",
    unit: Unit | None = None,
    position: str = "",
    is_administrator: bool = False,
) -> Official:
    """Give somebody a seat in the institution, and write to her how to sign in."""
    institution = lock(institution)
    refuse_other_keepers(institution, by)
    _refuse_unit(institution, unit)
    handing_on.lock_meetings(institution)  # before anybody's row
    user = person_with(email, full_name=full_name, phone=phone)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if Official.objects.serving().filter(user=user, institution=institution).exists():
        raise AlreadyOfficial
    # A seat that ends later today or was to begin later gives way to the new one.
    Official.objects.filter(user=user, institution=institution, ends_on__isnull=True).delete()
    official = Official.objects.create(
        user=user,
        institution=institution,
        unit=unit,
        position=position,
        is_administrator=is_administrator,
        invited_by=by,
        invited_as=full_name,
        invited_email=user.email,
    )
    audit.record(
        "official.invited", official, by=by, institution=institution.pk, is_administrator=is_administrator
    )
    institution_emails.official_invited(official)
    handing_on.hand_on(institution)
    return official


@transaction.atomic
def change_seat(official: Official, *, by: User, unit: Unit | None, position: str) -> Official:
    """Another unit, another position: from now on she sees the requests of that unit, and her own."""
    official = _lock_seat(official)
    refuse_other_keepers(official.institution, by)
    _refuse_left(official)
    if unit != official.unit:
        _refuse_unit(official.institution, unit)
    if (official.unit, official.position) == (unit, position):
        return official
    official.unit, official.position = unit, position
    official.save(update_fields=["unit", "position"])
    audit.record("official.moved", official, by=by, unit=unit.pk if unit else None)
    handing_on.hand_on(official.institution, former=official.user)
    return official


@transaction.atomic
def end(official: Official, *, by: User, successor: Official | None = None) -> Official:
    """She has left: from now on she sees nothing of the institution. Its requests go on without her.

    The last administrator names a successor, unless a coordinator of the network ends her seat.
    """
    official = _lock_seat(official)
    if official.user_id != by.pk:
        refuse_other_keepers(official.institution, by)
    yesterday = timezone.localdate() - timedelta(days=1)
    if official.ends_on and official.ends_on <= yesterday:
        return official
    if successor:
        _name(successor, official.institution, by=by)
    elif _is_last_administrator(official) and not is_coordinator_for(official.institution, by):
        raise LastAdministrator
    official.ends_on, official.is_administrator = yesterday, False
    official.starts_on = min(official.starts_on, yesterday)
    official.save(update_fields=["ends_on", "starts_on", "is_administrator"])
    audit.record("official.ended", official, by=by, institution=official.institution_id)
    handing_on.hand_on(official.institution, former=official.user)
    return official


@transaction.atomic
def name_administrator(official: Official, *, by: User) -> Official:
    """She looks after the institution's page too."""
    official = _lock_seat(official)
    refuse_other_keepers(official.institution, by)
    official = _name(official, official.institution, by=by)
    handing_on.hand_on(official.institution)
    return official


@transaction.atomic
def hand_over(official: Official, *, by: User, successor: Official | None = None) -> Official:
    """She no longer looks after the page; ``successor`` does, or somebody who does so already."""
    official = _lock_seat(official)
    refuse_other_keepers(official.institution, by)
    if not official.is_administrator:
        return official
    if successor and successor.pk != official.pk:
        _name(successor, official.institution, by=by)
    elif _is_last_administrator(official) and not is_coordinator_for(official.institution, by):
        raise LastAdministrator
    official.is_administrator = False
    official.save(update_fields=["is_administrator"])
    audit.record("official.handed_over", official, by=by, institution=official.institution_id)
    handing_on.hand_on(official.institution, former=official.user)
    return official


@transaction.atomic
def record_training(officials: Iterable[Official], *, by: User, on: date) -> list[Official]:
    """These employees were trained on that day (features.md S9). Returns those for whom it is news."""
    if on > timezone.localdate():
        raise WrongTrainingDay
    ids = [official.pk for official in officials]
    rows = Official.objects.select_for_update(of=("self",)).select_related("institution__project")
    changed = []
    for official in rows.filter(pk__in=ids).order_by("pk"):
        refuse_foreign(official.institution.project, by)
        if official.trained_on == on:
            continue
        official.trained_on = on
        official.save(update_fields=["trained_on"])
        audit.record("official.trained", official, by=by, institution=official.institution_id)
        changed.append(official)
    return changed


def person_with(email: str, *, full_name: str, phone: str = "") -> User:
    """The person of that address; somebody the network knows keeps what she told it."""
    email = email.strip().lower()
    known = User.objects.filter(email=email).first()
    return known or User.objects.create_user(
        email, full_name=full_name, call_me=full_name.split(" ")[0], phone=phone
    )


def lock(institution: Institution) -> Institution:
    rows = Institution.objects.select_for_update(of=("self",), no_key=True).select_related("project")
    return rows.get(pk=institution.pk)


def refuse_foreign(project: Project, by: User) -> None:
    if not Project.objects.coordinated_by(by).filter(pk=project.pk).exists():
        raise NotYourNetwork


def refuse_other_keepers(institution: Institution, by: User) -> None:
    """The institution's own administrators and its network's coordinators keep its data and its people."""
    seats = Official.objects.serving().filter(user=by, institution=institution, is_administrator=True)
    if not is_coordinator_for(institution, by) and not seats.exists():
        raise NotYourNetwork


def is_coordinator_for(institution: Institution, user: User) -> bool:
    return Project.objects.coordinated_by(user).filter(pk=institution.project_id).exists()


def _lock_seat(official: Official) -> Official:
    institution = lock(official.institution)
    official = (
        Official.objects.select_for_update(of=("self",)).select_related("user", "unit").get(pk=official.pk)
    )
    official.institution = institution
    return official


def _name(official: Official, institution: Institution, *, by: User) -> Official:
    official = Official.objects.select_for_update(of=("self",)).select_related("user").get(pk=official.pk)
    official.institution = institution
    if not Official.objects.serving().filter(pk=official.pk, institution=institution).exists():
        raise NotServing(field="successor")
    if official.is_administrator:
        return official
    official.is_administrator = True
    official.save(update_fields=["is_administrator"])
    line = audit.record("official.named", official, by=by, institution=institution.pk)
    institution_emails.administrator_named(official, number=line.pk)
    return official


def _refuse_unit(institution: Institution, unit: Unit | None) -> None:
    if unit and unit.institution_id != institution.pk:
        raise NotYourNetwork(field="unit")
    if unit and not institution.units.open().filter(pk=unit.pk).exists():
        raise UnitIsClosed


def _refuse_left(official: Official) -> None:
    if not Official.objects.serving().filter(pk=official.pk).exists():
        raise NotServing


def _is_last_administrator(official: Official) -> bool:
    if not official.is_administrator:
        return False
    others = Official.objects.serving().filter(institution=official.institution, is_administrator=True)
    return not others.exclude(pk=official.pk).exists()
