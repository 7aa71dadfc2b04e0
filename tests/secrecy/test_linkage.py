"""A meeting of 40, of a cell or of a committee, beside another cell's open poll: no file says who voted how."""

import random
import stat
from collections import Counter
from collections.abc import Callable
from itertools import combinations, pairwise

import pytest
from django.conf import settings

from ballots.linkage import copies
from ballots.models import Box, Issue, Sealed
from ballots.secret import blind_signature, keys, sheet
from ballots.secret.door import ACCEPTED
from cells.models import Meeting
from tests.kit.room import Room, cast
from tests.kit.sittings import BODIES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SIZE = 40
HERE = {"sqlite": "rowid", "postgresql": "ctid"}


class Vote:
    """Who received a ballot when, who voted when and how: known to this test alone."""

    def __init__(self, made: Callable[[int], Meeting]) -> None:
        self.since = copies.write_ahead()
        self.other = Room(5).open().stamp().box()
        self.room = Room(meeting=made(SIZE)).open()
        self.issued = random.sample(self.room.members, SIZE)
        self.room.stamp(*self.issued).box()
        self.voted = random.sample(self.room.members, SIZE)
        self.bodies, self.hashes = {}, {}
        strangers = iter(self.other.phones.values())
        for place, member in enumerate(self.voted):
            phone = self.room.phones[member]
            self.bodies[member] = phone.fold([1 + place * 7 % 4])
            self.hashes[member] = phone.hash
            assert cast(self.bodies[member])[0] == ACCEPTED
            if place % 10 == 5:
                assert cast(next(strangers).fold([1]))[0] == ACCEPTED

    @property
    def truths(self) -> list[list[bytes]]:
        """The orders that an attacker knows of people: of the list, of issuing, and at worst of casting."""
        return [[self.hashes[m] for m in o] for o in (self.room.members, self.issued, self.voted)]


@pytest.fixture(params=BODIES.values(), ids=BODIES)
def vote(request) -> Vote:
    return Vote(request.param)


def pieces(vote: Vote) -> dict[str, bytes]:
    """Whatever would betray a ballot: its parts, its number; before the box is sealed, its hash too."""
    by_name = {}
    for n, body in enumerate(vote.bodies.values()):
        ballot = sheet.parse_body(body, 1)
        parts = ("prefix", "pub", "salt", "stamp", "signature", "number", "hash")
        by_name |= {f"{part} {n}": getattr(ballot, part) for part in parts}
        by_name[f"x {n}"] = ballot.pub[1:33]
    return by_name


def key_pieces(room: Room) -> dict[str, bytes]:
    """The three keys of a poll as they lie in RAM; of the RSA key its secret numbers too."""
    by_name = {f"{kind} key": keys.read(room.poll.p, kind) for kind in keys.KINDS}
    by_name = {name: key for name, key in by_name.items() if key}
    if "sign key" in by_name:
        key = blind_signature.PrivateKey.from_bytes(by_name["sign key"])
        by_name |= {
            f"RSA {name}": getattr(key, name).to_bytes(256).lstrip(b"\0") for name in "dpq"
        }
    return by_name


def found_in_copy(needles: dict[str, bytes], since: str) -> set[str]:
    """Which of these stand anywhere in the raw files, or written as hex in the dump."""
    raw = b"\0".join(copies.files(since).values())
    text = "\n".join(line for lines in copies.dump().values() for line in lines).lower()
    return {n for n, needle in needles.items() if needle in raw or needle.hex() in text}


def test_no_file_of_the_database_ever_holds_a_ballot_or_a_key_in_clear(vote):
    room, secret = vote.room, pieces(vote)
    dying = key_pieces(room)
    assert set(dying) == {"box key", "count key"}
    assert len({len(row.data) for row in Box.objects.all()}) == 1
    assert found_in_copy(secret | dying, vote.since) == set()
    seen = {"tag": bytes(Box.objects.first().tag), "data": bytes(Box.objects.first().data)}
    assert found_in_copy(seen, vote.since) == {"tag", "data"}
    secret = {name: piece for name, piece in secret.items() if not name.startswith("hash")}
    for press in (room.seal, room.agree, room.confirm):
        press()
        assert found_in_copy(secret | dying | key_pieces(vote.other), vote.since) == set()
        private_keys_only(settings.KEY_DIR)
    marks = Counter(sheet.parse_body(body, 1).marks[0] for body in vote.bodies.values())
    row = room.poll.rows.get()
    assert [*row.counts.values()] == [marks[mark] for mark in (1, 2, 3, 4)]


def private_keys_only(folder) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} <= {0o600}


@pytest.mark.parametrize("made", BODIES.values(), ids=BODIES)
def test_the_keys_of_issuing_reach_no_file_either(made):
    since = copies.write_ahead()
    room = Room(meeting=made(3)).open()
    dying = key_pieces(room)
    assert len(dying) == 6
    room.stamp()
    assert found_in_copy(dying, since) == set()
    room.box()
    assert found_in_copy(dying, since) == set()
    assert set(key_pieces(room)) == {"box key", "count key"}


# Orders: sealed rows stand in the order of their hashes wherever one looks, and that order is a drawn lot.


def no_better_than_chance(order: list[bytes], truth: list[bytes]) -> bool:
    """Whether matching the two orders, either way round, names no more people than a drawn lot would.

    Places that agree: of 40 one on average, twelve or more once in 10^9 meetings (1/12!). Pairs in the same
    order: half of 780, with a standard deviation of 43; further off than six of them once in 10^9.
    """
    place = {ballot_hash: n for n, ballot_hash in enumerate(truth)}
    result = [place[ballot_hash] for ballot_hash in order]
    count = len(result)
    hits = max(sum(a == b for a, b in enumerate(f)) for f in (result, result[::-1]))
    inverted = sum(a > b for a, b in combinations(result, 2))
    deviation = (count * (count - 1) * (2 * count + 5) / 72) ** 0.5
    return hits < 12 and abs(inverted - count * (count - 1) / 4) < 6 * deviation


def test_the_measure_sees_an_order_where_there_is_one():
    drawn = random.sample([bytes([n]) for n in range(SIZE)], SIZE)
    assert no_better_than_chance(drawn, sorted(drawn))
    assert not no_better_than_chance(drawn, drawn)
    assert not no_better_than_chance(drawn, drawn[::-1])
    nearly = [drawn[n ^ 1] for n in range(SIZE)]
    assert not no_better_than_chance(nearly, drawn)


def seen_orders(vote: Vote) -> dict[str, list[bytes]]:
    """The orders of the sealed ballots that a copy of the database shows."""
    own = set(vote.hashes.values())
    place = HERE["sqlite" if copies.is_sqlite() else "postgresql"]
    lines = "\n".join(copies.dump()["ballots_sealed"]).lower()
    rows = copies.rows(f"SELECT hash FROM ballots_sealed ORDER BY {place}")  # noqa: S608
    return {
        "as they lie": [ballot_hash for (ballot_hash,) in rows if ballot_hash in own],
        "dump": sorted(own, key=lambda ballot_hash: lines.index(ballot_hash.hex())),
    }


def raw_orders(vote: Vote) -> dict[str, list[bytes]]:
    """The order of their first and last traces in each raw file that names them all."""
    by_name = {}
    own = list(vote.hashes.values())
    for name, content in copies.files(vote.since).items():
        if all(ballot_hash in content for ballot_hash in own):
            by_name[f"first in {name}"] = sorted(own, key=content.index)
            by_name[f"last in {name}"] = sorted(own, key=content.rindex)
    return by_name


def test_after_sealing_no_order_anywhere_links_a_ballot_to_its_voter(vote):
    box = [bytes(row.tag) + bytes(row.data) for row in Box.objects.all()]
    blinded = [bytes(entry.blinded) for entry in Issue.objects.of(vote.room.poll)]
    for press in (vote.room.seal, lambda: vote.room.agree().confirm()):
        press()
        for name, order in seen_orders(vote).items():
            assert order == sorted(order), name
        assert raw_orders(vote)
        orders = seen_orders(vote) | raw_orders(vote)
        for name, order in orders.items():
            for truth in vote.truths:
                assert no_better_than_chance(order, truth), name
        stored = b"".join(bytes(row.hash) + bytes(row.data) for row in Sealed.objects.all())
        assert all(windows(stored).isdisjoint(windows(former)) for former in box)
        everything = "\n".join(line for lines in copies.dump().values() for line in lines).lower()
        assert not any(value.hex() in everything for value in blinded)
        assert one_transaction(vote)


def windows(content: bytes) -> set[bytes]:
    """All its runs of eight bytes: two independent secrets of this size share none (once in 10^10)."""
    return {content[n : n + 8] for n in range(len(content) - 7)}


def one_transaction(vote: Vote) -> bool:
    """Whether all sealed ballots bear the mark of one and the same transaction, and so of no cast."""
    if copies.is_sqlite():
        return True
    rows = copies.rows(
        "SELECT DISTINCT xmin::text, cmin::text FROM ballots_sealed WHERE poll_id = %s",
        vote.room.poll.pk,
    )
    return len(rows) == 1


def test_a_cast_changes_nothing_but_the_box_and_no_nonce_counts(vote):
    late = list(vote.other.phones.values())[-1]
    before = copies.dump()
    assert cast(late.fold([2])) == (ACCEPTED, late.hash)
    after = copies.dump()
    assert {table for table in after if after[table] != before[table]} == {"ballots_box"}
    for table in (Box, Sealed):
        nonces = [bytes(row.data)[:12] for row in table.objects.order_by("pk")]
        assert len(set(nonces)) == len(nonces)
        assert not all(a < b for a, b in pairwise(nonces)) or len(nonces) < 8
