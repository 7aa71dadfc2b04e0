"""What the officers' pages of a meeting share: who may see it, the bar with the next step, refused forms."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.forms import BaseForm, ModelChoiceField
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from ballots.core.guard import sentence
from ballots.core.stages import Stage, stages
from ballots.core.steps import Facts, facts_of, next_steps
from ballots.core.verbs import Refused, must_oversee
from cells import stale
from cells.models import InvalidTransition, Meeting
from cells.stale import STALE
from partyreview.http import Request

Row = TypeVar("Row", bound=Model)

# Beside the path: to be looked up, or shown elsewhere.
ASIDE = (
    ("ballots:appraisal", "Đánh giá (không chiếu)"),
    ("ballots:dossier", "Hồ sơ hội nghị"),
    ("ballots:meeting_rules", "Quy định đang áp dụng"),
)
ASIDE_OF_SITTINGS = (("ballots:meeting_rules", "Quy định đang áp dụng"),)
# For officers above a committee that meets.
TO_READ_OF_SITTINGS = (
    Stage("ballots:meeting", "Hội nghị"),
    Stage("ballots:results", "Kết quả"),
    Stage("ballots:minutes", "Biên bản"),
    Stage("ballots:meeting_rules", "Quy định"),
)
# For officers above, who look, return what is to be mended, and decide.
TO_READ = (
    Stage("ballots:submission", "Hồ sơ đã gửi"),
    Stage("ballots:decision", "Quyết định"),
    Stage("ballots:meeting", "Hội nghị"),
    Stage("ballots:results", "Kết quả"),
    Stage("ballots:appraisal", "Đánh giá"),
    Stage("ballots:minutes", "Biên bản"),
    Stage("ballots:meeting_rules", "Quy định"),
)


@dataclass(frozen=True)
class Work:
    """What a page is there to save (context `work`): the bar then holds the button of its form #work.

    Until something is `done`, that button is the big one, and going on the quiet one; app.js turns them
    round while what was typed is not saved.
    """

    label: str
    done: bool


def seen_meeting(request: Request, pk: int) -> Meeting:
    """A cell's meeting this officer may see, of the own cell or of a cell below; 404 for everybody else."""
    return get_object_or_404(
        request.user.meetings().select_related("cell__committee", "campaign"), pk=pk
    )


def run_meeting(request: Request, pk: int) -> Meeting:
    """The meeting, if this officer runs it; 403 for officers who may only see it."""
    return _must_run(request, seen_meeting(request, pk))


def seen_of_any_body(request: Request, pk: int) -> Meeting:
    """As seen_meeting, of a cell or of a committee."""
    return get_object_or_404(
        request.user.meetings_of_any_body().select_related(
            "cell__committee", "committee", "campaign"
        ),
        pk=pk,
    )


def run_of_any_body(request: Request, pk: int) -> Meeting:
    """As run_meeting, of a cell or of a committee."""
    return _must_run(request, seen_of_any_body(request, pk))


def _must_run(request: Request, meeting: Meeting) -> Meeting:
    if not runs(request, meeting):
        raise PermissionDenied
    return meeting


def runs(request: Request, meeting: Meeting) -> bool:
    """Whether this officer runs the meeting; asked of the database once in a request, by guard and page."""
    answers: dict[int, bool] = request.__dict__.setdefault("runs", {})
    if meeting.pk not in answers:
        answers[meeting.pk] = request.user.has_perm("cells.run_meeting", meeting)
    return answers[meeting.pk]


def show(
    request: Request,
    template: str,
    meeting: Meeting,
    context: Mapping[str, object],
    *,
    status: int = 200,
    bare: bool = False,
    facts: Facts | None = None,
) -> HttpResponse:
    """Render a page of the meeting; who runs it also gets the path and the bar with the next step.

    `bare`: a part that renews itself, of a page that only who runs the meeting can open, without path and bar.
    `facts`: of the meeting, where the page has read them for itself.
    """
    if bare:
        return render(request, template, {"meeting": meeting, "runs": True, **context})
    runs_it = runs(request, meeting)
    place = request.path
    if request.method == "POST" and "tab" in context:
        # Drawn again after a refusal, at the address of the press.
        place = reverse(str(context["tab"]), args=[meeting.pk])
    to_read = TO_READ_OF_SITTINGS if meeting.is_sitting else TO_READ
    bar = _bar(place, facts or facts_of(meeting)) if runs_it else {"path": to_read}
    shown = {"meeting": meeting, "runs": runs_it, **bar, **context}
    response = render(request, template, shown, status=status)
    if request.method == "POST":
        # A refused form: a browser that kept nothing of it could not go "back" to what was typed. Signing out ends it.
        patch_cache_control(response, private=True, no_cache=True)
    return response


def _bar(place: str, facts: Facts) -> dict[str, object]:
    """The next step; it never leads to the page one is on, nor back to one that comes before it."""
    steps = next_steps(facts)
    here = next((n for n, step in enumerate(steps) if step.url == place), -1)
    onward = [step for n, step in enumerate(steps) if step.do or n > here]
    step = onward[0] if onward else None
    return {
        "path": stages(facts),
        "aside": ASIDE_OF_SITTINGS if facts.sitting else ASIDE,
        "step": step,
        "others": onward[1:3],
        "note": (step or steps[0]).note,
    }


def posted(request: Request, rows: QuerySet[Row], name: str) -> Row:
    """The row whose key was posted as `name`; Refused when it is gone, as after a click in a stale tab."""
    try:
        row: Row = ModelChoiceField(rows).clean(request.POST.get(name))
    except ValidationError as error:
        raise Refused(STALE) from error
    return row


def is_sure(request: Request, questions: Iterable[str]) -> bool:
    """Whether the press says yes to just these questions."""
    return stale.is_sure(request.POST, questions)


def cleaned(form: BaseForm) -> dict[str, Any]:
    """What was filled in; Refused with the form's own sentences."""
    if not form.is_valid():
        sentences = (sentence for errors in form.errors.values() for sentence in errors)
        raise Refused(" ".join(dict.fromkeys(map(str, sentences))))
    return form.cleaned_data


def done(form: BaseForm, verb: Callable[..., object], *args: object) -> bool:
    """Call the verb; a refusal becomes an error of the form, so that nothing typed is lost."""
    try:
        verb(*args)
    except (Refused, InvalidTransition, ValidationError) as error:
        form.add_error(None, sentence(error))
        return False
    return True


def overseen_meeting(request: Request, pk: int) -> Meeting:
    """The meeting, if this officer stands above its cell; 403 for who runs it, 404 for everybody else."""
    meeting = seen_meeting(request, pk)
    must_oversee(request.user, meeting)  # not has_perm: that grants a superuser everything
    return meeting
