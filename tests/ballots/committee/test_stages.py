"""The morning board: each cell at one stage, what waits for the officer, whom to call, and the days left."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ballots.committee.board.chart import chart
from ballots.committee.board.lines import Board
from ballots.committee.board.stages import Stage
from ballots.models import Standing, Submission
from cells.law.periods import Period
from cells.models import Cell, Meeting, Setting
from members.models import Office, ReviewLine
from tests.kit import factories
from tests.kit.clients import browser, words_of

pytestmark = pytest.mark.django_db

YEAR = Period(2026)
TODAY = date(2026, 12, 14)
DAYS = {"list": "2026-11-16", "meeting": "2026-12-11", "sending": "2026-12-18"}


def held(cell: Cell, state: str = "closed") -> Meeting:
    """A meeting of the year that stands so, as rows alone: no stage asks what was done in it."""
    now = timezone.now()
    times = {"opened_at": now} if state != "planned" else {}
    meeting = factories.make_meeting(2, cell=cell)
    if state == "closed":
        times |= {"closed_at": now, "ends_at": now + timedelta(hours=1)}
    Meeting.objects.filter(pk=meeting.pk).update(state=state, starts_at=now, **times)
    return meeting


def send(meeting: Meeting, standing: str = "sent") -> None:
    by = factories.make_user(committee=meeting.cell.committee)
    now = timezone.now()
    values = {
        Standing.SENT: {},
        Standing.RETURNED: {"returned_by": by, "returned_at": now},
        Standing.APPROVED: {"approved_by": by, "approved_at": now},
    }[standing]
    Submission.objects.create(meeting=meeting, by=by, **values)


@pytest.fixture
def top():
    """A committee with a branch; a cell at each stage, and two that have only begun, in the branch or beside it."""
    top = factories.make_committee("Đảng bộ tỉnh")
    branch = factories.make_committee("Đảng bộ A", top)
    campaign = factories.make_campaign(top, deadlines=DAYS)
    cells = [factories.make_cell(branch, f"Chi bộ {name}") for name in "BCDEGHI"]
    listed, planned, closed, sent, returned, approved, _ = cells
    member = factories.make_members(listed, 1)[0]
    ReviewLine.objects.create(cell=listed, member=member, campaign=campaign, status="subject")
    for cell, state, standing in (
        (planned, "planned", ""),
        (closed, "closed", ""),
        (sent, "closed", "sent"),
        (returned, "closed", "returned"),
        (approved, "closed", "approved"),
    ):
        Meeting.objects.filter(pk=held(cell, state).pk).update(campaign=campaign)
        if standing:
            send(Meeting.objects.get(cell=cell), standing)
    factories.make_cell(top, "Chi bộ A")
    return top


def board(committee, today=TODAY) -> Board:
    return Board(committee, YEAR, today)


NUMBERS = {"none": 2, "doing": 2, "held": 1, "sent": 1, "returned": 1, "approved": 1}


def test_the_stages_share_out_all_cells_and_each_opens_its_own(top):
    shown = {stage: list(board(top).shown(stage, "")) for stage in Stage}
    assert {stage: len(cells) for stage, cells in shown.items()} == NUMBERS
    assert board(top).counts == NUMBERS
    every = [cell.pk for cells in shown.values() for cell in cells]
    assert sorted(every) == sorted(board(top).shown("", "").values_list("pk", flat=True))
    for stage, cells in shown.items():
        assert {row.stage for row in board(top).rows(cells)} == {stage}


def test_a_page_of_one_stage_counts_the_cells_once_and_reads_sendings_by_their_meeting(top):
    """A list of all sendings beside the meetings took seconds where PostgreSQL did not know yet how long it was."""
    officer = browser(factories.make_user(committee=top))
    for stage, number in NUMBERS.items():
        with CaptureQueriesContext(connection) as caught:
            page = officer.get(f"/hop/dang-bo/{top.pk}/", {"trang_thai": stage}).context["page"]
        asked = [query["sql"] for query in caught if 'FROM "cells_cell"' in query["sql"]]
        assert (page.paginator.count, len(page.object_list)) == (number, number)
        assert [sql for sql in asked if sql.startswith('SELECT COUNT(*) AS "__count"')] == []
        assert not any('IN (SELECT V0."meeting_id"' in sql for sql in asked)


def test_a_file_sent_again_after_a_return_waits_again(top):
    meeting = board(top).rows(list(board(top).shown("returned", "")))[0].meeting
    Submission.objects.create(
        meeting_id=meeting, number=2, note="Sửa", by=Submission.objects.first().by
    )
    assert (board(top).counts["sent"], board(top).counts["returned"]) == (2, 0)


def test_the_next_level_down_stands_with_its_numbers(top):
    (branch,) = board(top).branches()
    assert (branch.numbers, branch.total) == ([1, 2, 1, 1, 1, 1], 7)
    officer = browser(factories.make_user(committee=top))
    address, opened = f"/hop/dang-bo/{top.pk}/", f"/hop/dang-bo/{branch.committee.pk}/?nam=2026"
    assert f'href="{opened}"' in officer.get(address).content.decode()
    for asked in ({"q": "chi bo"}, {"trang_thai": "sent"}, {"cham": "1"}, {"page": "2"}):
        assert f'href="{opened}"' not in officer.get(address, asked).content.decode()


def test_of_many_committees_below_ten_stand_there_and_the_others_a_press_away():
    ward = factories.make_committee()
    for _ in range(11):
        factories.make_committee(parent=ward)
    officer, address = browser(factories.make_user(committee=ward)), f"/hop/dang-bo/{ward.pk}/"
    assert "Xem thêm 1 đảng bộ" in words_of(officer.get(address))
    whole = officer.get(address, {"truc_thuoc": "het"})
    assert len(whole.context["branches"]) == 11
    assert "Xem thêm" not in words_of(whole)


@pytest.mark.parametrize(
    ("today", "late"),
    [
        (date(2026, 11, 16), ""),
        (date(2026, 11, 17), "AI"),  # the list
        (date(2026, 12, 12), "ABCI"),  # the meeting
        (date(2026, 12, 19), "ABCDGI"),  # the file, sent or mended
    ],
)
def test_whose_day_has_passed_is_late(top, today, late):
    names = [cell.name[-1] for cell in board(top, today).late()]
    assert "".join(sorted(names)) == late
    assert board(top, today).late_number() == len(late)


def test_a_body_below_is_late_by_the_days_it_has_set(top):
    branch = top.below.get()
    own = Cell.objects.get(name="Chi bộ B")
    for body, key, day in (
        ({"committee": branch}, "deadline.list", "2026-12-20"),
        ({"cell": own}, "deadline.meeting", "2026-11-30"),
        ({"committee": branch}, "deadline.sending", "2025-12-20"),  # of the year before
    ):
        Setting.objects.create(**body, key=key, value=day, basis="KH")
    for today, late in ((date(2026, 12, 1), "AB"), (date(2026, 12, 19), "ABCDG")):
        here = board(top, today)
        assert "".join(sorted(cell.name[-1] for cell in here.late())) == late
        assert here.late_number() == len(late)
        rows = here.rows(list(here.shown("", "")))
        assert "".join(sorted(row.cell.name[-1] for row in rows if row.is_late)) == late


def test_without_a_campaign_nobody_is_late():
    ward = factories.make_committee()
    factories.make_cell(ward)
    assert board(ward, date(2030, 1, 1)).late_number() == 0


def test_the_top_of_the_page_names_what_waits_and_nothing_else(top, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)
    officer = browser(factories.make_user(committee=top))
    page = words_of(officer.get(f"/hop/dang-bo/{top.pk}/"))
    assert "01 hồ sơ chờ duyệt" in page
    assert "Nhắc 04 chi bộ chậm" in page
    assert "kiến nghị" not in page
    assert "Gửi hồ sơ lên cấp trên: 18/12/2026 (còn 4 ngày)" in page
    Submission.objects.update(approved_by=factories.make_user(), approved_at=timezone.now())
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 11, 2))
    assert "Không có việc nào đang chờ." in words_of(officer.get(f"/hop/dang-bo/{top.pk}/"))


def test_a_number_opens_its_list_with_whom_to_call(top):
    cell = Cell.objects.get(name="Chi bộ I")
    secretary = factories.make_members(cell, 1)[0]
    secretary.phone = "0912345678"
    secretary.save()
    Office.objects.get_or_create(member=secretary, kind="secretary", since=date(2020, 1, 1))
    officer = browser(factories.make_user(committee=top))
    address = f"/hop/dang-bo/{top.pk}/"
    assert 'href="tel:' not in officer.get(address).content.decode()
    assert 'href="tel:0912345678"' in officer.get(address, {"trang_thai": "none"}).content.decode()


def test_the_reminder_names_the_late_cells_and_what_is_late(top, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 12, 21))
    Cell.objects.filter(name="Chi bộ D").update(name="Chi bộ <b>")
    page = browser(factories.make_user(committee=top)).get(f"/hop/dang-bo/{top.pk}/2026/nhac/")
    text = page.content.decode()
    assert "Nhắc 06 chi bộ chậm" in words_of(page)
    for line in (
        "- Chi bộ A: chưa rà danh sách kiểm điểm, quá hạn 35 ngày.",
        "- Chi bộ C, Đảng bộ A: chưa họp kiểm điểm, quá hạn 10 ngày.",
        "- Chi bộ &lt;b&gt;, Đảng bộ A: đã họp, chưa gửi hồ sơ, quá hạn 3 ngày.",
        "- Chi bộ G, Đảng bộ A: hồ sơ bị trả lại, chưa sửa và gửi lại, quá hạn 3 ngày.",
    ):
        assert line in text
    assert "Chi bộ E" not in text


def test_nobody_late_has_nobody_reminded(top, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 11, 2))
    page = browser(factories.make_user(committee=top)).get(f"/hop/dang-bo/{top.pk}/2026/nhac/")
    assert "Không có chi bộ nào quá hạn" in words_of(page)


def test_the_week_and_the_committees_below_stand_beside_the_whole_list_alone(top):
    officer, address = browser(factories.make_user(committee=top)), f"/hop/dang-bo/{top.pk}/"
    overview = ("Hồ sơ đến bảy ngày qua", "Đảng bộ trực thuộc")
    for asked, stands in (({}, True), ({"trang_thai": "sent"}, False), ({"q": "b"}, False)):
        words = words_of(officer.get(address, asked))
        assert [heading in words for heading in overview] == [stands, stands]
        assert "Việc của đồng chí" in words


def test_the_week_counts_the_files_of_each_day(top):
    today = timezone.localdate()
    Submission.objects.filter(approved_at=None, returned_at=None).update(
        at=timezone.now() - timedelta(days=7)
    )
    days = board(top, today).week()
    assert [number for _, number in days] == [0, 0, 0, 0, 0, 0, 2]
    drawn = chart(days)
    assert (drawn.total, drawn.bars[-1].height, drawn.bars[0].height) == (2, 40, 0)
    assert drawn.words.endswith(f"{today:%d/%m}: 02")


def test_late_cells_cost_as_many_queries_as_none():
    def cost(number: int) -> int:
        ward = factories.make_committee()
        factories.make_campaign(ward, deadlines={"list": "2026-01-05"})
        for _ in range(number):
            below = factories.make_committee(parent=ward)
            factories.make_members(factories.make_cell(below), 1)
        officer = browser(factories.make_user(committee=ward))
        address = f"/hop/dang-bo/{ward.pk}/"
        officer.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert officer.get(address, {"cham": "1"}).status_code == 200
            assert officer.get(f"{address}2026/nhac/").status_code == 200
        return len(caught)

    assert cost(2) == cost(20)
