from workshops.models.attendance import Attendance, AttendanceCorrection
from workshops.models.registration import Registration
from workshops.models.workshop import Session, Workshop

__all__ = ["Attendance", "AttendanceCorrection", "Registration", "Session", "Workshop"]
