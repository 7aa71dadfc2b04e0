"""A collective report filled in, as the secretary's page sends it: form 01 of the year 2025."""

from ballots.report.sheet import Report, form_of
from cells.law.guidance import load_pack
from cells.law.rules import Rules
from cells.models import Meeting
from tests.kit import factories, verbs

FORM = form_of(Rules.from_pack(load_pack("2025"), {}))
TEXTS = {f"text-{section.key}": f"Viết ở mục {section.key}." for section in FORM.sections}
POINTS = {f"score-common-{number}": "5" for number in range(1, 7)} | {
    "score-tasks": "41,5",
    "score-below": "15",
}
FULL = TEXTS | POINTS | {"self_level": "HTT"}


def write_report(meeting: Meeting, seen: str = "", **fields: str) -> Report:
    """Keep a full report, but for these fields (with "_" for "-") of another text."""
    changed = {
        name.replace("_", "-") if name != "self_level" else name: text
        for name, text in fields.items()
    }
    typed = Report.read(form_of(meeting.rules), FULL | changed)
    return verbs.edit_report(factories.secretary_of(meeting), meeting, typed, seen)
