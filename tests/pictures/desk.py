"""What lies on the desk of a province's officer: of everything that pages over many cells show, at least one."""

from datetime import datetime, timedelta

from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from ballots.committee.acts.levels import Basis, seen
from ballots.committee.acts.verbs import Paper, decide_together
from ballots.committee.api import verbs as tokens
from ballots.committee.quota import verbs as quota
from ballots.committee.sitting import verbs as sitting
from ballots.committee.sitting.cases import cases_of, offers_before
from ballots.committee.upward import verbs as upward
from ballots.demo import seeding
from ballots.demo.province import Province
from ballots.meeting import running
from ballots.models import Decision, Job, Poll, QuotaLine, Submission
from ballots.papers.rollups.gather import ReportWords
from ballots.results.concluded import concluded_at
from ballots.results.undecided import files_of, sendings
from cells.law.periods import Period
from cells.models import Cell, Committee, Level, Meeting
from members.models import Attendance, Comment, Member, News, Office, User
from tests.kit import factories, polls, verbs
from tests.pictures import pages_above
from tests.pictures.clock import turn_to

YEAR = Period(2026)
MEETS = datetime(2026, 12, 18, 8, tzinfo=timezone.get_default_timezone())
LATER = datetime(
    2027, 1, 5, 9, tzinfo=timezone.get_default_timezone()
)  # when the days of the campaign are over
VOTERS = 15
LONG_COMMITTEE = (
    "Đảng bộ Các cơ quan Đảng, Mặt trận Tổ quốc và các đoàn thể chính trị - xã hội tỉnh"
)
LONG_CELL = (
    "Chi bộ Trung tâm Kiểm soát an toàn thực phẩm, dược phẩm, mỹ phẩm và thiết bị y tế số {}"
)
LONG_NAME = "Công Tằng Tôn Nữ Hoàng Thị Phương Thảo"
SAID = (
    "Đồng ý với đề nghị của chi bộ; sản phẩm cụ thể, tiến độ bảo đảm, cán bộ và nhân dân ghi nhận.",
    "Đề nghị làm rõ mức tự nhận cao hơn mức chi bộ đề nghị: hai nhiệm vụ được giao trong quý III còn chậm, "
    "báo cáo giải trình gửi sau hạn mười hai ngày và chưa nêu nguyên nhân chủ quan.",
    "Nhất trí.",
)
WHY = "Hội nghị đã trao đổi kỹ, biểu quyết giơ tay bổ sung, 15/15 đồng chí nhất trí mức này."


class Desk:
    """The province as `made`, and what its officer has begun; the addresses of it all in `places`."""

    def __init__(self, made: Province) -> None:
        turn_to(MEETS - timedelta(days=8))
        self.officer, self.committee = made.officer, made.committee
        self.secretary = User.objects.filter(member__office__kind=Office.Kind.SECRETARY).earliest(
            "pk"
        )
        self.campaign = made.campaign
        self.name_at_length()
        self.accounts()
        self.drafts()
        self.news_and_jobs()
        self.decide_some()
        self.report_from_below()
        self.planned = self.plan()
        turn_to(MEETS)
        self.meeting = self.hold()
        turn_to(LATER)
        week = Submission.objects.filter(returned_at=None).order_by("-pk")[:70]
        for place, sent in enumerate(week):
            Submission.objects.filter(pk=sent.pk).update(at=LATER - timedelta(days=place % 7))

    def name_at_length(self) -> None:
        """Somebody and something has the longest name there is."""
        self.officer.set_password(pages_above.PASSWORD)
        self.officer.save()
        wards = list(Committee.objects.get_children(self.committee)[:3])
        self.ward = wards[-1]
        wards[0].name = LONG_COMMITTEE
        wards[0].save()
        self.cell = Cell.objects.under(self.ward).order_by("pk")[1]
        first = Cell.objects.under(wards[0]).earliest("pk")
        for number, cell in enumerate((first, self.cell), start=1):  # of few cells, in one ward
            cell.name = LONG_CELL.format(number)
            cell.save()
            member = Member.objects.in_cell(cell)[0]
            member.name = LONG_NAME
            member.save()

    def accounts(self) -> None:
        """Officers below who were invited, and who were not."""
        below = Committee.objects.get_children(self.committee)[:45]
        for place, committee in enumerate(below):
            name = dict(zip(("last_name", "first_name"), LONG_NAME.rsplit(" ", 1), strict=True))
            self.account = seeding.account(
                f"phuong-{place + 1}", committee=committee, **(name if place % 7 == 0 else {})
            )
        guarded = seeding.account(pages_above.GUARDED, committee=self.committee)
        guarded.set_password(pages_above.PASSWORD)
        guarded.save()
        TOTPDevice.objects.create(user=guarded, confirmed=True)
        for name in ("Kho số liệu tỉnh", "Phần mềm tổng hợp của Văn phòng Tỉnh ủy"):
            tokens.make(self.officer, self.committee, name, 90)

    def drafts(self) -> None:
        """Two, which differ."""
        self.draft = quota.make(self.officer, self.committee, YEAR, "Lần 1")
        self.second = quota.copy(self.officer, self.draft, "Lần 2 sau khi họp Ban Tổ chức")
        lines = QuotaLine.objects.filter(draft=self.second, level=Level.GOOD, is_decided=False)
        for line in lines.filter(member__gt=0)[:12]:
            quota.move(self.officer, line, line.moves.count(), Level.FULFILLED, WHY)

    def news_and_jobs(self) -> None:
        """Files came up, and the machine has worked, works and is to work."""
        rows = Submission.objects.select_related("meeting__cell__committee")[:120]
        about = [
            (self.officer.pk, f"{row.meeting.cell}, {row.meeting.campaign}", row.meeting_id)
            for row in rows
        ]
        News.objects.tell_each(about[20:], News.Kind.FILE_SENT)
        News.objects.filter(account=self.officer.pk).mark_read()
        News.objects.tell_each(about[:20], News.Kind.FILE_SENT)
        now = timezone.now()
        for kind, state, rest in (
            (
                "papers",
                "done",
                {"file_name": "Tat ca van ban 2026.zip", "done": 21483, "of": 21483},
            ),
            ("summary", "failed", {"error": upward.CHANGED}),
            (
                "members",
                "running",
                {"done": 1234, "of": 60000, "heartbeat_at": now, "runner": "1"},
            ),
            ("notices", "queued", {}),
        ):
            ended = {"ended_at": now} if state in ("done", "failed") else {}
            Job.objects.create(
                kind=kind, state=state, asked_by=self.officer, about=f"{self.committee}, năm 2026",
                **ended, **rest,
            )  # fmt: skip

    def decide_some(self) -> None:
        """The officer has decided some files by one paper."""
        paper = Paper("130-QĐ/TU", timezone.localdate(), "Tỉnh ủy", "Bí thư", "Lê Văn Tâm")
        files = files_of(sendings(self.committee, YEAR)[:12])
        chosen = [seen(file, Basis()) for file in files]
        done = decide_together(self.officer, self.committee, YEAR, paper, chosen, Basis())
        self.act = done.act

    def report_from_below(self) -> None:
        """A ward has sent up its report."""
        user = User.objects.get(committee=self.ward)
        words = ReportWords(
            body="Ban Thường vụ", post="Bí thư", name="Trần Văn Hoà", symbol="12-BC/ĐU"
        )
        self.report = upward.send(
            user, upward.Report(self.ward, YEAR, words, 1, "", timezone.localdate())
        )

    def plan(self) -> Meeting:
        """The standing committee is summoned, and nothing is on its ballots yet."""
        members = list(Member.objects.in_cell(self.cell)[:VOTERS])
        for member, post in zip(
            members, ["secretary", "deputy", *["standing"] * VOTERS], strict=False
        ):
            factories.make_seat(self.committee, member, post)
        return self._planned(MEETS + timedelta(days=7), members)

    def _planned(self, day: datetime, members: list[Member]) -> Meeting:
        return sitting.plan_sitting(
            self.officer, self.committee, self.campaign, kind=Meeting.Kind.STANDING, starts_at=day,
            venue="Phòng họp Ban Thường vụ, trụ sở Tỉnh ủy", chair=members[0], clerk=members[1],
        )  # fmt: skip

    def hold(self) -> Meeting:
        """It has voted on so many cells and sixty members, talked about some, and the chair has concluded on two."""
        members = list(Member.objects.in_cell(self.cell)[:VOTERS])
        meeting = self._planned(MEETS, members)
        offers = offers_before(meeting)
        bodies = [offer for offer in offers if not offer.member]
        people = [offer for offer in offers if offer.member and offer.stands_out] or offers
        for title, some in (("Xếp loại các chi bộ", bodies), ("Xếp loại đảng viên", people)):
            chosen = cases_of(meeting, some[: sitting.MOST])
            sitting.plan_case_poll(self.officer, meeting, title, chosen, Level.values)
        factories.convene(meeting)
        for poll in Poll.objects.filter(meeting=meeting).order_by("number"):
            self._vote(poll)
        self._talk(meeting)
        return meeting

    def _vote(self, poll: Poll) -> None:
        rows = poll.subjects.count()
        ballots = [
            [1 + (row * 7 + voter * 3) % (2 + row % 3) for row in range(rows)]
            for voter in range(VOTERS)
        ]
        polls.play(poll, *ballots)

    def _talk(self, meeting: Meeting) -> None:
        concluded = concluded_at(meeting)
        guest = verbs.add_guest(
            self.officer,
            meeting,
            LONG_NAME,
            "Phó Trưởng Ban Tổ chức Tỉnh ủy, Trưởng đoàn thẩm định",
        )
        speakers = [row.member for row in Attendance.objects.of(meeting)]
        verbs.comment(self.officer, meeting, guest, None, SAID[0])
        for place, case in enumerate(concluded[:8]):
            of = None if case.is_cell and place == 0 else case.of
            running.comment(
                self.officer, meeting, speakers[place % VOTERS], case.member, SAID[place % 3],
                reserved=place == 1, of=of or case.of,
            )  # fmt: skip
        for case in concluded[:2] + concluded[-2:]:
            sitting.conclude_case(self.officer, meeting, case.key, Level.GOOD, WHY)

    # Where it is seen

    @property
    def places(self) -> dict[str, object]:
        """What stands in the addresses."""
        sent = Submission.objects.filter(
            returned_at=None, meeting__cell__committee=self.committee.get_children()[0].pk
        )
        comment = Comment.objects.filter(meeting=self.meeting).first()
        return {
            "committee": self.committee.pk,
            "branch": self.ward.pk,
            "cell": self.cell.pk,
            "member": Member.objects.in_cell(self.cell)[0].pk,
            "meeting": sent[0].meeting_id,
            "sitting": self.meeting.pk,
            "planned": self.planned.pk,
            "poll": Poll.objects.filter(meeting=self.meeting).last().pk,
            "comment": comment.pk if comment else 0,
            "draft": self.draft.pk,
            "second": self.second.pk,
            "account": self.account.pk,
            "act": self.act.pk,
            "report": self.report.pk,
            "decided": Decision.objects.earliest("pk").meeting_id,
        }

    def token_of(self, who: str) -> str:
        """Nobody here holds a phone of a meeting."""
        raise KeyError(who)
