"""Who may come to a workshop: its rules in words, what they have to ask, and why somebody cannot.

Pages show the reason beforehand, verbs check again under the lock. What a person has simply not told us yet
is no reason: it is asked when she registers, and kept in her profile (domain.md B1.2, B1.3, B1.8).
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from participants.models import LanguageSkill, Participant
from portal.languages import listed
from portal.models import User
from portal.refusals import Refused
from workshops import hours
from workshops.models import Certificate, Placement, Registration, Workshop

LEVELS = Workshop.Level.values
#: Who speaks it as a first language has every level.
HIGHEST = LEVELS[-1]


@dataclass(frozen=True)
class Told:
    """What a person told while she registered. Only plain values: a newcomer's are kept in her session."""

    note: str = ""
    birth_year: int | None = None
    is_woman: bool = False
    level: str = ""
    script: str = ""
    #: Number of the question → what Answer.value keeps.
    answers: dict[str, str] = field(default_factory=dict)
    #: Columns of PracticalNeed.
    needs: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Known:
    """What the network knows of her already, as far as the workshop's rules ask for it."""

    gender: str = Participant.Gender.UNDISCLOSED
    birth_year: int | None = None
    level: str = ""
    #: The level was found by the network, so it is not hers to change.
    is_level_found: bool = False


class DoesNotFit(Refused):
    """A rule of the workshop that this person does not meet."""


class NotTold(DoesNotFit):
    """Something has to be asked first."""

    sentence = _("Please answer this: the organiser needs it for this workshop.")


class SignInFirst(DoesNotFit):
    sentence = _(
        "Not everybody can come to this workshop. Please sign in first: then we see whether you can."
    )


class ForOfficialsOnly(DoesNotFit):
    sentence = _(
        "This training is only for people who work in a partner institution. "
        "If you work in one, please ask its contact person to add you."
    )


class ForMigrantsOnly(DoesNotFit):
    sentence = _(
        "This workshop is for migrants. "
        "For people who work in institutions there are trainings: please look at the list of workshops."
    )


class WrongAge(DoesNotFit):
    field = "birth_year"


class ForWomenOnly(DoesNotFit):
    sentence = _(
        "This workshop is for women only. Please look at the list of workshops: others are for everybody."
    )
    field = "is_woman"


class AskTheOrganiser(DoesNotFit):
    sentence = _("This workshop is for women. Please talk to the organiser: together you will find a way.")


class WrongLevel(DoesNotFit):
    """``level``: hers, to look for other groups."""

    field = "level"

    def __init__(self, sentence: str, *, level: str):
        super().__init__(sentence)
        self.level = level


class NotFinished(DoesNotFit):
    def __init__(self, missing: list[Workshop]):
        titles = listed(workshop.title for workshop in missing)
        super().__init__(
            _(
                "Before this workshop you need another one, finished: %(titles)s. "
                "Please look whether it takes place again, or ask the organiser."
            )
            % {"titles": titles}
        )


def why_not_fit(workshop: Workshop, user: User | None, *, told: Told | None = None) -> Refused | None:
    """The first rule that she does not meet. Without ``told`` (a look beforehand) nothing that can still be
    asked is a reason; with it everything must be known. ``user`` None: somebody who is not signed in."""
    return next(_reasons(workshop, user, told), (None, None))[1]


def why_not_of_age(workshop: Workshop, birth_year: int | None) -> Refused | None:
    """The rule of ages alone, without a query: for a list of children."""
    return _why_age(workshop, birth_year, None)


def unmet(workshop: Workshop, user: User) -> list[str]:
    """Names of the rules that she does not meet, or of which nobody knows: for the audit."""
    return sorted({rule for rule, _refusal in _reasons(workshop, user, Told())})


def asked_of(workshop: Workshop, user: User | None) -> list[str]:
    """What has to be asked when she registers: names of fields of Told."""
    known = known_of(workshop, user)
    asked = []
    if _has_ages(workshop) and not known.birth_year:
        asked.append("birth_year")
    if workshop.is_women_only and known.gender == Participant.Gender.UNDISCLOSED:
        asked.append("is_woman")
    if _has_levels(workshop) and not known.is_level_found:
        is_plain = known.level and not _why_level(workshop, known.level)
        asked += [] if is_plain else ["level", "script"]
    return asked


def asking_for_level(workshop: Workshop, people: list[User]) -> set[int]:
    """Numbers of those of whom the level has to be asked, in one query for all."""
    if not _has_levels(workshop):
        return set()
    found = Placement.objects.filter(user__in=people).exclude(placed_level="")
    return {person.pk for person in people} - set(found.values_list("user", flat=True))


def known_of(workshop: Workshop, user: User | None) -> Known:
    """Asks the database only for what the rules of this workshop need."""
    if user is None:
        return Known()
    facts: dict[str, Any] = {}
    if workshop.is_women_only or _has_ages(workshop):
        person = Participant.objects.filter(user=user).first()
        facts |= {"gender": person.gender, "birth_year": person.birth_year} if person else {}
    if _has_levels(workshop):
        facts |= _level_of(user)
    return Known(**facts)


def finished_by(user: User, workshops: list[Workshop]) -> set[int]:
    """Numbers of those from which she has a certificate, or where what she attended is enough already,
    whatever is still to come."""
    hers = Registration.objects.filter(user=user, workshop__in=workshops)
    certified = hers.filter(certificates__state=Certificate.State.ISSUED)
    done = set(certified.values_list("workshop", flat=True))
    rows = list(hers.confirmed().select_related("workshop"))
    standings = hours.standings_of(rows) if rows else {}
    for row in rows:
        if standings[row.pk].held and standings[row.pk].needs_next == 0:
            done.add(row.workshop_id)
    return done


def rules_of(workshop: Workshop) -> list[dict[str, str]]:
    """Who can come, in plain words; ``url`` where there is more to read."""
    audience = {
        Workshop.Audience.MIGRANTS: _("Migrants. For people who work in institutions there are trainings."),
        Workshop.Audience.OFFICIALS: _("People who work in a partner institution"),
    }
    sentences = [
        audience.get(workshop.audience, ""),
        _("Women only") if workshop.is_women_only else "",
        _("Families with children") if workshop.is_for_families else "",
        ages_of(workshop),
        polish_of(workshop),
        _("We find your level of Polish together, in a test or a talk. You need not prepare for it.")
        if workshop.needs_placement
        else "",
        _("Children can take part. A parent registers them.") if workshop.takes_children else "",
    ]
    rules = [{"text": str(sentence), "url": ""} for sentence in sentences if sentence]
    for before in workshop.requires.all():
        text = _("You have finished this before: %(title)s") % {"title": before.title}
        is_shown = before.state == Workshop.State.PUBLISHED
        rules.append({"text": text, "url": reverse("workshop", args=[before.slug]) if is_shown else ""})
    if workshop.signup_mode == Workshop.SignupMode.BY_INVITATION:
        rules.append({"text": str(_("By invitation: the organiser sends a link")), "url": ""})
    return rules


def ages_of(workshop: Workshop) -> str:
    ages = {"youngest": workshop.min_age, "oldest": workshop.max_age}
    if workshop.min_age is not None and workshop.max_age is not None:
        return _("age from %(youngest)s to %(oldest)s years") % ages
    if workshop.min_age is not None:
        return _("age from %(youngest)s years") % ages
    return _("age up to %(oldest)s years") % ages if workshop.max_age is not None else ""


def polish_of(workshop: Workshop) -> str:
    levels = {"lowest": level_in_line(workshop.min_level), "highest": level_in_line(workshop.max_level)}
    if workshop.min_level and workshop.max_level:
        return _("Polish from %(lowest)s to %(highest)s") % levels
    if workshop.min_level:
        return _("Polish from %(lowest)s") % levels
    return _("Polish up to %(highest)s") % levels if workshop.max_level else ""


def level_in_line(level: str) -> str:
    """So that the plus of A1+ stays behind it in a line of Arabic."""
    return f"{level}\N{LEFT-TO-RIGHT MARK}" if level.endswith("+") else level


def levels_around(level: str) -> tuple[list[str], list[str]]:
    """The levels up to this one, and those from it on."""
    place = LEVELS.index(level)
    return LEVELS[: place + 1], LEVELS[place:]


def _reasons(
    workshop: Workshop, user: User | None, told: Told | None
) -> Iterator[tuple[str | None, Refused | None]]:
    """Rule by rule: its name, and why not."""
    known = known_of(workshop, user)
    # What she told counts only where it was asked: a level that was found stays as it was found.
    gender, year = known.gender, known.birth_year or (told.birth_year if told else None)
    rules = {
        "audience": lambda: _why_audience(workshop, user),
        "requires": lambda: _why_requires(workshop, user),
        "women_only": lambda: _why_gender(workshop, gender, told),
        "age": lambda: _why_age(workshop, year, told),
        "level": lambda: _why_not_level(workshop, known, told),
    }
    for rule, check in rules.items():
        if refusal := check():
            yield rule, refusal


def _why_audience(workshop: Workshop, user: User | None) -> Refused | None:
    if workshop.audience == Workshop.Audience.OFFICIALS:
        if user is None:
            return SignInFirst()
        return None if _is_official(user) else ForOfficialsOnly()
    if workshop.audience == Workshop.Audience.MIGRANTS and user and _is_official(user):
        return ForMigrantsOnly()
    return None


def _why_requires(workshop: Workshop, user: User | None) -> Refused | None:
    required = list(workshop.requires.all())
    if not required:
        return None
    if user is None:
        return SignInFirst()
    done = finished_by(user, required)
    missing = [before for before in required if before.pk not in done]
    return NotFinished(missing) if missing else None


def _why_gender(workshop: Workshop, gender: str, told: Told | None) -> Refused | None:
    if not workshop.is_women_only or gender == Participant.Gender.WOMAN:
        return None
    if gender == Participant.Gender.MAN:
        return ForWomenOnly()
    if gender == Participant.Gender.OTHER:
        return AskTheOrganiser()
    return NotTold(field="is_woman") if told and not told.is_woman else None


def _why_age(workshop: Workshop, year: int | None, told: Told | None) -> Refused | None:
    if not _has_ages(workshop):
        return None
    if not year:
        return NotTold(field="birth_year") if told else None
    # By the year alone, as in the reports (Participant.age_band): the day of birth is not ours to know.
    age = _year_of(workshop) - year
    youngest, oldest = workshop.min_age or 0, workshop.max_age or 200
    if youngest <= age <= oldest:
        return None
    return WrongAge(
        _("This workshop is for another age: %(rule)s. Please look at the list, or ask the organiser.")
        % {"rule": ages_of(workshop)}
    )


def _why_not_level(workshop: Workshop, known: Known, told: Told | None) -> Refused | None:
    if not _has_levels(workshop):
        return None
    if known.is_level_found:
        return _why_level(workshop, known.level, is_found=True)
    if told is None:
        return None
    level = told.level or known.level
    return _why_level(workshop, level) if level else NotTold(field="level")


def _why_level(workshop: Workshop, level: str, *, is_found: bool = False) -> Refused | None:
    place = LEVELS.index(level)
    is_low = bool(workshop.min_level) and place < LEVELS.index(workshop.min_level)
    is_high = bool(workshop.max_level) and place > LEVELS.index(workshop.max_level)
    if not is_low and not is_high:
        return None
    levels = {"level": level, "rule": polish_of(workshop)}
    if is_found:
        sentence = _(
            "Your level of Polish is %(level)s, and this group is another one: %(rule)s. "
            "Please look for a group of your level."
        )
    else:
        sentence = _(
            "With level %(level)s this group is not right for you: %(rule)s. "
            "Please look for a group of your level, or ask the organiser for a test."
        )
    return WrongLevel(sentence % levels, level=level)


def _level_of(user: User) -> dict[str, Any]:
    """The newest placement counts, and without one what her profile says."""
    placement = Placement.objects.filter(user=user).first()
    if placement and placement.level:
        return {"level": placement.level, "is_level_found": bool(placement.placed_level)}
    skill = LanguageSkill.objects.filter(user=user, language="pl").first()
    if skill is None:
        return {}
    return {"level": HIGHEST if skill.spoken == LanguageSkill.Level.NATIVE else skill.spoken}


def _is_official(user: User) -> bool:
    return import_string(settings.OFFICIAL_TEST)(user)


def _has_ages(workshop: Workshop) -> bool:
    return workshop.min_age is not None or workshop.max_age is not None


def _has_levels(workshop: Workshop) -> bool:
    return bool(workshop.min_level or workshop.max_level or workshop.needs_placement)


def _year_of(workshop: Workshop) -> int:
    planned = workshop.planned_sessions()
    return (timezone.localtime(planned[0].start_at) if planned else timezone.localtime()).year
