"""Files of many cells that wait for the committee's decision, as rows; and the decision on all of them."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from ballots.committee.acts.levels import Basis, Seen, seen
from ballots.committee.acts.verbs import Decided, Paper, decide_together
from ballots.dossier.places import FileFact, Place, PlaceKind
from ballots.models import Classification, Submission
from ballots.results import recording
from ballots.results.filed import listed_of
from ballots.results.undecided import files_of, sendings
from cells.law.periods import Period
from cells.models import Campaign, Committee, Meeting
from members.models import Attendance
from tests.kit import factories

CHAIR = {"source": Classification.Source.CHAIR, "reason": "Hội nghị thống nhất"}
YEAR = Period(2026)
SUMS = FileFact(Place.mint(PlaceKind.SUMS), "", "Số đảng viên theo mức", "HTT 03")


def make_file(
    committee: Committee, campaign: Campaign, size: int = 3, cell: str = "", level: str = "HTT"
) -> Meeting:
    """A file that was sent: the cell and its members proposed at this level."""
    own = factories.make_cell(committee, cell)
    day = timezone.now() - timedelta(days=2)
    meeting = Meeting.objects.create(
        cell=own, campaign=campaign, state="closed", starts_at=day, opened_at=day, closed_at=day
    )
    members = [factories.make_member(own) for _ in range(size)]
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, member=each, standing=each.status) for each in members
    )
    Classification.objects.bulk_create(
        Classification(meeting=meeting, member=each, level=level, **CHAIR)
        for each in (None, *members)
    )
    send(meeting)
    return meeting


def send(meeting: Meeting) -> None:
    """As the cell does, without its papers."""
    number = Submission.objects.next_number(meeting)
    with transaction.atomic():
        Submission.objects.create(
            meeting=meeting,
            number=number,
            note="" if number == 1 else "Đã sửa",
            by=factories.make_user(committee=meeting.cell.committee),
            listed=listed_of(meeting),
        )
        recording.record(meeting)


def give_back(meeting: Meeting) -> None:
    """As the committee does, without pins."""
    by = factories.make_user(committee=meeting.cell.committee)
    with transaction.atomic():
        rows = Submission.objects.filter(meeting=meeting, returned_at=None)
        rows.update(returned_at=timezone.now(), returned_by=by)
        recording.record(meeting)


def shown(committee: Committee, basis: Basis | None = None) -> list[Seen]:
    """What a preview of all files shows now."""
    return [seen(file, basis or Basis()) for file in files_of(sendings(committee, YEAR))]


def paper(symbol: str = "130-QĐ/ĐU", days: int = 0) -> Paper:
    """Dated so many days from now."""
    day = timezone.localdate() + timedelta(days=days)
    return Paper(symbol, day, "Đảng ủy", "Bí thư", "Lê Văn Tâm")


def decide(officer, chosen=None, basis: Basis | None = None, act: Paper | None = None) -> Decided:
    """What is shown now, or these files, decided by the officer's committee."""
    ward, basis = officer.committee, basis or Basis()
    chosen = shown(ward, basis) if chosen is None else chosen
    return decide_together(officer, ward, YEAR, act or paper(), chosen, basis)
