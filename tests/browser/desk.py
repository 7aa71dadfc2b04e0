"""An officer of a committee at the desk: the steps of a year (journeys, 4.3), each with its taps and its seconds."""

import io
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from ballots.committee.downloads.job import AT_ONCE
from cells.law.periods import Period
from cells.models import Committee
from partyreview.http import XLSX
from tests.browser.hands import Taps, answer_if_asked, settled


class Step(NamedTuple):
    """One step as it was walked."""

    number: str  # of journeys 4.3
    name: str
    taps: int
    most: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.number:>3}  {self.name:<58} {self.taps:>2}/{self.most} taps {self.seconds:6.1f} s"


class Desk:
    """The officer's laptop; typing is no tap, and what is waited for counts as seconds."""

    def __init__(self, page: Page, committee: Committee, period: Period) -> None:
        self.page, self.committee, self.period = page, committee, period
        self.taps, self.steps = Taps(page), list[Step]()
        page.goto("/hop/")

    @contextmanager
    def step(self, number: str, name: str, most: int, seconds: float = 30) -> Iterator[None]:
        """No more taps than the table has, and no more seconds than anybody would bear, on a busy machine."""
        self.taps.start()
        since = time.perf_counter()
        yield
        settled(self.page)
        done = Step(number, name, self.taps.start(), most, time.perf_counter() - since)
        sys.stdout.write(f"{done}\n")
        self.steps.append(done)
        assert done.taps <= most, done
        assert done.seconds <= seconds, done

    def press(self, name: str | re.Pattern) -> None:
        """The first button or link of this name."""
        page = settled(self.page)
        named = page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name))
        named.filter(visible=True).first.click()

    def sees(self, text: str | re.Pattern) -> None:
        """Wait for these words."""
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()

    def key(self, name: str) -> None:
        """One key, once the page says that it listens to it."""
        expect(settled(self.page).locator("[data-keys]").filter(has_text=name)).to_be_visible()
        self.page.keyboard.press(name)

    def board(self, query: str = "") -> None:
        """The board of the period, where every step begins."""
        self.page.goto(f"/hop/dang-bo/{self.committee.pk}/?nam={self.period}{query}")

    def choose(self, name: str, data: bytes) -> None:
        """Press the box of the file, and choose one."""
        with self.page.expect_file_chooser() as chosen:
            self.page.locator("input[type=file]").click()
        chosen.value.set_files([{"name": name, "mimeType": XLSX, "buffer": data}])

    def fetch(self, name: str | re.Pattern) -> bytes:
        """Press what is a file, and read it."""
        with self.page.expect_download() as fetched:
            self.press(name)
        return Path(fetched.value.path()).read_bytes()

    # The steps, in the order of the table

    def clone(self) -> None:
        """The next campaign after the last one."""
        self.board()
        with self.step("1", "Mở đợt sau theo đợt trước", 6):
            self.press("Các đợt kiểm điểm")
            self.press("Mở đợt sau theo đợt")
            self.press(f"Mở đợt {self.period.words}")
            done = f"Đã mở đợt kiểm điểm {self.period.words}"
            answer_if_asked(self.page, f"Vẫn mở đợt {self.period.words}", done)
            self.sees(done)

    def import_tree(self, sheet: bytes) -> None:
        """New cells with their secretaries."""
        self.board()
        with self.step("2", "Nhập chi bộ mới từ Excel", 5):
            self.press("Chi bộ, đảng bộ trực thuộc")
            self.press("Nhập chi bộ từ Excel")
            self.choose("chi-bo.xlsx", sheet)
            self.press("Đọc tệp")
            self.press("Ghi các dòng này")
            self.sees("Đã nhập: ")

    def import_members(self, sheet: bytes, new: int) -> None:
        """One sheet for all cells."""
        self.board()
        with self.step("2", "Nhập đảng viên từ Excel", 4, 120):
            self.press("Nhập đảng viên từ Excel")
            self.choose("dang-vien.xlsx", sheet)
            self.press("Đọc tệp")
            self.sees("dòng lỗi để lại chờ sửa")
            self.press("Áp dụng")
            self.sees(f"Đã áp dụng: {new} đồng chí mới")

    def correct(self, right: dict[str, str]) -> None:
        """The lines with errors come as a sheet, and go in again; `right`: what to write instead of what."""
        self.board()
        self.press("Nhập đảng viên từ Excel")
        self.press("Xem tiếp tệp ấy")
        with self.step("2", "Sửa các dòng lỗi trong Excel rồi nhập lại", 5):
            book = load_workbook(io.BytesIO(self.fetch("Tải các dòng lỗi (Excel)")))
            for row in book.active.iter_rows():
                for cell in row:
                    cell.value = right.get(str(cell.value), cell.value)
            file = io.BytesIO()
            book.save(file)
            self.press("Nhập tệp khác")
            self.choose("dong-loi.xlsx", file.getvalue())
            self.press("Đọc tệp")
            self.press("Áp dụng")
            self.sees(f"Đã áp dụng: {len(right)} đồng chí mới")

    def invite(self) -> bytes:
        """The sheet of cards, and the texts for Zalo."""
        self.board()
        with self.step("3", "In phiếu mời", 3):
            self.press("Chi bộ, đảng bộ trực thuộc")
            self.press("Mời bí thư, phó bí thư")
            cards = self.fetch(re.compile("^Tải phiếu mời để in"))
        with self.step("3", "Tin nhắn Zalo cho từng bí thư", 2):
            self.press("Tạo tin nhắn Zalo")
            self.press("Chép tin nhắn Zalo")
            self.sees("Đã chép")
        return cards

    def look(self, stage: str, number: int) -> None:
        """The board in the morning; a number opens its list."""
        self.board()
        with self.step("4", f"Bảng buổi sáng: {stage}", 1):
            tile = self.page.locator(".filters a").filter(has_text=stage)
            expect(tile.locator("strong")).to_have_text(str(number))
            tile.click()
            expect(self.page.get_by_role("heading", name=stage, exact=True)).to_be_visible()
            expect(self.page.get_by_text(f"{number} chi bộ.", exact=True)).to_be_attached()

    def remind(self, late: int) -> None:
        """Whose day has passed."""
        self.board()
        with self.step("5", f"Nhắc {late} chi bộ chậm", 2):
            self.press(f"Nhắc {late:02} chi bộ chậm")
            self.press("Chép tin nhắn Zalo")
            self.sees("Đã chép")

    def open_queue(self) -> None:
        """From the board to the first file."""
        self.board()
        with self.step("6", "Mở hồ sơ tiếp theo bằng một phím", 1):
            self.press("hồ sơ chờ duyệt")
            self.key("F8")
            self.sees("Máy kiểm tra")

    def approve(self) -> None:
        """The file that is open, by one key; the next one opens."""
        with self.step("7", "Duyệt hồ sơ đạt bằng một phím", 1):
            self.key("F9")
            self.sees("Đã duyệt hồ sơ của")

    def give_back(self, text: str) -> None:
        """The file that is open, by a press on its number."""
        with self.step("7", "Trả lại: bấm vào số, ghi, trả lại", 3):
            self.page.locator("summary", has_text="Diện kiểm điểm:").last.click()
            self.page.locator("textarea:visible").fill(text)
            self.press("Trả lại hồ sơ cho")
            self.sees("Đã trả lại hồ sơ: 01 chỗ cần sửa.")

    def approve_together(self, number: int) -> None:
        """All that are clean, after the list."""
        self.board()
        with self.step("8", f"Duyệt hàng loạt {number} hồ sơ", 3, 60):
            self.press("hồ sơ chờ duyệt")
            self.press("Duyệt hàng loạt")
            self.sees(f"{number:02} hồ sơ mọi mục đều đạt")
            self.press("Duyệt các hồ sơ đã chọn")
            self.sees(f"Đã duyệt {number:02} hồ sơ.")

    def draft(self, name: str) -> None:
        """The quota room, and a draft in it."""
        self.board()
        with self.step("9", "Vào phòng tỷ lệ, lập dự thảo", 4):
            self.press("Tỷ lệ hoàn thành xuất sắc")
            self.page.get_by_label("Tên dự thảo").fill(name)
            self.press("Lập dự thảo")
            self.sees(f"Đã lập dự thảo “{name}”.")
            if self.page.locator("#jobs").count():  # of many files, beside the page
                self.press("Mở phòng tỷ lệ")
                self.press(name)

    def move(self, place: int, level: str, why: str) -> None:
        """The case at this place of the page, by hand."""
        line = self.page.locator(".cases tbody tr").nth(place)
        with self.step("9", f"Đổi mức một đồng chí sang {level}", 3):
            line.get_by_label("Mức dự thảo của").select_option(level)
            line.get_by_label("Lý do đổi mức của").fill(why)
            line.get_by_role("button", name="Đổi").click()
            expect(line.get_by_text("Ai đã đổi (1)")).to_be_visible()
            expect(self.page.locator("#groups .quota").get_by_text("1/")).not_to_have_count(0)

    def move_by_keys(self, place: int, level: str, why: str) -> None:
        """The same without a mouse, from the search above the list; Enter presses the button."""
        line = self.page.locator(".cases tbody tr").nth(place)
        wanted = line.locator("select").get_attribute("id")
        with self.step("9", "Đổi mức chỉ bằng bàn phím", 1):
            self.page.get_by_label("Tìm tên, chi bộ").focus()
            while self.page.evaluate("document.activeElement.id") != wanted:
                self.page.keyboard.press("Tab")
            self.page.keyboard.type(level)
            self.page.keyboard.press("Tab")
            self.page.keyboard.type(why)
            self.page.keyboard.press("Enter")
            expect(line.get_by_text("Ai đã đổi (1)")).to_be_visible()
            expect(line.locator(":focus")).to_be_attached()

    def plan_sitting(self, venue: str) -> None:
        """The committee's own meeting, with what the page fills in."""
        self.board()
        with self.step("10", "Lập hội nghị của cấp ủy", 4):
            self.press("Hội nghị của cấp ủy")
            self.page.get_by_label("Địa điểm").fill(venue)
            self.press("Lập hội nghị")
            self.sees("Đã lập hội nghị. Xin thêm lượt bỏ phiếu")

    def put_on_ballot(self, rows: int) -> None:
        """The first cases of the list."""
        with self.step("10", f"Đưa {rows} trường hợp lên phiếu", rows + 1):
            for case in self.page.locator("input[name=cases]").all()[:rows]:
                case.check()
            self.press("Thêm lượt bỏ phiếu")
            self.sees("Đã thêm lượt bỏ phiếu.")

    def note(self, speaker: str, case: str, text: str) -> None:
        """What was said on a case, from the page where one is written after the other."""
        with self.step("10", "Ghi một ý kiến thảo luận", 1):
            self.page.get_by_label("Người phát biểu").select_option(label=speaker)
            self.page.get_by_label("Góp ý cho").select_option(label=case)
            self.page.get_by_label("Nội dung").fill(text)
            self.press("Ghi ý kiến")
            expect(self.page.locator(".saying", has_text=text)).to_be_visible()

    def conclude(self, case: str, level: str, why: str) -> None:
        """The chair concludes otherwise than the ballots, on the page of all cases."""
        line = self.page.locator(".conclusion-of-case", has_text=case)
        with self.step("10", "Ghi kết luận khác của chủ trì", 2):
            line.locator("summary").click()
            line.get_by_label("Mức chủ trì kết luận").select_option(level)
            line.get_by_label("Lý do").fill(why)
            line.get_by_role("button", name="Ghi kết luận").click()
            self.sees(f"Đã ghi kết luận của chủ trì: {case}.")
            expect(line.locator(".proposed")).to_have_class(f"proposed proposed-{level}")

    def decide(self, symbol: str, dated: str, files: int, draft: str = "") -> None:
        """One decision on all files that wait; its levels are published with it."""
        self.board()
        with self.step("11", f"Quyết định và công bố mức của {files} chi bộ", 4, 120):
            self.press("Quyết định của cấp ủy")
            self.page.get_by_label("Số, ký hiệu").fill(symbol)
            self.page.get_by_label("Ngày quyết định").fill(dated)
            if draft:
                self.page.get_by_label("Mức lấy theo").select_option(label=draft)
            self.press("Xem trước quyết định")
            self.sees(f"{files:02} hồ sơ chi bộ")
            self.press("Ghi quyết định và công bố mức")
            self.sees(f"Đã ghi và công bố mức xếp loại của {files:02} chi bộ.")

    def answer(self, member: str, text: str) -> None:
        """The petition that waits."""
        self.board()
        with self.step("11", "Trả lời kiến nghị", 3):
            self.press("01 kiến nghị chờ trả lời")
            self.page.locator(".file a").first.click()
            self.page.get_by_label("Trả lời, nêu rõ lý do").fill(text)
            self.press(f"Trả lời đồng chí {member}")
            self.sees("Đã trả lời kiến nghị")

    def papers(self, folder: Path, cells: int, seconds: float = 300) -> None:
        """One ZIP of all cells, whose check sums hold."""
        self.board()
        with self.step("12", f"Gom văn bản của {cells} chi bộ (ZIP)", 2, seconds):
            self.press("Gom tất cả văn bản (ZIP)")
            expect(self.page.locator("#jobs .state").first).to_have_text(
                "Xong", timeout=seconds * 1000
            )
            with self.page.expect_download() as fetched:
                self.press("Tải về")
            path = Path(fetched.value.path())
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
        found = list(folder.glob("*/*/"))
        assert len(found) == cells, found
        (sums,) = folder.glob("*SHA256*")
        subprocess.run(["sha256sum", "--check", "--quiet", sums.name], cwd=folder, check=True)

    def summary(self, cells: int) -> bytes:
        """The Excel summary: at once, or made beside the page."""
        self.board()
        with self.step("12", f"Bảng tổng hợp {cells} chi bộ (Excel)", 2, 60):
            if cells <= AT_ONCE:
                return self.fetch("Tải bảng tổng hợp (Excel)")
            self.press("Lập bảng tổng hợp (Excel)")
            expect(self.page.locator("#jobs .state").first).to_have_text("Xong")
            return self.fetch("Tải về")

    def report(self) -> None:
        """Upward."""
        self.board()
        with self.step("13", "Gửi báo cáo lên cấp trên", 2, 60):
            self.press("Báo cáo gửi cấp trên")
            self.press("Gửi báo cáo")
            self.sees("Đã gửi báo cáo")
