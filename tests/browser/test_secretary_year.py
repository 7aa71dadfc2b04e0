"""The secretary's year in Chromium, from the first sign-in to "Gửi cấp trên", counting taps (journeys, 4.1)."""

import pytest
from playwright.sync_api import Page, expect

from ballots.dossier.checks import Evidence
from ballots.dossier.contents import sections_of
from ballots.dossier.places import PlaceKind
from ballots.models import Poll
from cells.models import Meeting
from members.devices import links
from members.models import Attendance, SelfReview
from tests.browser.hands import Taps, answer_if_asked, settled, visit
from tests.kit import factories, polls, verbs
from tests.kit.reports import FORM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("undrawn"),
]
SIZE = 8
GOOD = 2  # the second level on the sheet


class Secretary:
    """The secretary at the laptop."""

    def __init__(self, new_phone, site: str, pack: str, year: int) -> None:
        self.cell = factories.make_cell()
        head, *_ = factories.make_members(self.cell, SIZE)
        factories.make_campaign(self.cell.committee, pack=pack, year=year)
        laptop = new_phone(width=1366)
        laptop.set_default_timeout(60_000)
        self.page: Page = laptop.new_page()
        self.taps = Taps(self.page)
        self.page.goto(links.sign_in_link(factories.make_user(head), site))

    def press(self, name: str, role: str = "button", **options) -> None:
        settled(self.page).get_by_role(role, name=name, **options).first.click()

    def onward(self) -> None:
        """The big button of the bar; the page it leads to is there when this returns."""
        with self.page.expect_navigation():
            settled(self.page).locator("#next .btn-next").click()

    def within(self, most: int, sees: str) -> None:
        """The page now shows this, and no more taps than that led here."""
        self.taps.within(most, sees)

    @property
    def meeting(self) -> Meeting:
        return Meeting.objects.select_related("cell", "campaign").get(cell=self.cell)


def reviews_come_in(secretary: Secretary) -> None:
    """The members hand in their papers; the secretary's taps for that are one per member (4.1, no. 5)."""
    meeting = secretary.meeting
    for member in factories.members_of(meeting):
        row = SelfReview.objects.create(
            cell=member.cell, member=member, campaign=meeting.campaign, kind="member"
        )
        row.receive_paper(meeting.rules.version)
    Attendance.objects.filter(meeting=meeting).update(self_level="HTT")


def report_is_written(secretary: Secretary) -> None:
    """The report is typed, which is no tap."""
    texts = dict.fromkeys((section.key for section in FORM.sections), "Như đã thảo luận.")
    values = {"texts": texts, "self_level": "HTT", "self_score": 85}
    factories.set_report(secretary.meeting, **values)


def before(secretary: Secretary) -> None:
    """Sign in, check the list, send the message, plan the meeting."""
    secretary.press("Để sau, đăng nhập ngay")
    secretary.press("Đã giữ, vào trang đầu", role="link")
    secretary.within(3, "Việc tiếp theo")
    secretary.press("Rà danh sách kiểm điểm", role="link")
    secretary.within(1, f"0{SIZE}/0{SIZE} đồng chí được kiểm điểm")
    secretary.page.goto("/hop/")
    secretary.press("Bản kiểm điểm cá nhân", role="link")
    secretary.press("Chép tin nhắn Zalo")
    secretary.within(2, f"đã nộp 00/0{SIZE}")
    secretary.page.goto("/hop/")
    secretary.press("Lập hội nghị kiểm điểm", role="link")
    secretary.page.get_by_label("Địa điểm").fill("Nhà văn hoá")
    secretary.page.get_by_label("Thư ký").select_option(index=3)
    settled(secretary.page).locator("form[data-do=plan_meeting] [type=submit]").click()
    secretary.within(4, "Đã lập hội nghị")


def opening(secretary: Secretary) -> None:
    """Everybody comes, by the doors the other journeys walk; then the agenda up to the tellers."""
    secretary.onward()
    factories.arrive(secretary.meeting)
    secretary.page.reload()
    secretary.onward()
    secretary.within(4, "Đang họp")


def to_the_item(secretary: Secretary, kind: str) -> None:
    """Go on item by item, one press each."""
    while secretary.meeting.items.get(position=secretary.meeting.step).kind != kind:
        step = secretary.meeting.step
        secretary.page.goto(f"/hop/hoi-nghi/{secretary.meeting.pk}/")
        with secretary.page.expect_navigation():
            secretary.press("Mục tiếp theo", exact=False)
        assert secretary.meeting.step > step


def name_tellers(secretary: Secretary) -> None:
    page = secretary.page
    page.goto(f"/hop/hoi-nghi/{secretary.meeting.pk}/to-kiem-phieu/")
    rows = Attendance.objects.of(secretary.meeting).filter(duty="")
    names = [row.member.name for row in rows][:2]
    for name in names:
        page.get_by_role("checkbox", name=f"{name} vào tổ kiểm phiếu").check()
    page.get_by_role("radio", name=f"{names[0]} làm tổ trưởng").check()
    settled(page).locator("[data-save]").click()
    secretary.within(SIZE + 4, "Đã ghi tổ kiểm phiếu")


def vote(secretary: Secretary, poll: Poll) -> None:
    """Two presses; phones and tellers do the rest."""
    verbs.let_confirm(secretary.meeting)
    secretary.page.goto(f"/hop/luot/{poll.pk}/")
    settled(secretary.page).locator("form[data-do=open_issuing] [type=submit]").first.click()
    expect(secretary.page.locator("form[data-do=open_box]").first).to_be_visible()
    phones = polls.receive(poll)
    visit(secretary.page, f"/hop/luot/{poll.pk}/")
    settled(secretary.page).locator("form[data-do=open_box] [type=submit]").first.click()
    secretary.within(2, "Đã thu")
    poll.refresh_from_db()
    polls.fill(poll, phones, [[GOOD] * poll.subjects.count()] * SIZE)
    polls.seal(poll)
    polls.count(poll)


def closing(secretary: Secretary) -> None:
    """Pass the minutes, close, send the file up."""
    page, meeting = secretary.page, secretary.meeting
    page.goto(f"/hop/hoi-nghi/{meeting.pk}/bien-ban/")
    page.locator("[name=ends_time]").fill("22:00")
    settled(page).get_by_role("button", name="Thông qua và khoá biên bản").click()
    passed = "Biên bản đã được hội nghị thông qua và khoá"
    answer_if_asked(page, "Vẫn thông qua và khoá biên bản", passed)
    secretary.within(2, passed)
    secretary.onward()
    secretary.within(1, "Đã bế mạc")
    secretary.onward()
    settled(page).locator("[data-save]").click()
    answer_if_asked(page, "Vẫn gửi", "Đã gửi")
    secretary.within(3, "Đã gửi")


def mending(secretary: Secretary) -> None:
    """The committee returns the file; from home to the line, the reason typed there, sent again (4.1, no. 18)."""
    page, meeting = secretary.page, secretary.meeting
    officer = factories.make_user(committee=meeting.cell.committee)
    facts = [fact for section in sections_of(Evidence.load(meeting)) for fact in section.facts]
    listed = [fact for fact in facts if fact.place.kind == PlaceKind.LINE]
    verbs.return_file(officer, meeting, 1, {listed[-1]: "Ghi rõ vì sao"})
    page.goto("/hop/")
    secretary.taps.start()
    secretary.press("01 chỗ cần sửa", role="link")
    line = page.locator("tr:target")
    # The page stands at its line at once: one that glides there takes its buttons away from under the hand.
    expect(page.locator("html")).to_have_css("scroll-behavior", "auto")
    expect(line).to_be_in_viewport()
    expect(page.get_by_text("Ghi rõ vì sao")).to_be_in_viewport()
    line.get_by_label("Lý do").fill("Theo kết luận của hội nghị")
    line.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.get_by_text("Đã ghi: đồng chí")).to_be_visible()
    secretary.press("Gửi lại", role="link")
    secretary.press("Gửi lại hồ sơ")
    secretary.within(4, "Lần 2:")


@pytest.mark.parametrize(("pack", "year"), [("2023", 2023), ("2025", 2026)])
def test_the_secretary_walks_the_year_in_few_taps(new_phone, site, pack, year):
    secretary = Secretary(new_phone, site, pack, year)
    before(secretary)
    reviews_come_in(secretary)
    report_is_written(secretary)
    opening(secretary)
    to_the_item(secretary, "tellers")
    name_tellers(secretary)
    to_the_item(secretary, "poll")
    secretary.taps.start()
    for poll in Poll.objects.filter(meeting=secretary.meeting).order_by("number"):
        vote(secretary, poll)
    closing(secretary)
    assert secretary.meeting.submissions.count() == 1
    mending(secretary)
    secretary.page.goto("/hop/")
    expect(secretary.page.get_by_text("Chi bộ đã xong việc của đợt này")).to_be_visible()
