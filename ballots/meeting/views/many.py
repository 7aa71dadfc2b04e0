"""Điểm danh: one press for many members, ticked on the list."""

from collections.abc import Collection

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from ballots.core.guard import refusals_as_messages
from ballots.core.page import cleaned, run_of_any_body
from ballots.meeting import checkin
from ballots.meeting.forms import ManyForm
from ballots.voting import doors
from cells.models import Meeting
from cells.wording import two_digits
from members.models import Door, Member
from partyreview.http import Request

NO_VOTE = "Các đồng chí đã đánh dấu không có quyền biểu quyết nên chưa đổi gì."
HOLDERS = "Máy đã giữ một lá phiếu nên chưa đổi cách bỏ phiếu của: {}. Muốn đổi thì bấm “Phát lại cho tất cả”."


@require_POST
@refusals_as_messages("ballots:checkin")
def many(request: Request, pk: int) -> HttpResponse:
    """Record that all who are ticked came, or by which way their ballots reach the box."""
    meeting = run_of_any_body(request, pk)
    values = cleaned(ManyForm(request.POST, meeting))
    if values["do"] == ManyForm.HERE:
        count = checkin.mark_here(request.user, meeting, values["members"])
        messages.success(request, f"Đã ghi thêm {two_digits(count)} đồng chí có mặt.")
    else:
        _set_doors(request, meeting, values["members"], values["do"])
    return redirect("ballots:checkin", pk)


def _set_doors(request: Request, meeting: Meeting, members: Collection[Member], door: str) -> None:
    changed, holders = doors.set_doors(request.user, meeting, members, door)
    if changed:
        way = Door(door).label.lower()
        messages.success(request, f"Đã ghi {two_digits(changed)} đồng chí bỏ phiếu bằng {way}.")
    elif not holders:
        messages.warning(request, NO_VOTE)
    if holders:
        messages.warning(request, HOLDERS.format(", ".join(holders)))
