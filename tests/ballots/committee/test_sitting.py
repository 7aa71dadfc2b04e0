"""A committee meets on what its cells have sent up: who sits on it votes, by the same ballot, on each case."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ballots.committee.sitting import verbs as sitting
from ballots.committee.sitting import views
from ballots.committee.sitting.cases import Case
from ballots.models import CaseVote, Classification, Paper, Poll, Submission
from cells.models import CollectiveReport, Committee, Meeting
from members.models import Attendance, Member, Seat, User
from tests.kit import factories, polls, verbs
from tests.kit.clients import browser, phone, words_of
from tests.kit.sittings import cases_before, seat_people, send

pytestmark = pytest.mark.django_db

START = datetime(2026, 12, 18, 8, 0, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def committee() -> Committee:
    province = factories.make_committee("Đảng bộ tỉnh Gia Lai")
    return factories.make_committee("Đảng bộ phường An Phú", parent=province)


@pytest.fixture
def officer(committee) -> User:
    return factories.make_user(committee=committee)


@pytest.fixture
def client(officer) -> Client:
    return browser(officer)


def plan(officer: User, committee: Committee, kind: str = "standing") -> Meeting:
    campaign = factories.make_campaign(committee)
    secretary, deputy = [seat.member for seat in Seat.objects.of(committee).ranked()[:2]]
    meeting = sitting.plan_sitting(
        officer,
        committee,
        campaign,
        kind=kind,
        starts_at=START,
        venue="Hội trường",
        chair=secretary,
        clerk=deputy,
    )
    meeting.refresh_from_db()
    return meeting


def test_who_sits_on_the_committee_that_day_is_summoned_and_nobody_else(officer, committee):
    members = seat_people(committee)
    ordinary, former, later = (factories.make_member(members[0].cell) for _ in range(3))
    factories.make_seat(committee, ordinary, "member")
    factories.make_seat(committee, former, "standing", until=date(2026, 12, 17))
    factories.make_seat(committee, later, "standing", since=date(2026, 12, 19))
    standing, all_ = plan(officer, committee), plan(officer, committee, "executive")
    assert [row.member for row in Attendance.objects.of(standing)] == members
    assert [row.member for row in Attendance.objects.of(all_)] == [*members, ordinary]
    assert str(standing) == "Hội nghị ban thường vụ năm 2026 của Đảng bộ phường An Phú"
    with pytest.raises(verbs.Refused, match=sitting.MEETS_THEN):
        plan(officer, committee)


def test_a_list_that_who_sits_has_outrun_is_renewed_before_it_opens(officer, committee):
    members = seat_people(committee)
    meeting = plan(officer, committee)
    newcomer = factories.make_member(members[0].cell)
    Seat.objects.filter(member=members[4]).update(until=date(2026, 12, 1))
    factories.make_seat(committee, newcomer, "standing")
    factories.arrive(meeting)
    with pytest.raises(verbs.Refused, match="chưa khớp với danh sách cấp ủy viên ngày 18/12/2026"):
        verbs.open_meeting(officer, meeting)
    sitting.renew_list(officer, meeting)
    listed = {row.member for row in Attendance.objects.of(meeting)}
    assert listed == {*members[:4], newcomer}
    factories.arrive(meeting)
    verbs.open_meeting(officer, meeting)
    with pytest.raises(verbs.Refused, match="đã khai mạc"):
        sitting.renew_list(officer, meeting)


def test_only_officers_of_that_very_committee_convene_it(committee):
    seat_people(committee)
    above = factories.make_user(committee=committee.above)
    below = factories.make_committee(parent=committee)
    for user in (above, factories.make_user(committee=below)):
        with pytest.raises(sitting.PermissionDenied):
            plan(user, committee)


def test_a_meeting_is_of_one_body_and_its_kind_says_of_which(officer, committee):
    seat_people(committee)
    cells_own = factories.make_meeting(3, cell=factories.make_cell(committee))
    committees = plan(officer, committee)
    wrong = (
        (cells_own, {"committee": committee}),
        (cells_own, {"cell": None}),
        (cells_own, {"kind": "standing"}),
        (committees, {"committee": None}),
        (committees, {"kind": "main"}),
    )
    for meeting, change in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Meeting.objects.filter(pk=meeting.pk).update(**change)


def test_what_may_be_voted_on_is_what_lies_with_the_committee(officer, committee):
    seat_people(committee)
    first = send(factories.make_cell(committee, "Chi bộ 1"))
    returned = send(factories.make_cell(committee, "Chi bộ 2"))
    Submission.objects.filter(meeting=returned).update(
        returned_at=timezone.now(), returned_by=officer
    )
    factories.make_meeting(3, cell=factories.make_cell(committee, "Chi bộ 3"))
    cases = cases_before(plan(officer, committee))
    assert {case.of.pk for case in cases} == {first.pk}
    assert [case.words for case in cases[:2]] == [
        "Chi bộ 1: tự nhận –, chi bộ đề nghị HTT",
        "Trần Thị Ánh (Bí thư, Chi bộ 1): tự nhận –, chi bộ đề nghị HTXS",
    ]


def test_a_committee_holds_its_whole_meeting_from_seats_to_minutes(
    client, officer, committee, undrawn
):
    members = seat_people(committee)
    sent = [send(factories.make_cell(committee, f"Chi bộ {n}")) for n in (1, 2, 3)]
    meeting = _planned_on_pages(client, committee, sent[0], members)
    assert [poll.subjects.count() for poll in Poll.objects.filter(meeting=meeting)] == [3, 4]
    _opened(client, officer, meeting, members)
    for number, marks in ((1, [2, 2, 1]), (2, [1, 2, 2, 2])):
        poll = Poll.objects.get(meeting=meeting, number=number)
        _play(officer, poll, [marks] * 4 + [[0] * len(marks)])
    rows = CaseVote.objects.filter(subject__poll__meeting=meeting).order_by(
        "subject__poll__number", "subject__position"
    )
    assert [row.level for row in rows] == ["HTT", "HTT", "HTXS", "HTXS", "HTT", "HTT", "HTT"]
    assert [case.level for case in CaseVote.objects.on(sent[2])] == ["HTXS"]
    # What the cells have proposed stands as it stood.
    assert not Classification.objects.filter(meeting=meeting).exists()
    _shown(client, officer, meeting)
    verbs.pass_minutes(officer, meeting, 5, 5, START.replace(hour=11))
    assert set(Paper.objects.filter(meeting=meeting).values_list("kind", "cell")) == {
        ("minutes", None),
        ("count", None),
    }
    verbs.close_meeting(officer, meeting)
    assert client.get(f"/hop/hoi-nghi/{meeting.pk}/").status_code == 200


def _planned_on_pages(
    client: Client, committee: Committee, first: Meeting, members: list[Member]
) -> Meeting:
    """A meeting of the standing committee with a poll on three cells and one on four people."""
    sent = {
        "campaign": first.campaign_id,
        "kind": "standing",
        "starts_at": "18/12/2026 08:00",
        "venue": "Hội trường",
        "chair": members[0].pk,
        "clerk": members[1].pk,
    }
    answer = client.post(f"/hop/dang-bo/{committee.pk}/hoi-nghi/", sent, follow=True)
    assert "Đã lập hội nghị" in words_of(answer)
    meeting = Meeting.objects.get(committee=committee)
    cases = cases_before(meeting)
    cells, people = (
        [case for case in cases if case.is_cell],
        [case for case in cases if case.member],
    )
    for title, chosen in (("Xếp loại các chi bộ", cells), ("Xếp loại đảng viên", people[:4])):
        keys, levels = [case.key for case in chosen], ["HTXS", "HTT", "HT", "KHT"]
        client.post(
            f"/hop/hoi-nghi/{meeting.pk}/truong-hop/",
            {"title": title, "cases": keys, "levels": levels},
        )
    return meeting


def _opened(client: Client, officer: User, meeting: Meeting, members: list[Member]) -> None:
    """Everybody is there, two count, and every page is served."""
    client.post(f"/hop/hoi-nghi/{meeting.pk}/diem-danh/mo/")
    meeting.refresh_from_db()
    for page in ("", "diem-danh/", "to-kiem-phieu/", "man-chieu/", "quy-dinh/", "truong-hop/"):
        assert client.get(f"/hop/hoi-nghi/{meeting.pk}/{page}").status_code == 200, page
    own = phone(members[4], meeting=meeting).get(reverse("ballots:phone"))
    assert "Hội nghị ban thường vụ" in words_of(own)
    head = words_of(client.get(f"/hop/hoi-nghi/{meeting.pk}/"))
    assert "Ban Thường vụ Đảng ủy phường An Phú" in head
    factories.arrive(meeting)
    verbs.open_meeting(officer, meeting)
    verbs.name_tellers(officer, meeting, members[2:4], 5, 5)
    verbs.let_confirm(meeting)


def _shown(client: Client, officer: User, meeting: Meeting) -> None:
    """What the wall, the results and the draft of the minutes say once all is counted."""
    for step in range(1, 6):
        verbs.next_item(officer, meeting, step)
    wall = words_of(client.get(f"/hop/hoi-nghi/{meeting.pk}/man-chieu/"))
    assert "Ban Thường vụ Đảng ủy phường An Phú" in wall
    results = words_of(client.get(f"/hop/hoi-nghi/{meeting.pk}/ket-qua/"))
    assert "Chi bộ 3 Tự nhận –, chi bộ đề nghị HTT" in results
    assert "Mức chi bộ đề nghị từng dòng" not in results
    draft = words_of(client.get(f"/hop/hoi-nghi/{meeting.pk}/bien-ban/"))
    assert "Ban Thường vụ Đảng ủy phường An Phú tổ chức hội nghị xét, bỏ phiếu" in draft
    assert "T/M BAN THƯỜNG VỤ" in draft


def _play(officer: User, poll: Poll, ballots: list[list[int]]) -> None:
    """As tests/kit/polls.py:play, run by an officer of the committee."""
    verbs.open_issuing(officer, poll)
    phones = polls.receive(poll)
    verbs.open_box(officer, poll)
    poll.refresh_from_db()
    polls.fill(poll, phones, ballots)
    polls.seal(poll)
    polls.count(poll)


def test_the_page_of_cases_costs_the_same_for_one_and_four_cells(
    client, officer, committee, django_assert_max_num_queries
):
    meeting = factories.make_sitting(committee, *seat_people(committee))
    address = f"/hop/hoi-nghi/{meeting.pk}/truong-hop/"
    send(factories.make_cell(committee))
    client.get(address)  # the visit is noted once a day
    counts = []
    for more in (0, 3):
        for _ in range(more):
            send(factories.make_cell(committee))
        with django_assert_max_num_queries(60) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_namesakes_of_a_cell_stand_apart_on_the_ballot(officer, committee):
    meeting = send(factories.make_cell(committee, "Chi bộ 1"))
    for year, row in zip((1960, 1975), Attendance.objects.of(meeting)[1:], strict=False):
        Member.objects.filter(pk=row.member_id).update(
            name="Lê An", name_sort="an le", born_year=year
        )
    words = [case.words for case in cases_before(factories.make_sitting(committee))]
    assert any(line.startswith("Lê An (1960) (Chi bộ 1)") for line in words)
    assert any(line.startswith("Lê An (1975) (Chi bộ 1)") for line in words)


LONG = "Chi bộ 1, Đảng bộ Các cơ quan Đảng, Mặt trận Tổ quốc và các đoàn thể chính trị - xã hội tỉnh, khối Dân vận"


@pytest.mark.parametrize(
    ("name", "post", "begins", "ends"),
    [
        ("Bùi Thị Lan", "Chi ủy viên", "Bùi Thị Lan (Chi ủy viên, Chi bộ 1", "…)"),
        ("Lê An (1960)", "", "Lê An (1960) (Chi bộ 1, ", "…)"),
        (f"{LONG}, {LONG}", "", LONG[:60], "…"),
    ],
)
def test_a_row_too_long_for_the_ballot_is_cut_between_words_and_shows_it(name, post, begins, ends):
    decided = "HTT theo Quyết định số 130-QĐ/TU của Ban Thường vụ Tỉnh ủy"
    case = Case(Meeting(), f"{LONG} 2", name, "HTT", "HTT", Member(), post=post, decided=decided)
    row, _, levels = case.words.partition(": tự nhận")
    assert (row.startswith(begins), row.endswith(ends), len(case.words) <= 200) == (True,) * 3
    assert row.removesuffix(ends)[-1].isalnum()
    assert levels.startswith(" HTT, chi bộ đề nghị HTT, đã quyết định HTT")


def test_of_many_bodies_those_to_be_looked_at_are_offered_and_every_other_is_found_by_its_name(
    client, officer, committee, monkeypatch
):
    seat_people(committee)
    sent = [send(factories.make_cell(committee, f"Chi bộ Khu phố {n}")) for n in (1, 2, 3)]
    Classification.objects.filter(meeting=sent[1], member=None).update(level="HTXS")
    reports = [CollectiveReport(meeting=meeting, self_level="HTT") for meeting in sent]
    CollectiveReport.objects.bulk_create(reports)
    monkeypatch.setattr(views, "SHOWN", 2)
    address = f"/hop/hoi-nghi/{plan(officer, committee).pk}/truong-hop/"

    def offered(query: str) -> tuple[list[str], int, list[str], int]:
        shown = client.get(address, {"q": query}).context
        bodies, members = shown["bodies"], shown["members"]
        return (
            [case.cell for case in bodies],
            shown["bodies_left"],
            [case.cell for case in members],
            shown["left"],
        )

    assert offered("")[:2] == (["Chi bộ Khu phố 2"], 2)
    found = ["Chi bộ Khu phố 3"]
    assert offered("khu pho 3") == (found, 2, found * 2, 1)
    assert "Còn 02 chi bộ, tập thể nữa" in words_of(client.get(address))
    hidden = {"title": "X", "cases": [f"{sent[0].pk}-"], "levels": ["HTT", "HT"]}
    assert client.post(address, hidden, follow=True).status_code == 200
    assert CaseVote.objects.get().of == sent[0]
