"""The report of a committee of many bodies, drawn and sent as a job: once, or not at all."""

from dataclasses import asdict
from datetime import date
from typing import IO

from ballots.committee.downloads.job import committee_of
from ballots.committee.upward import verbs
from ballots.committee.upward.verbs import Report
from ballots.core.verbs import Refused
from ballots.jobs import asking
from ballots.jobs.kinds import Step
from ballots.models import CommitteeFile, Job
from ballots.papers.rollups.gather import ReportWords
from cells.law.periods import Period
from cells.models import Committee
from members.models import User

SENT = "Đã gửi báo cáo lên cấp trên."
# Of two jobs about these the second is refused while the first is unfinished.
WHICH = ("committee", "period")


def ask(user: User, report: Report) -> Job:
    """Have it drawn and sent as it stands now; what would be refused later is refused now."""
    papers = verbs.may_send(user, report)
    args = {
        "committee": report.committee.pk,
        "period": str(report.period),
        "number": report.number,
        "note": report.note,
        "day": report.day.isoformat(),
        "words": asdict(report.words) | {"dated": _written(report.words.dated)},
        "mark": papers.mark,
    }
    about = f"Soạn, gửi báo cáo {report.period.words} của {report.committee}"[:300]
    return asking.ask(user, Job.Kind.REPORT, about, args, same=WHICH)


def being_sent(committee: Committee, period: Period) -> Job | None:
    """The job that is drawing and sending the report; None where there is none."""
    which = {"args__committee": committee.pk, "args__period": str(period)}
    return Job.objects.unfinished().filter(kind=Job.Kind.REPORT, **which).first()


def send(job: Job, file: IO[bytes], step: Step) -> tuple[str, str]:
    """Draw and send it; who comes again for what a killed process has sent is told that it is sent."""
    report, user = _report_of(job), job.asked_by
    assert user  # noqa: S101 - or there was no committee
    try:
        if not _is_sent(job, report):
            verbs.send(user, report, job.args["mark"], step)
    except Refused:
        if not _is_sent(job, report):
            raise
    return SENT, ""


def _report_of(job: Job) -> Report:
    typed = dict(job.args["words"])
    words = ReportWords(**typed | {"dated": _read(typed["dated"])})
    period, day = Period.parse(job.args["period"]), date.fromisoformat(job.args["day"])
    return Report(committee_of(job), period, words, job.args["number"], job.args["note"], day)


def _is_sent(job: Job, report: Report) -> bool:
    """Whether an earlier beginning of this very job has sent it."""
    sendings = CommitteeFile.objects.of(report.committee, report.period)
    return sendings.filter(number=report.number, by=job.asked_by, at__gte=job.created_at).exists()


def _written(day: date | None) -> str:
    return day.isoformat() if day else ""


def _read(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
