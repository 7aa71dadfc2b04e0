"""A quarter's review of leaders played through real ballots: from the leaders' own forms to the file sent up."""

import functools
import io
import re
import zipfile
from datetime import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from ballots.committee.downloads import archive
from ballots.dossier import archive as dossier_archive
from ballots.dossier import checks
from ballots.models import Paper
from ballots.results import totals
from cells.models import Cell, Meeting
from members.models import Attendance, Member, ReviewLine
from members.reviews.views import form_of, own_review
from members.rules.review_sheet import SCORE, TEXT, Sheet
from tests.ballots.year.test_whole_year import explain, text_of
from tests.kit import factories, polls, verbs
from tests.kit.made_once import made_once
from tests.kit.paper_readers import followed_by, pages_in, words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SITE = "https://kiemdiem.example"
QUARTER, LEADERS = "quý III năm 2026", "cán bộ lãnh đạo, quản lý"
# What each leader claims, with the points of five common criteria and six axes; ballots: a mark for each of them.
CLAIMS = {
    "Trần Thị Ánh": ("HTXS", (9, 9, "7,5", 3, "1,5", 15, 10, 10, 14, "9,5", 5)),
    "Đỗ Thị Dung": ("HTT", (8, 8, 7, "2,5", "1,5", 13, 8, 8, 12, 8, 8)),
    "Ngô Văn Hạnh": ("HTT", (8, 8, 7, "2,5", "1,5", 13, 8, 8, 12, 8, 8)),
    "Phạm Thu Hà": ("HTT", (8, 8, 6, "2,5", "1,5", 13, 8, 8, 12, 8, 8)),
}
BALLOTS = [[1, 2, 2, 2]] * 4 + [[1, 2, 3, 2], [2, 2, 2, 3], [2, 3, 0, 3]]


def at(hour: int, minute: int) -> datetime:
    return datetime(2026, 9, 10, hour, minute, tzinfo=timezone.get_default_timezone())


def make_cell() -> Cell:
    """Eight members: three in office, one who manages elsewhere, four others."""
    committee = factories.make_committee("Đảng bộ phường Hoa Sen")
    committee.executive = "Đảng ủy phường Hoa Sen"
    committee.save()
    cell = factories.make_cell(committee, "Chi bộ 4")
    factories.make_members(cell, 5)
    posts = {"Đỗ Thị Dung": ("deputy", "Phó Bí thư"), "Ngô Văn Hạnh": ("executive", "Chi ủy viên")}
    for name, (office, post) in posts.items():
        factories.make_member(cell, name, office=office, post=post)
    factories.make_member(cell, "Phạm Thu Hà", post="Trưởng phòng Kế toán Công ty Cấp nước")
    return cell


def planned(cell, people) -> Meeting:
    """The leaders' list is made, the manager put on it by hand, and the meeting planned."""
    user = factories.make_user(people["Trần Thị Ánh"])
    quarter = factories.make_campaign(cell.committee, kind="q3", pack="quy")
    verbs.make_list(user, cell, quarter)
    line = ReviewLine.objects.get(member=people["Phạm Thu Hà"], campaign=quarter)
    verbs.set_line(user, line, "subject", "Trưởng phòng ở cơ quan", None)
    return verbs.plan_meeting(
        user,
        cell,
        quarter,
        starts_at=at(19, 30),
        venue="Nhà văn hóa khu phố 7",
        chair=people["Trần Thị Ánh"],
        clerk=people["Lê Văn An"],
    )


def hand_in(member: Member, meeting: Meeting) -> None:
    level, points = CLAIMS[member.name]
    row = own_review(member, meeting.campaign)
    row.save()
    form = form_of(row)
    typed = {TEXT + s.key: f"Nội dung của mục {s.title.lower()}." for s in form.sections}
    typed |= {SCORE + c.key: str(p) for c, p in zip(form.criteria, points, strict=True)}
    sheet = Sheet.read(form, typed | {"self_level": level}).checked()
    assert sheet.problems == {}
    row.keep(0, sheet.texts(), sheet.scores(), sheet.level_kept, criteria=form.stored_criteria())
    row.submit(row.version, form.version)


def closed_meeting(cell: Cell) -> Meeting:
    people = {member.name: member for member in Member.objects.filter(cell=cell)}
    meeting = planned(cell, people)
    user = factories.secretary_of(meeting)
    for name in CLAIMS:
        hand_in(people[name], meeting)
    factories.arrive(meeting)
    Attendance.objects.filter(meeting=meeting, member=people["Lê Văn Dung"]).update(
        state="excused", reason="Đi công tác"
    )
    verbs.open_meeting(user, meeting)
    verbs.name_tellers(user, meeting, [people["Lê Văn Bình"]], 7, 7)
    polls.play(polls.poll_of(meeting), *BALLOTS)
    verbs.conclude(user, meeting, people["Phạm Thu Hà"], "HTT", "Hội nghị thống nhất")
    explain(user, meeting)
    meeting.refresh_from_db()
    verbs.pass_minutes(user, meeting, 7, 7, at(20, 45), SITE)
    verbs.close_meeting(user, meeting)
    meeting.refresh_from_db()
    return meeting


@pytest.fixture
@made_once
def sent() -> Meeting:
    """The meeting over, and its file sent up."""
    meeting = closed_meeting(make_cell())
    wrong = checks.lines_of(checks.groups_for(meeting), checks.State.MEND)
    assert [check.sentence for check in wrong] == []
    verbs.send_up(factories.secretary_of(meeting), meeting, site=SITE)
    return meeting


@functools.cache  # the same meeting in every test
def files_of(meeting: Meeting) -> dict[str, bytes]:
    whole = io.BytesIO()
    dossier_archive.write(meeting, whole)
    with zipfile.ZipFile(whole) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def test_a_quarters_file_is_complete_without_a_report_on_the_cell(sent):
    kinds = set(Paper.objects.filter(meeting=sent).values_list("kind", flat=True))
    assert kinds == set(Paper.Kind.values) - {Paper.Kind.REPORT.value}
    names = set(files_of(sent))
    ending = "_Chi bo 4_quy III nam 2026.pdf"
    assert {name.removesuffix(ending) for name in names if name.endswith(ending)} == {
        "Bien ban hoi nghi",
        "Bien ban kiem phieu",
        "Tong hop de xuat cua cac chu the",
        "Bang tong hop ket qua",
        "Danh sach khong thuoc dien chua kiem diem chua xep loai",
        "Bao cao ket qua",
        "Danh muc ho so",
        "ban-kiem-diem/Ban kiem diem Tran Thi Anh",
        "ban-kiem-diem/Ban kiem diem Do Thi Dung",
        "ban-kiem-diem/Ban kiem diem Ngo Van Hanh",
        "ban-kiem-diem/Ban kiem diem Pham Thu Ha",
    }
    assert not [name for name in names if name.endswith(".pdf") and ending not in name]


def test_every_paper_names_the_quarter_and_whom_it_is_about(sent):
    for name, content in files_of(sent).items():
        if not name.endswith(".pdf"):
            continue
        text = words(" ".join(pages_in(content)))
        assert QUARTER.casefold() in text.casefold(), name
        assert "quy." in followed_by(content), name
        assert "DỰ THẢO" not in text, name
        assert re.search(r"(?i)(?<!quý III )năm 2026", undated(text)) is None, name


def undated(text: str) -> str:
    """Without the days, which name the year alone."""
    return re.sub(r"ngày \d+ tháng \d+ năm 2026", "", text)


SAYS = {
    "minutes": (
        f"hội nghị kiểm điểm, đánh giá, xếp loại chất lượng {LEADERS} {QUARTER}",
        "có mặt: 07/08 đồng chí; vắng mặt: 01/08 đồng chí",
        f"“Xếp loại chất lượng {LEADERS} {QUARTER}”",
        "01 Trần Thị Ánh Bí thư 05 (71,43%) 02 (28,57%) 00 (0%) 00 (0%) 00",
        "03 Ngô Văn Hạnh Chi ủy viên 00 (0%) 05 (71,43%) 01 (14,29%) 00 (0%) 01",
        f"đề nghị cấp ủy có thẩm quyền xem xét, công nhận mức xếp loại chất lượng {QUARTER}",
        "Hoàn thành tốt nhiệm vụ: 03/04 đồng chí, bằng 75%",
        "04 đồng chí (Lê Văn An, Lê Văn Bình, Lê Văn Cường, Lê Văn Dung): Không giữ chức vụ",
        "thông qua: 07/07 đồng chí đồng ý",
    ),
    "count": (
        f"kiểm phiếu đề nghị xếp loại chất lượng {QUARTER}",
        "số phiếu phát ra: 07; thu về: 07; hợp lệ: 07; không hợp lệ: 00",
        "04 Phạm Thu Hà Trưởng phòng Kế toán Công ty Cấp nước 00 (0%) 05 (71,43%) 02 (28,57%) 00 (0%) 00",
    ),
    "proposals": (f"đề xuất mức chất lượng {LEADERS} của các chủ thể {QUARTER}",),
    "summary": (
        "1. Cán bộ lãnh đạo, quản lý",
        "02 Đỗ Thị Dung Phó Bí thư HTT 00 06 01 00 85,71% HTT",
        "Hoàn thành xuất sắc nhiệm vụ: 01/04 đồng chí, bằng 25%",
    ),
    "unrated": (f"Chi bộ không có {LEADERS} không thuộc diện, chưa kiểm điểm, chưa xếp loại.",),
    "upward": (
        "Kính gửi: Đảng ủy phường Hoa Sen",
        f"{LEADERS} {QUARTER}. Đảng viên có quyền biểu quyết có mặt: 07/08 đồng chí",
        "1. Cán bộ lãnh đạo, quản lý",
        "01 Đảng viên giữ chức vụ lãnh đạo, quản lý 04 01 03 00 00 00 25%",
        f"mức xếp loại chất lượng {QUARTER} của {LEADERS} nêu trên",
        "Cán bộ lãnh đạo, quản lý được đề nghị xếp loại Hoàn thành xuất sắc nhiệm vụ: "
        "đồng chí Trần Thị Ánh",
    ),
    "checklist": (
        f"hồ sơ đánh giá, xếp loại chất lượng {QUARTER}",
        "01 Bản kiểm điểm cá nhân 04",
    ),
}


def test_the_papers_have_the_numbers_and_levels_of_the_leaders_alone(sent):
    for kind, sentence in SAYS.items():
        text = text_of(Paper.objects.get(meeting=sent, kind=kind))
        for each in sentence:
            assert each in text, kind
        assert "Tổ chức đảng" not in text, kind
        named = kind in {"minutes", "count"}  # who counted, who was away, who is not a leader
        assert ("Lê Văn" in text) == named, kind


def test_a_leaders_own_form_is_that_of_the_quarter(sent):
    (name,) = (name for name in files_of(sent) if "Do Thi Dung" in name)
    text = words(" ".join(pages_in(files_of(sent)[name])))
    for sentence in (
        "Mẫu 05-HD KĐ.ĐG 2025",
        "BẢN TỰ ĐÁNH GIÁ, XẾP LOẠI CỦA CÁ NHÂN",
        "Tổng điểm: 84/100 điểm.",
        "Chi bộ đề xuất xếp loại mức chất lượng: Hoàn thành tốt nhiệm vụ.",
    ):
        assert sentence in text


def test_the_committee_finds_the_quarter_on_its_board_and_in_its_archive(client, sent):
    client.force_login(factories.make_user(committee=sent.cell.committee))
    result = totals.results([sent.pk])[sent.pk]
    assert (result.rated, result.counts["HTXS"], result.counts["HTT"]) == (4, 1, 3)
    board = reverse("ballots:committee", args=[sent.cell.committee_id])
    assert "Quý III năm 2026" in client.get(board + "?nam=2026-q3").content.decode()
    whole = io.BytesIO()
    archive.write(sent.cell.committee, sent.campaign.span, whole)
    with zipfile.ZipFile(whole) as bundle:
        inside = [name for name in bundle.namelist() if name.endswith(".pdf")]
    folder, ending = "01 Dang bo phuong Hoa Sen/001 Chi bo 4/", "_quy III nam 2026.pdf"
    assert len(inside) == len(SAYS)
    assert all(name.startswith(folder) and name.endswith(ending) for name in inside)


def test_the_secretarys_page_of_the_file_asks_the_leaders_alone(client, sent):
    client.force_login(factories.secretary_of(sent))
    page = client.get(reverse("ballots:dossier", args=[sent.pk]))
    assert {line.member.name for line in page.context["forms"]} == set(CLAIMS)
    assert Paper.Kind.REPORT not in {line.kind for line in page.context["lines"]}
    sending = client.get(reverse("ballots:sending", args=[sent.pk])).content.decode()
    assert "Báo cáo kiểm điểm tập thể" not in sending
