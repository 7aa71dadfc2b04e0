"""A newcomer's walk in Chromium, by what pages say alone: from the code on the terminal to the minutes as PDF.

Labels are those of docs/installing.md and docs/guides/. Nothing here knows a row or an address but the first; only the
phones that fill the hall (`Filler`) have no browser.
"""

import io
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from itertools import chain

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

from ballots.demo.rehearsal.browser import Browser, Stopped
from ballots.secret.voter import Phone
from tests.browser.hands import CAST, GOOD, KEPT, Voter, answer_if_asked, do, leave
from tests.kit.processes import until
from tests.kit.sheets import table

WARD, CELL = "Đảng bộ phường Tân Lập", "Chi bộ Khu phố 4"
SECRETARY = "Nguyễn Thị Hoa"
# In Chromium, on the screens of phones; the tellers are two of them and one who is not.
SEEN = ("Lê Thị Cúc", "Phạm Văn Dũng")
TELLERS = (*SEEN, "Hoàng Thị Lan")
UNSEEN = (SECRETARY, "Trần Văn Bình", "Hoàng Thị Lan", "Vũ Văn Minh")
PASSWORD = "đồng-lòng-Tân-Lập-2026"
POLLS = 2
ALL_COUNTED = "số phiếu phát ra: 06; thu về: 06; hợp lệ: 06; không hợp lệ: 00"
DOOR_KEY = re.compile(r"/hom/([0-9a-f]{32})/luot")
INSISTS = 60  # seconds
SECOND_LEVEL = 2  # "Hoàn thành tốt nhiệm vụ", on each row
LAPTOP = 1366
# Milliseconds for an answer: two papers are set while a page waits, on a machine that is busy.
PATIENCE = 60_000

Window = Callable[..., BrowserContext]


@contextmanager
def windows(chromium: Chromium, url: str) -> Iterator[Window]:
    """The making of people's own windows, at `url`, by their width; a certificate of one's own is let pass."""
    made = []
    phone = {"has_touch": True, "is_mobile": True}

    def window(width: int = 360) -> BrowserContext:
        size = {"width": width, "height": 768}
        kind = phone if width < LAPTOP else {}
        context = chromium.new_context(
            base_url=url, viewport=size, locale="vi-VN", ignore_https_errors=True, **kind
        )
        context.set_default_timeout(PATIENCE)
        made.append(context)
        return context

    yield window
    for context in made:
        leave(context)


def press(page: Page, label: str) -> None:
    """The button or link of this name, the first there is; a page may go on asking for news all the while."""
    page.wait_for_load_state()
    named = page.get_by_role("button", name=label).or_(page.get_by_role("link", name=label))
    named.filter(visible=True).first.click()


def hand_in(page: Page, label: str, name: str, data: bytes) -> None:
    """Choose a file, and have it read."""
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    page.get_by_label(label).set_input_files(file)
    press(page, "Đọc tệp")


class Officer:
    """Who installs it for a committee, and looks after its cells."""

    def __init__(self, window: BrowserContext) -> None:
        self.page = window.new_page()

    def begin(self, code: str) -> None:
        """Any address leads to the first page; the code is the one on the terminal."""
        page = self.page
        page.goto("/")
        page.get_by_label("Một đảng bộ").check()
        page.get_by_label("Tên đảng bộ").fill(WARD)
        page.get_by_label("Địa danh").fill("Tân Lập")
        page.get_by_label("Họ và tên của đồng chí").fill("Đỗ Thanh Sơn")
        page.get_by_label("Tên đăng nhập").fill("thanhson")
        page.get_by_label(re.compile("^\\s*Mật khẩu")).fill(PASSWORD)
        page.get_by_label("Gõ lại mật khẩu").fill(PASSWORD)
        page.get_by_label("Mã cài đặt").fill(code)
        press(page, "Bắt đầu")
        expect(page.get_by_role("heading", name="Còn thiếu gì trước tháng 12")).to_be_visible()

    def add_cells(self) -> None:
        """The tree, from a sheet with its columns in whatever order."""
        press(self.page, "Nhập chi bộ từ Excel")
        sheet = table(["Bí thư", "Chi bộ", "Phó bí thư"], [SECRETARY, CELL, "Trần Văn Bình"])
        hand_in(self.page, "Tệp", "chi-bo.xlsx", sheet)
        press(self.page, "Ghi các dòng này")

    def add_members(self) -> None:
        """Those of all cells, from one sheet; two are asked about."""
        self.board()
        press(self.page, "Nhập đảng viên từ Excel")
        rows = [[CELL, name, 1970 + number] for number, name in enumerate((*SEEN, *UNSEEN))]
        sheet = table(["Chi bộ", "Họ và tên", "Năm sinh"], *rows)
        hand_in(self.page, "Tệp", "dang-vien.xlsx", sheet)
        same = "Đều là đồng chí đang có"  # who stood in the sheet of cells already
        press(self.page, same)
        expect(self.page.get_by_text(same)).to_have_count(0)
        press(self.page, "Áp dụng")
        expect(self.page.get_by_text("Đã áp dụng: 4 đồng chí mới")).to_be_visible()

    def open_campaign(self) -> None:
        """This year's."""
        self.board()
        press(self.page, "Các đợt kiểm điểm")
        press(self.page, "Mở đợt")
        expect(self.page.get_by_text("Chưa có đợt nào")).to_have_count(0)

    def invite(self) -> str:
        """The link of the message for the secretary."""
        self.board()
        press(self.page, "Còn thiếu gì")
        press(self.page, "Mời bí thư, phó bí thư")
        press(self.page, "Tạo tin nhắn Zalo")
        message = self.page.get_by_label(f"Tin nhắn cho {SECRETARY}")
        return re.findall(r"https?://\S+", message.input_value())[0]

    def gather_papers(self) -> None:
        """A job for the worker, and its file."""
        self.board()
        press(self.page, "Gom tất cả văn bản (ZIP)")
        expect(self.page.locator("#jobs .state").first).to_have_text("Xong")

    def board(self) -> None:
        """The page where an officer begins, from the address that everybody knows."""
        self.page.goto("/")
        press(self.page, "Cán bộ đăng nhập")


class Filler:
    """A member's phone without a browser, as those in Chromium are costly."""

    def __init__(self, url: str, name: str) -> None:
        self.url, self.name, self.browser = url, name, Browser(url)
        self.phone: Phone | None = None

    def join(self, code: str) -> str:
        """The two digits that it shows."""
        page = self.browser.open(f"/{code}").do("find_name", q=self.name).page
        (key,) = page.xpath("//form[@data-do='pick']//button[@name='member']/@value")
        self.browser.do("pick", member=key)
        return str(self.browser.page.xpath("string(//*[@data-wait])")).strip()

    def receive(self) -> None:
        """Its ballot, blindly stamped."""
        (key, *_) = DOOR_KEY.findall(self.browser.open("/hop/hop/").response.text)
        door = Browser(self.url)
        phase = door.open(f"/hom/{key}/luot").response.json()
        self.phone = Phone(door.open(f"/hom/{phase['p']}/to-phieu").response.content)
        stamp = self.browser.ask("/hop/phat-phieu", self.phone.request()).content
        self.phone.accept_stamp(stamp)
        self.browser.ask("/hop/da-nhan", self.phone.sheet.p)

    def cast(self) -> float:
        """The instant at which the door had it: sent unchanged until it is accepted, as phones do."""
        assert self.phone is not None
        body = self.phone.fold([SECOND_LEVEL] * len(self.phone.sheet.rows))
        assert until(lambda: self._is_accepted(body), INSISTS)
        return time.monotonic()

    def _is_accepted(self, body: bytes) -> bool:
        """Whether the door answers with the ballot's own hash."""
        assert self.phone is not None
        try:
            return Browser(self.url).ask("/hom/bo-phieu", body).content == b"\0" + self.phone.hash
        except (OSError, HTTPException, Stopped):
            return False


class Evening:
    """The meeting: the secretary's laptop, two phones and a teller's page in Chromium, and phones that fill it."""

    def __init__(self, window: Window, url: str) -> None:
        self.page = window(LAPTOP).new_page()
        self.seen = [Voter(window(), name) for name in SEEN]
        self.unseen = [Filler(url, name) for name in UNSEEN]
        self.teller = self.seen[0].phone.new_page()

    def enter(self, link: str) -> None:
        """By the invitation, with a password at once."""
        page = self.page
        page.goto(link)
        page.locator("[name=new_password1]").fill(PASSWORD)
        page.locator("[name=new_password2]").fill(PASSWORD)
        press(page, "Lưu mật khẩu và đăng nhập")

    def plan(self) -> None:
        """Chair and clerk from the list."""
        page = self.page
        press(page, "Lập hội nghị")
        page.get_by_label("Địa điểm").fill("Nhà văn hoá khu phố 4")
        page.get_by_label("Chủ trì").select_option(label=SECRETARY)
        page.get_by_label("Thư ký").select_option(label=SEEN[1])
        press(page, "Lập hội nghị")

    def check_in(self) -> None:
        """Everybody by the six digits; admitted by the numbers that they read out."""
        page = self.page
        press(page, "Mở điểm danh")
        code = page.locator(".door-code").inner_text().replace(" ", "")
        numbers = [voter.join(code) for voter in chain(self.seen, self.unseen)]
        expect(page.get_by_text(f"Đang chờ vào họp: {len(numbers):02} máy")).to_be_visible()
        page.get_by_label("Số các đồng chí đọc").fill(" ".join(numbers))
        press(page, "Nhận tất cả")
        for voter in self.seen:
            expect(voter.page.get_by_text("Đã điểm danh có mặt.")).to_be_visible()

    def open(self) -> None:
        """Open, and name the tellers."""
        page = self.page
        press(page, "Khai mạc hội nghị")
        press(page, "Tổ kiểm phiếu")
        for name in TELLERS:
            page.get_by_role("checkbox", name=f"{name} vào tổ kiểm phiếu").check()
        page.get_by_role("radio", name=f"{TELLERS[0]} làm tổ trưởng").check()
        do(page, "name_tellers")

    def issue(self, number: int) -> None:
        """The roll confirmed by a teller where it is asked, the poll opened; everybody fills and folds."""
        self.teller.goto("/hop/kiem-phieu/")
        if number == 0:
            do(self.teller, "confirm_roll")
            expect(self.teller.get_by_text("có mặt đã được xác nhận")).to_be_visible()
            # The ballot opens by itself in one tab of a phone, the voter's.
            self.teller.goto("/hop/kiem-phieu/")
        press(self.page, "Bỏ phiếu")
        self.page.locator("a[href*='/luot/']").nth(number).click()
        do(self.page, "open_issuing")
        expect(self.page.locator("form[data-do=open_box]").first).to_be_attached()
        self.teller.goto("/hop/kiem-phieu/")
        for filler in self.unseen:
            filler.receive()
        rows = len(self.unseen[0].phone.sheet.rows)
        for voter in self.seen:
            voter.fill([GOOD] * rows)
            voter.fold()

    def hold(self, number: int) -> None:
        """A whole poll."""
        self.issue(number)
        self.open_box()
        for filler in self.unseen:
            filler.cast()
        self.are_in()
        self.count()

    def open_box(self) -> None:
        """From now on what was folded goes in."""
        self.page.reload()
        do(self.page, "open_box")

    def are_in(self) -> None:
        """The phones in Chromium say that theirs is in the box."""
        for voter in self.seen:
            voter.sees(CAST)

    def count(self) -> None:
        """The tellers' presses; the recount runs by itself in between."""
        self.teller.bring_to_front()
        self.teller.goto("/hop/kiem-phieu/")
        do(self.teller, "seal")
        self.teller.locator("form[data-do=confirm] button").click()
        expect(self.teller.get_by_text("đã xác nhận").first).to_be_visible()
        for voter in self.seen:
            voter.sees(KEPT)

    def finish(self) -> str:
        """Pass the minutes, fetch them as PDF, close; what they say."""
        page = self.page
        page.reload()  # not by itself, just as the link is pressed
        press(page, "Biên bản")
        page.get_by_label("Kết thúc lúc").fill("21:30")
        press(page, "Thông qua và khoá biên bản")
        answer_if_asked(page, "Vẫn thông qua và khoá biên bản", "đã được hội nghị thông qua")
        minutes = page.get_by_role("row").filter(has_text="Biên bản hội nghị")
        address = minutes.get_by_role("link", name="Mở bản PDF").get_attribute("href")
        pages = PdfReader(io.BytesIO(page.request.get(address).body())).pages
        press(page, "Bế mạc hội nghị")
        expect(page.get_by_text("Hội nghị đã bế mạc").first).to_be_visible()
        return " ".join(" ".join(page.extract_text() for page in pages).split())


def begin(window: Window, code: str) -> tuple[Officer, str]:
    """From an empty installation to the invitation of a cell's secretary."""
    officer = Officer(window(LAPTOP))
    officer.begin(code)
    officer.add_cells()
    officer.add_members()
    officer.open_campaign()
    return officer, officer.invite()


def gather(window: Window, url: str, link: str) -> Evening:
    """From the invitation to an open meeting."""
    evening = Evening(window, url)
    evening.enter(link)
    evening.plan()
    evening.check_in()
    evening.open()
    return evening


def walk(window: Window, url: str, code: str) -> str:
    """All of it; what the minutes say."""
    _, link = begin(window, code)
    evening = gather(window, url, link)
    for number in range(POLLS):
        evening.hold(number)
    return evening.finish()


def holds(minutes: str) -> bool:
    """Whether the minutes have every ballot, in each poll."""
    return minutes.count(ALL_COUNTED) == POLLS and "BẢN DỰ THẢO" not in minutes
