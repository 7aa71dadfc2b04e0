"""The ZIP of all cells as a job: of three hundred cells it takes a minute."""

from typing import IO

from ballots.committee.downloads import archive
from ballots.core.verbs import Refused
from ballots.jobs.kinds import Step
from ballots.models import Job
from cells import wording
from cells.law.periods import Period
from cells.models import Committee

NOT_YOURS = "Đồng chí không còn phụ trách đảng bộ này nên không lấy được văn bản."


def write(job: Job, file: IO[bytes], step: Step) -> tuple[str, str]:
    """Write the files of the period, for an officer who may still see the committee."""
    period = Period.parse(job.args["period"])
    committee = committee_of(job)
    archive.write(committee, period, file, step)
    return "", f"{name_of(committee, period)}.zip"


def committee_of(job: Job) -> Committee:
    """The committee that the job is about; Refused where whoever asked has lost it meanwhile."""
    committees = job.asked_by.committees() if job.asked_by else Committee.objects.none()
    committee = committees.filter(pk=job.args["committee"]).first()
    if committee is None:
        raise Refused(NOT_YOURS)
    return committee


def name_of(committee: Committee, period: Period) -> str:
    """What files of the committee and the period are called, without ending."""
    return wording.file_name(f"{committee} {period}")
