"""A ward of many cells and the year of its officer (journeys, 4.3): what the steps of `Desk` are walked on."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from ballots.models import Poll, QuotaDraft, Standing, Submission
from ballots.results.concluded import concluded_at
from ballots.results.decisions import cases_of
from cells.law.periods import Period
from cells.models import Campaign, Cell, Committee, Meeting
from cells.wording import short_date
from members.models import Attachment, Member, User
from tests.browser.desk import Desk
from tests.browser.hands import CAST, GOOD, Hand, answer_if_asked, do, settled, visit
from tests.kit import arriving, factories, polls, sendings, verbs
from tests.kit.sheets import table

PERIOD = Period(2026)
HEADS = ("Tâm", "Thành", "Trung", "Vinh")  # of the new cells
NEW, HELD, UNCLEAN, SEATS = 4, 3, 5, 5
OWN = 40  # cells right under one committee
AT_ONCE, TOGETHER = 50, 300  # files of one preview, and of one decision
RIGHT = {"31/02/1975": "28/02/1975", "30/02/1980": "29/02/1980"}
DRAFT = "Lần 1"
WHY = "Ghi rõ theo văn bản nào."
MARK = 2  # the second level, on every row


class Ward:
    """Cells that come by a sheet, three that hold their meetings, and others, which are as those."""

    def __init__(self, copied: int) -> None:
        above = factories.make_committee("Đảng bộ tỉnh Mẫu")
        self.committee: Committee = factories.make_committee("Đảng bộ phường Tân Lập", above)
        factories.make_campaign(self.committee, year=2025)
        self.officer: User = factories.make_user(
            committee=self.committee, password="đồng-lòng-2026"
        )
        self.files = HELD + copied
        # The first stand right under it, as in any ward; those of a province in committees below it.
        below = [
            factories.make_committee(f"Đảng bộ cơ sở {place}", self.committee)
            for place in range(1, 1 + (self.files - OWN) // OWN)
        ]
        homes = [self.committee, *below]
        Cell.objects.bulk_create(
            Cell(
                committee=homes[min(place // OWN, len(below))],
                name=f"Chi bộ Khu phố {place + 1}",
                place="Gia Lai",
            )
            for place in range(self.files)
        )
        self.cells = list(Cell.objects.under(self.committee).order_by("pk"))

    def hold(self) -> None:
        """Three cells meet, vote and send; the files of the others arrive, some with a paper missing."""
        for cell in self.cells[:HELD]:
            meeting = sendings.make_ready(voted=True, cell=cell)
            verbs.send_up(factories.secretary_of(meeting), meeting)
        arriving.copy_cell(self.cells[0], self.cells[HELD:])
        unclean = [cell.pk for cell in self.cells[-UNCLEAN:]]
        Attachment.objects.filter(cell__in=unclean).delete()

    def time_passes(self) -> None:
        """The day of the lists is over, and the new cells have not begun."""
        yesterday = timezone.localdate() - timedelta(1)
        Campaign.objects.filter(year=2026).update(deadlines={"list": yesterday.isoformat()})

    def meeting(self, place: int) -> Meeting:
        """Of this cell, from 0."""
        return Meeting.objects.select_related("campaign", "cell__committee").get(
            cell=self.cells[place]
        )

    def seat(self) -> list[Member]:
        """Who sits on the committee: members of the first two cells."""
        members = [m for place in (0, 1) for m in factories.members_of(self.meeting(place))]
        posts = ("secretary", "deputy", *["standing"] * (SEATS - 2))
        for member, post in zip(members, posts, strict=False):
            factories.make_seat(self.committee, member, post)
        return members[:SEATS]


def tree() -> bytes:
    """The new cells with their secretaries."""
    names = [
        (f"Chi bộ Thôn {place}", f"Lê Văn {name}") for place, name in enumerate(HEADS, start=1)
    ]
    return table(["Chi bộ", "Bí thư"], *names)


def people() -> bytes:
    """Five members of each new cell; two have a day of birth that no calendar has."""
    rows = [
        [f"Chi bộ Thôn {cell}", f"Hoàng Thị {name}", f"0{place + 1}/0{cell}/1970"]
        for cell in range(1, NEW + 1)
        for place, name in enumerate(("An", "Bình", "Cúc", "Dung", "Em"))
    ]
    for row, wrong in zip(rows, RIGHT, strict=False):
        row[2] = wrong
    return table(["Chi bộ", "Họ và tên", "Ngày sinh"], *rows)


def prepare(desk: Desk) -> None:
    """No. 1 to 3."""
    desk.clone()
    desk.import_tree(tree())
    desk.import_members(people(), NEW * 5 - len(RIGHT))
    desk.correct(RIGHT)
    assert Member.objects.filter(name__startswith="Hoàng Thị").count() == NEW * 5
    assert desk.invite().startswith(b"%PDF")


def review(desk: Desk, ward: Ward) -> None:
    """No. 4 to 8: the new cells are late, one file is approved, one comes back, many are approved together."""
    desk.look("Chờ duyệt", ward.files)
    desk.look("Chưa bắt đầu", NEW)
    desk.remind(NEW)
    desk.open_queue()
    desk.approve()
    assert Submission.objects.standing_of(ward.meeting(0)) == Standing.APPROVED
    desk.give_back(WHY)
    desk.approve_together(min(AT_ONCE, ward.files - UNCLEAN - 2))


def mend(page: Page) -> None:
    """The secretary lands on the line that was pinned, writes, and sends again."""
    page.goto("/hop/")
    page.get_by_role("link", name="01 chỗ cần sửa").click()
    line = page.locator("tr:target")
    expect(line).to_be_in_viewport()
    expect(page.get_by_text(WHY)).to_be_in_viewport()
    line.get_by_label("Lý do").fill("Nghị quyết số 12")
    line.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.get_by_text("Đã ghi: đồng chí")).to_be_visible()
    settled(page).get_by_role("link", name="Gửi lại").first.click()
    settled(page).get_by_role("button", name="Gửi lại hồ sơ").click()
    answer_if_asked(page, "Vẫn gửi", "Lần 2:")
    expect(page.get_by_text("Lần 2:").first).to_be_visible()


def weigh(desk: Desk) -> str:
    """No. 9: two are moved, one of them without a mouse; the name of the draft."""
    desk.draft(DRAFT)
    desk.move(0, "HTXS", "Nhiều sản phẩm vượt mức")
    desk.move_by_keys(1, "HTXS", "Việc khó hơn")
    assert QuotaDraft.objects.get().lines.filter(level="HTXS").count() == 2
    return DRAFT


def sit(desk: Desk, ward: Ward, new_phone: Callable[..., BrowserContext], site: str) -> Poll:
    """No. 10: the committee's own meeting and its ballot; one phone is in Chromium, the others are not."""
    members = ward.seat()
    desk.plan_sitting("Hội trường Đảng ủy")
    sitting = Meeting.objects.get(committee=ward.committee)
    desk.put_on_ballot(rows=4)
    factories.arrive(sitting)
    verbs.open_meeting(ward.officer, sitting)
    verbs.name_tellers(ward.officer, sitting, members[2:4], yes=SEATS, of=SEATS)
    poll, seen = Poll.objects.get(meeting=sitting), members[4]
    hand = Hand(new_phone(factories.make_device(seen)), f"{site}/phieu/#{sitting.door_key}")
    verbs.let_confirm(sitting)
    with desk.step("10", "Mở lượt, phát phiếu đến máy, mở hòm", 2, 60):
        visit(desk.page, f"/hop/luot/{poll.pk}/")
        do(desk.page, "open_issuing")
        expect(desk.page.locator("form[data-do=open_box]").first).to_be_visible()
        phones = polls.receive(poll, but=[seen])
        hand.until(lambda records: bool(records) and "acked" in records[0])
        hand.fill(*[GOOD] * poll.subjects.count()).fold()
        visit(desk.page, f"/hop/luot/{poll.pk}/")
        do(desk.page, "open_box")
        hand.sees(CAST)
    poll.refresh_from_db()
    polls.fill(poll, phones, [[MARK] * poll.subjects.count()] * len(phones))
    polls.seal(poll)
    polls.count(poll)
    assert [row.counts["HTT"] for row in poll.rows.all()] == [SEATS] * 4
    case = concluded_at(sitting)[0]
    visit(desk.page, f"/hop/hoi-nghi/{sitting.pk}/y-kien/")
    desk.note(members[0].name, case.words, "Kết quả khá hơn năm trước.")
    visit(desk.page, f"/hop/hoi-nghi/{sitting.pk}/ket-luan-truong-hop/")
    desk.conclude(case.words, "HT", "Còn một vụ việc chậm giải quyết.")
    concluded = concluded_at(sitting)[0]
    assert (concluded.level, concluded.voted) == ("HT", "HTT")
    return poll


def finish(desk: Desk, ward: Ward, folder: Path, draft: str) -> bytes:
    """No. 11 to 13: decided, published, petitioned, answered, downloaded, reported; the Excel summary."""
    files = min(TOGETHER, ward.files)
    desk.decide("125-QĐ/ĐU", short_date(timezone.localdate()), files, draft)
    meeting = ward.meeting(0)
    (case, *_) = [case for case in cases_of(meeting) if case.member]
    decision = meeting.decisions.get()
    verbs.petition(case.member, decision, "Xin xem lại mức của tôi.")
    desk.answer(case.member.name, "Giữ nguyên, vì thiếu sản phẩm cụ thể.")
    desk.papers(folder, ward.files)
    summary = desk.summary(ward.files + NEW)
    desk.report()
    return summary


def walk(
    desk: Desk,
    ward: Ward,
    secretary: Callable[[User], Page],
    new_phone: Callable[..., BrowserContext],
    site: str,
    folder: Path,
) -> bytes:
    """All of it; `secretary`: the laptop of this one."""
    prepare(desk)
    ward.hold()
    ward.time_passes()
    review(desk, ward)
    mend(secretary(factories.secretary_of(ward.meeting(1))))
    draft = weigh(desk)
    sit(desk, ward, new_phone, site)
    return finish(desk, ward, folder, draft)
