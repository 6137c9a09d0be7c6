"""The link that opens a registration by invitation."""

import uuid

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from portal import audit
from portal.models import User
from workshops.models import Workshop
from workshops.schedule import lock_standing


def link_to(workshop: Workshop, language: str) -> str:
    """To send to those who are invited; the page is then in the reader's own language."""
    with override(language):
        path = reverse("workshop_invited", args=[workshop.slug, workshop.invitation_key])
    return f"{settings.SITE_URL}{path}"


@transaction.atomic
def renew(workshop: Workshop, *, by: User) -> Workshop:
    """A new link; the old one opens nothing any more. Who has registered with it stays."""
    workshop = lock_standing(workshop)
    workshop.invitation_key = uuid.uuid4()
    workshop.save(update_fields=["invitation_key"])
    audit.record("invitation.renewed", workshop, by=by)
    return workshop
