"""Leadership collectives: chosen by the cell, voted on before their head, and never mixed with anybody else."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from ballots.committee.rollups.workbook import workbook
from ballots.dossier import archive, checks
from ballots.dossier.contents import sections_of
from ballots.models import Classification, Poll, Slip, Subject
from ballots.papers.kinds import KINDS
from ballots.papers.minutes.gather import gather_minutes
from ballots.papers.report.gather import gather_report
from ballots.papers.report.text import compose_report
from ballots.results import figures, totals
from ballots.results.decisions import cases_of
from ballots.results.former_years import of_cell
from cells.law.periods import Period
from cells.models import Collective, Meeting, Setting
from members.models import Attendance
from tests.kit import factories, polls, verbs

pytestmark = pytest.mark.django_db

ALL = ["HTXS", "HTT", "HT", "KHT"]
HTXS, HTT = 1, 2


@pytest.fixture
def planned() -> Meeting:
    """A meeting of five that is not yet open."""
    return factories.make_meeting(5)


def add(meeting: Meeting, name: str = "Chi ủy", size: int = 3) -> Collective:
    return verbs.add_collective(factories.secretary_of(meeting), meeting, name, size)


def titles(meeting: Meeting) -> list[str]:
    listed = Poll.objects.filter(meeting=meeting).order_by("number")
    return [poll.subjects.first().label for poll in listed]


def test_a_meeting_reviews_no_leadership_collective_unless_the_cell_says_so(planned):
    assert not planned.collectives.exists()
    assert Subject.objects.exclude(collective=None).count() == 0


def test_a_leadership_collective_is_voted_on_before_everybody_else(planned):
    before = titles(planned)
    add(planned)
    add(planned, "Lãnh đạo Cục", 4)
    assert titles(planned) == ["Chi ủy", *before]
    assert Poll.objects.get(meeting=planned, number=1).subjects.count() == 2


def test_one_of_fewer_than_three_members_is_no_subject_and_the_minutes_say_so(planned):
    before = titles(planned)
    add(planned, size=2)
    assert titles(planned) == before
    data = gather_minutes(factories.loaded(planned))
    assert (data.small_bodies, data.bodies, data.body_levels) == (
        ("Chi ủy có 02 thành viên",),
        (),
        (),
    )


SAID = {
    "cell": ("chi bộ quyết định", True),
    "required": ("Chi bộ có chi ủy thì xin thêm chi ủy", True),
    "none": ("không kiểm điểm tập thể lãnh đạo riêng", False),
}


@pytest.mark.parametrize("choice", SAID)
def test_whether_there_are_any_is_the_committees_choice_and_the_page_says_which(
    client, planned, choice
):
    about = {"committee": planned.cell.committee, "basis": "NQ 7"}
    Setting.objects.create(key="collectives", value=choice, **about)
    Setting.objects.create(key="collective_least", value=4, **about)
    secretary = factories.secretary_of(planned)
    client.force_login(secretary)
    page = reverse("ballots:collectives", args=[planned.pk])
    said, is_open = SAID[choice]
    told = client.get(page).content.decode()
    assert said in told
    assert "Tập thể dưới 04 thành viên" in told
    assert "NQ 7" in told
    assert ("Thêm tập thể lãnh đạo" in told) == is_open
    answer = client.post(page, {"name": "Chi ủy", "size": "3"})
    assert planned.collectives.exists() == is_open
    assert ("Chi bộ không kiểm điểm riêng" in answer.content.decode()) != is_open
    assert not Subject.objects.exclude(collective=None).exists()  # fewer than four


def test_one_that_was_added_is_dropped_again_with_its_poll(planned):
    before = titles(planned)
    verbs.drop_collective(factories.secretary_of(planned), add(planned))
    assert titles(planned) == before
    assert not planned.collectives.exists()


def test_one_whose_poll_has_printed_slips_is_dropped_with_them(client, planned):
    body, secretary = add(planned), factories.secretary_of(planned)
    verbs.print_slips(secretary, Poll.objects.get(subjects__collective=body), 3)
    client.force_login(secretary)
    address = reverse("ballots:collective_drop", args=[planned.pk])
    assert client.post(address, {"collective": body.pk}).status_code == 302
    assert (planned.collectives.count(), Slip.objects.count()) == (0, 0)


def test_the_ballot_closes_ranks_when_one_of_several_is_dropped_and_is_still_counted(meeting):
    first, *others = (add(meeting, name) for name in ("Chi ủy", "Lãnh đạo Cục", "Lãnh đạo Sở"))
    verbs.drop_collective(factories.secretary_of(meeting), first)
    poll = polls.poll_of(meeting)
    polls.play(poll, *[[HTXS, HTT]] * 5)
    levels = dict(Classification.objects.filter(poll=poll).values_list("collective", "level"))
    assert levels == {others[0].pk: "HTXS", others[1].pk: "HTT"}


def test_a_ballot_on_a_collective_and_members_stays_as_it_was_planned(planned):
    secretary, body = factories.secretary_of(planned), add(planned)
    verbs.drop_poll(secretary, Poll.objects.get(subjects__collective=body))
    one, other, *_ = factories.members_of(planned)
    mixed = verbs.plan_poll(secretary, planned, "Bỏ phiếu lại", [one, body, other], ALL)
    before = titles(planned)
    add(planned, "Lãnh đạo Cục", 4)
    assert [s.member or s.collective for s in mixed.subjects.all()] == [one, body, other]
    assert titles(planned) == ["Lãnh đạo Cục", *before]
    row = Attendance.objects.get(meeting=planned, member=one)
    verbs.set_review(secretary, row, False, "Mới chuyển đến", "")
    assert list(mixed.subjects.values_list("position", "member")) == [(1, None), (2, other.pk)]


def test_what_is_spoken_of_is_not_dropped(meeting):
    secretary, body = factories.secretary_of(meeting), add(meeting)
    member = factories.members_of(meeting)[0]
    verbs.comment(secretary, meeting, member, body, "Đoàn kết.")
    with pytest.raises(verbs.Refused, match="không bỏ khỏi hội nghị được"):
        verbs.drop_collective(secretary, body)


def test_next_year_begins_with_the_collectives_of_this_year(planned):
    add(planned)
    campaign = factories.make_campaign(planned.cell.committee, year=2027)
    chair, clerk, *_ = factories.members_of(planned)
    secretary = factories.secretary_of(planned)
    times = {"starts_at": planned.starts_at, "venue": "Hội trường"}
    following = verbs.plan_meeting(
        secretary, planned.cell, campaign, chair=chair, clerk=clerk, **times
    )
    assert [body.name for body in following.collectives.all()] == ["Chi ủy"]
    assert titles(following)[0] == "Chi ủy"


@pytest.fixture
def voted(meeting) -> Meeting:
    """A meeting that has voted on chi ủy, for HTXS, on the cell and on the members, for HTT."""
    add(meeting)
    for number in (1, 2, 3):
        poll = polls.poll_of(meeting, number)
        level = HTXS if poll.subjects.first().collective else HTT
        polls.play(poll, *[[level] * poll.subjects.count()] * 5)
    return factories.loaded(meeting)


def test_each_subject_keeps_its_own_level(voted):
    result = figures.load(voted)
    assert [(o.name, o.level) for o in result.bodies] == [
        ("Chi ủy", "HTXS"),
        (voted.cell.name, "HTT"),
    ]
    assert {o.level for o in result.members} == {"HTT"}
    assert result.distribution.of == len(result.members)
    assert not result.disagree


def test_the_years_of_the_cell_know_its_own_level_alone(voted):
    """The levels of years are by member, and the cell's own is nobody's: the collective's must not take its place."""
    Classification.objects.filter(collective=None).delete()
    assert of_cell(voted.cell) == {}


def test_the_page_of_years_shows_it_beside_the_cell_once_minutes_vouch_for_it(client, voted):
    client.force_login(factories.secretary_of(voted))
    page = reverse("ballots:cell_years", args=[voted.cell_id])
    told = "Chi ủy: HTXS, chi bộ đề nghị"
    assert told not in client.get(page).content.decode()
    factories.make_paper(voted, "minutes")
    assert told in client.get(page).content.decode()


def test_the_chair_concludes_on_a_collective_alone(voted):
    secretary, body = factories.secretary_of(voted), voted.collectives.get()
    verbs.conclude(secretary, voted, body, "HT", "Theo thảo luận")
    cell, *_ = (o.level for o in figures.load(voted).outcomes)
    assert cell == "HTT"
    assert figures.load(voted).collectives[0].level == "HT"


def test_nothing_is_said_of_a_collective_that_the_meeting_does_not_rate(meeting):
    secretary = factories.secretary_of(meeting)
    elsewhere = add(factories.make_meeting(5))
    small = add(meeting, "Lãnh đạo Cục", 2)
    for body in (elsewhere, small):
        with pytest.raises(verbs.Refused, match=f"{body} không được hội nghị này kiểm điểm"):
            verbs.conclude(secretary, meeting, body, "HT", "Theo thảo luận")
        with pytest.raises(verbs.Refused, match=f"{body} không được hội nghị này kiểm điểm"):
            verbs.give_reasons(secretary, meeting, body, {"gap": "Theo thảo luận"}, "")


def test_the_committee_above_decides_it_as_a_case_of_its_own(voted):
    names = [case.name for case in cases_of(voted)]
    assert names[:2] == [voted.cell.name, "Chi ủy"]
    assert cases_of(voted)[1].votes[0] == ("HTXS", 5)


def test_a_poll_on_leaders_never_overwrites_a_level_as_member(voted):
    member = factories.members_of(voted)[0]
    secretary = factories.secretary_of(voted)
    poll = verbs.plan_poll(secretary, voted, "Cán bộ", [member], ALL, as_leaders=True)
    polls.play(poll, *[[HTXS]] * 5)
    result = figures.load(voted)
    rows = result.as_dict()["polls"][-1]["rows"]
    assert [(row["kind"], row["proposed"]) for row in rows] == [("leader", "HTXS")]
    assert {o.level for o in result.members} == {"HTT"}
    assert result.as_dict()["distribution"]["HTXS"]["count"] == 0
    assert not result.disagree


@pytest.mark.parametrize("model", ["Subject", "Classification"])
def test_a_row_is_about_a_collective_or_a_member_and_never_both(voted, model):
    rows = {"Subject": Subject, "Classification": Classification}[model].objects
    with pytest.raises(IntegrityError, match="leadership_or_member"), transaction.atomic():
        rows.filter(member__isnull=False).update(collective=voted.collectives.get())


def test_a_rehearsal_reviews_the_same_collectives_and_touches_none_of_them(planned):
    secretary, body = factories.secretary_of(planned), add(planned)
    verbs.save_report(secretary, planned, "Tóm tắt", "HTT", None, collective=body)
    rehearsal = verbs.start_rehearsal(secretary, planned)
    copied = rehearsal.collectives.get()
    assert (copied.name, copied.report.self_level, copied.pk == body.pk) == (
        "Chi ủy",
        "HTT",
        False,
    )
    assert titles(rehearsal) == titles(planned)
    assert polls.poll_of(rehearsal).subjects.get().collective == copied


def test_its_report_is_kept_apart_from_that_of_the_cell(client, planned):
    client.force_login(factories.secretary_of(planned))
    body = add(planned)
    factories.set_report(planned, summary="Của chi bộ")
    page = reverse("ballots:collective_report", args=[planned.pk, body.pk])
    answer = client.post(page, {"text": "Của chi ủy", "self_level": "HTXS", "seen": ""})
    assert answer.status_code == 302
    again = factories.loaded(planned)
    own = again.collectives.get().report
    assert (again.report.summary, again.report.self_level) == ("Của chi bộ", "")
    assert (own.summary, own.self_level) == ("Của chi ủy", "HTXS")
    assert "Của chi ủy" in client.get(page).content.decode()


def test_a_name_that_the_meeting_has_already_is_refused_in_one_sentence(client, planned):
    client.force_login(factories.secretary_of(planned))
    add(planned)
    page = reverse("ballots:collectives", args=[planned.pk])
    answer = client.post(page, {"name": "Chi ủy", "size": "3"})
    assert answer.status_code == 422
    assert "đã có tập thể lãnh đạo mang tên này" in answer.content.decode()


def test_the_file_asks_for_its_report_and_tells_its_level_where_the_page_mends_it(voted):
    evidence = checks.Evidence.load(voted)
    lines = {check.title: check for group in checks.groups_of(evidence) for check in group.checks}
    check = lines["Tập thể lãnh đạo: Chi ủy"]
    body = voted.collectives.get()
    assert check.sentence == "Chưa viết báo cáo, chưa tự nhận mức."
    assert check.cure_url == reverse("ballots:collective_report", args=[voted.pk, body.pk])
    section = next(section for section in sections_of(evidence) if section.title == "Chi ủy")
    assert [fact.value for fact in section.facts[:2]] == [
        "chưa tự nhận mức",
        "Hoàn thành xuất sắc nhiệm vụ",
    ]
    assert all(body.name and fact.place.address(voted) for fact in section.facts)


def test_the_committee_reads_its_level_beside_that_of_the_cell_and_counts_it_nowhere(voted):
    result = totals.results([voted.pk])[voted.pk]
    assert result.collectives == (("Chi ủy", "HTXS"),)
    assert (result.own_level, result.counts["HTXS"]) == ("HTT", 0)
    sheet = load_workbook(BytesIO(workbook(voted.cell.committee, Period(2026)))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert rows[1][2:5] == [f"{voted.cell.name}: Chi ủy", None, "HTXS"]
    assert rows[-1][5] == result.rated


def test_its_report_is_a_paper_of_its_own(planned):
    body = add(planned)
    data = gather_report(factories.loaded(planned), body)
    assert data.whose == "Chi ủy"
    assert compose_report(data).subject.endswith("của Chi ủy năm 2026")


def test_its_report_goes_into_the_file_once_it_is_written(planned, undrawn):
    def listed() -> list[str]:
        meeting = factories.loaded(planned)
        return [line.title for line in KINDS["checklist"].gather(meeting).lines]

    body, title = add(planned), "Báo cáo kiểm điểm tập thể: Chi ủy"
    assert title not in listed()
    secretary = factories.secretary_of(planned)
    verbs.save_report(secretary, planned, "Một năm nhiều việc.", "HTT", None, collective=body)
    assert title in listed()
    archive.write(factories.loaded(planned), file := BytesIO())
    assert "Bao cao kiem diem tap the Chi uy" in " ".join(ZipFile(file).namelist())
