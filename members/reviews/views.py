"""A member's own self-review (bản kiểm điểm), on the member's own phone."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cells import wording
from cells.law.guidance import load_pack
from cells.law.periods import Period
from cells.law.review_forms import ReviewForm, kind_for
from cells.models import Campaign, InvalidTransition, Level
from cells.stale import STALE
from members.devices.cookies import (
    OTHERS_PAGE,
    SENT_FROM_OTHERS_PAGE,
    device_required,
    is_page_of_another,
    wants_data,
)
from members.models import CannotKeep, Member, Prompt, SelfReview, SelfReviewVersion
from members.models.review import leads, meets_now
from members.reviews.asked import campaigns_of
from members.rules.promises import stored_items
from members.rules.review_sheet import Sheet
from members.rules.review_steps import steps_of
from partyreview.http import Request, posted_number

LIKE = (
    "Giống bản năm {} khoảng {}%. Đồng chí nên viết lại cho sát với năm nay. "
    "Chỉ đồng chí thấy lời nhắc này."
)
REFUSED = "chua-nop"  # in the address: the last press could not hand it in
EMPTY_TOO = "bo-trong"  # the press that says yes to leaving sections empty that are written
EMPTIER = (
    "Trang này bỏ trống {} mục mà bản đã lưu có viết, nên chưa lưu đè. Chữ vẫn còn ở bản đã lưu: "
    "bấm “Tải lại trang” để lấy lại; muốn bỏ các mục ấy thì bấm “Vẫn lưu”."
)
NOT_NOW = (
    "Hội nghị đang họp nên bản kiểm điểm tạm khoá; sau khi hội nghị bế mạc đồng chí viết tiếp."
)


class Emptier(CannotKeep):
    """Several sections that are written would be left empty: asked once before that is stored."""


@dataclass(frozen=True)
class Choice:
    """One level to claim, with what it asks for."""

    code: str
    label: str
    least: int | None
    conditions: tuple[str, ...]
    origin: str


def choices_of(form: ReviewForm) -> list[Choice]:
    """The levels of the form, the highest first."""
    names = dict(Level.choices)
    origins = {level: form.origins.get(f"conditions.{level}") for level in form.levels}
    return [
        Choice(
            code=level,
            label=names[level],
            least=form.bands.get(level),
            conditions=tuple(form.conditions.get(level, {}).values()),
            origin=origin.words if (origin := origins[level]) else "",
        )
        for level in form.levels
    ]


def form_of(review: SelfReview) -> ReviewForm:
    """The form that is in force for this member; of what was handed in, with the criteria it was written under."""
    rules = review.campaign.rules_for(review.cell)
    form = ReviewForm.from_pack(load_pack(_pack_of(review)), review.kind, rules)
    return form if review.is_open else form.with_stored_criteria(review.criteria)


def _pack_of(review: SelfReview) -> str:
    """The version whose form it is written in: the campaign's may have moved on since it was handed in."""
    last = None if review.is_open else review.versions.order_by("number").last()
    return last.pack if last else review.campaign.pack


def sheet_of(review: SelfReview) -> Sheet:
    """What the table has of it, in its form; points given to what has been changed since are left out."""
    form = form_of(review)
    scores = form.carried(review.scores, review.criteria)
    sheet = Sheet.stored(form, review.texts, scores, review.self_level, review.grades)
    return sheet.answering(review.shortcomings, review.answers)


def sheet_handed_in(version: SelfReviewVersion) -> Sheet:
    """What was handed in, in the form and with the criteria it was written under."""
    review = version.review
    rules = review.campaign.rules_for(review.cell)
    form = ReviewForm.from_pack(load_pack(version.pack), version.kind, rules).with_stored_criteria(
        version.criteria
    )
    sheet = Sheet.stored(form, version.texts, version.scores, version.self_level, version.grades)
    return sheet.answering(stored_items(version.answers), version.answers)


def own_review(member: Member, campaign: Campaign) -> SelfReview:
    """The member's row of this campaign, or one not stored yet, with the form that suits the member."""
    rows = SelfReview.objects.select_related("cell__committee")
    posts = campaign.leader_posts_for(member.cell)
    suits = kind_for(load_pack(campaign.pack), leads(member, posts))
    stored_review = rows.filter(member=member, campaign=campaign).first()
    review = stored_review or SelfReview(cell=member.cell, kind=suits)
    review.member, review.campaign = member, campaign
    return review


def begun(review: SelfReview) -> SelfReview:
    """The same as a stored row: the first word written makes it."""
    if review.pk:
        return review
    row, _ = SelfReview.objects.get_or_create(
        member=review.member,
        campaign=review.campaign,
        defaults={"cell": review.cell, "kind": review.kind},
    )
    row.member, row.campaign = review.member, review.campaign
    return row


@device_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request, period: Period | None = None) -> HttpResponse:
    """Fill in the own self-review of this period, or of the most pressing campaign; POST keeps or submits it."""
    member = Member.objects.select_related("cell__committee").get(pk=request.device.member_id)
    running = campaigns_of(member, timezone.localdate())
    wanted = [campaign for campaign in running if period in (None, campaign.span)]
    if not wanted:
        context = {"member": member, "others": running}
        return render(request, "members/reviews/review_none.html", context)
    own = own_review(member, wanted[0])
    if request.method != "POST":
        others = [campaign for campaign in running if campaign != own.campaign]
        return _show(request, own, _looked_at(request, own), others=others)
    if is_page_of_another(request):
        if wants_data(request):
            return JsonResponse({"error": OTHERS_PAGE}, status=403)
        return _show(request, own, sheet_of(own), SENT_FROM_OTHERS_PAGE, status=409)
    own = begun(own)
    sheet = Sheet.read(form_of(own), request.POST, own.shortcomings)
    try:
        return _answer(request, own, sheet)
    except (CannotKeep, InvalidTransition) as error:
        return _refuse(request, own, sheet, error)


def _answer(request: Request, own: SelfReview, sheet: Sheet) -> HttpResponse:
    """Do what was pressed; raises CannotKeep and InvalidTransition."""
    do = request.POST.get("do", "")
    if do == "paper":
        own.promise_paper()
        return _again(own)
    if do.startswith("all-"):
        sheet = sheet.all_passed(do.removeprefix("all-"))
    if do == "submit":
        sheet = sheet.tidied().checked()
    if _was_asked_otherwise(request, sheet):
        raise CannotKeep(STALE)
    _keep(own, posted_number(request, "version"), sheet, sure=do == EMPTY_TOO)
    if wants_data(request):
        return JsonResponse(_kept(own) | {"problems": dict(sheet.problems)})
    if sheet.problems:
        return _not_handed_in(request, own, sheet)
    if do == "submit":
        own.submit(own.version, sheet.form.version)
        member = own.member
        member.record("review.submitted", own, version=own.version)
    return _again(own)


def _keep(own: SelfReview, version: int, sheet: Sheet, sure: bool) -> None:
    """Store the sheet over `version`; raises Emptier where it leaves several written sections empty, unless `sure`."""
    emptied = own.emptied(sheet.texts()) if version == own.version else 0
    if emptied > 1 and not sure:
        raise Emptier(EMPTIER.format(wording.two_digits(emptied)))
    answers = sheet.texts(), sheet.scores(), sheet.level_kept, sheet.answers()
    own.keep(version, *answers, sheet.form.stored_criteria(), sheet.grades())


def _not_handed_in(request: Request, own: SelfReview, sheet: Sheet) -> HttpResponse:
    """Lead to the page with what is to be mended; what cannot be stored ("abc" for points) is in this answer alone."""
    stored = sheet_of(own).typed
    if any(text.strip() and not stored.get(name) for name, text in sheet.typed.items()):
        return _show(request, own, sheet, status=422)
    return redirect(f"{_address(own)}?{REFUSED}=1")


def _looked_at(request: Request, own: SelfReview) -> Sheet:
    """What is stored; after a refused press with what is still to be mended, so that the page can be drawn anew."""
    return _checked(own) if REFUSED in request.GET and own.is_open else sheet_of(own)


def _checked(own: SelfReview) -> Sheet:
    return sheet_of(own).tidied().checked()


def _was_asked_otherwise(request: Request, sheet: Sheet) -> bool:
    """Whether the page was drawn under other criteria than are in force."""
    return request.POST.get("criteria", sheet.form.mark) != sheet.form.mark


def _again(own: SelfReview) -> HttpResponse:
    return redirect(_address(own))


def _address(own: SelfReview) -> str:
    return reverse("members:review_of", args=[own.campaign.span])


def _kept(own: SelfReview) -> dict[str, object]:
    """What a script needs to know of the stored row."""
    saved = timezone.localtime(own.saved_at) if own.saved_at else None
    return {"version": own.version, "saved": f"{saved:%H:%M}" if saved else ""}


def _refuse(request: Request, own: SelfReview, sheet: Sheet, error: Exception) -> HttpResponse:
    """Say why nothing was stored; the page keeps every word, and a script learns what is stored instead."""
    sentence, emptier = str(error), isinstance(error, Emptier)
    columns = ["version", "state", "saved_at", "texts", "scores", "criteria", "self_level"]
    own.refresh_from_db(fields=[*columns, "answers", "grades"])
    stored = dict(sheet_of(own).typed)
    if _was_asked_otherwise(request, sheet):
        sheet = sheet.with_points(stored)
    if wants_data(request):
        told = {"error": sentence, "fields": stored, "emptier": emptier}
        return JsonResponse(_kept(own) | told, status=409)
    if not own.is_open:
        return _show(request, own, sheet_of(own), sentence, status=409)
    return _show(request, own, sheet, sentence, status=409, emptier=emptier)


def _show(
    request: Request,
    own: SelfReview,
    sheet: Sheet,
    error: str = "",
    status: int = 200,
    others: Sequence[Campaign] = (),
    emptier: bool = False,
) -> HttpResponse:
    context = {
        "emptier": emptier,
        "empty_too": EMPTY_TOO,
        "others": others,
        "dropped": own.is_open and sheet.form.changed_since(own.scores, own.criteria),
        "review": own,
        "member": own.member,
        "campaign": own.campaign,
        "prompts": list(Prompt.objects.of_member(own.member, own.campaign)),
        "sheet": sheet,
        "steps": steps_of(sheet),
        "claim": dict(Level.choices).get(sheet.level, ""),
        "choices": choices_of(sheet.form),
        "error": error,
        "like": _like(own),
        "not_now": NOT_NOW if meets_now(own.member) and not error else "",
    }
    return render(request, "members/reviews/review.html", context, status=status)


def _like(own: SelfReview) -> str:
    """What the writer alone is told where much was taken over from last year's; "" where little was."""
    percent = own.likeness
    if not percent or percent < own.campaign.rules_for(own.cell).likeness:
        return ""
    return LIKE.format(own.former.review.campaign.year, percent) if own.former else ""
