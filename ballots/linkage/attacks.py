"""What is looked at in each phase of a poll: the database's copies, logs, backups, memory, screens, the wire."""

import contextlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from redis import Redis

from ballots.backups import archive
from ballots.backups.locks import Lock
from ballots.demo.rehearsal import play
from ballots.demo.rehearsal.play import Ballot, Evening
from ballots.linkage import backup_copies, copies, envelopes, memory, traces
from ballots.linkage.orders import match
from ballots.linkage.report import Comparison, Report, Search
from ballots.linkage.traces import Traces
from ballots.models import Poll, Sealed
from ballots.secret import blind_signature, keys, sheet

PHASES = {
    play.ISSUED: "lúc đã phát phiếu",
    play.ALL_CAST: "lúc đang bỏ phiếu",
    play.SEALED: "lúc đã niêm phong",
    play.CONFIRMED: "sau khi xác nhận kết quả",
}
PARTS = ("prefix", "pub", "salt", "stamp", "signature", "number")
LISTED, ISSUED, CAST = "danh sách", "thứ tự phát phiếu", "thứ tự bỏ phiếu"
HERE = {"sqlite": "rowid", "postgresql": "ctid"}
MOST_SCREENS = 40  # voters of a meeting whose screens are looked at after each ballot
FILES = "tệp và trang đĩa của cơ sở dữ liệu, WAL"
DUMP = "bản trích SQL của mọi bảng (có phiên, hàng việc)"
BACKUP = "bản sao lưu, đã mở"
PROGRAM = "bộ nhớ của chương trình, mọi tiến trình"
# By what is seen, what is known and the phase: the orders of each poll, one pair a poll.
Orders = dict[tuple[str, str, str], list[tuple[Sequence[bytes], Sequence[bytes]]]]


@dataclass
class Attacker:
    """Whoever has copies of everything, may read every process, and notes who did what when; one a meeting."""

    evening: Evening
    report: Report
    folder: Path
    log: Path
    masters: Sequence[int]  # the processes that have started all others of the installation
    lock: Lock
    passphrase: str
    orders: Orders
    # Of the poll under way.
    wal: str = field(default_factory=copies.write_ahead)
    secrets: dict[str, bytes] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    issued: list[Ballot] = field(default_factory=list)
    screens: set[str] = field(default_factory=set)
    casts: int = 0

    def watch(self, phase: str, ballots: list[Ballot]) -> None:
        """Look at everything that there is to see in this phase; `ballots` in the order in which it befell them."""
        {
            play.ISSUED: self._issued,
            play.CAST: self._cast,
            play.ALL_CAST: self._all_cast,
            play.SEALED: self._sealed,
            play.CONFIRMED: self._confirmed,
        }[phase](ballots)

    # Phase by phase

    def _issued(self, ballots: list[Ballot]) -> None:
        self.issued, self.screens, self.casts = list(ballots), set(), 0
        self.secrets = self._keys()
        self.numbers = self._primes()
        for place, ballot in enumerate(ballots):
            if ballot.phone:
                held = {part: getattr(ballot.phone, part) for part in ("prefix", "pub", "stamp")}
                self.secrets |= {f"{part} {place}": piece for part, piece in held.items()}
        self._search(play.ISSUED, self._stored() | self._backup())

    def _cast(self, ballots: list[Ballot]) -> None:
        """The wall shows a number more, and nothing else is different."""
        self.casts += 1
        if len(self.issued) <= MOST_SCREENS and self.casts < len(self.issued):
            page = self.evening.page("man-chieu").page
            self.screens.add(re.sub(r"[\d\s]+", " ", page.text_content()))

    def _all_cast(self, ballots: list[Ballot]) -> None:
        place_of = {ballot.who: place for place, ballot in enumerate(self.issued)}
        for ballot in ballots:
            parts = sheet.parse_body(ballot.body, 1)
            self.secrets |= {
                f"{part} {place_of[ballot.who]}": getattr(parts, part) for part in PARTS
            }
        stored = self._stored() | self._backup()
        hashes = {f"hash {ballot.who}": _hash(ballot) for ballot in ballots}
        self._search(play.ALL_CAST, stored, hashes)
        self._check_searches(stored)
        self._check_screens()
        self._measure_limits(ballots)

    def _sealed(self, ballots: list[Ballot]) -> None:
        stored = self._stored()
        self._search(play.SEALED, stored)
        self._compare(play.SEALED, ballots, stored)
        self._measure_phone(play.SEALED, ballots[0])

    def _confirmed(self, ballots: list[Ballot]) -> None:
        inside = envelopes.opened(self._poll, self.evening.printed)
        self._search(play.CONFIRMED, inside, {f"hash {b.who}": _hash(b) for b in ballots})
        self.secrets |= envelopes.secrets_of(self.evening.printed)
        stored = self._stored() | self._backup()
        self._search(play.CONFIRMED, stored)
        self._compare(play.CONFIRMED, ballots, stored)
        self._measure_phone(play.CONFIRMED, ballots[0])
        if self._is_last:
            self._search_memory()
        self.wal = copies.write_ahead()

    # What there is to look at

    @property
    def _poll(self) -> Poll:
        """The one under way, or the last that was."""
        return (
            Poll.objects.exclude(p=None).filter(meeting=int(self.evening.meeting)).latest("number")
        )

    @property
    def _is_last(self) -> bool:
        """Whether the meeting has no poll after this one: its memory is then read, which takes seconds."""
        return self._poll.number == len(self.evening.scenario.polls)

    def _keys(self) -> dict[str, bytes]:
        """Those of the three keys that live."""
        read = {f"khoá {kind}": keys.read(self._poll.p or "", kind) for kind in keys.KINDS}
        return {name: key for name, key in read.items() if key}

    def _primes(self) -> dict[str, int]:
        """The secret numbers of the signing key: with one of them, stamps are forged."""
        key = blind_signature.PrivateKey.from_bytes(self.secrets["khoá sign"])
        return {"p": key.p, "q": key.q, "d": key.d}

    def _stored(self) -> dict[str, bytes]:
        """Everything that the installation and its database have written, by place."""
        files = b"\0".join(copies.files(self.wal).values())
        lines = "\n".join(line for table in copies.dump().values() for line in table)
        places = {
            FILES: files,
            DUMP: lines.encode(),
            "phiên đăng nhập, đã giải mã": _sessions(),
            "nhật ký của chương trình": self.log.read_bytes(),
            "tệp trong thư mục dữ liệu": self._files(),
        }
        if copies.sees_the_server():
            places["nhật ký của PostgreSQL"] = copies.log()
            places["pg_stat_activity"] = _statements()
        return places

    def _files(self) -> bytes:
        """What lies in the folder of the installation beside the database itself and the backups of this audit."""
        own = [
            path
            for path in self.folder.rglob("*")
            if path.is_file() and not path.name.startswith("scratch.") and path != self.log
        ]
        return b"\0".join(copies.raw(path) for path in own if path.suffix != archive.SUFFIX)

    def _backup(self) -> dict[str, bytes]:
        """A backup that was made just now, opened by who knows the passphrase; it takes seconds, so once a meeting."""
        if not self._is_last:
            return {}
        path = archive.write(self.folder / "backups", self.lock)
        try:
            return {BACKUP: backup_copies.content(path, self.passphrase)}
        finally:
            path.unlink()

    # What is looked for

    def _search(
        self, phase: str, places: Mapping[str, bytes], more: Mapping[str, bytes] | None = None
    ) -> None:
        looked_for = self.secrets | dict(more or {})
        numbers = {name: _bytes(value) for name, value in self.numbers.items()}
        ready = traces.in_any_writing(looked_for | numbers)
        for place, content in places.items():
            self._note(phase, place, len(looked_for | numbers), ready, content)

    def _note(self, phase: str, place: str, number: int, ready: Traces, content: bytes) -> None:
        found = ready.found_in(content)
        self.report.add_search(Search(PHASES[phase], place, number, len(found), len(content)))

    def _check_searches(self, stored: Mapping[str, bytes]) -> None:
        """Each search sees what does lie there: a locked ballot in the database, the living key in memory."""
        tag, data = copies.rows(
            "SELECT tag, data FROM ballots_box WHERE poll_id = %s", self._poll.pk
        )[0]
        ready = traces.in_any_writing({"tag": tag, "data": data})
        for place in {FILES, DUMP, BACKUP} & stored.keys():
            self.report.add_control(place, bool(ready.found_in(stored[place])))
        if self._is_last:
            ready = traces.in_memory(self.secrets)
            with contextlib.suppress(OSError):  # told when it matters, after the confirmation
                found = memory.found_among(self._programs(), ready)
                self.report.add_control(PROGRAM, bool(found))

    def _programs(self) -> set[int]:
        return set[int]().union(*map(memory.descendants, self.masters))

    def _search_memory(self) -> None:
        """The memory of every process of the installation, of the database and of the server of keys."""
        looked_for = self.secrets | self.numbers
        ready = traces.in_memory(looked_for)
        kinds: dict[str, Callable[[], set[int]]] = {
            PROGRAM: self._programs,
            "bộ nhớ của PostgreSQL": _servers_of_database,
            "bộ nhớ của kho khoá": _servers_of_keys,
        }
        for place, processes in kinds.items():
            try:
                found = memory.left_in(processes, ready)
            except OSError as error:
                self.report.add_untried(
                    place, f"không được đọc ({error.strerror}); xin chạy bằng root"
                )
                continue
            if processes():
                self.report.add_search(
                    Search(PHASES[play.CONFIRMED], place, len(looked_for), len(found), 0)
                )

    def _check_screens(self) -> None:
        if self.screens:
            different = len(self.screens) - 1
            self.report.add_search(
                Search(
                    PHASES[play.ALL_CAST],
                    "màn chiếu sau từng lá phiếu (khác nhau ngoài con số)",
                    len(self.issued),
                    different,
                    sum(map(len, self.screens)),
                )
            )

    # Orders

    def _compare(self, phase: str, cast: list[Ballot], stored: Mapping[str, bytes]) -> None:
        listed = sorted(cast, key=lambda ballot: self._place_of(ballot.who))
        issued = [ballot for ballot in self.issued if ballot.body]
        known = {LISTED: listed, ISSUED: issued, CAST: cast}
        for seen, order in self._seen(cast).items():
            for name, ballots in known.items():
                pair = order, [_hash(ballot) for ballot in ballots]
                self.orders[PHASES[phase], seen, name].append(pair)

    def _place_of(self, who: str) -> int:
        return list(self.evening.scenario.people).index(who)

    def _seen(self, cast: list[Ballot]) -> dict[str, list[bytes]]:
        """The orders of the sealed ballots wherever they all stand."""
        own = {_hash(ballot) for ballot in cast}
        here = HERE[connection.vendor]
        rows = copies.rows(f"SELECT hash FROM ballots_sealed ORDER BY {here}")  # noqa: S608
        lines = copies.dump()["ballots_sealed"]
        seen = {
            f"dòng theo {here}": [row for (row,) in rows if row in own],
            "dòng của bản trích": [h for line in lines if (h := _named(line, own))],
        }
        ready = Traces({ballot.hex(): [ballot] for ballot in own})
        for name, content in copies.files(self.wal).items():
            places = ready.places(content)
            if len(places) == len(own):
                first = sorted(places, key=lambda each: places[each][0])
                last = sorted(places, key=lambda each: places[each][1])
                seen[f"dấu vết đầu trong {_kind(name)}"] = [*map(bytes.fromhex, first)]
                seen[f"dấu vết cuối trong {_kind(name)}"] = [*map(bytes.fromhex, last)]
        return seen

    # What is seen by those whom the protocol does not bind

    def _measure_limits(self, cast: list[Ballot]) -> None:
        key = self.secrets["khoá box"]
        here = HERE[connection.vendor]
        rows = copies.rows(
            f"SELECT tag, data FROM ballots_box WHERE poll_id = %s ORDER BY {here}",  # noqa: S608
            self._poll.pk,
        )
        opened = [sheet.decrypt_box(key, tag, data) for tag, data in rows]
        in_order = sum(a == b.body for a, b in zip(opened, cast, strict=True))
        self.report.add_limit(
            "root của máy chủ, có khoá hòm còn sống",
            "lá phiếu theo đúng thứ tự gửi",
            in_order,
            len(cast),
        )
        self.report.add_limit(
            "proxy cố ý ghi lại thân yêu cầu và địa chỉ",
            "lá phiếu cùng địa chỉ gửi",
            len(cast),
            len(cast),
        )
        guess = [ballot.who for ballot in self.issued if ballot.body]
        by_time = sum(a == b.who for a, b in zip(guess, cast, strict=True))
        self.report.add_limit(
            "proxy chỉ ghi giờ, các máy chung một địa chỉ",
            "người gửi, đoán theo thứ tự phát",
            by_time,
            len(cast),
        )

    def _measure_phone(self, phase: str, ballot: Ballot) -> None:
        """A phone that was seized with the hash of its ballot in it, beside what the server still has."""
        row = Sealed.objects.filter(hash=_hash(ballot)).first()
        key = keys.read(self._poll.p or "", keys.COUNT)
        is_read = False
        if row and row.data and key:
            body = sheet.decrypt_sealed(key, bytes(row.hash), bytes(row.data))
            is_read = body == ballot.body
        self.report.add_limit(
            f"người cầm điện thoại còn mã phiếu và máy chủ, {PHASES[phase]}",
            "lá phiếu ấy",
            int(is_read),
            1,
        )


def comparisons(size: int, orders: Orders) -> list[Comparison]:
    """Each kind of order beside each order of people, over all polls of the meeting of this size."""
    return [
        Comparison.of(size, phase, seen, known, match(pairs))
        for (phase, seen, known), pairs in orders.items()
    ]


def no_orders() -> Orders:
    """To be filled poll by poll."""
    return defaultdict(list)


def _hash(ballot: Ballot) -> bytes:
    return ballot.phone.hash if ballot.phone else b""


def _bytes(number: int) -> bytes:
    return number.to_bytes(-(-number.bit_length() // 8))


def _named(line: str, hashes: set[bytes]) -> bytes | None:
    """The hash that this line of a dump is about, where it is one of these."""
    return next((h for h in hashes if h.hex() in line.lower()), None)


def _kind(name: str) -> str:
    """What a file is called in the report: tables by their name, of the log only that it is the log."""
    return "WAL" if re.fullmatch(r"[0-9A-F]{24}", name) or name.endswith("-wal") else name


def _sessions() -> bytes:
    return json.dumps([session.get_decoded() for session in Session.objects.all()]).encode()


def _statements() -> bytes:
    """What PostgreSQL shows of statements under way, and of those past where it counts them."""
    told = copies.rows("SELECT query FROM pg_stat_activity WHERE query IS NOT NULL")
    if copies.rows("SELECT 1 FROM pg_extension WHERE extname = 'pg_stat_statements'"):
        told += copies.rows("SELECT query FROM pg_stat_statements")
    return "\n".join(query for (query,) in told).encode()


def _servers_of_database() -> set[int]:
    return set() if copies.is_sqlite() else memory.called("postgres:", "bin/postgres")


def _servers_of_keys() -> set[int]:
    if not settings.KEY_STORE_URL:
        return set()
    with Redis.from_url(settings.KEY_STORE_URL.partition("#")[0]) as client:
        return {client.info("server")["process_id"]}
