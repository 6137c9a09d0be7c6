from institutions.models.assistant import Assistant, Availability, AvailabilityException
from institutions.models.institution import Institution, Official, Unit
from institutions.models.request import Assignment, AssistanceRequest, Offer, RequestTransition, TimeReport

__all__ = [
    "Assignment",
    "Assistant",
    "AssistanceRequest",
    "Availability",
    "AvailabilityException",
    "Institution",
    "Offer",
    "Official",
    "RequestTransition",
    "TimeReport",
    "Unit",
]
