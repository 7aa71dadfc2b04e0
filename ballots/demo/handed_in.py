"""What the members of a sample province have handed in: their self-reviews on paper, as secretaries received them.

Apart from `ballots/demo/province.py`, so that what is measured there stays what it was.
"""

from collections.abc import Iterator, Sequence

from ballots.models import Submission
from cells.models import Committee
from members.models import Attendance, SelfReview, SelfReviewVersion

LOT = 100  # files at once
SUBMITTED = SelfReview.State.SUBMITTED


def receive_papers(committee: Committee) -> None:
    """Of everybody whom a file that was sent rates: without them no file is approved."""
    below = Submission.objects.filter(meeting__cell__committee__path__startswith=committee.path)
    sent = below.last_ones().select_related("meeting__campaign", "meeting__cell").order_by("pk")
    for start in range(0, sent.count(), LOT):
        lot = list(sent[start : start + LOT])
        reviews = SelfReview.objects.bulk_create(_reviews(lot), batch_size=1000)
        packs = {each.meeting.campaign_id: each.meeting.campaign.pack for each in lot}
        SelfReviewVersion.objects.bulk_create(
            (_version(review, packs[review.campaign_id]) for review in reviews), batch_size=1000
        )


def _reviews(sent: Sequence[Submission]) -> Iterator[SelfReview]:
    files = {each.meeting_id: each for each in sent}
    rated = Attendance.objects.filter(meeting__in=files, rated=True).order_by("meeting", "pk")
    for place in rated:
        file = files[place.meeting_id]
        yield SelfReview(
            cell=file.meeting.cell,
            member_id=place.member_id,
            campaign=file.meeting.campaign,
            kind="leader" if place.member_id in file.listed.get("leaders", ()) else "member",
            self_level=place.self_level,
            state=SUBMITTED,
            on_paper=True,
            version=1,
            submitted_at=file.at,
        )


def _version(review: SelfReview, pack: str) -> SelfReviewVersion:
    return SelfReviewVersion(
        review=review,
        number=review.version,
        pack=pack,
        kind=review.kind,
        self_level=review.self_level,
        on_paper=True,
    )
