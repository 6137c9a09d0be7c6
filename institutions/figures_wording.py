"""What the figures are called, the sentence with their numbers, and how each is defined (domain.md A8)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from institutions.outcomes import Ratio


@dataclass(frozen=True)
class Words:
    label: str | Promise
    #: The numbers of a ratio in one whole sentence.
    sentence: Callable[[Ratio], str]
    definition: str | Promise
    #: What was taken out of the whole, where something was.
    left_out: Callable[[Ratio], str] | None = None
    #: Which requests can be listed, by the name of their condition in ``outcomes.BEHIND``.
    behind: tuple[str, ...] = ()


@dataclass(frozen=True)
class Card:
    """A ratio ready for a page or a file."""

    code: str
    label: str
    percent: str
    sentence: str
    left_out: str
    small: str
    definition: str
    ratio: Ratio
    links: list[tuple[str, str]]


def card(code: str, ratio: Ratio, counts: dict[str, int]) -> Card:
    words = WORDS[code]
    numbers = {"part": ratio.part, "whole": ratio.whole}
    return Card(
        code=code,
        label=str(words.label) % {"minutes": settings.ASSISTANCE["late_after_minutes"]},
        percent=percent(ratio),
        sentence=words.sentence(ratio) % numbers if ratio.whole else _("There was nothing to count."),
        left_out=words.left_out(ratio) % {"number": ratio.left_out}
        if words.left_out and ratio.left_out
        else "",
        small=_small(ratio),
        definition=str(words.definition),
        ratio=ratio,
        links=[(name, str(BEHIND_LINKS[name])) for name in words.behind if counts.get(name)],
    )


def percent(ratio: Ratio) -> str:
    if ratio.percent is None:
        return "–"
    return _("%(number)s%%") % {"number": formats.number_format(ratio.percent)}


def duration(minutes: int | None) -> str:
    """A time span as people say it: 45 min, 3 h 20 min, 2 days 4 h."""
    if minutes is None:
        return "–"
    hours, rest = divmod(minutes, 60)
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    if hours < 48:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}
    days, hours = divmod(hours, 24)
    return ngettext("%(days)s day %(hours)s h", "%(days)s days %(hours)s h", days) % {
        "days": days,
        "hours": hours,
    }


def _small(ratio: Ratio) -> str:
    if not ratio.is_small:
        return ""
    return ngettext(
        "A small number: one more or one less changes the result by about %(points)s percentage point.",
        "A small number: one more or one less changes the result by about %(points)s percentage points.",
        ratio.one_more,
    ) % {"points": ratio.one_more}


def _cancelled(ratio: Ratio) -> str:
    return ngettext(
        "Not counted: %(number)s request that the institution cancelled.",
        "Not counted: %(number)s requests that the institution cancelled.",
        ratio.left_out,
    )


def _taken_back(ratio: Ratio) -> str:
    return ngettext(
        "Not counted: %(number)s request that the institution cancelled before anybody had agreed.",
        "Not counted: %(number)s requests that the institution cancelled before anybody had agreed.",
        ratio.left_out,
    )


def _arrival_unknown(ratio: Ratio) -> str:
    return ngettext(
        "Of %(number)s assistant we do not know when she came.",
        "Of %(number)s assistants we do not know when they came.",
        ratio.left_out,
    )


def _of_asked(ratio: Ratio) -> str:
    return ngettext(
        "%(part)s of %(whole)s request that was due",
        "%(part)s of %(whole)s requests that were due",
        ratio.whole,
    )


def _of_met(ratio: Ratio) -> str:
    return ngettext(
        "%(part)s of %(whole)s meeting to which somebody was to come",
        "%(part)s of %(whole)s meetings to which somebody was to come",
        ratio.whole,
    )


def _of_agreed(ratio: Ratio) -> str:
    return ngettext(
        "%(part)s of %(whole)s agreed job",
        "%(part)s of %(whole)s agreed jobs",
        ratio.whole,
    )


def _of_worked(ratio: Ratio) -> str:
    return ngettext(
        "%(part)s of %(whole)s job that was done",
        "%(part)s of %(whole)s jobs that were done",
        ratio.whole,
    )


WORDS: dict[str, Words] = {
    "success": Words(
        gettext_lazy("Success rate"),
        lambda ratio: ngettext(
            "%(part)s of %(whole)s request that came to an end",
            "%(part)s of %(whole)s requests that came to an end",
            ratio.whole,
        ),
        gettext_lazy(
            "Meetings that took place with an assistant, or to which the client or the institution did not "
            "come, out of all requests that came to an end, without those the institution cancelled. "
            "A meeting in the wrong language or without a working connection is no success. The British "
            "Ministry of Justice counts its interpreters in the same way."
        ),
        _cancelled,
        ("failed",),
    ),
    "fill": Words(
        gettext_lazy("Fill rate"),
        _of_asked,
        gettext_lazy(
            "Requests for which somebody agreed to come, out of those that were due, without those the "
            "institution cancelled before anybody had agreed. Where somebody agreed and then could not come, "
            "it counts only if somebody else was found."
        ),
        _taken_back,
        ("agreed",),
    ),
    "unfilled": Words(
        gettext_lazy("Nobody could come"),
        _of_asked,
        gettext_lazy(
            "Requests for which nobody was found, which the network declined, or which it cancelled before "
            "anybody had agreed."
        ),
        _taken_back,
        ("unfilled",),
    ),
    "cancelled_by_institution": Words(
        gettext_lazy("Cancelled by the institution"),
        _of_asked,
        gettext_lazy("All that were due, those without an assistant too."),
        None,
        ("cancelled_by_institution",),
    ),
    "cancelled_by_network": Words(
        gettext_lazy("Cancelled by the network"),
        _of_asked,
        gettext_lazy("All that were due. An assistant who came too late to be of use counts here."),
        None,
        ("cancelled_by_network",),
    ),
    "withdrawals": Words(
        gettext_lazy("Assistants who could not come after all"),
        _of_agreed,
        gettext_lazy("Jobs that an assistant agreed to do and gave back. One request may have several."),
        None,
        ("withdrawn",),
    ),
    "client_no_show": Words(
        gettext_lazy("The client did not come"),
        _of_met,
        gettext_lazy("Out of all meetings that were not cancelled and to which an assistant was to come."),
        None,
        ("client_no_show",),
    ),
    "institution_no_show": Words(
        gettext_lazy("Nobody of the institution was there"),
        _of_met,
        gettext_lazy("Out of all meetings that were not cancelled and to which an assistant was to come."),
        None,
        ("institution_no_show",),
    ),
    "assistant_no_show": Words(
        gettext_lazy("The assistant did not come"),
        _of_met,
        gettext_lazy("Out of all meetings that were not cancelled and to which an assistant was to come."),
        None,
        ("assistant_no_show",),
    ),
    "late": Words(
        gettext_lazy("Late by more than %(minutes)s minutes"),
        lambda ratio: ngettext(
            "%(part)s of %(whole)s assistant whose arrival we know",
            "%(part)s of %(whole)s assistants whose arrival we know",
            ratio.whole,
        ),
        gettext_lazy(
            "By the time at which the assistant wrote that she had come; else by how late she said she would "
            "be; else by what the institution said afterwards."
        ),
        _arrival_unknown,
    ),
    "complaints": Words(
        gettext_lazy("Justified complaints"),
        _of_met,
        gettext_lazy(
            "Meetings about which the institution complained and the coordinator found that it was right."
        ),
        None,
        ("complaint_upheld",),
    ),
    "feedback_of_officials": Words(
        gettext_lazy("Feedback of institutions"),
        _of_worked,
        gettext_lazy("Jobs about which the institution said how it was."),
    ),
    "feedback_of_assistants": Words(
        gettext_lazy("Feedback of assistants"),
        _of_worked,
        gettext_lazy("Jobs about which the assistant said how it was."),
    ),
}

BEHIND_LINKS = {
    "agreed": gettext_lazy("Requests for which somebody agreed"),
    "failed": gettext_lazy("Requests without success"),
    "unfilled": gettext_lazy("Requests for which nobody was found"),
    "cancelled_by_institution": gettext_lazy("Requests that the institution cancelled"),
    "cancelled_by_network": gettext_lazy("Requests that the network cancelled"),
    "withdrawn": gettext_lazy("Requests that an assistant gave back"),
    "client_no_show": gettext_lazy("Meetings to which the client did not come"),
    "institution_no_show": gettext_lazy("Meetings at which nobody of the institution was"),
    "assistant_no_show": gettext_lazy("Meetings to which the assistant did not come"),
    "complaint_upheld": gettext_lazy("Meetings with a justified complaint"),
}

#: In which the page tells them.
CHAPTERS = [
    ("coming", gettext_lazy("Does somebody come?"), ["success", "fill", "unfilled"]),
    (
        "called_off",
        gettext_lazy("What was called off"),
        ["cancelled_by_institution", "cancelled_by_network", "withdrawals"],
    ),
    (
        "on_the_day",
        gettext_lazy("On the day"),
        ["client_no_show", "institution_no_show", "assistant_no_show", "late"],
    ),
    (
        "afterwards",
        gettext_lazy("What people say afterwards"),
        ["complaints", "feedback_of_officials", "feedback_of_assistants"],
    ),
]

INITIATORS = {
    "institution": gettext_lazy("the institution cancelled"),
    "network": gettext_lazy("the network cancelled"),
    "assistant": gettext_lazy("an assistant gave the job back"),
}
NOTICE = {
    "over_48": gettext_lazy("more than 48 hours before"),
    "24_to_48": gettext_lazy("24 to 48 hours before"),
    "under_24": gettext_lazy("less than 24 hours before"),
    "after_start": gettext_lazy("after the start"),
}
FACES = {"good": gettext_lazy("good"), "so_so": gettext_lazy("so-so"), "bad": gettext_lazy("bad")}
