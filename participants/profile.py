"""What a person tells about herself: as little as she likes."""

from datetime import date

from django.db import transaction

from participants.models import LanguageSkill, Participant
from portal import audit
from portal.models import ContactPreference, User
from portal.names import name_key


@transaction.atomic
def change(user: User, *, by: User, person: dict, participant: dict, contact: dict) -> list[str]:
    """Keep what is new among the given columns of the three rows. Returns the names of those that changed."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if set(person) & {"full_name", "call_me", "name_original"}:
        person = person | {"name_key": _name_key(user, person)}
    changed = _keep(user, person)
    changed += _keep(Participant.objects.get_or_create(user=user)[0], participant)
    changed += _keep(ContactPreference.objects.get_or_create(user=user)[0], contact)
    if changed:
        audit.record("profile.changed", user, by=by, fields=sorted(changed))
    return changed


@transaction.atomic
def keep_language(
    user: User, language: str, *, spoken: str, written: str, by: User, dialect: str = ""
) -> LanguageSkill:
    """A language, or one variety of it, and how well. What somebody has verified and is raised is open again.

    A lowered level stays verified: who heard C1 has heard B2 too.
    """
    rows = LanguageSkill.objects.select_for_update().filter(user=user, language=language)
    skill = rows.filter(dialect__iexact=dialect).first()
    if skill and (skill.spoken, skill.written) == (spoken, written):
        return skill
    if skill is None:
        skill = LanguageSkill.objects.create(
            user=user, language=language, dialect=dialect, spoken=spoken, written=written
        )
    else:
        if _is_higher(spoken, than=skill.spoken) or _is_higher(written, than=skill.written):
            skill.verified_by, skill.verified_on = None, None
        skill.spoken, skill.written = spoken, written
        skill.save(update_fields=["spoken", "written", "verified_by", "verified_on"])
    audit.record("language.kept", skill, by=by, spoken=spoken, written=written)
    return skill


@transaction.atomic
def verify_language(user: User, language: str, *, spoken: str, by: User, on: date) -> LanguageSkill:
    """Somebody of the network found how well she speaks it. How well she writes it stays as she gave it."""
    rows = LanguageSkill.objects.select_for_update()
    skill = rows.filter(user=user, language=language, dialect="").first()
    if skill is None:
        skill = LanguageSkill(user=user, language=language, written="")
    skill.spoken, skill.verified_by, skill.verified_on = spoken, by, on
    skill.save()
    audit.record("language.verified", skill, by=by, spoken=spoken)
    return skill


@transaction.atomic
def remove_language(user: User, skill: LanguageSkill, *, by: User) -> None:
    audit.record("language.removed", skill, by=by)
    LanguageSkill.objects.filter(pk=skill.pk, user=user).delete()


def _is_higher(level: str, *, than: str) -> bool:
    levels = ["", *LanguageSkill.Level.values]
    return levels.index(level) > levels.index(than)


def _name_key(user: User, person: dict) -> str:
    names = ("full_name", "call_me", "name_original")
    return name_key(*(person.get(name, getattr(user, name)) for name in names))


def _keep(row, values: dict) -> list[str]:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return [name for name in changed if name != "name_key"]
