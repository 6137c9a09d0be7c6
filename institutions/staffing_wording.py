"""Attempts and offers in plain words, for each side, and how they look."""

from django.utils.translation import gettext_lazy as _

from institutions.models import Assignment, Attempt, Offer

State = Offer.State

#: Kind of the badge (docs/look.md).
OFFER_BADGES = {
    State.OPEN: "new",
    State.INTERESTED: "wait",
    State.ACCEPTED: "good",
    State.REFUSED: "quiet",
    State.EXPIRED: "quiet",
    State.TAKEN: "quiet",
    State.NOT_CHOSEN: "quiet",
    State.CALLED_OFF: "quiet",
}
#: For the coordinator an answer that is awaited is nothing new; somebody who came forward waits for her.
OFFER_BADGES_FOR_NETWORK = OFFER_BADGES | {State.OPEN: "wait", State.INTERESTED: "new"}
ATTEMPT_BADGES = {
    Attempt.State.SEARCHING: "wait",
    Attempt.State.CHOOSING: "new",
    Attempt.State.FILLED: "good",
    Attempt.State.EXHAUSTED: "stop",
    Attempt.State.CALLED_OFF: "quiet",
}
ASSIGNMENT_BADGES = {
    Assignment.State.ACTIVE: "good",
    Assignment.State.DONE: "good",
    Assignment.State.WITHDRAWN: "stop",
    Assignment.State.REPLACED: "quiet",
    Assignment.State.CANCELLED: "quiet",
    Assignment.State.NO_SHOW: "stop",
}

#: Instead of "nobody was free", where one of two has agreed.
SECOND_IS_MISSING = _("the second assistant is missing")

#: What an assistant reads who opens an offer that is over.
OVER = {
    State.ACCEPTED: _("You said yes to this job."),
    State.REFUSED: _("You said that you cannot come this time. Thank you for the answer."),
    State.EXPIRED: _("The time to answer is over. Others are asked now."),
    State.TAKEN: _("Another assistant was first. Thank you for being there."),
    State.NOT_CHOSEN: _("This time the coordinator chose somebody else. We will ask you again."),
    State.CALLED_OFF: _("Nobody is needed any more for this meeting."),
}
