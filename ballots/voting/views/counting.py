"""Kiểm phiếu, on a teller's device: the turnout, the paper ballots' stamps, the sealed box and its recount."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ballots.core.guard import refusals_as_json, refusals_as_messages
from ballots.core.page import cleaned
from ballots.core.tables import Table, table_of
from ballots.core.verbs import ABSENT_TELLER
from ballots.models import Difference, Door, Envelope, Issue, Poll, Slip, Teller
from ballots.results import figures
from ballots.secret.sheet import P_LENGTH, POINT_LENGTH, REQUEST_LENGTH
from ballots.voting import counting, envelopes, issuing
from ballots.voting.bodies import exact_bytes, fault_of, recount_of
from ballots.voting.forms import WithoutEnvelopeForm
from ballots.voting.roll import confirm_roll, roll_of
from ballots.voting.turnout import digits_of, turnout_of
from ballots.voting.views.voting import own_page_only
from cells.models import Meeting
from members.devices.cookies import device_required
from members.models import Attendance
from partyreview.http import Request

View = Callable[..., HttpResponse]


class TellerRequest(Request):
    """A request of a teller's trusted phone: `meeting` is the running one that its member counts for."""

    meeting: Meeting


def _meeting_of(request: Request) -> Meeting | None:
    """The running meeting that this phone's member is a teller of; the last opened one, as in a rehearsal."""
    posts = Teller.objects.filter(
        member=request.device.member, meeting__state=Meeting.State.OPEN
    ).select_related("meeting__cell", "meeting__committee", "meeting__campaign")
    post = posts.order_by("-meeting__opened_at").first()
    return post.meeting if post else None


def teller_required(view: View) -> View:
    """Let the trusted phone of a teller who is here in, with the meeting; anybody else learns why not (403)."""

    @login_not_required
    @device_required
    @wraps(view)
    def wrapper(request: TellerRequest) -> HttpResponse:
        meeting = _meeting_of(request)
        if meeting is None:
            return render(request, "ballots/voting/count_refused.html", {"absent": ""}, status=403)
        here = Attendance.objects.filter(meeting=meeting, member=request.device.member).here()
        if not here.exists():
            absent = {"absent": ABSENT_TELLER}
            return render(request, "ballots/voting/count_refused.html", absent, status=403)
        request.meeting = meeting
        return view(request)

    return wrapper


def _shown_poll(request: TellerRequest) -> Poll:
    """The poll that the tellers have to do with, if it is the one on the page that asks."""
    shown = request.GET.get("luot", request.POST.get("poll"))
    return counting.must_be_current(request.meeting, shown)


@teller_required
@require_safe
def count(request: TellerRequest) -> HttpResponse:
    """The device's one page: what the poll is doing now, and the press that comes next."""
    meeting, poll = request.meeting, counting.current_poll(request.meeting)
    shown: dict[str, object] = {"meeting": meeting, "teller": request.device.member, "poll": poll}
    shown |= _roll(meeting, poll)
    if poll is None:
        return render(request, "ballots/voting/count.html", shown)
    numbers, papers = turnout_of(poll), _papers(poll, meeting)
    shown |= {
        "turnout": numbers,
        "digits": digits_of(poll),
        "ballot_url": f"/phieu/#{meeting.door_key}",
        "asked": "thieu" in request.GET and numbers.outstanding > 0,
        "tables": _tables(poll),
        **_envelope(poll),
        "difference": Difference.objects.open_on(poll)
        if poll.state == Poll.State.SEALED
        else None,
        "changed": counting.warning_of(poll),
        "data": _data(poll, meeting) | papers,
        **papers,
    }
    return render(request, "ballots/voting/count.html", shown)


def _roll(meeting: Meeting, poll: Poll | None) -> dict[str, object]:
    """The roll to be confirmed, before a poll opens; while one issues, only where it has changed."""
    if poll is not None and poll.state == Poll.State.ISSUING:
        roll = roll_of(meeting)
        return {} if roll.confirmed else {"roll": roll}
    planned = Poll.objects.filter(meeting=meeting)
    if planned.unfinished().exists() or not planned.filter(state=Poll.State.PLANNED).exists():
        return {}
    return {"roll": roll_of(meeting)}


@teller_required
@require_POST
@refusals_as_messages("ballots:count")
def roll_confirm(request: TellerRequest) -> HttpResponse:
    """Xác nhận danh sách có mặt; then the calm page, where the teller's own ballot opens by itself."""
    confirm_roll(request.device.member, request.meeting, request.POST.get("roll", ""))
    return redirect("ballots:phone")


def _tables(poll: Poll) -> list[Table]:
    """The totals, once they were counted twice alike."""
    if poll.state != Poll.State.COUNTED:
        return []
    return [table_of(figures.of_poll(poll))]


def _envelope(poll: Poll) -> dict[str, object]:
    """Whether an envelope is to be made before the confirmation, why none is, and what was made."""
    row = Envelope.objects.filter(poll=poll).first()
    if poll.confirmed or poll.state != Poll.State.COUNTED or not envelopes.is_wanted(poll):
        return {"envelope": row}
    few = envelopes.FEW if envelopes.is_too_small(poll) else ""
    return {"envelope": row, "few": few, "key_wanted": not few}


def _papers(poll: Poll, meeting: Meeting) -> dict[str, object]:
    """How many voters take paper, how many stamps were made for them, and how few papers are too few."""
    entries = Issue.objects.of(poll).filter(door=Door.PAPER, declined="")
    stamped = Slip.objects.filter(poll=poll, round=poll.round, kind=Slip.Kind.PAPER)
    return {
        "papers": entries.count(),
        "paper_stamps": stamped.count(),
        "min_papers": meeting.rules.min_paper_ballots,
    }


def _data(poll: Poll, meeting: Meeting) -> dict[str, object]:
    """What the scripts of the page need to know; nothing of it is secret."""
    tellers = Teller.objects.filter(meeting=meeting).select_related("member")
    names = Attendance.objects.of(meeting).listed_names()
    return {
        "key": meeting.door_key,
        "poll": poll.pk,
        "round": poll.round,
        "p": poll.p,
        "state": "confirmed" if poll.confirmed else poll.state,
        "issued": poll.issued,
        "announced": poll.sealed_sha256,
        "tellers": [names.label(teller.member) for teller in tellers],
        "urls": {
            name: reverse(f"ballots:{name}")
            for name in (
                "turnout",
                "sealed_ballots",
                "agree",
                "disagree",
                "stamp_paper",
                "envelope_read",
            )
        },
    }


@teller_required
@require_safe
def turnout(request: TellerRequest) -> HttpResponse:
    """Counts only, for the page's own refresh every ten seconds."""
    poll = counting.current_poll(request.meeting)
    if poll is None:
        return JsonResponse({"issued": 0, "collected": 0, "papers": 0})
    counted = turnout_of(poll)
    papers = _papers(poll, request.meeting)["papers"]
    return JsonResponse(
        {"issued": counted.issued, "collected": counted.collected, "papers": papers}
    )


@login_not_required
@own_page_only
@teller_required
@refusals_as_json
def stamp_paper(request: TellerRequest) -> HttpResponse:
    """Answer P ‖ z with the blind stamp of one paper ballot."""
    body = exact_bytes(request, REQUEST_LENGTH)
    made = issuing.stamp_paper(request.device.member, body[:P_LENGTH], body[P_LENGTH:])
    return HttpResponse(made, content_type="application/octet-stream")


@teller_required
@require_POST
@refusals_as_messages("ballots:count")
def seal(request: TellerRequest) -> HttpResponse:
    """Đóng hòm và kiểm phiếu; where ballots are missing, the page asks once more and says how many."""
    poll = _shown_poll(request)
    short_ok = request.POST.get("short_ok") == "1"
    if poll.state == Poll.State.CASTING and turnout_of(poll).outstanding and not short_ok:
        return redirect(f"{reverse('ballots:count')}?thieu=1")
    counting.seal(request.device.member, poll, short_ok)
    return redirect("ballots:count")


@teller_required
@require_POST
@refusals_as_json
def sealed_ballots(request: TellerRequest) -> HttpResponse:
    """All ballots of the sealed box, for the recount in this device's memory and readable there alone."""
    reader = exact_bytes(request, POINT_LENGTH)
    made = counting.sealed_ballots(request.device.member, _shown_poll(request), reader)
    return HttpResponse(made, content_type="application/octet-stream")


@teller_required
@require_POST
@refusals_as_json
def agree(request: TellerRequest) -> HttpResponse:
    """Take the recount."""
    listed, rows = recount_of(request)
    poll = counting.agree(request.device.member, _shown_poll(request), listed, rows)
    return JsonResponse({"state": poll.state})


@teller_required
@require_POST
@refusals_as_json
def disagree(request: TellerRequest) -> HttpResponse:
    """Take note of a fault the recount found."""
    what = fault_of(request)
    poll = counting.disagree(request.device.member, _shown_poll(request), what)
    return JsonResponse({"state": poll.state})


@teller_required
@require_POST
@refusals_as_messages("ballots:count")
def confirm(request: TellerRequest) -> HttpResponse:
    """Xác nhận kết quả, with the sealed envelope where the rules keep one, or why there is none."""
    values = cleaned(WithoutEnvelopeForm(request.POST))
    counting.confirm(request.device.member, _shown_poll(request), **values)
    return redirect("ballots:count")
