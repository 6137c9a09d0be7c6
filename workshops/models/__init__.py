from workshops.models.asking import Answer, Placement, PracticalNeed, Question
from workshops.models.attendance import (
    Attendance,
    AttendanceCorrection,
    CheckIn,
    DeviceMark,
    HeadCount,
    SheetRow,
    SignatureSheet,
)
from workshops.models.certificate import Certificate, CertificateName
from workshops.models.registration import Registration, SeatOffer
from workshops.models.session import Session
from workshops.models.staying import AbsenceReason, CallTask, ManualHours
from workshops.models.workshop import Workshop

__all__ = [
    "AbsenceReason",
    "Answer",
    "Attendance",
    "AttendanceCorrection",
    "CallTask",
    "Certificate",
    "CertificateName",
    "CheckIn",
    "DeviceMark",
    "HeadCount",
    "ManualHours",
    "Placement",
    "PracticalNeed",
    "Question",
    "Registration",
    "SeatOffer",
    "Session",
    "SheetRow",
    "SignatureSheet",
    "Workshop",
]
