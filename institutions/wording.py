"""States of a request in plain words, for each side, and how they look."""

from django.utils.translation import gettext_lazy as _

from institutions.models import AssistanceRequest

State = AssistanceRequest.State

#: Kind of the badge (docs/look.md).
BADGES = {
    State.DRAFT: "quiet",
    State.SUBMITTED: "wait",
    State.NEEDS_INFO: "new",
    State.IN_PROGRESS: "good",
    State.DECLINED: "quiet",
    State.CLIENT_NO_SHOW: "quiet",
    State.ASSISTANT_NO_SHOW: "stop",
    State.INSTITUTION_NO_SHOW: "quiet",
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
    State.DRAFT: _("not sent yet"),
    State.SUBMITTED: _("waiting for you to look at it"),
    State.NEEDS_INFO: _("waiting for the institution's answer"),
    State.IN_PROGRESS: _("the meeting is going on"),
    State.DECLINED: _("not taken on"),
    State.CLIENT_NO_SHOW: _("the client did not come"),
    State.ASSISTANT_NO_SHOW: _("the assistant did not come"),
    State.INSTITUTION_NO_SHOW: _("nobody of the institution was there"),
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
    State.SUBMITTED: 1,
    State.NEEDS_INFO: 1,
    State.IN_PROGRESS: 3,
    State.OFFERING: 2,
    State.UNFILLED: 2,
    State.CONFIRMED: 3,
    State.AWAITING_REPORT: 4,
    State.AWAITING_CONFIRMATION: 5,
    State.CLOSED: 6,
}

#: What ended before its end.
CANCELLED = (State.CANCELLED_BY_INSTITUTION, State.CANCELLED_BY_NETWORK)
