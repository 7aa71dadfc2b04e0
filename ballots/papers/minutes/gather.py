"""From a meeting's rows to what its papers say: the only queries, and always the same number of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from ballots.models import Alarm, Envelope, Issue, Poll, Teller
from ballots.papers.data import Level, Reasoned
from ballots.papers.heads import (
    distribution,
    head,
    levels,
    local,
    subject_levels,
)
from ballots.papers.minutes.case_gather import gather_talk, row_names
from ballots.papers.minutes.data import (
    BodyReview,
    CountData,
    Lines,
    MinutesData,
    Opinion,
    Participant,
    PollResult,
    PollRow,
    Recount,
    Roll,
    SealedEnvelope,
    Sitting,
    Standing,
    Tellers,
    VoidPoll,
)
from ballots.report.sheet import Change, changes_of, form_of, is_reviewed
from ballots.results import figures
from ballots.results.concerned import not_subject, unrated_as
from ballots.results.figures import Figures, PollFigures, RowFigures
from cells import wording
from cells.law.review_forms import ReviewForm
from cells.models import Collective, Meeting
from members.models import Attendance, Comment, Door, Guest, Member, PhoneChange, Seat
from members.rules.names import ListedNames

UNMARKED = "không đánh dấu dòng nào"
# Of a row that proposes no level.
SHORT = "Chưa đủ phiếu"


def gather_minutes(meeting: Meeting) -> MinutesData:
    """What the minutes of the meeting say as it stands now, marked as a draft."""
    voted = figures.load(meeting)
    listed = list(Attendance.objects.of(meeting))
    names = voted.names
    form = form_of(voted.rules)
    said = Comment.objects.filter(meeting=meeting)
    comments = list(said.select_related("by", "on", "on_collective", "guest"))
    return MinutesData(
        sitting=_sitting(meeting, voted, listed),
        levels=levels(voted.rules.levels),
        agenda=tuple(item.title for item in meeting.items.all()),
        report=meeting.report.summary,
        self_level=meeting.report.self_level,
        self_score=meeting.report.self_score,
        opinions=tuple(_opinion(c, names) for c in _in_order(comments)),
        reserved=tuple(_opinion(c, names) for c in comments if c.by and c.reserved),
        guest_opinions=tuple(_opinion(c, names) for c in comments if c.guest),
        members=tuple(subject_levels(outcome) for outcome in voted.members),
        cell_levels=subject_levels(voted.cell) if voted.cell else None,
        distribution=distribution(voted),
        unrated=_unrated(voted, not_subject(meeting)),
        conclusion=meeting.conclusion,
        proposal=voted.rules.texts["proposal"],
        ends_at=local(meeting.ends_at) if meeting.ends_at else None,
        yes=meeting.minutes_yes,
        total=meeting.minutes_of,
        enclosed=bool(meeting.report.texts),
        amended=tuple(_section(change) for change in changes_of(meeting.report, form)),
        collective=not meeting.is_sitting and is_reviewed(meeting, voted.rates_cell),
        bodies=_bodies(voted, form, comments),
        body_levels=tuple(subject_levels(outcome) for outcome in voted.collectives),
        small_bodies=_small_bodies(voted),
        as_leaders=_as_leaders(voted),
        presenter=_presenter(listed, names),
        reviews=_lines(listed, names),
        of_cases=gather_talk(meeting, names),
    )


def _presenter(listed: list[Attendance], names: ListedNames) -> Participant | None:
    """Who was to present the report, if that member came."""
    came = (row for row in listed if row.presents and row.state == Attendance.State.PRESENT)
    return next((_person(row.member, names) for row in came), None)


def _lines(listed: list[Attendance], names: ListedNames) -> tuple[Lines, ...]:
    return tuple(
        Lines(names.label(row.member), row.self_review, row.reply)
        for row in listed
        if row.self_review or row.reply
    )


def _as_leaders(voted: Figures) -> tuple[str, ...]:
    """In list order: by whom a rated member was rated in a post of leadership, and how."""
    leaders = [outcome for outcome in voted.members if outcome.as_leader]
    return tuple(f"Đồng chí {o.name}: {o.as_leader.words}" for o in leaders if o.as_leader)


def _bodies(voted: Figures, form: ReviewForm, comments: list[Comment]) -> tuple[BodyReview, ...]:
    rated = [outcome.collective for outcome in voted.collectives if outcome.collective]
    return tuple(_body(body, form, comments, voted.names) for body in rated)


def _small_bodies(voted: Figures) -> tuple[str, ...]:
    return tuple(
        f"{body.name} có {wording.two_digits(body.size)} thành viên" for body in voted.small
    )


def _unrated(voted: Figures, outside: frozenset[int]) -> tuple[Reasoned, ...]:
    return tuple(
        Reasoned(
            voted.names.label(row.member), row.unrated_reason, unrated_as(row.member_id, outside)
        )
        for row in voted.unrated
    )


def _body(
    body: Collective, form: ReviewForm, comments: list[Comment], names: ListedNames
) -> BodyReview:
    """A leadership collective as the meeting reviewed it."""
    report = body.report
    return BodyReview(
        name=body.name,
        report=report.summary,
        enclosed=bool(report.texts),
        amended=tuple(_section(change) for change in changes_of(report, form)),
        self_level=report.self_level,
        self_score=report.self_score,
        opinions=tuple(
            replace(_opinion(c, names), body="")  # it stands under the name of the body
            for c in comments
            if c.by and c.on_collective_id == body.pk and not c.reserved
        ),
    )


def _section(change: Change) -> str:
    return f"mục {change.numeral} “{change.title}”"


def gather_count(meeting: Meeting) -> CountData:
    """What the tellers' minutes say as the meeting stands now, marked as a draft."""
    listed = list(Attendance.objects.of(meeting))
    return CountData(
        _sitting(meeting, figures.load(meeting), listed),
    )


def _sitting(meeting: Meeting, voted: Figures, listed: list[Attendance]) -> Sitting:
    names = voted.names
    posts = _posts(meeting)
    duties = {row.duty: _person(row.member, names, posts) for row in listed}
    nobody = Participant("…")
    issues, called = _issues(voted), row_names(meeting)
    return Sitting(
        head=head(meeting, voted.rules),
        basis=tuple(meeting.campaign.basis or voted.rules.basis),
        starts_at=local(meeting.starts_at),
        venue=meeting.venue,
        roll=_roll(meeting, listed, names),
        guests=tuple(
            Participant(guest.name, guest.post) for guest in Guest.objects.filter(meeting=meeting)
        ),
        chair=duties.get(Attendance.Duty.CHAIR, nobody),
        clerk=duties.get(Attendance.Duty.CLERK, nobody),
        tellers=_tellers(meeting, names),
        doors=tuple(
            door for door in Door.values if any(i.door == door and not i.declined for i in issues)
        ),
        invalid_rule=invalid_rule(meeting, [poll.poll.levels for poll in voted.polls]),
        polls=tuple(
            _of_cases(
                _poll(poll, issues, names, voted, _late_excuses(poll, listed, voted)),
                poll.poll.pk,
                called,
            )
            for poll in voted.polls
        ),
        voids=tuple(VoidPoll(poll.title, poll.void_reason) for poll in voted.voids),
        extra=meeting.kind == Meeting.Kind.EXTRA,
        counted=_times(meeting),
        copies=meeting.copies,
        filed=tuple(meeting.filed),
        committee=meeting.body_name if meeting.is_sitting else "",
        symbol=meeting.minutes_symbol,
    )


def _times(meeting: Meeting) -> tuple[datetime, datetime] | None:
    """When the count began and ended, where it is written down."""
    if meeting.count_starts_at is None or meeting.count_ends_at is None:
        return None
    return local(meeting.count_starts_at), local(meeting.count_ends_at)


def _posts(meeting: Meeting) -> dict[int, str]:
    """Of a committee's own meeting: the posts its members hold there, not those in their cells."""
    seats = Seat.objects.summoned(meeting) if meeting.is_sitting else ()
    return {seat.member_id: seat.get_post_display() for seat in seats}


def _person(
    member: Member, names: ListedNames, posts: Mapping[int, str] | None = None
) -> Participant:
    """The member as the paper introduces one, and as one signs."""
    post = (posts or {}).get(member.pk, member.post)
    return Participant(names.label(member), post, member.name)


def _issues(voted: Figures) -> list[Issue]:
    """The rolls of the counted polls, each of the round that was counted."""
    rounds = {poll.poll.pk: poll.poll.round for poll in voted.polls}
    entries = Issue.objects.filter(poll__in=rounds).select_related("member")
    return [
        entry
        for entry in entries.order_by("member__name_sort", "member__born_year", "member")
        if entry.round == rounds[entry.poll_id]
    ]


def _late_excuses(poll: PollFigures, listed: list[Attendance], voted: Figures) -> int:
    """How many of the excused were not yet so when the poll was opened, where the base leaves the excused out."""
    if voted.rules.base != "summoned":
        return 0
    excused = sum(row.has_vote and row.state == Attendance.State.EXCUSED for row in listed)
    return max(0, excused - (poll.poll.summoned - poll.poll.base))


def _poll(
    counted: PollFigures, issues: list[Issue], names: ListedNames, voted: Figures, late: int
) -> PollResult:
    poll = counted.poll
    alarm: Alarm | None = getattr(poll, "alarm", None)
    return PollResult(
        title=poll.title,
        on_cell=all(row.member is None for row in counted.rows),
        levels=tuple(Level(code, label) for code, label in counted.levels),
        summoned=poll.summoned,
        present=poll.present,
        issued=poll.issued,
        collected=poll.collected,
        valid=poll.valid,
        invalid=poll.invalid,
        base=counted.base,
        base_label=voted.base_label,
        rows=tuple(map(_row, counted.rows)),
        digits=counted.digits,
        p=poll.p or "",
        list_sha256=poll.sealed_sha256,
        declined=tuple(
            Reasoned(names.label(entry.member), entry.declined)
            for entry in issues
            if entry.poll_id == poll.pk and entry.declined
        ),
        alarms=alarm.hands if alarm else 0,
        alarm_decision=alarm.decision if alarm else "",
        recounts=_recounts(poll, names),
        late_excuses=late,
        invalid_reasons=_invalid_reasons(poll, issues),
        envelope=_envelope(poll),
    )


def _envelope(poll: Poll) -> SealedEnvelope | None:
    row: Envelope | None = getattr(poll, "envelope", None)
    return SealedEnvelope(row.sha256, row.kept_until, row.left_out) if row else None


def _invalid_reasons(poll: Poll, issues: list[Issue]) -> tuple[tuple[str, int], ...]:
    """As written down; where no voter took paper, a ballot can only be invalid for want of a mark."""
    written = tuple((row.reason, row.count) for row in poll.invalid_reasons.all())
    on_paper = any(i.poll_id == poll.pk and i.door == Door.PAPER for i in issues)
    if written or on_paper or not poll.invalid:
        return written
    return ((UNMARKED, poll.invalid),)


def _of_cases(
    result: PollResult, poll: str, called: Mapping[tuple[str, int], tuple[str, str]]
) -> PollResult:
    """A committee's poll with its rows as papers write them; any other as it is."""
    rows = tuple(
        replace(row, subject=name, post=about)
        for place, row in enumerate(result.rows, start=1)
        for name, about in [called.get((poll, place), (row.subject, row.post))]
    )
    return replace(result, rows=rows)


def _row(row: RowFigures) -> PollRow:
    return PollRow(
        row.label,
        dict(row.counts),
        dict(row.shares),
        row.blank,
        post=row.member.post if row.member else "",
        remark="" if row.proposal.level else SHORT,
    )


def _recounts(poll: Poll, names: ListedNames) -> tuple[Recount, ...]:
    settled = poll.differences.select_related("member", "agreed_by").order_by("pk")
    return tuple(
        Recount(
            names.label(each.member),
            each.fault,
            names.label(each.agreed_by) if each.agreed_by else "",
            each.decision,
        )
        for each in settled
    )


def _roll(meeting: Meeting, listed: list[Attendance], names: ListedNames) -> Roll:
    changes = set(PhoneChange.objects.filter(meeting=meeting).values_list("member_id", "kind"))
    present = Attendance.State.PRESENT
    voters = [row for row in listed if row.has_vote]
    expected = (Member.Status.FULL, Member.Status.PROBATIONARY)
    away = (Attendance.State.EXCUSED, Attendance.State.ABSENT)  # who may still come is not named
    return Roll(
        standings=tuple(
            Standing(
                wording.uncapitalized(standing.label),
                sum(row.standing == standing for row in listed),
                sum(row.standing == standing and row.state == present for row in listed),
            )
            for standing in Member.Status
        ),
        summoned=len(voters),
        present=sum(row.state == present for row in voters),
        absences=tuple(
            Reasoned(names.label(row.member), row.reason)
            for row in listed
            if row.standing in expected and row.state in away
        ),
        left=tuple((names.label(row.member), local(row.left_at)) for row in listed if row.left_at),
        **{
            kind.value: tuple(
                names.label(row.member) for row in listed if (row.member_id, kind) in changes
            )
            for kind in PhoneChange.Kind
        },
    )


def _tellers(meeting: Meeting, names: ListedNames) -> Tellers:
    listed = Teller.objects.filter(meeting=meeting).select_related("member")
    return Tellers(
        tuple(_person(teller.member, names) for teller in listed),
        meeting.tellers_yes,
        meeting.tellers_of,
    )


def invalid_rule(meeting: Meeting, polls: Iterable[Sequence[str]]) -> str:
    """The rule in words for polls with these levels; one with a single level has its own."""
    texts = meeting.rules.texts
    keys = sorted({"invalid_one_level" if len(codes) == 1 else "invalid" for codes in polls})
    return " ".join(texts[key] for key in keys or ["invalid"])


def _in_order(comments: list[Comment]) -> list[Comment]:
    """What members said and do not reserve: of the cell by kind, of members as it was said."""
    kinds = [kind.value for kind in Comment.Kind]
    said = [c for c in comments if c.by and not c.reserved and not c.on_collective]
    return sorted(said, key=lambda c: len(kinds) if c.on else kinds.index(c.kind))


def _opinion(comment: Comment, names: ListedNames) -> Opinion:
    general = comment.kind == Comment.Kind.OPINION
    return Opinion(
        by=names.label(comment.by) if comment.by else str(comment.guest and _guest(comment.guest)),
        text=comment.text,
        on=names.label(comment.on) if comment.on else "",
        body=str(comment.on_collective or ""),
        kind="" if general else comment.get_kind_display(),
    )


def _guest(guest: Guest) -> str:
    return f"{guest.name}, {guest.post}" if guest.post else guest.name
