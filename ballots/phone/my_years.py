"""A member's own years on the phone, and the petition."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ballots.committee.decision import verbs
from ballots.committee.decision.forms import PetitionForm
from ballots.core.downloads import file_response
from ballots.core.page import done
from ballots.core.tables import LABELS
from ballots.models import Classification, Decision, Petition
from ballots.papers.file_names import file_name
from ballots.papers.kinds import NOTICE, RULINGS
from ballots.papers.press import render as press
from ballots.papers.rulings.gather import notice_of
from ballots.results import former_years
from members.devices import cookies
from members.devices.cookies import device_required
from members.models import Member, SelfReviewVersion
from members.reviews.views import sheet_handed_in
from members.rules.review_sheet import Sheet
from partyreview.http import Request

SHOWN_YEARS = 5


WAIT = "Hội nghị đang họp và máy này đang dùng để bỏ phiếu kín, nên chưa gửi. Xin gửi lại sau khi bế mạc."


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
    decided = [own.decided for own in former_years.of_member(member).values()]
    own = [level.meeting_id for level in decided if level]
    decision = get_object_or_404(decisions, pk=pk, meeting__in=own)
    if cookies.is_page_of_another(request):
        blank = PetitionForm({})  # nor are the words of the one shown to the other
        blank.full_clean()
        blank.errors.clear()
        blank.add_error(None, cookies.SENT_FROM_OTHERS_PAGE)
        return _years(request, (decision.meeting_id, blank))
    form = PetitionForm(request.POST)
    if form.is_valid() and cookies.must_wait(request, member.cell):
        form.add_error(None, WAIT)
    if form.is_valid() and done(form, verbs.petition, member, decision, form.cleaned_data["text"]):
        return redirect(reverse("ballots:my_years") + f"#kien-nghi-{decision.meeting_id}")
    return _years(request, (decision.meeting_id, form))


@device_required
@require_safe
def own_notice(request: Request, year: int) -> HttpResponse:
    """Thông báo kết quả of the own level of this year as PDF; 404 until it is decided."""
    member = Member.objects.select_related("cell__committee").get(pk=request.device.member_id)
    own = former_years.of_member(member).get(year)
    if own is None or own.decided is None:
        raise Http404
    name = file_name(own.decided.meeting, RULINGS[NOTICE])
    return file_response(press.pdf(press.html(notice_of(own.decided))), name, "pdf")


def _years(request: Request, refused: tuple[int, PetitionForm] | None = None) -> HttpResponse:
    """`refused`: the meeting whose file is petitioned against, and what was typed."""
    member = Member.objects.select_related("cell__committee").get(pk=request.device.member_id)
    levels = former_years.of_member(member)
    decided = {year: own.decided for year, own in levels.items()}
    standing = {year: own.standing.level for year, own in levels.items() if own.standing}
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
            level=LABELS.get(standing.get(year, ""), ""),
            decided=decided.get(year),
            petitions=tuple(_of(petitions, decided.get(year))),
            form=_form_of(decided.get(year), refused),
        )
        for year in sorted({*levels, *reviews}, reverse=True)
    ]
    context = {"member": member, "years": years}
    status = 422 if refused else 200
    return render(request, "ballots/phone/my_years.html", context, status=status)


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
