"""From the rows to the papers of a cell's file: what gather.py does for the minutes, for all the others."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils import timezone

from ballots.models import Paper
from ballots.papers import data, heads
from ballots.papers.lists import data as file_data
from ballots.papers.signing import signer
from ballots.report.sheet import is_reviewed
from ballots.results import figures
from ballots.results.figures import Figures, Outcome, PollFigures, RowFigures
from cells import wording
from cells.law.guidance import load_pack, source_of
from cells.law.rules import Rules
from cells.models import Campaign, Meeting
from members.models import (
    Assessment,
    Attachment,
    Attendance,
    Member,
    ReviewLine,
    SelfReview,
)

Body = Assessment.Body
MEMBERS = "Đảng viên"
# Who made what is kept with the review as a file.
SCAN_MADE_BY = {
    Attachment.Kind.SIGNED: "Chi bộ",
    Attachment.Kind.MANAGER: "Cơ quan, đơn vị",
    Attachment.Kind.RESIDENCE: "Nơi cư trú",
    Attachment.Kind.PROMPT: "Cấp trên",
    Attachment.Kind.EVIDENCE: "Chi bộ",
}


@dataclass(frozen=True)
class Held:
    """What every list of the file is made of: the figures, who is on the meeting's list, and who signs.

    `outside`: members whom a quarter's review does not concern.
    """

    meeting: Meeting
    figures: Figures
    listed: tuple[Attendance, ...]
    outside: frozenset[int]
    head: data.Head
    signer: data.Signer

    @classmethod
    def of(cls, meeting: Meeting) -> "Held":
        """Read it all, in a fixed number of queries."""
        listed = tuple(Attendance.objects.of(meeting))
        found = figures.load(meeting)
        head = _head(meeting, found.rules)
        return cls(
            meeting=meeting,
            figures=found,
            listed=listed,
            outside=_outside(meeting),
            head=head,
            signer=signer(meeting, head.day),
        )

    @property
    def concerned(self) -> tuple[Attendance, ...]:
        """Those on the list whom the review concerns."""
        return tuple(row for row in self.listed if row.member_id not in self.outside)

    @property
    def unrated(self) -> tuple[Attendance, ...]:
        """Those of them who are not rated."""
        return tuple(row for row in self.concerned if not row.rated)

    @property
    def levels(self) -> tuple[data.Level, ...]:
        """The levels, the highest first."""
        return heads.levels(self.figures.rules.levels)

    def posts(self) -> dict[int, str]:
        """The posts of those on the list."""
        return {row.member_id: row.member.post for row in self.listed}


def _outside(meeting: Meeting) -> frozenset[int]:
    """Members not subject to a quarter's review, who are most of the cell; the papers of a year name everybody."""
    if meeting.campaign.kind == Campaign.Kind.YEAR:
        return frozenset()
    lines = ReviewLine.objects.of(meeting.cell, meeting.campaign)
    found = lines.filter(status=ReviewLine.Status.NOT_SUBJECT)
    return frozenset(found.values_list("member", flat=True))


def _head(meeting: Meeting, rules: Rules) -> data.Head:
    """The head of a list: without a number, dated the day it is made, which is never before the meeting."""
    made = heads.head(meeting, rules)
    return replace(made, series="", day=max(made.day, timezone.localdate()))


def proposals(meeting: Meeting) -> file_data.ProposalsData:
    """What each body proposes for each member, as it stands now."""
    held = Held.of(meeting)
    said = {
        (row.member_id, row.body): row
        for row in Assessment.objects.of(meeting.cell, meeting.campaign)
    }
    outcomes = {o.member.pk: o for o in held.figures.members if o.member}
    return file_data.ProposalsData(
        head=held.head,
        levels=held.levels,
        rows=tuple(
            _bodies(held, row, outcomes.get(row.member_id), said) for row in held.concerned
        ),
        signer=held.signer,
    )


def _bodies(
    held: Held,
    row: Attendance,
    outcome: Outcome | None,
    said: dict[tuple[int, str], Assessment],
) -> file_data.BodiesRow:
    own = {body: said.get((row.member_id, body.value)) for body in Body}
    levels = {body: entry.level if entry else "" for body, entry in own.items()}
    scores = [
        f"{body.label} chấm {wording.score(entry.score)} điểm"
        for body, entry in own.items()
        if entry and entry.score is not None
    ]
    unrated = [] if outcome else [f"Không xếp loại: {row.unrated_reason}"]
    return file_data.BodiesRow(
        name=held.figures.names.of(row.member),
        post=row.member.post,
        self_level=row.self_level,
        manager=levels[Body.MANAGER],
        executive=levels[Body.EXECUTIVE],
        unions=levels[Body.UNIONS],
        cell=(outcome.level or "") if outcome else "",
        remark="; ".join([*unrated, *scores]),
    )


def summary(meeting: Meeting) -> file_data.SummaryData:
    """The ballots and the proposed level of the cell and of each member; then who was not rated."""
    held = Held.of(meeting)
    found = held.figures
    rated = tuple(_result(held, outcome) for outcome in found.members)
    unrated = tuple(
        file_data.SummaryRow(
            name=held.figures.names.of(row.member),
            post=row.member.post,
            self_level=row.self_level,
            counts={},
            share=None,
            level="",
            remark=f"Không xếp loại: {row.unrated_reason}",
            is_rated=False,
        )
        for row in held.unrated
    )
    return file_data.SummaryData(
        head=held.head,
        levels=held.levels,
        base_label=found.rules.base_label,
        cell=_result(held, found.cell) if found.cell else None,
        rows=rated + unrated,
        distribution=heads.distribution(found),
        signer=held.signer,
    )


def _result(held: Held, outcome: Outcome) -> file_data.SummaryRow:
    """The ballots of the poll that proposed the level, or of the last one; named where there were several."""
    rounds = [(p, row) for p in held.figures.polls for row in p.rows if row.key == outcome.key]
    poll, row = _decisive(rounds)
    asked = [code for code, _ in poll.levels] if poll else []
    remarks = []
    if poll and len(rounds) > 1:
        remarks.append(f"Lượt “{poll.poll.title}”")
    if outcome.is_concluded_by_chair:
        remarks.append(f"Chủ trì kết luận: {outcome.reason}")
    return file_data.SummaryRow(
        name=outcome.name,
        post=outcome.member.post if outcome.member else "",
        self_level=outcome.self_level,
        counts={code: row.counts[code] for code in asked} if row else {},
        share=row.shares[outcome.level] if row and outcome.level in asked else None,
        level=outcome.level or "",
        remark="; ".join(remarks),
    )


def _decisive(
    rounds: list[tuple[PollFigures, RowFigures]],
) -> tuple[PollFigures | None, RowFigures | None]:
    proposing = [(poll, row) for poll, row in rounds if row.proposal.level]
    return next(iter([*reversed(proposing), *reversed(rounds)]), (None, None))


def unrated(meeting: Meeting) -> file_data.UnratedData:
    """Who was not reviewed or not rated, as the year's list and the meeting say."""
    held = Held.of(meeting)
    return file_data.UnratedData(
        head=held.head,
        rows=_unrated(held),
        signer=held.signer,
    )


def _unrated(held: Held) -> tuple[file_data.UnratedRow, ...]:
    """In list order: those the year's list leaves out, then whom the meeting did not rate or conclude on."""
    meeting = held.meeting
    reviews = SelfReview.objects.of(meeting.cell, meeting.campaign)
    reviewed = set(
        reviews.filter(state=SelfReview.State.SUBMITTED).values_list("member", flat=True)
    )
    reviewed |= {r.member_id for r in held.listed if r.state == Attendance.State.PRESENT}
    lines = _left_out(held)
    rows = {
        line.member_id: file_data.UnratedRow(
            name=held.figures.names.of(line.member),
            post=line.member.post,
            is_unreviewed=line.status == ReviewLine.Status.NOT_SUBJECT
            or line.member_id not in reviewed,
            reason=line.reason,
            basis=source_of(line.basis),
            return_on=line.return_on,
        )
        for line in lines
    }
    for member, reason in _without_level(held):
        rows.setdefault(
            member.pk,
            file_data.UnratedRow(
                held.figures.names.of(member), member.post, member.pk not in reviewed, reason
            ),
        )
    return tuple(rows.values())


def _left_out(held: Held) -> list[ReviewLine]:
    """Lines of the year's list without a rating, of the cell's present members or of those on the meeting's list."""
    here = held.posts()
    levels = {o.member.pk for o in held.figures.members if o.member and o.level}
    extra = held.meeting.kind == Meeting.Kind.EXTRA
    return [
        line
        for line in ReviewLine.objects.of(held.meeting.cell, held.meeting.campaign)
        if not line.is_rated
        and line.member_id not in levels
        and line.member_id not in held.outside
        and (line.member_id in here or (line.is_here and not extra))
    ]


def _without_level(held: Held) -> Iterable[tuple[Member, str]]:
    for row in held.unrated:
        yield row.member, row.unrated_reason
    if held.figures.has_members:
        for outcome in held.figures.members:
            if outcome.member and not outcome.level:
                yield outcome.member, "Hội nghị chưa kết luận mức xếp loại"


def upward(meeting: Meeting, enclosed: Iterable[str]) -> file_data.UpwardData:
    """The report to the committee above; `enclosed`: what the papers are called that go along with it."""
    held = Held.of(meeting)
    found = held.figures
    voters = [row for row in held.listed if row.has_vote]
    best = found.rules.levels[0]
    return file_data.UpwardData(
        head=replace(held.head, series=Paper.Series.REPORT.value),
        levels=held.levels,
        to=meeting.cell.committee.executive_name,
        basis=tuple(meeting.campaign.basis or found.rules.basis),
        day=heads.local(meeting.starts_at).date(),
        summoned=len(voters),
        present=sum(row.state == Attendance.State.PRESENT for row in voters),
        collective=is_reviewed(meeting, found.rates_cell),
        cell_verdict=heads.verdict(found.cell) if found.cell else None,
        groups=_groups(held),
        distribution=heads.distribution(found),
        best=tuple(outcome.name for outcome in found.members if outcome.level == best),
        unrated=tuple(data.Reasoned(row.name, row.reason) for row in _unrated(held)),
        proposal=found.rules.texts["proposal"],
        enclosed=tuple(f"{label[0].lower()}{label[1:]}" for label in enclosed),
        signer=held.signer,
    )


def _groups(held: Held) -> tuple[file_data.Group, ...]:
    """Members of each standing on the list, by proposed level."""
    outcomes = {o.member.pk: o for o in held.figures.members if o.member}
    codes = held.figures.rules.levels
    groups = []
    for standing in Member.Status:
        people = [row.member_id for row in held.concerned if row.standing == standing]
        levels = Counter(outcomes[pk].level for pk in people if pk in outcomes)
        if people:
            groups.append(
                file_data.Group(
                    label=f"Đảng viên {standing.label[0].lower()}{standing.label[1:]}",
                    total=len(people),
                    counts={code: levels[code] for code in codes},
                    unrated=sum(pk not in outcomes for pk in people),
                    undecided=levels[None],
                )
            )
    return tuple(groups)


def checklist(meeting: Meeting, made_by: Mapping[Paper.Kind, str]) -> file_data.ChecklistData:
    """What the file holds; `made_by`: the kinds of paper in it, in order, and who made each."""
    rules = meeting.rules
    pack = load_pack(rules.version)["checklist"]
    head = _head(meeting, rules)
    return file_data.ChecklistData(
        head=head,
        form=pack["number"],
        title=pack["title"],
        lines=(*_made_by_the_cell(meeting, made_by), *_enclosed(meeting)),
        signer=signer(meeting, head.day),
    )


def _made_by_the_cell(
    meeting: Meeting, made_by: Mapping[Paper.Kind, str]
) -> list[file_data.ChecklistLine]:
    """The collective report where there is one, then the members' own forms, then the other papers."""
    line = file_data.ChecklistLine
    papers = {kind: line(kind.label, 1, who) for kind, who in made_by.items()}
    report = papers.pop(Paper.Kind.REPORT)
    reviews = SelfReview.objects.of(meeting.cell, meeting.campaign)
    handed = list(
        reviews.filter(state=SelfReview.State.SUBMITTED).values_list("on_paper", flat=True)
    )
    on_paper = sum(handed)
    remark = f"trong đó bản giấy: {wording.two_digits(on_paper)}" if on_paper else ""
    forms = [line("Bản kiểm điểm cá nhân", len(handed), MEMBERS, remark)] if handed else []
    written = [report] if meeting.report.is_written else []
    return [*written, *forms, *papers.values()]


def _enclosed(meeting: Meeting) -> list[file_data.ChecklistLine]:
    kept = Attachment.objects.current().filter(cell=meeting.cell, campaign=meeting.campaign)
    counts = Counter(kept.values_list("kind", flat=True))
    return [
        file_data.ChecklistLine(kind.label, counts[kind.value], SCAN_MADE_BY[kind], "Tệp kèm theo")
        for kind in Attachment.Kind
        if counts[kind.value]
    ]
