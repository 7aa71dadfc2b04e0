"""Who: people and accounts, attendance and comments, phones, self-reviews."""

from members.models.assessments import Assessment, Attachment, Finding
from members.models.attendance import Attendance, Comment, Door, Guest
from members.models.audit import AuditChain, AuditEntry, AuditLink
from members.models.committee_sheets import CommitteeSheet, SheetRow
from members.models.devices import Device, PhoneChange
from members.models.former import FormerYear
from members.models.imports import MemberImport
from members.models.news import News
from members.models.passkeys import Passkey
from members.models.people import Member, Office, User
from members.models.prompts import Prompt
from members.models.rate_limits import Count, Rate, RateLimit
from members.models.review import CannotKeep, SelfReview, SelfReviewVersion
from members.models.review_list import ReviewLine
from members.models.seats import Seat
from members.models.set_up import SetUpCode
from members.models.sign_ins import SignIn
from members.models.transfers import Transfer

__all__ = [
    "Assessment",
    "Attachment",
    "Attendance",
    "AuditChain",
    "AuditEntry",
    "AuditLink",
    "CannotKeep",
    "Comment",
    "CommitteeSheet",
    "Count",
    "Device",
    "Door",
    "Finding",
    "FormerYear",
    "Guest",
    "Member",
    "MemberImport",
    "News",
    "Office",
    "Passkey",
    "PhoneChange",
    "Prompt",
    "Rate",
    "RateLimit",
    "ReviewLine",
    "Seat",
    "SelfReview",
    "SelfReviewVersion",
    "SetUpCode",
    "SheetRow",
    "SignIn",
    "Transfer",
    "User",
]
