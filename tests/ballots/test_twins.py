"""Two members of one name in a poll, under the minutes and in the index of a file; all pages: tests/test_twins.py."""

import csv
import io
import re
import zipfile

import pytest

from ballots.dossier import archive
from ballots.papers.minutes.gather import gather_minutes
from ballots.papers.press import render
from cells.models import Meeting
from members.models import Member, SelfReview, SelfReviewVersion
from tests.kit import factories, sendings, verbs

pytestmark = pytest.mark.django_db(transaction=True)

# The tone mark stands on another letter: as one would sort and say it, it is the same name.
ELDER, YOUNGER = "Đỗ Thị Thuỷ", "Đỗ Thị Thủy"


@pytest.fixture
def cell():
    """Seven with the two of one name, and one behind them in the list."""
    cell = factories.make_cell(name="Chi bộ 4")
    factories.make_member(cell, ELDER, born_year=1950, post="Phó Bí thư")
    factories.make_member(cell, YOUNGER, born_year=1988)
    factories.make_member(cell, "Quách Văn Ý")
    return cell


def named(meeting: Meeting, name: str) -> Member:
    return Member.objects.get(cell=meeting.cell, name=name)


def test_a_poll_on_one_of_them_alone_tells_which(client, cell):
    meeting = factories.make_open_meeting(5, cell=cell)
    secretary = factories.secretary_of(meeting)
    poll = verbs.plan_poll(secretary, meeting, "Lượt hai", [named(meeting, ELDER)], ["HTXS"])
    assert [subject.label for subject in poll.subjects.all()] == [f"{ELDER} (1950)"]


def test_the_minutes_tell_them_apart_but_they_sign_without_a_year(cell):
    meeting = factories.make_open_meeting(5, cell=cell)
    elder, younger = named(meeting, ELDER), named(meeting, YOUNGER)
    secretary = factories.secretary_of(meeting)
    verbs.set_duty(secretary, meeting, elder, younger)
    verbs.comment(secretary, meeting, younger, elder, "Bảo lưu.", reserved=True)
    made = gather_minutes(Meeting.objects.get(pk=meeting.pk))
    text = render.html(made)
    signatures = text[text.index("CHỦ TRÌ HỘI NGHỊ") :]
    assert ELDER in signatures
    body = text.replace(signatures, "")
    assert f"{ELDER} (1950)" in body
    assert f"{YOUNGER} (1988)" in body
    assert (made.sitting.chair.signs, made.sitting.clerk.signs) == (ELDER, YOUNGER)


def test_the_file_names_and_the_index_of_the_zip_tell_them_apart(cell):
    meeting = sendings.make_ready(5, cell=cell)
    for name in (ELDER, YOUNGER):
        review = SelfReview.objects.get(member=named(meeting, name))
        SelfReviewVersion.objects.create(
            review=review, number=1, kind="member", pack="2025.1", at=review.submitted_at
        )
        sendings.make_scan(meeting, member=named(meeting, name))
    file = io.BytesIO()
    archive.write(meeting, file)
    with zipfile.ZipFile(file) as zipped:
        rows = list(csv.reader(zipped.read("muc-luc.csv").decode("utf-8-sig").splitlines()))
    named_rows = [row for row in rows if "Đỗ Thị" in row[1]]
    assert sorted(re.search(r"\((\d{4})\)", row[1]).group(1) for row in named_rows) == [
        *["1950"] * 2,
        *["1988"] * 2,
    ]
    assert all(re.search(r"1950|1988", row[2]) for row in named_rows)
