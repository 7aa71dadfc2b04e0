"""The secretary's board of self-reviews: who has handed in, who is missing, reading one and sending it back."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ballots.core.guard import refusals_as_messages
from ballots.core.page import cleaned
from ballots.results import former_years
from ballots.year import verbs
from ballots.year.forms import BoardForm, RemarkForm
from cells.law.guidance import load_pack
from cells.law.periods import Period
from cells.law.review_forms import PERSONAL, kind_for, kinds
from cells.models import Campaign, Cell, Level
from members.models import Device, Member, Office, SelfReview
from members.reviews.asked import asked_in
from members.reviews.views import choices_of, sheet_of
from partyreview.http import Request, site_of


@dataclass(frozen=True)
class ReviewRow:
    """One member on the board, with the row of the campaign if there is one yet."""

    member: Member
    review: SelfReview | None
    kind: str
    has_phone: bool
    before: str  # last year's level, and what has become of last year's shortcomings

    @property
    def is_in(self) -> bool:
        """Whether it was handed in."""
        return self.review is not None and self.review.state == SelfReview.State.SUBMITTED

    @property
    def standing(self) -> str:
        """How it stands, in words."""
        if self.review is None:
            return "Chưa viết"
        if self.is_in:
            return "Đã nộp bản giấy" if self.review.on_paper else "Đã nộp"
        if self.review.on_paper:
            return "Sẽ nộp bản giấy"
        written = self.review.saved_at is not None
        is_draft = self.review.state == SelfReview.State.DRAFT
        return ("Đang viết" if written else "Chưa viết") if is_draft else "Đã trả lại, chờ sửa"


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_messages("ballots:reviews")
def reviews(request: Request, pk: int, period: Period) -> HttpResponse:
    """The board of one cell and period; POST takes a paper in, or gives a member another form."""
    cell = get_object_or_404(request.user.cells().select_related("committee"), pk=pk)
    verbs.must_take_reviews(request.user, cell)
    campaign = Campaign.objects.of_cell(cell).of(period).first()
    if campaign is None:
        raise Http404
    if request.method == "POST":
        return _press(request, cell, campaign)
    lines = _lines(cell, campaign)
    base_url = site_of(request)
    return render(
        request,
        "ballots/year/reviews.html",
        {
            "cell": cell,
            "campaign": campaign,
            "names": Member.objects.in_cell(cell).listed_names(),
            "missing": [line for line in lines if not line.is_in],
            "taken": [line for line in lines if line.is_in],
            "total": len(lines),
            "levels": Level.choices,
            "kinds": _kinds(campaign),
            "address": base_url + reverse("members:review_of", args=[campaign.span]),
        },
    )


def _kinds(campaign: Campaign) -> list[tuple[str, str]]:
    """The forms a member may be given, and what each is called."""
    named = kinds(load_pack(campaign.pack))
    return [(kind, named[kind]) for kind in PERSONAL if kind in named]


def _lines(cell: Cell, campaign: Campaign) -> list[ReviewRow]:
    members = asked_in(cell, campaign)
    posts = campaign.leader_posts_for(cell)
    leading = Office.objects.filter(member__cell=cell).leading(posts)
    heads = {office.member_id for office in leading}
    admitted = Device.objects.filter(member__cell=cell, state=Device.State.ADMITTED)
    phones = set(admitted.values_list("member", flat=True))
    rows = {row.member_id: row for row in SelfReview.objects.of(cell, campaign)}
    pack = load_pack(campaign.pack)
    before = former_years.before(cell, campaign.year, former_years.answered(cell, campaign))
    lines = []
    for member in members:
        row = rows.get(member.pk)
        kind = row.kind if row else kind_for(pack, member.pk in heads)
        past = before[member.pk].words if member.pk in before else ""
        lines.append(ReviewRow(member, row, kind, has_phone=member.pk in phones, before=past))
    return lines


def _press(request: Request, cell: Cell, campaign: Campaign) -> HttpResponse:
    """What was pressed beside one member's name."""
    values = cleaned(BoardForm(asked_in(cell, campaign), _kinds(campaign), request.POST))
    member: Member = values["member"]
    if values["do"] == BoardForm.PAPER:
        verbs.take_paper(request.user, member, campaign, values["level"])
        messages.success(request, f"Đã ghi: đồng chí {member.listed_name} nộp bản giấy.")
    else:
        verbs.give_form(request.user, member, campaign, values["kind"])
        messages.success(request, f"Đã đổi mẫu của đồng chí {member.listed_name}.")
    return redirect(request.path)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_messages("ballots:review_read")
def review_read(request: Request, pk: int) -> HttpResponse:
    """Read what a member has submitted; POST sends it back with a remark."""
    rows = SelfReview.objects.select_related("member", "cell__committee", "campaign")
    row = get_object_or_404(rows, pk=pk, cell__in=request.user.cells())
    verbs.must_take_reviews(request.user, row.cell)
    if row.state != SelfReview.State.SUBMITTED and request.method != "POST":
        raise Http404  # what is not handed in is its writer's alone
    if request.method != "POST":
        return _show(request, row)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _show(request, row, str(form.errors["remark"][0]), status=422)
    verbs.send_back(request.user, row, **form.cleaned_data)
    messages.success(request, f"Đã trả lại bản kiểm điểm của đồng chí {row.member.listed_name}.")
    return redirect("ballots:reviews", row.cell_id, row.campaign.span)


def _show(request: Request, row: SelfReview, error: str = "", status: int = 200) -> HttpResponse:
    sheet = sheet_of(row)
    context = {
        "review": row,
        "sheet": sheet,
        "choices": choices_of(sheet.form),
        "error": error,
    }
    return render(request, "ballots/year/review_read.html", context, status=status)
