"""How wide and high a text is in Times, and where the lines of a head break: at words of sense, and evenly.

WeasyPrint balances lines by their length alone, Word not at all; so lines of heads are broken here, once for both.
"""

import math
import unicodedata
from functools import lru_cache
from itertools import pairwise, starmap

# Widths in thousandths of the size of the letters, of Times bold, whose upright is hardly ever wider.
_WIDTHS = {
    1000: "MW%…",
    778: "GHKOQ",
    722: "ACDĐNRUVXYw",
    667: "BELTZ",
    611: "FP",
    833: "m",
    556: "Sbdđhknpqu",
    500: "Jagovxy0123456789$–“”",
    444: "ceryz",
    389: "Is",
    333: "ftj()-\u2018\u2019",
    278: "il/:;",
    250: " \u00a0.,",
}
_WIDTH = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_OTHER = 667
POINTS_PER_MM = 72 / 25.4
# Two words that name one thing, in the names of organisations and of papers.
_COMPOUNDS = """
đảng bộ|chi bộ|đảng ủy|chi ủy|cấp ủy|đảng viên|tổ chức|tập thể|cá nhân|cán bộ|lãnh đạo|quản lý|hội nghị|kiểm điểm|
kiểm phiếu|đánh giá|xếp loại|chất lượng|mức chất|kết quả|đề nghị|đề xuất|báo cáo|hồ sơ|tổng hợp|danh sách|chủ thể|
thị trường|thị trấn|thị xã|thành phố|khu phố|tổ dân|dân phố|cơ quan|đơn vị|doanh nghiệp|sự nghiệp|hành chính|công lập|
kinh tế|xã hội|văn hóa|văn hoá|thể thao|du lịch|thông tin|truyền thông|giáo dục|đào tạo|khoa học|công nghệ|nông nghiệp|
nông thôn|công nghiệp|lâm nghiệp|thủy sản|môi trường|tài nguyên|phát triển|tài chính|kế hoạch|đầu tư|công thương|
thương mại|xây dựng|giao thông|vận tải|lao động|thương binh|y tế|nội vụ|ngoại vụ|dân tộc|tôn giáo|thanh tra|kiểm tra|
tư pháp|kiểm sát|tòa án|tuyên giáo|dân vận|ủy ban|nhân dân|hội đồng|quân sự|công an|bộ đội|biên phòng|hải quan|
kiểm lâm|kho bạc|nhà nước|bảo hiểm|ngân hàng|bệnh viện|trung tâm|đa khoa|mầm non|tiểu học|trung học|cơ sở|phổ thông|
đại học|cao đẳng|công ty|cổ phần|trách nhiệm|hữu hạn|thành viên|tổng công|tập đoàn|điện lực|viễn thông|cấp nước|đô thị|
mặt trận|tổ quốc|công đoàn|thanh niên|phụ nữ|cựu chiến|chiến binh|việt nam|hoàn thành|xuất sắc|nhiệm vụ|chi cục|
văn phòng|trực thuộc|toàn thể|bổ sung|chưa xếp|chưa kiểm|không thuộc
"""


def _set_of(listed: str) -> frozenset[str]:
    return frozenset(listed.replace("\n", "").split("|"))


_BOUND = _set_of(_COMPOUNDS)
# A line never ends with these, which lead to what follows; and best begins with those.
_LEADING = _set_of(
    "tỉnh|xã|phường|huyện|quận|thôn|làng|bản|ấp|số|của|và|năm|quý|tháng|ngày|các|những|trong|theo|về|với|tại|đối|"
    "cục|sở|ban|phòng"
)
_BEGINNING = _set_of("tỉnh|xã|phường|huyện|quận|của|và|năm|quý|thuộc|tại|đối")
# What a break costs beside uneven lines, of which one a quarter shorter than the others costs about a tenth.
_TORN, _LED, _BEGUN, _LINE = 10.0, 4.0, -0.05, 1.0


def width(text: str, size: float) -> float:
    """The width of a text in points, with letters of `size` points, as if it were bold."""
    letters = (c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return sum(_WIDTH.get(letter, _OTHER) for letter in letters) * size / 1000


def height(text: str, room: float, size: float) -> int:
    """How many lines a text takes in `room` millimetres, one at least for each of its own."""
    return sum(_height(line, room, size) for line in text.split("\n"))


def _height(text: str, room: float, size: float) -> int:
    most, lines, used = room * POINTS_PER_MM, 1, 0.0
    for word in text.split(" "):
        length = width(f"{word} ", size)
        if used and used + length > most:
            lines, used = lines + 1, 0.0
        used += length
        if used > most:  # a word wider than the room is broken anywhere
            lines, used = lines + int(used // most), used % most
    return lines


@lru_cache(maxsize=256)
def lines_of(text: str, room: float, size: float, capitals: bool = False) -> tuple[str, ...]:
    """The text in as few lines as fit into `room` millimetres, evenly long and broken at words of sense.

    One line more where fewer would part what belongs together; a word wider than the room stays in one.
    `capitals`: in these it is set; as it comes, it says what is a name.
    """
    words = text.split(" ")
    shown = [word.upper() for word in words] if capitals else words
    breaks = list(starmap(_break, pairwise(words)))
    most = room * POINTS_PER_MM
    total = width(" ".join(shown), size)
    least = min(math.ceil(total / most), len(words))
    ways = []
    for count in range(max(least, 1), min(least + 3, len(words)) + 1):
        way = _broken([width(f"{word} ", size) for word in shown], breaks, count, most)
        ways.append((way[0] + count * _LINE, way[1]))
    ends = [*min(ways)[1], len(words)]
    starts = [0, *ends[:-1]]
    return tuple(" ".join(shown[at:end]) for at, end in zip(starts, ends, strict=True))


def _broken(
    widths: list[float], breaks: list[float], count: int, most: float
) -> tuple[float, tuple[int, ...]]:
    """The cheapest way to make `count` lines: its cost, and the places of the words that begin a new one."""
    even = sum(widths) / count

    def line(start: int, end: int) -> float:
        length = sum(widths[start:end])
        over = max(0.0, length / most - 1) * 1000 if end - start > 1 else 0.0
        return (length / even - 1) ** 2 + over

    # By the number of the words set: the best so far with one line more in every round.
    best: dict[int, tuple[float, tuple[int, ...]]] = {
        end: (line(0, end), ()) for end in range(1, len(widths) + 1)
    }
    for _ in range(count - 1):
        best = {
            end: min(
                (best[at][0] + breaks[at - 1] + line(at, end), (*best[at][1], at))
                for at in range(1, end)
                if at in best
            )
            for end in range(2, len(widths) + 1)
            if any(at in best for at in range(1, end))
        }
    return best[len(widths)]


def _break(first: str, second: str) -> float:
    """What it costs to part two words."""
    pair = f"{first.strip('“”(),;')} {second.strip('“”(),;')}".lower()
    names = first.istitle() and second.istitle() and first.lower() not in _LEADING
    if pair in _BOUND or names or second[:1].isdigit() or first in ("-", "–"):
        return _TORN
    if first.lower() in _LEADING:
        return _LED
    return _BEGUN if second.lower() in _BEGINNING or first.endswith((",", ";")) else 0.0
