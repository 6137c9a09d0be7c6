"""Which papers an assistant needs before she works, which she has, and until when they hold (features.md G4).

Code of conduct and confidentiality by version (domain.md A1.4, A1.6), the child protection check where minors
are (A6.1), a contract, and for volunteers accident insurance (Act of 24.04.2003, A7.4). Which of them are
required is a setting.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import FilteredRelation, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions.models import Assistant, Contract
from participants.models import ConsentText
from portal.clock import WARSAW


class Paper(models.TextChoices):
    CODE_OF_CONDUCT = "code_of_conduct", gettext_lazy("code of conduct")
    CONFIDENTIALITY = "confidentiality", gettext_lazy("promise of confidentiality")
    CONTRACT = "contract", gettext_lazy("contract or volunteer agreement")
    INSURANCE = "insurance", gettext_lazy("accident insurance of volunteers")
    CHILD_PROTECTION = "child_protection", gettext_lazy("child protection check")


class Why(models.TextChoices):
    MISSING = "missing", gettext_lazy("missing")
    EXPIRED = "expired", gettext_lazy("has run out")
    NOT_YET = "not_yet", gettext_lazy("has not begun")


#: What assistants accept by reading: a new version asks again.
ACCEPTED = (Paper.CODE_OF_CONDUCT, Paper.CONFIDENTIALITY)

_SENTENCES = {
    (Paper.CODE_OF_CONDUCT, Why.MISSING): gettext_lazy("The code of conduct is not accepted."),
    (Paper.CODE_OF_CONDUCT, Why.EXPIRED): gettext_lazy(
        "The new version of the code of conduct is not accepted."
    ),
    (Paper.CONFIDENTIALITY, Why.MISSING): gettext_lazy("The promise of confidentiality is not given."),
    (Paper.CONFIDENTIALITY, Why.EXPIRED): gettext_lazy(
        "The new version of the promise of confidentiality is not accepted."
    ),
    (Paper.CONTRACT, Why.MISSING): gettext_lazy("There is no contract or volunteer agreement."),
    (Paper.CONTRACT, Why.EXPIRED): gettext_lazy("The contract or volunteer agreement has run out."),
    (Paper.CONTRACT, Why.NOT_YET): gettext_lazy("The contract or volunteer agreement has not begun yet."),
    (Paper.INSURANCE, Why.MISSING): gettext_lazy("There is no accident insurance, which volunteers need."),
    (Paper.INSURANCE, Why.EXPIRED): gettext_lazy("The accident insurance of the volunteer has run out."),
    (Paper.CHILD_PROTECTION, Why.MISSING): gettext_lazy(
        "There is no child protection check. It is needed where minors are."
    ),
    (Paper.CHILD_PROTECTION, Why.EXPIRED): gettext_lazy(
        "The child protection check has run out. It is needed where minors are."
    ),
}


def sentence_of(paper: Paper, why: Why):
    """What is wrong with it; read in the language of whoever reads it."""
    return _SENTENCES[paper, why]


@dataclass(frozen=True)
class PaperState:
    """One paper of one assistant on one day. ``why`` is '' where it is in order."""

    paper: Paper
    why: str = ""
    since: date | None = None
    #: The last day on which it holds; None where nothing ends it.
    until: date | None = None
    version: str = ""
    is_on_paper: bool = False

    @property
    def is_required(self) -> bool:
        return self.paper in settings.ASSISTANCE["papers_required"]

    @property
    def ends_soon(self) -> bool:
        """It is required and holds today, and will end within the longest time of a warning."""
        if not self.is_required or self.why or self.until is None:
            return False
        longest = max(settings.ASSISTANCE["warn_of_papers_days"])
        return self.until <= timezone.localdate() + timedelta(days=longest)

    @property
    def sentence(self) -> str:
        return str(sentence_of(self.paper, Why(self.why))) if self.why else ""

    @property
    def warning(self) -> str:
        """That it will end; '' where nothing ends it."""
        if not self.until:
            return ""
        day = {"day": date_format(self.until, "j E Y")}
        return {
            Paper.CODE_OF_CONDUCT: _("The code of conduct has a new version. Accept it by %(day)s."),
            Paper.CONFIDENTIALITY: _(
                "The promise of confidentiality has a new version. Accept it by %(day)s."
            ),
            Paper.CONTRACT: _("The contract or volunteer agreement ends on %(day)s."),
            Paper.INSURANCE: _("The accident insurance of the volunteer ends on %(day)s."),
            Paper.CHILD_PROTECTION: _("The child protection check is valid until %(day)s."),
        }[self.paper] % day


class MissingPaper(PaperState):
    """A required paper that does not hold on the day asked for."""


def missing_papers(assistant: Assistant, *, on: date, with_minors: bool = False) -> list[MissingPaper]:
    """Required papers that are missing, have run out or will before ``on``. Empty: she may work."""
    return missing_papers_of([assistant], on=on, with_minors=with_minors)[assistant.pk]


def missing_papers_of(
    assistants: Iterable[Assistant],
    *,
    on: date,
    with_minors: bool = False,
    evidence: "Evidence | None" = None,
) -> dict[int, list[MissingPaper]]:
    """The same for many, by the key of the assistant, in one query; with ``evidence`` in none."""
    return {
        pk: [
            MissingPaper(**vars(state))
            for state in states
            if state.why and state.is_required and (with_minors or state.paper != Paper.CHILD_PROTECTION)
        ]
        for pk, states in states_of(assistants, on=on, evidence=evidence).items()
    }


def has_promised(assistant: Assistant) -> bool:
    """Whether she may read today where exactly she goes, and what it will be about."""
    return not lacks_promise(states_of([assistant], on=timezone.localdate())[assistant.pk])


def lacks_promise(states: Iterable[PaperState]) -> bool:
    """Of all her papers today: is confidentiality asked for, and not promised or taken back or outdated?"""
    return any(state.paper == Paper.CONFIDENTIALITY and state.is_required and state.why for state in states)


class Said(NamedTuple):
    """What somebody said to a text, and when."""

    at: datetime
    pk: int
    is_given: bool
    channel: str
    version: str


@dataclass(frozen=True)
class Evidence:
    """What was accepted, read once for any number of days."""

    #: Of each text its versions in order, with the day from which each is valid, the coming ones too.
    versions: dict[str, list[tuple[str, date]]]
    #: By person and text her last word, where it is a yes.
    standing: dict[tuple[int, str], Said]


def evidence_of(assistants: Iterable[Assistant]) -> Evidence:
    """One query: the texts in all languages, each with what these assistants said to it."""
    people = [assistant.user_id for assistant in assistants]
    texts = ConsentText.objects.filter(audience=ConsentText.Audience.ASSISTANTS, purpose__in=ACCEPTED)
    rows = texts.annotate(said=FilteredRelation("events", condition=Q(events__user__in=people)))
    facts = ("purpose", "version", "valid_from", "pk")
    words = ("said__user", "said__at", "said__pk", "said__is_given", "said__channel")
    first: dict[str, dict[str, tuple[datetime, int]]] = {paper: {} for paper in ACCEPTED}
    last: dict[tuple[int, str], Said] = {}
    for purpose, version, valid_from, pk, user, *said in rows.values_list(*facts, *words):
        known = first[purpose].setdefault(version, (valid_from, pk))
        first[purpose][version] = min(known[0], valid_from), min(known[1], pk)
        if user is not None:
            word = Said(*said, version)
            last[user, purpose] = max(last.get((user, purpose), word), word)
    versions = {
        paper: [
            (version, timezone.localtime(valid, WARSAW).date())
            for version, (valid, _pk) in sorted(found.items(), key=lambda item: item[1])
        ]
        for paper, found in first.items()
    }
    return Evidence(versions, {key: word for key, word in last.items() if word.is_given})


def states_of(
    assistants: Iterable[Assistant], *, on: date, evidence: Evidence | None = None
) -> dict[int, list[PaperState]]:
    """All papers of each assistant, as they are on a day, required or not."""
    assistants = list(assistants)
    evidence = evidence or evidence_of(assistants)
    versions, standing = evidence.versions, evidence.standing
    found = {}
    for assistant in assistants:
        states = [
            _accepted(paper, standing.get((assistant.user_id, paper)), versions[paper], on)
            for paper in ACCEPTED
        ]
        states.append(_contract(assistant, on))
        if assistant.contract_form == Contract.VOLUNTEER:
            states.append(_ending(Paper.INSURANCE, None, assistant.insured_until, on))
        checked_on = assistant.child_protection_checked_on
        states.append(_ending(Paper.CHILD_PROTECTION, checked_on, checked_until(checked_on), on))
        found[assistant.pk] = states
    return found


def checked_until(checked_on: date | None) -> date | None:
    """The last day on which a child protection check holds."""
    if checked_on is None:
        return None
    months = checked_on.month - 1 + settings.ASSISTANCE["child_check_months"]
    first = date(checked_on.year + months // 12, months % 12 + 1, 1)
    # Checked on the 31st, in a month without one: its last day.
    days_in_month = ((first + timedelta(days=32)).replace(day=1) - first).days
    return first.replace(day=min(checked_on.day, days_in_month))


def _accepted(paper: Paper, said: Said | None, versions: list[tuple[str, date]], on: date) -> PaperState:
    """A text holds until some days after the next version of it came, so that there is time to read that."""
    if said is None:
        return PaperState(paper, Why.MISSING)
    since = timezone.localtime(said.at, WARSAW).date()
    names = [version for version, _valid in versions]
    newer = versions[names.index(said.version) + 1 :]
    time_to_read = timedelta(days=settings.ASSISTANCE["new_version_days"])
    until = newer[0][1] + time_to_read if newer else None
    return PaperState(
        paper,
        Why.EXPIRED if until and until < on else "",
        since=since,
        until=until,
        version=said.version,
        is_on_paper=said.channel == "paper",
    )


def _contract(assistant: Assistant, on: date) -> PaperState:
    since, until = assistant.contract_from, assistant.contract_until
    if not assistant.contract_form or not since:
        return PaperState(Paper.CONTRACT, Why.MISSING)
    if since > on:
        return PaperState(Paper.CONTRACT, Why.NOT_YET, since=since, until=until)
    return PaperState(Paper.CONTRACT, Why.EXPIRED if until and until < on else "", since=since, until=until)


def _ending(paper: Paper, since: date | None, until: date | None, on: date) -> PaperState:
    if until is None:
        return PaperState(paper, Why.MISSING)
    return PaperState(paper, Why.EXPIRED if until < on else "", since=since, until=until)
