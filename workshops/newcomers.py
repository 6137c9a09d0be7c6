"""Adding somebody to a workshop whom the network does not know yet."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from participants import consents
from participants.models import Participant
from portal import audit
from portal.models import User
from portal.refusals import Refused
from workshops import registration
from workshops.models import Registration, Workshop


class AddressIsKnown(Refused):
    sentence = _("Somebody here has this e-mail address already. Please look for her by this address.")
    field = "email"


def known_people() -> QuerySet[User]:
    """People a coordinator may find: participants. Officials and others are nobody's to look up here."""
    return User.objects.filter(is_active=True, participant__isnull=False)


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
    user = User.objects.create_user(
        email or None, full_name=full_name.strip(), call_me=call_me.strip(), language=language
    )
    Participant.objects.create(user=user)
    audit.record("person.added", user, by=by, workshop=workshop.pk)
    if signed_on_paper:
        for text in consents.current_texts(language, required_only=True):
            consents.give(user, text, by=by, channel="paper")
    return registration.add_by_hand(workshop, user, by=by, reason=reason)
