"""What bodies say of members before the vote: one member's page, and chi ủy's quick list."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from cells.law.periods import Period
from cells.models import Campaign, Cell, Level
from cells.wording import two_digits
from members.devices import cookies
from members.files import keeping
from members.guards import campaign_of, seen_cell
from members.models import Assessment, Attachment, Member, ReviewLine
from members.models.review import leads
from members.reviews.asked import asked_in
from members.reviews.remarks import Body, Claim, Entry, claims, forms_of, keep
from partyreview.http import Request
from partyreview.uploads import takes_attachments

# The bodies that say it on a paper of their own, and what its file is kept as.
PAPERS: dict[str, str] = {
    Body.MANAGER: Attachment.Kind.MANAGER,
    Body.RESIDENCE: Attachment.Kind.RESIDENCE,
    Body.POST: Attachment.Kind.POST,
}


@dataclass(frozen=True)
class Block:
    """One body on a member's page: its places, and the papers it sent."""

    entry: Entry
    kind: str
    files: Sequence[Attachment]
    file_problem: str = ""


@takes_attachments
@require_http_methods(["GET", "HEAD", "POST"])
def assessments(request: Request, pk: int, period: Period) -> HttpResponse:
    """All that was said of one member; POST keeps what was changed, block by block, and takes the papers in."""
    member, cell = _reviewed(request, pk, period)
    campaign = campaign_of(cell, period)
    if request.method != "POST":
        return _show_member(request, member, cell, campaign, _entries(request, member, campaign))
    _must_assess(request, cell)
    return _keep_member(request, member, cell, campaign)


def _reviewed(request: Request, pk: int, period: Period) -> tuple[Member, Cell]:
    """A member, and the cell that reviews this member in the period; 404 unless this officer may see that cell."""
    member = get_object_or_404(Member.objects.select_related("cell__committee"), pk=pk)
    lines = ReviewLine.objects.filter(
        member=member, campaign__year=period.year, campaign__kind=period.kind
    )
    line = lines.select_related("cell__committee").first()
    cell = line.cell if line else member.cell
    if not request.user.cells().filter(pk=cell.pk).exists():
        raise Http404
    return member, cell


def _must_assess(request: Request, cell: Cell) -> None:
    if not request.user.has_perm("members.assess", cell):
        raise PermissionDenied


def _keep_member(request: Request, member: Member, cell: Cell, campaign: Campaign) -> HttpResponse:
    """Keep what can be kept; the page shows the rest again, each with its sentence."""
    entries = _entries(request, member, campaign)
    if cookies.must_wait(request, cell):
        return _show_member(
            request, member, cell, campaign, entries, error=cookies.WAIT, status=409
        )
    outcomes = [keep(request.user, cell, campaign, entry) for entry in entries]
    taken, refused = _papers(request, member, cell, campaign)
    names = [entry.label for entry in outcomes if entry.changed and not entry.problems]
    if names or taken:
        messages.success(request, f"Đã lưu: {', '.join([*names, *taken])}.")
    wrong = [entry.label for entry in outcomes if entry.problems or entry.body in refused]
    if not wrong:
        return redirect(request.path)
    error = f"Chưa lưu hết: {', '.join(wrong)}. Xin xem lời nhắc ở từng chỗ."
    return _show_member(request, member, cell, campaign, outcomes, refused, error, status=422)


def _entries(request: Request, member: Member, campaign: Campaign) -> list[Entry]:
    """Every body's places, as they are stored or, where something was sent, as they were sent."""
    rows = {row.body: row for row in Assessment.objects.filter(member=member, campaign=campaign)}
    return [Entry.read(member, body, rows.get(body), request.POST) for body in Body.values]


def _papers(
    request: Request, member: Member, cell: Cell, campaign: Campaign
) -> tuple[list[str], dict[str, str]]:
    """Take in the papers that came along: what was taken, and by body why one was not."""
    taken: list[str] = []
    refused: dict[str, str] = {}
    for body, kind in PAPERS.items():
        sent = request.FILES.getlist(f"{body}-file")
        done, why = keeping.add_all(request.user, cell, campaign, kind, sent, member)
        if done:
            taken.append(f"{done} tệp của {Body(body).label}")
        if why:
            refused[body] = " ".join(why)
    return taken, refused


def _show_member(
    request: Request,
    member: Member,
    cell: Cell,
    campaign: Campaign,
    entries: Sequence[Entry],
    refused: dict[str, str] | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    files = list(Attachment.objects.of(cell, campaign).current().filter(member=member))
    forms = forms_of(cell, campaign)
    posts = campaign.leader_posts_for(cell)
    context = {
        "member": member,
        "cell": cell,
        "campaign": campaign,
        "claim": claims(forms, campaign, [member]).get(member.pk),
        "scored": any(form.points for form in forms.values()),
        "blocks": [
            Block(
                entry,
                kind,
                [file for file in files if file.kind == kind],
                (refused or {}).get(entry.body, ""),
            )
            for entry in entries
            for kind in [PAPERS.get(entry.body, "")]
            if entry.body != Body.POST or entry.row or entry.changed or leads(member, posts)
        ],
        "levels": Level.choices,
        "runs": request.user.has_perm("members.assess", cell),
        "error": error,
    }
    return render(request, "members/reviews/assessments.html", context, status=status)


@dataclass(frozen=True)
class RemarkRow:
    """One member on chi ủy's list."""

    entry: Entry
    claim: Claim | None

    @property
    def member(self) -> Member:
        """Who it is about."""
        return self.entry.member


@require_http_methods(["GET", "HEAD", "POST"])
def executive_remarks(request: Request, pk: int, period: Period) -> HttpResponse:
    """Chi ủy's level and remark on every member who is reviewed; POST keeps the lines that were changed."""
    cell = seen_cell(request, pk)
    campaign = campaign_of(cell, period)
    if request.method != "POST":
        return _show_list(request, cell, campaign, _lines(request, cell, campaign))
    _must_assess(request, cell)
    return _keep_lines(request, cell, campaign)


def _keep_lines(request: Request, cell: Cell, campaign: Campaign) -> HttpResponse:
    """Keep every line that can be kept; the page shows the rest again, each with its sentence."""
    entries = _lines(request, cell, campaign)
    if cookies.must_wait(request, cell):
        return _show_list(request, cell, campaign, entries, error=cookies.WAIT, status=409)
    outcomes = [keep(request.user, cell, campaign, entry) for entry in entries]
    wrong = sum(bool(entry.problems) for entry in outcomes)
    done = sum(entry.changed for entry in outcomes) - wrong
    if done:
        messages.success(request, f"Đã lưu nhận xét về {two_digits(done)} đồng chí.")
    if not wrong:
        return redirect(request.path)
    error = f"Còn {wrong} dòng chưa lưu, xin xem lời nhắc ở từng dòng."
    return _show_list(request, cell, campaign, outcomes, error=error, status=422)


def _lines(request: Request, cell: Cell, campaign: Campaign) -> list[Entry]:
    members = asked_in(cell, campaign).select_related("cell")
    remarks = Assessment.objects.of(cell, campaign).filter(body=Body.EXECUTIVE)
    rows = {row.member_id: row for row in remarks}
    return [
        Entry.read(member, Body.EXECUTIVE, rows.get(member.pk), request.POST) for member in members
    ]


def _show_list(
    request: Request,
    cell: Cell,
    campaign: Campaign,
    entries: Sequence[Entry],
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    forms = forms_of(cell, campaign)
    claimed = claims(forms, campaign, [entry.member for entry in entries])
    context = {
        "cell": cell,
        "campaign": campaign,
        "names": Member.objects.in_cell(cell).listed_names(),
        "lines": [RemarkRow(entry, claimed.get(entry.member.pk)) for entry in entries],
        "scored": any(form.points for form in forms.values()),
        "levels": Level.choices,
        "runs": request.user.has_perm("members.assess", cell),
        "error": error,
    }
    return render(request, "members/reviews/executive_remarks.html", context, status=status)
