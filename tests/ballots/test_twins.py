"""Two members of one name: every page, paper and file of their meeting and cell tells them apart, and alike."""

import csv
import io
import re
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from ballots.dossier import archive
from ballots.papers.minutes.gather import gather_minutes
from ballots.papers.press import render
from cells.models import Meeting
from members.models import Attendance, Member, SelfReview, SelfReviewVersion, User
from tests.kit import factories, polls, sendings, verbs

pytestmark = pytest.mark.django_db(transaction=True)

# The tone mark stands on another letter: as one would sort and say it, it is the same name.
ELDER, YOUNGER = "Đỗ Thị Thuỷ", "Đỗ Thị Thủy"
BARE = re.compile(r"Đỗ Thị Th(uỷ|ủy)(?! \((1950|1988)\))")


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


def secretary_of(meeting: Meeting, client: Client) -> User:
    secretary = factories.secretary_of(meeting)
    client.force_login(secretary)
    return secretary


def shown(client: Client, name: str, *args: object) -> str:
    """The page as it is sent."""
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, name
    return answer.content.decode()


def test_the_pages_of_a_meeting_tell_them_apart(client, cell):
    meeting = factories.make_open_meeting(5, cell=cell)
    secretary = secretary_of(meeting, client)
    elder, younger = named(meeting, ELDER), named(meeting, YOUNGER)
    verbs.name_tellers(secretary, meeting, [younger], yes=8, of=8)
    verbs.comment(secretary, meeting, elder, younger, "Cần phát huy.")
    away = Attendance.objects.of(meeting).get(member=elder)
    verbs.set_review(secretary, away, False, "Mới chuyển đến", "")
    pages = {
        name: shown(client, f"ballots:{name}", meeting.pk)
        for name in ("meeting", "roster", "checkin", "comments", "tellers", "polls", "conclude")
    }
    pages["poll"] = shown(client, "ballots:poll", polls.poll_of(meeting, 2).pk)
    phones = polls.issue(polls.poll_of(meeting, 2))
    pages["projector"] = shown(client, "ballots:projector", meeting.pk)
    polls.cast(polls.poll_of(meeting, 2), phones, [[2] * 7] * 8)
    polls.seal(polls.poll_of(meeting, 2))
    polls.count(polls.poll_of(meeting, 2))
    for name in ("results", "minutes", "sending", "dossier"):
        pages[name] = shown(client, f"ballots:{name}", meeting.pk)
    assert {name: BARE.findall(page) for name, page in pages.items() if BARE.search(page)} == {}
    assert all("(1988)" in pages[name] for name in ("tellers", "comments", "poll", "results"))


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


def test_the_pages_of_a_cell_tell_them_apart(client, cell):
    meeting = sendings.make_ready(5, cell=cell)
    secretary_of(meeting, client)
    span, elder = meeting.campaign.span, named(meeting, ELDER)
    sendings.make_scan(meeting, member=elder)
    pages = {
        "review_list": shown(client, "ballots:review_list", cell.pk, span),
        "reviews": shown(client, "ballots:reviews", cell.pk, span),
        "cell_years": shown(client, "ballots:cell_years", cell.pk),
        "attachments": shown(client, "members:attachments", cell.pk, span),
        "executive_remarks": shown(client, "members:executive_remarks", cell.pk, span),
        "assessments": shown(client, "members:assessments", elder.pk, span),
        "member_edit": shown(client, "members:member_edit", elder.pk),
    }
    # What one's own form holds is the bare name beside its year.
    pages["member_edit"] = pages["member_edit"].replace(f'value="{ELDER}"', "")
    assert {name: BARE.findall(page) for name, page in pages.items() if BARE.search(page)} == {}


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
