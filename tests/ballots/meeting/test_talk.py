"""Planning, the list, the comments, the tellers: what is typed is kept, and refused in one sentence."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from ballots.core import steps
from ballots.models import Teller
from cells.models import Campaign, Meeting
from members.models import Attendance, Member, Office
from tests.kit import factories
from tests.kit.polls import poll_of

pytestmark = pytest.mark.django_db


def url(name: str, meeting: Meeting) -> str:
    return reverse(f"ballots:{name}", args=[meeting.pk])


@pytest.fixture
def running(client, meeting) -> Meeting:
    """The open meeting; its secretary is signed in."""
    client.force_login(factories.secretary_of(meeting))
    return meeting


# Planning


@pytest.fixture
def plan(client) -> dict:
    """A cell with a campaign, its secretary signed in, and a form that is in order."""
    cell = factories.make_cell()
    chair, clerk, *_ = factories.make_members(cell, 4)
    campaign = factories.make_campaign(cell.committee)
    client.force_login(factories.make_user(chair))
    form = {
        "campaign": campaign.pk,
        "starts_at": "2026-12-05T19:30",
        "venue": "Hội trường",
        "chair": chair.pk,
        "clerk": clerk.pk,
    }
    return {"url": reverse("ballots:meeting_plan", args=[cell.pk]), "form": form, "cell": cell}


def test_a_meeting_is_planned_with_what_the_form_proposes(client, plan):
    proposed = client.get(plan["url"]).context["form"].initial
    assert proposed["chair"] == plan["form"]["chair"]
    assert proposed["starts_at"].date() > timezone.localdate()
    client.post(plan["url"], plan["form"])
    meeting = Meeting.objects.get()
    assert timezone.localtime(meeting.starts_at).strftime("%H:%M %d/%m/%Y") == "19:30 05/12/2026"
    assert meeting.items.exists()
    duties = {row.duty: row.member_id for row in Attendance.objects.of(meeting) if row.duty}
    assert duties == {"chair": plan["form"]["chair"], "clerk": plan["form"]["clerk"]}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"clerk": "same"}, "Chủ trì và thư ký phải là hai đồng chí khác nhau"),
        ({"clerk": ""}, "Xin chọn thư ký."),
        ({"clerk": "0"}, "không"),
        ({"starts_at": "hôm qua"}, "Xin ghi ngày rồi giờ, như 20/12/2026 19:30."),
        ({"venue": "Hội\u202etrường"}, "ký tự ẩn"),
    ],
)
def test_a_refused_plan_keeps_what_was_typed(client, plan, change, sentence):
    form = plan["form"] | change
    if form["clerk"] == "same":
        form["clerk"] = form["chair"]
    answer = client.post(plan["url"], form)
    assert sentence in answer.content.decode()
    assert "2026-12-05T19:30" in answer.content.decode() or "starts_at" in change
    assert not Meeting.objects.exists()


def test_a_campaign_that_has_its_meeting_is_not_offered_again(client, plan):
    client.post(plan["url"], plan["form"])
    assert "Chưa có đợt kiểm điểm nào" in client.get(plan["url"]).content.decode()
    client.post(plan["url"], plan["form"])
    assert Meeting.objects.count() == 1


def test_planning_proposes_place_hour_and_clerk_of_the_last_meeting(client, plan):
    client.post(plan["url"], plan["form"])
    factories.make_campaign(plan["cell"].committee, year=2027)
    proposed = client.get(plan["url"]).context["form"].initial
    assert proposed["venue"] == "Hội trường"
    assert proposed["starts_at"].strftime("%H:%M") == "19:30"
    assert proposed["clerk"] == plan["form"]["clerk"]


def test_who_does_not_run_the_cell_plans_nothing_there(client, plan):
    officer = factories.make_user(committee=plan["cell"].committee)
    for user, status in ((officer, 403), (factories.make_user(factories.make_member()), 404)):
        client.force_login(user)
        assert client.get(plan["url"]).status_code == status
        assert client.post(plan["url"], plan["form"]).status_code == status


# The list


NAMES = ("rated", "unrated_reason", "self_level")


def lines(meeting: Meeting, **changes) -> dict[str, str]:
    """The list as the browser sends it; `changes`: member's place → (rated, reason, level)."""
    rows = list(Attendance.objects.of(meeting))
    return {
        f"{row.pk}-{name}": value
        for place, row in enumerate(rows)
        for name, value in zip(NAMES, changes.get(f"at{place}", ("1", "", "")), strict=True)
    }


def test_the_whole_list_is_saved_with_one_press(client, planned):
    sent = lines(planned, at1=("0", "Mới kết nạp", ""), at2=("1", "", "HTT"))
    client.post(url("roster", planned), sent)
    rows = list(Attendance.objects.of(planned))
    assert [row.rated for row in rows] == [True, False, True, True, True]
    assert (rows[1].unrated_reason, rows[2].self_level) == ("Mới kết nạp", "HTT")


def test_a_line_may_be_sent_alone(client, planned):
    row = Attendance.objects.of(planned)[2]
    form = {f"{row.pk}-rated": "1", f"{row.pk}-self_level": "HTXS"}
    client.post(url("roster", planned), form)
    row.refresh_from_db()
    assert row.self_level == "HTXS"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (("0", "", ""), "Không thuộc diện, chưa xếp loại thì phải ghi lý do"),
        (("2", "", ""), "Hãy chọn một lựa chọn hợp lệ"),
        (("1", "", "TỐT"), "Hãy chọn một lựa chọn hợp lệ"),
    ],
)
def test_a_refused_line_is_named_and_the_others_are_kept(client, planned, line, sentence):
    answer = client.post(
        url("roster", planned), lines(planned, at1=line, at2=("1", "", "HTT"))
    ).content.decode()
    assert sentence in answer
    rows = list(Attendance.objects.of(planned))
    assert (rows[1].rated, rows[1].self_level, rows[2].self_level) == (True, "", "HTT")


def test_a_line_of_which_only_a_part_was_sent_stays_as_it_is(client, planned):
    row = Attendance.objects.of(planned)[4]
    form = {f"{row.pk}-self_level": "HTT", "rated": "1"}
    assert client.post(url("roster", planned), form).status_code == 302
    assert not Attendance.objects.of(planned)[4].self_level


def test_chair_and_clerk_can_be_changed(client, planned):
    people = factories.members_of(planned)
    client.post(url("duty", planned), {"chair": people[1].pk, "clerk": people[0].pk})
    assert [row.duty for row in Attendance.objects.of(planned)][:2] == ["clerk", "chair"]
    same = {"chair": people[1].pk, "clerk": people[1].pk}
    answer = client.post(url("duty", planned), same, follow=True)
    assert "hai đồng chí khác nhau" in answer.content.decode()
    answer = client.post(url("duty", planned), {"chair": people[1].pk}, follow=True)
    assert "Xin chọn thư ký" in answer.content.decode()


# The button that saves stands in the bar, where nothing hides it


@pytest.mark.parametrize(
    ("page", "button", "first"),
    [
        ("report", "Lưu báo cáo", True),
        ("comments", "Ghi ý kiến", True),
        ("tellers", "Ghi tổ kiểm phiếu", False),
        ("roster", "Lưu danh sách", False),
        ("conclude", "Lưu lời kết luận", True),
    ],
)
def test_saving_comes_first_until_something_is_saved(client, running, page, button, first):
    shown = client.get(url(page, running)).content.decode()
    bar = shown[shown.index('id="next"') :]
    place = bar.index(f">{button}</button>")
    assert 'form="work"' in bar
    assert 'id="work" data-keep' in shown
    assert (bar.index("btn-next") < place) == first
    assert bar.count("btn-next") == 1


def test_the_report_is_saved_by_buttons_of_one_name_that_claim_no_change(client, running):
    shown = client.get(url("report", running)).content.decode()
    assert re.findall(r">(Lưu[^<]*)</button>", shown) == ["Lưu báo cáo", "Lưu báo cáo"]
    sentence = "Làm xong trang này thì bấm “Lưu báo cáo”, rồi sang việc sau."
    assert sentence in shown


# The tellers


def test_only_who_may_count_is_offered_and_the_others_have_a_reason(client, running):
    chair, clerk, third, *_ = factories.members_of(running)
    answer = client.get(url("tellers", running))
    offered = [member for member, *_ in answer.context["choices"]]
    assert chair not in offered
    assert {clerk, third} <= set(offered)
    assert f"Đồng chí {chair} chủ trì" in answer.content.decode()
    assert "không phải đảng viên chính thức" in answer.content.decode()


def test_tellers_are_named_with_the_leader_first(client, running):
    *_, four, five = factories.members_of(running)[:5]
    form = {"members": [four.pk, five.pk], "lead": five.pk, "yes": 4, "of": 5}
    client.post(url("tellers", running), form)
    assert [(t.member, t.lead) for t in Teller.objects.filter(meeting=running)] == [
        (five, True),
        (four, False),
    ]
    running.refresh_from_db()
    assert (running.tellers_yes, running.tellers_of) == (4, 5)


def test_fewer_hands_than_there_are_voters_are_asked_about_once(client, running):
    four = factories.members_of(running)[3]
    form = {"members": [four.pk], "yes": 3, "of": 4}
    asked = client.post(url("tellers", running), form)
    question = "Ghi 04 người biểu quyết, mà đang có mặt 05 đồng chí có quyền biểu quyết."
    assert asked.context["asked"] == [question]
    assert question in asked.content.decode()
    assert "Vẫn ghi tổ kiểm phiếu" in asked.content.decode()
    assert not Teller.objects.filter(meeting=running, member=four, lead=True).exists()
    sure = {"sure": asked.context["sure"]}
    assert client.post(url("tellers", running), form | {"of": 3} | sure).status_code == 200
    assert client.post(url("tellers", running), form | sure).status_code == 302
    running.refresh_from_db()
    assert (running.tellers_yes, running.tellers_of) == (3, 4)


def test_without_a_leader_the_first_one_leads(client, running):
    *_, four, five = factories.members_of(running)[:5]
    client.post(url("tellers", running), {"members": [five.pk, four.pk], "yes": 5, "of": 5})
    assert Teller.objects.get(meeting=running, lead=True).member == five


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"members": []}, "Xin chọn ít nhất một đồng chí"),
        ({"members": ["x"]}, "không"),
        ({"yes": 6}, "Số đồng ý (06) không thể nhiều hơn tổng số biểu quyết (05)"),
        (
            {"yes": 400, "of": 400},
            "Đang có mặt 05 đồng chí có quyền biểu quyết nên không thể có 400",
        ),
        ({"yes": 2}, "quá nửa"),
        ({"of": ""}, "Xin ghi số giơ tay."),
    ],
)
def test_refused_tellers_leave_the_former_team(client, running, change, sentence):
    five = factories.members_of(running)[4]
    before = list(Teller.objects.values_list("member", flat=True))
    form = {"members": [five.pk], "yes": 5, "of": 5} | change
    answer = client.post(url("tellers", running), form)
    assert sentence in answer.content.decode()
    assert list(Teller.objects.values_list("member", flat=True)) == before


def test_as_many_tellers_as_the_rules_ask_for_are_named_and_present(client, running):
    """Two are named; then the committee above asks for three, and no poll opens with fewer of them in the hall."""
    Campaign.objects.update(settings={"min_tellers": 3})
    listed = factories.members_of(running)[:5]
    three = "Tổ kiểm phiếu cần ít nhất 03 đồng chí"
    poll = poll_of(running)
    opening = reverse("ballots:poll_open", args=[poll.pk])
    form = {"members": [member.pk for member in listed[3:]], "yes": 5, "of": 5}
    assert f"{three}." in client.get(url("tellers", running)).content.decode()
    assert f"{three}." in client.post(url("tellers", running), form).content.decode()
    assert f"{three} có mặt." in client.post(opening, follow=True).content.decode()
    assert not steps.facts_of(running).tellers
    form["members"] = [member.pk for member in listed[2:]]
    client.post(url("tellers", running), form)
    assert Teller.objects.filter(meeting=running).count() == 3
    running = Meeting.objects.get(pk=running.pk)
    assert steps.facts_of(running).tellers
    absent = Attendance.objects.filter(meeting=running, member=listed[2])
    absent.update(state=Attendance.State.ABSENT)
    assert f"{three} có mặt." in client.post(opening, follow=True).content.decode()


def test_a_probationary_member_or_the_secretary_is_no_teller(client, running, probationary):
    secretary = Office.objects.get(kind="secretary", member__cell=running.cell).member
    for member in (probationary, secretary, factories.make_member()):
        form = {"members": [member.pk], "yes": 5, "of": 5}
        answer = client.post(url("tellers", running), form).content.decode()
        assert "không còn đủ điều kiện" in answer
    assert not Teller.objects.filter(member__in=Member.objects.filter(pk=probationary.pk)).exists()


@pytest.mark.parametrize("forged", ["9" * 20, "9" * 5000, "-1", "abc", "²", "\x00"])
@pytest.mark.parametrize("name", ["tellers", "polls"])
def test_a_key_that_is_no_members_is_refused_whatever_it_is(client, running, name, forged):
    assert client.post(url(name, running), {"members": [forged]}).context["form"].errors["members"]
