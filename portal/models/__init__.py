from portal.models.audit import AuditEntry, ReadEntry
from portal.models.diary import DiaryEntry
from portal.models.message import Message
from portal.models.user import ContactPreference, User

__all__ = ["AuditEntry", "ContactPreference", "DiaryEntry", "Message", "ReadEntry", "User"]
