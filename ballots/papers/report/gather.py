"""From a meeting's rows to what its collective report says."""

from dataclasses import replace
from decimal import Decimal

from ballots.papers import heads
from ballots.papers.data import Level, Points, ScoredPart, SectionText
from ballots.papers.report.data import ReportData
from ballots.papers.signing import signer
from ballots.report.sheet import Report, form_of
from cells.law.criteria import PARTS as PART_NAMES
from cells.law.review_forms import SCALE, CriterionGroup
from cells.models import Collective, CollectiveReport, Meeting
from cells.models import Level as LevelChoice
from members.rules.promises import Promise

REMEDIED = "remedied"  # the section that last year's shortcomings are answered under


def gather_report(meeting: Meeting, body: Collective | None = None) -> ReportData:
    """What the report of the cell, or of a leadership collective, says as it stands now, marked as a draft."""
    rules = meeting.rules
    form = form_of(rules)
    report = (body or meeting).report
    sheet = Report.load(report, form)
    texts = sheet.texts()
    answered = [texts[REMEDIED]] if REMEDIED in texts else []
    texts[REMEDIED] = "\n".join([*answered, *_answers(report)])
    head = heads.head(meeting, rules)
    level = sheet.level_kept
    return ReportData(
        head=replace(head, series="BC"),
        form=form.number,
        title=form.title,
        basis=tuple(meeting.campaign.basis or rules.basis),
        texts=tuple(
            SectionText(s.title, texts.get(s.key, ""), s.optional, s.group) for s in form.sections
        ),
        parts=_parts(form.groups, sheet),
        most=SCALE,
        score=sheet.score,
        level=Level(level, LevelChoice(level).label) if level else None,
        to=meeting.cell.committee.executive_name,
        signer=signer(meeting, head.day),
        headings=form.parts,
        whose=body.name if body else "",
    )


def _answers(report: CollectiveReport) -> list[str]:
    """Last year's shortcomings, a line each: what was to be remedied, and whether it was."""
    answers = report.answers
    ordered = [answers[key] for key in sorted(answers, key=int)]
    promises = [Promise("", a["item"], a.get("state", ""), a.get("why", "")) for a in ordered]
    return [
        f"- {' '.join(each.item.split()).rstrip('.;')}. {' '.join(each.words.split()).rstrip('.')}."
        for each in promises
    ]


def _parts(groups: tuple[CriterionGroup, ...], sheet: Report) -> tuple[ScoredPart, ...]:
    """The criteria under what the form adds them up in; a part has its sum once all of it is scored."""
    points = sheet.points
    parts = []
    for key, name in PART_NAMES.items():
        criteria = [c for group in groups if group.part == key for c in group.criteria]
        lines = tuple(Points(c.title, c.points, points.get(c.key)) for c in criteria)
        scores = [line.score for line in lines if line.score is not None]
        total = sum(scores, Decimal(0)) if len(scores) == len(lines) else None
        most = sum((line.most for line in lines), Decimal(0))
        parts.append(ScoredPart(Points(name, most, total), lines))
    return tuple(part for part in parts if part.criteria)
