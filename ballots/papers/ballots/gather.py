"""From rows to the data of ballot papers and slips."""

from collections.abc import Sequence

from ballots.appraisal import subjects
from ballots.models import Poll
from ballots.papers.ballots.data import BallotRow, BallotSheetData, Slip, SlipData
from ballots.papers.data import SubjectLevels
from ballots.papers.heads import head, levels
from ballots.papers.minutes.gather import invalid_rule
from members.models import Attendance


def gather_ballot_sheets(poll: Poll, copies: int) -> BallotSheetData:
    """The blank paper ballots of a poll."""
    meeting = poll.meeting
    claims = {
        row.member_id: row for row in Attendance.objects.of(meeting) if row.member_id is not None
    }
    scores = (
        {}
        if meeting.is_sitting
        else {s.member.pk: s.facts.self_score for s in subjects.load(meeting) if s.member}
    )
    rows = []
    for subject in poll.subjects.select_related("member", "collective"):
        row = claims.get(subject.member_id) if subject.member_id else None
        own = (subject.collective or meeting).report
        level = row.self_level if row else "" if subject.member_id else own.self_level
        score = scores.get(subject.member_id) if subject.member_id else own.self_score
        post = subject.member.post if subject.member and not meeting.is_sitting else ""
        rows.append(
            BallotRow(
                SubjectLevels(subject.label, post, level, ""),
                score,
                is_member=subject.member_id is not None,
            )
        )
    return BallotSheetData(
        head=head(meeting, meeting.rules),
        title=poll.title,
        levels=levels(poll.levels),
        rows=tuple(rows),
        rule=invalid_rule(meeting, [poll.levels]),
        copies=copies,
        of_committee=meeting.is_sitting,
    )


def gather_slips(poll: Poll, codes: Sequence[str], site: str) -> SlipData:
    """The slips with these codes, just made; `site` is "https://host", where phones open the voting page."""
    return SlipData(
        cell=poll.meeting.body_name,
        title=poll.title,
        slips=tuple(Slip(code, f"{site}/phieu/#{poll.door_key}.{code.lower()}") for code in codes),
    )
