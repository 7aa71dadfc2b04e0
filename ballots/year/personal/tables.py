"""Which columns of which table are one member's own data, and which tables are nobody's to hand out, and why.

`tests/ballots/year/test_personal.py` fails where a table points at a member and stands in neither list.
"""

from collections.abc import Mapping

OWN = (
    *("cell", "name", "status", "post", "born_year", "born_on", "admitted_on", "official_on"),
    *("card_number", "phone", "gender", "citizen_id", "home_town", "education", "theory"),
    *("profession", "badge", "workplace", "note", "left_on"),
)
# By the table and its column that names the member. Of others who are named beside it, no name: what was said of a
# member is the member's own, who said it is not. Of a draft and of a petition, that there is one: neither is the
# secretary's to read, who may press the button.
TABLES: Mapping[str, tuple[str, ...]] = {
    "members.Office.member": ("kind", "title", "since", "until"),
    "members.Seat.member": ("committee", "post", "since", "until"),
    "members.Transfer.member": ("kind", "place", "since", "until"),
    "members.User.member": ("username", "date_joined", "last_login"),
    "members.Device.member": ("state", "browser"),
    "members.ReviewLine.member": ("campaign", "status", "reason", "basis", "return_on"),
    "members.SelfReview.member": ("campaign", "kind", "state", "submitted_at", "on_paper"),
    "members.Assessment.member": ("campaign", "body", "level", "score", "remark", "saved_at"),
    "members.Finding.member": ("campaign", "kind", "key", "holds", "evidence", "words", "at"),
    "members.Attachment.member": ("campaign", "kind", "title", "at"),
    "members.Attendance.member": (
        *("meeting", "standing", "state", "reason", "duty", "rated", "unrated_reason"),
        *("self_level", "presents", "self_review", "reply", "left_at"),
    ),
    "members.Comment.by": ("meeting", "kind", "reserved", "text"),
    "members.Comment.on": ("meeting", "kind", "text"),
    "members.AuditEntry.member": ("at", "verb"),
    "ballots.Teller.member": ("meeting", "lead"),
    "ballots.Classification.member": ("meeting", "stage", "source", "level", "reason"),
    "ballots.CaseConclusion.member": ("sitting", "of", "level", "reason"),
    "members.Prompt.member": ("campaign", "text", "basis", "at", "withdrawn_at"),
    "members.FormerYear.member": ("year", "level", "shortcomings", "at"),
    "ballots.Petition.member": ("decision", "at", "answered_at"),
}
HANDED_IN = (
    *("number", "at", "kind", "texts", "scores", "grades", "answers", "self_level", "on_paper"),
)
ROLL = "is of a poll, and nothing near a ballot is handed out"
LEFT_OUT: Mapping[str, str] = {
    "ballots.Issue.member": ROLL,
    "ballots.Subject.member": ROLL,
    "ballots.Difference.member": ROLL,
    "ballots.Difference.agreed_by": ROLL,
    "ballots.RollCheck.teller": ROLL,
    "ballots.QuotaLine.member": "is a committee's try before it decides, not the secretary's to read",
    "members.PhoneChange.member": "is a note to the secretary, gone with the meeting",
}
