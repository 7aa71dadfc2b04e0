"""Which function does which kind of job; by name, since each stands in the wing whose work it is, above this one."""

from collections.abc import Callable, Mapping
from typing import IO, Protocol

from django.utils.module_loading import import_string

from ballots.models import Job

WORKS: Mapping[str, str] = {
    Job.Kind.PAPERS: "ballots.committee.downloads.job.write",
    Job.Kind.SUMMARY: "ballots.committee.downloads.job.write_summary",
    Job.Kind.MEMBERS: "ballots.committee.downloads.job.write_members",
    Job.Kind.RETENTION: "ballots.committee.retention.job.remove",
    Job.Kind.BACKUP: "ballots.backups.nightly.write",
    Job.Kind.DECISION: "ballots.committee.acts.job.lock_papers",
    Job.Kind.NOTICES: "ballots.committee.acts.job.write_notices",
    Job.Kind.MAIL: "ballots.news.mailing.write",
    Job.Kind.SHEET: "ballots.committee.imports.job.read",
    Job.Kind.PLAN: "ballots.committee.imports.job.plan_again",
    Job.Kind.IMPORT: "ballots.committee.imports.job.apply",
    Job.Kind.REPORT: "ballots.committee.upward.job.send",
    Job.Kind.DRAFT: "ballots.committee.quota.job.make",
    Job.Kind.COPY: "ballots.committee.quota.job.copy",
    Job.Kind.REFRESH: "ballots.committee.quota.job.refresh",
    Job.Kind.ROOM: "ballots.committee.quota.job.write_room",
    Job.Kind.TABLE: "ballots.committee.upward.drafts.draw",
    Job.Kind.APPROVAL: "ballots.committee.queue.job.approve",
}


class Step(Protocol):
    """Called between two steps of the work with how many are done, and of how many; where it is to end, it raises."""

    def __call__(self, done: int, of: int) -> None:
        """Go on, or raise."""


def unwatched(done: int, of: int) -> None:
    """A step of work that is nobody's job."""


# Takes the job, the file for what it makes, and the step; returns the sentence of the result and the file's name, each
# "" where there is none. Refused says why it cannot be done.
Work = Callable[[Job, IO[bytes], Step], tuple[str, str]]


def work_of(job: Job) -> Work:
    """What does this job."""
    work: Work = import_string(WORKS[job.kind])
    return work
