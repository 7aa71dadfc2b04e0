"""Who is transferred after the meeting leaves both files as they were; who goes before it takes the review along."""

import io
import re
import zipfile
from datetime import date

import pytest
from django.urls import reverse

from ballots.committee.downloads import archive as of_cells
from ballots.dossier import archive, checks
from ballots.papers.kinds import KINDS
from ballots.papers.personal.gather import gather_form, last_submitted
from ballots.papers.signing import signer
from ballots.results import totals
from cells.models import Cell, Meeting
from members.models import (
    Assessment,
    Attendance,
    Member,
    Office,
    ReviewLine,
    SelfReview,
    SelfReviewVersion,
    Transfer,
)
from members.people import transfers
from members.reviews.asked import asked_in
from tests.kit import factories, sendings, verbs
from tests.kit.clients import browser

pytestmark = pytest.mark.django_db(transaction=True)

# What differs from one reader to the next.
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|data-cookie="[^"]*"')
NUMBER = "24084012"


def make_file(cell: Cell) -> Meeting:
    """A file of four members in an order of their own, with all there can be on the third."""
    meeting = sendings.make_ready(4, cell=cell)
    for place, member in enumerate(factories.members_of(meeting)):
        Member.objects.filter(pk=member.pk).update(position=9 - place)
    member = factories.members_of(meeting)[2]
    review = SelfReview.objects.get(member=member)
    SelfReview.objects.filter(pk=review.pk).update(texts={"weaknesses": "Ít họp nhóm."})
    SelfReviewVersion.objects.create(
        review=review,
        number=1,
        pack="2025.1",
        kind="member",
        texts={"weaknesses": "Ít họp nhóm."},
        self_level="HTT",
    )
    factories.make_remark(meeting, member, level="HTT")
    factories.make_attachment(cell, factories.secretary_of(meeting), member=member)
    return meeting


def pages_of(meeting: Meeting) -> dict[str, str]:
    """Every page of the year and the file, as the secretary and the officer above read them."""
    cell, span = meeting.cell_id, meeting.campaign.span
    of_year = ["review_list", "reviews"]
    of_file = ["sending", "dossier", "results", "minutes", "appraisal"]
    addresses = {
        **{name: reverse(f"ballots:{name}", args=[cell, span]) for name in of_year},
        **{name: reverse(f"ballots:{name}", args=[meeting.pk]) for name in of_file},
        "years": reverse("ballots:cell_years", args=[cell]),
        "remarks": reverse("members:executive_remarks", args=[cell, span]),
        "files": reverse("members:attachments", args=[cell, span]),
    }
    secretary = browser(factories.secretary_of(meeting))
    by_name = {name: secretary.get(address) for name, address in addresses.items()}
    officer = browser(factories.make_user(committee=meeting.cell.committee))
    by_name["above"] = officer.get(reverse("ballots:submission", args=[meeting.pk]))
    board = {"ky": meeting.campaign.span}
    by_name["board"] = officer.get(
        reverse("ballots:committee", args=[meeting.cell.committee_id]), board
    )
    assert {name: answer.status_code for name, answer in by_name.items()} == dict.fromkeys(
        by_name, 200
    )
    return {name: TOKEN.sub("", answer.content.decode()) for name, answer in by_name.items()}


def file_of(meeting: Meeting) -> dict[str, object]:
    """What is kept and what would be rendered: papers, forms, checks, lists of the archives, totals."""
    meeting = Meeting.objects.select_related("cell__committee", "campaign").get(pk=meeting.pk)
    committee, span = meeting.cell.committee, meeting.campaign.span
    own, whole = io.BytesIO(), io.BytesIO()
    archive.write(meeting, own)
    of_cells.write(committee, span, whole)
    submitted = last_submitted(meeting)
    return {
        "papers": {kind: row.gather(meeting) for kind, row in KINDS.items()},
        "forms": {who: gather_form(meeting, row) for who, row in submitted.items()},
        "checks": checks.groups_for(meeting),
        "own": zipfile.ZipFile(own).namelist(),
        "whole": zipfile.ZipFile(whole).namelist(),
        "totals": totals.rows(committee, span),
        "pages": pages_of(meeting),
    }


def transfer(member: Member, there: Cell) -> None:
    transfers.leave(
        factories.secretary_of(Meeting.objects.get(cell=member.cell)),
        member,
        there.name,
        date(2026, 12, 20),
    )
    other = factories.secretary_of(Meeting.objects.get(cell=there))
    transfers.receive(other, there, member.name, NUMBER, date(2026, 12, 21))


@pytest.fixture
def mover(db) -> Member:
    """The third of a cell whose meeting is over, to be known by card number."""
    cell = factories.make_cell(name="Chi bộ Thôn 4")
    meeting = make_file(cell)
    member = factories.members_of(meeting)[2]
    member.name, member.card_number = "Lý Văn Dời", NUMBER
    member.save()
    member.refresh_from_db()
    return member


def test_who_is_transferred_after_the_meeting_leaves_both_files_as_they_were(mover):
    here = Meeting.objects.get(cell=mover.cell)
    there = make_file(factories.make_cell(mover.cell.committee, "Chi bộ Thôn 5"))
    before = file_of(here), file_of(there)
    transfer(mover, there.cell)
    mover.refresh_from_db()
    assert mover.cell == there.cell
    for then, now in zip(before, (file_of(here), file_of(there)), strict=True):
        for part in then:
            assert then[part] == now[part], part


def test_who_signed_then_is_not_another_now(mover):
    Office.objects.create(member=mover, kind="deputy", since=date(2020, 1, 1))
    here = Meeting.objects.get(cell=mover.cell)
    there = make_file(factories.make_cell(mover.cell.committee, "Chi bộ Thôn 5"))
    Office.objects.filter(member__cell__in=[here.cell, there.cell]).exclude(member=mover).delete()
    Member.objects.filter(pk=mover.pk).update(cell=there.cell)
    Transfer.objects.create(member=mover, kind="in", place="Thôn 4", since=date(2026, 12, 21))
    held_on = date(2026, 12, 5)
    assert signer(here, held_on).name == "Lý Văn Dời"
    assert signer(there, held_on).name == ""


def test_the_secretary_over_there_has_no_business_in_the_review_here(mover):
    here = Meeting.objects.get(cell=mover.cell)
    there = make_file(factories.make_cell(mover.cell.committee, "Chi bộ Thôn 5"))
    transfer(mover, there.cell)
    own, other = (browser(factories.secretary_of(meeting)) for meeting in (here, there))
    review = SelfReview.objects.get(member=mover)
    remarks = reverse("members:assessments", args=[mover.pk, here.campaign.span])
    for address in (reverse("ballots:review_read", args=[review.pk]), remarks):
        assert (own.get(address).status_code, other.get(address).status_code) == (200, 404)
    line = ReviewLine.objects.get(member=mover)
    change = {"status": "unrated", "reason": "Nghỉ ốm"}
    assert other.post(reverse("ballots:review_line", args=[line.pk]), change).status_code == 404


def make_newcomer(cell: Cell) -> Member:
    """A member of a cell whose meeting is planned, reviewed by half."""
    member = factories.make_member(cell, "Lý Văn Dời", card_number=NUMBER)
    meeting = factories.make_meeting(3, cell=cell)
    sendings.hand_in(meeting, member)
    factories.make_remark(meeting, member, level="HTT")
    return member


def test_who_goes_before_the_meeting_takes_the_review_along(db):
    member = make_newcomer(factories.make_cell(name="Chi bộ Thôn 4"))
    former = member.cell
    there = factories.make_meeting(2, cell=factories.make_cell(former.committee)).cell
    transfer(member, there)
    campaign = Meeting.objects.get(cell=there).campaign
    for rows in (ReviewLine, SelfReview, Assessment):
        assert rows.objects.of(there, campaign).filter(member=member).exists()
        assert not rows.objects.of(former, campaign).filter(member=member).exists()
    assert member in asked_in(there, campaign)
    assert member not in asked_in(former, campaign)


def test_who_comes_after_being_rated_elsewhere_sits_in_the_meeting_unrated(mover):
    there = factories.make_meeting(2, cell=factories.make_cell(mover.cell.committee))
    transfer(mover, there.cell)
    assert verbs.list_newcomers(factories.secretary_of(there), there) == 1
    place = Attendance.objects.get(meeting=there, member=mover)
    assert (place.rated, place.unrated_reason) == (False, "Đã kiểm điểm, xếp loại ở chi bộ khác")
    assert ReviewLine.objects.get(member=mover).cell != there.cell


def test_who_comes_back_is_listed_in_the_own_place_again(mover):
    here = mover.cell
    there = make_file(factories.make_cell(here.committee, "Chi bộ Thôn 5")).cell
    transfer(mover, there)
    assert ReviewLine.objects.get(member=mover).position == 7
    mover.refresh_from_db()
    transfer(mover, here)
    assert ReviewLine.objects.get(member=mover).position is None
