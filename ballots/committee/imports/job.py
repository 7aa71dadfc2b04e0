"""Reading a committee's sheet, planning it anew and applying it, as jobs: each lasts a minute."""

from collections import Counter
from collections.abc import Callable
from typing import IO

from ballots.core.verbs import Refused
from ballots.jobs.kinds import Step
from ballots.models import Job
from cells import wording
from cells.stale import Stale
from members.imports.large import changing, errors, keeping
from members.imports.plans import ERROR, summary
from members.imports.spreadsheets import BadSheet
from members.models import CommitteeSheet

NOT_YOURS = "Đồng chí không còn phụ trách đảng bộ này nên không nhập được đảng viên."
GONE = "Tệp này đã được bỏ, hoặc thay bằng tệp khác, nên không làm nữa."
CHANGED = (
    "Danh sách đảng viên đã thay đổi từ lúc đồng chí xem nên chưa ghi gì. "
    "Máy đã tính lại; xin bấm “Xem tệp”, xem lại rồi áp dụng."
)


def read(job: Job, file: IO[bytes], step: Step) -> tuple[str, str]:
    """Read the bytes and keep the rows; what it makes are the rows with errors, to be corrected and read again."""
    sheet = _sheet_of(job)
    try:
        _still_there(lambda: keeping.read(sheet, step))
    except BadSheet as refusal:
        CommitteeSheet.objects.filter(pk=sheet.pk).delete()
        raise Refused(str(refusal)) from refusal
    return _looked_at(sheet, file)


def plan_again(job: Job, file: IO[bytes], step: Step) -> tuple[str, str]:
    """Plan all rows by the members there are now."""
    sheet = _sheet_of(job)
    _still_there(lambda: changing.plan_again(sheet, step))
    return _looked_at(sheet, file)


def apply(job: Job, file: IO[bytes], step: Step) -> tuple[str, str]:
    """Write what was looked at, whole or not at all; what has changed meanwhile is planned anew."""
    sheet = _sheet_of(job)
    assert job.asked_by  # noqa: S101 - or there was no sheet
    try:
        return changing.apply(job.asked_by, sheet, job.args["effect"], step), ""
    except Stale as stale:
        _still_there(lambda: changing.plan_again(sheet, step))
        raise Refused(CHANGED) from stale


def _still_there(work: Callable[[], None]) -> None:
    try:
        work()
    except Stale as stale:
        raise Refused(GONE) from stale


def _sheet_of(job: Job) -> CommitteeSheet:
    """The sheet that the job is about; Refused where it is gone, or who sent it may not import any more."""
    rows = CommitteeSheet.objects.filter(pk=job.args["sheet"], user=job.asked_by).defer("data")
    sheet = rows.select_related("committee", "user").first()
    if sheet is None:
        raise Refused(GONE)
    if not sheet.user.has_perm("members.import_members", sheet.committee):
        raise Refused(NOT_YOURS)
    return sheet


def _looked_at(sheet: CommitteeSheet, file: IO[bytes]) -> tuple[str, str]:
    counts = Counter(sheet.rows.order_by().values_list("kind", flat=True).iterator(5000))
    if not counts[ERROR]:
        return f"{summary(counts)}.", ""
    errors.write(sheet, file)
    return f"{summary(counts)}.", f"{wording.file_name(f'Dong loi {sheet.committee.name}')}.xlsx"
