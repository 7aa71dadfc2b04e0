"""What a draft takes out of sent files: every case with its post, its votes and what else it rests on.

A fixed number of queries, however many files.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from ballots.appraisal.subjects import points_of
from ballots.models import (
    Classification,
    Decision,
    Poll,
    QuotaDraft,
    QuotaFile,
    QuotaLine,
    RowTally,
    Subject,
    Submission,
)
from ballots.results import figures
from ballots.results.classification import CELL
from ballots.results.levels import InForce
from cells.law.guidance import load_pack
from cells.law.periods import Period
from cells.law.post_groups import (
    DEPUTY,
    EXECUTIVE,
    SECRETARY,
    Post,
    PostGroups,
    group_of_collective,
    group_of_member,
)
from cells.law.posts import LeaderPosts
from cells.law.review_forms import ReviewForm
from cells.law.rules import Rules
from cells.models import Campaign, Collective, CollectiveReport, Level, Meeting
from cells.wording import natural_key, search_key
from members.models import Assessment, Attendance, Finding, FormerYear, Office, SelfReview
from members.rules.names import ListedNames
from members.rules.promises import DONE, stored

WORDS = {
    Office.Kind.SECRETARY: SECRETARY,
    Office.Kind.DEPUTY: DEPUTY,
    Office.Kind.EXECUTIVE: EXECUTIVE,
}
LONGEST = 300  # letters of the posts of one member
# Why a case of a reopened file departs from what the cell proposes now, where the decision gave no reason.
STOOD = "Mức đã quyết định trước khi mở lại hồ sơ"
MILLION = 1_000_000
# Whose it is: the key of a member, of a collective, or of the meeting whose cell it is.
Who = tuple[str, int]
MEMBER, COLLECTIVE, OF_CELL = "member", "collective", "cell"


def key_of(line: QuotaLine) -> Who:
    """Whom a line of a draft is about."""
    if line.member_id:
        return MEMBER, line.member_id
    return (
        (COLLECTIVE, line.collective_id) if line.collective_id else (OF_CELL, line.file.meeting_id)
    )


def files(draft: QuotaDraft, sendings: Iterable[Submission]) -> list[QuotaFile]:
    """These sendings as a draft keeps them, not stored yet."""
    sent = {row.meeting_id: row for row in sendings}
    decided: dict[int, int] = {}
    for meeting, number in Decision.objects.filter(meeting__in=sent).values_list(
        "meeting", "number"
    ):
        decided[meeting] = max(number, decided.get(meeting, 0))
    return [
        QuotaFile(
            draft=draft,
            meeting_id=pk,
            sending=row.number,
            decision=decided.get(pk, 0),
            is_open=pk in decided and not row.is_approved,
        )
        for pk, row in sent.items()
    ]


def held_posts(offices: Iterable[Office], on: date) -> list[Post]:
    """Those of one member that are held on this day, whose last day counts."""
    return [
        Post(WORDS.get(Office.Kind(office.kind), ""), office.title)
        for office in offices
        if office.since <= on and (office.until is None or on <= office.until)
    ]


def words_of(posts: Sequence[Post]) -> str:
    """The posts of one member as they are read."""
    labels = {word: kind.label for kind, word in WORDS.items()}
    return "; ".join(dict.fromkeys(labels.get(p.word, p.title) for p in posts))[:LONGEST]


@dataclass(frozen=True)
class Gathering:
    """The files of a draft, and how its groups are read."""

    period: Period
    files: Mapping[int, QuotaFile]  # by meeting, in the order of the meetings
    groups: PostGroups
    leaders: LeaderPosts

    def lines(self) -> list[QuotaLine]:
        """One line per case; of a member who was rated twice, the later meeting's."""
        lines: dict[Who, QuotaLine] = {}
        for meeting in self._meetings:
            lines |= {key_of(line): line for line in self._of_meeting(meeting)}
        return list(lines.values())

    def _of_meeting(self, meeting: Meeting) -> Iterable[QuotaLine]:
        file, rules = self.files[meeting.pk], self._rules(meeting)
        own = (OF_CELL, meeting.pk)
        if own in self._levels or (meeting.kind == Meeting.Kind.MAIN and CELL in rules.polls):
            yield self._body(file, own, meeting.cell.name, "")
        for body in self._bodies.get(meeting.pk, ()):
            if (COLLECTIVE, body.pk) in self._levels or body.is_rated(rules):
                name = f"{body.name} – {meeting.cell.name}"[:200]
                yield self._body(file, (COLLECTIVE, body.pk), name, body.name)
        listed = self._listed.get(meeting.pk, [])
        names = ListedNames(row.member for row in listed)
        for row in listed:
            if row.rated:
                yield self._member(file, row, names.label(row.member), meeting)

    def _body(self, file: QuotaFile, who: Who, name: str, called: str) -> QuotaLine:
        report = self._reports.get(who)
        values = {
            "collective_id": who[1] if who[0] == COLLECTIVE else None,
            "posts": called,
            "group": group_of_collective(called, self.groups.groups),
            "self_level": report.self_level if report else "",
            "score": report.self_score if report else None,
        }
        return self._line(file, who, name, natural_key(name), values)

    def _member(self, file: QuotaFile, row: Attendance, name: str, meeting: Meeting) -> QuotaLine:
        pk = row.member_id
        posts = held_posts(self._offices.get(pk, ()), timezone.localdate(meeting.starts_at))
        promises = self._promises.get(pk, ())
        values = {
            "member_id": pk,
            "posts": words_of(posts),
            "group": group_of_member(posts, self.groups.groups, self.leaders),
            "is_head": any(post.word == SECRETARY for post in posts),
            "self_level": row.self_level,
            "score": self._score(pk, meeting),
            "quarters": self._quarters.get(pk, {}),
            "top_quarters": list(self._quarters.get(pk, {}).values()).count(Level.EXCELLENT),
            "last_level": self._last_levels.get(pk, ""),
            "remedied": sum(promise.state == DONE for promise in promises),
            "to_remedy": len(promises),
        }
        return self._line(file, (MEMBER, pk), name, row.member.name_sort, values)

    def _line(
        self, file: QuotaFile, who: Who, name: str, order: str, values: Mapping[str, Any]
    ) -> QuotaLine:
        in_force = self._levels.get(who, InForce())
        proposed = in_force.proposed.level if in_force.proposed else ""
        decided = in_force.decided
        level, reason = (decided.level, decided.reason) if decided else (proposed, "")
        is_decided = decided is not None and not file.is_open
        if not is_decided and proposed and level != proposed:
            reason = reason or STOOD
        votes, base = self._votes.get(who, ({}, 0))
        return QuotaLine(
            draft=file.draft,
            file=file,
            name=name,
            name_sort=order[:300],
            name_search=search_key(name),
            proposed=proposed,
            level=level,
            reason=reason[:LONGEST],
            is_decided=is_decided,
            votes=votes,
            base=base,
            for_top=votes.get(Level.EXCELLENT, 0) * MILLION // base if base else 0,
            flags=self._flags[who],
            **values,
        )

    @cached_property
    def _meetings(self) -> list[Meeting]:
        rows = Meeting.objects.filter(pk__in=self.files).select_related(
            "cell__committee", "campaign"
        )
        return list(rows.order_by("starts_at", "pk"))

    @cached_property
    def _rules_read(self) -> dict[str, Rules]:
        return {}

    def _rules(self, meeting: Meeting) -> Rules:
        """The rules of a meeting; those that were frozen alike are read once."""
        key = json.dumps([meeting.campaign_id, meeting.frozen_rules], sort_keys=True)
        if key not in self._rules_read:
            self._rules_read[key] = meeting.rules
        return self._rules_read[key]

    @cached_property
    def _listed(self) -> dict[int, list[Attendance]]:
        listed = defaultdict(list)
        rows = Attendance.objects.filter(meeting__in=self.files).select_related("member")
        for row in rows.order_by("position", "member__name_sort"):
            listed[row.meeting_id].append(row)
        return listed

    @cached_property
    def _people(self) -> QuerySet[Attendance, int]:
        """Keys of the rated members, as a part of another question."""
        rated = Attendance.objects.filter(meeting__in=self.files, rated=True)
        return rated.values_list("member", flat=True)

    @cached_property
    def _offices(self) -> dict[int, list[Office]]:
        offices = defaultdict(list)
        for office in Office.objects.filter(member__in=self._people).order_by("pk"):
            offices[office.member_id].append(office)
        return offices

    @cached_property
    def _bodies(self) -> dict[int, list[Collective]]:
        bodies = defaultdict(list)
        for body in Collective.objects.filter(meeting__in=self.files).order_by("pk"):
            bodies[body.meeting_id].append(body)
        return bodies

    @cached_property
    def _reports(self) -> dict[Who, CollectiveReport]:
        rows = CollectiveReport.objects.filter(meeting__in=self.files)
        return {_whose(None, row.collective_id, row.meeting_id): row for row in rows}

    @cached_property
    def _levels(self) -> dict[Who, InForce]:
        """Levels in force, of the file's own meeting."""
        levels: dict[Who, InForce] = {}
        for row in Classification.objects.current().filter(meeting__in=self.files).order_by("pk"):
            who = _whose(row.member_id, row.collective_id, row.meeting_id)
            levels.setdefault(who, InForce()).take(row)
        return levels

    @cached_property
    def _votes(self) -> dict[Who, tuple[dict[str, int], int]]:
        """Ballots per level in the last counted poll that had this row, and of how many."""
        polls = {
            p.pk: p
            for p in Poll.objects.counted().filter(meeting__in=self.files).order_by("number")
        }
        meetings = {meeting.pk: meeting for meeting in self._meetings}
        tallies = {(t.poll_id, t.position): t for t in RowTally.objects.filter(poll__in=polls)}
        bases = {
            pk: figures.base_of(poll, self._rules(meetings[poll.meeting_id]))
            for pk, poll in polls.items()
        }
        votes: dict[Who, tuple[dict[str, int], int]] = {}
        rows = Subject.objects.filter(poll__in=polls, as_leader=False).order_by("poll__number")
        for poll, position, member, collective in rows.values_list(
            "poll", "position", "member", "collective"
        ):
            who = _whose(member, collective, polls[poll].meeting_id)
            if (poll, position) in tallies:
                votes[who] = tallies[poll, position].counts, bases[poll]
        return votes

    @cached_property
    def _campaigns(self) -> set[int]:
        return {meeting.campaign_id for meeting in self._meetings}

    @cached_property
    def _reviews(self) -> dict[tuple[int, int], SelfReview]:
        rows = SelfReview.objects.filter(
            campaign__in=self._campaigns,
            member__in=self._people,
            state=SelfReview.State.SUBMITTED,
            on_paper=False,
        )
        rows = rows.only(
            "member", "campaign", "kind", "scores", "criteria", "state", "on_paper", "answers"
        )
        return {(row.member_id, row.campaign_id): row for row in rows}

    @cached_property
    def _promises(self) -> dict[int, tuple[Any, ...]]:
        """Last year's shortcomings with their answers, as they were handed in."""
        return {
            member: stored(row.answers)
            for (member, _), row in self._reviews.items()
            if row.answers
        }

    @cached_property
    def _appraised(self) -> dict[tuple[int, int], Any]:
        rows = Assessment.objects.filter(
            campaign__in=self._campaigns,
            member__in=self._people,
            body=Assessment.Body.EXECUTIVE,
            score__isnull=False,
        )
        return {(m, c): score for m, c, score in rows.values_list("member", "campaign", "score")}

    def _score(self, member: int, meeting: Meeting) -> Any:
        """What chi ủy appraised, else the sum of the member's own points; None where there is neither."""
        key = member, meeting.campaign_id
        if key in self._appraised:
            return self._appraised[key]
        review = self._reviews.get(key)
        return points_of(review, self._form(meeting, review.kind)) if review else None

    @cached_property
    def _forms(self) -> dict[tuple[int, str], ReviewForm]:
        return {}

    def _form(self, meeting: Meeting, kind: str) -> ReviewForm:
        rules = self._rules(meeting)
        key = id(rules), kind
        if key not in self._forms:
            self._forms[key] = ReviewForm.from_pack(load_pack(rules.version), kind, rules)
        return self._forms[key]

    @cached_property
    def _flags(self) -> Counter[Who]:
        """How many cases that force or cap a level are confirmed."""
        cells = {(m.cell_id, m.campaign_id): m.pk for m in self._meetings}
        rows = Finding.objects.filter(
            campaign__in=self._campaigns,
            cell__in={cell for cell, _ in cells},
            kind=Finding.Kind.FLAG,
            holds=True,
        )
        return Counter(
            _whose(member, collective, cells.get((cell, campaign), 0))
            for member, collective, cell, campaign in rows.values_list(
                "member", "collective", "cell", "campaign"
            )
        )

    @cached_property
    def _quarters(self) -> dict[int, dict[str, str]]:
        """Each member's levels of the quarters of the year, decided before proposed."""
        if self.period.kind != Campaign.Kind.YEAR:
            return {}
        rows = Classification.objects.current().filter(
            member__in=self._people, meeting__campaign__year=self.period.year
        )
        rows = rows.exclude(meeting__campaign__kind=Campaign.Kind.YEAR)
        rows = rows.exclude(meeting__kind=Meeting.Kind.REHEARSAL)
        # What was decided comes last, and stands.
        columns = ("member", "meeting__campaign__kind", "level")
        quarters: dict[int, dict[str, str]] = defaultdict(dict)
        for member, quarter, level in rows.order_by(
            "meeting__campaign__kind", "-stage", "pk"
        ).values_list(*columns):
            quarters[member][quarter] = level
        return quarters

    @cached_property
    def _last_levels(self) -> dict[int, str]:
        """Each member's level of the year before, decided before proposed; else as it came in from a sheet."""
        year = self.period.year - 1
        typed = FormerYear.objects.filter(member__in=self._people, year=year).exclude(level="")
        levels = dict(typed.values_list("member", "level"))
        rows = Classification.objects.current().filter(
            member__in=self._people,
            meeting__campaign__year=year,
            meeting__campaign__kind=Campaign.Kind.YEAR,
        )
        rows = rows.exclude(meeting__kind=Meeting.Kind.REHEARSAL).order_by("-stage", "pk")
        return levels | dict(rows.values_list("member", "level"))


def _whose(member: int | None, collective: int | None, meeting: int) -> Who:
    if member:
        return MEMBER, member
    return (COLLECTIVE, collective) if collective else (OF_CELL, meeting)
