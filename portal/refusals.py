"""Refusals are for people: a verb that may not act now says why, in a sentence, in the person's language."""

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A rule forbids this now. Subclasses set ``sentence``; ``field`` names the form field it belongs to."""

    sentence = _("This is not possible now.")
    field: str | None = None

    def __init__(self, sentence=None, *, field: str | None = None):
        self.sentence = sentence or self.sentence
        self.field = field or self.field
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return str(self.sentence)
