"""One meeting held while processes die, and the law that must hold afterwards."""

import hashlib
import random
from collections import Counter
from dataclasses import dataclass, field

from django.db import connection

from ballots.demo.rehearsal import play
from ballots.demo.rehearsal.play import Ballot, Evening
from ballots.linkage import hall
from ballots.models import Box, Paper, Poll, RowTally, Sealed, Submission
from ballots.results import recording
from ballots.secret import keys
from cells.models import Meeting
from tests.drills.installation import Installation
from tests.drills.patient import Patient


class Drilled(Evening):
    """An evening of people who do not give up."""

    opens = Patient


@dataclass
class Outcome:
    """What phones were told, and what was found broken; nothing should be."""

    accepted: int = 0
    papers: int = 0
    broken: list[str] = field(default_factory=list)


@dataclass
class Drill:
    """A meeting of so many members with so many polls, at an installation."""

    installation: Installation
    size: int
    polls: int
    name: str
    accepted: list[list[Ballot]] = field(default_factory=list)

    def hold(self, chance: random.Random, pause: float) -> Outcome:
        """Plan and gather in peace; from the first poll to the file above, something dies every `pause` seconds."""
        planned = hall.evening(self.size, self.polls, self.installation.url, self.name)
        evening = Drilled(
            planned.scenario, planned.seeded, planned.base, planned.link, told=self._note
        )
        evening.officer = Patient(evening.base)
        evening._sign_in()
        evening._plan()
        evening._prepare()
        evening._check_in()
        evening._open()
        with self.installation.dying(chance, pause):
            for number, poll in enumerate(evening.scenario.polls):
                evening._poll(number, poll)
            evening._conclude()
            first = evening._finish()
            self._send_up(evening)
        again = evening.papers()
        return self._judged(evening, first, again)

    def _note(self, phase: str, ballots: list[Ballot]) -> None:
        if phase == play.ALL_CAST:
            self.accepted.append(list(ballots))

    def _send_up(self, evening: Evening) -> None:
        evening.page("gui-cap-tren")
        if evening.officer.has("send_up"):
            evening.officer.do("send_up")

    def _judged(
        self, evening: Evening, first: dict[str, bytes], again: dict[str, bytes]
    ) -> Outcome:
        """A ballot that was accepted is counted, once; a paper keeps its bytes; nothing is half there."""
        outcome = Outcome(sum(map(len, self.accepted)))
        connection.close()  # to a server that was killed meanwhile
        meeting = Meeting.objects.get(pk=int(evening.meeting))
        polls = list(Poll.objects.filter(meeting=meeting).order_by("number"))
        for poll, cast in zip(polls, self.accepted, strict=True):
            outcome.broken += [f"{poll.title}: {words}" for words in _wrong_with(poll, cast)]
        papers = list(Paper.objects.defer(None).filter(meeting=meeting))
        outcome.papers = len(papers)
        sums = {paper.kind: hashlib.sha256(bytes(paper.pdf)).hexdigest() for paper in papers}
        outcome.broken += [
            f"{paper.kind}: not its check sum"
            for paper in papers
            if sums[paper.kind] != paper.sha256
        ]
        outcome.broken += [
            f"{name}: other bytes than before" for name in first if first[name] != again[name]
        ]
        if meeting.state != Meeting.State.CLOSED:
            outcome.broken.append(f"the meeting is {meeting.state}")
        if Submission.objects.filter(meeting=meeting).count() > 1:
            outcome.broken.append("sent twice")
        outcome.broken += [str(each) for each in recording.differences()]
        return outcome


def _wrong_with(poll: Poll, cast: list[Ballot]) -> list[str]:
    """What contradicts the promises to the phones of this poll."""
    wrong = []
    hashes = sorted(ballot.phone.hash for ballot in cast if ballot.phone)
    listed = sorted(bytes(row.hash) for row in Sealed.objects.filter(poll=poll))
    if listed != hashes:
        wrong.append(
            f"{len(set(hashes) - set(listed))} lost, {len(set(listed) - set(hashes))} strange"
        )
    if not poll.confirmed or poll.collected != len(hashes):
        wrong.append(f"{poll.state}, {poll.collected} of {len(hashes)} counted")
    marks = Counter(ballot.marks[0] for ballot in cast)
    row = RowTally.objects.get(poll=poll)
    if {code: n for code, n in row.counts.items() if n} != dict(marks):
        wrong.append(f"{row.counts} of {dict(marks)}")
    if (
        Box.objects.filter(poll=poll).exists()
        or Sealed.objects.filter(poll=poll).exclude(data=b"").exists()
    ):
        wrong.append("a ballot is left")
    if any(keys.read(poll.p or "", kind) for kind in keys.KINDS):
        wrong.append("a key is left")
    return wrong
