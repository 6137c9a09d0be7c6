"""One-time cards: printed for somebody without an e-mail address, to open her own page once on any phone.

The code stands on the paper alone; here only a hash of it under the site's key is kept. Whoever works with
data of others can never come in by a card; a session that a card opened is short and leads to no workplace.
"""

import secrets
import unicodedata
from datetime import datetime, timedelta

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from portal import audit
from portal.access import is_staff_anywhere
from portal.models import OneTimeCard, User
from portal.refusals import Refused

#: Letters and digits that nobody takes for one another, and no vowels, so that no word comes of them.
SIGNS = "23456789BCDFGHJKMNPQRTVWXY"
LENGTH = 12
GROUP = 4
#: Of the session: a card opened it.
OPENED_BY_CARD = "opened_by_card"
#: Addresses, without the language, that such a session does not lead to: data of others, and whatever would
#: go on opening her page when the hour is over, without an address to which she is told of it.
CLOSED_TO_CARDS = ("work/", "admin/", "assistance/", "assistant/", "me/calendar/")
CLOSED_TO_CARDS += ("account/2fa/", "account/password/")


class CardNotRight(Refused):
    sentence = _("This code is not right. Please look at the card once more.")
    field = "code"


class CardUsed(Refused):
    sentence = _("This card has been used already. Please ask the person who gave it to you for a new one.")
    field = "code"


class CardTooOld(Refused):
    sentence = _("This card is too old. Please ask the person who gave it to you for a new one.")
    field = "code"


class CardTakenBack(Refused):
    sentence = _("This card is no longer good: there is a newer one, or it was taken back.")
    field = "code"


class TooManyTries(Refused):
    sentence = _("That was too often. Please wait some minutes and try again.")
    field = "code"


class NotForStaff(Refused):
    sentence = _("This person works with data of others and cannot come in by a card.")
    field = "code"


class HasAnAddress(Refused):
    sentence = _("This person has an e-mail address and signs in with it. A card is not needed.")
    field = "code"


class ChildHasGuardian(Refused):
    sentence = _("This is a child. The person who answers for the child can have a card.")
    field = "code"


class AccountClosed(Refused):
    sentence = _("This account is closed.")
    field = "code"


@transaction.atomic
def issue(user: User, *, by: User) -> tuple[OneTimeCard, str]:
    """A new card and its code, which nobody can read again. A card that she still had is good no longer."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if refusal := why_no_card(user):
        raise refusal
    now = timezone.now()
    OneTimeCard.objects.filter(user=user, used_at=None, revoked_at=None).update(revoked_at=now)
    code = "".join(secrets.choice(SIGNS) for _sign in range(LENGTH))
    card = OneTimeCard.objects.create(
        user=user,
        code_hash=_hash(code),
        issued_by=by,
        issued_at=now,
        expires_at=now + timedelta(days=settings.CARD_DAYS),
    )
    audit.record("card.issued", card, by=by, person=user.pk)
    return card, in_groups(code)


@transaction.atomic
def revoke(user: User, *, by: User) -> int:
    """Her card is lost or no longer wanted. Returns how many were good until now: one or none."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    cards = list(OneTimeCard.objects.filter(user=user, used_at=None, revoked_at=None))
    for card in cards:
        card.revoked_at = timezone.now()
        card.save(update_fields=["revoked_at"])
        audit.record("card.revoked", card, by=by, person=user.pk)
    return len(cards)


@transaction.atomic
def use(code: str) -> User:
    """Whose card it is; it has been used now. Two who try at once: one of them gets in."""
    card = OneTimeCard.objects.select_for_update().filter(code_hash=_hash(plain(code))).first()
    if card is None:
        raise CardNotRight
    if card.used_at:
        raise CardUsed
    if card.revoked_at:
        raise CardTakenBack
    if card.expires_at <= timezone.now():
        raise CardTooOld
    if refusal := why_no_card(card.user):
        raise refusal
    card.used_at = timezone.now()
    card.save(update_fields=["used_at"])
    audit.record("card.used", card, by=card.user, person=card.user_id)
    return card.user


def enter(request: HttpRequest, code: str) -> User:
    """Use a card in this browser. Whoever was signed in here before is not any more."""
    if not ratelimit.consume(request, action="card"):
        raise TooManyTries
    user = use(code)
    request.session.flush()
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    end = timezone.now() + timedelta(minutes=settings.CARD_SESSION_MINUTES)
    request.session.set_expiry(end)
    request.session[OPENED_BY_CARD] = end.isoformat()
    return user


def is_open(request: HttpRequest) -> bool:
    """Whether a card opened this session."""
    return OPENED_BY_CARD in request.session


def ends_at(request: HttpRequest) -> datetime | None:
    """When a session that a card opened is over."""
    moment = request.session.get(OPENED_BY_CARD)
    return datetime.fromisoformat(moment) if moment else None


def has_ended(request: HttpRequest) -> bool:
    """Whether the time of a card's session is over, however the session was prolonged."""
    return is_open(request) and ends_at(request) <= timezone.now()


def why_no_card(user: User) -> Refused | None:
    """Why a person cannot come in by a card; asked when it is printed, and again when it is used."""
    if not user.is_active:
        return AccountClosed()
    if user.is_staff or is_staff_anywhere(user) or Authenticator.objects.filter(user=user).exists():
        return NotForStaff()
    if user.guardian_id:
        return ChildHasGuardian()
    return HasAnAddress() if user.email else None


def in_hand(user: User) -> OneTimeCard | None:
    """The card with which she can come in now."""
    cards = OneTimeCard.objects.filter(user=user, used_at=None, revoked_at=None)
    return cards.filter(expires_at__gt=timezone.now()).first()


def in_groups(code: str) -> str:
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def plain(typed: str) -> str:
    """As it was issued, however it was typed: small letters, gaps, digits of another keyboard."""
    signs = (str(unicodedata.digit(sign, sign)) for sign in unicodedata.normalize("NFKC", typed))
    return "".join(sign for sign in "".join(signs).upper() if sign in SIGNS)


def _hash(code: str) -> str:
    return salted_hmac("portal.cards", code, algorithm="sha256").hexdigest()
