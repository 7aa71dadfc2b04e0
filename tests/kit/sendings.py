"""A closed meeting whose file is ready to be sent up, and stand-ins for what it consists of."""

from django.utils import timezone

from ballots.dossier import checks
from ballots.dossier.contents import sections_of
from ballots.dossier.places import FileFact
from ballots.models import Poll
from ballots.papers.kinds import OF_MINUTES
from cells.law.guidance import load_pack
from cells.law.review_forms import COLLECTIVE, ReviewForm
from cells.models import Meeting
from members.models import Attachment, ReviewLine, SelfReview
from tests.kit import factories, polls, verbs
from tests.kit.made_once import made_once


@made_once
def make_ready(size: int = 4, voted: bool = False, **values) -> Meeting:
    """A closed meeting with nothing missing in its file; its last member is not yet rated."""
    return hold(factories.make_meeting(size, **values), voted)


def hold(meeting: Meeting, voted: bool = False) -> Meeting:
    """Hold a planned meeting to its end, as `make_ready` has it."""
    secretary = factories.secretary_of(meeting)
    *rated, newcomer = factories.members_of(meeting)
    size = len(rated) + 1
    _leave_out(meeting, newcomer)
    form = ReviewForm.from_pack(load_pack("2025"), COLLECTIVE, meeting.rules)
    texts = {section.key: "Đã làm." for section in form.sections}
    factories.set_report(meeting, texts=texts, self_level="HTT", self_score=85)
    factories.arrive(meeting)
    meeting.refresh_from_db()
    verbs.open_meeting(secretary, meeting)
    if voted:
        tellers = [m for m in factories.members_of(meeting) if m not in rated[:2]][:1]
        verbs.name_tellers(secretary, meeting, tellers, yes=size, of=size)
        polls.play(polls.poll_of(meeting), *[[2]] * size)
    for poll in Poll.objects.filter(meeting=meeting, state=Poll.State.PLANNED):
        verbs.drop_poll(secretary, poll)
    for subject in (*([] if voted else [None]), *rated):
        verbs.conclude(secretary, meeting, subject, "HTT", "Hội nghị thống nhất")
    for kind in OF_MINUTES:
        factories.make_paper(meeting, kind)
    verbs.close_meeting(secretary, meeting)
    for member in rated:
        hand_in(meeting, member)
    make_scan(meeting)
    meeting.refresh_from_db()
    return meeting


@made_once
def make_sent() -> Meeting:
    """A voted file that lies with the committee above; the cell proposes HTT for itself and three members."""
    meeting = make_ready(voted=True)
    verbs.send_up(factories.secretary_of(meeting), meeting)
    return meeting


def _leave_out(meeting: Meeting, member) -> None:
    secretary = factories.secretary_of(meeting)
    attendance = member.attendance_set.get(meeting=meeting)
    verbs.set_review(secretary, attendance, False, "Mới kết nạp", "")


def hand_in(meeting: Meeting, member) -> SelfReview:
    """The member's self-review, submitted."""
    return SelfReview.objects.create(
        cell=member.cell,
        member=member,
        campaign=meeting.campaign,
        kind="member",
        state=SelfReview.State.SUBMITTED,
        submitted_at=timezone.now(),
    )


def make_scan(meeting: Meeting, kind: str = Attachment.Kind.SIGNED, **values) -> Attachment:
    """A photograph kept with the review."""
    values = {"content": b"\xff\xd8", "content_type": Attachment.Type.JPEG, "sha256": ""} | values
    return Attachment.objects.create(
        cell=meeting.cell,
        campaign=meeting.campaign,
        kind=kind,
        by=factories.secretary_of(meeting),
        **values,
    )


def line_of(meeting: Meeting, place: int) -> ReviewLine:
    """The year's line of the member at this place of the list."""
    member = factories.members_of(meeting)[place]
    return ReviewLine.objects.get(member=member, campaign=meeting.campaign)


def asked_of(meeting: Meeting, place: str = "sums") -> dict[FileFact, str]:
    """What a return of the file asks at one place."""
    sections = sections_of(checks.Evidence.load(meeting))
    fact = next(fact for each in sections for fact in each.facts if fact.place.key == place)
    return {fact: f"Xem lại {fact.title}"}
