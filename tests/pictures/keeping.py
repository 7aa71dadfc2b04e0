"""A cell of any size whose committee keeps sealed envelopes: from the counted ballot to the day the key is burnt."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone

from ballots.models import EnvelopeOpening
from ballots.secret.envelope import LEAST
from ballots.voting import envelope_opening, envelopes
from cells.models import Cell, Meeting
from members.models import Member
from tests.kit import envelopes as kit
from tests.kit import factories, polls, verbs
from tests.pictures import people
from tests.pictures.clock import turn_to

REASON = "Đồng chí Phùng Văn Thịnh khiếu nại kết quả xếp loại của mình, đề nghị kiểm lại số phiếu."
BASIS = "Đơn ngày 07/12/2026; Quyết định 12-QĐ/UBKT ngày 10/12/2026"
GOOD = 2
HERE = timezone.get_default_timezone()


class Keeping:
    """What is played, as in evening.py; under five ballots there is no envelope, and it ends with the confirmation."""

    def __init__(self, size: int) -> None:
        turn_to(datetime(2026, 12, 5, 19, 30, tzinfo=HERE))
        committee = factories.make_committee("Đảng bộ phường Hoa Sen")
        self.officer = people.make_account(
            committee=committee, last_name="Lê Thị", first_name="Thanh"
        )
        self.meeting = self.convene(size, factories.make_cell(committee, "Chi bộ Khu phố 7"))
        self.secretary = factories.secretary_of(self.meeting)
        self.secretary.set_password("of this run alone")  # or every page would remind of it
        self.secretary.save()
        self.teller = polls.teller_of(self.meeting)
        self.token = factories.make_device(self.teller, meeting=self.meeting)
        self.poll, on_cell = polls.poll_of(self.meeting, 2), polls.poll_of(self.meeting)
        polls.play(on_cell, *[[GOOD]] * size, confirmed=False)
        polls.confirm(on_cell, without_envelope="Hội nghị không giữ phiếu của lượt này")
        self.size, self.key = size, ""

    def convene(self, size: int, cell: Cell) -> Meeting:
        """The meeting is open, and one of its members has a long name."""
        values = {"cell": cell, "settings": {"envelope_months": kit.MONTHS}}
        meeting = factories.make_meeting(size, **values)
        Member.objects.filter(pk=factories.members_of(meeting)[-1].pk).update(name=people.RARE[2])
        return factories.convene(meeting)

    def steps(self) -> Iterator[str]:
        """Play, step after step."""
        few = self.tally, self.sealed
        steps = (
            self.tally, self.read, self.sealed, self.asked, self.witnessed, self.again, self.over,
        )  # fmt: skip
        for step in few if self.size < LEAST else steps:
            step()
            yield step.__name__

    def tally(self) -> None:
        """Both counts agree, and nothing is confirmed yet."""
        rows = self.poll.subjects.count()
        marks = [
            [GOOD if (place * 7 + row * 3) % 11 < 8 else 1 for row in range(rows)]
            for place in range(self.size)
        ]
        polls.play(self.poll, *marks, confirmed=False)

    def read(self) -> None:
        """The last key has been printed; the teller reads it by the code of the paper."""
        self.key = kit.print_key(self.poll, self.secretary)

    def sealed(self) -> None:
        """Confirmed, with its envelope, or without one where so few have voted."""
        if self.key:
            kit.read_back(self.poll, self.key)
        polls.confirm(self.poll)

    def asked(self) -> None:
        """The meeting is over; some days later one of above asks for the opening."""
        self.end()
        turn_to(datetime(2026, 12, 11, 9, 0, tzinfo=HERE))
        self.opening = self.ask()

    def end(self) -> None:
        """The minutes are passed, the meeting is closed."""
        ends = self.meeting.starts_at + timedelta(minutes=95)
        verbs.pass_minutes(self.secretary, self.meeting, self.size, self.size, ends, number=12)
        verbs.close_meeting(self.secretary, self.meeting)

    def ask(self) -> EnvelopeOpening:
        """At the hour that is played: the column's own default was bound before."""
        opening = envelope_opening.ask(self.officer, self.poll, REASON, BASIS)
        opening.asked_at = timezone.now()
        opening.save(update_fields=["asked_at"])
        return opening

    def witnessed(self) -> None:
        """The secretary looks on."""
        turn_to(timezone.now() + timedelta(minutes=4))
        envelope_opening.witness(self.secretary, self.opening)

    def again(self) -> None:
        """It is opened a second time, on a phone."""
        turn_to(datetime(2026, 12, 16, 14, 0, tzinfo=HERE))
        self.opening = self.ask()
        envelope_opening.witness(self.secretary, self.opening)

    def over(self) -> None:
        """The last day is over; the hour stays, for nobody's session lives so long."""
        envelopes.destroy_due(date(2027, 8, 1))

    @property
    def places(self) -> dict[str, object]:
        """What stands in the addresses."""
        return {"meeting": self.meeting.pk, "kept": self.poll.pk, "key": self.key}

    def token_of(self, who: str) -> str:
        """The cookie of the phone of the teller."""
        return self.token
