"""Removing the reviews that may go, cell by cell, in the name of the officer who saw the list."""

from typing import IO

from ballots.committee.downloads.job import committee_of
from ballots.core.verbs import Refused
from ballots.jobs.kinds import Step
from ballots.models import Job
from cells.models import Cell, Committee
from cells.stale import STALE
from members.models import AuditEntry
from members.reviews import retention
from members.reviews.retention import Old


def remove(job: Job, file: IO[bytes], step: Step) -> tuple[str, str]:
    """Remove what the list showed; more than that is not removed unseen. `file` stays empty."""
    listed = old_reviews(committee_of(job))
    if number_of(listed) > job.args["seen"]:
        raise Refused(STALE)
    assert job.asked_by is not None  # noqa: S101 - committee_of has asked
    for done, old in enumerate(listed):
        step(done, len(listed))
        retention.remove(job.asked_by, old)
    return f"Đã xoá {_removed(job)} bản kiểm điểm cá nhân.", ""


def _removed(job: Job) -> int:
    """How many went for this job, an earlier beginning of it too; what somebody else had removed is not its doing."""
    own = AuditEntry.objects.filter(verb="reviews.removed", user=job.asked_by)
    notes = own.filter(at__gte=job.created_at).values_list("note", flat=True)
    return sum(note["count"] for note in notes)


def old_reviews(committee: Committee) -> list[Old]:
    """What may go of the committee's cells."""
    return retention.old_reviews(Cell.objects.under(committee))


def number_of(listed: list[Old]) -> int:
    """How many reviews that is."""
    return sum(len(old.keys) for old in listed)
