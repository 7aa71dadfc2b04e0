"""What the committee above asks a cell and its members to answer for: its officers write it, the cell reads it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cells.law.periods import Period
from members.guards import campaign_of, seen_cell
from members.models import Prompt, ReviewLine
from members.prompts import verbs
from members.prompts.forms import PromptForm
from partyreview.http import Request

ANSWERED = "Gợi ý này đã được giải trình nên không rút lại được. Cần nói thêm thì ghi gợi ý mới."


@require_http_methods(["GET", "HEAD", "POST"])
def prompts(request: Request, pk: int, period: Period) -> HttpResponse:
    """All of one cell's review; POST adds one, by an officer above."""
    cell = seen_cell(request, pk)
    campaign = campaign_of(cell, period)
    may = request.user.has_perm("members.prompt", cell)
    if request.method == "POST" and not may:
        raise PermissionDenied
    members = ReviewLine.objects.reviewed(cell, campaign)
    names = members.listed_names()
    form = PromptForm(request.POST or None, members=members, names=names) if may else None
    if form is not None and form.is_valid():
        verbs.write(request.user, form.prompt(cell, campaign))
        messages.success(request, "Đã ghi. Người được gợi ý thấy ngay ở chỗ mình viết.")
        return redirect("members:prompts", cell.pk, period)
    context = {
        "cell": cell,
        "campaign": campaign,
        "names": names,
        "prompts": list(Prompt.objects.of(cell, campaign)),
        "form": form,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "members/prompts/prompts.html", context, status=status)


@require_POST
def prompt_withdraw(request: Request, pk: int) -> HttpResponse:
    """Take one back that is not answered yet; the row stays."""
    mine = Prompt.objects.filter(cell__in=request.user.cells(), withdrawn_at=None)
    row = get_object_or_404(mine.select_related("cell__committee", "campaign"), pk=pk)
    if not request.user.has_perm("members.prompt", row.cell):
        raise PermissionDenied
    if verbs.withdraw(request.user, row):
        messages.success(request, "Đã rút lại gợi ý.")
    else:
        messages.error(request, ANSWERED)
    return redirect("members:prompts", row.cell_id, row.campaign.span)
