"""The board of a committee: seen by its own officers alone, and what the locked minutes of its cells propose."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ballots.models import Classification, Submission
from ballots.papers.kinds import OF_MINUTES
from ballots.results import recording
from cells.law.periods import Period
from cells.models import Cell, Collective, Committee, Meeting
from members.models import ReviewLine, User
from members.places import verbs as place_verbs
from tests.kit import factories, verbs
from tests.kit.clients import browser, words_of

pytestmark = pytest.mark.django_db


def officer_of(committee: Committee):
    return factories.make_user(committee=committee)


def cells_in(answer) -> list[str]:
    return re.findall(r"<strong>(Chi bộ [^<]+)</strong>", answer.content.decode())


@pytest.fixture
def tree():
    """Two committees under one, a cell in each and one at the top; another tree beside it."""
    top = factories.make_committee("Đảng bộ tỉnh")
    left, right = (factories.make_committee(name, top) for name in ("Đảng bộ A", "Đảng bộ B"))
    for committee, name in ((top, "Chi bộ Gốc"), (left, "Chi bộ Đức"), (right, "Chi bộ Phải")):
        factories.make_cell(committee, name)
    factories.make_cell(factories.make_committee("Đảng bộ khác"), "Chi bộ Lạ")
    return top


@pytest.mark.parametrize(
    ("own", "seen"),
    [
        ("Đảng bộ tỉnh", {"Chi bộ Gốc", "Chi bộ Đức", "Chi bộ Phải"}),
        ("Đảng bộ A", {"Chi bộ Đức"}),
        ("Đảng bộ khác", {"Chi bộ Lạ"}),
    ],
)
def test_an_officer_sees_every_cell_of_the_own_subtree_and_no_other(client, tree, own, seen):
    committee = Committee.objects.get(name=own)
    client.force_login(officer_of(committee))
    assert set(cells_in(client.get(f"/hop/dang-bo/{committee.pk}/"))) == seen
    for cell in Cell.objects.all():
        status = 200 if cell.name in seen else 404
        assert client.get(f"/hop/chi-bo/{cell.pk}/").status_code == status
        assert client.get(f"/hop/chi-bo/{cell.pk}/dang-vien/").status_code == status


def test_boards_above_and_beside_answer_404(client, tree):
    own = Committee.objects.get(name="Đảng bộ A")
    client.force_login(officer_of(own))
    answers = {
        c.name: client.get(f"/hop/dang-bo/{c.pk}/").status_code for c in Committee.objects.all()
    }
    assert answers == {
        "Đảng bộ tỉnh": 404,
        "Đảng bộ A": 200,
        "Đảng bộ B": 404,
        "Đảng bộ khác": 404,
    }


def test_the_board_counts_filters_and_searches(client, tree):
    cell = Cell.objects.get(name="Chi bộ Đức")
    factories.make_open_meeting(3, cell=cell)
    board = f"/hop/dang-bo/{tree.pk}/"
    client.force_login(officer_of(tree))
    page = words_of(client.get(board))
    assert "Tất cả: 3" in page
    assert "Chưa bắt đầu: 2" in page
    assert "Đang làm: 1" in page
    assert cells_in(client.get(board, {"trang_thai": "doing"})) == ["Chi bộ Đức"]
    assert len(cells_in(client.get(board, {"trang_thai": "none"}))) == 2
    assert cells_in(client.get(board, {"q": "duc"})) == ["Chi bộ Đức"]
    factories.make_cell(tree, "Chi bộ Buôn K\u2019Brôi")
    assert cells_in(client.get(board, {"q": "k'broi"})) == ["Chi bộ Buôn K\u2019Brôi"]


@pytest.mark.parametrize(
    "asked", [{"trang_thai": "x\0"}, {"trang_thai": "open"}, {"trang_thai": "sent' OR 1=1"}]
)
def test_a_stage_that_is_none_shows_no_cell(client, tree, asked):
    client.force_login(officer_of(tree))
    page = words_of(client.get(f"/hop/dang-bo/{tree.pk}/", asked))
    assert "Không có chi bộ nào như vậy" in page


def test_numbered_cells_stand_in_the_order_of_their_numbers(client):
    ward = factories.make_committee()
    for number in (11, 7, 2):
        factories.make_cell(ward, f"Chi bộ Khu phố {number}")
    page = browser(officer_of(ward)).get(f"/hop/dang-bo/{ward.pk}/")
    assert [name[-2:] for name in cells_in(page)] == [" 2", " 7", "11"]


def test_a_renamed_cell_is_sorted_and_searched_by_its_new_name(tree):
    officer = officer_of(tree)
    above = Committee.objects.get(name="Đảng bộ A")
    cells = [factories.make_cell(above, f"Chi bộ Tổ {number}") for number in (5, 6)]
    place_verbs.rename_cell(officer, cells[0], "Chi bộ Tổ 10", "Gia Lai", date(2026, 6, 1))
    shown = [
        cells_in(browser(officer).get(f"/hop/dang-bo/{above.pk}/", {"q": query}))
        for query in ("to ", "to 10", "to 5", "t_", "%", "to\0 1")
    ]
    assert shown == [
        ["Chi bộ Tổ 6", "Chi bộ Tổ 10"],
        ["Chi bộ Tổ 10"],
        [],
        [],
        [],
        ["Chi bộ Tổ 10"],
    ]


def test_a_cell_with_two_main_meetings_of_a_period_stands_once_with_the_later(tree):
    """It was moved: one is of the committee that it has left."""
    cell = Cell.objects.get(name="Chi bộ Đức")
    for above, state in ((tree, "open"), (cell.committee, "planned")):
        meeting = factories.make_meeting(3, cell=factories.make_cell(above))
        Meeting.objects.filter(pk=meeting.pk).update(cell=cell)
        if state == "open":
            Meeting.objects.filter(pk=meeting.pk).update(
                state=state, opened_at=meeting.starts_at, starts_at=F("starts_at") - timedelta(1)
            )
    officer, address = browser(officer_of(tree)), f"/hop/dang-bo/{tree.pk}/"
    for asked in ({}, {"trang_thai": "doing"}):
        assert cells_in(officer.get(address, asked)).count("Chi bộ Đức") == 1
    whole = officer.get(address)
    assert f"Tất cả: {len(cells_in(whole))}" in words_of(whole)


def test_the_board_stays_with_the_year_in_hand_when_the_next_is_opened_early(client, tree):
    this_year = timezone.localdate().year
    ward = factories.make_committee("Đảng bộ xã Mới")
    client.force_login(factories.make_user(committee=ward))
    for year in (this_year - 1, this_year, this_year + 1):
        factories.make_campaign(ward, year=year)
        shown = client.get(f"/hop/dang-bo/{ward.pk}/").context["period"]
        assert shown == Period(min(year, this_year))


@pytest.mark.parametrize("year", ["", "0", "abc", "99999999999", "-1", "2025"])
def test_any_year_may_be_asked(client, tree, year):
    client.force_login(officer_of(tree))
    assert client.get(f"/hop/dang-bo/{tree.pk}/", {"nam": year}).status_code == 200


def test_rehearsals_are_nobodys_business_above_the_cell(client, meeting, secretary, officer):
    Meeting.objects.filter(pk=meeting.pk).update(kind=Meeting.Kind.REHEARSAL)
    ReviewLine.objects.all().delete()
    client.force_login(officer)
    assert "Đang làm: 0" in words_of(client.get("/hop/", follow=True))
    assert "Họp thử" not in client.get(f"/hop/chi-bo/{meeting.cell_id}/").content.decode()
    client.force_login(secretary)
    assert "Họp thử" in client.get(f"/hop/chi-bo/{meeting.cell_id}/").content.decode()


def concluded(meeting: Meeting, locked: bool) -> Meeting:
    """A meeting that proposes HTT for the cell and HTXS and HTT for two of its members, its minutes locked or not."""
    secretary = factories.secretary_of(meeting)
    first, second = factories.members_of(meeting)[:2]
    for member, level in ((first, "HTXS"), (second, "HTT"), (None, "HTT")):
        verbs.conclude(secretary, meeting, member, level, "Theo thảo luận")
    if locked:
        for kind in OF_MINUTES:
            factories.make_paper(meeting, kind)
    return meeting


@pytest.mark.parametrize("locked", [True, False])
def test_what_a_cell_proposes_stands_on_the_board_once_its_minutes_are_locked(
    client, tree, locked
):
    concluded(factories.make_open_meeting(5, cell=Cell.objects.get(name="Chi bộ Đức")), locked)
    page = browser(officer_of(tree)).get(f"/hop/dang-bo/{tree.pk}/").content.decode()
    cells, _, _ = page.partition("Đảng bộ trực thuộc")
    shown = re.findall(r'data-label="([^"]+)">(?:<strong>)?([^<]+)<', cells)
    assert shown == (
        [
            ("Chi bộ tự đề nghị", "HTT"),
            ("HTXS", "1"),
            ("HTT", "1"),
            ("HT", "0"),
            ("KHT", "0"),
            ("Chưa kết luận", "3"),
        ]
        if locked
        else []
    )
    assert ("Biên bản chưa khoá" in page) is not locked
    assert ("Gom tất cả văn bản (ZIP)" in page) is locked
    nothing = "Chưa có văn bản để tải: chưa chi bộ nào thông qua và khoá biên bản."
    assert (nothing in page) is not locked


ALLOWED = "Tính trên số hoàn thành tốt nhiệm vụ được {}; tính trên số từ hoàn thành tốt nhiệm vụ trở lên được {}"


def test_the_board_counts_collectives_by_level_beside_the_cap_of_both_readings(tree):
    """Four cells at HTT, one at HTXS: none may be excellent by one reading, one by the other."""
    committee = Committee.objects.get(name="Đảng bộ A")
    cells = [factories.make_cell(committee) for _ in range(6)]
    held = [factories.make_open_meeting(3, cell=cell) for cell in cells]
    for meeting in held:
        concluded(meeting, locked=meeting != held[5])
    body = Collective.objects.create(meeting=held[0], name="Chi ủy", size=3)
    about = {"meeting": held[0], "source": "chair", "reason": "Theo thảo luận"}
    for collective in (None, body):
        Classification.objects.replace(**about, collective=collective, level="HTXS")
    for meeting in held[:5]:
        Submission.objects.create(meeting=meeting, by=factories.secretary_of(meeting))
        recording.record(meeting)
    address = f"/hop/dang-bo/{tree.pk}/2026/tap-the/"
    table = browser(officer_of(tree)).get(address).content.decode()
    over = ["Đề nghị vượt mức trần."]
    rows = [re.findall(r">\s*([^<>]*\w[^<>]*?)\s*<", row) for row in table.split("<tr>")[2:4]]
    assert rows[0] == ["Chi bộ", "1", "4", "0", "0", ALLOWED.format("00", "01") + ".", *over]
    assert rows[1][:5] == ["Tập thể lãnh đạo, quản lý", "1", "0", "0", "0"]
    assert rows[1][5:7] == [ALLOWED.format("00", "00") + ".", *over]
    assert "Tỷ lệ trần HTXS (%): 20. QĐ 366-QĐ/TW, điều 11" in table


@pytest.mark.parametrize(
    ("pack", "words"),
    [
        ("2025", "16 tiêu chí, 100 điểm"),
        ("2023", "Bộ hướng dẫn này không chấm điểm theo tiêu chí."),
    ],
)
def test_the_board_leads_to_the_sets_of_criteria(tree, pack, words):
    factories.make_campaign(tree, pack=pack)
    officer = browser(officer_of(tree))
    page = officer.get(f"/hop/dang-bo/{tree.pk}/").content.decode()
    address = f"/hop/dang-bo/{tree.pk}/quy-dinh/"
    assert f'href="{address}#criteria">Bộ tiêu chí chấm điểm</a>' in page
    rules = officer.get(address).content.decode()
    assert words in rules[rules.index('id="criteria"') :]


def test_pages_cost_as_many_queries_for_30_rows_as_for_3(client):
    def queries(size: int) -> list[int]:
        top = factories.make_committee()
        for _ in range(size):
            below = factories.make_cell(factories.make_committee(parent=top))
            concluded(factories.make_open_meeting(3, cell=below, year=2050), locked=True)
        cell = factories.make_cell(top)
        for year in range(2000, 2000 + size):
            factories.make_meeting(2, cell=cell, year=year)
        secretary = User.objects.filter(member__cell=cell).first()
        costs = []
        for user, address in (
            (officer_of(top), f"/hop/dang-bo/{top.pk}/"),
            (officer_of(top), f"/hop/chi-bo/{cell.pk}/"),
            (secretary, "/hop/"),
        ):
            client.force_login(user)
            with CaptureQueriesContext(connection) as caught:
                assert client.get(address).status_code == 200
            costs.append(len(caught))
        return costs

    assert queries(3) == queries(30)


def test_names_are_escaped(client, tree):
    Cell.objects.update(name="<img src=x>")
    page = browser(officer_of(tree)).get(f"/hop/dang-bo/{tree.pk}/").content.decode()
    assert "<img src=x>" not in page
