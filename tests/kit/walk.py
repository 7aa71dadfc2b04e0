"""A whole evening walked stage by stage, with the address of every page at each: for tests of what all pages have."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from cells.models import Meeting
from members.devices import links
from members.models import Assessment, Member, SelfReview, SelfReviewVersion
from tests.access_table import PAGES, ROLES
from tests.kit import factories, verbs
from tests.kit.polls import poll_of
from tests.kit.room import Room

# What is handed out as a file.
FILES = (
    *("paper", "paper_draft", "poll_papers", "meeting_figures", "attachment", "zip", "xlsx"),
    *("decision_notice", "job_file"),
)


def furnish(meeting: Meeting, user) -> None:
    """One of everything that somebody may type."""
    first, second, *_ = factories.members_of(meeting)
    verbs.add_guest(user, meeting, "Khách", "Phó Bí thư")
    verbs.comment(user, meeting, first, second, "Cần cố gắng hơn")
    verbs.comment(user, meeting, first, None, "Bảo lưu ý kiến", reserved=True)
    meeting.collectives.create(name="Chi ủy", size=3)
    verbs.save_report(user, meeting, "Dự thảo báo cáo", "HTT", None)
    verbs.set_conclusion_text(user, meeting, "Kết luận")
    verbs.conclude(user, meeting, None, "HT", "Lý do")
    Meeting.objects.filter(pk=meeting.pk).update(venue="Nhà văn hóa")
    factories.make_attachment(meeting.cell, user, member=second, kind="manager", title="Kết quả")
    Assessment.objects.create(
        cell=second.cell,
        member=second,
        campaign=meeting.campaign,
        body="executive",
        remark="Nhất trí",
    )
    for member, state in ((first, "returned"), (second, "submitted")):
        review = SelfReview.objects.create(
            cell=member.cell,
            member=member,
            campaign=meeting.campaign,
            kind="member",
            texts={"strengths": "Gương mẫu"},
            state=state,
            remark="Quá ngắn",
            submitted_at=timezone.now(),
        )
        SelfReviewVersion.objects.create(review=review, number=1, pack="2025.1", kind="member")


def pass_minutes(room: Room) -> None:
    ends_at = room.meeting.starts_at + timedelta(hours=2)
    everybody = len(room.members)
    verbs.pass_minutes(room.secretary, room.meeting, everybody, everybody, ends_at)


STAGES: dict[str, Callable[[Room], object]] = {
    "planned": lambda room: furnish(room.meeting, room.secretary),
    "issuing": lambda room: room.open(),
    "casting": lambda room: room.stamp().box(),
    "counted": lambda room: room.cast(1, 2, 2).seal().agree(),
    "void": lambda room: (
        room.confirm(),
        setattr(room, "poll", poll_of(room.meeting, 2)),
        room.open(),
        verbs.void(room.secretary, room.poll, "Mất điện"),
    ),
    "passed": pass_minutes,
}


def addresses(room: Room) -> list[tuple[str, str, str]]:
    """Who may see what: role, name and address of every page."""
    room.meeting.refresh_from_db()
    places = {
        **of_the_meeting(room.meeting, room.members[1]),
        "collective": room.meeting.collectives.get().pk,
        "comment": room.meeting.comment_set.first().pk,
        "review": SelfReview.objects.get(state="submitted").pk,
        "poll": room.poll.pk,
    }
    pages = looks(places)
    return [(role, name, address) for role, name, address in pages if not name.endswith(FILES)]


def of_the_meeting(meeting: Meeting, writer: Member) -> dict[str, object]:
    """What stands in most addresses; `writer` has written a self-review."""
    link = links.personal_link(writer, "")
    return {
        "code": meeting.code,
        "cell": meeting.cell_id,
        "member": writer.pk,
        "committee": meeting.cell.committee_id,
        "meeting": meeting.pk,
        "writer": writer.pk,
        "token": link.rstrip("/").rsplit("/", 1)[1],
    }


def looks(places: Mapping[str, object]) -> list[tuple[str, str, str]]:
    """Role, name and address of whatever may be opened with these places; what needs others is left out."""
    fixed = {
        "2026",
        "leader",
        "chi-bo",
        "pdf",
        "docx",
        "minutes",
        "upward",
        "report",
        "recognition",
        "rerating",
    }
    fixed |= {"ABCDEFGHJKLM"}
    return [
        (role, name, reverse(name, args=[places.get(place, place) for place in where.split()]))
        for name, where, outcomes in PAGES
        if set(where.split()) <= fixed | places.keys()
        for role, outcome in zip(ROLES, outcomes, strict=True)
        if outcome == 200
    ]
