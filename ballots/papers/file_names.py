"""Names of files that people download."""

from cells import wording
from cells.models import Campaign, Meeting


def file_name(meeting: Meeting, paper: str) -> str:
    """A paper's name without accents and ending, by the pattern of the guidance pack."""
    pattern = meeting.rules.file_name
    name = pattern.format(paper=paper, cell=meeting.cell.name, **_when(meeting.campaign))
    return wording.file_name(name)


def _when(campaign: Campaign) -> dict[str, object]:
    return {"year": campaign.year, "period": campaign.period}
