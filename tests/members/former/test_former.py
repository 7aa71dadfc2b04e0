"""The first year: last year's levels and shortcomings come in from a sheet, and write over nothing."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from ballots.results import former_years
from cells.models import Cell
from cells.stale import Stale
from members.former import verbs
from members.imports.spreadsheets.former import FormerRow, read
from members.imports.spreadsheets.problems import BadSheet
from members.models import FormerYear, Member, SelfReview, User
from tests.kit import factories
from tests.kit.clients import browser, phone, words_of
from tests.kit.reviews import ADDRESS

pytestmark = pytest.mark.django_db
HEAD = ["TT", "Hạn chế, khuyết điểm", "Họ và tên", "Mức xếp loại", "Năm sinh"]


def book(*rows: list) -> bytes:
    workbook, out = Workbook(), io.BytesIO()
    for row in rows:
        workbook.active.append(row)
    workbook.save(out)
    return out.getvalue()


SHEET = book(
    ["KẾT QUẢ XẾP LOẠI NĂM 2025"],
    HEAD,
    [1, "- Đi họp muộn\n- Ít phát biểu", "Nguyễn Hữu Tài", "Hoàn thành tốt nhiệm vụ", 1970],
    [2, None, "Trần Hữu Bình", "HTXS", ""],
    [3, None, "Tổng cộng", None, None],
)


@pytest.fixture
def cell() -> Cell:
    meeting = factories.make_meeting(3)
    for name in ("Nguyễn Hữu Tài", "Trần Hữu Bình"):
        factories.make_member(meeting.cell, name, born_year=1970)
    return meeting.cell


@pytest.fixture
def user(cell) -> User:
    return User.objects.get(member__in=Member.objects.in_cell(cell))


def rows(*told: tuple[str, ...]) -> list[FormerRow]:
    """Name, level, shortcomings, birth, card."""
    return [
        FormerRow(number, name, birth, card, level, text)
        for number, (name, level, text, birth, card) in enumerate(
            ((*each, "", "", "")[:5] for each in told), start=1
        )
    ]


def store(user: User, cell: Cell, *told: tuple[str, ...], year: int = 2025) -> int:
    lines = verbs.planned(cell, year, rows(*told))
    return verbs.apply(user, cell, year, rows(*told), verbs.digest(lines))


def test_columns_are_found_in_any_order_and_lines_of_a_cell_stay_lines():
    first, second = read(SHEET)
    assert first == FormerRow(
        *(3, "Nguyễn Hữu Tài", "1970", "", "Hoàn thành tốt nhiệm vụ"),
        "- Đi họp muộn\n- Ít phát biểu",
    )
    assert (second.name, second.level, second.shortcomings) == ("Trần Hữu Bình", "HTXS", "")


@pytest.mark.parametrize("data", [book(["Họ và tên", "Ngày sinh"]), book(["Mức"], ["HTT"])])
def test_a_sheet_without_names_or_results_is_refused(data):
    with pytest.raises(BadSheet, match="Họ và tên"):
        read(data)


KINDS = [
    (("Nguyễn Hữu Tài", "htt"), "new", ""),
    (("NGUYỄN HỮU TÀI", "Hoàn thành xuất sắc"), "new", ""),
    (("Nguyễn Hữu Tài", "", "Đi họp muộn"), "new", ""),
    (("Nguyễn Hữu Tài", "Khá"), "wrong", verbs.UNKNOWN.format("Khá")),
    (("Người Lạ", "HTT"), "wrong", verbs.NOBODY),
    (("Nguyễn Hữu Tài", "HTT", "", "1980"), "wrong", verbs.NOBODY),
]


@pytest.mark.parametrize(("row", "kind", "note"), KINDS)
def test_what_becomes_of_a_row(cell, row, kind, note):
    (line,) = verbs.planned(cell, 2025, rows(row))
    assert (line.kind, line.note) == (kind, note)


def test_namesakes_are_told_apart_by_year_or_card_or_left(cell):
    factories.make_member(cell, "Nguyễn Hữu Tài", born_year=1985, card_number="24000009")
    told = [
        ("Nguyễn Hữu Tài", "HTT"),
        ("Nguyễn Hữu Tài", "HTT", "", "1985"),
        ("Khác", "HT", "", "", "24000009"),
    ]
    by_name, by_year, by_card = verbs.planned(cell, 2025, rows(*told))
    assert by_name.note == verbs.SEVERAL
    assert by_year.member.born_year == 1985
    assert by_card.note == verbs.TWICE.format(2)


def test_nothing_is_written_over_and_a_second_time_adds_nothing(user, cell):
    assert store(user, cell, ("Nguyễn Hữu Tài", "HTT")) == 1
    assert store(user, cell, ("Nguyễn Hữu Tài", "KHT"), ("Trần Hữu Bình", "HT")) == 1
    assert store(user, cell, ("Nguyễn Hữu Tài", "HTT"), ("Trần Hữu Bình", "HT")) == 0
    assert sorted(FormerYear.objects.values_list("level", flat=True)) == ["HT", "HTT"]


def test_what_changed_since_the_preview_is_looked_at_again(user, cell):
    seen = verbs.digest(verbs.planned(cell, 2025, rows(("Nguyễn Hữu Tài", "HTT"))))
    store(user, cell, ("Nguyễn Hữu Tài", "HT"))
    with pytest.raises(Stale):
        verbs.apply(user, cell, 2025, rows(("Nguyễn Hữu Tài", "HTT")), seen)


def test_the_secretary_looks_then_stores_and_the_source_is_shown(user, cell):
    own, year = browser(user), timezone.localdate().year - 1
    address = reverse("members:former_import", args=[cell.pk])
    data = {"year": year, "file": SimpleUploadedFile("a.xlsx", SHEET)}
    page = own.post(address, data)
    assert "Ghi: 2" in words_of(page)
    assert not FormerYear.objects.exists()
    sent = {name: page.context[name] for name in ("sealed", "digest")}
    page = own.post(reverse("members:former_apply", args=[cell.pk]), sent, follow=True)
    assert "HTT*" in words_of(page)
    assert "* nhập từ bảng" in words_of(page)
    forged = own.post(
        reverse("members:former_apply", args=[cell.pk]),
        sent | {"sealed": sent["sealed"][:-2]},
        follow=True,
    )
    assert "Trang xem trước đã cũ" in words_of(forged)


def test_it_stands_beside_the_member_until_a_meeting_here_says_more(user, cell):
    store(user, cell, ("Nguyễn Hữu Tài", "HTT"), year=2024)
    member = Member.objects.get(name="Nguyễn Hữu Tài")
    told = former_years.before(cell, 2026, {})[member.pk].words
    assert told == "Năm 2024 (nhập từ bảng): Hoàn thành tốt nhiệm vụ"
    assert member.pk not in former_years.before(cell, 2024, {})


def test_the_member_answers_the_shortcomings_of_the_sheet(user, cell):
    store(user, cell, ("Nguyễn Hữu Tài", "HTT", "- Đi họp muộn\n- Ít phát biểu"))
    page = phone(Member.objects.get(name="Nguyễn Hữu Tài")).get(ADDRESS).content.decode()
    assert "1. Đi họp muộn" in page
    assert "2. Ít phát biểu" in page
    assert "Hạn chế năm 2025, bí thư nhập từ bảng." in page


def test_what_the_member_wrote_here_of_a_later_year_goes_before_the_sheet(user, cell):
    member = Member.objects.get(name="Nguyễn Hữu Tài")
    store(user, cell, ("Nguyễn Hữu Tài", "HTT", "Đi họp muộn"))
    campaign = factories.make_campaign(cell.committee, year=2025)
    written = {"kind": "member", "texts": {"weaknesses": "- Ít phát biểu"}}
    review = SelfReview.objects.create(
        **{"cell": cell, "member": member, "campaign": campaign, "state": "submitted"},
        submitted_at=timezone.now(),
        **written,
    )
    review.versions.create(number=1, pack="2025.1", **written)
    page = phone(member).get(ADDRESS).content.decode()
    assert "1. Ít phát biểu" in page
    assert "Đi họp muộn" not in page
