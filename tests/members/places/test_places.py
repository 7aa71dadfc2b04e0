"""Committees and cells below an officer: founded, renamed, moved, merged, split, dissolved, each with its history."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ballots.results import totals
from cells.law.periods import Period
from cells.models import Campaign, Cell, Committee, Meeting, PlaceChange
from members.models import Member, Office, SelfReview, Transfer, User
from members.places import verbs
from tests.kit import factories
from tests.kit.clients import browser, words_of

pytestmark = pytest.mark.django_db
BASIS = {"on": "01/10/2026", "basis": "QĐ 12-QĐ/ĐU"}


@pytest.fixture
def ward() -> Committee:
    return factories.make_committee("Đảng bộ phường Tân Lập")


@pytest.fixture
def client(ward, time_machine) -> Client:
    time_machine.move_to("2026-11-20T09:00:00+07:00", tick=False)
    return browser(factories.make_user(committee=ward))


def press(client: Client, address: str, **data: object):
    return client.post(address, BASIS | data, follow=True)


def history(body: Committee | Cell) -> list[str]:
    return [str(change) for change in PlaceChange.objects.of(body)]


def test_a_committee_and_a_cell_are_founded_below(client, ward):
    press(
        client,
        f"/hop/dang-bo/{ward.pk}/to-chuc/them-dang-bo/",
        name="Đảng bộ Trường THCS",
        place="",
    )
    answer = press(
        client, f"/hop/dang-bo/{ward.pk}/to-chuc/them-chi-bo/", name="Chi bộ 1", place=""
    )
    ward.refresh_from_db()
    child = ward.below.get()
    assert (child.name, child.above) == ("Đảng bộ Trường THCS", ward)
    assert history(child) == history(Cell.objects.get()) == ["Thành lập"]
    assert "Đảng bộ Trường THCS" in words_of(answer)
    assert "Chi bộ 1" in words_of(answer)


@pytest.mark.parametrize(
    ("step", "sentence"),
    [("them-dang-bo", "đã có đảng bộ mang tên này"), ("them-chi-bo", "đã có chi bộ mang tên này")],
)
def test_a_second_one_of_the_name_is_refused(step, sentence, client, ward):
    factories.make_committee("Đảng bộ A", ward)
    factories.make_cell(ward, "Đảng bộ A")
    answer = press(client, f"/hop/dang-bo/{ward.pk}/to-chuc/{step}/", name="Đảng bộ A", place="")
    assert answer.status_code == 422
    assert sentence in words_of(answer)


def test_the_secretary_is_named_before_the_deputies_whatever_their_names(client, ward):
    cell = factories.make_cell(ward, "Chi bộ 1")
    factories.make_member(cell, "Trần Văn An", office=Office.Kind.DEPUTY)
    factories.make_member(cell, "Lê Thị Yến", office=Office.Kind.SECRETARY)
    shown = words_of(client.get(f"/hop/dang-bo/{ward.pk}/to-chuc/"))
    assert "02 đảng viên · Bí thư: Lê Thị Yến · Phó Bí thư: Trần Văn An" in shown


def test_a_day_that_has_not_come_is_refused(client, ward):
    address = f"/hop/dang-bo/{ward.pk}/to-chuc/them-chi-bo/"
    answer = press(client, address, name="Chi bộ 1", place="", on="01/12/2026")
    assert "Ngày này chưa đến" in words_of(answer)


def test_a_new_name_keeps_the_former_one_in_the_history(client, ward):
    cell = factories.make_cell(ward, "Chi bộ Tổ 4")
    press(
        client, f"/hop/chi-bo/{cell.pk}/to-chuc/doi-ten/", name="Chi bộ Khu phố 4", place="Tân Lập"
    )
    cell.refresh_from_db()
    assert (cell.name, cell.place) == ("Chi bộ Khu phố 4", "Tân Lập")
    assert history(cell) == ["Đổi tên, tên trước là Chi bộ Tổ 4"]
    press(client, f"/hop/dang-bo/{ward.pk}/to-chuc/doi-ten/", name="Đảng bộ phường Mới", place="")
    ward.refresh_from_db()
    assert ward.name == "Đảng bộ phường Mới"  # the topmost one, which nobody above could rename


def test_a_cell_moves_with_its_meetings_and_its_year(client, ward):
    a, b = (factories.make_committee(name, ward) for name in ("Đảng bộ A", "Đảng bộ B"))
    meeting = factories.make_meeting(3, cell=factories.make_cell(a))
    cell = meeting.cell
    assert meeting.campaign.committee == a
    press(client, f"/hop/chi-bo/{cell.pk}/to-chuc/chuyen/", target=b.pk)
    cell.refresh_from_db()
    assert (cell.committee, history(cell)) == (b, ["Chuyển khỏi Đảng bộ A"])
    secretary = browser(factories.secretary_of(meeting))
    assert Campaign.objects.of_cell(cell).first() == meeting.campaign
    assert meeting.campaign.period in words_of(secretary.get("/hop/"))


def test_a_cell_that_would_lose_what_it_has_written_is_kept(client, ward):
    a, b = (factories.make_committee(name, ward) for name in ("Đảng bộ A", "Đảng bộ B"))
    member = factories.make_member(factories.make_cell(a))
    campaign = factories.make_campaign(a)
    SelfReview.objects.create(member=member, cell=member.cell, campaign=campaign, kind="member")
    answer = press(client, f"/hop/chi-bo/{member.cell_id}/to-chuc/chuyen/", target=b.pk)
    assert "đã viết bản kiểm điểm năm 2026 theo đợt của Đảng bộ A" in words_of(answer)
    member.cell.refresh_from_db()
    assert member.cell.committee == a


def test_a_cell_that_sits_is_not_moved(client, ward):
    meeting = factories.make_open_meeting(3, cell=factories.make_cell(ward))
    other = factories.make_committee("Đảng bộ B", ward)
    answer = press(client, f"/hop/chi-bo/{meeting.cell_id}/to-chuc/chuyen/", target=other.pk)
    assert "đang họp" in words_of(answer)
    assert Meeting.objects.get().cell.committee == ward


def test_merging_takes_everything_along_and_locks_the_accounts(client, ward):
    a, b = (factories.make_committee(name, ward) for name in ("Đảng bộ A", "Đảng bộ B"))
    cell = factories.make_cell(a, "Chi bộ 1")
    branch = factories.make_committee("Đảng bộ con", a)
    leaf = factories.make_cell(branch, "Chi bộ lá")
    officer = factories.make_user(committee=a)
    answer = press(client, f"/hop/dang-bo/{a.pk}/to-chuc/sap-nhap/", target=b.pk)
    for row in (a, cell, branch, leaf, officer):
        row.refresh_from_db()
    assert (cell.committee, branch.above, leaf.committee) == (b, b, branch)
    assert leaf.committee.path.startswith(b.path)
    assert (a.ended_on, officer.is_active) == (date(2026, 10, 1), False)
    assert history(a) == ["Sáp nhập vào Đảng bộ B"]
    assert history(b) == ["Nhận sáp nhập Đảng bộ A"]
    assert "1 chi bộ chuyển sang, 1 tài khoản bị khoá" in words_of(answer)
    assert "Đảng bộ A" in words_of(client.get(f"/hop/dang-bo/{ward.pk}/to-chuc/"))
    assert not any(Committee.objects.find_problems())


def test_merging_where_names_clash_changes_nothing(client, ward):
    a, b = (factories.make_committee(name, ward) for name in ("Đảng bộ A", "Đảng bộ B"))
    for committee in (a, b):
        factories.make_cell(committee, "Chi bộ 1")
    factories.make_cell(a, "Chi bộ 0")
    answer = press(client, f"/hop/dang-bo/{a.pk}/to-chuc/sap-nhap/", target=b.pk)
    assert "đã có chi bộ mang tên Chi bộ 1" in words_of(answer)
    assert Cell.objects.filter(committee=a).count() == 2
    assert not PlaceChange.objects.exists()


def test_merging_names_every_cell_that_clashes(client, ward):
    a, b = (factories.make_committee(name, ward) for name in ("Đảng bộ A", "Đảng bộ B"))
    for committee in (a, b):
        for number in (10, 2):
            factories.make_cell(committee, f"Chi bộ {number}")
    answer = press(client, f"/hop/dang-bo/{a.pk}/to-chuc/sap-nhap/", target=b.pk)
    assert "đã có 02 chi bộ trùng tên: Chi bộ 2, Chi bộ 10." in words_of(answer)
    assert Cell.objects.filter(committee=a).count() == 2


def test_a_committee_is_not_merged_into_itself_or_what_is_below(client, ward):
    a = factories.make_committee("Đảng bộ A", ward)
    child = factories.make_committee("Đảng bộ con", a)
    answer = press(client, f"/hop/dang-bo/{a.pk}/to-chuc/sap-nhap/", target=child.pk)
    assert "Không thể sáp nhập vào chính đảng bộ ấy" in words_of(answer)


def test_splitting_makes_a_committee_beside_it(client, ward):
    a = factories.make_committee("Đảng bộ A", ward)
    one, two = (factories.make_cell(a, name) for name in ("Chi bộ 1", "Chi bộ 2"))
    address = f"/hop/dang-bo/{a.pk}/to-chuc/chia-tach/"
    assert "ít nhất một chi bộ" in words_of(press(client, address, name="Đảng bộ B", place=""))
    press(client, address, name="Đảng bộ B", place="", cells=[two.pk])
    made = Committee.objects.get(name="Đảng bộ B")
    two.refresh_from_db()
    assert (made.above, two.committee, Cell.objects.get(pk=one.pk).committee) == (ward, made, a)
    assert history(made) == ["Tách từ Đảng bộ A"]


def test_only_an_empty_committee_is_dissolved(client, ward):
    a = factories.make_committee("Đảng bộ A", ward)
    cell = factories.make_cell(a)
    address = f"/hop/dang-bo/{a.pk}/to-chuc/giai-the/"
    assert "còn 1 chi bộ, 0 đảng bộ trực thuộc" in words_of(press(client, address))
    press(client, f"/hop/chi-bo/{cell.pk}/to-chuc/giai-the/", receiver="")
    press(client, address)
    a.refresh_from_db()
    assert a.ended_on == date(2026, 10, 1)
    assert "Đảng bộ A đã thôi hoạt động" in words_of(
        press(client, f"/hop/dang-bo/{a.pk}/to-chuc/them-chi-bo/", name="Chi bộ 9", place="")
    )


def test_members_of_a_dissolved_cell_go_on_the_list_of_another(client, ward):
    secretary = factories.make_member(factories.make_cell(ward, "Chi bộ 1"), "Lê An", "secretary")
    other = factories.make_cell(ward, "Chi bộ 2")
    account = factories.make_user(secretary)
    address = f"/hop/chi-bo/{secretary.cell_id}/to-chuc/giai-the/"
    assert "còn 1 đảng viên" in words_of(press(client, address, receiver=""))
    former = secretary.cell
    press(client, address, receiver=other.pk)
    secretary.refresh_from_db()
    former.refresh_from_db()
    assert (secretary.cell, secretary.left_on) == (other, None)
    assert former.ended_on == date(2026, 10, 1)
    assert not Office.objects.held().exists()
    assert not User.objects.get(pk=account.pk).own_cells().exists()
    assert [t.kind for t in Transfer.objects.order_by("pk")] == ["out", "in"]
    assert history(other) == ["Nhận sáp nhập Chi bộ 1"]
    board = words_of(client.get(f"/hop/dang-bo/{ward.pk}/"))
    assert "Chi bộ 2" in board
    assert "Chi bộ 1" not in board


def refused(verb, *args: object) -> str:
    """What is told to the officer whose page was drawn before another one had done something."""
    with pytest.raises(verbs.Refused) as refusal:
        verb(factories.make_user(committee=Committee.objects.first()), *args)
    return str(refusal.value)


def test_nobody_is_handed_over_to_a_cell_that_has_just_ended(ward):
    """Two officers at once: the first receives the members of the second, which receives those of the first."""
    one, two = (factories.make_cell(ward, f"Chi bộ {number}") for number in (1, 2))
    member = factories.make_member(one)
    Cell.objects.filter(pk=two.pk).update(ended_on=date(2026, 9, 1))
    said = refused(verbs.dissolve_cell, one, two, date(2026, 10, 1), "QĐ 1")
    assert said == "Chi bộ 2 đã thôi hoạt động từ trước. Xin tải lại trang."
    member.refresh_from_db()
    assert member.cell == one


@pytest.mark.parametrize("what", ["moved", "ended", "ended below"])
def test_a_split_takes_along_only_what_still_stands_there(what, ward):
    a, b = (factories.make_committee(name, ward) for name in ("Đảng bộ A", "Đảng bộ B"))
    cell, below = factories.make_cell(a), factories.make_committee("Đảng bộ A1", a)
    chosen = [cell], [below]
    if what == "ended below":
        Committee.objects.filter(pk=below.pk).update(ended_on=date(2026, 9, 1))
    else:
        change = {"moved": {"committee": b}, "ended": {"ended_on": date(2026, 9, 1)}}[what]
        Cell.objects.filter(pk=cell.pk).update(**change)
    said = refused(verbs.split, a, "Đảng bộ C", "", *chosen, date(2026, 10, 1), "QĐ 1")
    assert "vừa được chuyển đi hoặc giải thể" in said
    assert not Committee.objects.filter(name="Đảng bộ C").exists()


@pytest.mark.parametrize(
    ("act", "sits"),
    [
        *(
            (act, sits)
            for act in ("merge", "move")
            for sits in ("Đảng bộ A", "Đảng bộ A1", "Chi bộ 1")
        ),
        *(("split", sits) for sits in ("Đảng bộ A1", "Chi bộ 1")),
        ("dissolve", "Đảng bộ A"),
    ],
)
def test_nothing_is_taken_from_under_a_meeting_that_goes_on(act, sits, ward):
    a, b = (factories.make_committee(name, ward) for name in ("Đảng bộ A", "Đảng bộ B"))
    day = date(2026, 10, 1), "QĐ 1"
    below = None if act == "dissolve" else factories.make_committee("Đảng bộ A1", a)
    if sits == "Chi bộ 1":
        factories.make_open_meeting(3, cell=factories.make_cell(below, sits))
    else:
        sitting = factories.make_sitting(Committee.objects.get(name=sits))
        now = timezone.now()
        Meeting.objects.filter(pk=sitting.pk).update(state=Meeting.State.OPEN, opened_at=now)
    said = {
        "merge": lambda: refused(verbs.merge, a, b, *day),
        "move": lambda: refused(verbs.move_committee, a, b, *day),
        "split": lambda: refused(verbs.split, a, "Đảng bộ C", "", [], [below], *day),
        "dissolve": lambda: refused(verbs.dissolve_committee, a, *day),
    }[act]()
    assert said.endswith(" đang họp: xin bế mạc hội nghị rồi làm lại.")
    assert not PlaceChange.objects.exists()


def test_the_topmost_committee_is_not_split_even_by_the_operator(ward, time_machine):
    time_machine.move_to("2026-11-20T09:00:00+07:00", tick=False)
    cell = factories.make_cell(ward)
    client = browser(factories.make_user(committee=ward, is_superuser=True))
    address = f"/hop/dang-bo/{ward.pk}/to-chuc/chia-tach/"
    answer = press(client, address, name="Đảng bộ B", place="", cells=[cell.pk])
    assert "đứng trên cùng, không chia tách được" in words_of(answer)


def test_a_dissolved_cell_is_not_waited_for_because_of_a_meeting_it_had_planned(client, ward):
    meeting = factories.make_meeting(3, factories.make_cell(ward, "Chi bộ 1"))
    other = factories.make_cell(ward, "Chi bộ 2")
    press(client, f"/hop/chi-bo/{meeting.cell_id}/to-chuc/giai-the/", receiver=other.pk)
    board = words_of(client.get(f"/hop/dang-bo/{ward.pk}/"))
    assert "Chi bộ 2" in board
    assert "Chi bộ 1" not in board
    period = Period(meeting.campaign.year)
    assert [row.cell for row in totals.rows(ward, period)] == [other]


def test_nobody_arranges_what_is_not_below(client, ward):
    stranger = factories.make_committee("Đảng bộ khác")
    a = factories.make_committee("Đảng bộ A", ward)
    cell = factories.make_cell(a)
    answer = press(client, f"/hop/chi-bo/{cell.pk}/to-chuc/chuyen/", target=stranger.pk)
    assert "Không còn nơi này trong danh sách" in words_of(answer)
    assert press(client, f"/hop/dang-bo/{stranger.pk}/to-chuc/doi-ten/").status_code == 404
    assert press(client, f"/hop/dang-bo/{ward.pk}/to-chuc/giai-the/").status_code == 403
    below = browser(factories.make_user(committee=a))
    assert press(below, f"/hop/dang-bo/{a.pk}/to-chuc/doi-ten/", name="X").status_code == 403


def test_the_page_asks_as_much_for_three_cells_as_for_thirty(
    client, ward, django_assert_max_num_queries
):
    address = f"/hop/dang-bo/{ward.pk}/to-chuc/"

    def asked(size: int) -> int:
        for _ in range(size):
            factories.make_user(
                factories.make_member(factories.make_cell(ward), office="secretary")
            )
        client.get(address)
        with django_assert_max_num_queries(100) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    assert asked(3) == asked(27)
    assert Member.objects.count() == 30


def test_what_has_ended_is_listed_apart_with_its_day_and_its_page():
    cell = factories.make_cell()
    committee = cell.committee
    Cell.objects.filter(pk=cell.pk).update(ended_on=date(2026, 11, 1))
    values = {"name": "Đảng bộ cũ", "ended_on": date(2026, 10, 2)}
    child = Committee.objects.add_child(committee, values)
    page = browser(factories.make_user(committee=committee)).get(
        reverse("members:places", args=[committee.pk])
    )
    for place, day, address in (
        (cell, "01/11/2026", reverse("members:cell_place", args=[cell.pk])),
        (child, "02/10/2026", reverse("members:places", args=[child.pk])),
    ):
        words = f"<strong>{place}</strong><small>từ ngày {day}</small>"
        listed = page.content.decode().split(words)[1].split("</li>")[0]
        assert f'href="{address}"' in listed
