"""The seed meeting from the ballot to the committee's decision, and four looks at it for README.md."""

import io
import secrets
from datetime import timedelta
from pathlib import Path

import pypdfium2
import time_machine
from PIL import Image
from playwright.sync_api import Browser, expect

from ballots.demo import scenario, seeding, serving
from ballots.models import Paper, Poll
from tests.browser.hands import signed_in
from tests.kit import factories, polls, sendings, verbs
from tests.kit.polls import poll_of
from tests.pictures import site

SEED = Path(seeding.__file__).parent / "scenarios" / "chi-bo-4-2023.json"
# As few colours as still look right: what git keeps of each version.
COLOURS, GREYS = 128, 24
PAPER_WIDTH, MARGIN = 800, 20
EVERYBODY = 8
BEST, GOOD, FAIR = 1, 2, 3  # marks, in the order of the sheet


class Scenes:
    """The meeting is played by the verbs; Chromium only looks."""

    def __init__(self, browser: Browser, site: str, folder: Path) -> None:
        self.browser, self.site, self.folder = browser, site, folder
        self.meeting, seeded = seeding.seed(scenario.load(SEED.read_bytes()))
        self.secretary, self.officer = seeded.secretary, seeded.officer
        for user in (self.secretary, self.officer):
            user.set_password(secrets.token_hex())  # or every page would remind them of it
            user.save()
        self.members = list(seeded.members.values())
        self.token = factories.make_device(self.members[-1])

    def play(self) -> None:
        self.open()
        on_cell, on_members = poll_of(self.meeting), poll_of(self.meeting, 2)
        polls.play(on_cell, *[[GOOD]] * EVERYBODY)
        verbs.open_issuing(self.secretary, on_members)
        self.take_ballot()
        self.vote(on_members)
        self.go_to("result")
        self.take_screen("results", self.secretary, f"hoi-nghi/{self.meeting.pk}/ket-qua/", 1264)
        self.finish()
        self.take_paper(Paper.objects.get(meeting=self.meeting, kind=Paper.Kind.COUNT))
        self.make_neighbours()
        self.take_screen("board", self.officer, f"dang-bo/{self.meeting.cell.committee_id}/", 1120)

    def open(self) -> None:
        factories.arrive(self.meeting)
        verbs.open_meeting(self.secretary, self.meeting)
        verbs.name_tellers(
            self.secretary, self.meeting, self.members[1:3], yes=EVERYBODY, of=EVERYBODY
        )

    def go_to(self, kind: str) -> None:
        """Walk on to the item of the agenda."""
        for item in self.meeting.items.order_by("position"):
            if item.kind == kind:
                return
            verbs.next_item(self.secretary, self.meeting, item.position)

    def vote(self, poll: Poll) -> None:
        """As in the minutes of 2023; the stamp that the picture took is issued again to all."""
        verbs.reissue(self.secretary, poll)
        phones = polls.receive(poll)
        ballots = [[GOOD] * EVERYBODY for _ in phones]
        for ballot in ballots[:7]:
            ballot[3] = BEST
        ballots[0][6] = FAIR
        polls.cast(poll, phones, ballots)
        polls.seal(poll)
        polls.count(poll)

    def finish(self) -> None:
        """Pass the minutes, close, and send the file up with everybody's self-review."""
        ends = self.meeting.starts_at + timedelta(hours=3)
        verbs.pass_minutes(self.secretary, self.meeting, EVERYBODY, EVERYBODY, ends, number=12)
        verbs.close_meeting(self.secretary, self.meeting)
        self.meeting.refresh_from_db()
        for member in self.members:
            sendings.hand_in(self.meeting, member)
        with time_machine.travel(ends + timedelta(days=1)):
            verbs.send_up(self.secretary, self.meeting)

    def make_neighbours(self) -> None:
        """Other cells of the committee, in other phases of the same review."""
        committee = self.meeting.cell.committee
        cells = [factories.make_cell(committee, f"Chi bộ {number}") for number in (1, 2, 3, 5)]
        factories.make_meeting(7, cell=cells[0], year=2023, pack="2023")
        factories.make_open_meeting(9, cell=cells[1], year=2023, pack="2023")
        factories.make_open_meeting(6, cell=cells[3], year=2023, pack="2023")

    # The pictures

    def take_ballot(self) -> None:
        """A member's phone at the fourth name of the ballot."""
        phone = self.browser.new_context(
            viewport={"width": 390, "height": 780},
            device_scale_factor=2,
            has_touch=True,
            is_mobile=True,
            locale="vi-VN",
            base_url=self.site,
        )
        phone.add_cookies([{"name": "may", "value": self.token, "url": self.site + "/hop/"}])
        page = phone.new_page()
        page.goto(f"/phieu/#{self.meeting.door_key}")
        number, level = page.locator("[data-is=number]"), page.locator("[data-do=mark]").nth(1)
        for row in ("1", "2", "3"):
            expect(number).to_have_text(row)
            level.click()
        expect(number).to_have_text("4")
        expect(level).to_be_enabled()
        self.keep("ballot", page.screenshot())
        phone.close()

    def take_screen(self, name: str, user, address: str, height: int) -> None:
        """A page on an officer's laptop, as much of it as is said."""
        page = signed_in(self.browser, self.site, user, 1280, device_scale_factor=1.25)
        page.set_viewport_size({"width": 1280, "height": height})
        page.goto(f"/hop/{address}")
        self.keep(name, page.screenshot())
        page.context.close()

    def take_paper(self, paper: Paper) -> None:
        """The first two pages of a locked paper beside each other."""
        with pypdfium2.PdfDocument(bytes(paper.pdf)) as document:
            leaves = [
                document[at].render(scale=PAPER_WIDTH / document[at].get_width()).to_pil()
                for at in (0, 1)
            ]
        width, height = leaves[0].size
        desk = Image.new("RGB", (2 * width + 3 * MARGIN, height + 2 * MARGIN), "#d5d8dc")
        for at, leaf in enumerate(leaves):
            desk.paste(leaf, (MARGIN + at * (width + MARGIN), MARGIN))
        self.write("paper", desk, GREYS)

    def keep(self, name: str, picture: bytes) -> None:
        self.write(name, Image.open(io.BytesIO(picture)))

    def write(self, name: str, image: Image.Image, colours: int = COLOURS) -> None:
        few = image.convert("RGB").quantize(
            colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )
        few.save(self.folder / f"{name}.png", optimize=True)


def take_all(folder: Path) -> None:
    """Play the meeting on this empty database, and leave its pictures in `folder`."""
    folder.mkdir(exist_ok=True)
    with site.served(serving.APPLICATION) as (address, browser):
        Scenes(browser, address, folder).play()
