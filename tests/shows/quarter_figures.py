"""What came of a simulated quarter, in the figures of domain.md A8.2, side by side."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from statistics import median, quantiles

from institutions.models import Assignment, AssistanceRequest, Assistant, Offer
from portal.models import Message
from tests.shows.quarter import URGENCY, Network


@dataclass(frozen=True)
class Outcome:
    name: str
    due: int
    filled: int
    minutes_to_fill: list[float]
    minutes_by_urgency: dict[str, list[float]]
    fill_by_urgency: dict[str, float]
    minutes_by_assistant: list[int]
    minutes_by_group: dict[str, list[int]]
    offers: int
    messages: int
    #: Acts that a verb refused: somebody was faster, busy by then, or too late.
    collisions: int

    @property
    def fill_rate(self) -> float:
        return self.filled / self.due

    @property
    def median_to_fill(self) -> float:
        return median(self.minutes_to_fill)

    @property
    def slowest_tenth(self) -> float:
        return quantiles(self.minutes_to_fill, n=10)[-1]

    @property
    def gini(self) -> float:
        return gini(self.minutes_by_assistant)

    @property
    def top_three(self) -> float:
        return sum(sorted(self.minutes_by_assistant)[-3:]) / sum(self.minutes_by_assistant)

    @property
    def offers_per_job(self) -> float:
        return self.offers / self.filled

    @property
    def messages_per_job(self) -> float:
        return self.messages / self.filled


def gini(values: list[int]) -> float:
    """0: all alike; 1: one has everything."""
    ordered, number = sorted(values), len(values)
    if not sum(ordered):
        return 0.0
    ranked = sum(rank * value for rank, value in enumerate(ordered, 1))
    return 2 * ranked / (number * sum(ordered)) - (number + 1) / number


def outcome(name: str, network: Network, *, collisions: int = 0) -> Outcome:
    """domain.md A8.2. Due: not called off by the institution before anybody had agreed."""
    mine = AssistanceRequest.objects.filter(institution__project=network.project)
    jobs = Assignment.objects.filter(request__in=mine)
    first: dict[int, datetime] = {}
    for pk, agreed_at in jobs.order_by("-agreed_at").values_list("request", "agreed_at"):
        first[pk] = agreed_at
    called_off = AssistanceRequest.State.CANCELLED_BY_INSTITUTION
    due = [row for row in mine if row.state != called_off or row.pk in first]
    standing = set(jobs.standing().values_list("request", flat=True))
    cancelled = {row.pk for row in due if row.state == called_off}
    minutes: dict[int, int] = defaultdict(int)
    for job in jobs.standing().select_related("request"):
        minutes[job.assistant_id] += job.request.minutes
    groups: dict[str, list[int]] = defaultdict(list)
    languages = Assistant.objects.filter(project=network.project).prefetch_related("user__language_skills")
    for row in languages:
        spoken = {skill.language for skill in row.user.language_skills.all()}
        group = next(code for code in ("uk", "be", "ru", "other") if code in spoken or code == "other")
        groups[group].append(minutes[row.pk])

    def waited(row: AssistanceRequest) -> float:
        return (first[row.pk] - row.submitted_at).total_seconds() / 60

    return Outcome(
        name=name,
        due=len(due),
        filled=len(standing | cancelled),
        minutes_to_fill=[waited(row) for row in due if row.pk in first],
        minutes_by_urgency={
            urgency: [waited(row) for row in due if row.pk in first and row.urgency == urgency]
            for urgency in URGENCY
        },
        fill_by_urgency={
            urgency: sum(row.pk in standing | cancelled for row in due if row.urgency == urgency)
            / max(sum(row.urgency == urgency for row in due), 1)
            for urgency in URGENCY
        },
        minutes_by_assistant=[minutes[pk] for pk in network.assistants],
        minutes_by_group=dict(groups),
        offers=Offer.objects.filter(request__in=mine).count(),
        messages=Message.objects.filter(recipient__in=network.users).filter(state=Message.State.SENT).count(),
        collisions=collisions,
    )


def expect_better(waves: Outcome, first_come: Outcome) -> None:
    """What asking in waves promises, and what it may cost: it is slower, and must not be too slow."""
    assert waves.fill_rate >= first_come.fill_rate - 0.01
    assert waves.gini < first_come.gini - 0.1
    assert waves.top_three < first_come.top_three
    assert waves.offers_per_job < 0.6 * first_come.offers_per_job
    assert waves.messages_per_job < 0.6 * first_come.messages_per_job
    # Slower where there is time, and hardly where there is none.
    assert waves.median_to_fill < 4 * 60
    for urgency, longer in (("urgent", 30), ("emergency", 10)):
        quickest = median(first_come.minutes_by_urgency[urgency])
        assert median(waves.minutes_by_urgency[urgency]) <= quickest + longer


def duration(minutes: float) -> str:
    hours, rest = divmod(round(minutes), 60)
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"


def table(outcomes: list[Outcome]) -> str:
    rows = [
        ("requests due", lambda one: f"{one.due}"),
        ("fill rate", lambda one: f"{one.fill_rate:.1%}"),
        *[(f"fill rate, {urgency}", _fill(urgency)) for urgency in URGENCY],
        ("time to fill, median", lambda one: duration(one.median_to_fill)),
        ("time to fill, 90th percentile", lambda one: duration(one.slowest_tenth)),
        *[(f"time to fill, median, {urgency}", _median(urgency)) for urgency in URGENCY],
        ("Gini of hours, all assistants", lambda one: f"{one.gini:.3f}"),
        ("Gini of hours, those who speak Ukrainian", lambda one: f"{gini(one.minutes_by_group['uk']):.3f}"),
        ("share of the busiest three", lambda one: f"{one.top_three:.1%}"),
        ("assistants without any hours", lambda one: f"{one.minutes_by_assistant.count(0)}"),
        ("offers per filled request", lambda one: f"{one.offers_per_job:.1f}"),
        ("messages to assistants per filled request", lambda one: f"{one.messages_per_job:.1f}"),
    ]
    lines = [f"{'':42}" + "".join(f"{one.name:>26}" for one in outcomes)]
    lines += [f"{label:42}" + "".join(f"{text(one):>26}" for one in outcomes) for label, text in rows]
    return "\n".join(lines)


def _fill(urgency: str) -> Callable[[Outcome], str]:
    return lambda one: f"{one.fill_by_urgency[urgency]:.1%}"


def _median(urgency: str) -> Callable[[Outcome], str]:
    return lambda one: duration(median(one.minutes_by_urgency[urgency] or [0]))
