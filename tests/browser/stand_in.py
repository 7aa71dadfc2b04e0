"""A door made up for looking at screens: it obeys the test at once, and needs no database."""

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Route

from ballots.secret import blind_signature, sheet

STATIC = Path(__file__).parents[2] / "static" / "ballot"
KEY = blind_signature.generate_key()
DOOR = "c0ffee" * 5 + "00"
# localhost, because cryptography wants a secure context; nothing listens there.
ADDRESS = f"http://localhost/phieu/#{DOOR}"
LABELS = {
    "HTXS": "Hoàn thành xuất sắc nhiệm vụ",
    "HTT": "Hoàn thành tốt nhiệm vụ",
    "HT": "Hoàn thành nhiệm vụ",
    "KHT": "Không hoàn thành nhiệm vụ",
}
BYTES = "application/octet-stream"


class StandIn:
    """The answers a phone gets; a test sets `state`, `refusal`, `down` and the like, and the phone asks."""

    def __init__(
        self, phone: BrowserContext, rows: list[str], levels: str = "HTXS HTT HT KHT"
    ) -> None:
        self.rows, self.levels = rows, [(code, LABELS[code]) for code in levels.split()]
        self.state, self.refusal, self.down, self.issued = "none", "", False, 25
        self.hashes = [hashlib.sha256(bytes([i])).digest() for i in range(24)]
        self.sealed = ""
        self.poll(1)
        phone.route("http://localhost/**", self.answer)

    def poll(self, number: int, round: int = 1) -> None:
        """Another poll, or another round, under a fresh P."""
        self.number, self.round = f"{number:032x}", round
        title = "Bỏ phiếu đề nghị xếp loại chất lượng đảng viên năm 2026"
        self.sheet = sheet.build_sheet(self.number, round, KEY.n, title, self.levels, self.rows)
        self.p = sheet.digest(self.sheet)

    def answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/phieu/"):
            route.fulfill(path=STATIC / (path.removeprefix("/phieu/") or "index.html"))
        elif self.down:
            route.abort()
        else:
            getattr(self, "_" + path.rsplit("/", 1)[1].replace("-", "_"))(route)

    def _luot(self, route: Route) -> None:
        answer = {"v": 1, "state": self.state, "poll": self.number, "round": self.round}
        answer |= {"p": self.p.hex(), "issued": self.issued, "delay": 0}
        listed = sheet.build_list(self.p, self.hashes)
        route.fulfill(json=answer | {"sealed": self.sealed or hashlib.sha256(listed).hexdigest()})

    def _to_phieu(self, route: Route) -> None:
        route.fulfill(content_type=BYTES, body=self.sheet)

    def _danh_sach(self, route: Route) -> None:
        route.fulfill(content_type=BYTES, body=sheet.build_list(self.p, self.hashes))

    def _phat_phieu(self, route: Route) -> None:
        if self.refusal:
            route.fulfill(status=403, json={"error": self.refusal})
        else:
            first = route.request.post_data_buffer[32 : 32 + 256]
            route.fulfill(content_type=BYTES, body=blind_signature.blind_sign(KEY, first))

    _doi_phieu = _phat_phieu

    def _da_nhan(self, route: Route) -> None:
        route.fulfill(status=204)

    def _bo_phieu(self, route: Route) -> None:
        body = route.request.post_data_buffer
        ballot = sheet.check_body(body, sheet.parse_sheet(self.sheet))
        self.hashes.append(ballot.hash)
        route.fulfill(content_type=BYTES, body=bytes([0]) + ballot.hash)
