"""Các năm: a member's own years on the own phone, and the cell's line over the years for its officers."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ballots import deciding, history, proceedings
from ballots.decision_forms import PetitionForm
from ballots.forms import labels
from ballots.history import CellYear
from ballots.models import Classification, Decision, Petition
from ballots.views.page import done
from ballots.views.results import BAR, LABELS, Piece, bar_of
from cells.models import Campaign, Cell
from members import devices
from members.devices import device_required
from members.models import Member, SelfReview, SelfReviewVersion
from members.promises import Promise, stored
from members.review_entry import Sheet
from members.views.review import sheet_handed_in
from partyreview.http import Request

SHOWN_YEARS = 5
WAIT = "Chi bộ đang họp và máy này đang dùng để bỏ phiếu kín, nên chưa gửi. Xin gửi lại sau khi bế mạc."


@dataclass(frozen=True)
class OwnYear:
    """A year of one member: what was handed in, and the level the cell proposed or the committee decided."""

    year: int
    review: SelfReviewVersion | None
    sheet: Sheet | None
    level: str
    decided: Classification | None  # None while the cell alone has proposed a level
    petitions: tuple[Petition, ...]  # the member's own against it, and against what it replaced
    form: PetitionForm

    @property
    def may_petition(self) -> bool:
        """One at a time: the next when the last is answered."""
        return self.decided is not None and not self.is_waiting

    @property
    def above(self) -> str:
        """Who decided, and is petitioned."""
        if self.decided is None or self.decided.decision is None:
            return ""
        committee = self.decided.decision.by.committee or self.decided.meeting.cell.committee
        return committee.executive_name

    @property
    def is_waiting(self) -> bool:
        """Whether a petition is under consideration."""
        return any(not row.answer for row in self.petitions)


@device_required
@require_safe
def my_years(request: Request) -> HttpResponse:
    """The member's own years: own words, own levels, own petitions, nothing about anybody else."""
    return _years(request)


@device_required
@require_http_methods(["GET", "HEAD", "POST"])
def petition(request: Request, pk: int) -> HttpResponse:
    """Send the committee above a petition against the own level; refused, the page keeps what was typed."""
    if request.method != "POST":
        return redirect("ballots:my_years")  # as after going back to a refused form
    member = Member.objects.select_related("cell").get(pk=request.device.member_id)
    decisions = Decision.objects.select_related("meeting")
    own = [level.meeting_id for level in deciding.decided_of(member).values()]
    decision = get_object_or_404(decisions, pk=pk, meeting__in=own)
    form = PetitionForm(request.POST)
    if form.is_valid() and devices.must_wait(request, member.cell):
        form.add_error(None, WAIT)
    if form.is_valid() and done(
        form, proceedings.petition, member, decision, form.cleaned_data["text"]
    ):
        return redirect(reverse("ballots:my_years") + f"#kien-nghi-{decision.meeting_id}")
    return _years(request, (decision.meeting_id, form))


def _years(request: Request, refused: tuple[int, PetitionForm] | None = None) -> HttpResponse:
    """`refused`: the meeting whose file is petitioned against, and what was typed."""
    member = Member.objects.select_related("cell__committee").get(pk=request.device.member_id)
    levels, decided = history.of_member(member), deciding.decided_of(member)
    # By meeting: those against a level that was decided again since stay with it.
    petitions: dict[int, list[Petition]] = {}
    for row in Petition.objects.filter(member=member).select_related("decision").order_by("pk"):
        petitions.setdefault(row.decision.meeting_id, []).append(row)
    reviews: dict[int, SelfReviewVersion] = {}
    for version in SelfReviewVersion.objects.yearly(member):
        reviews.setdefault(version.review.campaign.year, version)
    years = [
        OwnYear(
            year=year,
            review=reviews.get(year),
            sheet=_sheet(reviews.get(year)),
            level=LABELS.get(levels.get(year, ("", False))[0], ""),
            decided=decided.get(year),
            petitions=tuple(_of(petitions, decided.get(year))),
            form=_form_of(decided.get(year), refused),
        )
        for year in sorted({*levels, *reviews}, reverse=True)
    ]
    context = {"member": member, "years": years}
    status = 422 if refused else 200
    return render(request, "ballots/my_years.html", context, status=status)


def _sheet(review: SelfReviewVersion | None) -> Sheet | None:
    return sheet_handed_in(review) if review and not review.on_paper else None


def _of(petitions: dict[int, list[Petition]], level: Classification | None) -> list[Petition]:
    return petitions.get(level.meeting_id, []) if level else []


def _form_of(
    level: Classification | None, refused: tuple[int, PetitionForm] | None
) -> PetitionForm:
    """The form that was refused, at its own year."""
    is_here = refused is not None and level is not None and refused[0] == level.meeting_id
    return refused[1] if refused and is_here else PetitionForm()


@dataclass(frozen=True)
class MemberYears:
    """A member's levels over the shown years, and last year's shortcomings as answered this year."""

    name: str
    levels: list[tuple[int, str]]  # year and code
    promises: tuple[Promise, ...]


@require_safe
def cell_years(request: Request, pk: int) -> HttpResponse:
    """The cell's line over the years with a small chart, its members' levels, and what they promised to mend."""
    cell = get_object_or_404(request.user.cells().select_related("committee"), pk=pk)
    levels = history.of_cell(cell)
    years = history.years_of(levels)
    shown = [year.year for year in years[:SHOWN_YEARS]]
    context = {
        "cell": cell,
        "years": [(year, LABELS.get(year.own, ""), _bar(year)) for year in years],
        "people": _people(cell, shown, levels),
        "codes": LABELS.items(),
        "bar_width": BAR,
        "runs": request.user.has_perm("members.take_reviews", cell),
    }
    return render(request, "ballots/cell_years.html", context)


def _bar(year: CellYear) -> tuple[Piece, ...]:
    return bar_of(list(year.counts.items()), year.rated)


def _people(cell: Cell, shown: list[int], levels: history.Levels) -> list[MemberYears]:
    members = list(Member.objects.in_cell(cell).order_by("position", "name_sort"))
    names = labels(members)
    latest: dict[int, SelfReview] = {}
    rows = SelfReview.objects.filter(
        member__in=members,
        state=SelfReview.State.SUBMITTED,
        on_paper=False,  # beside a paper stands at most a forgotten draft
        campaign__kind=Campaign.Kind.YEAR,
    )
    for review in rows.order_by("campaign__year"):
        latest[review.member_id] = review
    return [
        MemberYears(
            name=names[member.pk],
            levels=[(year, levels[year].get(member.pk, ("–", False))[0]) for year in shown],
            promises=stored(latest[member.pk].answers) if member.pk in latest else (),
        )
        for member in members
    ]
