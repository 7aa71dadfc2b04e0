"""Gửi cấp trên: the machine's checks, the one button that sends the file up, and the file as one ZIP."""

import tempfile
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ballots.core.downloads import IN_MEMORY
from ballots.core.guard import refusals_as_messages
from ballots.core.page import Work, done, is_sure, run_meeting, runs, seen_meeting, show
from ballots.core.verbs import NO_FIRST_FILE
from ballots.dossier import archive, changes, checks, returned, versions
from ballots.dossier.answering import answer_pin
from ballots.dossier.forms import PinAnswerForm, SendForm
from ballots.dossier.places import Place
from ballots.dossier.sending import must_know_the_last, send_up
from ballots.models import Decision, Paper, Pin, Reopening, Submission
from ballots.papers import lock, numbers
from ballots.papers.file_names import file_name
from ballots.results import decisions as decisions_in_force
from cells.models import Campaign, Meeting
from cells.stale import fingerprint
from cells.wording import uncapitalized
from members.models import Attachment, Attendance
from partyreview.http import Request, posted_number, site_of

UNMENDED = "Từ lần gửi trước chưa có gì đổi; cấp trên đã nêu chỗ cần sửa."


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_messages("ballots:sending")
def sending(request: Request, pk: int) -> HttpResponse:
    """The checks with their cures, what is sent and to whom, what was sent before; POST sends the file up."""
    meeting = run_meeting(request, pk)
    if request.method == "POST":
        return _send(request, meeting)
    return _sending(request, meeting, _form(meeting))


def _form(meeting: Meeting, data: object = None) -> SendForm:
    last = Submission.objects.last_of(meeting)
    pins = list(last.pins.all()) if last and last.is_returned else []
    return SendForm(
        data,
        meeting=meeting,
        kinds=lock.file_of(meeting),
        again=last is not None,
        pins=pins,
    )


def _sending(
    request: Request,
    meeting: Meeting,
    form: SendForm,
    questions: Sequence[str] = (),
    refused: tuple[int, PinAnswerForm] | None = None,
) -> HttpResponse:
    """`form`: as it was sent and not yet taken; `asked`: what a second press is asked for.

    `refused`: the pin whose answer was not taken, and what was typed.
    """
    groups = checks.groups_for(meeting)
    sent = list(Submission.objects.of(meeting))
    scans = Attachment.objects.of(meeting.cell, meeting.campaign).current()
    came_back = returned.returned_file(meeting.cell, meeting.campaign)
    context = {
        **_looked(groups, sent, meeting.campaign.is_closed_for(meeting.cell)),
        "recipient": meeting.cell.committee.executive_name,
        "locked": _locked(meeting),
        "drafts": [(kind, Paper.Kind(kind).label) for kind in lock.file_of(meeting)],
        "scans": scans.count(),
        "sent": sent,
        "names": Attendance.objects.of(meeting).listed_names(),
        "returned": came_back,
        "answers": _answers(came_back, *(refused or (0, None))),
        **versions.beside(sent),
        "late": refused[1] if refused and not came_back else None,
        "reopenings": list(Reopening.objects.filter(submission__meeting=meeting)) if sent else [],
        "here": came_back.on(request.path) if came_back else [],
        "changed": changes.since(sent[-1]) if sent else [],
        "next": len(sent) + 1,
        "form": form,
        "asked": questions,
        "sure": fingerprint(list(questions)),
    } | _decided(request, meeting)
    context |= (
        _bar(context) if not (meeting.is_rehearsal or context["closed"] or context["over"]) else {}
    )
    status = 422 if form.errors or refused else 200
    return show(request, "ballots/dossier/sending.html", meeting, context, status=status)


def _looked(
    groups: list[checks.Group], sent: list[Submission], is_over: bool
) -> dict[str, object]:
    """What the machine saw, by how it stands; what is right under its headings, unless nothing is sent any more.

    `is_over`: the campaign is closed, and takes no first file.
    """
    red = checks.lines_of(groups, checks.State.MEND)
    amber = checks.lines_of(groups, checks.State.LOOK)
    fine = [(group.title, [check for check in group.checks if check.ok]) for group in groups]
    closed = bool(sent and sent[-1].is_approved)
    return {
        "red": red,
        "amber": amber,
        "unsound": red + amber,
        "fine": len(checks.lines_of(groups, checks.State.FINE)),
        "green": [] if closed else [(title, lines) for title, lines in fine if lines],
        "closed": closed,
        "over": NO_FIRST_FILE if not sent and is_over else "",
    }


def _answers(
    came_back: returned.Returned | None, refused: int, typed: PinAnswerForm | None
) -> list[tuple[returned.Fix, PinAnswerForm]]:
    """What is to be mended, each with the form that answers it instead."""
    return [
        (
            fix,
            typed
            if typed and fix.pin.pk == refused
            else PinAnswerForm(initial={"answer": fix.pin.answer}),
        )
        for fix in (came_back.fixes if came_back else ())
    ]


@require_POST
def pin_answer(request: Request, pk: int) -> HttpResponse:
    """Answer a place that the committee above named; a refusal shows the page with what was typed."""
    pins = Pin.objects.select_related("submission")
    pin = get_object_or_404(pins, pk=pk, submission__meeting__in=request.user.meetings())
    meeting = run_meeting(request, pin.submission.meeting_id)
    form = PinAnswerForm(request.POST)
    if form.is_valid() and done(
        form, answer_pin, request.user, meeting, pin, form.cleaned_data["answer"]
    ):
        messages.success(request, "Đã ghi trả lời. Cấp trên đọc được khi chi bộ gửi lại.")
        return redirect(f"{reverse('ballots:sending', args=[meeting.pk])}#cho-sua")
    return _sending(request, meeting, _form(meeting), refused=(pin.pk, form))


def _bar(page: Mapping[str, Any]) -> dict[str, object]:
    """What the bar holds: the first thing to mend, or the press that sends; to send once more, where there is why."""
    if page["red"]:
        first = next((line for line in page["red"] if line.cure_url), None)
        lead = first and {"label": "Sửa việc thứ nhất", "url": first.cure_url, "page": "cure"}
        return {"step": lead}
    sent = bool(page["sent"])
    if sent and not (page["returned"] or page["changed"]):
        return {}
    press = f"{'Gửi lại' if sent else 'Gửi'} hồ sơ lên {page['recipient']}"
    if page["asked"]:
        return {"work": Work(f"Vẫn {uncapitalized(press)}", done=True), "step": None}
    return {"work": Work(press, done=False), "step": None}


def _decided(request: Request, meeting: Meeting) -> dict[str, object]:
    """What the committee above has decided, and where a member reads the own level of the year; empty before."""
    decisions = list(Decision.objects.filter(meeting=meeting))
    if not decisions:
        return {}
    base_url = site_of(request)
    is_year = meeting.campaign.kind == Campaign.Kind.YEAR
    return {
        "decisions": decisions,
        "cases": decisions_in_force.cases_of(meeting),
        "levels": decisions_in_force.LEVELS.items(),
        "own_levels": base_url + reverse("ballots:my_years") if is_year else "",
    }


def _locked(meeting: Meeting) -> list[Paper]:
    """The papers in force: those of the meeting, and once the file is sent those of the file."""
    return list(Paper.objects.current().filter(meeting=meeting).order_by("pk"))


def _send(request: Request, meeting: Meeting) -> HttpResponse:
    """Send the file; where something should be looked at, the page asks once more and names it."""
    seen = posted_number(request, "next"), posted_number(request, "returned")
    last = must_know_the_last(meeting, *seen)
    form = _form(meeting, request.POST)
    if not form.is_valid():
        return _sending(request, meeting, form)
    known, questions = _to_look_at(meeting, last)
    questions += numbers.questions(meeting.cell, form.numbers, meeting)
    if not is_sure(request, questions):
        return _sending(request, meeting, form, questions)
    note = form.cleaned_data.get("note", "")
    again = (note, site_of(request), form.numbers, known)
    if not done(form, send_up, request.user, meeting, *again):
        return _sending(request, meeting, form)
    messages.success(request, f"Đã gửi hồ sơ lên {meeting.cell.committee.executive_name}.")
    return redirect("ballots:sending", meeting.pk)


def _to_look_at(meeting: Meeting, last: Submission | None) -> tuple[list[str], list[str]]:
    """What the checks name, a sentence each; and of it what is asked about, for it was not so at the last sending."""
    open_ = checks.lines_of(checks.groups_for(meeting), checks.State.LOOK)
    known = [f"{line.title}: {line.sentence}" for line in open_]
    questions = [sentence for sentence in known if not last or sentence not in last.known]
    if last and _is_unmended(last):
        questions.insert(0, UNMENDED)
    return known, questions


def _is_unmended(last: Submission) -> bool:
    """Whether it came back and nothing changed since; what is locked can only be explained, in the note."""
    open_ = [
        pin for pin in last.pins.all() if not (pin.answer or Place.parse(pin.place).is_locked)
    ]
    return last.is_returned and bool(open_) and not changes.since(last)


@require_safe
def dossier_zip(request: Request, pk: int) -> FileResponse:
    """The whole file: papers, scans, figures, index and check sums; for officers above once it was sent."""
    meeting = seen_meeting(request, pk)
    sent = Submission.objects.filter(meeting=meeting).exists()
    if not (sent or runs(request, meeting)):
        raise PermissionDenied
    # Spooled: photographs pass through the disk, not through memory.
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by the response
    archive.write(meeting, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{file_name(meeting, 'Ho so')}.zip")
