"""Rows that committees write at once: races of constraints, as `RACES` of tests/races/test_races_of_constraints.py."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from django.db.models import Model

from ballots.models import (
    ApiToken,
    CaseConclusion,
    CommitteeFile,
    CommitteePaper,
    CommitteePin,
    QuotaDraft,
    QuotaFile,
    QuotaLine,
    QuotaMove,
    Total,
    UnratedTotal,
)
from cells.models import Closing, Meeting
from members.models import AuditChain, AuditEntry, AuditLink, CommitteeSheet, Seat, SheetRow, User
from tests.kit import factories
from tests.kit.rows import World

PERIOD = {"year": 2026, "kind": "year"}
DAY = date(2026, 12, 1)


def draft_of(w: World, name: str) -> QuotaDraft:
    """A draft of the committee."""
    return QuotaDraft(committee=w.cell.committee, name=name, groups=[], by=w.user, **PERIOD)


def line_of(file: QuotaFile, **values) -> QuotaLine:
    """A case of a draft."""
    return QuotaLine(
        file=file, draft=file.draft, name="A", name_sort="a", name_search="a", **values
    )


def sheet_of(w: World, user: User, name: str = "a.xlsx") -> CommitteeSheet:
    """A long sheet of members that this officer has sent."""
    return CommitteeSheet(committee=w.cell.committee, user=user, file_name=name, data=b"PK")


class Above:
    """What the committee over a world has begun: one of each row on which others hang."""

    def __init__(self, w: World) -> None:
        self.draft = draft_of(w, "Một")
        self.draft.save()
        about = {"draft": self.draft, "sending": 1}
        self.file = QuotaFile.objects.create(meeting=w.meeting, **about)
        self.line = line_of(self.file, member=w.member)
        self.line.save()
        self.sent = CommitteeFile.objects.create(committee=w.cell.committee, by=w.user, **PERIOD)
        self.total = Total.objects.create(meeting=w.meeting, group="leader", **PERIOD)
        self.sheet = sheet_of(w, factories.make_user(committee=w.cell.committee))
        self.sheet.save()
        self.chain = AuditChain.objects.create(name="of these tests")

    @classmethod
    def of(cls, w: World) -> "Above":
        """Made once for a world."""
        if not hasattr(w, "above"):
            w.above = cls(w)
        return w.above


def link_of(w: World, number: int) -> AuditLink:
    """A line of the audit at a place in a chain."""
    entry = AuditEntry.objects.create(user=w.user, verb="member.edited")
    return AuditLink(entry=entry, chain=Above.of(w).chain, number=number)


def conclusion_on(w: World, **case) -> CaseConclusion:
    """What a committee's meeting concludes of a case of this file."""
    return CaseConclusion(sitting=w.meeting, of=w.meeting, level="HTT", reason="Nhất trí", **case)


RACES: dict[str, tuple[str, Callable[[World, int], Model]]] = {
    "one_current_conclusion_on_a_member": (
        "the chair concludes on a member on two pages",
        lambda w, n: conclusion_on(w, member=w.member),
    ),
    "one_current_conclusion_on_a_collective": (
        "the chair concludes on a collective on two pages",
        lambda w, n: conclusion_on(w, collective=w.body),
    ),
    "one_current_conclusion_on_a_cell": (
        "the chair concludes on a cell on two pages",
        lambda w, n: conclusion_on(w),
    ),
    "one_standing_closing_per_campaign": (
        "two officers end one campaign",
        lambda w, n: Closing(
            campaign=w.meeting.campaign, at=datetime(2026, 12, n + 1, tzinfo=UTC)
        ),
    ),
    "one_line_per_place_in_a_chain": (
        "two lines of the audit at one place of a chain",
        lambda w, n: link_of(w, 7),
    ),
    "minutes_symbol_once_per_committee_and_campaign": (
        "minutes of two meetings of a committee under one number",
        lambda w, n: Meeting(
            committee=w.cell.committee,
            campaign=w.meeting.campaign,
            kind="standing",
            starts_at=w.meeting.starts_at,
            minutes_symbol="12-BB/ĐU",
        ),
    ),
    "one_secretary_of_a_committee": (
        "two secretaries of one committee",
        lambda w, n: Seat(
            committee=w.cell.committee, member=w.others[n], post="secretary", since=DAY
        ),
    ),
    "one_seat_of_a_member": (
        "a member given two posts in one committee",
        lambda w, n: Seat(committee=w.cell.committee, member=w.member, post="member", since=DAY),
    ),
    "one_committee_file_per_number": (
        "a committee's report sent by two clicks",
        lambda w, n: CommitteeFile(
            committee=w.cell.committee, by=w.user, number=2, note=str(n), **PERIOD
        ),
    ),
    "one_committee_paper_of_a_kind": (
        "a committee's paper locked twice",
        lambda w, n: CommitteePaper(
            file=Above.of(w).sent, kind="report", ending="pdf", content=bytes([n]), sha256=str(n)
        ),
    ),
    "one_committee_pin_per_place": (
        "one line of a report pinned twice",
        lambda w, n: CommitteePin(file=Above.of(w).sent, place="1", text=str(n)),
    ),
    "one_committee_sheet_per_user": (
        "a long sheet of a committee sent by two clicks",
        lambda w, n: sheet_of(w, w.user, str(n)),
    ),
    "one_row_per_position": (
        "two workers that read one sheet",
        lambda w, n: SheetRow(
            sheet=Above.of(w).sheet, position=1, key=str(n), kind="new", told=[]
        ),
    ),
    "one_quota_draft_per_name": (
        "two drafts of one name",
        lambda w, n: draft_of(w, "Hai"),
    ),
    "one_quota_file_per_meeting": (
        "a file taken into a draft twice",
        lambda w, n: QuotaFile(draft=Above.of(w).draft, meeting=w.empty, sending=n + 1),
    ),
    "one_quota_line_per_member": (
        "a member twice in a draft, and so counted twice",
        lambda w, n: line_of(Above.of(w).file, member=w.others[0]),
    ),
    "one_quota_line_per_collective": (
        "a collective twice in a draft",
        lambda w, n: line_of(Above.of(w).file, collective=w.body),
    ),
    "one_quota_line_of_the_cell": (
        "a cell twice in a draft",
        lambda w, n: line_of(Above.of(w).file),
    ),
    "one_quota_move_per_number": (
        "two officers move one person from the same level",
        lambda w, n: QuotaMove(line=Above.of(w).line, number=1, after="HT", by=w.user),
    ),
    "token_name_once_per_committee": (
        "two tokens of one name",
        lambda w, n: ApiToken(
            committee=w.cell.committee,
            name="Thống kê",
            digest=str(n),
            made_by=w.user,
            made_on=DAY,
            expires_on=DAY,
        ),
    ),
    "one_total_per_file_and_group": (
        "a file counted twice",
        lambda w, n: Total(meeting=w.empty, group="member", total=n, **PERIOD),
    ),
    "one_number_per_reason": (
        "a reason counted twice",
        lambda w, n: UnratedTotal(
            total=Above.of(w).total, status="unrated", reason="Nghỉ ốm", number=n
        ),
    ),
}
