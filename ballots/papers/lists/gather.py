"""From the rows to the papers of a cell's file: what gather.py does for the minutes, for all the others."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils import timezone

from ballots.models import Paper
from ballots.papers import heads
from ballots.papers.data import Head, Level, Signer
from ballots.papers.lists.data import (
    BodiesRow,
    ChecklistData,
    ChecklistLine,
    ProposalsData,
    SummaryData,
    SummaryRow,
    UnratedData,
    UnratedRow,
)
from ballots.papers.signing import signer
from ballots.results import concerned, figures
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
    Attachment.Kind.POST: "Nơi giữ chức vụ",
    Attachment.Kind.RESIDENCE: "Nơi cư trú",
    Attachment.Kind.PROMPT: "Cấp trên",
    Attachment.Kind.REOPENING: "Cấp trên",
    Attachment.Kind.EVIDENCE: "Chi bộ",
}


@dataclass(frozen=True)
class ListSource:
    """What every list of the file is made of: the figures, who is on the meeting's list, and who signs.

    `not_subject`: members whom the review does not concern; `outside`: those of them whom no paper names, all of them
    in a quarter, where they are most of the cell.
    """

    meeting: Meeting
    figures: Figures
    listed: tuple[Attendance, ...]
    outside: frozenset[int]
    not_subject: frozenset[int]
    head: Head
    signer: Signer

    @classmethod
    def read(cls, meeting: Meeting) -> "ListSource":
        """Read it all, in a fixed number of queries."""
        listed = tuple(Attendance.objects.of(meeting))
        not_subject = concerned.not_subject(meeting)
        is_year = meeting.campaign.kind == Campaign.Kind.YEAR
        voted = figures.load(meeting)
        head = _head(meeting, voted.rules)
        return cls(
            meeting=meeting,
            figures=voted,
            listed=listed,
            outside=frozenset() if is_year else not_subject,
            not_subject=not_subject,
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

    def unrated_as(self, member: int) -> str:
        """What a member is called who is not rated."""
        return concerned.unrated_as(member, self.not_subject)

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels, the highest first."""
        return heads.levels(self.figures.rules.levels)


def _head(meeting: Meeting, rules: Rules) -> Head:
    """The head of a list: without a number, dated the day it is made, which is never before the meeting."""
    day = max(heads.local(meeting.starts_at).date(), timezone.localdate())
    return replace(heads.head(meeting, rules, day), series="")


def gather_proposals(meeting: Meeting) -> ProposalsData:
    """What each body proposes for each member, as it stands now."""
    source = ListSource.read(meeting)
    assessments = {
        (row.member_id, row.body): row
        for row in Assessment.objects.of(meeting.cell, meeting.campaign)
    }
    outcomes = {o.member.pk: o for o in source.figures.members if o.member}
    return ProposalsData(
        head=source.head,
        levels=source.levels,
        rows=tuple(
            _bodies(source, row, outcomes.get(row.member_id), assessments)
            for row in source.concerned
        ),
        signer=source.signer,
    )


def _bodies(
    source: ListSource,
    row: Attendance,
    outcome: Outcome | None,
    assessments: dict[tuple[int, str], Assessment],
) -> BodiesRow:
    own = {body: assessments.get((row.member_id, body.value)) for body in Body}
    levels = {body: entry.level if entry else "" for body, entry in own.items()}
    scores = [
        f"{body.label} chấm {wording.score(entry.score)} điểm"
        for body, entry in own.items()
        if entry and entry.score is not None
    ]
    unrated = [] if outcome else [f"{source.unrated_as(row.member_id)}: {row.unrated_reason}"]
    post = own[Body.POST]
    as_leader = (
        [f"{post.by_body} xếp loại ở cương vị lãnh đạo: {post.level}"]
        if post and post.level
        else []
    )
    return BodiesRow(
        name=source.figures.names.label(row.member),
        post=row.member.post,
        self_level=row.self_level,
        manager=levels[Body.MANAGER],
        executive=levels[Body.EXECUTIVE],
        unions=levels[Body.UNIONS],
        cell=(outcome.level or "") if outcome else "",
        remark="; ".join([*unrated, *as_leader, *scores]),
    )


def gather_summary(meeting: Meeting) -> SummaryData:
    """The ballots and the proposed level of the cell and of each member; then who was not rated."""
    source = ListSource.read(meeting)
    voted = source.figures
    rated = tuple(_result(source, outcome) for outcome in voted.members)
    unrated = tuple(
        SummaryRow(
            name=source.figures.names.label(row.member),
            post=row.member.post,
            self_level=row.self_level,
            counts={},
            share=None,
            level="",
            remark=f"{source.unrated_as(row.member_id)}: {row.unrated_reason}",
            is_rated=False,
        )
        for row in source.unrated
    )
    return SummaryData(
        head=source.head,
        levels=source.levels,
        base_label=voted.base_label,
        bodies=tuple(_result(source, outcome) for outcome in voted.bodies),
        rows=rated + unrated,
        distribution=heads.distribution(voted),
        signer=source.signer,
    )


def _result(source: ListSource, outcome: Outcome) -> SummaryRow:
    """The ballots of the poll that proposed the level, or of the last one; named where there were several."""
    rounds = [(p, row) for p in source.figures.polls for row in p.rows if row.is_about(outcome)]
    poll, row = _decisive(rounds)
    codes = [code for code, _ in poll.levels] if poll else []
    remarks = []
    if poll and len(rounds) > 1:
        remarks.append(f"Lượt “{poll.poll.title}”")
    if outcome.is_concluded_by_chair:
        remarks.append(f"Chủ trì kết luận: {outcome.reason}")
    return SummaryRow(
        name=outcome.name,
        post=outcome.member.post if outcome.member else "",
        self_level=outcome.self_level,
        counts={code: row.counts[code] for code in codes} if row else {},
        share=row.shares[outcome.level] if row and outcome.level in codes else None,
        level=outcome.level or "",
        remark="; ".join(remarks),
    )


def _decisive(
    rounds: list[tuple[PollFigures, RowFigures]],
) -> tuple[PollFigures | None, RowFigures | None]:
    proposing = [(poll, row) for poll, row in rounds if row.proposal.level]
    return next(iter([*reversed(proposing), *reversed(rounds)]), (None, None))


def gather_unrated(meeting: Meeting) -> UnratedData:
    """Who was not reviewed or not rated, as the year's list and the meeting say."""
    source = ListSource.read(meeting)
    return UnratedData(
        head=source.head,
        rows=unrated_rows(source),
        signer=source.signer,
    )


def unrated_rows(source: ListSource) -> tuple[UnratedRow, ...]:
    """In list order: those the year's list leaves out, then whom the meeting did not rate or conclude on."""
    meeting = source.meeting
    reviews = SelfReview.objects.of(meeting.cell, meeting.campaign)
    reviewed = set(
        reviews.filter(state=SelfReview.State.SUBMITTED).values_list("member", flat=True)
    )
    reviewed |= {r.member_id for r in source.listed if r.state == Attendance.State.PRESENT}
    lines = _left_out(source)
    rows = {
        line.member_id: UnratedRow(
            name=source.figures.names.label(line.member),
            post=line.member.post,
            is_unreviewed=line.status == ReviewLine.Status.NOT_SUBJECT
            or line.member_id not in reviewed,
            reason=line.reason,
            basis=source_of(line.basis),
            return_on=line.return_on,
            status=source.unrated_as(line.member_id),
            is_outside=line.member_id in source.not_subject,
        )
        for line in lines
    }
    for member, reason in _without_level(source):
        rows.setdefault(
            member.pk,
            UnratedRow(
                source.figures.names.label(member),
                member.post,
                member.pk not in reviewed,
                reason,
                status=source.unrated_as(member.pk),
            ),
        )
    return tuple(rows.values())


def _left_out(source: ListSource) -> list[ReviewLine]:
    """Lines of the year's list without a rating, of the cell's present members or of those on the meeting's list."""
    listed = {row.member_id for row in source.listed}
    levels = {o.member.pk for o in source.figures.members if o.member and o.level}
    extra = source.meeting.kind == Meeting.Kind.EXTRA
    return [
        line
        for line in ReviewLine.objects.of(source.meeting.cell, source.meeting.campaign)
        if not line.is_rated
        and line.member_id not in levels
        and line.member_id not in source.outside
        and (line.member_id in listed or (line.is_here and not extra))
    ]


def _without_level(source: ListSource) -> Iterable[tuple[Member, str]]:
    for row in source.unrated:
        yield row.member, row.unrated_reason
    if source.figures.has_members:
        for outcome in source.figures.members:
            if outcome.member and not outcome.level:
                yield outcome.member, "Hội nghị chưa kết luận mức xếp loại"


def gather_checklist(meeting: Meeting, made_by: Mapping[Paper.Kind, str]) -> ChecklistData:
    """What the file holds; `made_by`: the kinds of paper in it, in order, and who made each."""
    rules = meeting.rules
    pack = load_pack(rules.version)["checklist"]
    head = _head(meeting, rules)
    return ChecklistData(
        head=head,
        form=pack["number"],
        title=pack["title"],
        lines=(*_made_by_the_cell(meeting, made_by), *_enclosed(meeting)),
        signer=signer(meeting, head.day),
    )


def _made_by_the_cell(meeting: Meeting, made_by: Mapping[Paper.Kind, str]) -> list[ChecklistLine]:
    """The collective report where there is one, then the members' own forms, then the other papers."""
    line = ChecklistLine
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
    bodies = meeting.collectives.select_related("stored_report")
    reported = [body.name for body in bodies if body.report.is_written]
    written += [line(f"{Paper.Kind.REPORT.label}: {name}", 1, name) for name in reported]
    return [*written, *forms, *papers.values()]


def _enclosed(meeting: Meeting) -> list[ChecklistLine]:
    scans = Attachment.objects.current().filter(cell=meeting.cell, campaign=meeting.campaign)
    counts = Counter(scans.values_list("kind", flat=True))
    return [
        ChecklistLine(kind.label, counts[kind.value], SCAN_MADE_BY[kind], "Tệp kèm theo")
        for kind in Attachment.Kind
        if counts[kind.value]
    ]
