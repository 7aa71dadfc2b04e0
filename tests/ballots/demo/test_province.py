"""A province of cells: one holds its meeting, the others are copies with papers of their own."""

import hashlib
import io
import zipfile

import pytest
from django.core.management import call_command
from django.db import connection
from PIL import Image

from ballots.committee.queue import batch
from ballots.demo import province
from ballots.demo.handed_in import receive_papers
from ballots.models import Classification, Decision, Paper, Standing, Submission
from cells.models import Cell, Meeting
from members.models import Attachment, Member, ReviewLine
from tests.kit.clients import browser, words_of

CELLS = 33


@pytest.mark.slow
def test_cells_that_hold_no_meeting_are_copies_with_papers_of_their_own(
    site, undrawn, monkeypatch
):
    monkeypatch.setattr(province, "PLAYED", 2)  # one to be looked at, and one that is clean
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

    _has_files_to_approve_at_once(made)


def _has_files_to_approve_at_once(made):
    """Most of those that wait, and among the first too; the others say what asks for an eye."""
    held = Meeting.objects.exclude(submissions=None)
    scans = list(Attachment.objects.all())
    assert {scan.sha256 for scan in scans} == {
        hashlib.sha256(bytes(scan.content)).hexdigest() for scan in scans
    }
    assert len({scan.sha256 for scan in scans}) == len(scans)
    for scan in scans:
        with Image.open(io.BytesIO(bytes(scan.content))) as page:
            page.load()
    rated = ReviewLine.objects.filter(
        cell__in=held.values("cell"), status=ReviewLine.Status.SUBJECT
    )
    assert rated.count() == held.count() * province.MEMBERS
    receive_papers(made.committee)
    seen = [
        looked
        for start in range(0, batch.MOST, batch.PART)
        for looked in batch.preview(made.committee, start)
    ]
    odd = [looked for looked in seen if looked.exceptions]
    clean = [looked for looked in seen if not looked.exceptions]
    assert seen[0] in odd
    assert 0 < len(odd) < len(seen) / 4
    assert {looked.level for looked in seen} == {"HTT"}
    for looked in odd:
        said = " ".join(looked.exceptions)
        for words in ("Người đứng đầu ở mức HTXS", "Còn để trống", "tự nhận", "Ảnh trang ký"):
            assert words in said
    chosen = [(looked.meeting, looked.sending.number) for looked in seen]
    approved, left_out = batch.approve_all(made.officer, chosen)
    assert (approved, len(left_out)) == (len(clean), len(odd))
    assert Submission.objects.standing(Standing.SENT).count() == len(odd)
    call_command("totals", "--check")
    call_command("audit_log", "--verify")


def test_a_word_file_with_a_comment_is_still_one():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as document:
        document.writestr("word/document.xml", "<w:document/>")
    copies = [province._commented(file.getvalue(), number) for number in (7, 1234)]
    assert len(set(copies)) == 2
    for copy, comment in zip(copies, (b"7", b"1234"), strict=True):
        opened = zipfile.ZipFile(io.BytesIO(copy))
        assert (opened.testzip(), opened.comment) == (None, comment)
