"""Removing the reviews that may go, cell by cell, in the name of the officer who saw the list."""

from typing import IO

from ballots.committee.downloads.job import committee_of
from ballots.core.verbs import Refused
from ballots.jobs.kinds import Step
from ballots.models import Job
from cells.models import Cell, Committee
from cells.stale import STALE
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
    return f"Đã xoá {job.args['seen']} bản kiểm điểm cá nhân.", ""


def old_reviews(committee: Committee) -> list[Old]:
    """What may go of the committee's cells."""
    return retention.old_reviews(Cell.objects.under(committee))


def number_of(listed: list[Old]) -> int:
    """How many reviews that is."""
    return sum(len(old.keys) for old in listed)
