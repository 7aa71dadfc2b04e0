"""Bỏ phiếu, the secretary's side: the meeting's polls, and one poll from its opening to the open box."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from ballots.core.downloads import file_response
from ballots.core.guard import refusals_as_messages
from ballots.core.page import Work, cleaned, done, is_sure, posted, run_meeting, runs, show
from ballots.core.stages import page_of_polls
from ballots.core.steps import KEY, STORE, facts_of, trouble_of, unrepeated
from ballots.models import Alarm, CaseVote, Difference, Issue, OwnCase, Poll, Teller
from ballots.papers.ballots.gather import gather_ballot_sheets, gather_slips
from ballots.papers.file_names import file_name
from ballots.papers.press import render
from ballots.papers.press.render import PaperData
from ballots.results import figures
from ballots.secret import keys
from ballots.voting import differences, planning, polling
from ballots.voting.doors import set_door
from ballots.voting.forms import (
    MAX_SLIPS,
    AlarmForm,
    DeclineForm,
    DifferenceForm,
    DoorForm,
    PollForm,
    SlipsForm,
    VoidForm,
)
from ballots.voting.phases import phases_of
from ballots.voting.polling import stamps, still_missing
from ballots.voting.roll import confirmation_of, roll_of
from ballots.voting.turnout import digits_of, turnout_of
from cells.models import Campaign, Collective, Level, Meeting
from cells.stale import fingerprint
from members.models import Attendance, Device, Door
from members.rules.names import ListedNames
from partyreview.http import Request, site_of
from partyreview.qr import svg_uri

# Seconds between two looks. The turnout may not come faster: a count that jumps just as a phone is
# laid down would tell whose ballot it was (secret-ballot.md 3.2, step 5).
PACE = {
    Poll.State.PLANNED: 5,
    Poll.State.ISSUING: 3,
    Poll.State.CASTING: 10,
    Poll.State.SEALED: 5,
    Poll.State.COUNTED: 5,  # until it is confirmed
}


@require_http_methods(["GET", "HEAD", "POST"])
def polls(request: Request, pk: int) -> HttpResponse:
    """The polls of the meeting, and the form that plans one more."""
    meeting = run_meeting(request, pk)
    rows = list(Attendance.objects.of(meeting))
    form = PollForm(
        request.POST or None,
        rated=[row.member for row in rows if row.rated],
        names=ListedNames(row.member for row in rows),
        collectives=Collective.objects.rated(meeting),
        of_leaders=meeting.campaign.kind != Campaign.Kind.YEAR,
        initial=_initial(request, meeting),
    )
    if request.method == "POST" and form.is_valid() and done(form, _plan, request, meeting, form):
        messages.success(request, "Đã thêm lượt bỏ phiếu.")
        return redirect("ballots:poll", Poll.objects.filter(meeting=meeting).latest("number").pk)
    listed = Poll.objects.filter(meeting=meeting).order_by("number").prefetch_related("subjects")
    context = {
        "form": form,
        "polls": listed,
        "planned": [poll for poll in listed if poll.state == Poll.State.PLANNED],
        "planning": form.is_bound or "lap" in request.GET,
    }
    return show(request, "ballots/voting/polls.html", meeting, context)


def _plan(request: Request, meeting: Meeting, form: PollForm) -> None:
    title, levels = form.cleaned_data["title"], form.cleaned_data["levels"]
    asked = title, form.subjects_chosen(), levels, form.as_leaders
    planning.plan_poll(request.user, meeting, *asked)


def _initial(request: Request, meeting: Meeting) -> dict[str, object]:
    """What the form starts with: all members at all levels; ?lap=vong-hai: HTXS among those found good."""
    period, persons = meeting.campaign.period, meeting.rules.texts["persons"]
    if request.GET.get("lap") != "vong-hai":
        everybody = Attendance.objects.filter(meeting=meeting, rated=True).values_list("member")
        return {
            "title": f"Xếp loại chất lượng {persons} {period}",
            "subjects": "members",
            "members": [member for (member,) in everybody],
            "levels": Level.values,
        }
    good = [o.member for o in figures.load(meeting).members if o.level == Level.GOOD]
    return {
        "title": f"Bình chọn {persons} {Level.EXCELLENT.label.lower()} {period}",
        "subjects": "members",
        "members": [member.pk for member in good if member],
        "levels": [Level.EXCELLENT.value],
    }


def _cases(shown: Poll) -> list[str]:
    """What stands on a committee's ballot, as the form that repeats a void poll names it."""
    if not shown.meeting.is_sitting or shown.state != Poll.State.VOID:
        return []
    rows = CaseVote.objects.filter(subject__poll=shown).select_related("subject")
    return [case.key for case in rows.order_by("subject__position")]


def run_poll(request: Request, poll: str) -> Poll:
    """The poll, if this officer runs its meeting; 404 for strangers, 403 for officers who may only see it."""
    seen = Poll.objects.filter(meeting__in=request.user.meetings_of_any_body())
    poll_row = get_object_or_404(
        seen.select_related("meeting__cell__committee", "meeting__committee", "meeting__campaign"),
        pk=poll,
    )
    if not runs(request, poll_row.meeting):
        raise PermissionDenied
    return poll_row


@require_safe
def poll(request: Request, poll: str) -> HttpResponse:
    """One poll: its press, its numbers, who is still missing; the live part renews itself."""
    return _poll(request, run_poll(request, poll))


def _poll(request: Request, shown: Poll, **asking: object) -> HttpResponse:
    """`asking`: what a second press is asked for, and the number it is about."""
    sealed = shown.state == Poll.State.SEALED
    difference = Difference.objects.open_on(shown) if sealed else None
    phase = "khac" if difference else shown.state
    if request.htmx and request.GET.get("trang-thai") != phase:
        return HttpResponseClientRefresh()
    template = "ballots/voting/poll.html#live" if request.htmx else "ballots/voting/poll.html"
    numbers, trouble = turnout_of(shown), trouble_of(shown)
    context = {
        "tab": page_of_polls(shown.meeting),
        "poll": shown,
        "phases": phases_of(shown),
        "turnout": numbers,
        "waiting": [(entry, numbers.names.label(entry.member)) for entry in numbers.waiting],
        "declined": [(entry, numbers.names.label(entry.member)) for entry in numbers.declined],
        "digits": digits_of(shown),
        "pace": 0 if shown.confirmed else PACE.get(Poll.State(shown.state), 0),
        "oob": bool(request.htmx),
        "phase": phase,
        "difference": difference,
        "lacks_keys": trouble == KEY,
        "silence": polling.PAUSED if trouble == STORE else "",
        "shares_keys": bool(settings.KEY_STORE_URL),
        "key_place": "kho khoá (KEY_STORE_URL)"
        if settings.KEY_STORE_URL
        else "thư mục khoá (RUNTIME_DIRECTORY)",
        **(_preparation(shown) if shown.state == Poll.State.PLANNED else {}),
        **(_press(request, shown) if shown.state == Poll.State.ISSUING else {}),
        **({"papers": _papers(shown)} if shown.state == Poll.State.CASTING else {}),
        **({} if request.htmx else _sheet(shown) | _shared_device(request, shown)),
        "work": _repeat(shown),
        "cases": _cases(shown),
        **asking,
    }
    # Its live part has a next step only once it is counted.
    bare = bool(request.htmx) and shown.state != Poll.State.COUNTED
    return show(request, template, shown.meeting, context, bare=bare)


def _repeat(poll: Poll) -> Work | None:
    """Once void, the page is there to plan the poll again, until that is done."""
    if poll.state != Poll.State.VOID or poll.meeting.is_closed:
        return None
    void = unrepeated(facts_of(poll.meeting).polls)
    return Work("Lập lượt bỏ phiếu lại", done=poll.pk not in {fact.pk for fact in void})


def _sheet(poll: Poll) -> dict[str, object]:
    """What stands on the ballot."""
    labels = dict(Level.choices)
    return {
        "subjects": list(poll.subjects.all()),
        "levels": [labels[code] for code in poll.levels],
        "max_slips": MAX_SLIPS,
        "slip_count": planning.slips_needed(poll),
        "slips_asked": (),
        "alarm": Alarm.objects.filter(poll=poll).first(),
    }


def _shared_device(request: Request, poll: Poll) -> dict[str, object]:
    """Where a shared device (máy dùng chung) finds its page, to be typed or scanned there."""
    base = site_of(request)
    url = f"{base}/phieu/#{poll.door_key}.may-chung"
    return {"tablet_url": url, "tablet_qr": svg_uri(url)}


def _preparation(poll: Poll) -> dict[str, object]:
    """What there is to know before a poll opens: who counts, who votes and by which door."""
    expected = Attendance.objects.filter(meeting=poll.meeting).with_vote()
    voters = expected.here().exclude(member__in=OwnCase.objects.outside(poll))
    doors = list(voters.values_list("door", flat=True))
    rules = poll.meeting.rules
    names = Attendance.objects.of(poll.meeting).listed_names()
    tellers = Teller.objects.filter(meeting=poll.meeting).select_related("member")
    roll = roll_of(poll.meeting)
    return {
        "roll": roll,
        "confirmation": confirmation_of(roll),
        "tellers": [(teller, names.label(teller.member)) for teller in tellers],
        "voters": len(doors),
        "without_phone": _without_phone(poll.meeting),
        "key_trouble": polling.key_trouble(keys.trouble()),
        "unmarked": expected.filter(state=Attendance.State.EXPECTED).count(),
        "slips": doors.count(Door.SLIP),
        "papers": doors.count(Door.PAPER),
        "few_voters": rules.has_few_voters(len(doors)),
        "min_voters": rules.min_voters,
    }


def _without_phone(meeting: Meeting) -> int:
    """How many are here and vote by phone, while no phone of theirs was let in."""
    if meeting.is_rehearsal:
        return 0
    voters = Attendance.objects.filter(meeting=meeting).here().with_vote()
    admitted = Device.objects.filter(state=Device.State.ADMITTED).values("member")
    return voters.filter(door=Door.PHONE).exclude(member__in=admitted).count()


def _papers(poll: Poll) -> int:
    """How many voters took paper, which the tellers have to type before they close the box."""
    return Issue.objects.of(poll).filter(door=Door.PAPER, declined="").count()


def _press(request: Request, poll: Poll) -> dict[str, object]:
    """The words of the press "Mở hòm"; the second one, asked when something is short, names what."""
    short = "thieu" in request.GET
    return {"asked": short, "missing": still_missing(poll, stamps(poll)) if short else ""}


@require_POST
@refusals_as_messages("ballots:poll")
def poll_open(request: Request, poll: str) -> HttpResponse:
    """Mở lượt bỏ phiếu."""
    polling.open_issuing(request.user, run_poll(request, poll))
    return redirect("ballots:poll", poll)


@require_POST
@refusals_as_messages("ballots:poll")
def poll_reissue(request: Request, poll: str) -> HttpResponse:
    """Phát lại cho tất cả."""
    polling.reissue(request.user, run_poll(request, poll))
    messages.success(request, "Đang phát lại cho tất cả. Các máy tự nhận phiếu mới.")
    return redirect("ballots:poll", poll)


@require_POST
@refusals_as_messages("ballots:poll")
def poll_open_box(request: Request, poll: str) -> HttpResponse:
    """Mở hòm; where something is short, the page asks once more and names it."""
    running = run_poll(request, poll)
    short_ok = request.POST.get("short_ok") == "1"
    is_short = running.state == Poll.State.ISSUING and still_missing(running, stamps(running))
    if is_short and not short_ok:
        return redirect(f"{reverse('ballots:poll', args=[poll])}?thieu=1")
    polling.open_box(request.user, running, short_ok)
    return redirect("ballots:poll", poll)


@require_POST
@refusals_as_messages("ballots:poll")
def poll_void(request: Request, poll: str) -> HttpResponse:
    """Huỷ lượt, with the reason for the minutes."""
    values = cleaned(VoidForm(request.POST))
    polling.void(request.user, run_poll(request, poll), **values)
    return redirect("ballots:poll", poll)


@require_POST
@refusals_as_messages("ballots:poll")
def poll_difference(request: Request, poll: str) -> HttpResponse:
    """Hội nghị quyết định on a count in question: void, or counted again."""
    sealed = run_poll(request, poll)
    values = cleaned(DifferenceForm(request.POST))
    void = values["decision"] == "void"
    differences.decide(request.user, sealed, void, values["reason"])
    if not void:
        messages.success(
            request, "Đã ghi vào biên bản. Xin tổ kiểm phiếu tải lại trang để máy đếm lại."
        )
    return redirect("ballots:poll", poll)


@require_POST
@refusals_as_messages("ballots:poll")
def poll_alarm(request: Request, poll: str) -> HttpResponse:
    """Ghi việc máy hiện khung đỏ; 0 strikes it out."""
    counted = run_poll(request, poll)
    values = cleaned(AlarmForm(request.POST))
    polling.note_alarm(request.user, counted, **values)
    noted = "Đã ghi vào biên bản." if values["hands"] else "Đã bỏ ghi máy hiện khung đỏ."
    messages.success(request, noted)
    return redirect("ballots:poll", poll)


@require_POST
@refusals_as_messages("ballots:poll")
def poll_drop(request: Request, poll: str) -> HttpResponse:
    """Xoá lượt that was never opened."""
    running = run_poll(request, poll)
    meeting = running.meeting
    planning.drop_poll(request.user, running)
    messages.success(request, "Đã xoá lượt bỏ phiếu.")
    return redirect(page_of_polls(meeting), meeting.pk)


@require_POST
@refusals_as_messages("ballots:poll")
def poll_decline(request: Request, poll: str) -> HttpResponse:
    """Không nhận phiếu, with the reason."""
    entry = _entry(request, poll)
    polling.decline(request.user, entry, **cleaned(DeclineForm(request.POST)))
    messages.success(request, f"Đã ghi: đồng chí {_name(entry)} không nhận phiếu.")
    return redirect("ballots:poll", poll)


@require_POST
@refusals_as_messages("ballots:poll")
def poll_door(request: Request, poll: str) -> HttpResponse:
    """Move a voter who waits to another door: a drawn slip, paper, or back to the phone."""
    entry = _entry(request, poll)
    attendance = get_object_or_404(
        Attendance.objects.select_related("member", "meeting"),
        meeting=entry.poll.meeting_id,
        member=entry.member_id,
    )
    set_door(request.user, attendance, **cleaned(DoorForm(request.POST)))
    messages.success(request, f"Đã đổi cách bỏ phiếu của đồng chí {_name(entry)}.")
    return redirect("ballots:poll", poll)


def _name(entry: Issue) -> str:
    return Attendance.objects.of(entry.poll.meeting).listed_names().label(entry.member)


def _entry(request: Request, poll: str) -> Issue:
    """The entry of the present round's roll that was posted as `issue`; Refused after a click in a stale tab."""
    roll = Issue.objects.of(run_poll(request, poll)).select_related("member", "poll__meeting")
    return posted(request, roll, "issue")


@require_POST
@refusals_as_messages("ballots:poll")
def poll_slips(request: Request, poll: str) -> HttpResponse:
    """Print slips to be drawn (PDF); their codes stand here once and are kept nowhere.

    As a file to be saved, unless it is asked for on the screen: most laptops of a hall show theirs on its wall.
    """
    running = run_poll(request, poll)
    data = cleaned(SlipsForm(request.POST))
    count = data["count"]
    questions = planning.questions_of_slips(running.meeting, count)
    if not is_sure(request, questions):
        sure = fingerprint(questions)
        return _poll(request, running, slips_asked=questions, sure=sure, slip_count=count)
    codes = planning.print_slips(request.user, running, count)
    slips = gather_slips(running, codes, site_of(request))
    return _pdf(slips, "phieu-boc-tham", shown=data["shown"])


@require_safe
def poll_papers(request: Request, poll: str) -> HttpResponse:
    """Blank paper ballots, one for each voter by paper, or for everybody where nobody is yet down for paper."""
    running = run_poll(request, poll)
    voters = Attendance.objects.filter(meeting=running.meeting).present().with_vote()
    copies = voters.filter(door=Door.PAPER).count() or voters.count() or 1
    return _pdf(gather_ballot_sheets(running, copies), "phieu-giay")


@require_safe
def ballot_word(request: Request, poll: str) -> HttpResponse:
    """One blank paper ballot as Word, to be printed elsewhere."""
    running = run_poll(request, poll)
    content = render.docx(gather_ballot_sheets(running, 1))
    return file_response(content, file_name(running.meeting, "Phieu giay"), "docx")


def _pdf(data: PaperData, name: str, shown: bool = True) -> HttpResponse:
    response = HttpResponse(render.pdf(render.html(data)), content_type="application/pdf")
    way = "inline" if shown else "attachment"
    response["Content-Disposition"] = f'{way}; filename="{name}.pdf"'
    return response
