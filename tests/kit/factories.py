"""Make what a test needs, and say only that: plain functions with sensible defaults."""

import hashlib
from datetime import date, datetime
from itertools import count, zip_longest

from django.utils import timezone

from ballots.models import Classification, Decision, Paper, Petition, Submission
from cells.law.guidance import version_of
from cells.models import Campaign, Cell, CollectiveReport, Committee, Meeting
from members.models import (
    Assessment,
    Attachment,
    Attendance,
    Device,
    Member,
    Office,
    Prompt,
    Seat,
    User,
)
from tests.kit import verbs
from tests.kit.made_once import made_once

_numbers = count(1)
# fmt: off
FAMILIES = ["Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Đoàn", "Mai", "Tô"]
GIVEN = ["An", "Bình", "Cường", "Dung", "Đức", "Giang", "Hạnh", "Khoa", "Lan", "Minh", "Nga", "Oanh", "Phúc", "Quý"]
# fmt: on


def make_committee(name: str = "", parent: Committee | None = None) -> Committee:
    """A committee at the top of a tree, or below `parent`."""
    values = {"name": name or f"Đảng bộ số {next(_numbers)}", "place": "Gia Lai"}
    if parent:
        return Committee.objects.add_child(parent, values)
    return Committee.objects.add_root(values)


def make_cell(committee: Committee | None = None, name: str = "") -> Cell:
    """A cell without members."""
    return Cell.objects.create(
        committee=committee or make_committee(),
        name=name or f"Chi bộ {next(_numbers)}",
        place="Gia Lai",
    )


def make_member(cell: Cell | None = None, name: str = "", office: str = "", **values) -> Member:
    """A full member; `office` is one of Office.Kind, held since 2020."""
    member = Member.objects.create(
        cell=cell or make_cell(), name=name or f"Nguyễn Văn {next(_numbers)}", **values
    )
    if office:
        Office.objects.create(member=member, kind=office, since=date(2020, 1, 1))
    return member


def make_members(cell: Cell, size: int) -> list[Member]:
    """Full members of the cell, up to 211 without a name twice; the first is its secretary."""
    secretary = make_member(cell, "Trần Thị Ánh", office=Office.Kind.SECRETARY, post="Bí thư")
    names = [f"{family} Văn {values}" for family in FAMILIES for values in GIVEN]
    return [secretary, *(make_member(cell, name) for name in names[: size - 1])]


def make_seat(committee: Committee, member: Member, post: str = "member", **values) -> Seat:
    """The member's seat on the committee, held since 2025."""
    values = {"since": date(2025, 5, 1)} | values
    return Seat.objects.create(committee=committee, member=member, post=post, **values)


def make_sitting(
    committee: Committee, *members: Member, kind: str = "standing", period: str = "year"
) -> Meeting:
    """A planned meeting of the committee, with these as its voters; the first chairs, the second writes."""
    meeting = Meeting.objects.create(
        committee=committee,
        campaign=make_campaign(committee, kind=period),
        kind=kind,
        starts_at=datetime(2026, 12, 18, 8, 0, tzinfo=timezone.get_default_timezone()),
        venue="Hội trường Đảng ủy",
    )
    for place, (member, duty) in enumerate(zip_longest(members, ["chair", "clerk"]), start=1):
        if member is not None:
            Attendance.objects.create(
                meeting=meeting,
                member=member,
                position=place,
                standing=member.status,
                rated=False,
                unrated_reason="Người bỏ phiếu",
                duty=duty or "",
            )
    for place, kind_of in enumerate(["talk", "tellers", "poll", "result", "minutes"], start=1):
        meeting.items.create(position=place, title=f"Mục {place}", kind=kind_of)
    return meeting


def make_user(member: Member | None = None, committee: Committee | None = None, **values) -> User:
    """An officer's account: a cell's secretary through `member`, a committee's officer through `committee`."""
    return User.objects.create_user(
        username=f"officer-{next(_numbers)}", member=member, committee=committee, **values
    )


def make_campaign(committee: Committee | None = None, **values) -> Campaign:
    """The committee's review of the year 2026 under the guidance now in force; made once."""
    values = {"year": 2026, "pack": "2025"} | values
    values["pack"] = version_of(values["pack"])
    return Campaign.objects.get_or_create(committee=committee or make_committee(), **values)[0]


def make_hall(size: int, *, is_open: bool = False) -> Meeting:
    """A planned, or an open, meeting of `size` whose check-in is open."""
    meeting = (make_open_meeting if is_open else make_meeting)(size)
    verbs.open_checkin(secretary_of(meeting), meeting)
    meeting.refresh_from_db()
    return meeting


@made_once
def make_meeting(size: int = 5, cell: Cell | None = None, **campaign) -> Meeting:
    """A planned meeting of `size` full members; chair is the cell's secretary, clerk the next one on the list."""
    cell = cell or make_cell()
    secretary, clerk, *_ = make_members(cell, size)
    meeting = verbs.plan_meeting(
        make_user(secretary),
        cell,
        make_campaign(cell.committee, **campaign),
        starts_at=datetime(2026, 12, 5, 19, 30, tzinfo=timezone.get_default_timezone()),
        venue="Nhà văn hóa khu phố 7",
        chair=secretary,
        clerk=clerk,
    )
    meeting.refresh_from_db()  # as a request finds it, with the rules not yet read
    return meeting


def loaded(meeting: Meeting) -> Meeting:
    """The meeting as views have it: with its campaign, cell and committee, anew from the database."""
    return Meeting.objects.select_related("campaign", "cell__committee").get(pk=meeting.pk)


def loaded_campaign(campaign: Campaign) -> Campaign:
    """The campaign as views have it: with its committee, anew from the database."""
    return Campaign.objects.select_related("committee").get(pk=campaign.pk)


def secretary_of(meeting: Meeting) -> User:
    """The account of who runs the meeting: its cell's secretary, or an officer of the committee that meets."""
    if meeting.committee_id:
        return User.objects.filter(committee=meeting.committee_id).earliest("pk")
    return User.objects.get(member__office__kind=Office.Kind.SECRETARY, member__cell=meeting.cell)


def arrive(meeting: Meeting, *members: Member) -> None:
    """Mark these members present; without any, the whole list."""
    listed = Attendance.objects.filter(meeting=meeting)
    if members:
        listed = listed.filter(member__in=members)
    listed.update(state=Attendance.State.PRESENT)


@made_once
def make_open_meeting(size: int = 5, **values) -> Meeting:
    """An open meeting, everybody present, with the first two who are neither chair nor clerk as tellers.

    They have confirmed the roll.
    """
    return convene(make_meeting(size, **values))


def convene(meeting: Meeting) -> Meeting:
    """Open a planned meeting as `make_open_meeting` does."""
    arrive(meeting)
    secretary = secretary_of(meeting)
    size = Attendance.objects.filter(meeting=meeting).voters_here()
    verbs.open_meeting(secretary, meeting)
    without_duty = [a.member for a in Attendance.objects.of(meeting) if not a.duty]
    verbs.name_tellers(secretary, meeting, without_duty[:2], yes=size, of=size)
    verbs.let_confirm(meeting)
    return meeting


def members_of(meeting: Meeting) -> list[Member]:
    """The members of the meeting in list order."""
    return [attendance.member for attendance in Attendance.objects.of(meeting)]


def make_device(member: Member, **values) -> str:
    """An admitted phone of the member; returns the token of its cookie."""
    token = Device.new_token()
    values = {"state": Device.State.ADMITTED} | values
    Device.objects.create(member=member, token_hash=Device.hash(token), **values)
    return token


def make_paper(meeting: Meeting, kind: str, pdf: bytes = b"%PDF", **values) -> Paper:
    """A locked paper of few bytes."""
    values = {"docx": b"PK", "sha256": hashlib.sha256(pdf).hexdigest()} | values
    return Paper.objects.create(meeting=meeting, cell=meeting.cell, kind=kind, pdf=pdf, **values)


def make_decision(
    meeting: Meeting, officer: User, *members: Member, level: str = "HTT"
) -> Decision:
    """A decision on the meeting's file that gives these members this level."""
    dated = timezone.localdate(meeting.starts_at)
    decision = Decision.objects.create(
        meeting=meeting, symbol="125-QĐ/ĐU", dated=dated, by=officer
    )
    Submission.objects.filter(meeting=meeting).approve_all(officer)
    for member in members:
        Classification.objects.create(
            meeting=meeting,
            member=member,
            stage="decided",
            source="above",
            decision=decision,
            level=level,
        )
    return decision


def make_petition(meeting: Meeting, member: Member, officer: User) -> Petition:
    """What this member petitions against the level decided."""
    decision = make_decision(meeting, officer, member)
    return Petition.objects.create(decision=decision, member=member, text="Xin xem lại.")


def set_report(meeting: Meeting, **values) -> None:
    """Put this into the collective report, past the verb."""
    CollectiveReport.objects.update_or_create(meeting=meeting, collective=None, defaults=values)


def make_remark(meeting: Meeting, member: Member, body: str = "executive", **values) -> Assessment:
    """What a body says of a member of the meeting's cell."""
    about = {"cell": meeting.cell, "campaign": meeting.campaign, "member": member}
    return Assessment.objects.create(**about, body=body, **values)


def make_attachment(
    cell: Cell, by: User, content: bytes = b"\xff\xd8\xff", **values
) -> Attachment:
    """A photograph of few bytes kept with the cell's review."""
    values = {"kind": "signed", "content_type": "image/jpeg"} | values
    values |= {"sha256": hashlib.sha256(content).hexdigest(), "content": content, "by": by}
    return Attachment.objects.create(cell=cell, campaign=make_campaign(cell.committee), **values)


def make_prompt(meeting: Meeting, member: Member | None = None, **values) -> Prompt:
    """What the committee above asks the cell, or one of its members, to answer for."""
    about = {"text": "Làm rõ việc thu gom rác ở ngõ 12.", "basis": "Kết luận 12-KL/ĐU"} | values
    by = make_user(committee=meeting.cell.committee)
    where = {"cell": meeting.cell, "campaign": meeting.campaign}
    return Prompt.objects.create(member=member, by=by, **where, **about)
