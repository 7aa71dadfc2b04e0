"""The press of the page that reminds late cells (ballots/committee/board/views.py)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from ballots.committee.reminding.verbs import remind
from ballots.core.guard import refusals_as_messages
from cells.law.periods import Period
from partyreview.http import Request


@require_POST
@refusals_as_messages("ballots:reminder")
def reminder_send(request: Request, pk: int, period: Period) -> HttpResponse:
    """Tell who runs the late cells."""
    committee = get_object_or_404(request.user.committees(), pk=pk)
    done = remind(request.user, committee, period)
    sentence = f"Đã nhắc {done.told:02} chi bộ: bí thư thấy ở “Việc mới”."
    if done.unreached:
        sentence += f" {done.unreached:02} chi bộ chưa có ai có tài khoản: xin gọi điện."
    messages.success(request, sentence)
    return redirect("ballots:reminder", pk, period)
