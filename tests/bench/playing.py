"""A meeting of the bench: its poll issuing, and the bytes that its phones and its officers' pages send."""

from ballots.secret.voter import Phone
from members.devices.cookies import COOKIE
from tests.bench import load
from tests.kit import factories, verbs
from tests.kit.clients import browser
from tests.kit.polls import poll_of


class Played:
    """An open meeting of so many phones."""

    def __init__(self, phones: int) -> None:
        self.meeting = factories.make_open_meeting(phones)
        self.secretary = factories.secretary_of(self.meeting)
        self.poll = poll_of(self.meeting, 2)
        verbs.open_issuing(self.secretary, self.poll)
        self.poll.refresh_from_db()
        members = factories.members_of(self.meeting)
        self.cookies = [f"{COOKIE}={factories.make_device(member)}" for member in members]
        self.phones = [Phone(bytes(self.poll.sheet)) for _ in members]

    def stamps(self) -> list[list[bytes]]:
        """What each phone asks when it sees the issuing: a stamp, its acknowledgement, and first of all the sheet."""
        sheet = load.get(f"/hom/{self.poll.p}/to-phieu")
        return [
            [
                load.post("/hop/phat-phieu", phone.request(), cookie),
                load.post("/hop/da-nhan", bytes.fromhex(self.poll.p), cookie),
                sheet,
            ]
            for phone, cookie in zip(self.phones, self.cookies, strict=True)
        ]

    def casts(self, stamps: list[bytes]) -> list[bytes]:
        """Open the box; what each phone casts."""
        verbs.open_box(self.secretary, self.poll, short_ok=True)
        rows = self.poll.subjects.count()
        for phone, stamp in zip(self.phones, stamps, strict=True):
            phone.accept_stamp(stamp)
        return [load.post("/hom/bo-phieu", phone.fold([2] * rows)) for phone in self.phones]

    def pages(self) -> list[bytes]:
        """The projector and the page of the poll, as htmx renews them."""
        session = browser(self.secretary).cookies["sessionid"].value
        cookie = f"sessionid={session}"
        renewed = "HX-Request: true\r\n"
        return [
            load.get(f"/hop/hoi-nghi/{self.meeting.pk}/man-chieu/", cookie, renewed),
            load.get(f"/hop/luot/{self.poll.pk}/?trang-thai=issuing", cookie, renewed),
        ]
