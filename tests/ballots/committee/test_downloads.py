"""Papers that are passed and locked, and what the committee above downloads of them."""

import csv
import hashlib
import io
import unicodedata
import zipfile
from datetime import timedelta
from fractions import Fraction

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from ballots.committee.downloads import archive
from ballots.committee.rollups import workbook
from ballots.dossier import archive as dossier_archive
from ballots.jobs import asking
from ballots.models import Job, Paper, Submission
from ballots.papers import lock
from ballots.results import totals
from cells import wording
from cells.law.periods import Period
from cells.models import Meeting
from cells.stale import STALE
from members.imports import applying
from members.models import Comment, Member
from tests.kit import sendings, verbs
from tests.kit.factories import (
    make_cell,
    make_committee,
    make_meeting,
    make_open_meeting,
    make_user,
    members_of,
    secretary_of,
)
from tests.kit.made_once import made_once
from tests.kit.paper_samples import LONG_NAME
from tests.kit.verbs import Refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("undrawn")]


@made_once
def passed(size: int = 5, **values) -> Meeting:
    """An open meeting whose minutes have just been passed."""
    meeting = make_open_meeting(size, **values)
    secretary = secretary_of(meeting)
    first, second = members_of(meeting)[:2]
    verbs.conclude(secretary, meeting, first, "HTXS", "Có sản phẩm cụ thể")
    verbs.conclude(secretary, meeting, second, "HTT", "Theo thảo luận")
    verbs.conclude(secretary, meeting, None, "HTT", "Theo thảo luận")
    ends_at = meeting.starts_at + timedelta(hours=2)
    verbs.pass_minutes(secretary, meeting, size, size, ends_at, "https://kiemdiem.example")
    meeting.refresh_from_db()
    return meeting


def test_passing_locks_both_papers_with_their_sha256():
    meeting = passed()
    papers = {paper.kind: paper for paper in Paper.objects.filter(meeting=meeting)}
    assert set(papers) == {"minutes", "count"}
    for paper in papers.values():
        assert bytes(paper.pdf).startswith(b"%PDF")
        assert hashlib.sha256(bytes(paper.pdf)).hexdigest() == paper.sha256


def test_nothing_changes_after_the_minutes_are_passed():
    meeting = passed()
    secretary = secretary_of(meeting)
    member = members_of(meeting)[0]
    with pytest.raises(Refused, match="đã được thông qua"):
        verbs.comment(secretary, meeting, member, None, "Thêm một ý")
    with pytest.raises(Refused, match="đã được thông qua"):
        verbs.pass_minutes(secretary, meeting, 5, 5, meeting.ends_at)
    verbs.close_meeting(secretary, meeting)
    with pytest.raises(Refused, match="đã bế mạc"):
        verbs.save_report(secretary, meeting, "sửa", "", None)


def test_a_change_while_the_papers_are_rendered_locks_nothing(monkeypatch):
    meeting = make_open_meeting()
    secretary = secretary_of(meeting)
    render = lock.draft

    def draft(*args):
        made = render(*args)
        Comment.objects.create(meeting=meeting, by=members_of(meeting)[0], text="Xen vào giữa")
        return made

    monkeypatch.setattr(lock, "draft", draft)
    with pytest.raises(Refused, match=STALE):
        verbs.pass_minutes(secretary, meeting, 5, 5, meeting.starts_at + timedelta(hours=1), "")
    assert not Paper.objects.exists()


@pytest.mark.parametrize(
    ("yes", "of", "hours"), [(6, 5, 1), (5, 5, 0), (1, 0, 1), (400, 400, 1), (2, 5, 1)]
)
def test_impossible_endings_are_refused(yes, of, hours):
    meeting = make_open_meeting()
    ends_at = meeting.starts_at + timedelta(hours=hours)
    with pytest.raises(Refused):
        verbs.pass_minutes(secretary_of(meeting), meeting, yes, of, ends_at)
    assert not Paper.objects.exists()


def test_a_meeting_does_not_close_before_its_minutes_are_passed():
    meeting = make_open_meeting()
    with pytest.raises(Refused, match="thông qua biên bản"):
        verbs.close_meeting(secretary_of(meeting), meeting)


ANSWERS = [
    ("the locked file", "right", "✔", "Đúng văn bản</p>"),
    ("another file", "wrong", "✖", "Không đúng văn bản</p>"),
    ("no file", "", "", "chưa so với tệp nào"),
]


@pytest.mark.parametrize(
    ("what", "sent", "mark", "answer"), ANSWERS, ids=[row[0] for row in ANSWERS]
)
def test_the_check_page_compares_a_file_with_the_locked_one(client, what, sent, mark, answer):
    paper = Paper.objects.filter(meeting=passed()).first()
    content = {"right": bytes(paper.pdf), "wrong": bytes(paper.pdf) + b"\n"}.get(sent)
    data = {"code": f" {paper.check_code[:4].lower()}-{paper.check_code[4:]}"}
    if content:
        data["file"] = SimpleUploadedFile("bien-ban.pdf", content)
    page = client.post(reverse("ballots:paper_check_form"), data).content.decode()
    assert answer in page
    assert [sign for sign in "✔✖" if sign in page] == [*mark]
    assert f"<dd>{paper.shown_code}</dd>" in page


def test_a_check_code_is_shown_in_groups_of_four_and_taken_as_it_is_typed(client):
    meeting = passed()
    paper = Paper.objects.filter(meeting=meeting).first()
    shown = wording.grouped(paper.check_code)
    assert [len(group) for group in shown.split()] == [4, 4, 4]
    form = client.get(reverse("ballots:paper_check", args=[paper.check_code])).content.decode()
    assert f'value="{shown}"' in form
    for typed in (shown, shown.lower(), paper.check_code, f" {shown.replace(' ', '-')} "):
        page = client.post(reverse("ballots:paper_check_form"), {"code": typed}).content.decode()
        assert f"<dd>{shown}</dd>" in page, typed
    client.force_login(secretary_of(meeting))
    page = client.get(reverse("ballots:minutes", args=[meeting.pk])).content.decode()
    assert shown in page
    assert paper.check_code not in page


def test_a_code_typed_with_a_vietnamese_keyboard_is_understood_or_told_why_not(client):
    """A code from before had vowels: EARZT43UBSRW, of which Telex makes EẢZT43UBSRƯ."""
    paper = Paper.objects.filter(meeting=passed()).first()
    Paper.objects.filter(pk=paper.pk).update(check_code="EARZT43UBSRW")
    pages = [
        client.post(reverse("ballots:paper_check_form"), {"code": typed}).content.decode()
        for typed in ("eảzt43ubsrw", unicodedata.normalize("NFD", "EẢZT 43UB SRW"), "eảzt43ubsr")
    ]
    assert ["<dd>EARZ T43U BSRW</dd>" in page for page in pages] == [True, True, False]
    assert "Bàn phím đang gõ tiếng Việt" in pages[2]
    assert "Không có mã này" not in pages[2]


def test_letters_that_look_like_those_of_a_code_are_taken_for_them(client):
    paper = Paper.objects.filter(meeting=passed()).first()
    Paper.objects.filter(pk=paper.pk).update(check_code="BSZGQL347999")
    data = {"code": "8526 0i34 7999"}
    page = client.post(reverse("ballots:paper_check_form"), data).content.decode()
    assert "<dd>BSZG QL34 7999</dd>" in page


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("BBBB BBBB BBBB", "Không có văn bản nào mang mã này"),
        ("BBBB", "Mã kiểm tra có đúng mười hai chữ và số, ở đây có 4"),
    ],
)
def test_the_check_page_knows_no_other_code(client, code, sentence):
    page = client.post(reverse("ballots:paper_check_form"), {"code": code}).content.decode()
    assert sentence in page


def unzipped(committee) -> dict[str, bytes]:
    """What the archive of 2026 holds, by name."""
    file = io.BytesIO()
    archive.write(committee, Period(2026), file)
    bundle = zipfile.ZipFile(file)
    return {name: bundle.read(name) for name in bundle.namelist()}


def test_the_archive_holds_every_locked_paper_under_a_plain_name_with_its_check_sum():
    committee = make_committee("Đảng bộ phường Hoa Sen")
    passed(cell=make_cell(committee, "Chi bộ Khu phố 7"))
    files = unzipped(committee)
    assert all(name.isascii() for name in files)
    index = list(csv.DictReader(io.StringIO(files.pop("muc-luc.csv").decode("utf-8-sig"))))
    table = load_workbook(io.BytesIO(files.pop("muc-luc.xlsx"))).active
    assert [cell.value for cell in table[2]] == [1, *list(index[0].values())[1:]]
    sums = dict(
        reversed(line.split("  ")) for line in files.pop("SHA256SUMS").decode().splitlines()
    )
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert {row["Tệp"]: row["SHA-256"] for row in index} == sums
    assert [(row["TT"], row["Nội dung"], row["Tệp"].rsplit(".")[-1]) for row in index] == [
        ("1", "Biên bản kiểm phiếu", "pdf"),
        ("2", "Biên bản kiểm phiếu", "docx"),
        ("3", "Biên bản hội nghị", "pdf"),
        ("4", "Biên bản hội nghị", "docx"),
    ]
    assert {name.rsplit("/", 1)[0] for name in files} == {
        "01 Dang bo phuong Hoa Sen/001 Chi bo Khu pho 7"
    }


def test_what_is_compressed_already_is_stored_and_each_cell_more_costs_no_query(
    django_assert_max_num_queries,
):
    committee = make_committee()
    costs = []
    for _ in range(2):
        meeting = passed(cell=make_cell(committee))
        Submission.objects.create(meeting=meeting, number=1, by=secretary_of(meeting))
        sendings.make_scan(meeting, "residence", member=members_of(meeting)[1])
        file = io.BytesIO()
        with django_assert_max_num_queries(20) as captured:
            archive.write(committee, Period(2026), file)
        costs.append(len(captured))
    assert costs[0] == costs[1]
    how = {i.filename.rpartition(".")[2]: i.compress_type for i in zipfile.ZipFile(file).filelist}
    stored = dict.fromkeys(("pdf", "docx", "jpg", "xlsx"), zipfile.ZIP_STORED)
    deflated = dict.fromkeys(("SHA256SUMS", "csv"), zipfile.ZIP_DEFLATED)
    assert how == stored | deflated


def test_each_cell_has_a_folder_by_number_whatever_others_are_called():
    committee = make_committee("Đảng bộ phường")
    for name in ("Chi bộ Hoà", "chi bộ Hoa", "Chi bộ Hòa"):
        passed(cell=make_cell(committee, name))
    folders = sorted({name.rpartition("/")[0].lower() for name in unzipped(committee)} - {""})
    assert folders == [f"01 dang bo phuong/{number:03d} chi bo hoa" for number in (1, 2, 3)]


LONG_COMMITTEE = (
    "Đảng bộ Sở Nông nghiệp và Môi trường tỉnh Gia Lai trực thuộc Đảng bộ các cơ quan Đảng, Mặt trận Tổ quốc, đoàn "
    "thể tỉnh Gia Lai"
)
LONG_CELL = "Chi bộ Trung tâm Dịch vụ nông nghiệp và Phát triển nông thôn khu vực Ia Mơ Nông - Chư Păh - Đak Đoa"


def test_no_path_of_the_archive_is_longer_than_windows_can_unpack():
    meeting = passed(cell=make_cell(make_committee(LONG_COMMITTEE), LONG_CELL))
    member = members_of(meeting)[1]
    Member.objects.filter(pk=member.pk).update(name=LONG_NAME)
    Submission.objects.create(meeting=meeting, number=1, by=secretary_of(meeting))
    for _ in range(2):
        sendings.make_scan(meeting, "residence", member=member)
    names = list(unzipped(meeting.cell.committee))
    assert len([name for name in names if "tep-kem" in name]) == 2
    assert [name for name in names if len(name) > 150] == []
    own = io.BytesIO()
    dossier_archive.write(meeting, own)
    assert [name for name in zipfile.ZipFile(own).namelist() if len(name) > 150] == []


def test_the_excel_summary_counts_each_level_as_a_number():
    committee = make_committee("=Đảng bộ phường")
    passed(cell=make_cell(committee))
    make_cell(committee, "Chi bộ chưa họp")
    sheet = load_workbook(io.BytesIO(workbook.workbook(committee, Period(2026)))).active
    table = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    heads, lines = table[0], [dict(zip(table[0], row, strict=True)) for row in table[1:]]
    held = next(line for line in lines if line["Hội nghị"] == "Đang họp")
    assert (held["HTXS"], held["HTT"], held["Chưa kết luận"], held["Được xếp loại"]) == (
        1,
        1,
        3,
        5,
    )
    assert held["% HTXS"] == pytest.approx(0.2)
    formats = {cell.number_format for row in sheet.iter_rows(min_row=4) for cell in row[12:]}
    assert formats <= {"General", wording.percent_format(Fraction(1, 5))}
    assert held["Đảng bộ"] == "=Đảng bộ phường"
    assert sheet.cell(row=4, column=2).data_type == "s"
    assert lines[-1]["Chi bộ"] == "Tổng cộng"
    assert lines[-1]["Được xếp loại"] == 5
    assert len(heads) == len(set(heads))


def test_the_excel_summary_prints_on_landscape_a4_one_page_wide_with_its_heads_repeated():
    committee = make_committee()
    make_cell(committee)
    sheet = load_workbook(io.BytesIO(workbook.workbook(committee, Period(2026)))).active
    setup = sheet.page_setup
    assert (setup.orientation, str(setup.paperSize)) == ("landscape", "9")
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, setup.fitToWidth, setup.fitToHeight) == (
        True,
        1,
        0,
    )
    assert sheet.print_title_rows == "$3:$3"
    last = sheet.cell(3, sheet.max_column).coordinate[:-1]
    assert {str(merged) for merged in sheet.merged_cells.ranges} == {
        f"A{row}:{last}{row}" for row in (1, 2)
    }
    for row in sheet.iter_rows(min_row=3):
        assert {cell.border.left.style for cell in row} == {"thin"}
        assert all(cell.alignment.wrap_text for cell in row)


def test_papers_and_totals_are_closed_to_other_committees(client):
    meeting = passed()
    paper = Paper.objects.filter(meeting=meeting).first()
    committee = meeting.cell.committee
    addresses = [
        reverse("ballots:paper", args=[paper.pk, "pdf"]),
        reverse("ballots:committee_xlsx", args=[committee.pk, 2026]),
    ]
    client.force_login(make_user(committee=committee))
    assert [client.get(address).status_code for address in addresses] == [200, 200]
    client.force_login(make_user(committee=make_committee()))
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    assert client.post(_zip(committee)).status_code == 404


def _zip(committee) -> str:
    return reverse("ballots:committee_zip", args=[committee.pk, 2026])


def test_the_archive_is_made_beside_the_page_and_fetched_from_the_list(client):
    committee = passed().cell.committee
    client.force_login(make_user(committee=committee))
    page = client.post(_zip(committee), follow=True)
    (job,) = page.context["jobs"]
    assert (job.state, job.about) == ("done", f"Văn bản năm 2026 của {committee} (ZIP)")
    answer = client.get(reverse("ballots:job_file", args=[job.pk]))
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    names = zipfile.ZipFile(io.BytesIO(b"".join(answer))).namelist()
    assert names == list(unzipped(committee))
    assert "no-store" in answer["Cache-Control"]


def test_of_many_cells_the_excel_files_are_made_beside_the_page(client, monkeypatch):
    committee = passed().cell.committee
    client.force_login(make_user(committee=committee))
    board = reverse("ballots:committee", args=[committee.pk])
    summary = reverse("ballots:committee_summary", args=[committee.pk, 2026])
    members = reverse("ballots:committee_members", args=[committee.pk])
    assert summary not in client.get(board).content.decode()
    monkeypatch.setattr("ballots.committee.board.views.AT_ONCE", 0)
    page = client.get(board).content.decode()
    assert f'action="{summary}"' in page
    assert f'action="{members}"' in page
    for address, sheet in ((summary, "Tổng hợp"), (members, "Danh sách đảng viên")):
        job = client.post(address, follow=True).context["jobs"][0]
        assert (job.state, job.error) == ("done", "")
        assert job.file_name.isascii()
        content = b"".join(client.get(reverse("ballots:job_file", args=[job.pk])))
        assert load_workbook(io.BytesIO(content)).sheetnames == [sheet]


def test_the_progress_of_a_sheet_is_true(monkeypatch):
    committee = make_committee()
    for _ in range(3):
        make_meeting(2, cell=make_cell(committee))
    told = []
    workbook.workbook(committee, Period(2026), lambda *step: told.append(step))
    assert told == sorted(told)
    assert {of for _, of in told} == {3}
    assert (told[0], told[-1]) == ((0, 3), (3, 3))
    told.clear()
    applying.workbook(committee, lambda *step: told.append(step))
    assert told == [(number, 6) for number in range(6)]


def test_who_has_lost_the_committee_meanwhile_gets_none_of_its_papers():
    committee = passed().cell.committee
    user = make_user(committee=make_committee())
    args = {"committee": committee.pk, "period": "2026"}
    for kind in (Job.Kind.PAPERS, Job.Kind.SUMMARY, Job.Kind.MEMBERS):
        job = asking.ask(user, kind, "Văn bản", args)
        job.refresh_from_db()
        assert (job.state, job.parts.count()) == ("failed", 0)
        assert "không còn phụ trách" in job.error


def test_totals_cost_the_same_queries_for_one_cell_and_for_ten(django_assert_max_num_queries):
    committee = make_committee()
    counts = []
    for cells in (1, 9):
        for _ in range(cells):
            make_meeting(5, cell=make_cell(committee))
        with django_assert_max_num_queries(50) as captured:
            totals.rows(committee, Period(2026))
        counts.append(len(captured))
    assert counts[0] == counts[1]
