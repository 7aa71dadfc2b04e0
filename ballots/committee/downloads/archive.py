"""Every file of a committee's subtree as one ZIP: a folder per cell, an index and check sums."""

import itertools
from collections import Counter
from collections.abc import Iterator
from operator import attrgetter
from typing import IO

from django.db.models import Exists, OuterRef, QuerySet

from ballots.dossier import archive
from ballots.jobs.kinds import Step, unwatched
from ballots.models import Paper, Submission
from ballots.papers.bundles import Bundle
from ballots.papers.file_names import name_in_folder
from ballots.results.totals import meetings
from cells import wording
from cells.law.periods import Period
from cells.models import Cell, Committee, Meeting
from cells.models.pieces import in_pieces
from members.models import Attachment, Attendance
from members.rules.names import ListedNames

CHUNK = 100  # meetings whose lists are in memory at a time
LONGEST_NAME = 36  # letters of a committee's or a cell's name in the name of its folder


def write(committee: Committee, period: Period, file: IO[bytes], step: Step = unwatched) -> None:
    """Write what the cells have sent up into `file`: papers in force, photographs and scans.

    Of a cell that has sent nothing yet, what its meeting has passed. The members' own forms are in the ZIP of each
    cell, which renders them; for thousands of cells at once that would take hours. A step is a cell.
    """
    folders = Folders()
    papers = _papers(committee, period)
    cells = papers.order_by().values("meeting__cell").distinct().count()
    keys = list(papers.values_list("pk", flat=True))
    whole = Paper.objects.select_related("meeting__cell__committee", "meeting__campaign")
    by_meeting = itertools.groupby(in_pieces(keys, whole, 20), key=attrgetter("meeting_id"))
    with Bundle(file, ["Đảng bộ", "Chi bộ", "Nội dung"]) as bundle:
        for _, of_meeting in by_meeting:
            step(folders.number, cells)
            meeting: Meeting | None = None
            for paper in of_meeting:
                meeting = meeting or paper.meeting  # one row, that its rules are read once
                cell, label = meeting.cell, paper.get_kind_display()
                name = f"{folders.folder_of(cell)}/{name_in_folder(meeting, label)}"
                bundle.add_paper(paper, name, cell.committee.name, cell.name, label)
        for meeting, names, scan in _enclosed(committee, period):
            step(min(folders.number, cells), cells)
            folder = f"{folders.folder_of(meeting.cell)}/"
            where = (meeting.cell.committee.name, meeting.cell.name)
            archive.add_scan(bundle, meeting, scan, names, folder, *where)


def has_papers(committee: Committee, period: Period) -> bool:
    """Whether the archive would hold anything."""
    return Paper.objects.filter(meeting__in=meetings(committee, period)).exists()


def _papers(committee: Committee, period: Period) -> QuerySet[Paper]:
    papers = Paper.objects.current().filter(meeting__in=meetings(committee, period))
    return papers.order_by(
        "meeting__cell__committee__path",
        "meeting__cell__name_sort",
        "meeting__cell__name",
        "kind",
    )


def _enclosed(
    committee: Committee, period: Period
) -> Iterator[tuple[Meeting, ListedNames, Attachment]]:
    """What is kept with the files that were sent, each with its meeting and the names on its list.

    Four queries for so many meetings, and few files in memory at a time.
    """
    sent = Exists(Submission.objects.filter(meeting=OuterRef("pk")))
    every = meetings(committee, period).filter(sent).order_by("cell", "starts_at")
    keys = list(dict(every.values_list("cell", "pk")).values())  # of two of a cell, the later
    for start in range(0, len(keys), CHUNK):
        by_cell = {m.cell_id: m for m in every.filter(pk__in=keys[start : start + CHUNK])}
        names = Attendance.objects.names_by_meeting(by_cell.values())
        attachments = Attachment.objects.current().filter(cell__in=by_cell)
        of_period = attachments.filter(campaign__year=period.year, campaign__kind=period.kind)
        scans = list(of_period.order_by("cell", "pk").values_list("pk", flat=True))
        for scan in in_pieces(scans, Attachment.objects.select_related("member"), 4):
            meeting = by_cell[scan.cell_id]
            yield meeting, names[meeting.pk], scan


class Folders:
    """A folder of its own for each cell inside its committee's: by number, so that no two are one, and by name."""

    def __init__(self) -> None:
        """No cell has one yet."""
        self._committees: dict[int, str] = {}
        self._cells: dict[int, str] = {}
        self._counts: Counter[int] = Counter()

    @property
    def number(self) -> int:
        """How many cells have one."""
        return len(self._cells)

    def folder_of(self, cell: Cell) -> str:
        """The cell's folder: "01 Dang bo phuong Hoa Sen/007 Chi bo Khu pho 7"; numbers as cells are met."""
        if cell.pk not in self._cells:
            number = len(self._committees) + 1
            above = self._committees.setdefault(
                cell.committee_id, f"{number:02d} {_short(cell.committee.name)}"
            )
            self._counts[cell.committee_id] += 1
            self._cells[cell.pk] = (
                f"{above}/{self._counts[cell.committee_id]:03d} {_short(cell.name)}"
            )
        return self._cells[cell.pk]


def _short(name: str) -> str:
    return wording.shortened(wording.file_name(name), LONGEST_NAME)
