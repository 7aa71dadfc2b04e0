"""Who is in a cell of any size, what they write and say, and the cells beside it. All invented."""

from datetime import date

from django.utils import timezone
from openpyxl import Workbook

from ballots.models import Submission
from cells import wording
from cells.law.review_forms import ReviewForm
from cells.models import Cell, Committee, Meeting
from members.models import Member, User
from members.rules.review_sheet import SCORE
from tests.kit import factories, sendings, sheets
from tests.kit.cases import HALL

RARE = ("Ksor H'Bia", "Y Bhim Êban", "Tôn Nữ Hoàng Thị Phương Thảo")
MIDDLE = ("Thị Kim", "Minh", "Quốc", "Thị Ngọc", "Hữu")
GIVEN = ("Phong", "Quyên", "Sơn", "Tâm", "Uyên", "Vinh", "Xuân", "Yến")
DONE = (
    "Chấp hành nghiêm nghị quyết, chỉ thị của cấp trên; sinh hoạt đúng kỳ, tham gia đủ các buổi học nghị quyết.",
    "Vận động nhân dân trong tổ giữ vệ sinh ngõ xóm, đóng góp quỹ vì người nghèo đạt 100% chỉ tiêu.",
    "Có lúc còn nể nang trong tự phê bình và phê bình; nắm tình hình tổ dân phố chưa thật kịp thời.",
)
ADDED = " Từ tháng 10 đã có tổ tự quản, mỗi tuần thu gom ba lần."
REPORT = (
    "Chi bộ giữ nền nếp sinh hoạt, 12/12 kỳ đúng Điều lệ; dự họp bình quân 92%.",
    "Việc thu gom rác ở ngõ 12 còn chậm; hai đảng viên trẻ chưa được giao việc rõ ràng.",
    "Phân công từng đồng chí chi ủy phụ trách một ngõ, kiểm tra mỗi quý một lần.",
)
COMMENTS = (
    "Công tác vận động nhân dân có chuyển biến; việc thu gom rác ở ngõ 12 còn chậm.",
    "Nhiệt tình, có sản phẩm cụ thể; cần báo cáo tiến độ sớm hơn.",
    "Đề nghị chi bộ phân công rõ đồng chí phụ trách địa bàn ngõ 8.",
)
REASON = "Chi bộ đã thảo luận kỹ, nhất trí mức này."
AGREED = "Hội nghị thống nhất"
PINS = ("Số liệu chưa khớp với biên bản.", "Thiếu chữ ký.")
HEADING = ["STT", "Họ và tên", "Ngày sinh", "Số thẻ đảng viên"]
ROWS = (
    [1, "Nguyễn Văn An", "05/07/1950", "31000001"],  # is there already, now with a day of birth
    [2, "Trần Thị Ánh", "1951", ""],
    [3, "Nguyễn Văn An", "", ""],  # one of two
    [4, "Đào Thị Thu", "31/02/1980", "31000099"],  # no such day
    [5, "Phùng Văn Thịnh", "12/10/1979", "31000100"],  # new
)


def workbook(pages: int, *cell: str) -> bytes:
    """A list of members on so many worksheets, each row with its `cell` where that is named."""
    book = Workbook()
    book.remove(book.active)
    for number in range(pages):
        page = book.create_sheet(f"Tổ {number + 1}")
        page.append([*HEADING, "Chi bộ"][: len(HEADING) + len(cell)])
        for row in ROWS[number::pages]:
            page.append([*row, *cell])
    return sheets.saved(book)


def listed(size: int) -> list[dict[str, object]]:
    """So many members: those of the public case, then others."""
    known = [dict(person) for person in HALL["members"][:size]]
    families = [str(person["name"]).split()[0] for person in HALL["members"]]
    usual = [
        f"{family} {m} {g}" for m in MIDDLE for family, g in zip(families, GIVEN, strict=False)
    ]
    more = [{"name": name, "born": 1955 + n % 40} for n, name in enumerate([*RARE, *usual])]
    return known + more[: size - len(known)]


def make_members(cell: Cell, size: int) -> list[Member]:
    """Put so many into the cell, in the order of its list; the first run it."""
    kinds = ("secretary", "deputy", "executive") if size > 3 else ("secretary", "deputy")
    return [
        factories.make_member(
            cell, str(person["name"]), kinds[place - 1] if place <= len(kinds) else "", position=place,
            born_year=person["born"], post=person.get("post", ""), status=person.get("status", "full"),
            admitted_on=date(1990 + place % 30, 2, 3), official_on=date(1991 + place % 30, 2, 3),
            phone=f"09{place:08d}", card_number=f"{31_000_000 + place}",
        )
        for place, person in enumerate(listed(size), 1)
    ]  # fmt: skip


def make_account(**values: object) -> User:
    """An officer whom no page reminds of a password."""
    return factories.make_user(password="of this run alone", **values)


def points(form: ReviewForm) -> dict[str, str]:
    """85 in all: the weightiest criterion is not quite reached."""
    given = {criterion.key: criterion.points for criterion in form.criteria}
    weightiest = max(given, key=given.__getitem__)
    given[weightiest] -= sum(given.values()) - 85
    return {SCORE + key: wording.score(value) for key, value in given.items()}


def make_neighbours(committee: Committee, officer: User) -> None:
    """Eleven other cells of the committee, each as far as it got."""
    numbers = [number for number in range(1, 13) if number != 7]
    cells = [factories.make_cell(committee, f"Chi bộ Khu phố {number}") for number in numbers]
    for cell in cells[:2]:
        factories.make_meeting(9, cell=cell, year=2026)
    factories.make_open_meeting(11, cell=cells[2], year=2026)
    for place, cell in enumerate(cells[3:7]):
        sendings.make_ready(6 + place, voted=True, cell=cell, year=2026)
    sent = [Meeting.objects.get(cell=cell) for cell in cells[4:7]]
    for meeting in sent:
        Submission.objects.create(meeting=meeting, by=factories.secretary_of(meeting))
    returned = {"returned_at": timezone.now(), "returned_by": officer}
    Submission.objects.filter(meeting=sent[0]).update(**returned)
    factories.make_decision(sent[2], officer)
    make_sitting(committee, cells[3])


def make_sitting(committee: Committee, cell: Cell) -> None:
    """The committee is about to meet on them."""
    members = list(Member.objects.in_cell(cell)[:5])
    posts = ["secretary", "deputy", "standing", "standing", "standing"]
    for member, post in zip(members, posts, strict=True):
        factories.make_seat(committee, member, post)
    factories.make_sitting(committee, *members)
