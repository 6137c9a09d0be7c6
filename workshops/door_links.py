"""The address of a person's own page for the door of one workshop, for a mail to her."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from workshops.models import Registration

#: Apart from her code: that one is seen by whoever stands behind her, and must not check her in.
signer = signing.Signer(salt="workshops.check_in.link")


def link_code(registration: Registration) -> str:
    """It shows her code, and lets her phone check her in, without signing in."""
    return signer.sign(registration.public_id.hex)


def link_to(registration: Registration) -> str:
    """In the language that is active."""
    return settings.SITE_URL + reverse("my_code_by_link", args=[link_code(registration)])
