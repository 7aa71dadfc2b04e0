"""A province of cells: one holds its meeting, the others are copies with papers of their own."""

import hashlib
import io
import zipfile

import pytest
from django.db import connection

from ballots.committee.queue import batch
from ballots.demo import province
from ballots.models import Classification, Decision, Paper, Submission
from cells.models import Cell, Meeting
from members.models import Member
from tests.kit.clients import browser, words_of

CELLS = 33


@pytest.mark.slow
def test_cells_that_hold_no_meeting_are_copies_with_papers_of_their_own(
    site, undrawn, monkeypatch
):
    monkeypatch.setattr(province, "PLAYED", 1)
    made = province.make(CELLS, 1, province.over(site))
    connection.check_constraints()
    cells = Cell.objects.under(made.committee)
    assert cells.values("committee").distinct().count() == 2
    assert Member.objects.filter(cell__in=cells).count() == CELLS * province.MEMBERS
    held = Meeting.objects.filter(cell__in=cells)
    papers = list(Paper.objects.defer(None))
    assert len(papers) == held.count() * 8
    assert {paper.sha256 for paper in papers} == {
        hashlib.sha256(bytes(paper.pdf)).hexdigest() for paper in papers
    }
    assert len({paper.sha256 for paper in papers}) == len(papers)
    levels = {
        len(meeting.classification_set.filter(stage=Classification.Stage.PROPOSED))
        for meeting in held
    }
    assert len(levels) == 1
    board = words_of(browser(made.officer).get(f"/hop/dang-bo/{made.committee.pk}/"))
    sent = Submission.objects.filter(returned_at=None).count() - Decision.objects.count()
    for words in (
        f"Tất cả: {CELLS}",
        f"Chờ duyệt: {sent}",
        f"Đã duyệt: {Decision.objects.count()}",
    ):
        assert words in board
    preview = browser(made.officer).get("/hop/ho-so-cho-duyet/hang-loat/")
    assert preview.status_code == 200
    assert words_of(preview).count("Chi bộ") >= min(sent, batch.PART)


def test_a_word_file_with_a_comment_is_still_one():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as document:
        document.writestr("word/document.xml", "<w:document/>")
    copies = [province._commented(file.getvalue(), number) for number in (7, 1234)]
    assert len(set(copies)) == 2
    for copy, comment in zip(copies, (b"7", b"1234"), strict=True):
        opened = zipfile.ZipFile(io.BytesIO(copy))
        assert (opened.testzip(), opened.comment) == (None, comment)
