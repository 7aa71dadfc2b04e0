"""Who is reviewed in a campaign: one line per member, made from the rules and changed only with a reason."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from cells.models import Campaign, Cell, Meeting
from members.models.attendance import Attendance
from members.models.people import Member, MemberQuerySet, Office
from members.rules.eligibility import Eligibility, Exclusion, ReviewedPerson


class ReviewLineQuerySet(models.QuerySet["ReviewLine"]):
    """Lines of the list of a year or a quarter."""

    def of(self, cell: Cell, campaign: Campaign) -> "ReviewLineQuerySet":
        """The cell's list in this campaign, in list order."""
        return (
            self.filter(cell=cell, campaign=campaign)
            .select_related("member")
            .order_by(
                Coalesce("position", "member__position"),
                "member__name_sort",
                "member__born_year",
                "pk",
            )
        )

    def standing(self) -> "ReviewLineQuerySet":
        """Without those of who left the cell before it opened its meeting."""
        return self.filter(Q(member__left_on=None) | Exists(_heard()))

    def reviewed(self, cell: Cell, campaign: Campaign) -> MemberQuerySet:
        """Whom the cell reviews, in list order: its members without those another cell has heard, and whom it has."""
        period = {"campaign__year": campaign.year, "campaign__kind": campaign.kind}
        elsewhere = ReviewLine.objects.filter(**period).exclude(cell=cell)
        own = self.filter(cell=cell, campaign=campaign).standing()
        here = Q(cell=cell, left_on=None) | Q(pk__in=own.values("member"))
        members = Member.objects.filter(here).exclude(pk__in=elsewhere.values("member"))
        return in_list_order(members, cell)

    def make(self, cell: Cell, campaign: Campaign, eligibility: Eligibility) -> None:
        """Write the lines still missing, and bring those nobody has changed by hand up to date.

        Those of who is in the cell no more stay as they are.
        """
        known = {line.member_id: line for line in self.filter(cell=cell, campaign=campaign)}
        fresh, changed = [], []
        since = leading_since(cell, campaign)
        for member in self.reviewed(cell, campaign).filter(cell=cell, left_on=None):
            person = ReviewedPerson(member.status, member.admitted_on, since.get(member.pk))
            exclusion = eligibility.exclusion(person, campaign.span)
            line = known.get(member.pk)
            if line is None:
                about = {"cell": cell, "member": member, "campaign": campaign}
                fresh.append(ReviewLine(**about, **_by_rule(exclusion)))
            elif not line.by_hand and line.stands != tuple(_by_rule(exclusion).values()):
                for name, value in _by_rule(exclusion).items():
                    setattr(line, name, value)
                changed.append(line)
        self.bulk_create(fresh, ignore_conflicts=True)  # two at once write the same
        self.bulk_update(changed, ["status", "reason", "basis"])

    def excused(self, cell: Cell, campaign: Campaign, eligibility: Eligibility) -> set[int]:
        """Members who have nothing to do with the campaign: as set by hand, else by the rules as of now.

        Of who is in the cell no more, as the list has it.
        """
        gone = ~Q(member__cell=cell) | Q(member__left_on__isnull=False)
        lines = self.filter(Q(by_hand=True) | gone, cell=cell, campaign=campaign)
        known = dict(lines.values_list("member", "status"))
        since = leading_since(cell, campaign)
        member_ids = set()
        for member in self.reviewed(cell, campaign):
            person = ReviewedPerson(member.status, member.admitted_on, since.get(member.pk))
            by_rule = eligibility.exclusion(person, campaign.span)
            status = known.get(member.pk, by_rule.status if by_rule else "")
            if status == ReviewLine.Status.NOT_SUBJECT:
                member_ids.add(member.pk)
        return member_ids


def in_list_order(members: MemberQuerySet, cell: Cell) -> MemberQuerySet:
    """Members as the cell lists them; who is in another cell by now keeps the place held here."""
    review_lines = ReviewLine.objects.filter(
        cell=cell, member=OuterRef("pk"), position__isnull=False
    ).values("position")[:1]
    place = Coalesce(Subquery(review_lines), "position")
    return members.order_by(place, "name_sort", "born_year", "pk")


def _heard() -> models.QuerySet[Attendance]:
    """The place of a line's member on the list of a meeting that its cell has opened."""
    return Attendance.objects.filter(
        member=OuterRef("member"),
        meeting__in=Meeting.objects.held(),
        meeting__cell=OuterRef("cell"),
        meeting__campaign=OuterRef("campaign"),
    )


def leading_since(cell: Cell, campaign: Campaign) -> dict[int, date]:
    """The first day ever in a post of leadership, of each member of the cell who holds one now."""
    posts = campaign.leader_posts_for(cell)
    ever = list(Office.objects.filter(member__cell=cell).order_by("since"))
    now = {office.member_id for office in ever if office.until is None and office.leads(posts)}
    first: dict[int, date] = {}
    for office in ever:
        if office.member_id in now and office.leads(posts):
            first.setdefault(office.member_id, office.since)
    return first


def _by_rule(exclusion: Exclusion | None) -> dict[str, str]:
    if exclusion is None:
        return {"status": ReviewLine.Status.SUBJECT.value, "reason": "", "basis": ""}
    return {"status": exclusion.status, "reason": exclusion.reason, "basis": exclusion.basis}


class ReviewLine(models.Model):
    """Danh sách kiểm điểm: whether a member is reviewed and rated in a campaign, and if not, why and on what basis."""

    class Status(models.TextChoices):
        SUBJECT = "subject", "Kiểm điểm, xếp loại"
        UNRATED = "unrated", "Chưa xếp loại"
        NOT_SUBJECT = "not_subject", "Không thuộc diện"

    cell = models.ForeignKey(Cell, models.PROTECT, verbose_name="chi bộ")
    member = models.ForeignKey(Member, models.PROTECT, verbose_name="đảng viên")
    # The place in the list of a member who is in another cell by now; else it is the member's own.
    position = models.PositiveSmallIntegerField("thứ tự", null=True, blank=True)
    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name="đợt kiểm điểm")
    status = models.CharField("diện kiểm điểm", max_length=12, choices=Status)
    reason = models.CharField("lý do", max_length=200, blank=True, default="")
    basis = models.CharField("căn cứ", max_length=300, blank=True, default="")
    return_on = models.DateField("ngày xem lại", null=True, blank=True)
    by_hand = models.BooleanField("bí thư sửa", default=False)
    # When it was last set by hand, or given back to the rules.
    set_at = models.DateTimeField("sửa lúc", null=True, blank=True)

    objects = ReviewLineQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng danh sách kiểm điểm"
        verbose_name_plural = "danh sách kiểm điểm"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "campaign"],
                name="one_review_line_per_member_and_campaign",
                violation_error_message="Đồng chí này đã có trong danh sách kiểm điểm của đợt.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["subject", "unrated", "not_subject"]),
                name="review_line_status_known",
                violation_error_message="Diện kiểm điểm không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(status="subject", by_hand=False) | ~Q(reason=""),
                name="review_line_has_a_reason",
                violation_error_message="Xin ghi lý do.",
            ),
            models.CheckConstraint(
                condition=Q(return_on=None) | Q(status="unrated"),
                name="only_unrated_lines_come_back",
                violation_error_message="Chỉ đồng chí chưa xếp loại mới có ngày xem lại.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_status_display()}"

    @property
    def stands(self) -> tuple[str, str, str]:
        """What the rules would have to say for nothing to change."""
        return self.status, self.reason, self.basis

    @property
    def is_here(self) -> bool:
        """Whether the member is still in the cell."""
        return self.member.left_on is None and self.member.cell_id == self.cell_id

    @property
    def is_rated(self) -> bool:
        """Whether a level is proposed for this member in this campaign."""
        return self.status == self.Status.SUBJECT
