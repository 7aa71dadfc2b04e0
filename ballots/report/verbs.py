"""The collective report: kept field by field, so that two people may write at the same time."""

from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from ballots.core.verbs import must_be_editable
from ballots.report.sheet import SUMMARY, TOTAL, Clash, Report, form_of
from cells import wording
from cells.models import Collective, Meeting
from cells.stale import Stale
from members.models import User
from members.rules.review_sheet import LEVEL


class Overtaken(Stale):
    """Fields were changed here and, meanwhile, elsewhere; nothing was stored."""

    def __init__(self, report: Report, stored: Report, clashes: list[Clash]) -> None:
        """`report`: what is to be shown again; `stored`: what it would now replace."""
        super().__init__()
        self.report, self.stored, self.clashes = report, stored, clashes


@transaction.atomic(durable=True)
def edit_report(
    user: User, meeting: Meeting, typed: Report, seen: str, collective: Collective | None = None
) -> Report:
    """Keep the report as it was filled in on a page that had `seen`; returns it with what others saved meanwhile.

    `collective`: whose it is, None for the cell itself. Raises Overtaken where both changed the same field.
    """
    meeting = must_be_editable(user, meeting)
    whose = meeting.collectives.get(pk=collective.pk) if collective else meeting
    stored = Report.load(whose.report, typed.form)
    merged, clashes = typed.tidied().over(stored, seen)
    if clashes:
        raise Overtaken(merged, stored, clashes)
    _store(user, meeting, merged, collective)
    return merged


@transaction.atomic(durable=True)
def save_report(
    user: User,
    meeting: Meeting,
    text: str,
    self_level: str,
    self_score: Decimal | None,
    collective: Collective | None = None,
) -> None:
    """Keep what the minutes tell of the report, the level and the score the cell, or the collective, gives itself.

    Where criteria are scored, the score stays their sum.
    """
    meeting = must_be_editable(user, meeting)
    stored = Report.load((collective or meeting).report, form_of(meeting.rules))
    score = "" if self_score is None else wording.score(self_score)
    values = {SUMMARY: text, LEVEL: self_level, TOTAL: score}
    _store(user, meeting, replace(stored, typed={**stored.typed, **values}), collective)


def _store(
    user: User, meeting: Meeting, report: Report, collective: Collective | None = None
) -> None:
    values = {
        "summary": report.summary,
        "texts": report.texts(),
        "scores": report.scores(),
        "self_level": report.level_kept,
        "self_score": report.score,
        "saved_at": timezone.now(),
    }
    meeting.reports.update_or_create(collective=collective, defaults=values)
    about = {"collective": collective.name} if collective else {}
    user.record("meeting.report_saved", meeting, **about)
