"""The roll: what is voted on, who received a ballot and by which door, and who counts. Never what a ballot says."""

import uuid

from django.db import models
from django.db.models import F, Q

from ballots.models.box import Poll
from cells.models import Collective, Meeting
from members.models import Door, Member
from partyreview.statements import Statement

__all__ = ["Door", "Issue", "RollCheck", "Slip", "Subject", "Teller"]


class Subject(models.Model):
    """Đối tượng bỏ phiếu: one row of the ballot, on a member, on a leadership collective, else on the cell itself."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="subjects")
    position = models.PositiveSmallIntegerField("dòng")
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, verbose_name="đảng viên"
    )
    collective = models.ForeignKey(
        Collective, models.PROTECT, null=True, blank=True, verbose_name="tập thể lãnh đạo"
    )
    # On the member in a post of leadership, rated where the post is held: says nothing of the level as đảng viên.
    as_leader = models.BooleanField("ở cương vị lãnh đạo, quản lý", default=False)
    label = models.CharField("tên trên phiếu", max_length=200)

    class Meta:
        verbose_name = "đối tượng bỏ phiếu"
        verbose_name_plural = "đối tượng bỏ phiếu"
        ordering = ["poll", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "position"],
                name="one_subject_per_row",
                violation_error_message="Dòng này của phiếu đã có tên.",
            ),
            models.UniqueConstraint(
                fields=["poll", "member"],
                name="one_row_per_subject",
                violation_error_message="Đồng chí này đã có trên phiếu.",
            ),
            models.UniqueConstraint(
                fields=["poll", "collective"],
                name="one_row_per_collective",
                violation_error_message="Tập thể lãnh đạo này đã có trên phiếu.",
            ),
            models.CheckConstraint(
                condition=Q(member=None) | Q(collective=None),
                name="subject_is_cell_leadership_or_member",
                violation_error_message="Một dòng của phiếu chỉ về chi bộ, một tập thể lãnh đạo hoặc một đảng viên.",
            ),
            models.CheckConstraint(
                condition=Q(as_leader=False) | Q(member__isnull=False),
                name="only_members_are_leaders",
                violation_error_message="Chỉ đảng viên mới giữ cương vị lãnh đạo, quản lý.",
            ),
        ]

    def __str__(self) -> str:
        return self.label


def _while_issuing(name: str, change: str, which: str, types: str) -> Statement:
    """Change a voter's entry in the round under P, while the poll issues; one statement, which is one transaction.

    FOR SHARE makes the end of issuing wait, and what waited for it find no poll (box.py: share_locked).
    """
    return Statement(
        name,
        "WITH poll AS (SELECT id, round FROM ballots_poll WHERE p = %s AND state = 'issuing' {share}) "  # noqa: S608 - constants
        f"UPDATE ballots_issue SET {change} FROM poll "
        "WHERE ballots_issue.poll_id = poll.id AND ballots_issue.round = poll.round "
        f"AND member_id = %s AND {which}",
        types,
    )


# Of two stamps for one voter one is kept.
KEEP_STAMP = _while_issuing(
    "keep_stamp",
    "blinded = %s, blind_sig = %s, stamped = TRUE",
    "door = 'phone' AND declined = '' AND NOT stamped",
    "text, bytea, bytea, bigint",
)
# Who holds no stamp has received none.
KEEP_RECEIPT = _while_issuing("keep_receipt", "received = TRUE", "stamped", "text, bigint")


class IssueQuerySet(models.QuerySet["Issue"]):
    """Entries of the roll, asked by poll round and by what is still missing."""

    def of(self, poll: Poll) -> "IssueQuerySet":
        """The roll of the poll's present round."""
        return self.filter(poll=poll, round=poll.round)

    def waiting(self) -> "IssueQuerySet":
        """Voters by phone who hold no ballot yet and have not declined one."""
        return self.filter(door=Door.PHONE, received=False, declined="")

    def under(self, p: str, member: int) -> "Issue | None":
        """The member's entry in the round whose sheet has this SHA-256, with `phase`, the poll's state."""
        rows = self.raw(
            "SELECT issue.*, poll.state AS phase FROM ballots_issue AS issue JOIN ballots_poll AS poll "
            "ON poll.id = issue.poll_id AND poll.round = issue.round "
            "WHERE poll.p = %s AND issue.member_id = %s",
            [p, member],
        )
        return next(iter(rows), None)

    def keep_stamp(self, p: str, member: int, blinded: bytes, blind_sig: bytes) -> bool:
        """Keep a voter's first stamp while the poll issues."""
        return KEEP_STAMP.changed(p, blinded, blind_sig, member) == 1

    def keep_receipt(self, p: str, member: int) -> bool:
        """Note that a voter's phone holds its stamp, while the poll issues."""
        return KEEP_RECEIPT.changed(p, member) == 1


class Issue(models.Model):
    """Phát phiếu: one voter's entry on the roll of a poll round. Its random key tells no order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Found through its first constraint below; each index more is written with every stamp.
    poll = models.ForeignKey(Poll, models.PROTECT, db_index=False)
    round = models.PositiveSmallIntegerField("lần phát")
    member = models.ForeignKey(Member, models.PROTECT, verbose_name="đảng viên")
    door = models.CharField("cách bỏ phiếu", max_length=5, choices=Door, default=Door.PHONE)
    # Dropped when the box is sealed; the same blinded value gets the same answer until then.
    blinded = models.BinaryField(null=True, editable=False)
    blind_sig = models.BinaryField(null=True, editable=False)
    stamped = models.BooleanField("đã phát", default=False)
    received = models.BooleanField("đã nhận", default=False)
    declined = models.CharField("không nhận phiếu, lý do", max_length=200, blank=True, default="")

    phase: str  # the poll's state, where a query says so

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = "phát phiếu"
        verbose_name_plural = "phát phiếu"
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "round", "member"],
                name="one_issue_per_voter_and_round",
                violation_error_message="Đồng chí này đã có trong danh sách nhận phiếu.",
            ),
            models.CheckConstraint(
                condition=Q(door__in=["phone", "slip", "paper"]),
                name="issue_door_known",
                violation_error_message="Cách bỏ phiếu không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(received=False) | Q(stamped=True),
                name="received_only_when_stamped",
                violation_error_message="Chưa phát phiếu thì chưa nhận được phiếu.",
            ),
            models.CheckConstraint(
                condition=Q(door="phone") | Q(stamped=False),
                name="only_phones_are_stamped_by_name",
                violation_error_message="Phiếu bốc thăm và phiếu giấy không ghi tên người nhận.",
            ),
            models.CheckConstraint(
                condition=Q(stamped=False) | Q(declined=""),
                name="who_declined_holds_no_ballot",
                violation_error_message="Đồng chí này đã nhận phiếu, không thể ghi là không nhận.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_door_display()}"


class Slip(models.Model):
    """Phiếu bốc thăm, phiếu giấy: one stamp without a name. The code itself stands on the printed slip only."""

    class Kind(models.TextChoices):
        SLIP = "slip", "Phiếu bốc thăm"
        PAPER = "paper", "Phiếu giấy"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, models.PROTECT)
    round = models.PositiveSmallIntegerField("lần phát")
    kind = models.CharField("loại", max_length=5, choices=Kind, default=Kind.SLIP)
    code_hash = models.CharField("mã băm", max_length=64)
    blinded = models.BinaryField(null=True, editable=False)
    blind_sig = models.BinaryField(null=True, editable=False)
    stamped = models.BooleanField("đã phát", default=False)

    class Meta:
        verbose_name = "phiếu bốc thăm"
        verbose_name_plural = "phiếu bốc thăm"
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "round", "code_hash"],
                name="one_stamp_per_slip",
                violation_error_message="Phiếu bốc thăm này đã được dùng.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["slip", "paper"]),
                name="slip_kind_known",
                violation_error_message="Loại phiếu không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Teller(models.Model):
    """Thành viên tổ kiểm phiếu; one of them leads (tổ trưởng)."""

    meeting = models.ForeignKey(Meeting, models.PROTECT)
    member = models.ForeignKey(Member, models.PROTECT, verbose_name="đảng viên")
    lead = models.BooleanField("tổ trưởng", default=False)

    class Meta:
        verbose_name = "thành viên tổ kiểm phiếu"
        verbose_name_plural = "tổ kiểm phiếu"
        ordering = ["meeting", F("lead").desc(), "member__name_sort"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"],
                name="one_teller_post_per_member",
                violation_error_message="Đồng chí này đã ở trong tổ kiểm phiếu.",
            ),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(lead=True),
                name="one_lead_teller_per_meeting",
                violation_error_message="Tổ kiểm phiếu chỉ có một tổ trưởng.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)


class RollCheck(models.Model):
    """Xác nhận danh sách có mặt: the roll that a teller saw on the own device and confirmed, by its digest."""

    meeting = models.OneToOneField(Meeting, models.CASCADE)
    teller = models.ForeignKey(Member, models.PROTECT, verbose_name="thành viên tổ kiểm phiếu")
    voters = models.PositiveSmallIntegerField("số người được bỏ phiếu")
    digest = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = "xác nhận danh sách có mặt"
        verbose_name_plural = "xác nhận danh sách có mặt"

    def __str__(self) -> str:
        return f"{self.teller}: {self.voters}"
