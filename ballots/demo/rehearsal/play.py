"""The evening itself, step by step: the secretary's browser, the members' phones, the tellers' recount."""

import hashlib
import io
import json
import random
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ballots.demo.rehearsal import confirming, telling
from ballots.demo.rehearsal.browser import Browser, Stopped
from ballots.demo.scenario import CELL, Person, Poll, Scenario
from ballots.demo.seeding import Seeded
from ballots.results import tally
from ballots.results.classification import COLLECTIVE_ADDRESS
from ballots.secret import sheet
from ballots.secret.recounting import Reader
from ballots.secret.sheet import CODE_LENGTH
from ballots.secret.voter import Phone
from cells import codes

AT_ONCE = 8
# How far a poll has come when somebody who watches is told; CAST after each single ballot.
ISSUED, CAST, ALL_CAST, SEALED, CONFIRMED = "issued", "cast", "all cast", "sealed", "confirmed"
DOOR_KEY = re.compile(r"/hom/([0-9a-f]{32})/luot")
# The locked papers, among all that a page offers as PDF.
PAPERS = "//a[contains(@href, '/van-ban/')][contains(@href, '.pdf')]/@href"
LEVELS = ("HTXS", "HTT", "HT", "KHT")
SLIP_CODE = re.compile(rf"\b[{codes.LETTERS}]{{6}}(?:[ -]?[{codes.LETTERS}]{{6}}){{2}}\b")


@dataclass
class Ballot:
    """One voter's part in one poll: the door, the marks in sheet order, and whether it is cast at all."""

    who: str
    via: str = "phone"
    marks: tuple[str | None, ...] = ()
    is_cast: bool = False
    phone: Phone | None = None
    body: bytes = b""  # as it was cast


@dataclass
class Evening:
    """A meeting held over HTTP at `base`; `members` and `cell` were seeded, the rest is played."""

    # What a person is given to press: a load generator's counts how long each answer takes.
    opens: ClassVar[type[Browser]] = Browser

    scenario: Scenario
    seeded: Seeded
    base: str
    link: str
    officer: Browser = field(init=False)
    # Attendance key of every member, as the list of the meeting has them.
    attendances: dict[str, str] = field(default_factory=dict)
    phones: dict[str, Browser] = field(default_factory=dict)
    doors: dict[str, str] = field(default_factory=dict)
    # Key of every leadership collective, by its name.
    bodies: dict[str, str] = field(default_factory=dict)
    meeting: str = ""
    key: str = ""
    printed: str = ""  # key of the last poll's sealed envelope
    # How many phones do something at the same time.
    at_once: int = AT_ONCE
    # Told how far a poll is, with the ballots in the order in which that happened to them (`audit_secrecy`).
    told: Callable[[str, list[Ballot]], None] | None = None

    def play(self) -> dict[str, bytes]:
        """Hold the whole meeting; returns the files of the rehearsal by name. Stopped where a step is refused."""
        self.officer = self.opens(self.base)
        self._sign_in()
        self._plan()
        self._prepare()
        self._check_in()
        self._open()
        for number, poll in enumerate(self.scenario.polls):
            self._poll(number, poll)
        self._conclude()
        return self._finish()

    # Before the meeting

    def _sign_in(self) -> None:
        """By the link alone: who comes for one evening chooses no password."""
        self.officer.open(self.link).do("sign_in_link")

    def _plan(self) -> None:
        plan = self.scenario.meeting
        self.officer.open(f"/hop/chi-bo/{self.seeded.cell.pk}/hoi-nghi-moi/").do(
            "plan_meeting",
            campaign=self.seeded.campaign.pk,
            starts_at=f"{plan.starts:%Y-%m-%dT%H:%M}",
            venue=plan.venue,
            chair=self.pk_of(plan.chair),
            clerk=self.pk_of(plan.clerk),
            presenter=self.pk_of(plan.presented_by) if plan.presented_by else "",
        )
        self.meeting = self.officer.response.url.rstrip("/").rsplit("/", 1)[1]

    def _prepare(self) -> None:
        """The list of the rated, the report, the guests, and the scenario's own polls."""
        listed = self.page("danh-sach").keys("set_review", "rated")
        self.attendances = dict(zip(self.scenario.keys, listed, strict=True))
        lines = {
            f"{self.attendances[key]}-{name}": value
            for key, person in self.scenario.people.items()
            for name, value in _line_of(person).items()
        }
        self.officer.do("set_review", None, **lines)
        self.page("bao-cao").do("save_report", None, **telling.report_of(self.scenario))
        self._add_collectives()
        for guest in self.scenario.guests:
            self.page("khach").do("add_guest", name=guest.name, post=guest.post)
        while self.page("bo-phieu").has("drop_poll"):
            self.officer.do("drop_poll")
        for poll in self.scenario.polls:
            self._plan_poll(poll)

    def _add_collectives(self) -> None:
        """The leadership collectives, each with the level and the score it gives itself."""
        for body in self.scenario.collectives:
            page = self.page("tap-the-lanh-dao").do(
                "add_collective", name=body.name, size=body.size
            )
            pks = page.page.xpath("//input[@name='collective']/@value")
            self.bodies[body.name] = pks[-1]
            if body.name in self.scenario.leadership:
                claims = telling.claims_of(body.self_level, body.self_score)
                self.page(f"bao-cao/tap-the/{pks[-1]}").do("save_report", None, **claims)

    def _plan_poll(self, poll: Poll) -> None:
        keys = self.scenario.subjects(poll)
        bodies = [self.bodies[key] for key in keys if key in self.bodies]
        on_cell = keys == (CELL,)
        named: dict[str, Any] = {
            "members": [] if on_cell or bodies else list(map(self.pk_of, keys))
        }
        if len(self.scenario.leadership) > 1:
            named["collectives"] = bodies
        self.page("bo-phieu").do(
            "plan_poll",
            None,
            title=poll.title,
            subjects="cell" if on_cell else "leadership" if bodies else "members",
            levels=list(poll.levels),
            **named,
        )

    def _check_in(self) -> None:
        """Every member present joins by phone and is admitted; absences are written down."""
        self.page("diem-danh").do("open_checkin")
        code = re.sub(
            r"\D", "", self.officer.page.xpath("string(//*[contains(@class, 'door-code')])")
        )
        present = [key for key, person in self.scenario.people.items() if person.is_present]
        self._each(lambda key: self._join(key, code), present)
        numbers = [self._number(key) for key in present]
        self.page("diem-danh").do("admit_all", numbers=" ".join(numbers))
        for key, person in self.scenario.people.items():
            if person.attendance != "present" and person.status not in ("exempt", "suspended"):
                here = {"attendance": self.attendances[key]}
                self.page("diem-danh").do(
                    "mark", here, state=person.attendance, reason=person.reason
                )

    def _join(self, key: str, code: str) -> None:
        phone = self.phones[key] = self.opens(self.base)
        phone.open(f"/{code}").do("find_name", q=self.scenario.people[key].name)
        phone.do("pick", member=self.pk_of(key))

    def _number(self, key: str) -> str:
        """What the member reads out from the phone."""
        return str(self.phones[key].page.xpath("string(//*[@data-wait])")).strip()

    # The meeting

    def _open(self) -> None:
        """Open, walk through the agenda, take down the comments, name the tellers."""
        self.page().do("open_meeting")
        telling.talk(self)
        tellers = [self.pk_of(key) for key in self.scenario.meeting.tellers]
        here = str(len(self.scenario.voters))
        self.page("to-kiem-phieu").do(
            "name_tellers", members=tellers, lead=tellers[0], yes=here, of=here
        )
        self.page()
        while self.officer.has("next_item"):
            self.officer.do("next_item")

    def _poll(self, number: int, poll: Poll) -> None:
        """One poll from the doors of its voters to the confirmed result."""
        ballots = self._dealt(poll)
        self._set_doors(ballots)
        listed = self.page("bo-phieu").page.xpath("//a[contains(@href, '/luot/')]/@href")
        self.officer.open(listed[number])
        slips = self._slips(ballots)
        self._confirm_roll()
        self.officer.open(listed[number]).do("open_issuing")
        self.key = self.key or self._door_key()
        self._each(lambda ballot: self._receive(ballot, slips), ballots)
        self._tell(ISSUED, ballots)
        self.officer.open(listed[number]).do("open_box")
        while self.officer.has("open_box"):
            self.officer.do("open_box")
        # In the order of the lots that the phones draw, each by itself (secret-ballot.md 3.2).
        casting = [ballot for ballot in ballots if ballot.is_cast]
        random.SystemRandom().shuffle(casting)
        self._each(self._cast, casting)
        self._tell(ALL_CAST, casting)
        self._count(casting)
        telling.invalid(self, listed[number], poll)

    def _confirm_roll(self) -> None:
        """A teller's tap, unless the roll is as it was before the poll before."""
        if self._teller.open("/hop/kiem-phieu/").has("confirm_roll"):
            self._teller.do("confirm_roll")

    def _dealt(self, poll: Poll) -> list[Ballot]:
        """The scenario's ballots, dealt to the voters at random; who gets none receives one and keeps it."""
        voters = list(self.scenario.voters)
        random.SystemRandom().shuffle(voters)
        cast = [
            Ballot("", group.via, self.scenario.marks(poll, group), is_cast=True)
            for group in poll.ballots
            for _ in range(group.count)
        ]
        abstained = [Ballot("") for _ in range(len(voters) - len(cast))]
        for ballot, who in zip(cast + abstained, voters, strict=True):
            ballot.who = who
        return cast + abstained

    def _set_doors(self, ballots: list[Ballot]) -> None:
        for ballot in ballots:
            here = {"attendance": self.attendances[ballot.who]}
            if self.doors.get(ballot.who, "phone") != ballot.via:
                self.page("diem-danh").do("set_door", here, door=ballot.via)
                self.doors[ballot.who] = ballot.via

    def _slips(self, ballots: list[Ballot]) -> list[bytes]:
        """Print as many slips as there are voters by slip, and read their codes off the paper."""
        count = sum(ballot.via == "slip" for ballot in ballots)
        if not count:
            return []
        from pypdf import PdfReader  # on first use: tests/test_start.py

        self.officer.do("print_slips", count=count)
        pages = PdfReader(io.BytesIO(self.officer.response.content)).pages
        text = "\n".join(page.extract_text() for page in pages)
        printed = [re.sub(r"[ -]", "", code) for code in SLIP_CODE.findall(text)]
        if len(set(printed)) != count:
            raise Stopped("Không đọc được mã trên phiếu bốc thăm đã in.")
        return [codes.read(code, CODE_LENGTH) for code in printed]

    def _receive(self, ballot: Ballot, slips: list[bytes]) -> None:
        """Fetch the sheet from the door, ask for the stamp by the voter's door, and acknowledge it."""
        phone = ballot.phone = Phone(self._sheet())
        own = self.phones[ballot.who]
        if ballot.via == "slip":
            answer = self.opens(self.base).ask("/hop/doi-phieu", phone.request(slips.pop()))
        elif ballot.via == "paper":
            answer = self._teller.ask("/hop/kiem-phieu/dong-dau/", phone.request())
        else:
            answer = own.ask("/hop/phat-phieu", phone.request())
        phone.accept_stamp(answer.content)
        if ballot.via == "phone":
            own.ask("/hop/da-nhan", phone.sheet.p)

    def _cast(self, ballot: Ballot) -> None:
        """Fold and cast, without cookies, through the cast door."""
        if ballot.phone is None:
            raise Stopped("Có lá phiếu chưa được phát.")
        places = {
            code: place for place, (code, _) in enumerate(ballot.phone.sheet.levels, start=1)
        }
        ballot.body = ballot.phone.fold([places[level] if level else 0 for level in ballot.marks])
        answer = self.opens(self.base).ask("/hom/bo-phieu", ballot.body).content
        if answer != b"\0" + ballot.phone.hash:
            raise Stopped("Hòm phiếu không nhận một lá phiếu.")
        self._tell(CAST, [ballot])

    def _tell(self, phase: str, ballots: list[Ballot]) -> None:
        if self.told is not None:
            self.told(phase, ballots)

    def _count(self, casting: list[Ballot]) -> None:
        """The tellers' presses, and a recount of its own in between."""
        teller = self._teller
        teller.open("/hop/kiem-phieu/").do("seal")
        while teller.has("seal"):
            teller.do("seal", short_ok="1")
        self._tell(SEALED, casting)
        paper = sheet.parse_sheet(self._sheet())
        reader = Reader()
        encrypted = teller.ask("/hop/kiem-phieu/phieu/", reader.point).content
        bodies = reader.open(paper.p, encrypted)
        size = paper.body_length
        ballots = [
            sheet.check_body(bodies[at : at + size], paper) for at in range(0, len(bodies), size)
        ]
        counted = tally.count(
            [ballot.marks for ballot in ballots],
            [code for code, _ in paper.levels],
            len(paper.rows),
        )
        rows = [[row.counts.get(code, 0) for code in LEVELS] + [row.blank] for row in counted.rows]
        listed = sheet.build_list(paper.p, sorted(ballot.hash for ballot in ballots))
        sha256 = hashlib.sha256(listed).hexdigest()
        answer = teller.ask(
            "/hop/kiem-phieu/trung-khop/", json={"list_sha256": sha256, "rows": rows}
        )
        if answer.json()["state"] != "counted":
            raise Stopped("Hai lần đếm không trùng nhau.")
        self.printed = confirming.confirm(teller, self.officer)
        self._tell(CONFIRMED, casting)

    # The end

    def _conclude(self) -> None:
        telling.leave(self)
        if words := self.scenario.meeting.conclusion:
            self.page("ket-luan").do("set_conclusion_text", text=words)
        for key, conclusion in self.scenario.conclusions.items():
            subject = CELL if key == CELL else self.key_of(key)
            self.page("ket-luan").do(
                "conclude", {"member": subject}, level=conclusion.level, reason=conclusion.reason
            )

    def _finish(self) -> dict[str, bytes]:
        """Pass the minutes, close, and take the papers and the figures home."""
        ending = telling.ending(self.scenario)
        self.page("bien-ban").do("pass_minutes", None, **ending)
        while self.officer.has("pass_minutes"):  # it asks again where something is unusual
            self.officer.do("pass_minutes", None, **ending)
        self.page().do("close_meeting")
        return self.papers()

    def papers(self) -> dict[str, bytes]:
        """The minutes of the closed meeting and its figures, by the name of their files."""
        papers = self.page("bien-ban").page.xpath(PAPERS)
        figures = self.page("ket-qua.json").response.json()
        files = {"ket-qua.json": json.dumps(figures, ensure_ascii=False, indent=1).encode()}
        for address in papers:
            response = self.officer.open(address).response
            name = (
                "kiem-phieu"
                if "kiem phieu" in response.headers["Content-Disposition"]
                else "hoi-nghi"
            )
            files[f"bien-ban-{name}.pdf"] = response.content
        return files

    # What the steps share

    @property
    def _teller(self) -> Browser:
        return self.phones[self.scenario.meeting.tellers[0]]

    def _door_key(self) -> str:
        """What the meeting's doors are called by, as every phone is told."""
        page = self.phones[self.scenario.meeting.chair].open("/hop/hop/")
        return str(DOOR_KEY.findall(page.response.text)[0])

    def _sheet(self) -> bytes:
        """The sheet of the poll now open, as the anonymous door serves it."""
        anonymous = self.opens(self.base)
        phase = anonymous.open(f"/hom/{self.key}/luot").response.json()
        return anonymous.open(f"/hom/{phase['p']}/to-phieu").response.content

    def page(self, name: str = "") -> Browser:
        ending = "" if "." in name or not name else "/"
        return self.officer.open(f"/hop/hoi-nghi/{self.meeting}/{name}{ending}")

    def key_of(self, key: str) -> str:
        """A member or a leadership collective as forms name it."""
        body = self.bodies.get(key)
        return COLLECTIVE_ADDRESS.format(body) if body else str(self.pk_of(key))

    def pk_of(self, key: str) -> int:
        return self.seeded.members[key].pk

    def _each(self, work: Any, things: list[Any]) -> None:
        """Do it for all of them, several at once as in a hall; the first refusal ends it."""
        with ThreadPoolExecutor(self.at_once) as pool:
            for _ in pool.map(work, things):
                pass


def _line_of(person: Person) -> dict[str, str]:
    """A member's line of the list, as its fields are called behind the key of the line."""
    return {
        "rated": "1" if person.rated else "0",
        "unrated_reason": person.unrated_reason,
        "self_level": person.self_level or "",
    }
