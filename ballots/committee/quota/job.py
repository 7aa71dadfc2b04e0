"""A quota draft of many files, made as a job: asked for in the room, made once, whole or not at all."""

from typing import IO

from django.core.exceptions import ValidationError

from ballots.committee.downloads.job import committee_of
from ballots.committee.quota import verbs
from ballots.core.guard import sentence
from ballots.core.verbs import Refused
from ballots.jobs import asking
from ballots.jobs.kinds import Step
from ballots.models import Job, QuotaDraft
from cells.law.periods import Period
from cells.models import Committee
from members.models import User

# Files of which a draft is made while the page waits; of three thousand it lasts from seven to sixteen seconds.
AT_ONCE = 500
MADE = "Đã lập dự thảo “{}”."
# Of two jobs about these the second is refused while the first is unfinished.
WHICH = ("committee", "period", "name")


def ask(user: User, committee: Committee, period: Period, name: str) -> Job:
    """Have it made by what the files say then; what would be refused later is refused now."""
    verbs.may_make(user, committee, period, name)
    args = {"committee": committee.pk, "period": str(period), "name": name}
    about = f"Lập dự thảo tỷ lệ “{name}” {period.words} của {committee}"[:300]
    return asking.ask(user, Job.Kind.DRAFT, about, args, same=WHICH)


def being_made(committee: Committee, period: Period) -> list[Job]:
    """The jobs that are making drafts of this period."""
    which = {"args__committee": committee.pk, "args__period": str(period)}
    return list(Job.objects.unfinished().filter(kind=Job.Kind.DRAFT, **which).order_by("pk"))


def make(job: Job, file: IO[bytes], step: Step) -> tuple[str, str]:
    """Make it; who comes again for what a killed process has made is told that it is made."""
    committee, period = committee_of(job), Period.parse(job.args["period"])
    user, name = job.asked_by, job.args["name"]
    assert user  # noqa: S101 - or there was no committee
    made = QuotaDraft.objects.of(committee, period).filter(
        name=name, by=user, at__gte=job.created_at
    )
    try:
        if not made.exists():
            verbs.make(user, committee, period, name, step)
    except (
        ValidationError
    ) as error:  # the name was taken meanwhile, by another beginning or another officer
        if not made.exists():
            raise Refused(sentence(error)) from error
    return MADE.format(name), ""
