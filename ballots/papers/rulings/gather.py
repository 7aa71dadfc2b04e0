"""From a recorded decision, or from levels that are still being chosen, to what the committee's papers say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from ballots.models import Classification, Decision
from ballots.papers import heads
from ballots.papers.data import Authority, Head
from ballots.papers.rulings.data import (
    Issuer,
    NoticeData,
    RecognitionData,
    ReratingData,
    Ruling,
    RulingsData,
)
from ballots.results.concluded import minutes_words
from ballots.results.decisions import LEVELS, Case, cases_of
from cells import wording
from cells.law.guidance import load_pack
from cells.models import Committee, Meeting
from members.models import Attendance
from members.rules.names import ListedNames


@dataclass(frozen=True)
class DecisionAct:
    """A decision as its papers name it, recorded or not; `day`: None before it is dated."""

    number: int
    symbol: str
    day: date | None
    note: str
    authority: Authority
    minutes: str = ""  # of the committee's own meeting on which it rests


@dataclass(frozen=True)
class Papers:
    """The papers of one decision. A later one may change levels, add those left open, or both."""

    recognition: RecognitionData | None
    rulings: RulingsData | None
    rerating: ReratingData | None


def papers_of(decision: Decision) -> Papers:
    """Those of a recorded decision."""
    meeting = decision.meeting
    levels = decision.levels.select_related("member", "collective", "supersedes").order_by("pk")
    rows = {(row.member_id, row.collective_id): row for row in levels}
    cases = {
        (case.member and case.member.pk, case.collective and case.collective.pk): case
        for case in cases_of(meeting)
    }
    listed = [*(key for key in cases if key in rows), *(key for key in rows if key not in cases)]
    names = Attendance.objects.of(meeting).listed_names()
    rulings = [_recorded(rows[key], cases.get(key), meeting, names) for key in listed]
    return _papers(meeting, committee_of(decision), act_of(decision), rulings, mark="")


def draft_of(
    meeting: Meeting, committee: Committee, act: DecisionAct, chosen: Mapping[str, tuple[str, str]]
) -> Papers:
    """The same of what is being chosen: level and reason by the key of the case; marked as a draft."""
    names = Attendance.objects.of(meeting).listed_names()
    rulings = [
        _chosen(case, level, reason, names)
        for case in cases_of(meeting)
        for level, reason in [chosen.get(case.key, ("", ""))]
        if level and (level != case.decided or case.has_new_reason(reason))
    ]
    return _papers(meeting, committee, act, rulings, heads.DRAFT)


def notice_of(level: Classification) -> NoticeData:
    """The notice of a decided level to its member."""
    if level.decision is None or level.member is None:
        raise ValueError("Chỉ mức đã quyết định của một đảng viên mới có thông báo.")
    return next(notices_of(level.decision, [level]))


def notices_of(decision: Decision, levels: Iterable[Classification]) -> Iterator[NoticeData]:
    """The notice of each of these levels of a decision to its member; levels of the cell and of bodies have none."""
    meeting, committee = decision.meeting, committee_of(decision)
    cases = {case.member.pk: case for case in cases_of(meeting) if case.member}
    names = Attendance.objects.of(meeting).listed_names()
    head = head_of(meeting, committee, decision.dated, "")
    issuer = issuer_of(committee, act_of(decision))
    for level in levels:
        if level.member:
            yield NoticeData(
                head=head,
                issuer=issuer,
                cell=meeting.cell.name,
                member=names.label(level.member),
                ruling=_recorded(level, cases.get(level.member.pk), meeting, names),
                dated=decision.dated,
            )


def act_of(decision: Decision) -> DecisionAct:
    """A recorded decision as its papers name it."""
    authority = Authority(decision.body, decision.signer_post, decision.signer)
    about = (decision.number, decision.symbol, decision.dated, decision.note)
    return DecisionAct(*about, authority, minutes_of(decision.sitting))


def minutes_of(sitting: Meeting | None) -> str:
    """The minutes of a committee's own meeting as a paper rests on them, "" without one."""
    return minutes_words(sitting) if sitting else ""


def committee_of(decision: Decision) -> Committee:
    """Which committee decided: that of the paper on many files, of the officer who recorded it, or above the cell."""
    if decision.act:
        return decision.act.committee
    committee: Committee = decision.by.committee or decision.meeting.cell.committee
    return committee


def _recorded(
    row: Classification, case: Case | None, meeting: Meeting, names: ListedNames
) -> Ruling:
    """`case`: None of whom the meeting no longer lists."""
    return Ruling(
        name=names.label(row.member) if row.member else str(row.collective or meeting.cell),
        post=row.member.post if row.member else "",
        is_collective=row.member is None,
        level=LEVELS[row.level],
        proposed=LEVELS.get(case.proposed, "") if case else "",
        former=LEVELS[row.supersedes.level] if row.supersedes else "",
        reason=row.reason,
    )


def _chosen(case: Case, level: str, reason: str, names: ListedNames) -> Ruling:
    return Ruling(
        name=names.label(case.member) if case.member else case.name,
        post=case.member.post if case.member else "",
        is_collective=case.member is None,
        level=LEVELS[level],
        proposed=LEVELS.get(case.proposed, ""),
        former=LEVELS.get(case.decided, ""),
        reason=reason,
    )


def _papers(
    meeting: Meeting, committee: Committee, act: DecisionAct, rulings: Sequence[Ruling], mark: str
) -> Papers:
    head = head_of(meeting, committee, act.day or timezone.localdate(), mark)
    issuer, cell = issuer_of(committee, act), meeting.cell.name
    first = tuple(ruling for ruling in rulings if not ruling.former)
    again = tuple(ruling for ruling in rulings if ruling.former)
    basis = with_minutes(meeting, act)
    held = wording.short_date(heads.local(meeting.starts_at).date())
    levels = tuple(LEVELS[code] for code in meeting.rules.levels)
    proposal = (*basis, f"Xét đề nghị của {cell} tại hội nghị ngày {held}")
    form = load_pack(meeting.rules.version)["review"].get("rerating", {})
    return Papers(
        RecognitionData(head, issuer, cell, proposal, first, levels) if first else None,
        RulingsData(head, issuer, cell, first) if first else None,
        ReratingData(
            head,
            issuer,
            cell,
            form.get("number", ""),
            form.get("title", ""),
            (*basis, *_former(meeting, act)),
            again,
            act.note,
        )
        if again
        else None,
    )


def with_minutes(meeting: Meeting, act: DecisionAct) -> tuple[str, ...]:
    """What the review rests on, then the minutes of the committee's own meeting."""
    return (
        *(meeting.campaign.basis or meeting.rules.basis),
        *([act.minutes] if act.minutes else []),
    )


def _former(meeting: Meeting, act: DecisionAct) -> list[str]:
    """The decisions before this one, as it cites them."""
    earlier = Decision.objects.filter(meeting=meeting, number__lt=act.number).order_by("number")
    return [
        f"Quyết định số {each.symbol}, ngày {wording.short_date(each.dated)}" for each in earlier
    ]


def head_of(meeting: Meeting, committee: Committee, day: date, mark: str) -> Head:
    """The head of a paper of the committee: whose parent stands above it, and it as the issuer."""
    parent = committee.above
    own = heads.head(meeting, meeting.rules, day)
    return replace(
        own,
        committee=parent.executive_name if parent else "",
        cell=committee.executive_name,
        place=committee.place or own.place,
        mark=heads.REHEARSAL if meeting.is_rehearsal else mark,
        series="",
    )


def issuer_of(committee: Committee, act: DecisionAct) -> Issuer:
    """Without a word on who signs, the body is the executive itself, and its secretary's name stays to be written."""
    executive = committee.executive_name
    authority = replace(act.authority, body=act.authority.body or wording.body_of(executive))
    return Issuer(executive, authority, act.symbol)
