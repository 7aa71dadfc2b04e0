"""An audit of secrecy in plain words, one home for the command and the page."""

from collections.abc import Iterator
from dataclasses import dataclass

from ballots.linkage.report import Comparison, Control, Limit, Report, Search
from cells.wording import thousands

HOLDS = "Đạt: không tìm được mối liên hệ nào giữa tên và phiếu."
FAILS = "KHÔNG ĐẠT: có chỗ nối được phiếu với người hoặc phép tìm không nói lên gì. Xem các dòng đánh dấu ✘."
SIGNS = {True: "✔", False: "✘", None: "•"}
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def summary(report: Report) -> str:
    """On what and how large it was, and what came of it."""
    sizes = ", ".join(map(str, report.sizes))
    return (
        f"Phiên bản {report.version}, {DATABASES.get(report.database, report.database)}; hội nghị {sizes} người. "
        f"{HOLDS if report.holds else FAILS}"
    )


def search(each: Search) -> str:
    """One search."""
    read = f" ({thousands(each.size // 1000)} nghìn byte)" if each.size else ""
    return f"{each.phase}, {each.place}{read}: tìm {each.looked_for} bí mật, thấy {each.found}"


def comparison(number: int, each: Comparison) -> str:
    """The closest of so many comparisons of one meeting in one phase."""
    return (
        f"hội nghị {each.size} người, {each.phase}: trong {number} cách nối, khá nhất là "
        f"{each.seen} với {each.known}, đúng {each.linked}/{each.voters} người "
        f"(rút thăm trung bình {each.by_chance}; từ {each.limit} mới đáng ngờ)"
    )


def control(each: Control) -> str:
    """One trial of a search."""
    return f"{each.place}: thấy {each.seen}/{each.times} lần"


def limit(each: Limit) -> str:
    """What somebody whom the protocol does not bind did see."""
    return f"{each.who}: biết {each.number}/{each.of} {each.sees}"


@dataclass(frozen=True)
class Part:
    """One heading, and what stands below it: whether it holds, None where nothing was promised; and the words."""

    title: str
    lines: list[tuple[bool | None, str]]


def parts(report: Report) -> list[Part]:
    """Everything, for a page and for a terminal; parts without a line are left out."""
    found = [
        Part(
            "Tìm bí mật (khoá, chữ ký mù, số của từng lá phiếu) ở mọi nơi",
            [(each.holds, search(each)) for each in report.searches],
        ),
        Part(
            "Nối phiếu với người theo thứ tự, so với rút thăm",
            [(each.holds, comparison(number, each)) for number, each in report.closest],
        ),
        Part(
            "Phép tìm có nhìn thấy không: thử với thứ chắc chắn có ở đó",
            [(each.holds, control(each)) for each in report.controls],
        ),
        Part(
            "Giới hạn đã nêu trước, đo được trong lúc bỏ phiếu",
            [(None, limit(each)) for each in report.limits],
        ),
        Part(
            "Chưa thử được ở đây", [(None, f"{each.what}: {each.why}") for each in report.untried]
        ),
    ]
    return [part for part in found if part.lines]


def lines(report: Report) -> Iterator[str]:
    """The same for a terminal, with a sign for what holds."""
    yield summary(report)
    for part in parts(report):
        yield f"\n{part.title}:"
        for holds, words in part.lines:
            yield f"  {SIGNS[holds]} {words}"
