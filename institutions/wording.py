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

#: Where it is somebody else's turn, or hers, for the network and for the assistant.
BADGES_FOR_NETWORK = BADGES | {
    State.SUBMITTED: "new",
    State.NEEDS_INFO: "wait",
    State.AWAITING_CONFIRMATION: "wait",
}
BADGES_FOR_ASSISTANT = BADGES | {State.AWAITING_REPORT: "new", State.AWAITING_CONFIRMATION: "wait"}

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

#: What the official reads below the state: what happens now, and whether she has to do something.
WHAT_NOW = {
    State.DRAFT: _("Nobody has seen it yet. Check it and send it."),
    State.SUBMITTED: _("A coordinator looks at it and writes to you. Nobody is asked before that."),
    State.NEEDS_INFO: _("Please answer the question. Then we can go on."),
    State.OFFERING: _("You get a message as soon as somebody agrees."),
    State.UNFILLED: _("Nobody was free so far. Please do not count on an assistant."),
    State.CONFIRMED: _("You need do nothing until the meeting."),
    State.IN_PROGRESS: _("At the end, give the assistant your confirmation code."),
    State.AWAITING_REPORT: _("The assistant writes down the hours. Then you confirm them."),
    State.AWAITING_CONFIRMATION: _("Please look at the hours and confirm them."),
    State.CLOSED: _("Thank you. There is nothing more to do."),
    State.DECLINED: _("We are sorry. Below you see why, and what may help."),
    State.CANCELLED_BY_INSTITUTION: _("You called it off. Nobody comes."),
    State.CANCELLED_BY_NETWORK: _("We called it off and are sorry. Nobody comes."),
    State.CLIENT_NO_SHOW: _("The client did not come. You can ask again for another day."),
    State.ASSISTANT_NO_SHOW: _("We are very sorry. A coordinator looks into it."),
    State.INSTITUTION_NO_SHOW: _("The assistant was there and met nobody of your institution."),
}

#: Nobody was found, and the day has passed.
WHAT_NOW_TOO_LATE = _("We are sorry that we found nobody. You can ask again for another day.")

#: Somebody comes, and could not find the meeting.
WHAT_NOW_PLACE = _("Somebody has agreed to come. Please write where to meet.")

#: The hours are over the plan, or the two sides say different things.
WHAT_NOW_COORDINATOR = _("A coordinator looks at the hours first. You need do nothing now.")

#: What happened, as the official reads it.
HAPPENED = {
    State.DRAFT: _("A draft was written."),
    State.SUBMITTED: _("The request was sent. A coordinator looks at it first."),
    State.NEEDS_INFO: _("The network asked a question."),
    State.OFFERING: _("We began to look for an assistant."),
    State.UNFILLED: _("Nobody was free."),
    State.CONFIRMED: _("An assistant agreed to come."),
    State.IN_PROGRESS: _("The meeting began."),
    State.AWAITING_REPORT: _("The meeting was over."),
    State.AWAITING_CONFIRMATION: _("The assistant wrote down the hours."),
    State.CLOSED: _("The hours were confirmed."),
    State.DECLINED: _("The network could not take it on."),
    State.CANCELLED_BY_INSTITUTION: _("The institution called it off."),
    State.CANCELLED_BY_NETWORK: _("The network called it off."),
    State.CLIENT_NO_SHOW: _("The client did not come."),
    State.ASSISTANT_NO_SHOW: _("The assistant did not come."),
    State.INSTITUTION_NO_SHOW: _("Nobody of the institution was there."),
}
ANSWERED = _("Your answer was sent to the network.")
CHANGED = _("The request was changed. A coordinator looks at it first.")
MOVED = _("The meeting was moved. We look for another assistant.")
SOMEBODY_ELSE = _("The assistant cannot come. We look for somebody else.")
HOURS_DISPUTED = _("You said that the hours are not right.")


def happened(move) -> str:
    """One change of an order in the official's words; the way it came from matters."""
    if move.new_state == State.OFFERING and move.old_state == State.CONFIRMED:
        return MOVED if move.reason == "other_date" else SOMEBODY_ELSE
    if move.new_state == State.SUBMITTED and move.old_state in AssistanceRequest.LOOKING:
        return CHANGED
    if move.old_state == State.NEEDS_INFO and move.new_state in (State.SUBMITTED, State.OFFERING):
        return ANSWERED if move.new_state == State.SUBMITTED else HAPPENED[State.OFFERING]
    if move.new_state == State.AWAITING_REPORT and move.old_state == State.AWAITING_CONFIRMATION:
        return HOURS_DISPUTED
    return HAPPENED[move.new_state]
