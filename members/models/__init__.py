"""Who: people and accounts, attendance and comments, phones."""

from .attendance import Attendance, Comment, Door, Guest
from .devices import Device
from .people import AuditEntry, Member, Office, User

__all__ = [
    "Attendance",
    "AuditEntry",
    "Comment",
    "Device",
    "Door",
    "Guest",
    "Member",
    "Office",
    "User",
]
