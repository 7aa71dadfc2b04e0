"""The appraisals of a meeting's subjects, as everything stands now: read in a fixed number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils import timezone

from ballots.appraisal.rules import Appraisal, KnownFacts, appraise
from ballots.results import figures
from ballots.results.classification import CELL, CELL_ADDRESS, COLLECTIVE_ADDRESS
from ballots.results.figures import Figures, Outcome
from ballots.results.levels import InForce
from cells import wording
from cells.law.flags import Flag
from cells.law.guidance import load_pack
from cells.law.review_forms import COLLECTIVE, ReviewForm, kind_for
from cells.law.rules import Rules
from cells.models import Collective, CollectiveReport, Meeting
from cells.stale import fingerprint
from members.models import Assessment, Finding, Member, Office, SelfReview


@dataclass(frozen=True)
class SubjectAppraisal:
    """One subject of the review: who it is, what was known, what is on record, and what follows."""

    key: str
    name: str
    member: Member | None
    collective: Collective | None
    outcome: Outcome | None  # None: nothing was voted or concluded about the cell
    votes: Mapping[str, int]  # of the last counted poll that had this row; empty before one
    form: ReviewForm
    flags: tuple[Flag, ...]  # that may be confirmed
    facts: KnownFacts
    assessments: tuple[Assessment, ...]
    findings: Mapping[tuple[str, str], Finding]  # by kind and key
    appraisal: Appraisal

    @property
    def about(self) -> Member | Collective | None:
        """Whom verbs are told it is about; None: the cell itself."""
        return self.member or self.collective

    @property
    def title(self) -> str:
        """The name as sentences say it."""
        return f"đ/c {self.name}" if self.member else self.name

    def finding(self, kind: str, key: str) -> Finding | None:
        """What is on record under this key."""
        return self.findings.get((kind, key))

    def answer(self, key: str) -> Finding | None:
        """What was answered to this condition as it reads now."""
        row = self.finding(Finding.Kind.CONDITION, key)
        return row if row and row.words == self.form.condition_texts.get(key) else None

    def former_answer(self, key: str) -> Finding | None:
        """What was answered when it read otherwise: shown, and asked again."""
        return None if self.answer(key) else self.finding(Finding.Kind.CONDITION, key)

    @property
    def lapsed(self) -> tuple[Finding, ...]:
        """Cases that were confirmed and are in force no more, or not for this form: shown, and nothing follows."""
        known = {flag.key for flag in self.flags}
        of_flags = (row for (kind, _), row in self.findings.items() if kind == Finding.Kind.FLAG)
        return tuple(row for row in of_flags if row.holds and row.key not in known)

    def seen(self, kind: str, key: str = "") -> str:
        """What a page has seen of one block: all rows of a kind, or one of them."""
        return standing_of(
            row for (of, name), row in self.findings.items() if of == kind and key in ("", name)
        )


def standing_of(findings: Iterable[Finding]) -> str:
    """What stands for these rows on a page drawn from them."""
    rows = [(row.kind, row.key, row.holds, row.evidence, row.words) for row in findings]
    return fingerprint(sorted(rows))


def load(meeting: Meeting, meeting_figures: Figures | None = None) -> tuple[SubjectAppraisal, ...]:
    """The cell first, where it is rated, then its leadership collectives, then the rated in list order.

    `meeting.campaign` and `meeting.cell` should be selected along with it; `found`: its figures, if they are at hand.
    """
    meeting_figures = meeting_figures or figures.load(meeting)
    known = _Known.load(meeting, meeting_figures)
    level = meeting_figures.cell.level or "" if meeting_figures.cell else ""
    cell = Outcome(CELL, meeting.cell.name, None, "", InForce())
    facts = _reported(meeting.report, level)
    own = [known.subject(cell, meeting_figures.cell, COLLECTIVE, facts)]
    return (
        *(own if meeting_figures.rates_cell else []),
        *(
            known.subject(
                outcome, outcome, COLLECTIVE, _reported(outcome.collective.report, outcome.level)
            )
            for outcome in meeting_figures.collectives
            if outcome.collective
        ),
        *(
            known.subject(
                outcome,
                outcome,
                known.kind(outcome.member),
                known.facts(outcome.member, outcome, level),
            )
            for outcome in meeting_figures.members
            if outcome.member
        ),
    )


def _reported(report: CollectiveReport, level: str | None) -> KnownFacts:
    """What a collective says of itself, and the level it has."""
    return KnownFacts(
        self_score=report.self_score, self_level=report.self_level, level=level or ""
    )


def unexplained(meeting: Meeting, meeting_figures: Figures | None = None) -> list[str]:
    """One sentence per subject with a doubt that has no reason on record; a rehearsal is asked for none.

    Without points or levels, for it is read where everybody may look on.
    """
    if meeting.is_rehearsal:
        return []
    return [
        f"{wording.capitalized(subject.title)}: {wording.two_digits(number)} điều chưa ghi lý do ở trang “Đánh giá”."
        for subject in load(meeting, meeting_figures)
        if (number := len(subject.appraisal.unexplained))
    ]


@dataclass(frozen=True)
class _Known:
    """What the tables have on the cell and its members in the campaign, by member."""

    pack: Mapping[str, object]
    rules: Rules
    polls: tuple[figures.PollFigures, ...]
    reviews: Mapping[int, SelfReview]
    assessments: Mapping[int, list[Assessment]]
    findings: Mapping[str, dict[tuple[str, str], Finding]]  # by the key in addresses
    offices: Mapping[int, set[str]]
    forms: dict[str, tuple[ReviewForm, tuple[Flag, ...]]]  # made once per kind

    @classmethod
    def load(cls, meeting: Meeting, meeting_figures: Figures) -> "_Known":
        """Four queries."""
        about = meeting.cell, meeting.campaign
        assessments: dict[int, list[Assessment]] = {}
        for assessment in Assessment.objects.of(*about):
            assessments.setdefault(assessment.member_id, []).append(assessment)
        findings: dict[str, dict[tuple[str, str], Finding]] = {}
        for row in Finding.objects.of(*about).select_related("by__member", "by__committee"):
            findings.setdefault(_address(row), {})[row.kind, row.key] = row
        offices: dict[int, set[str]] = {}
        listed = Office.objects.filter(member__attendance__meeting=meeting)
        posts, on = meeting_figures.rules.leader_posts, timezone.localdate(meeting.starts_at)
        for office in listed.leading(posts, on):
            offices.setdefault(office.member_id, set()).add(office.kind)
        return cls(
            pack=load_pack(meeting_figures.rules.version),
            rules=meeting_figures.rules,
            polls=meeting_figures.polls,
            reviews={row.member_id: row for row in SelfReview.objects.of(*about)},
            assessments=assessments,
            findings=findings,
            offices=offices,
            forms={},
        )

    def kind(self, member: Member) -> str:
        """Which form is the member's: the chosen one, else the one that suits the office."""
        review = self.reviews.get(member.pk)
        return review.kind if review else kind_for(self.pack, member.pk in self.offices)

    def facts(self, member: Member, outcome: Outcome, collective: str) -> KnownFacts:
        """What is known of a member, without what is on record."""
        executive = next(
            (a for a in self._said(member) if a.body == Assessment.Body.EXECUTIVE), None
        )
        return KnownFacts(
            self_score=self._self_score(member),
            self_level=outcome.self_level,
            executive_score=executive.score if executive else None,
            executive_level=executive.level if executive else "",
            level=outcome.level or "",
            collective=collective,
            is_head=Office.Kind.SECRETARY in self.offices.get(member.pk, ()),
        )

    def subject(
        self,
        who: Outcome,
        outcome: Outcome | None,
        kind: str,
        facts: KnownFacts,
    ) -> SubjectAppraisal:
        """One subject with its findings put to what is known; `outcome`: None where nothing was voted or concluded."""
        form, flags = self._form(kind)
        findings = self.findings.get(who.address, {})
        facts = _with(facts, findings, form.condition_texts)
        return SubjectAppraisal(
            key=who.address,
            name=who.name,
            member=who.member,
            collective=who.collective,
            outcome=outcome,
            votes=self._votes(who),
            form=form,
            flags=flags,
            facts=facts,
            assessments=tuple(self._said(who.member)) if who.member else (),
            findings=findings,
            appraisal=appraise(form, flags, facts, self.rules),
        )

    def _form(self, kind: str) -> tuple[ReviewForm, tuple[Flag, ...]]:
        if kind not in self.forms:
            form = ReviewForm.from_pack(self.pack, kind, self.rules)
            self.forms[kind] = form, self.rules.flags_for(kind)
        return self.forms[kind]

    def _said(self, member: Member) -> list[Assessment]:
        return self.assessments.get(member.pk, [])

    def _self_score(self, member: Member) -> Decimal | None:
        review = self.reviews.get(member.pk)
        return points_of(review, self._form(review.kind)[0]) if review else None

    def _votes(self, who: Outcome) -> Mapping[str, int]:
        rows = (row.counts for poll in self.polls for row in poll.rows if row.is_about(who))
        return next(reversed(list(rows)), {})


def points_of(review: SelfReview, form: ReviewForm) -> Decimal | None:
    """The sum of what was handed in; what is not handed in is its writer's alone, and a paper has no points."""
    if review.on_paper or review.state != SelfReview.State.SUBMITTED:
        return None
    form = form.with_stored_criteria(review.criteria)
    scores = {key: Decimal(points) for key, points in review.scores.items()}
    complete = form.groups and all(criterion.key in scores for criterion in form.criteria)
    return form.total(scores) if complete else None


def _address(row: Finding) -> str:
    """Whose it is, by the key in addresses."""
    if row.collective_id:
        return COLLECTIVE_ADDRESS.format(row.collective_id)
    return str(row.member_id) if row.member_id else CELL_ADDRESS


def _with(
    facts: KnownFacts,
    findings: Mapping[tuple[str, str], Finding],
    condition_texts: Mapping[str, str],
) -> KnownFacts:
    """The same with what is on record: answers to conditions as they read now, confirmed flags, reasons."""
    kinds = Finding.Kind
    conditions_held = {
        kind: {k for (of, k), row in findings.items() if of == kind and row.holds}
        for kind in kinds
    }
    return replace(
        facts,
        answers={
            key: row.holds
            for (kind, key), row in findings.items()
            if kind == kinds.CONDITION and row.words == condition_texts.get(key)
        },
        confirmed=conditions_held[kinds.FLAG],
        reasons=conditions_held[kinds.REASON],
    )
