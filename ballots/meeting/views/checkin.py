"""Điểm danh: phones that knock, the list of members, guests; the live parts renew themselves every few seconds."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ballots.core.guard import refusals_as_messages, sentence
from ballots.core.page import cleaned, done, is_sure, posted, run_of_any_body, show
from ballots.core.verbs import Refused
from ballots.meeting import checkin as checkin_verbs
from ballots.meeting import planning, running
from ballots.meeting.checkin import Knock, knocks
from ballots.meeting.forms import GuestForm, LeaveForm, MarkForm, NumbersForm
from ballots.results.tally import roll
from ballots.voting import doors
from ballots.voting.forms import DoorForm
from cells.models import Meeting
from cells.stale import fingerprint
from cells.wording import fraction, percent_of, two_digits
from members.joining.codes import key_of
from members.models import Attendance, Device, Door, Guest, Member
from members.rules.names import ListedNames
from partyreview.http import Request, posted_numbers, site_of
from partyreview.qr import svg_uri

DOUBLED = "Hai máy cùng chọn tên {}: xin hỏi số rồi nhận đúng một máy."
TAKEN = "Chưa nhận máy chọn tên {}: đồng chí ấy đã có mặt hoặc có máy khác. Xin xem riêng dòng ấy."
# The parts of the page that renew themselves, by the id under which htmx asks for them.
PARTS = ("door", "list")


@dataclass(frozen=True)
class Mark:
    """What was written of one line and not taken: the sentence why, or what a second press is asked for."""

    attendance: int
    reason: str
    sentence: str = ""
    asked: tuple[str, ...] = ()

    @property
    def sure(self) -> str:
        """What the second press says yes to."""
        return fingerprint(list(self.asked))


@dataclass(frozen=True)
class CheckinRow:
    """One line of the list; `phone`: a phone of this member was admitted once; `refused`: what was just not taken."""

    attendance: Attendance
    label: str
    phone: bool
    refused: "Mark | None" = None

    @property
    def typed(self) -> str:
        """What stands in the field of the reason."""
        return self.refused.reason if self.refused else self.attendance.reason

    @property
    def wrong(self) -> str:
        """Why what was written of this line was not taken."""
        return self.refused.sentence if self.refused else ""

    @property
    def needs_door(self) -> bool:
        """Whether a voter is here whose ballot has no way into the box yet."""
        row = self.attendance
        here = row.is_here and row.has_vote
        return here and row.door == Door.PHONE and not self.phone

    @property
    def note(self) -> str:
        """The way of voting of a voter who is here; why a member is not."""
        row = self.attendance
        if row.left_at:
            return f"ra về lúc {timezone.localtime(row.left_at):%H:%M}"
        if row.state == Attendance.State.PRESENT and row.has_vote and not self.needs_door:
            return str(row.get_door_display()).lower()
        return row.reason


@dataclass(frozen=True)
class KnockLine:
    """A phone that waits, as written; `note`: what the secretary has to see before the press, "" if nothing."""

    knock: Knock
    label: str
    note: str


@dataclass(frozen=True)
class Quorum:
    """How many of the voters came, and what that allows."""

    present: int
    summoned: int
    enough: bool
    short: bool
    least: str  # how many must come, in words

    @property
    def came(self) -> str:
        """How many of how many are there."""
        return fraction(self.present, self.summoned)

    @property
    def percent(self) -> str:
        """The share, as written; "" while nobody is summoned."""
        return percent_of(self.present, self.summoned) or ""


def quorum_of(meeting: Meeting, rows: Iterable[Attendance]) -> Quorum:
    """The quorum among the lines of the list, under the campaign's rules."""
    voters = roll((row.standing, row.state) for row in rows)
    rules = meeting.rules
    enough = rules.may_open(voters.present, voters.summoned)
    short = rules.is_short(voters.present, voters.summoned)
    least = rules.least_present(voters.summoned)
    return Quorum(voters.present, voters.summoned, enough, short, least)


@require_safe
def checkin(request: Request, pk: int) -> HttpResponse:
    """The board: who knocks, who came, how many are still missing."""
    return _board(request, run_of_any_body(request, pk))


def _board(
    request: Request, meeting: Meeting, refused: Mark | None = None, typed: str = ""
) -> HttpResponse:
    rows = list(Attendance.objects.of(meeting))
    part = request.htmx.target if request.htmx and request.htmx.target in PARTS else ""
    template = f"ballots/meeting/checkin.html#{part}" if part else "ballots/meeting/checkin.html"
    names = ListedNames(row.member for row in rows)
    waiting = _knocks(meeting, names)
    context = {
        "groups": _groups(rows, names, refused),
        "tab": "ballots:checkin",
        "knocks": waiting,
        "known": sum(line.knock.known for line in waiting),
        "quorum": quorum_of(meeting, rows),
        "doors": Door,
        "oob": bool(part),
        "typed": typed,
        **address(request, meeting),
    }
    status = 422 if refused or typed else 200
    return show(request, template, meeting, context, status=status)


def _groups(
    rows: list[Attendance], names: ListedNames, refused: Mark | None
) -> list[tuple[str, list[CheckinRow]]]:
    """The list in three parts: still awaited, settled, and those who need not come."""
    admitted = Device.objects.filter(
        member__in=[row.member_id for row in rows], state=Device.State.ADMITTED
    )
    phones = set(admitted.values_list("member_id", flat=True))
    people = [
        CheckinRow(
            attendance=row,
            label=names.label(row.member),
            phone=row.member_id in phones,
            refused=refused if refused and refused.attendance == row.pk else None,
        )
        for row in rows
    ]
    waiting = [p for p in people if p.attendance.state == Attendance.State.EXPECTED]
    need_not = (Member.Status.EXEMPT, Member.Status.SUSPENDED)
    return [
        ("Chưa đến", [p for p in waiting if p.attendance.standing not in need_not]),
        ("Đã điểm danh", [p for p in people if p not in waiting]),
        ("Không bắt buộc dự", [p for p in waiting if p.attendance.standing in need_not]),
    ]


def _knocks(meeting: Meeting, names: ListedNames) -> list[KnockLine]:
    return [
        KnockLine(knock, names.label(knock.device.member), _note(meeting, knock))
        for knock in knocks(meeting)
    ]


def _note(meeting: Meeting, knock: Knock) -> str:
    """What is known of the member in whose name a phone knocks: both phones, where there are two."""
    former = knock.former
    if former is None:
        return "Đồng chí này đã được ghi có mặt mà chưa có máy." if knock.present else ""
    here = former.meeting_id == meeting.pk
    came = "bằng đường dẫn" if former.by_link else "tại buổi họp này" if here else "từ trước"
    now = "đã có mặt, " if knock.present else ""
    return f"Đồng chí này {now}đang có một máy khác, được nhận {came}. Hỏi đúng người rồi mới đổi."


def address(request: Request, meeting: Meeting) -> dict[str, str]:
    """What leads a phone here: the short address, the digits in two groups, and a QR code that no guess will hit."""
    base = site_of(request)
    if meeting.code is None:
        return {"host": base.partition("://")[2], "code": "", "qr": ""}
    code = meeting.code
    return {
        "host": base.partition("://")[2],
        "code": f"{code[:3]} {code[3:]}",
        "qr": svg_uri(f"{base}/{key_of(code)}"),
    }


def _back(pk: int, attendance: Attendance | None = None) -> HttpResponseRedirect:
    """To the board, at the member's line."""
    place = f"#dv-{attendance.pk}" if attendance else ""
    return HttpResponseRedirect(reverse("ballots:checkin", args=[pk]) + place)


@require_POST
@refusals_as_messages("ballots:checkin")
def checkin_open(request: Request, pk: int) -> HttpResponse:
    """Give the meeting its six digits."""
    checkin_verbs.open_checkin(request.user, run_of_any_body(request, pk))
    return _back(pk)


@require_POST
@refusals_as_messages("ballots:checkin")
def checkin_close(request: Request, pk: int) -> HttpResponse:
    """Take the six digits away."""
    checkin_verbs.close_checkin(request.user, run_of_any_body(request, pk))
    messages.success(request, "Đã đóng điểm danh: mã vào họp không dùng được nữa.")
    return _back(pk)


@require_POST
@refusals_as_messages("ballots:checkin")
def admit(request: Request, pk: int) -> HttpResponse:
    """Let one knocking phone in."""
    meeting = run_of_any_body(request, pk)
    device = posted(request, Device.objects.select_related("member"), "device")
    checkin_verbs.admit(request.user, meeting, device, request.POST.get("moved") == "1")
    return _back(pk)


@require_POST
@refusals_as_messages("ballots:checkin")
def admit_all(request: Request, pk: int) -> HttpResponse:
    """Let in the phones of the page that are known from before, and those whose numbers were typed."""
    meeting = run_of_any_body(request, pk)
    shown = posted_numbers(request, "shown")
    form = NumbersForm(request.POST)
    try:
        admitted = checkin_verbs.admit_all(request.user, meeting, shown, **cleaned(form))
    except Refused as refusal:
        messages.error(request, sentence(refusal))
        return _board(request, meeting, typed=form["numbers"].value())
    for names, why in ((admitted.doubled, DOUBLED), (admitted.taken, TAKEN)):
        if names:
            messages.warning(request, why.format(", ".join(names)))
    rest = len(shown) - admitted.phones - 2 * len(admitted.doubled) - len(admitted.taken)
    more = f" Còn {two_digits(rest)} máy mới, xin hỏi số rồi nhận từng máy." if rest > 0 else ""
    messages.success(request, f"Đã nhận {two_digits(admitted.phones)} máy.{more}")
    return _back(pk)


@require_POST
@refusals_as_messages("ballots:checkin")
def refuse(request: Request, pk: int) -> HttpResponse:
    """Send one knocking phone away."""
    meeting = run_of_any_body(request, pk)
    device = posted(request, Device.objects.select_related("member"), "device")
    checkin_verbs.refuse(request.user, meeting, device)
    name = Attendance.objects.of(meeting).listed_names().label(device.member)
    messages.success(request, f"Đã trả lại máy chọn tên đồng chí {name}.")
    return _back(pk)


@require_POST
@refusals_as_messages("ballots:checkin")
def refuse_all(request: Request, pk: int) -> HttpResponse:
    """Từ chối tất cả."""
    count = checkin_verbs.refuse_all(request.user, run_of_any_body(request, pk))
    messages.success(request, f"Đã từ chối {two_digits(count)} máy đang chờ.")
    return _back(pk)


@require_POST
@refusals_as_messages("ballots:checkin")
def checkin_code(request: Request, pk: int) -> HttpResponse:
    """Đổi mã."""
    checkin_verbs.change_code(request.user, run_of_any_body(request, pk))
    messages.success(request, "Đã đổi mã vào họp. Mã cũ không dùng được nữa.")
    return _back(pk)


@require_POST
@refusals_as_messages("ballots:checkin")
def mark(request: Request, pk: int) -> HttpResponse:
    """Record by hand who came and who did not; a reason that is missing or wrong is said at the line."""
    meeting = run_of_any_body(request, pk)
    row = _row(request, meeting)
    values = cleaned(MarkForm(request.POST))
    questions = checkin_verbs.questions_of_mark(meeting, row, values["state"])
    if not is_sure(request, questions):
        return _board(request, meeting, Mark(row.pk, values["reason"], asked=tuple(questions)))
    try:
        checkin_verbs.mark(request.user, row, **values)
    except ValidationError as error:
        return _board(request, meeting, Mark(row.pk, values["reason"], sentence(error)))
    return _back(pk, row)


@require_POST
@refusals_as_messages("ballots:checkin")
def leave(request: Request, pk: int) -> HttpResponse:
    """Ra về trước: the hour, for the minutes."""
    row = _row(request, run_of_any_body(request, pk))
    checkin_verbs.leave(request.user, row, **cleaned(LeaveForm(request.POST)))
    return _back(pk, row)


@require_POST
@refusals_as_messages("ballots:checkin")
def set_door(request: Request, pk: int) -> HttpResponse:
    """Choose how this voter's ballot reaches the box."""
    row = _row(request, run_of_any_body(request, pk))
    doors.set_door(request.user, row, **cleaned(DoorForm(request.POST)))
    return _back(pk, row)


@require_POST
@refusals_as_messages("ballots:checkin")
def rehearsal_fill(request: Request, pk: int) -> HttpResponse:
    """In a rehearsal: count everybody as present."""
    planning.fill_rehearsal(request.user, run_of_any_body(request, pk))
    return _back(pk)


def _row(request: Request, meeting: Meeting) -> Attendance:
    return posted(request, Attendance.objects.of(meeting).select_related("meeting"), "attendance")


@require_http_methods(["GET", "HEAD", "POST"])
def guests(request: Request, pk: int) -> HttpResponse:
    """Guests (đại biểu), who have no vote: the list and a form for one more."""
    meeting = run_of_any_body(request, pk)
    form = GuestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if done(form, running.add_guest, request.user, meeting, values["name"], values["post"]):
            return redirect("ballots:guests", pk)
    context = {"form": form, "guests": Guest.objects.filter(meeting=meeting)}
    return show(request, "ballots/meeting/guests.html", meeting, context)


@require_POST
@refusals_as_messages("ballots:guests")
def guest_remove(request: Request, pk: int) -> HttpResponse:
    """Take a guest off the list."""
    meeting = run_of_any_body(request, pk)
    rows = Guest.objects.filter(meeting=meeting).select_related("meeting")
    running.remove_guest(request.user, posted(request, rows, "guest"))
    return redirect("ballots:guests", pk)
