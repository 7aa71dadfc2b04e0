"""One meeting held while something happens to its installation, and the law that must hold afterwards."""

import datetime
import hashlib
from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import cast

from django.conf import settings
from django.db import connection

from ballots.demo import scenario
from ballots.demo.rehearsal import play
from ballots.demo.rehearsal.browser import Browser
from ballots.demo.rehearsal.play import Ballot, Evening
from ballots.linkage import hall
from ballots.models import (
    Box,
    Classification,
    Decision,
    Paper,
    Poll,
    RowTally,
    Sealed,
    Submission,
)
from ballots.results import recording
from ballots.results.decisions import cases_of
from ballots.secret import keys
from cells.models import Campaign, Meeting
from members.devices import links
from tests.drills import former
from tests.drills.installation import Installation
from tests.kit import sendings

# What the forms say that send a file and decide on it for the first time.
FIRST, NUMBER = {"next": "1"}, {"number": "1"}
NEVER_OPENED = "keys of rounds that were never opened"
DECISION = {"symbol": "125-QĐ/ĐU", "body": "Đảng ủy"}


@dataclass
class Outcome:
    """What phones were told, and what was found broken; nothing should be."""

    accepted: int = 0
    papers: int = 0
    broken: list[str] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        """Of one more meeting."""
        self.accepted += other.accepted
        self.papers += other.papers
        self.broken += other.broken


@dataclass
class Drill:
    """A meeting of so many members with so many polls, at an installation, to the decision of its committee."""

    installation: Installation
    size: int
    polls: int
    name: str
    accepted: list[list[Ballot]] = field(default_factory=list)
    evening: Evening = field(init=False)
    # The officer of the committee.
    above: Browser = field(init=False)

    def hold(self, trouble: AbstractContextManager[None]) -> Outcome:
        """Plan and gather in peace; from the first poll to the decision above there is `trouble`."""
        evening = self.evening = self._gathered()
        with trouble:
            for number, poll in enumerate(evening.scenario.polls):
                self._poll(evening, number, poll)
            evening._conclude()
            evening._finish()
            first = _locked(evening)
            self._send_up(evening)
            self._decide(evening)
        again = _locked(evening)
        return self._judged(evening, first, again)

    @property
    def _is_beside_former(self) -> bool:
        """Whether a server of a former version has a part in it."""
        return any(server.code != settings.BASE_DIR for server in self.installation.servers)

    def _gathered(self) -> Evening:
        planned = hall.evening(self.size, self.polls, self.installation.url, self.name)
        if self._is_beside_former:
            Campaign.objects.update(pack=former.PACK, settings={})
        kind = type("Drilled", (Evening,), {"opens": self.installation.browser})
        evening = cast(
            Evening,
            kind(planned.scenario, planned.seeded, planned.base, planned.link, told=self._note),
        )
        evening.officer = evening.opens(evening.base)
        evening._sign_in()
        evening._plan()
        evening._prepare()
        evening._check_in()
        evening._open()
        link = links.sign_in_link(evening.seeded.officer, evening.base)
        self.above = evening.opens(evening.base).open(link).do("sign_in_link")
        meeting = Meeting.objects.get(pk=int(evening.meeting))
        for member in evening.seeded.members.values():
            sendings.hand_in(meeting, member)
        return evening

    def _poll(self, evening: Evening, number: int, poll: scenario.Poll) -> None:
        evening._poll(number, poll)

    def _note(self, phase: str, ballots: list[Ballot]) -> None:
        if phase == play.ALL_CAST:
            self.accepted.append(list(ballots))

    def _send_up(self, evening: Evening) -> None:
        """The first time, whatever it asks again; the form for the second time says so."""
        evening.page("gui-cap-tren").do("send_up", FIRST)
        while evening.officer.forms("send_up", FIRST):
            evening.officer.do("send_up", FIRST)

    def _decide(self, evening: Evening) -> None:
        """By an officer of the committee: what the cell proposes, else a level for a reason."""
        officer = self.above.open(f"/hop/hoi-nghi/{evening.meeting}/quyet-dinh/")
        (form,) = officer.forms("decide", NUMBER)
        open_ones = [
            name.removeprefix("level-")
            for name, value in form.form_values()
            if name.startswith("level-") and not value
        ]
        levels = {f"level-{key}": "HTT" for key in open_ones}
        reasons = {f"reason-{key}": "Theo hồ sơ" for key in open_ones}
        today = f"{datetime.date.today():%d/%m/%Y}"  # noqa: DTZ011 - as an officer types it
        officer.do("decide", NUMBER, dated=today, **DECISION, **levels, **reasons)

    def _judged(
        self, evening: Evening, first: dict[str, bytes], again: dict[str, bytes]
    ) -> Outcome:
        """A ballot that was accepted is counted, once; a paper keeps its bytes; nothing is half there."""
        outcome = Outcome(sum(map(len, self.accepted)))
        connection.close()  # to a server that was killed meanwhile
        meeting = Meeting.objects.get(pk=int(evening.meeting))
        polls = Poll.objects.filter(meeting=meeting).order_by("number")
        void = polls.filter(state=Poll.State.VOID)
        outcome.broken += [f"{poll.title}: void, and shown" for poll in void if _is_shown(poll)]
        for poll, cast_ballots in zip(
            polls.exclude(state=Poll.State.VOID), self.accepted, strict=True
        ):
            outcome.broken += [
                f"{poll.title}: {words}" for words in _wrong_with(poll, cast_ballots)
            ]
        papers = list(Paper.objects.defer(None).filter(meeting=meeting))
        outcome.papers = len(papers)
        sums = {paper.kind: hashlib.sha256(bytes(paper.pdf)).hexdigest() for paper in papers}
        outcome.broken += [
            f"{paper.kind}: not its check sum"
            for paper in papers
            if sums[paper.kind] != paper.sha256
        ]
        outcome.broken += [
            f"{name}: other bytes than before" for name in first if first[name] != again.get(name)
        ]
        if self._is_beside_former:
            recording.rebuild()  # as the operator does when the last server of a former version is replaced
        outcome.broken += _wrong_above(meeting)
        outcome.broken += self._keys_left()
        return outcome

    def _keys_left(self) -> list[str]:
        """Keys of rounds that were opened; of one killed before its commit, they stay for days."""
        names = [path.name for path in self.installation.ram.glob("*/*/*") if _is_key(path.name)]
        rounds = {p for pair in Poll.objects.values_list("p", "former_p") for p in pair}
        left = [name for name in names if name.partition(".")[0] in rounds]
        if never := len(names) - len(left):
            self.installation.notes.setdefault("left", Counter())[NEVER_OPENED] = never
        return [f"a key is left on a machine: {name}" for name in left]


def _locked(evening: Evening) -> dict[str, bytes]:
    """The bytes of each paper that the meeting has passed so far, by its address."""
    addresses = sorted(set(evening.page("bien-ban").page.xpath(play.PAPERS)))
    return {address: evening.officer.open(address).response.content for address in addresses}


def _is_key(name: str) -> bool:
    return name.rpartition(".")[2] in keys.KINDS


def _wrong_with(poll: Poll, cast_ballots: list[Ballot]) -> list[str]:
    """What contradicts the promises to the phones of this poll."""
    wrong = []
    hashes = sorted(ballot.phone.hash for ballot in cast_ballots if ballot.phone)
    listed = sorted(bytes(row.hash) for row in Sealed.objects.filter(poll=poll))
    if listed != hashes:
        wrong.append(
            f"{len(set(hashes) - set(listed))} lost, {len(set(listed) - set(hashes))} strange"
        )
    if not poll.confirmed or poll.collected != len(hashes):
        wrong.append(f"{poll.state}, {poll.collected} of {len(hashes)} counted")
    marks = Counter(ballot.marks[0] for ballot in cast_ballots)
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


def _is_shown(poll: Poll) -> bool:
    """Whether anything is left of a poll that is void."""
    rows = (RowTally, Box, Sealed)
    return bool(poll.collected) or any(each.objects.filter(poll=poll).exists() for each in rows)


def _wrong_above(meeting: Meeting) -> list[str]:
    """What of the end and of the file is not there, half there, or there twice."""
    decided = Classification.objects.filter(meeting=meeting, stage=Classification.Stage.DECIDED)
    cases = cases_of(meeting)
    counted = {
        "sent": (Submission.objects.filter(meeting=meeting).count(), 1),
        "decided": (Decision.objects.filter(meeting=meeting).count(), 1),
        "levels": (decided.count(), len(cases)),
    }
    wrong = [f"{name}: {n} of {wanted}" for name, (n, wanted) in counted.items() if n != wanted]
    if meeting.state != Meeting.State.CLOSED:
        wrong.append(f"the meeting is {meeting.state}")
    if not all(case.decided for case in cases):
        wrong.append("a level was not decided")
    if any(case.proposed and case.decided != case.proposed for case in cases):
        wrong.append("another level was decided than proposed")
    return wrong + [str(each) for each in recording.differences()]
