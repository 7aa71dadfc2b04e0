"""What a committee asks of the worker: one of each kind, on files and members of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from ballots.committee.queue import job as approving
from ballots.committee.quota import job as drafting
from ballots.committee.quota import verbs as quota
from ballots.committee.retention import job as retention
from ballots.committee.upward import drafts as tables
from ballots.committee.upward import job as reporting
from ballots.committee.upward.verbs import Report
from ballots.jobs import asking
from ballots.models import CommitteeDecision, Job, QuotaDraft
from ballots.papers.rollups.gather import ReportWords
from cells.models import Committee
from members.imports.large import keeping
from members.models import CommitteeSheet, SelfReview, SelfReviewVersion, User
from tests.kit import factories, sendings, sheets, verbs, waiting
from tests.kit.waiting import YEAR

HEADING = ["STT", "Chi bộ", "Họ và tên", "Ngày sinh", "Số thẻ đảng viên"]
NEWCOMERS = 30


@dataclass
class Above:
    """A committee with one above it, and its officer; what a kind of work needs is made with the kind."""

    ward: Committee
    officer: User

    @classmethod
    def make(cls) -> "Above":
        """Without files."""
        top = factories.make_committee()
        ward = factories.make_committee("", top)
        factories.make_user(committee=top)
        return cls(ward, factories.make_user(committee=ward))

    def send_files(self, number: int = 3) -> None:
        """Files that wait for the committee."""
        campaign = factories.make_campaign(self.ward.above)
        for _ in range(number):
            waiting.make_file(self.ward, campaign)

    def ask(self, kind: Job.Kind, **args: object) -> Job:
        """As its pages do."""
        return asking.ask(self.officer, kind, kind.label, args)

    @cached_property
    def draft(self) -> QuotaDraft:
        """Of its files."""
        self.send_files()
        return quota.make(self.officer, self.ward, YEAR, "Lần 1")

    @cached_property
    def act(self) -> CommitteeDecision:
        """On its files."""
        self.send_files()
        return waiting.decide(self.officer).act

    @cached_property
    def sheet(self) -> CommitteeSheet:
        """Newcomers, and a row with an error."""
        cell = factories.make_cell(self.ward)
        rows = [
            [n, cell.name, f"Lê Văn An {n}", 1975, f"24{self.ward.pk:04}{n:02}"]
            for n in range(NEWCOMERS)
        ]
        data = sheets.table(HEADING, *rows, [99, cell.name, "Lê Văn Bình", "31/02/1975", ""])
        return keeping.send(self.officer, self.ward, "danh sách.xlsx", data)


def read(a: Above) -> Job:
    """Đọc tệp đảng viên."""
    return a.ask(Job.Kind.SHEET, sheet=a.sheet.pk, committee=a.ward.pk)


def import_members(a: Above) -> Job:
    """Ghi tệp đảng viên, which was read."""
    keeping.read(a.sheet, lambda done, of: None)
    a.sheet.refresh_from_db()
    args = {"sheet": a.sheet.pk, "committee": a.ward.pk, "effect": a.sheet.effect}
    return a.ask(Job.Kind.IMPORT, **args)


def decide(a: Above) -> Job:
    """Văn bản quyết định on many files."""
    return a.ask(Job.Kind.DECISION, act=a.act.pk)


def notices(a: Above) -> Job:
    """Thông báo kết quả."""
    return a.ask(Job.Kind.NOTICES, act=a.act.pk)


def approve(a: Above) -> Job:
    """Duyệt hàng loạt."""
    seen = {}
    for _ in range(2):
        meeting = sendings.make_ready(4, True, cell=factories.make_cell(a.ward))
        verbs.send_up(factories.secretary_of(meeting), meeting)
        seen[meeting.pk] = 1
    return approving.ask(a.officer, seen)


def draft(a: Above) -> Job:
    """Lập dự thảo tỷ lệ."""
    a.send_files()
    return drafting.ask(a.officer, a.ward, YEAR, "Lần 1")


def copy(a: Above) -> Job:
    """Chép dự thảo tỷ lệ."""
    return drafting.ask_copy(a.officer, a.draft, "Lần 2")


def refresh(a: Above) -> Job:
    """Cập nhật dự thảo tỷ lệ."""
    a.draft  # noqa: B018 - made before the next files come
    a.send_files(2)
    return drafting.ask_refresh(a.officer, a.draft, a.draft.version)


def room(a: Above) -> Job:
    """Bảng Excel của dự thảo."""
    return drafting.ask_room(a.officer, a.draft)


def report(a: Above) -> Job:
    """Báo cáo lên cấp trên."""
    a.send_files()
    words = ReportWords(post="Bí thư", dated=timezone.localdate())
    return reporting.ask(a.officer, Report(a.ward, YEAR, words, 1, "", timezone.localdate()))


def table(a: Above) -> Job:
    """Bản dự thảo của báo cáo."""
    a.send_files()
    return tables.ask(a.officer, a.ward, YEAR, "bodies", "pdf")


def remove_old(a: Above) -> Job:
    """Xoá bản kiểm điểm quá hạn lưu: two years of each of two members."""
    for cell in (factories.make_cell(a.ward), factories.make_cell(a.ward)):
        member = factories.make_member(cell)
        for year in range(2022, 2027):
            row = SelfReview.objects.create(
                cell=cell,
                member=member,
                campaign=factories.make_campaign(a.ward, year=year),
                kind="member",
                state="submitted",
                submitted_at=timezone.now(),
            )
            SelfReviewVersion.objects.create(review=row, number=1, pack="2025.1", kind="member")
    seen = retention.number_of(retention.old_reviews(a.ward))
    return a.ask(Job.Kind.RETENTION, committee=a.ward.pk, seen=seen)


def of_period(kind: Job.Kind) -> Callable[[Above], Job]:
    """A file about the committee's period."""

    def ask(a: Above) -> Job:
        a.act  # noqa: B018 - with levels and papers
        return a.ask(kind, committee=a.ward.pk, period=str(YEAR))

    return ask


# By name; what each is, is a kind of job.
WORKS: dict[str, Callable[[Above], Job]] = {
    "read": read,
    "import": import_members,
    "decision": decide,
    "notices": notices,
    "draft": draft,
    "copy": copy,
    "refresh": refresh,
    "room": room,
    "report": report,
    "table": table,
    "papers": of_period(Job.Kind.PAPERS),
    "summary": of_period(Job.Kind.SUMMARY),
    "members": of_period(Job.Kind.MEMBERS),
    "retention": remove_old,
    "approval": approve,
}
