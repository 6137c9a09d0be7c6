from institutions.models.amendment import TimeChange
from institutions.models.assistant import (
    Assistant,
    Availability,
    AvailabilityException,
    Conflict,
    Contract,
    ExtraHours,
    Mode,
    PaperWarning,
    Subject,
    Training,
    Transport,
)
from institutions.models.institution import Agreement, Institution, Official, OpeningHours, Unit
from institutions.models.presence import PresenceStatement
from institutions.models.request import AssistanceRequest, RequestSeries
from institutions.models.request_steps import RequestQuestion, RequestTransition
from institutions.models.settlement import HoursSheet, MonthlyPaper, Statement
from institutions.models.staffing import Assignment, Attempt, AttemptTransition, Offer
from institutions.models.unmet_report import UnmetReport
from institutions.models.voice import Block, BlockWish, ClientSmile, Complaint, ComplaintStep, Feedback
from institutions.models.work import Credit, Debriefing, Term, TimeReport

__all__ = [
    "Agreement",
    "Assignment",
    "AssistanceRequest",
    "Assistant",
    "Attempt",
    "AttemptTransition",
    "Availability",
    "AvailabilityException",
    "Block",
    "BlockWish",
    "ClientSmile",
    "Complaint",
    "ComplaintStep",
    "Conflict",
    "Contract",
    "Credit",
    "Debriefing",
    "ExtraHours",
    "Feedback",
    "HoursSheet",
    "Institution",
    "Mode",
    "MonthlyPaper",
    "Offer",
    "Official",
    "OpeningHours",
    "PaperWarning",
    "PresenceStatement",
    "RequestQuestion",
    "RequestSeries",
    "RequestTransition",
    "Statement",
    "Subject",
    "Term",
    "TimeChange",
    "TimeReport",
    "Training",
    "Transport",
    "Unit",
    "UnmetReport",
]
