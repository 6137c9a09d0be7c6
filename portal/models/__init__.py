from portal.models.audit import AuditEntry, ReadEntry
from portal.models.card import OneTimeCard
from portal.models.diary import DiaryEntry
from portal.models.feed import CalendarFeed
from portal.models.message import Message
from portal.models.user import ContactPreference, User

__all__ = [
    "AuditEntry",
    "CalendarFeed",
    "ContactPreference",
    "DiaryEntry",
    "Message",
    "OneTimeCard",
    "ReadEntry",
    "User",
]
