"""Real input that failed once, each with its right result; the files and their story: tests/inputs/README.md."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from ballots.committee.downloads import archive
from ballots.demo import scenario
from ballots.dossier import archive as dossier_archive
from cells.law.periods import Period
from cells.models import Cell
from members.files import keeping
from members.imports.matching import plan
from members.imports.plans import MatchedRow
from members.imports.spreadsheets import read
from members.models import Member
from tests.ballots.demo.test_rehearse import hold
from tests.kit import factories, sendings
from tests.kit.clients import browser
from tests.kit.paper_readers import LEAST, filled, words
from tests.kit.sheets import TODAY

INPUTS = Path(__file__).parent / "inputs"


def content(name: str) -> bytes:
    """The input whose name begins so."""
    (path,) = INPUTS.glob(f"{name}*")
    return path.read_bytes()


def lines_of(name: str) -> tuple[MatchedRow, ...]:
    return plan(read(content(name), TODAY), []).lines


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("01a", "NguyÔn V¨n B×nh"),
        ("01b", "NguyÔn V¨n B×nh"),
        ("01c", "Nguyeãn Vaên Bình"),
    ],
)
def test_names_typed_in_an_old_font_are_converted_beside_what_was_typed(name, typed):
    lines = lines_of(name)
    assert [line.values["name"] for line in lines] == [
        "Nguyễn Văn Bình",
        "Trần Thị Hồng Điệp",
        "Lê Quốc Toàn",
        "Phạm Hải Yến",
        "Võ Thị Mười",
    ]
    assert ("Họ và tên", typed) in lines[0].row.originals
    assert lines[0].values["born_on"] == "1968-03-12"


def test_what_another_program_writes_for_the_end_of_a_line_is_a_blank():
    first, second = lines_of("04")
    assert (first.values["name"], first.values["home_town"]) == (
        "Nguyễn Văn Bình",
        "xã Ia Mơ , Gia Lai",
    )
    assert (second.kind, second.values["born_year"]) == ("new", 1972)


def test_a_list_by_the_strict_standard_is_read():
    lines = lines_of("05")
    assert [line.kind for line in lines] == ["new"] * 5
    assert lines[0].values["name"] == "Nguyễn Văn Bình"
    assert lines[0].values["born_on"] == "1968-03-12"


def test_days_beside_those_that_are_month_first_are_asked_for_and_none_is_swapped():
    lines = lines_of("06")
    assert [line.kind for line in lines] == ["open"] * 4
    assert all("born_on" not in line.row.values for line in lines)
    assert all(problem.meanings for line in lines for problem in line.problems)


def test_two_of_one_name_and_year_with_other_days_and_cards_are_two_people():
    assert [line.kind for line in lines_of("07a")] == ["new"] * 3


@pytest.fixture
def cell(db, unconfined) -> Cell:
    """A cell with its secretary alone."""
    cell = factories.make_cell()
    factories.make_member(cell, "Hà Xuân Quang", office="secretary", born_year=1960)
    return cell


@pytest.fixture
def secretary(cell) -> Client:
    """The browser of who runs it."""
    return browser(factories.make_user(Member.objects.get(cell=cell)))


def import_all(secretary: Client, cell: Cell, name: str) -> None:
    address = f"/hop/chi-bo/{cell.pk}/dang-vien/nhap/"
    secretary.post(address, {"file": SimpleUploadedFile("danh-sach.xlsx", content(name))})
    digest = secretary.get(f"{address}xem/").context["digest"]
    secretary.post(f"{address}ap-dung/", {"digest": digest})


def test_a_second_person_of_one_name_and_year_is_never_written_over_the_first(secretary, cell):
    import_all(secretary, cell, "07c")
    import_all(secretary, cell, "07d")
    known = Member.objects.filter(name="Nguyễn Văn Hùng").order_by("born_on")
    assert [*known.values_list("born_on", "card_number", "phone")] == [
        (date(1975, 3, 12), "24000001", "0912000001"),
        (date(1975, 9, 27), "24000002", "0912000002"),
    ]


def test_namesakes_of_different_years_carry_the_year(secretary, cell):
    import_all(secretary, cell, "07e")
    page = words(secretary.get(f"/hop/chi-bo/{cell.pk}/dang-vien/").content.decode())
    for name, years in (("Nguyễn Văn Hùng", (1975, 1980)), ("Trần Văn Hòa", (1970,))):
        assert [year for year in years if f"<strong>{name} ({year})</strong>" not in page] == []
    assert "<strong>Trần Văn Hoà (1982)</strong>" in page


@pytest.mark.django_db
@pytest.mark.usefixtures("undrawn")
def test_long_names_make_no_path_of_more_than_150_letters():
    raw = json.loads(content("20"))
    committee = factories.make_committee(raw["committee"])
    meeting = sendings.make_ready(cell=factories.make_cell(committee, raw["cell"]))
    for write, what in (
        (dossier_archive.write, (meeting,)),
        (archive.write, (committee, Period(2026))),
    ):
        file = io.BytesIO()
        write(*what, file)
        names = zipfile.ZipFile(file).namelist()
        assert len(names) > 3
        assert [name for name in names if len(name) > 150] == []


@pytest.mark.slow
def test_six_reasons_of_257_letters_leave_no_page_of_the_minutes_near_empty(site):
    papers = hold(scenario.load(content("22")), site)
    *pages, _ = filled(papers["bien-ban-hoi-nghi.pdf"])
    assert [share for share in pages if share < LEAST] == []


@pytest.mark.usefixtures("unconfined")
def test_a_grey_picture_of_16_bits_keeps_what_is_seen():
    picture, _ = keeping.cleaned(SimpleUploadedFile("quet.png", content("30c")))
    before = Image.open(io.BytesIO(content("30c")))
    after = Image.open(io.BytesIO(picture)).convert("L")
    assert after.size == before.size
    for at in ((x, y) for x in range(0, after.width, 7) for y in range(0, after.height, 7)):
        assert after.getpixel(at) == pytest.approx(before.getpixel(at) / 257, abs=8)


@pytest.mark.usefixtures("unconfined")
def test_a_signature_that_would_vanish_is_refused_with_the_cure():
    with pytest.raises(keeping.Refused, match=r"chọn In rồi .* chụp ảnh các trang"):
        keeping.cleaned(SimpleUploadedFile("ky.pdf", content("31b")))


def test_every_input_has_its_result():
    tried = {"01a", "01b", "01c", "04", "05", "06", "07a", "07c", "07d", "07e"} | {
        "20",
        "22",
        "30c",
        "31b",
    }
    names = [path.name for path in INPUTS.iterdir() if path.name[0].isdigit()]
    assert [name for name in names if name.split("-")[0] not in tried] == []
    assert settings.BASE_DIR in INPUTS.parents
