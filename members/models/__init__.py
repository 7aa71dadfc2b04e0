"""Who: people and accounts, attendance and comments, phones, self-reviews."""

from .assessments import Assessment, Attachment, Finding
from .attendance import Attendance, Comment, Door, Guest
from .devices import Device
from .imports import MemberImport
from .people import AuditEntry, Member, Office, User
from .review import CannotKeep, SelfReview, SelfReviewVersion
from .review_list import ReviewLine
from .transfers import Transfer

__all__ = [
    "Assessment",
    "Attachment",
    "Attendance",
    "AuditEntry",
    "CannotKeep",
    "Comment",
    "Device",
    "Door",
    "Finding",
    "Guest",
    "Member",
    "MemberImport",
    "Office",
    "ReviewLine",
    "SelfReview",
    "SelfReviewVersion",
    "Transfer",
    "User",
]
