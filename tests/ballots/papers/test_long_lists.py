"""A list of thousands of rows is set part by part: the same words, pages numbered on, one frame and one ending."""

import io

import pytest
from pypdf import PdfReader

from ballots.papers.composing import compose
from ballots.papers.press import long, render
from ballots.papers.press.document import Table
from ballots.papers.rulings.data import JointListData
from tests.kit.paper_readers import pages_in
from tests.kit.ruling_samples import joint_list


@pytest.fixture
def few(monkeypatch) -> None:
    """Five rows are many."""
    monkeypatch.setattr(long, "ROWS", 5)


def whole(data: JointListData) -> bytes:
    """The same set at once."""
    return render.pdf(render.html(data))


@pytest.mark.usefixtures("few")
def test_a_long_list_says_what_it_says_as_one_and_its_pages_are_numbered_on():
    data = joint_list(20)
    made = render.long_pdf(data)
    one, other = (" ".join(" ".join(pages_in(pdf)).split()) for pdf in (made, whole(data)))
    for text in {ruling.name for cell in data.cells for ruling in cell.rulings}:
        assert one.count(text) == other.count(text) > 0
    first, *others = pages_in(made)
    assert len(others) > 1
    for number, page in enumerate(others, start=2):
        assert str(number) in page.split()  # rows are numbered "02"
    assert "DANH SÁCH" in first
    assert not any("DANH SÁCH\n" in page for page in others)


@pytest.mark.usefixtures("few")
def test_it_is_one_archive_file_and_the_same_bytes_each_time():
    made = render.long_pdf(joint_list(20))
    assert made == render.long_pdf(joint_list(20))
    root = PdfReader(io.BytesIO(made)).trailer["/Root"]
    assert b"pdfaid" in root["/Metadata"].get_data()
    assert len(root["/OutputIntents"]) == 1


def test_a_short_list_is_set_as_ever():
    data = joint_list(20)
    assert render.long_pdf(data) == whole(data)


@pytest.mark.parametrize("rows", [1, 5, 40, 1000])
def test_no_table_is_taken_apart_and_no_part_begins_with_one(monkeypatch, rows):
    monkeypatch.setattr(long, "ROWS", rows)
    blocks = compose(joint_list(20)).blocks
    parts = list(long.parted(blocks))
    assert tuple(block for part in parts for block in part) == blocks
    assert not any(isinstance(part[0], Table) for part in parts)
