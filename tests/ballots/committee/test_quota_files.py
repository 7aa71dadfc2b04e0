"""Drafts of the quota room beside their files: reopened meanwhile, deleted, written out as Excel."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from ballots.committee.quota import verbs as quota
from ballots.committee.quota.changes import DECIDED, RETURNED, Change, Changes
from ballots.core.verbs import Refused
from ballots.models import (
    CommitteeDecision,
    QuotaDraft,
    QuotaFile,
    QuotaLine,
    QuotaMove,
    Submission,
)
from cells.models import Meeting
from members.models import AuditEntry, User
from tests.kit import drafts, factories, verbs
from tests.kit.clients import browser, words_of
from tests.kit.drafts import PERIOD, line_of
from tests.kit.hostile_files import picture

pytestmark = pytest.mark.django_db
WHY = "Thành tích nổi bật của năm"


@pytest.fixture
def draft() -> QuotaDraft:
    return QuotaDraft.objects.get(pk=drafts.make_draft().pk)


@pytest.fixture
def officer(draft) -> User:
    return draft.by


def address(name: str, row: object) -> str:
    return reverse(f"ballots:{name}", args=[row.pk])


def meeting_of(draft: QuotaDraft) -> Meeting:
    return factories.loaded(draft.files.get().meeting)


def reopened(draft: QuotaDraft, officer: User) -> None:
    """The file of the draft is decided, HTXS for its first member, and reopened."""
    meeting = meeting_of(draft)
    factories.make_decision(meeting, officer, line_of(draft).member, level="HTXS")
    scan = SimpleUploadedFile("cv.jpg", picture(), "image/jpeg")
    act = verbs.ReopeningAct(1, "18-CV/ĐU", timezone.localdate(), "Thiếu một đồng chí", scan)
    verbs.reopen(officer, meeting, act)


def test_a_decided_file_that_is_reopened_is_told_of_and_its_cases_may_be_moved_again(
    draft, officer
):
    factories.make_decision(meeting_of(draft), officer, line_of(draft).member, level="HTXS")
    quota.refresh(officer, draft, 1)
    assert line_of(draft).is_decided
    Submission.objects.update(approved_by=None, approved_at=None)
    page = words_of(browser(officer).get(address("quota_draft", draft)))
    assert "đã quyết định, nay được mở lại" in page
    with pytest.raises(Refused, match="nay được mở lại"):
        quota.move(officer, line_of(draft), line_of(draft).version, "HT", WHY)
    quota.refresh(officer, draft, 2)
    line = line_of(draft)
    assert (line.level, line.is_decided, line.reason) == (
        "HTXS",
        False,
        "Mức đã quyết định trước khi mở lại hồ sơ",
    )
    quota.move(officer, line, line.version, "HT", WHY)
    assert not QuotaFile.objects.changed().exists()


def test_what_has_happened_to_many_files_is_said_once_with_the_first_cells():
    decided = [Change(n, DECIDED, f"Chi bộ {n}", is_out=False) for n in range(1, 8)]
    returned = Change(8, RETURNED, "Chi bộ 8", is_out=True)
    changes = Changes({each.file: each for each in (*decided, returned)}, 0)
    together, alone = changes.sentences
    first = "Chi bộ 1, Chi bộ 2, Chi bộ 3, Chi bộ 4, Chi bộ 5"
    assert together.startswith(f"Hồ sơ của {first} và 2 chi bộ khác đã quyết định xếp loại")
    assert alone == returned.sentence
    assert changes.out == [8]


def test_a_draft_of_a_reopened_file_is_told_when_the_file_is_approved_or_decided_again(
    draft, officer
):
    reopened(draft, officer)
    fresh = quota.make(officer, draft.committee, PERIOD, "Lần 2")
    assert not QuotaFile.objects.changed().filter(draft=fresh).exists()
    assert not line_of(fresh).is_decided
    verbs.approve(officer, meeting_of(draft), 1)
    assert "đã quyết định xếp loại sau khi lập dự thảo" in words_of(
        browser(officer).get(address("quota_draft", fresh))
    )


def test_who_made_a_draft_deletes_it_with_its_moves_and_the_record_says_so(draft, officer):
    quota.move(officer, line_of(draft), 0, "HTXS", WHY)
    copy = quota.copy(officer, draft, "Lần 2")
    client = browser(officer)
    assert "Xoá dự thảo này" in words_of(client.get(address("quota_draft", draft)))
    client.post(address("quota_delete", draft))
    assert list(QuotaDraft.objects.values_list("name", "copied_from")) == [("Lần 2", None)]
    assert copy.lines.count() == 4
    assert not QuotaMove.objects.exists()
    line = AuditEntry.objects.get(verb="quota.deleted")
    assert (line.note["name"], line.note["files"], line.note["moves"]) == ("Lần 1", 1, 1)
    with pytest.raises(Refused, match="Trang này đã cũ"):
        quota.delete(officer, draft)


def test_a_draft_is_not_deleted_by_another_officer_nor_once_a_decision_has_taken_its_levels(
    draft, officer
):
    other = factories.make_user(committee=draft.committee)
    assert "Xoá dự thảo này" not in words_of(browser(other).get(address("quota_draft", draft)))
    refused = browser(other).post(address("quota_delete", draft))
    assert "Chỉ đồng chí đã lập mới xoá được" in words_of(refused)
    about = {"committee": draft.committee, "year": 2026, "kind": "year", "by": officer}
    CommitteeDecision.objects.create(
        **about, draft=draft, symbol="9-QĐ/ĐU", dated=date(2026, 12, 20)
    )
    with pytest.raises(Refused, match="số 9-QĐ/ĐU, ngày 20/12/2026 đã lấy mức theo dự thảo này"):
        quota.delete(officer, draft)
    assert QuotaDraft.objects.filter(pk=draft.pk).exists()


def test_the_workbook_has_numbers_as_numbers_and_no_formula_of_a_name(draft, officer):
    line = line_of(draft)
    QuotaLine.objects.filter(pk=line.pk).update(name="=1+1")
    quota.move(officer, line_of(draft), 0, "HTXS", "+84 lý do")
    book = load_workbook(io.BytesIO(browser(officer).get(address("quota_xlsx", draft)).content))
    groups, cases, moves = book.worksheets
    assert groups["A4"].value == "Bí thư chi bộ"
    assert groups["B4"].value == 1
    by_name = {row[1].value: row for row in cases.iter_rows(min_row=2)}
    assert by_name["=1+1"][1].data_type == "s"
    assert by_name["=1+1"][7].value == "HTXS"
    assert 4 in [row[14].value for row in by_name.values()]
    assert moves["E2"].value == "+84 lý do"
    assert cases.page_setup.orientation == "landscape"
    assert (cases.print_title_rows, cases.freeze_panes) == ("$1:$1", "C2")
    assert by_name["=1+1"][0].border.left.style == "thin"
