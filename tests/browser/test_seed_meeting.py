"""The seed meeting from the first sign-in to the locked minutes, in Chromium: everybody on their own screen."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

from ballots.demo import scenario, seeding
from ballots.models import Poll
from cells.codes import LETTERS
from members.devices import links
from partyreview import wsgi
from tests.browser.hands import (
    CAST,
    KEPT,
    Voter,
    answer_if_asked,
    do,
    turn_to,
    visit,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SEED = Path(seeding.__file__).parent / "scenarios" / "chi-bo-4-2023.json"
GOOD, BEST, FAIR = (
    "Hoàn thành tốt nhiệm vụ",
    "Hoàn thành xuất sắc nhiệm vụ",
    "Hoàn thành nhiệm vụ",
)
OTHER_TAB = "Phiếu đang mở ở một thẻ khác"
ROWS = 8
PROJECTOR_PACE = 3500  # longer than the projector waits, on its own clock
FOUR, SEVEN = 3, 6  # Đảng viên Bốn and Bảy, by their row
SLIP_CODE = re.compile(rf"[{LETTERS}]{{6}}(?:\s[{LETTERS}]{{6}}){{2}}")


class Hall:
    """The seed cell's hall: the secretary's laptop, the projector, eight phones."""

    def __init__(self, new_phone: Callable[..., BrowserContext], site: str) -> None:
        case = scenario.load(SEED.read_bytes())
        self.meeting, seeded = seeding.seed(case)
        laptop = new_phone(width=1366)
        laptop.set_default_timeout(60_000)  # two papers are set while the page waits
        self.secretary = laptop.new_page()
        self.secretary.goto(links.sign_in_link(seeded.secretary, site))
        do(self.secretary, "sign_in_link")
        self.secretary.get_by_role("link", name="Đã giữ, vào trang đầu").click()
        # A window of its own, on the other screen.
        self.projector = new_phone(width=1366, storage_state=laptop.storage_state()).new_page()
        self.projector.clock.install()
        self.voters = [Voter(new_phone(), name) for name in case.keys]
        self.teller = self.voters[1].phone.new_page()
        self.case, self.polls = case, list(Poll.objects.filter(meeting=self.meeting))

    def go(self, place: str = "") -> Page:
        visit(self.secretary, f"/hop/hoi-nghi/{self.meeting.pk}/{place}")
        return self.secretary

    def shows(self, text: str) -> None:
        """Wait until the projector shows it; its next look is now."""
        self.projector.clock.run_for(PROJECTOR_PACE)
        expect(self.projector.locator("#stage")).to_contain_text(text, timeout=30_000)

    def check_in(self) -> None:
        """The secretary admits each phone by the number it shows."""
        self.projector.goto(f"/hop/hoi-nghi/{self.meeting.pk}/man-chieu/")
        page = self.go()
        page.get_by_role("button", name="Mở điểm danh").click()
        code = page.locator(".door-code").inner_text().replace(" ", "")
        self.shows(f"{code[:3]} {code[3:]}")
        numbers = [voter.join(code) for voter in self.voters]
        for voter, number in zip(self.voters, numbers, strict=True):
            page.get_by_role("button", name=f"{number} đ/c {voter.name}").click(timeout=30_000)
        for voter in self.voters:
            expect(voter.page.get_by_text("Đã điểm danh có mặt.")).to_be_visible(timeout=30_000)
        self.shows("Có mặt 08/08")

    def open(self) -> None:
        """Open, and walk through the agenda up to the vote, with tellers named on the way."""
        do(self.go(), "open_meeting")
        page = self.go("to-kiem-phieu/")
        for name in self.case.meeting.tellers:
            page.get_by_role("checkbox", name=f"{name} vào tổ kiểm phiếu").check()
        page.get_by_role("radio", name=f"{self.case.meeting.tellers[0]} làm tổ trưởng").check()
        do(page, "name_tellers")

    def issue(self, poll: Poll) -> None:
        """A teller confirms who is here, the secretary opens, the teller's device pins the sheet."""
        visit(turn_to(self.teller), "/hop/kiem-phieu/")
        do(self.teller, "confirm_roll")
        confirmed = self.teller.get_by_text("đồng chí có mặt đã được xác nhận")
        expect(confirmed).to_be_visible()
        visit(
            self.teller, "/hop/kiem-phieu/"
        )  # the ballot opens by itself in one tab of a phone, the voter's
        visit(self.secretary, f"/hop/luot/{poll.pk}/")
        do(self.secretary, "open_issuing")
        visit(turn_to(self.teller), "/hop/kiem-phieu/")

    def open_box(self, poll: Poll) -> None:
        """The ballots that were folded go into the box by themselves."""
        visit(self.secretary, f"/hop/luot/{poll.pk}/")
        do(self.secretary, "open_box")
        self.shows("Đã thu 08/08")

    def count(self) -> None:
        """The tellers' presses, on a teller's phone; the recount runs by itself in between."""
        visit(turn_to(self.teller), "/hop/kiem-phieu/")
        do(self.teller, "seal")
        confirm = self.teller.locator("form[data-do=confirm] button")
        expect(confirm).to_be_visible(timeout=60_000)
        confirm.click()
        expect(self.teller.get_by_text("đã xác nhận").first).to_be_visible()

    def finish(self) -> str:
        """Pass the minutes and close; the text of the locked minutes."""
        page = self.go("bien-ban/")
        expect(page.locator("[name=ends_on]")).to_have_value("20/12/2023")
        page.locator("[name=ends_time]").fill("17:00")
        do(page, "pass_minutes")
        answer_if_asked(page, "Vẫn thông qua và khoá biên bản", "đã được hội nghị thông qua")
        minutes = page.get_by_role("row").filter(has_text="Biên bản hội nghị")
        address = minutes.get_by_role("link", name="Mở bản PDF").get_attribute("href")
        pdf = page.request.get(address).body()
        do(self.go(), "close_meeting")
        pages = PdfReader(io.BytesIO(pdf)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
def cookies(monkeypatch) -> list[str]:
    """Addresses of the voting page and the door that were asked with a cookie."""
    serve, seen = wsgi.door.serve, []

    def watch(request):
        if "HTTP_COOKIE" in request.META:
            seen.append(request.path)
        return serve(request)

    monkeypatch.setattr(wsgi.door, "serve", watch)
    return seen


def test_the_seed_cell_holds_its_meeting(new_phone, site, cookies):
    hall = Hall(new_phone, site)
    hall.check_in()
    hall.open()
    vote_on_the_cell(hall)
    vote_on_the_members(hall)
    minutes = hall.finish()
    for phrase in ("07/08", "87,5%", "01/08", "12,5%", "100%"):
        assert phrase in minutes
    assert "BẢN DỰ THẢO" not in minutes
    assert cookies == []


def vote_on_the_cell(hall: Hall) -> None:
    """Eight phones, nothing goes wrong: the ballot opens by itself on the calm page."""
    hall.issue(hall.polls[0])
    for voter in hall.voters:
        voter.fill([GOOD])
        voter.fold()
    hall.shows("Đã nhận 08")
    hall.open_box(hall.polls[0])
    for voter in hall.voters:
        voter.sees(CAST)
    hall.count()
    for voter in hall.voters:
        voter.sees(KEPT)


def vote_on_the_members(hall: Hall) -> None:
    """One phone offline in mid-ballot, one reloading, one in two tabs, one member by slip on a shared tablet."""
    offline, reloading, tabbed, lender = hall.voters[2:6]
    poll = hall.polls[1]
    code = slip_for(hall, poll, lender)
    hall.issue(poll)
    choices = [[GOOD] * ROWS for _ in hall.voters]
    for marks in choices[:7]:
        marks[FOUR] = BEST
    choices[0][SEVEN] = FAIR
    marks_of = dict(zip(hall.voters, choices, strict=True))
    for voter in (offline, reloading, tabbed):
        voter.fill(marks_of[voter][:4])
    offline.phone.set_offline(True)
    reloading.page.reload()
    first_tab, tabbed.page = tabbed.page, tabbed.phone.new_page()
    tabbed.page.goto(first_tab.url)
    for voter in (offline, reloading, tabbed):
        voter.fill(marks_of[voter][4:], start=4)
        voter.fold()
    expect(first_tab.get_by_role("heading", level=1, name=OTHER_TAB)).to_be_visible()
    for voter in hall.voters:
        if voter not in (offline, reloading, tabbed, lender):
            voter.fill(marks_of[voter])
            voter.fold()
    on_the_tablet(lender, hall, code, marks_of[lender])
    offline.phone.set_offline(False)
    hall.open_box(poll)
    for voter in hall.voters:
        if voter is not lender:
            voter.sees(CAST)
    hall.count()


def slip_for(hall: Hall, poll: Poll, voter: Voter) -> str:
    """Give a member the door "phiếu bốc thăm" and print one slip; the code on it."""
    page = hall.go("diem-danh/")
    row = page.locator("li", has=page.get_by_text(voter.name, exact=True))
    row.locator("summary").click()
    row.get_by_role("button", name="Phiếu bốc thăm").click()
    page.goto(f"/hop/luot/{poll.pk}/")
    form = page.locator("form[data-do=print_slips]")
    token = form.locator("[name=csrfmiddlewaretoken]").input_value()
    printed = page.request.post(
        form.get_attribute("action"),
        form={"csrfmiddlewaretoken": token, "count": "1"},
        headers={"Referer": page.url},
    )
    text = PdfReader(io.BytesIO(printed.body())).pages[0].extract_text()
    return "".join(SLIP_CODE.search(text).group().split())


def on_the_tablet(lender: Voter, hall: Hall, code: str, marks: list[str]) -> None:
    """The member without a phone of use scans the slip on the shared tablet, fills and folds."""
    tablet = lender.page = lender.phone.new_page()
    tablet.goto(f"/phieu/#{hall.meeting.door_key}.may-chung")
    tablet.get_by_label("Mã trên phiếu bốc thăm").fill(code)
    tablet.get_by_role("button", name="Mở phiếu", exact=True).click()
    lender.fill(marks)
    lender.fold()
