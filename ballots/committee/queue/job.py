"""Many clean files approved as a job: each by itself, as it was seen, however often the job is begun."""

from collections.abc import Mapping
from typing import IO

from ballots.committee.queue import batch
from ballots.committee.review import verbs
from ballots.core.verbs import Refused
from ballots.jobs import asking
from ballots.jobs.kinds import Step
from ballots.models import Job, Submission
from cells import wording
from members.models import User

# Files that are approved while the page waits: all that is checked of one lasts from a tenth to a quarter of a second.
AT_ONCE = 5
DONE, LEFT_OUT = "Đã duyệt {} hồ sơ.", " Để lại {}: {}"
GONE = "không còn thuộc đảng bộ này."
LONGEST = 300  # letters of an answer, as the column has it


def ask(user: User, chosen: Mapping[int, int]) -> Job:
    """Have them approved; `chosen`: the number of the sending that was seen, by meeting."""
    about = f"Duyệt {wording.two_digits(len(chosen))} hồ sơ chi bộ"
    args: dict[str, object] = {"committee": user.committee_id, "files": sorted(chosen.items())}
    return asking.ask(user, Job.Kind.APPROVAL, about, args)


def approve(job: Job, file: IO[bytes], step: Step) -> tuple[str, str]:
    """Approve one after the other; what an earlier beginning of this job has approved is approved."""
    user = job.asked_by
    assert user  # noqa: S101 - or nobody had seen them
    numbers: dict[int, int] = dict(job.args["files"])
    meetings = batch.seen_by(user, numbers)
    before = _approved_before(job, user, numbers)
    approved, left_out = len(before), []
    for place, meeting in enumerate(meetings):
        step(place, len(meetings))
        if meeting.pk in before:
            continue
        try:
            verbs.approve(user, meeting, numbers[meeting.pk], clean=True)
            approved += 1
        except Refused as refusal:
            left_out.append(f"{meeting.cell}: {refusal}")
    left_out += [GONE] * (len(numbers) - len(meetings))
    return _answer(approved, left_out), ""


def _approved_before(job: Job, user: User, numbers: Mapping[int, int]) -> set[int]:
    rows = Submission.objects.filter(
        meeting__in=numbers, approved_by=user, approved_at__gte=job.created_at
    )
    return {
        meeting
        for meeting, number in rows.values_list("meeting", "number")
        if numbers[meeting] == number
    }


def _answer(approved: int, left_out: list[str]) -> str:
    said = DONE.format(wording.two_digits(approved))
    if left_out:
        said += LEFT_OUT.format(wording.two_digits(len(left_out)), " ".join(left_out))
    return said if len(said) <= LONGEST else f"{wording.shortened(said, LONGEST - 1)}…"
