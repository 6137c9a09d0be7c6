"""How an order is laid out: what most people need stands open, the rest folded away with what is set there.

Nothing folded is lost without JavaScript: a group opens by itself when something in it is wrong or unusual.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from institutions.models import AssistanceRequest
from institutions.series import Repeat

Urgency, Role = AssistanceRequest.Urgency, AssistanceRequest.Role

#: Sections in their order; names in a tuple stand side by side at a desk.
SECTIONS = [
    ("language", _("Which language?"), ["institution", "unit", "language"]),
    ("time", _("When?"), [("start_on", "starts"), "minutes"]),
    ("place", _("How and where?"), ["mode_1", "town", "address", "link"]),
    ("matter", _("What is it about?"), ["subject", "are_minors_present", "is_relative_interpreting"]),
    ("people", _("Who should come?"), ["assistants_needed"]),
]
#: By section: title, what is so unless somebody changes it, and the fields.
FOLDS = {
    "language": [
        (
            _("Variety, level, reading, a second language"),
            _("any variety, good enough to interpret"),
            [
                "dialect",
                "is_dialect_required",
                "level",
                "is_level_required",
                "is_writing_wanted",
                "is_writing_required",
                "second_language",
                "is_second_language_agreed",
            ],
        )
    ],
    "time": [
        (_("Urgency"), Urgency.PLANNED.label, ["urgency"]),
        (_("The same meeting several times"), Repeat.NONE.label, [("repeat", "times"), "chosen"]),
    ],
    "place": [
        (
            _("If that is not possible: by phone, by video; the county"),
            _("nothing else"),
            [("mode_2", "mode_3"), "is_phone_enough", "county"],
        )
    ],
    "matter": [
        (
            _("Something hard, something to sign, more than interpreting"),
            _("nothing of it"),
            ["sensitivities", "is_signed_or_certified", "role"],
        )
    ],
    "people": [
        (
            _("A woman or a man, from another town, the same as before"),
            pgettext_lazy("assistant", "anybody who fits"),
            [
                "gender_preference",
                "is_gender_required",
                "is_other_town_wanted",
                "is_other_town_required",
                "preferred_assistant",
            ],
        ),
        (
            _("For the day itself: whom to ask for, what to prepare, your case number"),
            _("nothing written yet"),
            [
                ("contact_name", "contact_phone"),
                "briefing",
                ("people_count", "case_reference"),
                "talks",
            ],
        ),
    ],
}
#: What is chosen where nobody has chosen: no preference, one assistant, planned, interpreting.
USUAL = ("any", "1", Urgency.PLANNED.value, Role.INTERPRETING.value)
EMPTY = ("", "None", "False")
BETWEEN = " · "
#: Filled in beforehand, so no reason to open a group; a county alone would also say nothing.
PREFILLED = {"county", "contact_phone"}
UNSAID = {"county"}
#: A group opens for what is said about another field too: a day that is too near leads to the urgency.
OPENED_BY = {"urgency": "start_on"}

#: Every field as the page shows it, so that errors are told in the same order.
ORDER = [
    field
    for key, _title, names in SECTIONS
    for name in [*names, *(name for *_words, folded in FOLDS[key] for name in folded)]
    for field in (name if isinstance(name, tuple) else (name,))
]

Rows = list[list[forms.BoundField]]


@dataclass(frozen=True)
class Fold:
    """Fields that stand closed. ``usual``: what is so unless something is set; ``now``: what is set."""

    title: str
    usual: str
    now: str
    rows: Rows
    is_open: bool
    usual_values = " ".join(USUAL)


def groups_of(form: forms.BaseForm) -> list[dict]:
    return [
        {
            "key": key,
            "title": title,
            "rows": rows_of(form, names),
            "folds": [fold for fold in (_fold(form, *folded) for folded in FOLDS[key]) if fold.rows],
        }
        for key, title, names in SECTIONS
    ]


def rows_of(form: forms.BaseForm, names: list) -> Rows:
    """Fields that this form has; a row of several stands side by side at a desk."""
    wanted = [name if isinstance(name, tuple) else (name,) for name in names]
    rows = [[form[name] for name in row if name in form.fields] for row in wanted]
    return [row for row in rows if row]


def _fold(form: forms.BaseForm, title: str, usual: str, names: list) -> Fold:
    rows = rows_of(form, names)
    fields = [field for row in rows for field in row]
    said = {field.name: words for field in fields if (words := BETWEEN.join(_said(field)))}
    is_wrong = any(field.errors or OPENED_BY.get(field.name) in form.errors for field in fields)
    now = BETWEEN.join(words for name, words in said.items() if name not in UNSAID)
    return Fold(title, usual, now or usual, rows, is_wrong or bool(said.keys() - PREFILLED))


def _said(field: forms.BoundField) -> Iterator[str]:
    """What was chosen or written in a field, in words; nothing for what is usual."""
    value = field.value()
    chosen = [str(one) for one in (value if isinstance(value, list | tuple) else [value])]
    given = [one for one in chosen if one not in EMPTY]
    choices = getattr(field.field, "choices", None)
    if choices is not None:
        labels = {str(key): str(label) for key, label in choices}
        yield from (labels.get(one, one) for one in given if one not in USUAL)
    elif isinstance(field.field, forms.BooleanField):
        yield from ([str(field.label)] if given else [])
    elif isinstance(field.field, forms.IntegerField):
        yield from (f"{field.label} {one}" for one in given)
    else:
        yield from given
