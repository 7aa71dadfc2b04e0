"""Dự thảo tỷ lệ HTXS: what a committee tries out before it decides, which cases it holds, and who moved whom."""

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery

from ballots.models.decisions import Decision
from ballots.models.submissions import Submission
from cells.law.periods import Period
from cells.law.post_groups import PostGroups, of_stored
from cells.models import Collective, Committee, Level, Meeting
from cells.stale import STALE
from members.models import Member, User

WHY_OTHERWISE = "Khác mức chi bộ đề nghị thì xin ghi lý do."


class QuotaDraftQuerySet(models.QuerySet["QuotaDraft"]):
    """Drafts, asked by committee and period."""

    def of(self, committee: Committee, period: Period) -> "QuotaDraftQuerySet":
        """Those of one committee for one period."""
        return self.filter(committee=committee, year=period.year, kind=period.kind)


class QuotaDraft(models.Model):
    """Dự thảo: a named try at the levels of a whole committee. It decides nothing.

    It keeps the list of groups as it stood; `version` counts what changes the draft as a whole, so that an old page is
    told.
    """

    committee = models.ForeignKey(Committee, models.PROTECT, verbose_name="đảng bộ")
    year = models.PositiveSmallIntegerField("năm")
    kind = models.CharField("kỳ", max_length=4)
    name = models.CharField("tên dự thảo", max_length=100)
    groups = models.JSONField("nhóm chức vụ")
    # By the name of a group: why the cap is raised there.
    raised = models.JSONField("lý do nâng trần", default=dict, blank=True)
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="chép từ"
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người lập")
    at = models.DateTimeField("lập lúc", auto_now_add=True)
    version = models.PositiveIntegerField("lần ghi", default=1)

    objects = QuotaDraftQuerySet.as_manager()

    class Meta:
        verbose_name = "dự thảo mức xếp loại"
        verbose_name_plural = "dự thảo mức xếp loại"
        ordering = ["committee", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "year", "kind", "name"],
                name="one_quota_draft_per_name",
                violation_error_message="Đã có dự thảo mang tên này. Xin đặt tên khác.",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="quota_draft_has_a_name",
                violation_error_message="Xin đặt tên cho dự thảo.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def period(self) -> Period:
        """Of which review."""
        return Period(self.year, self.kind)

    @property
    def post_groups(self) -> PostGroups:
        """The groups it counts by."""
        return of_stored(self.groups)


class QuotaFileQuerySet(models.QuerySet["QuotaFile"]):
    """The files of drafts."""

    def changed(self) -> "QuotaFileQuerySet":
        """Those that were sent again, returned, decided or, once decided, reopened since they were taken."""
        last = Submission.objects.filter(meeting=OuterRef("meeting")).order_by("-number")
        decided = Decision.objects.filter(meeting=OuterRef("meeting")).order_by("-number")
        now = self.annotate(
            last_sending=Subquery(last.values("number")[:1]),
            returned_at=Subquery(last.values("returned_at")[:1]),
            approved_at=Subquery(last.values("approved_at")[:1]),
            last_decision=Subquery(decided.values("number")[:1]),
        )
        again = ~Q(last_sending=models.F("sending")) | Q(returned_at__isnull=False)
        since = Q(last_decision__gt=models.F("decision"))
        # What is decided is approved; where it no longer is, it was reopened and waits to be decided again.
        reopened = Q(last_decision__isnull=False, approved_at=None, is_open=False)
        closed = Q(approved_at__isnull=False, is_open=True)
        changed = now.filter(again | since | reopened | closed)
        return changed.select_related("meeting__cell")


class QuotaFile(models.Model):
    """Hồ sơ trong dự thảo: which sending of which file its lines are of, and the last decision on it (0: none).

    A file that was decided and reopened is open until it is decided again.
    """

    draft = models.ForeignKey(QuotaDraft, models.CASCADE, related_name="files")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="+")
    sending = models.PositiveSmallIntegerField("lần gửi")
    decision = models.PositiveSmallIntegerField("lần quyết định", default=0)
    # Decided once, reopened, and not decided again: its cases may be moved.
    is_open = models.BooleanField("mở lại, chờ quyết định lại", default=False, db_default=False)

    objects = QuotaFileQuerySet.as_manager()

    class Meta:
        verbose_name = "hồ sơ trong dự thảo"
        verbose_name_plural = "hồ sơ trong dự thảo"
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "meeting"],
                name="one_quota_file_per_meeting",
                violation_error_message="Hồ sơ này đã có trong dự thảo.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}, lần gửi {self.sending}"


class QuotaLineQuerySet(models.QuerySet["QuotaLine"]):
    """The lines of drafts."""

    def numbers(self) -> list[tuple[int | None, bool, str, str, int]]:
        """How many are in each group, as a cell's secretary or not, at each proposed and each drafted level."""
        rows = self.order_by().values_list("group", "is_head", "proposed", "level")
        return list(rows.annotate(number=Count("pk")))


class QuotaLine(models.Model):
    """Một trường hợp trong dự thảo: a member, a leadership collective, or a cell (neither), as the file had it.

    `level` is the draft's; what the cell proposed and how it voted stay beside it. What else the case rests on is kept
    as it was when the file was taken, to be read and sorted by.
    """

    draft = models.ForeignKey(QuotaDraft, models.CASCADE, related_name="lines")
    file = models.ForeignKey(QuotaFile, models.CASCADE, related_name="lines")
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="đảng viên"
    )
    collective = models.ForeignKey(
        Collective, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tập thể"
    )
    name = models.CharField("tên", max_length=200)
    name_sort = models.CharField(max_length=300)
    name_search = models.CharField(max_length=200)
    posts = models.CharField("chức vụ", max_length=300, blank=True, default="")
    group = models.PositiveSmallIntegerField("nhóm", null=True, blank=True)
    is_head = models.BooleanField("người đứng đầu", default=False)
    proposed = models.CharField("chi bộ đề nghị", max_length=4, blank=True, default="")
    level = models.CharField("mức dự thảo", max_length=4, blank=True, default="")
    reason = models.CharField("lý do", max_length=300, blank=True, default="")
    is_decided = models.BooleanField("đã quyết định", default=False)
    version = models.PositiveIntegerField("lần đổi", default=0)
    # What the case rests on.
    self_level = models.CharField("tự nhận", max_length=4, blank=True, default="")
    votes = models.JSONField("phiếu theo mức", default=dict, blank=True)
    base = models.PositiveSmallIntegerField("tính trên", default=0)
    for_top = models.PositiveIntegerField("phần triệu phiếu HTXS", default=0)  # to sort by alone
    score = models.DecimalField("điểm", max_digits=5, decimal_places=2, null=True, blank=True)
    flags = models.PositiveSmallIntegerField("trường hợp đã xác nhận", default=0)
    quarters = models.JSONField("mức từng quý", default=dict, blank=True)
    top_quarters = models.PositiveSmallIntegerField("số quý HTXS", default=0)
    last_level = models.CharField("mức năm trước", max_length=4, blank=True, default="")
    remedied = models.PositiveSmallIntegerField("hạn chế đã khắc phục", default=0)
    to_remedy = models.PositiveSmallIntegerField("hạn chế năm trước", default=0)

    objects = QuotaLineQuerySet.as_manager()

    class Meta:
        verbose_name = "trường hợp trong dự thảo"
        verbose_name_plural = "trường hợp trong dự thảo"
        indexes = [
            models.Index(fields=["draft", "group", "level"], name="quota_lines_by_group"),
            models.Index(fields=["draft", "name_sort"], name="quota_lines_by_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "member"],
                name="one_quota_line_per_member",
                violation_error_message="Đồng chí này đã có trong dự thảo.",
            ),
            models.UniqueConstraint(
                fields=["file", "collective"],
                name="one_quota_line_per_collective",
                violation_error_message="Tập thể này đã có trong dự thảo.",
            ),
            models.UniqueConstraint(
                fields=["file"],
                condition=Q(member=None, collective=None),
                name="one_quota_line_of_the_cell",
                violation_error_message="Chi bộ này đã có trong dự thảo.",
            ),
            models.CheckConstraint(
                condition=Q(member=None) | Q(collective=None),
                name="quota_line_is_of_cell_leadership_or_member",
                violation_error_message="Một dòng chỉ về chi bộ, một tập thể lãnh đạo hoặc một đảng viên.",
            ),
            models.CheckConstraint(
                condition=Q(level__in=["", *Level.values]),
                name="quota_level_known",
                violation_error_message="Mức xếp loại không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(proposed="")
                | Q(level=models.F("proposed"))
                | Q(is_decided=True)
                | ~Q(reason=""),
                name="quota_departure_has_its_reason",
                violation_error_message=WHY_OTHERWISE,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """The name as sentences say it."""
        return f"Đ/c {self.name}" if self.member_id else self.name

    def needs_reason(self, level: str) -> bool:
        """Whether this level departs from what the cell proposes."""
        return bool(self.proposed) and level != self.proposed

    @property
    def departs(self) -> bool:
        """Whether the draft has another level than the cell proposes."""
        return self.needs_reason(self.level)


class QuotaMove(models.Model):
    """Một lần đổi mức: who moved a case of a draft, when, from where to where, and why. Never changed."""

    line = models.ForeignKey(QuotaLine, models.CASCADE, related_name="moves")
    number = models.PositiveIntegerField("lần đổi")
    before = models.CharField("từ mức", max_length=4, blank=True, default="")
    after = models.CharField("sang mức", max_length=4, blank=True, default="")
    reason = models.CharField("lý do", max_length=300, blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người đổi")
    at = models.DateTimeField("lúc", auto_now_add=True)

    class Meta:
        verbose_name = "lần đổi mức trong dự thảo"
        verbose_name_plural = "lần đổi mức trong dự thảo"
        ordering = ["line", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "number"],
                name="one_quota_move_per_number",
                violation_error_message=STALE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.before} → {self.after}"


def waiting_files(committee: Committee, period: Period) -> models.QuerySet[Submission]:
    """The last sending of each file of the period that lies above, of cells under the committee."""
    later = Submission.objects.filter(meeting=OuterRef("meeting"), number__gt=OuterRef("number"))
    return Submission.objects.filter(
        ~Exists(later),
        returned_at=None,
        meeting__campaign__year=period.year,
        meeting__campaign__kind=period.kind,
        meeting__kind__in=[Meeting.Kind.MAIN, Meeting.Kind.EXTRA],
        meeting__cell__committee__path__startswith=committee.path,
    )


def new_files(draft: QuotaDraft) -> models.QuerySet[Submission]:
    """Those that lie above now and that the draft does not have yet."""
    taken = QuotaFile.objects.filter(draft=draft, meeting=OuterRef("meeting"))
    return waiting_files(draft.committee, draft.period).exclude(Exists(taken))
