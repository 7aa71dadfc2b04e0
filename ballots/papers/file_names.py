"""Names of files that people download."""

import re

from cells import wording
from cells.models import Campaign, Meeting

# Letters of a cell's name in the name of a file, and of the rest.
LONGEST_CELL, LONGEST_PAPER = 40, 60


def file_name(meeting: Meeting, paper: str) -> str:
    """A paper's name without accents and ending, by the pattern of the guidance pack; at most some 110 letters."""
    return _named(meeting, paper, wording.shortened(meeting.body_name, LONGEST_CELL))


def name_in_folder(meeting: Meeting, paper: str) -> str:
    """As file_name, inside a folder that bears the cell's name already."""
    name = _named(meeting, paper, "")
    return re.sub(r"([ _-])[ _-]+", r"\1", name).strip(" _-")


def _named(meeting: Meeting, paper: str, cell: str) -> str:
    paper = wording.shortened(paper, LONGEST_PAPER)
    pattern = meeting.rules.file_name
    return wording.file_name(pattern.format(paper=paper, cell=cell, **_when(meeting.campaign)))


def _when(campaign: Campaign) -> dict[str, object]:
    return {"year": campaign.year, "period": campaign.period}
