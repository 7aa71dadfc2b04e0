"""A meeting of the load: its secretary at the pages, its members at phones that join, poll, vote and check."""

import json
import random
import time
from collections.abc import Callable, Sized
from threading import Event
from typing import Any

from ballots.demo import scenario
from ballots.demo.rehearsal.browser import Answer, Browser
from ballots.demo.rehearsal.play import DOOR_KEY, Ballot, Evening
from ballots.demo.scenario import Scenario
from ballots.secret import sheet

# Seconds between two questions of a phone, and in which a ballot is marked and cast.
PACE, SECONDS_TO_CAST = 3.0, 8.0
HOURS = {"starts": "2026-12-04T19:30", "ends": "2026-12-04T21:05"}
# Kind of a request by how its path begins; what a person waits for has a name of its own.
KINDS = {
    "/hop/phat-phieu": "nhận phiếu",
    "/hop/da-nhan": "báo đã nhận",
    "/hom/bo-phieu": "bỏ phiếu",
    "/hom/": "hỏi lượt, lấy tờ phiếu, tìm phiếu",
    "/hop/vao": "vào họp",
    "/hop/hop": "trang trên điện thoại",
    "/hop/kiem-phieu": "tổ kiểm phiếu",
    "/hop/": "trang của bí thư",
}


def kind_of(path: str) -> str:
    """What a request is counted as."""
    return next((name for start, name in KINDS.items() if path.startswith(start)), "vào họp")


class TimedBrowser(Browser):
    """Tells `report` of each answer: kind, seconds, bytes, and what was wrong with it ("" nothing)."""

    report: Callable[[str, float, int, str], None]

    def _send(self, address: str, body: bytes | None = None, **headers: str) -> Answer:
        kind = kind_of(address.removeprefix(self.base))
        since = time.perf_counter()
        try:
            answer = super()._send(address, body, **headers)
        except OSError as error:
            type(self).report(kind, time.perf_counter() - since, 0, type(error).__name__)
            raise
        fault = f"{answer.status}" if answer.status >= 400 else ""
        type(self).report(kind, time.perf_counter() - since, len(answer.content), fault)
        return answer


def cell_of(size: int, number: int) -> Scenario:
    """A cell of so many members, all present with a phone, who vote on each other."""
    names = [f"Đảng viên {word}" for word in range(1, size + 1)]
    member = {"status": "full", "attendance": "present", "self_level": "HTT"}
    poll = {
        "title": "Xếp loại đảng viên",
        "subjects": "members",
        "levels": ["HTXS", "HTT", "HT", "KHT"],
        "ballots": [{"count": size, "marks": dict.fromkeys(names, "HTT")}],
    }
    duties = {"chair": names[0], "clerk": names[1], "tellers": names[2:4]}
    cell = {
        "committee": f"Đảng bộ phường {number}",
        "cell": f"Chi bộ {number}",
        "place": "Hà Nội",
        "campaign": {"year": 2026, "pack": "2025"},
        "meeting": {**HOURS, **duties, "venue": "Nhà văn hoá"},
        "members": [{"name": name, **member} for name in names],
        "polls": [poll],
    }
    return scenario.load(json.dumps(cell).encode())


class Hall(Evening):
    """An evening whose phones act by themselves: what they wait for and what they have done meets here."""

    opens = TimedBrowser

    def prepare(self) -> None:
        """Everything before the members come."""
        self.officer = self.opens(self.base)
        self.checkin, self.open_now = Event(), Event()
        # What each phone shows to be admitted by; whose phone received, cast, and found its ballot.
        self.numbers: dict[str, str] = {}
        self.received: list[str] = []
        self.cast: list[str] = []
        self.checked: list[str] = []
        # What was refused or broke, which ends the meeting.
        self.stopped: list[str] = []
        self._sign_in()
        self._plan()
        self._prepare()

    def let_in(self) -> None:
        """Open the door, and admit everybody once they have come."""
        self.page("diem-danh").do("open_checkin")
        words = self.officer.page.xpath("string(//*[contains(@class, 'door-code')])")
        self.code = "".join(sign for sign in words if sign.isdigit())
        self.checkin.set()
        self._wait_for(self.numbers)
        self.page("diem-danh").do("admit_all", numbers=" ".join(self.numbers.values()))
        self._open()

    def poll(self) -> None:
        """Open the one poll, the box once all have a ballot, and count once all are in."""
        (one,) = self.scenario.polls
        self.ballots = {ballot.who: ballot for ballot in self._dealt(one)}
        listed = self.page("bo-phieu").page.xpath("//a[contains(@href, '/luot/')]/@href")
        self._confirm_roll()
        self.officer.open(listed[0]).do("open_issuing")
        self._wait_for(self.received)
        self.officer.open(listed[0]).do("open_box")
        self._wait_for(self.cast)
        self._count([*self.ballots.values()])
        self._wait_for(self.checked)

    def member(self, key: str) -> None:
        """One member's evening at the phone."""
        self.checkin.wait()
        self._join(key, self.code)
        self.numbers[key] = self._number(key)
        door = self._door_of(key)
        phone = self.opens(self.base)
        while key not in self.checked and not self.stopped:
            phase = phone.open(f"/hom/{door}/luot").response.json()
            self._act(key, phone, phase)
            time.sleep(random.uniform(0.8, 1.2) * PACE)

    def _door_of(self, key: str) -> str:
        """What the page of an admitted phone says of the door, asked at the phone's pace."""
        while not self.stopped:
            page = self.phones[key].open("/hop/hop/").response.text
            if door := DOOR_KEY.search(page):
                self.key = self.key or door[1]
                return str(door[1])
            time.sleep(random.uniform(0.8, 1.2) * PACE)
        return ""

    def _act(self, key: str, phone: Browser, phase: dict[str, Any]) -> None:
        state = phase["state"]
        if state == "issuing" and key not in self.received:
            self._receive(self.ballots[key], [])
            self.received.append(key)
        elif state == "casting" and key not in self.cast:
            time.sleep(random.uniform(0, SECONDS_TO_CAST))
            self._cast(self.ballots[key])
            self.cast.append(key)
        elif state in ("sealed", "counted", "confirmed"):
            self._check(self.ballots[key], phone.open(f"/hom/{phase['p']}/danh-sach").response)
            self.checked.append(key)

    def _check(self, ballot: Ballot, listed: Answer) -> None:
        """Find the own ballot in the list, as a phone does; RuntimeError where it is missing."""
        phone = ballot.phone
        if phone is None or phone.hash not in sheet.parse_list(listed.content, phone.sheet.p):
            raise RuntimeError(f"{ballot.who}: lá phiếu không có trong danh sách")

    @property
    def is_over(self) -> bool:
        """Whether every phone has looked for its ballot."""
        return len(self.checked) == len(self.scenario.people)

    def _wait_for(self, done: Sized) -> None:
        while len(done) < len(self.scenario.people):
            time.sleep(0.1)
