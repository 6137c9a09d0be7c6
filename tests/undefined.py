"""An undefined variable in one of our own templates is an error; in those of Django and allauth it is not."""

import sys
from pathlib import Path

from django.template.base import FilterExpression, Node

TEMPLATES = str(Path(__file__).resolve().parent.parent) + "/"


class UndefinedVariable(AssertionError):
    pass


def _our_template() -> str:
    """The path of the template being rendered, when it is one of ours; otherwise nothing."""
    frame = sys._getframe(2)
    while frame is not None:
        origin = getattr(frame.f_locals.get("self"), "origin", None)
        if origin is not None and isinstance(frame.f_locals["self"], Node):
            name = str(origin.name)
            return name if name.startswith(TEMPLATES) and "/.venv/" not in name else ""
        frame = frame.f_back
    return ""


class Undefined(str):
    """An empty string that tells on the template when the engine is about to show it."""

    def __bool__(self) -> bool:
        # Filters that meet it as a value see an empty string, as everywhere.
        is_asked_by_engine = sys._getframe(1).f_code is FilterExpression.resolve.__code__
        return is_asked_by_engine and bool(_our_template())

    def __contains__(self, part: object) -> bool:
        return bool(_our_template()) if part == "%s" else str.__contains__(self, part)

    def __mod__(self, variable: object) -> str:
        raise UndefinedVariable(f"'{variable}' is undefined in {_our_template().removeprefix(TEMPLATES)}")
