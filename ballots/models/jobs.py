"""Việc chạy nền: what the machine does beside the pages, how far it is, and the one result each piece of work has.

Nothing of a ballot and nothing of a poll: a row says who asked for what of papers, reviews or backups.
"""

import datetime
import secrets
from collections.abc import Iterable

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from members.models import News, User

# Seconds without a sign of life after which whoever did a piece of work is taken for dead.
STALE = 60
# How often a piece of work is begun that ends its process every time.
ATTEMPTS = 3
# Days for which a result can be fetched.
KEPT = 7
# Seconds without a sign after which no worker is there.
ABSENT = 90


# Who stopped it knows.
TOLD = {"done": News.Kind.JOB_DONE, "failed": News.Kind.JOB_FAILED}


# Of a job whose process died: whether it had stored its work just before, nobody knows.
CUT_SHORT = (
    "Việc bị ngắt trước lúc dừng: phần đã ghi xong thì còn. Xin xem lại ở trang của việc ấy."
)


def _before(seconds: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(seconds=seconds)


class JobQuerySet(models.QuerySet["Job"]):
    """Pieces of work; each step is one conditional UPDATE, so that of two who want it one wins."""

    def of(self, user: User) -> "JobQuerySet":
        """What this officer has asked for, or another one of the same committee: its work is done once for both."""
        of_committee = Q(asked_by__committee=user.committee_id) if user.committee_id else Q()
        return self.filter(Q(asked_by=user) | of_committee)

    def unfinished(self) -> "JobQuerySet":
        """Waiting or under way."""
        return self.filter(state__in=Job.UNFINISHED)

    def abandoned(self) -> "JobQuerySet":
        """Under way, by somebody who has given no sign of life for too long."""
        return self.filter(state=Job.State.RUNNING, heartbeat_at__lt=_before(STALE))

    def take(self, pk: int) -> "Job | None":
        """Begin it, as the only one; None where it is finished, cancelled, or somebody alive is doing it."""
        free = Q(state=Job.State.QUEUED) | Q(
            state=Job.State.RUNNING, heartbeat_at__lt=_before(STALE)
        )
        runner = secrets.token_hex(8)
        begun = self.filter(free, pk=pk, cancel_requested=False).update(
            state=Job.State.RUNNING,
            runner=runner,
            attempts=F("attempts") + 1,
            heartbeat_at=timezone.now(),
            done=0,
            of=0,
        )
        return self.filter(pk=pk, runner=runner).first() if begun else None

    def outdated(self) -> "JobQuerySet":
        """Finished so long ago that the result goes, and the row with it."""
        return self.filter(ended_at__lt=_before(KEPT * 24 * 3600))


class Job(models.Model):
    """Một việc chạy nền: asked for by an officer, or by nobody where the program does it each night."""

    class Kind(models.TextChoices):
        PAPERS = "papers", "Tất cả văn bản của đảng bộ"
        SUMMARY = "summary", "Bảng tổng hợp của đảng bộ"
        MEMBERS = "members", "Danh sách đảng viên của đảng bộ"
        RETENTION = "retention", "Xoá bản kiểm điểm quá hạn lưu"
        BACKUP = "backup", "Sao lưu"
        DECISION = "decision", "Văn bản quyết định của cấp ủy"
        NOTICES = "notices", "Thông báo kết quả từng chi bộ"
        MAIL = "mail", "Gửi thư báo việc mới"
        SHEET = "sheet", "Đọc tệp đảng viên của đảng bộ"
        PLAN = "plan", "Tính lại tệp đảng viên của đảng bộ"
        IMPORT = "import", "Ghi tệp đảng viên vào danh sách"
        REPORT = "report", "Soạn, gửi báo cáo lên cấp trên"
        DRAFT = "draft", "Lập dự thảo tỷ lệ"
        COPY = "copy", "Chép dự thảo tỷ lệ"
        REFRESH = "refresh", "Cập nhật dự thảo tỷ lệ"
        ROOM = "room", "Bảng Excel của dự thảo tỷ lệ"
        TABLE = "table", "Soạn bản dự thảo của báo cáo"
        APPROVAL = "approval", "Duyệt hàng loạt"

    class State(models.TextChoices):
        QUEUED = "queued", "Đang chờ"
        RUNNING = "running", "Đang làm"
        DONE = "done", "Xong"
        FAILED = "failed", "Không làm được"
        CANCELLED = "cancelled", "Đã dừng"

    UNFINISHED = (State.QUEUED, State.RUNNING)
    # What goes on, once it is done, in the quota room.
    OF_ROOM = (Kind.DRAFT, Kind.COPY, Kind.REFRESH)
    # What only makes a file, which is fetched on the list.
    OF_FILES = (Kind.PAPERS, Kind.SUMMARY, Kind.MEMBERS, Kind.NOTICES, Kind.ROOM, Kind.TABLE)
    # What is done piece by piece, each stored as it is done.
    IN_PIECES = (Kind.RETENTION, Kind.APPROVAL)
    # What goes on, once it is done, at the page of the sheet.
    OF_SHEET = (Kind.SHEET, Kind.PLAN, Kind.IMPORT)

    kind = models.CharField("việc", max_length=20, choices=Kind)
    about = models.CharField("nội dung", max_length=300)
    args = models.JSONField(default=dict, blank=True)
    asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name="người yêu cầu"
    )
    created_at = models.DateTimeField("yêu cầu lúc", auto_now_add=True)
    state = models.CharField("trạng thái", max_length=9, choices=State, default=State.QUEUED)
    # Who is doing it: a word of its own for each beginning, so that who was taken for dead writes nothing any more.
    runner = models.CharField(max_length=16, blank=True, default="", editable=False)
    attempts = models.PositiveSmallIntegerField("số lần bắt đầu", default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True, editable=False)
    done = models.PositiveIntegerField("đã xong", default=0)
    of = models.PositiveIntegerField("trên tổng số", default=0)
    cancel_requested = models.BooleanField("đã yêu cầu dừng", default=False)
    ended_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)
    answer = models.CharField("kết quả", max_length=300, blank=True, default="")
    file_name = models.CharField("tên tệp", max_length=200, blank=True, default="")
    error = models.TextField("vì sao không làm được", blank=True, default="")

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "việc chạy nền"
        verbose_name_plural = "việc chạy nền"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", heartbeat_at__isnull=False) & ~Q(runner="")
                | ~Q(state="running") & Q(runner=""),
                name="job_has_a_runner_while_it_runs",
                violation_error_message="Việc đang làm phải có đúng một tiến trình làm nó.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"], ended_at=None)
                | Q(state__in=["done", "failed", "cancelled"], ended_at__isnull=False),
                name="job_ends_once",
                violation_error_message="Việc đã kết thúc phải ghi lúc kết thúc, việc chưa xong thì không.",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") & ~Q(error="") | ~Q(state="failed") & Q(error=""),
                name="job_says_why_it_failed",
                violation_error_message="Việc không làm được phải ghi vì sao.",
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("of")),
                name="job_does_no_more_than_all",
                violation_error_message="Phần đã xong không thể nhiều hơn cả việc.",
            ),
            models.UniqueConstraint(
                fields=["asked_by", "kind", "args"],
                condition=Q(state__in=["queued", "running"]),
                name="one_unfinished_job_of_its_kind",
                violation_error_message="Việc này đang được làm rồi.",
            ),
        ]

    def __str__(self) -> str:
        return self.about

    @property
    def look(self) -> str:
        """The class by which the state is coloured."""
        looks = {self.State.DONE: "state-fine", self.State.FAILED: "state-mend"}
        return "state-act" if self.is_unfinished else looks.get(self.State(self.state), "")

    @property
    def leads_to_sheet(self) -> int | None:
        """The committee at whose sheet of members it goes on; None where it does not."""
        return self.args.get("committee") if self.kind in self.OF_SHEET else None

    @property
    def leads_to_room(self) -> bool:
        """Whether it goes on in the quota room of its committee and period."""
        return self.kind in self.OF_ROOM

    @property
    def of_what_was_cut_short(self) -> str:
        """What is told where it is stopped after its process died; nothing where only its file is missing."""
        return "" if self.kind in self.OF_FILES else CUT_SHORT

    @property
    def is_unfinished(self) -> bool:
        """Whether it waits or is under way."""
        return self.state in self.UNFINISHED

    @property
    def is_abandoned(self) -> bool:
        """Whether whoever did it has given no sign of life for too long."""
        if self.state != self.State.RUNNING or self.heartbeat_at is None:
            return False
        return self.heartbeat_at < _before(STALE)

    @property
    def is_waiting(self) -> bool:
        """Whether nobody is doing it yet, or any more."""
        return self.state == self.State.QUEUED or self.is_abandoned

    def still_mine(self) -> JobQuerySet:
        """The row, as long as it is this very beginning of the work that runs."""
        mine = Job.objects.filter(pk=self.pk, state=self.State.RUNNING)
        return mine.filter(runner=self.runner)

    def beat(self, done: int, of: int) -> bool:
        """Say that it goes on, and how far it is; False where somebody else has taken it."""
        alive = {"heartbeat_at": timezone.now(), "done": min(done, of), "of": of}
        return bool(self.still_mine().update(**alive))

    @transaction.atomic
    def end(self, state: State, **result: str) -> bool:
        """Write the end, once, and tell who asked; False where somebody else has taken it meanwhile."""
        ended = {"state": state, "runner": "", "ended_at": timezone.now(), **result}
        if not self.still_mine().update(**ended):
            return False
        kind = TOLD.get(state)
        if kind and self.asked_by_id:
            News.objects.tell([self.asked_by_id], kind, self.about, self.pk)
        return True

    @transaction.atomic(durable=True)
    def end_well(self, answer: str, file_name: str, parts: Iterable[bytes]) -> bool:
        """Write the result, whole or not at all; False where somebody else has taken it meanwhile."""
        if not self.end(self.State.DONE, answer=answer, file_name=file_name):
            return False
        for number, data in enumerate(parts):
            JobPart.objects.create(job=self, number=number, data=data)
        return True


class JobPart(models.Model):
    """A piece of the file that a job has made: in the database, where every site server finds it."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        verbose_name = "phần của tệp kết quả"
        verbose_name_plural = "phần của tệp kết quả"
        ordering = ["job", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["job", "number"],
                name="one_part_of_each_number",
                violation_error_message="Phần này của tệp đã có.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.number}"


class WorkerSign(models.Model):
    """Dấu hiệu của tiến trình nền: when a worker was last there; one row for all of them."""

    at = models.DateTimeField()

    class Meta:
        verbose_name = "dấu hiệu của tiến trình nền"
        verbose_name_plural = "dấu hiệu của tiến trình nền"
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1),
                name="one_worker_sign",
                violation_error_message="Chỉ có một dấu hiệu của tiến trình nền.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M}"

    @classmethod
    def give(cls) -> None:
        """A worker is here, now."""
        cls.objects.update_or_create(pk=1, defaults={"at": timezone.now()})

    @classmethod
    def last(cls) -> datetime.datetime | None:
        """When a worker was last there; None where none ever was."""
        return cls.objects.values_list("at", flat=True).first()

    @classmethod
    def is_fresh(cls) -> bool:
        """Whether a worker is there."""
        return cls.objects.filter(at__gte=_before(ABSENT)).exists()
