"""Quyết định của cấp ủy: files chosen, looked over as one list, and decided by one press; then its papers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ballots.committee.acts import verbs
from ballots.committee.acts.following import following, levels_at, sitting_choices
from ballots.committee.acts.forms import JointForm, seen_in
from ballots.committee.acts.job import file_name
from ballots.committee.acts.levels import Basis
from ballots.committee.acts.preview import is_decided_by, preview_of
from ballots.committee.decision.forms import proposed_signing
from ballots.committee.decision.verbs import LevelDecision
from ballots.committee.quota.rulings import rulings
from ballots.core.downloads import TYPES, file_response
from ballots.core.page import done
from ballots.jobs import asking
from ballots.jobs.views import refusals_on_the_list
from ballots.models import CommitteeDecision, DecisionPaper, Job, QuotaDraft
from ballots.papers.rulings.joint_gather import joint_papers
from ballots.results.concluded import minutes_words, occasion
from ballots.results.undecided import files_of, sendings
from cells import wording
from cells.law.periods import Period
from cells.models import Committee, Level
from partyreview.http import Request, excel


@require_http_methods(["GET", "HEAD", "POST"])
def committee_decision(request: Request, pk: int, period: Period) -> HttpResponse:
    """The files that wait; POST looks them over as one list, then decides just those that were shown."""
    committee = get_object_or_404(request.user.committees(), pk=pk)
    if request.user.committee_id != committee.pk:
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else None
    form = _form(committee, period, posted)
    step = request.POST.get("step", "")
    if posted is None or step in ("rows", "back"):
        return _choose(request, committee, period, form)
    if not form.is_valid():
        return _choose(request, committee, period, form, 422)
    act = _pressed if step == "decide" else _looked_over
    return act(request, committee, period, form)


def _form(committee: Committee, period: Period, posted: QueryDict | None) -> JointForm:
    """With who is to sign, and the last meeting on these files as what the levels follow at first."""
    files = files_of(sendings(committee, period)[: verbs.MOST])
    drafts = QuotaDraft.objects.of(committee, period).values_list("pk", "name")
    sittings = sitting_choices(committee, files)
    named = {key: f"Kết luận của {occasion(sitting)}" for key, sitting in sittings.items()}
    named |= {str(pk): name for pk, name in drafts}
    key = next(iter(sittings), "")
    initial = {"draft": key, **proposed_signing(committee, sittings.get(key))}
    chosen = sittings.get(posted.get("draft", "")) if posted else None
    return JointForm(following(chosen, files), posted, initial, named, chosen)


def _basis(form: JointForm) -> Basis:
    """What is proposed, concluded by a meeting or drafted, and over it what was written here."""
    draft = form.cleaned_data.get("draft")
    if form.sitting is not None:
        return form.basis(None, levels_at(form.sitting))
    if not draft:
        return form.basis(None)
    by_meeting = rulings(get_object_or_404(QuotaDraft, pk=draft))
    levels = {
        meeting: {key: LevelDecision(*ruling) for key, ruling in cases.items()}
        for meeting, cases in by_meeting.items()
    }
    return form.basis(levels)


def _looked_over(
    request: Request, committee: Committee, period: Period, form: JointForm
) -> HttpResponse:
    """The list as it would be decided, to be pressed as it stands or gone back from."""
    basis = _basis(form)
    chosen = [file for file in form.waiting if file.meeting.pk in form.chosen]
    preview = preview_of(chosen, basis)
    if not preview.files:
        form.add_error(None, verbs.NOTHING_CHOSEN)
        return _choose(request, committee, period, form, 422)
    empty = [file.meeting.cell for file in chosen if not is_decided_by(file, basis)]
    context = {
        "committee": committee,
        "period": period,
        "form": form,
        "preview": preview,
        "minutes": minutes_words(form.sitting) if form.sitting else "",
        "left_out": [
            *(f"{cell}: {_why_empty(basis)}." for cell in empty),
            *verbs.gone(committee, form.chosen - {file.meeting.pk for file in chosen}),
        ],
        "typed": _typed(request),
        "levels": Level.choices,
    }
    return render(request, "ballots/committee/act_preview.html", context)


def _why_empty(basis: Basis) -> str:
    """What leaves a file out that gets no level."""
    if basis.concluded is not None:
        return verbs.NOT_BEFORE_IT
    return verbs.NOT_DRAFTED if basis.draft else verbs.ALL_OPEN


def _pressed(
    request: Request, committee: Committee, period: Period, form: JointForm
) -> HttpResponse:
    """Decide what was looked over; a refusal shows the form again with all that was typed."""
    decided: list[verbs.Decided] = []

    def press() -> None:
        about = (committee, period, form.paper, seen_in(request.POST), _basis(form))
        decided.append(verbs.decide_together(request.user, *about))

    if done(form, press):
        return _recorded(request, decided[0])
    return _choose(request, committee, period, form, 422)


def _recorded(request: Request, decided: verbs.Decided) -> HttpResponse:
    """Lead to the decision, whose papers are being written; name what it left out."""
    act = decided.act
    messages.success(request, f"Đã ghi và công bố mức xếp loại của {decided.files:02d} chi bộ.")
    if decided.left_out:
        messages.warning(request, f"Chưa quyết định: {' '.join(decided.left_out)}")
    asking.ask(request.user, Job.Kind.DECISION, f"Văn bản của {act}"[:300], {"act": act.pk})
    return redirect("ballots:committee_act", act.pk)


def _typed(request: Request) -> list[tuple[str, str]]:
    """What the form has, to go through the preview; which files are chosen is written by the preview itself."""
    own = {"csrfmiddlewaretoken", "step", "file", "seen"}
    return [(name, str(value)) for name, value in request.POST.items() if name not in own]


def _choose(
    request: Request, committee: Committee, period: Period, form: JointForm, status: int = 200
) -> HttpResponse:
    acts = CommitteeDecision.objects.filter(
        committee=committee, year=period.year, kind=period.kind
    )
    waiting = sendings(committee, period).count()
    context = {
        "committee": committee,
        "period": period,
        "form": form,
        "files": [(file, file.meeting.pk in form.chosen) for file in form.waiting],
        "more": waiting - len(form.waiting),
        "rows": len(form.departures),
        "acts": acts.order_by("-pk"),
        "most": verbs.MOST,
    }
    return render(request, "ballots/committee/act.html", context, status=status)


@require_safe
def committee_act(request: Request, pk: int) -> HttpResponse:
    """A recorded decision: on which files, its papers and notices."""
    act = _act(request, pk)
    order = ("meeting__cell__committee__path", "meeting__cell__name_sort", "meeting__cell", "pk")
    decisions = act.decisions.select_related("meeting__cell__committee").order_by(*order)
    papers = act.papers.only("act", "kind", "sha256", "locked_at").order_by("kind")
    context = {
        "act": act,
        "decisions": decisions,
        "papers": papers,
        "minutes": minutes_words(act.sitting) if act.sitting else "",
        "endings": [("pdf", "PDF"), ("docx", "Word")],
    }
    return render(request, "ballots/committee/act_recorded.html", context)


@require_safe
def committee_act_paper(request: Request, pk: int, kind: str, ending: str) -> HttpResponse:
    """The bytes of a locked paper; its list as Excel, too."""
    act = _act(request, pk)
    paper = get_object_or_404(DecisionPaper, act=act, kind=kind)
    name = f"{file_name(act)} {wording.file_name(paper.get_kind_display())}"
    if (kind, ending) == (DecisionPaper.Kind.LIST, "xlsx"):
        from ballots.committee.acts.workbook import workbook  # on first use: tests/test_start.py

        # By the rows that the decision recorded, which never change.
        return excel(workbook(*joint_papers(act)), name)
    if ending not in TYPES:
        raise Http404
    return file_response(bytes(getattr(paper, ending)), name, ending)


@require_POST
@refusals_on_the_list
def committee_act_job(request: Request, pk: int, kind: str) -> HttpResponse:
    """Have its papers written, where that was cut short, or all notices put into one ZIP."""
    act = _act(request, pk)
    words = {
        Job.Kind.DECISION: f"Văn bản của {act}",
        Job.Kind.NOTICES: f"Thông báo cho từng đồng chí theo {act}",
    }
    if kind not in words:
        raise Http404
    asking.ask(request.user, Job.Kind(kind), words[Job.Kind(kind)][:300], {"act": act.pk})
    return redirect("ballots:jobs")


def _act(request: Request, pk: int) -> CommitteeDecision:
    """A decision of a committee at or below the officer's own; 404 for all others."""
    rows = CommitteeDecision.objects.select_related(
        "committee", "by__committee", "sitting__committee"
    )
    act: CommitteeDecision = get_object_or_404(
        rows, pk=pk, committee__in=request.user.committees()
    )
    return act
