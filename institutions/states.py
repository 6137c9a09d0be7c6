"""The ways of an order, of an attempt to staff it, and of what came of the attempt.

Whatever is not here cannot happen: ``transitions`` refuses it, whichever verb asks (domain.md A5.3).
"""

from institutions.models import Assignment, AssistanceRequest, Attempt, Complaint

_S = AssistanceRequest.State
_CALLED_OFF, NO_SHOWS = set(AssistanceRequest.CALLED_OFF), set(AssistanceRequest.NO_SHOWS)

#: The order. A new one is a draft, or goes to the network at once; one that is changed while somebody is
#: looked for may have to be looked at by a coordinator (first or again); what is over stays over, only a
#: no-show written down by mistake can be put right by the coordinator.
ORDER: dict[str, set[str]] = {
    "": {_S.DRAFT, _S.SUBMITTED, _S.OFFERING},
    _S.DRAFT: {_S.SUBMITTED, _S.OFFERING},
    _S.SUBMITTED: {_S.NEEDS_INFO, _S.OFFERING, _S.DECLINED, _S.UNFILLED} | _CALLED_OFF,
    _S.NEEDS_INFO: {_S.SUBMITTED, _S.OFFERING, _S.DECLINED, _S.UNFILLED} | _CALLED_OFF,
    _S.OFFERING: {_S.CONFIRMED, _S.UNFILLED, _S.SUBMITTED, _S.NEEDS_INFO, _S.DECLINED} | _CALLED_OFF,
    _S.UNFILLED: {_S.OFFERING, _S.CONFIRMED, _S.SUBMITTED, _S.DECLINED} | _CALLED_OFF,
    _S.CONFIRMED: {_S.OFFERING, _S.UNFILLED, _S.IN_PROGRESS, _S.AWAITING_REPORT, _S.AWAITING_CONFIRMATION}
    | _CALLED_OFF
    | NO_SHOWS,
    _S.IN_PROGRESS: {_S.AWAITING_REPORT, _S.AWAITING_CONFIRMATION, _S.CANCELLED_BY_NETWORK} | NO_SHOWS,
    _S.AWAITING_REPORT: {_S.AWAITING_CONFIRMATION, _S.CANCELLED_BY_NETWORK} | NO_SHOWS,
    _S.AWAITING_CONFIRMATION: {_S.AWAITING_REPORT, _S.CLOSED} | NO_SHOWS,
    _S.CLIENT_NO_SHOW: {_S.AWAITING_REPORT},
    _S.ASSISTANT_NO_SHOW: {_S.AWAITING_REPORT},
    _S.INSTITUTION_NO_SHOW: {_S.AWAITING_REPORT},
    _S.CLOSED: set(),
    _S.DECLINED: set(),
    _S.CANCELLED_BY_INSTITUTION: set(),
    _S.CANCELLED_BY_NETWORK: set(),
}

_A = Attempt.State
#: The attempt: looking, choosing, and one of three ends.
ATTEMPT: dict[str, set[str]] = {
    "": {_A.SEARCHING, _A.CHOOSING, _A.FILLED},
    _A.SEARCHING: {_A.CHOOSING, _A.FILLED, _A.EXHAUSTED, _A.CALLED_OFF},
    _A.CHOOSING: {_A.SEARCHING, _A.FILLED, _A.EXHAUSTED, _A.CALLED_OFF},
    _A.FILLED: set(),
    _A.EXHAUSTED: set(),
    _A.CALLED_OFF: set(),
}

_J = Assignment.State
#: What came of a filled attempt. A no-show that was none is an agreed job again; so is a job that was done
#: with by a client who, as a coordinator finds, did come.
ASSIGNMENT: dict[str, set[str]] = {
    _J.ACTIVE: {_J.WITHDRAWN, _J.REPLACED, _J.CANCELLED, _J.NO_SHOW, _J.DONE},
    _J.NO_SHOW: {_J.ACTIVE},
    _J.WITHDRAWN: set(),
    _J.REPLACED: set(),
    _J.CANCELLED: set(),
    _J.DONE: {_J.ACTIVE},
}

_C = Complaint.State
#: A complaint. What was decided stays decided; whoever thinks it wrong complains anew.
COMPLAINT: dict[str, set[str]] = {
    "": {_C.RECEIVED},
    _C.RECEIVED: {_C.LOOKING, _C.UPHELD, _C.NOT_UPHELD, _C.WITHDRAWN},
    _C.LOOKING: {_C.UPHELD, _C.NOT_UPHELD, _C.WITHDRAWN},
    _C.UPHELD: set(),
    _C.NOT_UPHELD: set(),
    _C.WITHDRAWN: set(),
}
