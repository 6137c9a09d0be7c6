from institutions.models.assistant import Assistant, Availability, AvailabilityException, Mode, Subject
from institutions.models.institution import Institution, Official, Unit
from institutions.models.request import Assignment, AssistanceRequest, Offer, RequestTransition, TimeReport

__all__ = [
    "Assignment",
    "AssistanceRequest",
    "Assistant",
    "Availability",
    "AvailabilityException",
    "Institution",
    "Mode",
    "Offer",
    "Official",
    "RequestTransition",
    "Subject",
    "TimeReport",
    "Unit",
]
