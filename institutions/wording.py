"""States of a request in plain words, for each side, and how they look."""

from django.utils.translation import gettext_lazy as _

from institutions.models import AssistanceRequest

State = AssistanceRequest.State

#: Kind of the badge (docs/look.md).
BADGES = {
    State.OFFERING: "wait",
    State.UNFILLED: "stop",
    State.CONFIRMED: "good",
    State.AWAITING_REPORT: "wait",
    State.AWAITING_CONFIRMATION: "new",
    State.CLOSED: "quiet",
    State.CANCELLED_BY_INSTITUTION: "quiet",
    State.CANCELLED_BY_NETWORK: "quiet",
}

#: What the official reads are the labels of the states themselves.
FOR_NETWORK = {
    State.OFFERING: _("nobody has agreed yet"),
    State.UNFILLED: _("nobody was free"),
    State.CONFIRMED: _("an assistant will come"),
    State.AWAITING_REPORT: _("waiting for the assistant's report"),
    State.AWAITING_CONFIRMATION: _("waiting for the institution to confirm"),
    State.CLOSED: _("done, hours confirmed"),
    State.CANCELLED_BY_INSTITUTION: _("cancelled by the institution"),
    State.CANCELLED_BY_NETWORK: _("cancelled by the network"),
}

FOR_ASSISTANT = FOR_NETWORK | {
    State.CONFIRMED: _("you are going"),
    State.AWAITING_REPORT: _("waiting for your hours"),
}

#: The way of a request, as the official sees it.
STEPS = [
    _("You asked"),
    _("We look for an assistant"),
    _("The meeting"),
    _("The assistant writes the hours"),
    _("You confirm the hours"),
]

#: Which step a request has reached; past the last one, all is done.
REACHED = {
    State.OFFERING: 2,
    State.UNFILLED: 2,
    State.CONFIRMED: 3,
    State.AWAITING_REPORT: 4,
    State.AWAITING_CONFIRMATION: 5,
    State.CLOSED: 6,
}

CANCELLED = (State.CANCELLED_BY_INSTITUTION, State.CANCELLED_BY_NETWORK)
