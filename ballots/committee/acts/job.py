"""The papers of a decision on many files, and the notices to all its members, as jobs."""

from typing import IO

from ballots.committee.downloads.archive import Folders
from ballots.committee.downloads.job import NOT_YOURS
from ballots.core.verbs import Refused
from ballots.jobs.kinds import Step
from ballots.models import CommitteeDecision, DecisionPaper, Job
from ballots.papers.bundles import ENDINGS, Bundle
from ballots.papers.file_names import name_in_folder
from ballots.papers.kinds import NOTICE, RULINGS
from ballots.papers.lock import lock_decision
from ballots.papers.press import render
from ballots.papers.rulings.gather import notices_of
from cells import wording

DONE = "Đã soạn và khoá quyết định, danh sách kèm theo."


def lock_papers(job: Job, file: IO[bytes], step: Step) -> tuple[str, str]:
    """Write the decision and its list, which are then fetched on its own page."""
    step(0, 1)
    lock_decision(act_of(job))
    return DONE, ""


def write_notices(job: Job, file: IO[bytes], step: Step) -> tuple[str, str]:
    """A ZIP: the decision, its list, and a folder for each cell with the notice to each of its members."""
    act, folders = act_of(job), Folders()
    lock_decision(act)
    decisions = act.decisions.select_related(
        "by__committee", "meeting__cell__committee", "meeting__campaign"
    )
    rows = decisions.order_by(
        "meeting__cell__committee__path", "meeting__cell__name_sort", "meeting__cell", "pk"
    )
    number = rows.count()
    with Bundle(file, ["Chi bộ", "Nội dung"]) as bundle:
        for paper in DecisionPaper.objects.filter(act=act):
            label = paper.get_kind_display()
            for ending, kind in ENDINGS.items():
                name = f"{wording.file_name(label)}.{ending}"
                bundle.add(name, bytes(getattr(paper, ending)), kind, "", label)
        for place, decision in enumerate(rows):
            step(place, number)
            meeting = decision.meeting
            levels = decision.levels.exclude(member=None).select_related("member", "supersedes")
            for notice in notices_of(decision, levels.order_by("pk")):
                label = f"{RULINGS[NOTICE]} {notice.member}"
                name = f"{folders.folder_of(meeting.cell)}/{name_in_folder(meeting, label)}.pdf"
                content = render.pdf(render.html(notice))
                bundle.add(name, content, ENDINGS["pdf"], meeting.cell.name, label)
    return "", f"{file_name(act)} thong bao.zip"


def file_name(act: CommitteeDecision) -> str:
    """What files of the decision are called, without ending."""
    return wording.shortened(wording.file_name(f"Quyet dinh {act.symbol} {act.period}"), 80)


def act_of(job: Job) -> CommitteeDecision:
    """The decision that the job is about; Refused where whoever asked has lost its committee meanwhile."""
    acts = CommitteeDecision.objects.select_related("committee", "by__committee")
    user = job.asked_by
    act = (
        acts.filter(pk=job.args["act"], committee__in=user.committees()).first() if user else None
    )
    if act is None:
        raise Refused(NOT_YOURS)
    return act
