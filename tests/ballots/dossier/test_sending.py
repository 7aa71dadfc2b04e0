"""Gửi cấp trên: the page, sending and sending again, what is superseded, and the whole file as one ZIP."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from ballots.committee.downloads import archive
from ballots.dossier import checks
from ballots.models import Paper, Submission
from ballots.papers import lock
from cells.law.periods import Period
from cells.models import Cell, Committee, Meeting
from cells.stale import STALE
from members.models import Attachment, Attendance, AuditEntry, SelfReview
from tests.kit import factories, sendings, verbs
from tests.kit.clients import words_of
from tests.kit.verbs import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("undrawn")]

SITE = "https://kiemdiem.example"
UPWARD = Paper.Kind.UPWARD
# Locked when the minutes are passed; the others when the file is sent.
MEETINGS = {Paper.Kind.MINUTES.value, Paper.Kind.COUNT.value}


@pytest.fixture
def ready(client) -> Meeting:
    """A file without a red line, one amber (no ballot was counted); its secretary is signed in."""
    meeting = sendings.make_ready()
    client.force_login(factories.secretary_of(meeting))
    return meeting


def send(meeting: Meeting, note: str = "", **numbers: int) -> Submission:
    return verbs.send_up(factories.secretary_of(meeting), meeting, note, SITE, numbers)


def press(client, meeting: Meeting, **fields: object):
    last = Submission.objects.last_of(meeting)
    fields = {"next": last.number + 1 if last else 1} | fields
    return client.post(reverse("ballots:sending", args=[meeting.pk]), fields)


def page(client, meeting: Meeting) -> str:
    return client.get(reverse("ballots:sending", args=[meeting.pk])).content.decode()


def test_sending_locks_the_papers_of_the_file_and_records_who_sent_it(ready):
    sent = send(ready)
    assert (sent.number, sent.by, sent.note) == (1, factories.secretary_of(ready), "")
    papers = {paper.kind: paper for paper in Paper.objects.filter(meeting=ready)}
    assert set(papers) == set(Paper.Kind.values)
    for kind in set(papers) - MEETINGS:
        paper = papers[kind]
        assert hashlib.sha256(bytes(paper.pdf)).hexdigest() == paper.sha256
        text = bytes(paper.pdf).decode()
        assert "BẢN DỰ THẢO" not in text
        assert paper.shown_code in text
    assert AuditEntry.objects.filter(verb="file.sent").count() == 1


def test_sent_again_with_a_reason_new_papers_stand_for_the_old_ones_which_stay(ready):
    send(ready)
    first = Paper.objects.get(meeting=ready, kind=UPWARD)
    with pytest.raises(ValidationError, match="lý do gửi lại"):
        send(ready)
    assert send(ready, "Sửa số đảng viên").number == 2
    first.refresh_from_db()
    second = Paper.objects.current().get(meeting=ready, kind=UPWARD)
    assert first.superseded_by == second
    assert send(ready, "Bổ sung ảnh trang ký").number == 3
    assert Paper.objects.filter(meeting=ready, kind=UPWARD).count() == 3
    assert Paper.objects.current().filter(meeting=ready, kind=UPWARD).count() == 1


REFUSED = {
    "a rehearsal": ({"kind": "rehearsal"}, "Họp thử"),
    "not closed": ({"state": "open", "closed_at": None}, "chưa bế mạc"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_to_be_sent_is_refused_in_one_sentence(ready, name):
    values, sentence = REFUSED[name]
    Meeting.objects.filter(pk=ready.pk).update(**values)
    ready.refresh_from_db()
    with pytest.raises(Refused, match=sentence):
        send(ready)
    assert not Submission.objects.exists()


def test_a_red_line_holds_the_file_back_until_it_is_cured(client, ready):
    missing = SelfReview.objects.filter(member=factories.members_of(ready)[1]).get()
    SelfReview.objects.filter(pk=missing.pk).update(state="draft")
    with pytest.raises(Refused, match=r"Chưa gửi được\. Chưa nộp: đ/c"):
        send(ready)
    shown = page(client, ready)
    address = reverse("ballots:reviews", args=[ready.cell_id, 2026])
    assert f'href="{address}#chua-nop"' in shown
    cure = client.get(address).content.decode()
    assert 'id="chua-nop"' in cure
    assert "Về trang “Gửi cấp trên”" in cure
    assert "Còn 01 việc phải sửa trước khi gửi" in shown
    assert "Gửi hồ sơ lên" not in shown
    again = press(client, ready)
    assert press(client, ready, sure=again.context["sure"]).status_code == 422
    assert not Submission.objects.exists()
    SelfReview.objects.filter(pk=missing.pk).update(state="submitted")
    assert "Gửi hồ sơ lên" in page(client, ready)


@pytest.mark.parametrize("who", ["officer above", "secretary beside"])
def test_only_who_runs_the_cell_sends(ready, who):
    beside = factories.make_member(office="secretary")
    committee = ready.cell.committee
    user = {
        "officer above": lambda: factories.make_user(committee=committee),
        "secretary beside": lambda: factories.make_user(beside),
    }[who]()
    with pytest.raises(PermissionDenied):
        verbs.send_up(user, ready)


def test_a_paper_that_fails_to_render_leaves_nothing_behind(ready, monkeypatch):
    draft = lock.draft

    def fail(meeting, kind, *args):
        if kind == "summary":
            raise OSError
        return draft(meeting, kind, *args)

    monkeypatch.setattr(lock, "draft", fail)
    with pytest.raises(OSError):  # noqa: PT011 - whatever it is
        send(ready)
    assert not Submission.objects.exists()
    assert not Paper.objects.filter(kind=UPWARD).exists()


def test_a_change_while_the_papers_are_rendered_sends_nothing(ready, monkeypatch):
    render = lock.draft

    def draft(*args):
        made = render(*args)
        if made.paper.kind == Paper.Kind.SUMMARY:
            Attendance.objects.filter(meeting=ready).update(self_level="HT")
        return made

    monkeypatch.setattr(lock, "draft", draft)
    with pytest.raises(Refused, match=STALE):
        send(ready)
    assert not Submission.objects.exists()
    assert not Paper.objects.filter(kind=UPWARD).exists()


def test_the_numbers_run_on_within_the_term_and_stand_in_the_paper(client, ready):
    Cell.objects.filter(pk=ready.cell_id).update(term_since="2025-06-01")
    ready.refresh_from_db()
    shown = page(client, ready)
    assert f'name="number_{Paper.Kind.REPORT}" value="1"' in shown
    assert f'name="number_{UPWARD}" value="2"' in shown
    send(ready, upward=5)
    paper = Paper.objects.get(meeting=ready, kind=UPWARD)
    assert (paper.series, paper.number, str(paper.term)) == ("BC", 5, "2025-06-01")
    assert "Số 05" in bytes(paper.pdf).decode()
    assert f'name="number_{UPWARD}" value="5"' in page(client, ready)
    numbered = {"series": "BC", "number": 4, "term": date(2025, 6, 1)}
    Paper.objects.filter(meeting=ready, kind=Paper.Kind.REPORT).update(**numbered)
    again = {"note": "Sửa", "number_upward": 4}
    sure = press(client, ready, **again).context["sure"]
    taken = press(client, ready, sure=sure, **again)
    assert taken.status_code == 422
    assert "Số 04-BC/CB đã dùng cho một văn bản khác" in taken.content.decode()
    with pytest.raises(verbs.Refused, match="Số 04-BC/CB đã dùng"):
        send(ready, "Sửa", upward=4)
    assert Submission.objects.count() == 1
    send(ready, "Sửa", upward=5)
    assert Paper.objects.current().get(meeting=ready, kind=UPWARD).number == 5


def test_what_should_be_looked_at_is_asked_once_more_and_then_sent(client, ready):
    shown = page(client, ready)
    above = ready.cell.committee
    assert f"Gửi hồ sơ lên {above.executive_name}" in shown
    response = press(client, ready)
    text = response.content.decode()
    assert "Xin xem lại trước khi gửi" in text
    assert "Không có lượt bỏ phiếu nào được kiểm" in text
    assert not Submission.objects.exists()
    assert press(client, ready, sure=response.context["sure"]).status_code == 302
    assert "Lần 1" in page(client, ready)


def test_the_executive_is_named_where_it_is_known(client, ready):
    Committee.objects.filter(pk=ready.cell.committee_id).update(executive="Đảng ủy phường Hoa Sen")
    assert "Gửi hồ sơ lên Đảng ủy phường Hoa Sen" in page(client, ready)


def test_a_second_click_is_told_in_one_sentence(client, ready):
    sure = press(client, ready).context["sure"]
    assert press(client, ready, sure=sure).status_code == 302
    again = client.post(
        reverse("ballots:sending", args=[ready.pk]), {"next": 1, "sure": sure}, follow=True
    )
    assert STALE in again.content.decode()
    assert Submission.objects.count() == 1


def test_sending_again_without_a_reason_keeps_the_page_and_says_so(client, ready):
    send(ready)
    answer = press(client, ready, note=" ")
    assert answer.status_code == 422
    assert "Xin ghi lý do gửi lại." in answer.content.decode()


def test_what_has_changed_since_is_listed(client, ready):
    send(ready)
    assert "Từ lần gửi cuối chưa có gì đổi." in page(client, ready)
    line = sendings.line_of(ready, 1)
    verbs.set_line(factories.secretary_of(ready), line, "unrated", "Chuyển đi", None)
    sendings.make_scan(ready, Attachment.Kind.EVIDENCE, title="Giấy khen")
    shown = page(client, ready)
    assert f"Danh sách kiểm điểm: đ/c {line.member}, chưa xếp loại." in shown
    assert "Thêm tệp: Giấy khen." in shown


def test_the_next_step_of_a_closed_meeting_is_sending_until_it_is_sent(client, ready):
    minutes = reverse("ballots:minutes", args=[ready.pk])
    assert client.get(minutes).context["step"].page == "ballots:sending"
    send(ready)
    text = client.get(minutes).content.decode()
    assert "Hồ sơ đã gửi cấp trên." in text
    assert "Hồ sơ đã gửi" in text
    assert UPWARD.label in text


def test_drafts_of_what_is_not_sent_are_the_cells_own(client, ready):
    draft = reverse("ballots:paper_draft", args=[ready.pk, UPWARD.value, "docx"])
    assert client.get(draft).status_code == 200
    client.force_login(factories.make_user(committee=ready.cell.committee))
    assert client.get(draft).status_code == 403


def test_a_superseded_paper_is_told_from_the_one_in_force(client, ready):
    send(ready)
    old = Paper.objects.get(meeting=ready, kind=UPWARD)
    send(ready, "Sửa")
    address = reverse("ballots:paper_check_form")
    file = SimpleUploadedFile("cu.pdf", bytes(old.pdf))
    text = client.post(address, {"code": old.check_code, "file": file}).content.decode()
    assert "Bản cũ, đã được thay" in text
    assert "Tệp này đúng là văn bản đã khoá lúc" in text
    assert "Đúng văn bản" not in text
    other = SimpleUploadedFile("khac.pdf", b"%PDF")
    text = client.post(address, {"code": old.check_code, "file": other}).content.decode()
    assert "Không đúng văn bản" in text
    assert "thay." in text
    new = Paper.objects.current().get(meeting=ready, kind=UPWARD)
    file = SimpleUploadedFile("moi.pdf", bytes(new.pdf))
    text = client.post(address, {"code": new.check_code, "file": file}).content.decode()
    assert "Đúng văn bản" in text


def unzipped(content: bytes) -> dict[str, bytes]:
    bundle = zipfile.ZipFile(io.BytesIO(content))
    assert bundle.testzip() is None
    assert len(bundle.namelist()) == len(set(bundle.namelist()))
    return {name: bundle.read(name) for name in bundle.namelist()}


def test_the_whole_file_is_one_zip_with_index_and_check_sums_and_no_name_plays_tricks(
    client, ready
):
    send(ready)
    send(ready, "Sửa")
    member = factories.members_of(ready)[1]
    tricks = "../../etc/passwd"
    sendings.make_scan(ready, "residence", member=member, title=tricks, content=b"213")
    sendings.make_scan(ready, "residence", member=member, content=b"213 hai")
    answer = client.get(reverse("ballots:dossier_zip", args=[ready.pk]))
    files = unzipped(b"".join(answer.streaming_content))
    assert all(name.isascii() and ".." not in name and name[0] != "/" for name in files)
    index = list(csv.DictReader(io.StringIO(files.pop("muc-luc.csv").decode("utf-8-sig"))))
    table = load_workbook(io.BytesIO(files.pop("muc-luc.xlsx"))).active
    assert table.max_row == len(index) + 1
    lines = files.pop("SHA256SUMS").decode().splitlines()
    sums = dict(reversed(line.split("  ", 1)) for line in lines)
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert {row["Tệp"]: row["SHA-256"] for row in index} == sums
    papers = [row["Nội dung"] for row in index if row["Tệp"].endswith(".pdf")]
    assert sorted(papers) == sorted(Paper.Kind.labels)
    in_force = Paper.objects.current().get(meeting=ready, kind=UPWARD)
    assert bytes(in_force.pdf) in files.values()
    enclosed = [content for name, content in files.items() if name.startswith("tep-kem/")]
    assert sorted(enclosed) == [b"213", b"213 hai", b"\xff\xd8"]
    assert json.loads(files["ket-qua.json"])


def archived(meeting: Meeting) -> list[str]:
    file = io.BytesIO()
    archive.write(meeting.cell.committee, Period(2026), file)
    return list(unzipped(file.getvalue()))


def test_the_committees_zip_holds_minutes_and_count_and_once_it_is_sent_the_file_in_force(ready):
    before = archived(ready)
    assert len([name for name in before if name.endswith(".pdf")]) == 2
    send(ready)
    send(ready, "Sửa")
    assert not [name for name in before if "tep-kem" in name]
    after = archived(ready)
    assert len([name for name in after if name.endswith(".pdf")]) == len(Paper.Kind)
    assert len(after) == len(set(after))
    assert len([name for name in after if "/tep-kem/" in name and name.endswith(".jpg")]) == 1


def test_the_board_says_when_a_file_was_sent_and_how_often(client, ready):
    board = reverse("ballots:committee", args=[ready.cell.committee_id])
    client.force_login(factories.make_user(committee=ready.cell.committee))
    assert "Chờ duyệt: 0" in words_of(client.get(board))
    sent = send(ready)
    text = words_of(client.get(board, {"trang_thai": "sent"}))
    assert "Chờ duyệt: 1" in text
    assert f"Gửi {timezone.localtime(sent.at):%d/%m/%Y}" in text
    assert ready.cell.name in text
    send(ready, "Sửa")
    assert "(lần 2)" in client.get(board).content.decode()


def test_the_page_costs_the_same_queries_for_a_large_cell_as_for_a_small_one(client):
    def queries(size: int) -> int:
        meeting = sendings.make_ready(size)
        client.force_login(factories.secretary_of(meeting))
        page(client, meeting)
        with CaptureQueriesContext(connection) as caught:
            page(client, meeting)
        return len(caught)

    assert queries(4) == queries(12)


def test_names_on_the_page_are_escaped(client, ready):
    member = factories.members_of(ready)[1]
    type(member).objects.filter(pk=member.pk).update(name="<b>An</b>")
    SelfReview.objects.filter(member=member).delete()
    shown = page(client, ready)
    assert "<b>An" not in shown
    assert "&lt;b&gt;An" in shown
    assert checks.State.MEND.words in shown
