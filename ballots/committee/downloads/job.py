"""The ZIP of all cells, their summary and their members as jobs: of thousands of cells each lasts."""

from typing import IO

from ballots.committee.downloads import archive
from ballots.core.verbs import Refused
from ballots.jobs.kinds import Step
from ballots.models import Job
from cells import wording
from cells.law.periods import Period
from cells.models import Committee
from members.imports import applying

# Cells whose Excel files the board offers at once, by one press; those of more are made beside the pages.
AT_ONCE = 100
# Letters of a committee's name in the name of a file, so that the period has its place.
LONGEST_NAME = 120
NOT_YOURS = "Đồng chí không còn phụ trách đảng bộ này nên không lấy được văn bản."


def write(job: Job, file: IO[bytes], step: Step) -> tuple[str, str]:
    """Write the files of the period, for an officer who may still see the committee."""
    period = Period.parse(job.args["period"])
    committee = committee_of(job)
    archive.write(committee, period, file, step)
    return "", f"{name_of(committee, period)}.zip"


def write_summary(job: Job, file: IO[bytes], step: Step) -> tuple[str, str]:
    """Write the Excel summary of the period, for an officer who may still see the committee."""
    from ballots.committee.rollups.workbook import workbook  # on first use: tests/test_start.py

    period = Period.parse(job.args["period"])
    committee = committee_of(job)
    file.write(workbook(committee, period, step))
    return "", f"{name_of(committee, period)}.xlsx"


def write_members(job: Job, file: IO[bytes], step: Step) -> tuple[str, str]:
    """Write the members of all cells, for an officer who may still have them in and out."""
    committee = committee_of(job)
    if not job.asked_by or not job.asked_by.has_perm("members.import_members", committee):
        raise Refused(NOT_YOURS)
    file.write(applying.workbook(committee, step))
    return "", f"{wording.file_name(f'Danh sach dang vien {committee.name}')}.xlsx"


def committee_of(job: Job) -> Committee:
    """The committee that the job is about; Refused where whoever asked has lost it meanwhile."""
    committees = job.asked_by.committees() if job.asked_by else Committee.objects.none()
    committee = committees.filter(pk=job.args["committee"]).first()
    if committee is None:
        raise Refused(NOT_YOURS)
    return committee


def name_of(committee: Committee, period: Period) -> str:
    """What files of the committee and the period are called, without ending."""
    return wording.file_name(f"{wording.shortened(committee.name, LONGEST_NAME)} {period}")
