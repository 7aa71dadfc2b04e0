"""What others say of a member before the vote, and what an officer has put on record about a subject of the review."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from cells import wording
from cells.models import Campaign, Cell, Collective, Level
from cells.models.columns import in_force, superseding
from members.models.people import Member, User


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """What the bodies said, asked by cell."""

    def as_leaders(self) -> "dict[int, Assessment]":
        """How leaders were rated where they hold their posts, by member; without the level nothing is known."""
        rated = self.filter(body=Assessment.Body.POST).exclude(level="")
        return {row.member_id: row for row in rated}

    def of(self, cell: Cell, campaign: Campaign) -> "AssessmentQuerySet":
        """Those made in the cell in this campaign."""
        return self.filter(cell=cell, campaign=campaign)


class Assessment(models.Model):
    """Nhận xét, đề xuất of one body (chủ thể) on one member in one campaign, as the secretary has put it in.

    `version` counts every change, so that of two open pages the second cannot overwrite the first unseen.
    """

    class Body(models.TextChoices):
        MANAGER = "manager", "Cơ quan, đơn vị"
        UNIONS = "unions", "Đoàn thể"
        RESIDENCE = "residence", "Nơi cư trú (213)"
        EXECUTIVE = "executive", "Chi ủy"
        # Rated there as a leader, which is a basis of the cell's level and never stands for it (QĐ 366, điều 3).
        POST = "post", "Nơi giữ chức vụ lãnh đạo, quản lý"

    cell = models.ForeignKey(Cell, models.PROTECT, verbose_name="chi bộ")
    member = models.ForeignKey(Member, models.PROTECT, verbose_name="đảng viên")
    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name="đợt kiểm điểm")
    body = models.CharField("chủ thể", max_length=10, choices=Body)
    # Of POST alone: which collective has reviewed and rated the leader.
    by_body = models.CharField("nơi kiểm điểm", max_length=200, blank=True, default="")
    level = models.CharField("mức đề xuất", max_length=4, choices=Level, blank=True, default="")
    score = models.DecimalField(
        "điểm thẩm định",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    remark = models.TextField("nhận xét", blank=True, default="")
    version = models.PositiveIntegerField("lần ghi", default=0)
    saved_at = models.DateTimeField("ghi lúc", null=True, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = "nhận xét của chủ thể"
        verbose_name_plural = "nhận xét của các chủ thể"
        ordering = ["campaign", "member", "body"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "campaign", "body"],
                name="one_assessment_per_member_campaign_and_body",
                violation_error_message="Đã có nhận xét của chủ thể này về đồng chí ấy.",
            ),
            models.CheckConstraint(
                condition=Q(body__in=["manager", "unions", "residence", "executive", "post"]),
                name="assessing_body_known",
                violation_error_message="Chủ thể nhận xét không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(body="post") | Q(by_body=""),
                name="only_leaders_are_rated_by_a_named_body",
                violation_error_message="Chỉ mức ở cương vị lãnh đạo mới ghi nơi kiểm điểm.",
            ),
            models.CheckConstraint(
                condition=~Q(body="post") | Q(level="") | ~Q(by_body=""),
                name="level_as_leader_names_its_body",
                violation_error_message="Xin ghi tập thể nào đã kiểm điểm, xếp loại đồng chí ở cương vị lãnh đạo.",
            ),
            models.CheckConstraint(
                condition=Q(level__in=["", "HTXS", "HTT", "HT", "KHT"]),
                name="assessed_level_known",
                violation_error_message="Mức xếp loại không đúng.",
            ),
            models.CheckConstraint(
                condition=~Q(body="residence") | Q(level="", score=None),
                name="residence_only_remarks",
                violation_error_message="Nơi cư trú chỉ nhận xét, không đề xuất mức xếp loại.",
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=0, score__lte=100),
                name="assessed_score_within_100",
                violation_error_message="Điểm thẩm định phải từ 0 đến 100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_body_display()}: {self.member}"

    @property
    def said_by(self) -> str:
        """Who says it."""
        return self.by_body or self.get_body_display()

    @property
    def words(self) -> str:
        """Who gives which level."""
        return f"{self.said_by} xếp loại {self.get_level_display()}"

    @property
    def score_written(self) -> str:
        """The score as it is written: "86,5"; empty where there is none."""
        return "" if self.score is None else wording.score(self.score)


class FindingQuerySet(models.QuerySet["Finding"]):
    """What is on record, asked by cell."""

    def of(self, cell: Cell, campaign: Campaign) -> "FindingQuerySet":
        """Those on the cell and its members in this campaign."""
        return self.filter(cell=cell, campaign=campaign)


class Finding(models.Model):
    """One thing an officer has put on record about a member, a leadership collective, or the cell (neither).

    `key` names the pack's flag, its condition ("member-HTT-1"), or the doubt a reason is given for.
    """

    class Kind(models.TextChoices):
        FLAG = "flag", "Trường hợp phải xếp mức hoặc giới hạn mức"
        CONDITION = "condition", "Điều kiện của mức"
        REASON = "reason", "Lý do giải trình"

    cell = models.ForeignKey(Cell, models.PROTECT, verbose_name="chi bộ")
    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name="đợt kiểm điểm")
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, verbose_name="đảng viên"
    )
    collective = models.ForeignKey(
        Collective, models.PROTECT, null=True, blank=True, verbose_name="tập thể lãnh đạo"
    )
    kind = models.CharField("loại", max_length=10, choices=Kind)
    key = models.CharField("khoá", max_length=60)
    holds = models.BooleanField("đúng như vậy", default=True)
    evidence = models.TextField("minh chứng, lý do", blank=True, default="")
    # As the condition or the case read when it was answered: whoever sets the rules may change it later.
    words = models.TextField("điều đã hỏi", blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi")
    at = models.DateTimeField("ghi lúc", auto_now=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "điều đã ghi nhận"
        verbose_name_plural = "điều đã ghi nhận"
        ordering = ["campaign", "cell", "member", "kind", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "member", "kind", "key"],
                condition=Q(member__isnull=False),
                name="one_finding_per_member_and_key",
                violation_error_message="Điều này về đồng chí ấy đã được ghi.",
            ),
            models.UniqueConstraint(
                fields=["campaign", "cell", "kind", "key"],
                condition=Q(member=None, collective=None),
                name="one_finding_per_cell_and_key",
                violation_error_message="Điều này về chi bộ đã được ghi.",
            ),
            models.UniqueConstraint(
                fields=["campaign", "collective", "kind", "key"],
                condition=Q(collective__isnull=False),
                name="one_finding_per_collective_and_key",
                violation_error_message="Điều này về tập thể lãnh đạo ấy đã được ghi.",
            ),
            models.CheckConstraint(
                condition=Q(member=None) | Q(collective=None),
                name="finding_is_of_cell_leadership_or_member",
                violation_error_message="Điều ghi nhận chỉ về chi bộ, một tập thể lãnh đạo hoặc một đảng viên.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["flag", "condition", "reason"]),
                name="finding_kind_known",
                violation_error_message="Loại ghi nhận không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(kind="condition") | Q(holds=False) | ~Q(evidence=""),
                name="finding_has_its_evidence",
                violation_error_message="Xin ghi căn cứ hoặc lý do.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.key}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Files kept with the review."""

    def of(self, cell: Cell, campaign: Campaign) -> "AttachmentQuerySet":
        """Those of the cell and its members in this campaign, whoever adds them and whomever they are on at hand."""
        people = ("member", "by__member", "by__committee")
        return self.filter(cell=cell, campaign=campaign).select_related(*people)

    def former(self) -> "AttachmentQuerySet":
        """Those in whose place another file stands; without their bytes."""
        return self.exclude(superseded_by=None).defer("content")

    def current(self) -> "AttachmentQuerySet":
        """Those that no later file stands for; without their bytes."""
        return self.filter(in_force(self.model)).defer("content")


class Attachment(models.Model):
    """Tệp kèm hồ sơ: a scan or a photograph kept with the review. Never deleted, only superseded."""

    class Kind(models.TextChoices):
        SIGNED = "signed", "Ảnh trang ký"
        MANAGER = "manager", "Kết quả đánh giá của cơ quan, đơn vị"
        POST = "post", "Kết quả xếp loại ở cương vị lãnh đạo, quản lý"
        RESIDENCE = "residence", "Nhận xét của nơi cư trú (213)"
        PROMPT = "prompt", "Gợi ý kiểm điểm của cấp trên"
        EVIDENCE = "evidence", "Minh chứng khác"
        REOPENING = "reopening", "Văn bản mở lại hồ sơ"

    # The committee above adds them, and nobody puts another in their place.
    FROM_ABOVE = ("reopening",)
    # What they say is of one review alone.
    OF_ONE_PERIOD = ("signed", "manager", "post", "residence")

    class Type(models.TextChoices):
        PDF = "application/pdf", "PDF"
        JPEG = "image/jpeg", "Ảnh"

    cell = models.ForeignKey(Cell, models.PROTECT, verbose_name="chi bộ")
    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name="đợt kiểm điểm")
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, verbose_name="đảng viên"
    )
    kind = models.CharField("loại tệp", max_length=10, choices=Kind)
    title = models.CharField("tên tệp", max_length=200, blank=True, default="")
    content_type = models.CharField("kiểu tệp", max_length=20, choices=Type)
    content = models.BinaryField()
    sha256 = models.CharField("SHA-256", max_length=64)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người thêm")
    at = models.DateTimeField("thêm lúc", auto_now_add=True)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, **superseding("Tệp này đã được thay bằng bản khác.")
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp kèm hồ sơ"
        verbose_name_plural = "tệp kèm hồ sơ"
        ordering = ["campaign", "cell", "kind", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        *("signed", "manager", "post", "residence", "prompt", "evidence"),
                        "reopening",
                    ]
                ),
                name="attachment_kind_known",
                violation_error_message="Loại tệp không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(content_type__in=["application/pdf", "image/jpeg"]),
                name="attachment_type_known",
                violation_error_message="Chỉ nhận tệp PDF hoặc ảnh.",
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(supersedes=F("pk")),
                name="attachment_never_stands_for_itself",
                violation_error_message="Tệp không thể thay cho chính nó.",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()

    @property
    def file_name(self) -> str:
        """What it is called on the machine that fetches it, unaccented."""
        ending = "pdf" if self.content_type == self.Type.PDF else "jpg"
        parts = (str(self.cell), str(self.campaign.span), str(self.member or ""), str(self))
        return f"{wording.file_name(' '.join(parts))[:120].strip(' .')}.{ending}"
