"""The run of the meeting: opening, agenda, comments, tellers, conclusions, minutes, closing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from ballots.core import hands
from ballots.core.steps import ABSENT, absent_duties
from ballots.core.verbs import (
    Refused,
    locked_meeting,
    must_be_counted,
    must_be_editable,
    must_be_open,
    must_be_rated,
    must_run,
    subject_columns,
)
from ballots.models import Classification, Paper, Poll, Teller
from ballots.papers import lock, numbers
from ballots.papers.kinds import OF_MINUTES
from ballots.papers.numbers import must_be_free
from ballots.secret import hygiene
from cells import wording
from cells.models import Cell, Collective, InvalidTransition, Meeting
from cells.stale import STALE, fingerprint
from members.models import Attendance, Comment, Device, Guest, Member, Office, Seat, User
from members.rules.names import ListedNames


@transaction.atomic(durable=True)
def open_meeting(user: User, meeting: Meeting) -> None:
    """Khai mạc; Refused without chair and clerk present, or when too few voters came."""
    meeting = must_be_editable(user, meeting)
    if meeting.is_sitting:
        _must_list_who_sits(meeting)
    missing = absent_duties(Attendance.objects.of(meeting))
    if missing:
        raise Refused(f"{missing} {ABSENT}")
    present = Attendance.objects.filter(meeting=meeting).present()
    summoned = Attendance.objects.filter(meeting=meeting).with_vote().count()
    came = present.with_vote().count()
    if not meeting.rules.may_open(came, summoned):
        raise Refused(
            f"Mới có mặt {wording.fraction(came, summoned)} đồng chí có quyền biểu quyết, "
            f"chưa đủ để khai mạc: {meeting.rules.least_present(summoned)}."
        )
    meeting.open()
    meeting.next_item(0)
    user.record("meeting.opened", meeting)


NOT_IN_STEP = (
    "Danh sách dự họp chưa khớp với danh sách cấp ủy viên ngày {}. "
    "Xin bấm “Cập nhật theo danh sách cấp ủy viên” ở trang “Chương trình” trước."
)


def _must_list_who_sits(meeting: Meeting) -> None:
    """Refused where somebody is listed who does not sit on the committee that day, or the other way round."""
    listed = Attendance.objects.filter(meeting=meeting).values_list("member", flat=True)
    if set(listed) != set(Seat.objects.summoned(meeting).values_list("member", flat=True)):
        raise Refused(NOT_IN_STEP.format(f"{timezone.localdate(meeting.starts_at):%d/%m/%Y}"))


@transaction.atomic(durable=True)
def next_item(user: User, meeting: Meeting, step: int) -> None:
    """Go on from agenda item `step`; a stale tab changes nothing."""
    must_be_open(user, meeting).next_item(step)


@transaction.atomic(durable=True)
def previous_item(user: User, meeting: Meeting, step: int) -> None:
    """Go back from agenda item `step`, as to one that was passed over; a stale tab changes nothing."""
    must_be_open(user, meeting).previous_item(step)


@transaction.atomic(durable=True)
def comment(
    user: User,
    meeting: Meeting,
    by: Member | Guest,
    on: Member | Collective | None,
    text: str,
    kind: str = Comment.Kind.OPINION,
    reserved: bool = False,
    of: Meeting | None = None,
) -> Comment:
    """Take down who said what about whom (None: about the cell), and whether the speaker reserves it.

    `of`: at a committee's meeting, about whose file. What was sent twice is taken down once.
    """
    meeting = must_be_open(user, meeting)
    row = Comment(meeting=meeting, of=of)
    _fill_in(row, by, on, text, kind, reserved)
    if same := Comment.objects.same_as(row):
        return same
    row.save()
    user.record("comment.taken", meeting)
    return row


def mark_of(comment: Comment) -> str:
    """What a page that was drawn from this comment sends along."""
    about = [comment.by_id, comment.guest_id, comment.on_id, comment.on_collective_id]
    about += [comment.of_id] if comment.of_id else []
    return fingerprint([*about, comment.kind, comment.reserved, comment.text])


@transaction.atomic(durable=True)
def edit_comment(
    user: User,
    comment: Comment,
    by: Member | Guest,
    on: Member | Collective | None,
    text: str,
    kind: str,
    reserved: bool,
    seen: str = "",
    of: Meeting | None = None,
) -> None:
    """Take down otherwise what somebody said, as a page had it with this mark; the former text stays in the audit."""
    meeting = must_be_open(user, comment.meeting)
    former = Comment.objects.select_for_update(of=("self",)).filter(pk=comment.pk).first()
    if former is None:
        raise Refused(STALE)
    if seen and seen != mark_of(former):
        raise Refused(f"{STALE} Đang lưu: “{former.text}”")
    user.record("comment.changed", meeting, comment=former.pk, text=former.text)
    former.of = of
    _fill_in(former, by, on, text, kind, reserved)
    former.save()


def _fill_in(
    row: Comment,
    by: Member | Guest,
    on: Member | Collective | None,
    text: str,
    kind: str,
    reserved: bool,
) -> None:
    row.by, row.guest = (None, by) if isinstance(by, Guest) else (by, None)
    row.on, row.on_collective = (None, on) if isinstance(on, Collective) else (on, None)
    row.text, row.kind, row.reserved = text.strip(), kind, reserved
    row.clean_fields()
    row.validate_constraints()


@transaction.atomic(durable=True)
def remove_comment(user: User, comment: Comment) -> None:
    """Strike a comment; its text stays in the audit."""
    must_be_open(user, comment.meeting)
    guest = comment.guest.name if comment.guest else None
    user.record(
        "comment.removed", comment.meeting, by=comment.by_id, guest=guest, text=comment.text
    )
    comment.delete()


@transaction.atomic(durable=True)
def set_lines(user: User, attendance: Attendance, self_review: str, reply: str) -> None:
    """Keep what the minutes tell of a member's self-review and of the answer to the comments."""
    meeting = must_be_open(user, attendance.meeting)
    attendance.self_review, attendance.reply = self_review, reply
    attendance.clean_fields(exclude=["meeting", "member"])
    attendance.save(update_fields=["self_review", "reply"])
    user.record("attendance.lines", attendance, meeting=meeting.pk)


@transaction.atomic(durable=True)
def add_guest(user: User, meeting: Meeting, name: str, post: str) -> Guest:
    """Record a guest, who has no vote; one sent twice is recorded once."""
    meeting = must_be_editable(user, meeting)
    guest = Guest(meeting=meeting, name=name.strip(), post=post.strip())
    guest.clean_fields()
    listed = Guest.objects.filter(meeting=meeting, name=guest.name, post=guest.post)
    if same := listed.first():
        return same
    guest.save()
    user.record("guest.added", meeting)
    return guest


@transaction.atomic(durable=True)
def remove_guest(user: User, guest: Guest) -> None:
    """Take a guest off the list; Refused while something the guest said is taken down."""
    must_be_editable(user, guest.meeting)
    if Comment.objects.filter(guest=guest).exists():
        raise Refused(
            f"Đã ghi ý kiến của đại biểu {guest}. Xin bỏ ý kiến ấy ở trang “Góp ý” trước."
        )
    user.record("guest.removed", guest.meeting, name=guest.name)
    guest.delete()


@transaction.atomic(durable=True)
def name_tellers(user: User, meeting: Meeting, members: list[Member], yes: int, of: int) -> None:
    """Set the tellers (the first leads), approved by `yes` of `of` hands; replaces a former choice."""
    meeting = must_be_open(user, meeting)
    if Poll.objects.filter(meeting=meeting).active().exists():
        raise Refused("Đang có lượt bỏ phiếu, chưa đổi tổ kiểm phiếu được.")
    known = teller_problems(meeting)
    problems = [known.get(member.pk, NOT_LISTED) for member in members]
    if not members or any(problems):
        raise Refused(next(filter(None, problems), NO_TELLER))
    if few := meeting.rules.few_tellers(len(members)):
        raise Refused(f"{few}.")
    _must_carry("Tổ kiểm phiếu", meeting, yes, of)
    Teller.objects.filter(meeting=meeting).delete()
    for place, member in enumerate(members):
        Teller.objects.create(meeting=meeting, member=member, lead=place == 0)
    Meeting.objects.filter(pk=meeting.pk).update(tellers_yes=yes, tellers_of=of)
    user.record("tellers.named", meeting, members=[member.pk for member in members])


def _must_carry(what: str, meeting: Meeting, yes: int, of: int) -> None:
    """Refused unless those here can have raised so many hands, and these carry `what`."""
    voters = Attendance.objects.filter(meeting=meeting).voters_here()
    if refusal := hands.refusal(what, yes, of, voters):
        raise Refused(refusal)


NO_TELLER = "Xin chọn ít nhất một đồng chí vào tổ kiểm phiếu."
NOT_LISTED = "Đồng chí này không có trong danh sách dự hội nghị."


def teller_problems(meeting: Meeting) -> dict[int, str]:
    """Per member on the list: why not a teller, in one sentence, or "" for those who may be."""
    listed = list(Attendance.objects.of(meeting))
    heads = _heads(meeting)
    full = [row for row in listed if row.standing == Member.Status.FULL and row.is_here]
    clerk_too = len(full) < meeting.rules.clerk_may_count_below
    names = ListedNames(row.member for row in listed)
    return {
        row.member_id: _teller_problem(
            row, names.label(row.member), row.member_id in heads, clerk_too
        )
        for row in listed
    }


def _heads(meeting: Meeting) -> set[int]:
    """Who is secretary of what meets, who does not count."""
    if meeting.committee is not None:
        held = Seat.objects.summoned(meeting).filter(post=Seat.Post.SECRETARY)
        return set(held.values_list("member", flat=True))
    offices = Office.objects.held().filter(kind=Office.Kind.SECRETARY)
    listed = offices.filter(member__attendance__meeting=meeting)
    return set(listed.values_list("member", flat=True))


def _teller_problem(attendance: Attendance, name: str, head: bool, clerk_too: bool) -> str:
    """`head`: the cell's secretary; `clerk_too`: so few are here that the clerk may count."""
    who = f"Đồng chí {name}"
    if attendance.standing != Member.Status.FULL:
        return f"{who} không phải đảng viên chính thức nên không vào tổ kiểm phiếu được."
    if not attendance.is_here:
        return f"{who} không có mặt nên không vào tổ kiểm phiếu được."
    if attendance.duty == Attendance.Duty.CHAIR:
        return f"{who} chủ trì hội nghị nên không vào tổ kiểm phiếu được."
    if head:
        return f"{who} là bí thư nên không vào tổ kiểm phiếu được."
    if attendance.duty == Attendance.Duty.CLERK and not clerk_too:
        return f"{who} là thư ký; chỉ khi ít người dự thì thư ký mới vào tổ kiểm phiếu."
    return ""


@transaction.atomic(durable=True)
def conclude(
    user: User, meeting: Meeting, subject: Member | Collective | None, level: str, reason: str
) -> None:
    """Record the chair's conclusion on a subject (None: the cell), with its reason; former versions stay."""
    meeting = must_be_open(user, meeting)
    must_be_counted(meeting)
    must_be_rated(meeting, subject)
    Classification.objects.replace(
        meeting=meeting,
        **subject_columns(subject),
        source=Classification.Source.CHAIR,
        level=level,
        reason=reason.strip(),
    )
    about = {"collective" if isinstance(subject, Collective) else "member": subject and subject.pk}
    user.record("meeting.concluded", meeting, **about, level=level)


@transaction.atomic(durable=True)
def set_conclusion_text(user: User, meeting: Meeting, text: str, seen: str = "") -> None:
    """Keep the chair's closing words for the minutes, in place of those with the fingerprint `seen`."""
    meeting = must_be_open(user, meeting)
    if seen and seen != fingerprint(meeting.conclusion):
        raise Refused(STALE)
    Meeting.objects.filter(pk=meeting.pk).update(conclusion=text.strip())
    user.record("meeting.conclusion_saved", meeting)


def must_await_passing(meeting: Meeting) -> None:
    """Refused unless the meeting is open and its minutes are not passed, as after a second click."""
    if meeting.state != Meeting.State.OPEN or Paper.objects.passed(meeting):
        raise Refused(STALE)


def pass_minutes(
    user: User,
    meeting: Meeting,
    yes: int,
    of: int,
    ends_at: datetime,
    site: str = "",
    number: int | None = None,
    counted: tuple[datetime, datetime] | None = None,
    copies: int | None = None,
    filed: Sequence[str] = (),
    symbol: str = "",
) -> None:
    """Thông qua biên bản with `yes` of `of` hands: both papers are rendered, then stored with their SHA-256.

    A paper is rendered before the transaction that stores it; that transaction stores nothing if what
    the paper says has changed meanwhile. A passed paper is never rendered again. `site`: where its check
    code is looked up, "https://host". `number`: of the minutes, the count taking the next one; None leaves
    both without, and rehearsals and committees' meetings take none. `counted`: when the count began and ended;
    `copies`, `filed`: how many are made and where they are kept.
    """
    unnumbered = meeting.is_rehearsal or meeting.is_sitting
    chosen_numbers = {} if unnumbered else numbers.from_first(OF_MINUTES, number)
    _numbers_are_free(meeting, chosen_numbers)
    ending = {"minutes_yes": yes, "minutes_of": of, "ends_at": ends_at, "minutes_symbol": symbol}
    ending |= dict(zip(("count_starts_at", "count_ends_at"), counted or (None, None), strict=True))
    _write_ending(user, meeting, ending | {"copies": copies, "filed": list(filed)})
    meeting.refresh_from_db()
    drafts = [lock.draft(meeting, kind, site, chosen_numbers.get(kind)) for kind in OF_MINUTES]
    with transaction.atomic(durable=True):
        if not meeting.is_sitting:
            # Numbers run through all papers of the cell: its meetings wait for each other here.
            Cell.objects.select_for_update(no_key=True).get(pk=meeting.cell.pk)
        _numbers_are_free(meeting, chosen_numbers)
        must_be_open(user, meeting)
        for made in drafts:
            if not lock.still_true(made, site):
                raise Refused(STALE)
            made.paper.save(force_insert=True)
        user.record("minutes.passed", meeting, yes=yes, of=of)


def _numbers_are_free(meeting: Meeting, chosen: dict[str, int]) -> None:
    """Refused where another paper of the cell has one of them; a committee's office numbers its own papers."""
    if chosen:
        must_be_free(Cell.objects.get(pk=meeting.cell.pk), chosen)


@transaction.atomic(durable=True)
def _write_ending(user: User, meeting: Meeting, ending: dict[str, Any]) -> None:
    """`ending`: the columns of the meeting that are written when its minutes are passed."""
    meeting = must_be_open(user, meeting)
    yes, of = ending["minutes_yes"], ending["minutes_of"]
    unfinished = Poll.objects.filter(meeting=meeting).unfinished().first()
    if unfinished is not None:
        raise Refused(f"Lượt “{unfinished.title}” chưa được tổ kiểm phiếu xác nhận kết quả.")
    _must_carry("Biên bản", meeting, yes, of)
    if ending["ends_at"] <= meeting.starts_at:
        raise Refused("Giờ kết thúc phải sau giờ bắt đầu. Xin xem lại.")
    waiting = Attendance.objects.filter(meeting=meeting, state=Attendance.State.EXPECTED)
    waiting.update(state=Attendance.State.ABSENT)
    for column, value in ending.items():
        setattr(meeting, column, value)
    meeting.validate_constraints()
    try:
        with transaction.atomic():
            meeting.save(update_fields=list(ending))
    except IntegrityError as error:  # another meeting of the committee took the number meanwhile
        meeting.validate_constraints()
        raise Refused(STALE) from error


@transaction.atomic(durable=True)
def close_meeting(user: User, meeting: Meeting) -> None:
    """Bế mạc: only once the minutes are passed; the six digits go with it, and phones knock no more."""
    must_run(user, meeting)
    meeting = locked_meeting(meeting)
    if meeting.state != Meeting.State.OPEN:
        raise InvalidTransition(meeting)
    if not Paper.objects.passed(meeting):
        raise Refused("Xin đọc và thông qua biên bản trước khi bế mạc.")
    meeting.close()
    Device.objects.knocking(meeting).stop_knocking()
    user.record("meeting.closed", meeting)
    transaction.on_commit(hygiene.scrub)
