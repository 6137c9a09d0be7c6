"""Which words a person read and accepted, and taking a consent back (features.md U11, domain.md C1.3)."""

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.models import ConsentEvent, ConsentText
from portal import audit
from portal.models import User
from portal.refusals import Refused

Audience = ConsentText.Audience
TEXTS = Path(settings.BASE_DIR) / "portal" / "texts" / "consents.json"


class TextInUse(Refused):
    sentence = _("Somebody has accepted this text. Give the new words a new version.")


class NeededForActivities(Refused):
    sentence = _(
        "Without this we cannot plan activities with you. "
        "If you want us to delete your data, please write to us: the address is in the privacy notice."
    )


def current_texts(
    language: str, *, required_only: bool = False, audience: str = Audience.EVERYBODY
) -> list[ConsentText]:
    """The newest text of each purpose, in ``language`` or the nearest one that it exists in."""
    rows = ConsentText.objects.filter(valid_from__lte=timezone.now(), audience=audience)
    if required_only:
        rows = rows.filter(is_required=True)
    nearest = (language, settings.LANGUAGE_CODE, "en")
    order = {code: place for place, code in enumerate(dict.fromkeys(nearest))}
    newest: dict[str, ConsentText] = {}
    for text in rows.order_by("valid_from", "id"):
        best = newest.get(text.purpose)
        is_newer = best is None or text.version != best.version
        if is_newer or order.get(text.language, 9) < order.get(best.language, 9):
            newest[text.purpose] = text
    purposes = ConsentText.Purpose.values
    return sorted(newest.values(), key=lambda text: purposes.index(text.purpose))


def given(user: User, *, audience: str = "") -> dict[str, ConsentEvent]:
    """What stands: the last event of each purpose, where it is a consent. ``audience`` '': all of them."""
    events = ConsentEvent.objects.filter(user=user).select_related("text").order_by("at", "id")
    if audience:
        events = events.filter(text__audience=audience)
    last = {event.text.purpose: event for event in events}
    return {purpose: event for purpose, event in last.items() if event.is_given}


def missing_required(user: User, language: str, *, audience: str = Audience.EVERYBODY) -> list[ConsentText]:
    """Required texts that she has not accepted in their newest version, in whatever language."""
    texts = current_texts(language, required_only=True, audience=audience)
    standing = given(user) if texts else {}
    return [
        text
        for text in texts
        if text.purpose not in standing or standing[text.purpose].text.version != text.version
    ]


def missing_for(people: list[User], language: str) -> list[ConsentText]:
    """Required texts that at least one of these people has not accepted in their newest version."""
    texts = current_texts(language, required_only=True)
    events = ConsentEvent.objects.filter(user__in=people).select_related("text").order_by("at", "id")
    last = {(event.user_id, event.text.purpose): event for event in events if texts}
    standing = {
        (user, purpose, event.text.version) for (user, purpose), event in last.items() if event.is_given
    }
    return [
        text
        for text in texts
        if any((person.pk, text.purpose, text.version) not in standing for person in people)
    ]


@transaction.atomic
def give(user: User, text: ConsentText, *, by: User, channel: str = "online") -> ConsentEvent:
    """She accepts these words. The same version twice is one consent."""
    _lock(user)
    standing = given(user).get(text.purpose)
    if standing and standing.text.version == text.version:
        return standing
    return _add(user, text, is_given=True, by=by, channel=channel)


@transaction.atomic
def withdraw(user: User, purpose: str, *, by: User, channel: str = "online") -> ConsentEvent | None:
    """She takes a consent back; None where there is none. Raises NeededForActivities for a required one.

    What assistants promise can always be taken back: then she works no more, and takes part all the same.
    """
    _lock(user)
    standing = given(user).get(purpose)
    if standing is None:
        return None
    if standing.text.is_required and standing.text.audience == Audience.EVERYBODY:
        raise NeededForActivities
    return _add(user, standing.text, is_given=False, by=by, channel=channel)


@transaction.atomic
def load_texts(path: Path = TEXTS) -> int:
    """Bring the texts of the file into the database. Returns how many are new or changed.

    A text that somebody has accepted is never changed: raises TextInUse.
    """
    changed = 0
    for entry in json.loads(path.read_text()):
        for language in entry["title"]:
            changed += _load(entry, language)
    return changed


def _load(entry: dict, language: str) -> bool:
    title, body = entry["title"][language], entry["body"][language]
    fields = {
        "title": title,
        "body": body,
        "sha256": hashlib.sha256(f"{title}\n{body}".encode()).hexdigest(),
        "is_required": entry["required"],
        "audience": entry.get("audience", Audience.EVERYBODY),
    }
    text, is_new = ConsentText.objects.get_or_create(
        purpose=entry["purpose"], version=entry["version"], language=language, defaults=fields
    )
    is_same = all(getattr(text, name) == fields[name] for name in ("sha256", "is_required", "audience"))
    if is_new or is_same:
        return is_new
    if text.events.exists():
        raise TextInUse
    ConsentText.objects.filter(pk=text.pk).update(**fields)
    return True


def _lock(user: User) -> None:
    """Two clicks at once give one consent."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _add(user: User, text: ConsentText, *, is_given: bool, by: User, channel: str) -> ConsentEvent:
    event = ConsentEvent.objects.create(
        user=user, text=text, is_given=is_given, recorded_by=by, channel=channel
    )
    action = "consent.given" if is_given else "consent.withdrawn"
    audit.record(action, event, by=by, text=text.pk, channel=channel)
    return event
