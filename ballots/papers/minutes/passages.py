"""The passages that the minutes of a meeting and of its count have in common."""

from datetime import datetime
from fractions import Fraction

from ballots.papers import parts
from ballots.papers.data import Reasoned
from ballots.papers.minutes.data import (
    Participant,
    PollResult,
    PollRow,
    Recount,
    Roll,
    Sitting,
    Tellers,
    VoidPoll,
)
from ballots.papers.press.document import Column, Flow, TextBlock
from cells import wording

WAYS = {
    "phone": "trên điện thoại của {}",
    "slip": "trên máy dùng chung bằng phiếu bốc thăm",
    "paper": "bằng phiếu giấy do hai thành viên Tổ kiểm phiếu nhập độc lập",
}
COUNTED_TWICE = (
    "Tổ kiểm phiếu đã kiểm lại toàn bộ số phiếu bằng một máy khác; hai kết quả trùng khớp."
)
NO_POLLS = "Không có lượt bỏ phiếu nào được kiểm phiếu."


def named(participant: Participant) -> str:
    """Name and post, where there is one."""
    return f"{participant.name}, {participant.post}" if participant.post else participant.name


def occasion(sitting: Sitting) -> str:
    """What the meeting was held for, in lower case as a title's second line is."""
    if sitting.committee:
        return f"hội nghị xét, bỏ phiếu xếp loại chất lượng {sitting.head.subjects} {sitting.head.period}"
    extra = " bổ sung" if sitting.extra else ""
    return (
        f"hội nghị{extra} kiểm điểm, đánh giá, xếp loại chất lượng "
        f"{sitting.head.subjects} {sitting.head.period}"
    )


def time_and_place(flow: Flow, sitting: Sitting, what: str = "Thời gian") -> None:
    """When the meeting began, and where."""
    start = sitting.starts_at
    flow.point(f"{what}: bắt đầu lúc {wording.clock(start)}, {wording.long_date(start.date())}.")
    flow.point(f"Địa điểm: {sitting.venue or '…'}.")


def roll_call(flow: Flow, sitting: Sitting) -> None:
    """Who was called, who came, who did not and why."""
    roll, who = sitting.roll, sitting.voters
    total = sum(standing.listed for standing in roll.standings)
    standings = [f"{s.label} {wording.two_digits(s.listed)}" for s in roll.standings if s.listed]
    if not sitting.committee:
        flow.dash(
            f"Tổng số đảng viên của Chi bộ: {parts.people(total)}; trong đó: {', '.join(standings)}."
        )
    called = roll.summoned
    came, absent = (
        parts.of_people(roll.present, called),
        parts.of_people(called - roll.present, called),
    )
    flow.dash(
        f"{who} có quyền biểu quyết được triệu tập: {parts.people(called)}; "
        f"có mặt: {came}; vắng mặt: {absent}."
    )
    _others_present(flow, roll)
    if roll.absences:
        flow.dash(f"{who} vắng mặt:", keep=True)
        _listed(flow, [_absence(absence) for absence in roll.absences])
    if roll.left:
        flow.dash(f"{who} ra về trước khi hội nghị kết thúc:", keep=True)
        _listed(flow, [f"đồng chí {name}, lúc {wording.clock(at)}" for name, at in roll.left])
        flow.note(
            "Đồng chí ra về trước vẫn giữ phiếu đã nhận; lượt mở sau đó không phát phiếu cho đồng chí ấy."
        )
    _phone_changes(flow, roll, "cán bộ điều hành" if sitting.committee else "bí thư")


def _phone_changes(flow: Flow, roll: Roll, by: str) -> None:
    """Phones that became a member's after check-in had begun, which the room saw on the screen."""
    changes = [
        f"{what} {wording.two_digits(len(names))} máy ({', '.join(f'đồng chí {name}' for name in names)})"
        for what, names in (("nối bằng đường dẫn", roll.linked), ("đổi", roll.moved))
        if names
    ]
    if changes:
        flow.dash(
            f"Điện thoại dùng để bỏ phiếu do {by} cho nối hoặc đổi sau khi mở điểm danh: {'; '.join(changes)}."
        )


def _others_present(flow: Flow, roll: Roll) -> None:
    for standing in roll.standings[1:]:
        if standing.present:
            came = parts.of_people(standing.present, standing.listed)
            flow.dash(f"Đảng viên {standing.label} có mặt: {came}.")


def _absence(absence: Reasoned) -> str:
    why = f"có lý do: {absence.reason}" if absence.reason else "không có lý do"
    return f"đồng chí {absence.name}, {why}"


def _listed(flow: Flow, texts: list[str]) -> None:
    for text in texts[:-1]:
        flow.plus(f"{wording.capitalized(text)};")
    flow.plus(f"{wording.capitalized(texts[-1])}.")


def guests(flow: Flow, listed: tuple[Participant, ...]) -> None:
    """Who else was there, without a vote."""
    if listed:
        flow.dash("Đại biểu dự hội nghị:", keep=True)
        _listed(flow, [named(guest) for guest in listed])


def leaders(flow: Flow, sitting: Sitting) -> None:
    """Who presided and who took the minutes."""
    flow.point(f"Chủ trì: đồng chí {named(sitting.chair)}.")
    flow.point(f"Thư ký: đồng chí {named(sitting.clerk)}.")


def tellers(flow: Flow, chosen: Tellers) -> None:
    """Who counted, and the show of hands that approved them."""
    if not chosen.people:
        flow.text("Hội nghị không lập Tổ kiểm phiếu.")
        return
    flow.text(
        f"Theo giới thiệu của chủ trì, hội nghị biểu quyết bằng hình thức giơ tay, "
        f"thông qua Tổ kiểm phiếu gồm {parts.people(len(chosen.people))}:",
        keep=True,
    )
    last = len(chosen.people) - 1
    for place, teller in enumerate(chosen.people):
        duty = "thành viên" if place else "Tổ trưởng"
        flow.dash(f"Đồng chí {teller.name}, {duty}{'.' if place == last else ';'}", keep=not place)
    flow.text(f"Kết quả biểu quyết: {hands(chosen.yes, chosen.total)}.")


def hands(yes: int | None, total: int | None) -> str:
    """ "08/08 đồng chí đồng ý", or dots before the hands were counted."""
    if yes is None or total is None:
        return wording.bound("…/… đồng chí đồng ý")
    return f"{parts.of_people(yes, total)} đồng ý"


def counted(flow: Flow, sitting: Sitting) -> None:
    """When the count began and ended."""
    if sitting.counted:
        start, end = map(wording.clock, sitting.counted)
        day = wording.long_date(sitting.counted[1].date())
        flow.point(f"Thời gian kiểm phiếu: bắt đầu lúc {start}, kết thúc lúc {end}, {day}.")


def copies(sitting: Sitting, draft: bool = False) -> str:
    """How many copies there are and where they are filed, as a sentence; dots while a draft waits for the number."""
    if sitting.copies is None and not draft:
        return ""
    number = "…" if sitting.copies is None else wording.two_digits(sitting.copies)
    places = [
        place.removeprefix("Lưu ").removeprefix("tại ").rstrip(".;,") for place in sitting.filed
    ]
    filed = f", lưu: {'; '.join(places)}" if places else ""
    return f"Biên bản này được lập thành {wording.bound(f'{number} bản')}{filed}."


def how_held(flow: Flow, sitting: Sitting) -> None:
    """How the vote was held, and which ballots were invalid."""
    who = wording.uncapitalized(sitting.voters)
    ways = [WAYS[door].format(who) for door in WAYS if door in sitting.doors]
    flow.dash(
        f"Hình thức: bỏ phiếu kín {'; '.join(ways)}. "
        "Mọi lá phiếu vào chung một hòm phiếu, không ghi tên người bỏ phiếu."
    )
    flow.dash(f"Quy định về phiếu không hợp lệ: {sitting.invalid_rule}")


def voting(flow: Flow, sitting: Sitting, about: str) -> None:
    """What was voted on, in how many polls, and how; `about`: the words behind "bỏ phiếu kín"."""
    polls = sitting.polls
    if not polls:
        flow.text(f"Hội nghị {wording.uncapitalized(NO_POLLS)}")
        return
    titles = "; ".join(f"“{poll.title}”" for poll in polls)
    flow.text(
        f"Hội nghị bỏ phiếu kín {about}, gồm {wording.two_digits(len(polls))} lượt: {titles}."
    )
    how_held(flow, sitting)


def results(flow: Flow, sitting: Sitting) -> None:
    """What each poll gave, those that were voided, and that the tellers counted twice."""
    for place, poll in enumerate(sitting.polls):
        flow.heading(poll.title)
        poll_result(flow, sitting, place)
    if sitting.voids:
        flow.heading("Lượt bỏ phiếu đã huỷ")
        void_polls(flow, sitting.voids)
    if sitting.polls:
        flow.text(f"{COUNTED_TWICE} Chi tiết trong biên bản kiểm phiếu kèm theo.")
    elif not sitting.voids:
        flow.text(NO_POLLS)


def poll_result(flow: Flow, sitting: Sitting, place: int) -> None:
    """All figures of the poll at this place; the codes are explained where they are new."""
    poll = sitting.polls[place]
    poll_figures(flow, poll, sitting.voters)
    poll_table(flow, poll, apart=not sitting.committee)
    is_new = not place or sitting.polls[place - 1].levels != poll.levels
    legend = (
        f"Mỗi ô ghi số phiếu và tỷ lệ %. {parts.levels_legend(poll.levels)}. " if is_new else ""
    )
    base = wording.two_digits(poll.base)
    late = (
        f" {wording.two_digits(poll.late_excuses)} đồng chí được ghi vắng có lý do sau khi mở lượt "
        "bỏ phiếu nên vẫn nằm trong số ấy."
        if poll.late_excuses
        else ""
    )
    rows = [[share or Fraction(0) for share in row.shares.values()] for row in poll.rows]
    flow.note(f"{legend}Tỷ lệ % tính trên {poll.base_label}: {base}.{parts.rounding(rows)}{late}")


def poll_figures(flow: Flow, poll: PollResult, who: str) -> None:
    """Present, issued, collected, valid, invalid, and who took no ballot."""
    two = wording.two_digits
    came = parts.of_people(poll.present, poll.summoned)
    flow.dash(
        f"{who} có quyền biểu quyết có mặt: {came}; "
        f"số phiếu phát ra: {two(poll.issued)}; thu về: {two(poll.collected)}; "
        f"hợp lệ: {two(poll.valid)}; không hợp lệ: {two(poll.invalid)}.",
        keep=True,
    )
    if poll.invalid_reasons:
        reasons = "; ".join(
            f"{reason} ({two(count)} phiếu)" for reason, count in poll.invalid_reasons
        )
        flow.dash(f"Lý do phiếu không hợp lệ: {reasons}.")
    if poll.issued > poll.collected:
        away = two(poll.issued - poll.collected)
        flow.dash(f"Số phiếu phát ra mà không thu về: {away} phiếu.", keep=True)
    if poll.declined:
        flow.dash(f"{who} có mặt nhưng không nhận phiếu:", keep=True)
        _listed(flow, [f"đồng chí {entry.name}: {entry.reason}" for entry in poll.declined])
    if poll.alarms:
        flow.dash(
            f"{parts.people(poll.alarms)} có máy hiện khung đỏ khi tự kiểm tra phiếu trong hòm; "
            f"hội nghị quyết định: {poll.alarm_decision.rstrip('.')}.",
            keep=True,
        )
    for recount in poll.recounts:
        _recount(flow, recount)


def _recount(flow: Flow, recount: Recount) -> None:
    settled = (
        f"máy của đồng chí {recount.agreed_by} đếm lại khớp với máy chủ nên lỗi ở máy thứ nhất"
        if recount.agreed_by
        else f"hội nghị quyết định đếm lại: {recount.decision.rstrip('.')}"
    )
    fault = recount.fault.rstrip(".")
    flow.dash(
        f"Máy của đồng chí {recount.by} đếm lại báo không khớp ({fault}); {settled}.", keep=True
    )


def poll_table(flow: Flow, poll: PollResult, apart: bool = True) -> None:
    """Ballots and parts.share of the base, per subject and level.

    `apart`: a member's post has a column of its own; where the cell stands with it, a narrow one would be a page high.
    """
    alone = len(poll.levels) == 1
    apart = apart and not poll.on_cell
    whom = "Họ và tên" if apart else "Họ và tên, chức vụ, chi bộ"
    columns = [
        Column("tt", "TT"),
        Column("name", "Tập thể" if poll.on_cell else whom),
        *([Column("post", "Chức vụ")] if apart else []),
        *(Column("votes", parts.AGREE if alone else level.code) for level in poll.levels),
        Column("blank", parts.DISAGREE if alone else "Không có ý kiến"),
        Column("votes-note", "Ghi chú"),
    ]
    flow.table(
        columns, [_poll_row(place, row, poll, apart) for place, row in enumerate(poll.rows, 1)]
    )


def _poll_row(place: int, row: PollRow, poll: PollResult, apart: bool) -> list[str]:
    votes = [
        f"{wording.two_digits(row.counts[level.code])} ({parts.share(row.shares[level.code])})"
        for level in poll.levels
    ]
    post = [row.post] if apart else []
    whom = (
        row.subject if apart or poll.on_cell else ", ".join(filter(None, (row.subject, row.post)))
    )
    blank = wording.two_digits(row.blank)
    return [wording.two_digits(place), whom, *post, *votes, blank, row.remark]


def void_polls(flow: Flow, voids: tuple[VoidPoll, ...]) -> None:
    """Void polls, one line each, without numbers."""
    for void in voids:
        flow.dash(
            f"Lượt “{void.title}”: đã huỷ, không kiểm phiếu. Lý do: {void.reason.rstrip('.')}."
        )


def closing(
    sitting: Sitting, ends_at: datetime | None, yes: int | None, total: int | None
) -> tuple[TextBlock, ...]:
    """When the meeting ended, and that it passed its minutes."""
    ended = "… giờ … phút"
    if ends_at is not None:
        ended = wording.clock(ends_at)
        same = ends_at.date() == sitting.starts_at.date()
        ended += " cùng ngày" if same else f", {wording.long_date(ends_at.date())}"
    return (
        TextBlock.cleaned("text", f"Hội nghị kết thúc lúc {ended}."),
        TextBlock.cleaned(
            "text",
            "Biên bản đã được đọc lại trước hội nghị và được hội nghị biểu quyết thông qua: "
            f"{hands(yes, total)}. "
            f"{copies(sitting, draft=yes is None)}".rstrip(),
        ),
    )
