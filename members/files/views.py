"""Files kept with the review: the cell's list, adding, superseding, and handing one out to officers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cells.law.periods import Period
from cells.models import Campaign, Cell
from members.devices import cookies
from members.files import keeping
from members.files.forms import ACCEPT, AttachmentForm
from members.guards import campaign_of, seen_cell
from members.models import Attachment, Member
from partyreview.http import Request
from partyreview.uploads import takes_attachments


@takes_attachments
@require_http_methods(["GET", "HEAD", "POST"])
def attachment_list(request: Request, pk: int, period: Period) -> HttpResponse:
    """The files of one cell and period; POST adds some."""
    cell = seen_cell(request, pk)
    campaign = campaign_of(cell, period)
    if request.method != "POST":
        initial = {"kind": request.GET.get("loai"), "member": request.GET.get("dang-vien")}
        return _show(request, cell, campaign, AttachmentForm(cell, campaign, initial=initial))
    _must_attach(request, cell)
    form = AttachmentForm(cell, campaign, request.POST, request.FILES)
    if cookies.must_wait(request, cell):
        form.add_error(None, cookies.WAIT)
    if form.is_valid() and _add(request, cell, campaign, form):
        return redirect(request.path)
    return _show(request, cell, campaign, form, status=422)


def _must_attach(request: Request, cell: Cell) -> None:
    if not request.user.has_perm("members.attach", cell):
        raise PermissionDenied


def _add(request: Request, cell: Cell, campaign: Campaign, form: AttachmentForm) -> bool:
    """Whether every file was taken in; else the form says why not."""
    cleaned = form.cleaned_data
    place = request.user, cell, campaign, cleaned["kind"]
    taken, refused = keeping.add_all(
        *place, cleaned["uploads"], cleaned["member"], cleaned["title"]
    )
    if taken:
        messages.success(request, f"Đã thêm {taken} tệp.")
    for why in refused:
        form.add_error("uploads", why)
    return not refused


def _show(
    request: Request,
    cell: Cell,
    campaign: Campaign,
    form: AttachmentForm,
    refused: tuple[int, str] = (0, ""),
    status: int = 200,
) -> HttpResponse:
    """`refused`: the file in whose place another one was not put, and why."""
    attachments = Attachment.objects.of(cell, campaign)
    current = list(attachments.current())
    context = {
        "cell": cell,
        "campaign": campaign,
        "form": form,
        "current": current,
        "names": Member.objects.in_cell(cell).listed_names(),
        "former": attachments.former(),
        "runs": request.user.has_perm("members.attach", cell),
        "refused_pk": refused[0],
        "refused": refused[1],
        "refused_elsewhere": refused[0] not in {0, *(file.pk for file in current)},
        "accept": ACCEPT,
    }
    return render(request, "members/files/attachments.html", context, status=status)


@takes_attachments
@require_POST
def attachment_supersede(request: Request, pk: int) -> HttpResponse:
    """Put another file in the place of this one."""
    old = _seen(request, pk)
    _must_attach(request, old.cell)
    wrong = cookies.WAIT if cookies.must_wait(request, old.cell) else _refusal(request, old)
    if wrong:
        form = AttachmentForm(old.cell, old.campaign)
        return _show(request, old.cell, old.campaign, form, (old.pk, wrong), status=422)
    messages.success(request, f"Đã thay “{old}” bằng bản khác; bản trước vẫn được giữ.")
    return redirect("members:attachments", old.cell_id, old.campaign.span)


def _refusal(request: Request, old: Attachment) -> str:
    """Put the file that was sent in its place; the sentence why not, "" once it is done."""
    try:
        keeping.supersede(request.user, old, request.FILES.get("file"))
    except keeping.Refused as refusal:
        return str(refusal)
    return ""


def _seen(request: Request, pk: int) -> Attachment:
    """A file of a cell this officer may see; 404 for strangers."""
    files = Attachment.objects.select_related("cell__committee", "campaign", "member")
    return get_object_or_404(files, pk=pk, cell__in=request.user.cells())


@require_safe
def attachment(request: Request, pk: int) -> HttpResponse:
    """One file as it is kept, for officers who see the cell."""
    attachment_row = _seen(request, pk)
    headers = {
        "Content-Disposition": f'inline; filename="{attachment_row.file_name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(
        bytes(attachment_row.content), content_type=attachment_row.content_type, headers=headers
    )
