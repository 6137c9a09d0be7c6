"""Who may ask in the name of an institution."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import emails
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
) -> Official:
    """Give somebody a seat in the institution, and write to her how to sign in."""
    refuse_foreign(institution.project, by)
    if unit and unit.institution_id != institution.pk:
        raise NotYourNetwork(field="unit")
    user = person_with(email, full_name=full_name, phone=phone)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if Official.objects.serving().filter(user=user, institution=institution).exists():
        raise AlreadyOfficial
    # A seat that ends later today or was to begin later gives way to the new one.
    Official.objects.filter(user=user, institution=institution, ends_on__isnull=True).delete()
    official = Official.objects.create(user=user, institution=institution, unit=unit, position=position)
    audit.record("official.invited", official, by=by, institution=institution.pk)
    emails.official_invited(official)
    return official


@transaction.atomic
def end(official: Official, *, by: User) -> Official:
    """She has left: from now on she sees nothing of the institution. Her requests stay with it."""
    official = (
        Official.objects.select_for_update(of=("self",))
        .select_related("institution__project")
        .get(pk=official.pk)
    )
    refuse_foreign(official.institution.project, by)
    yesterday = timezone.localdate() - timedelta(days=1)
    if official.ends_on and official.ends_on <= yesterday:
        return official
    official.ends_on = yesterday
    official.starts_on = min(official.starts_on, yesterday)
    official.save(update_fields=["ends_on", "starts_on"])
    audit.record("official.ended", official, by=by, institution=official.institution_id)
    return official


def person_with(email: str, *, full_name: str, phone: str = "") -> User:
    """The person of that address; somebody the network knows keeps what she told it."""
    email = email.strip().lower()
    known = User.objects.filter(email=email).first()
    return known or User.objects.create_user(
        email, full_name=full_name, call_me=full_name.split(" ")[0], phone=phone
    )


def refuse_foreign(project: Project, by: User) -> None:
    if not Project.objects.coordinated_by(by).filter(pk=project.pk).exists():
        raise NotYourNetwork
