"""What the committee's own meeting has concluded, as the levels of a decision on many files."""

from collections.abc import Sequence
from dataclasses import replace

from ballots.committee.decision.verbs import LevelDecision
from ballots.results.concluded import because, concluded_at, sittings_on
from ballots.results.undecided import WaitingFile
from cells.models import Committee, Meeting

PREFIX = "hn"  # before the key of a meeting, where drafts stand by theirs


def sitting_choices(committee: Committee, files: Sequence[WaitingFile]) -> dict[str, Meeting]:
    """The committee's meetings that voted on cases of these files and passed minutes, by the key of the choice."""
    held = sittings_on([file.meeting.pk for file in files]).filter(committee=committee)
    return {f"{PREFIX}{sitting.pk}": sitting for sitting in held}


def levels_at(sitting: Meeting) -> dict[int, dict[str, LevelDecision]]:
    """By meeting and key of the case; "" where nothing is concluded, which leaves the case open."""
    levels: dict[int, dict[str, LevelDecision]] = {}
    for case in concluded_at(sitting):
        decided = LevelDecision(case.level, because(case, sitting))
        levels.setdefault(case.of.pk, {})[case.address] = decided
    return levels


def following(sitting: Meeting | None, files: Sequence[WaitingFile]) -> list[WaitingFile]:
    """These files, each case with the level from which the decision departs by a reason alone."""
    levels = levels_at(sitting) if sitting else {}
    return [
        replace(
            file,
            cases=tuple(
                replace(case, concluded=own[case.key].level) if case.key in own else case
                for own in [levels.get(file.meeting.pk, {})]
                for case in file.cases
            ),
        )
        for file in files
    ]
