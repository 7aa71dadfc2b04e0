"""The parsers by name: what each is given, and as what it may refuse it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa

from ballots.demo import scenario
from ballots.secret import sheet
from ballots.secret.sheet import BadBallot, BadList, BadSheet, Sheet

LEVELS = [("HTXS", "Hoàn thành xuất sắc nhiệm vụ"), ("HTT", "Hoàn thành tốt nhiệm vụ")]
TODAY = date(2026, 12, 1)


@dataclass(frozen=True)
class Target:
    """One parser, and what it may raise."""

    parse: Callable[[bytes], object]
    refusals: tuple[type[Exception], ...]
    seeds: Callable[[], list[bytes]] = list


@cache
def paper() -> Sheet:
    """A sheet as the door serves it."""
    n = rsa.generate_private_key(65537, 2048).public_key().public_numbers().n
    made = sheet.build_sheet("ab" * 16, 1, n, "Xếp loại chi bộ", LEVELS, ["Chi bộ 4", "Lê Văn An"])
    return sheet.parse_sheet(made)


def sheets() -> list[bytes]:
    """One that is sound."""
    n = rsa.generate_private_key(65537, 2048).public_key().public_numbers().n
    return [sheet.build_sheet("ab" * 16, 1, n, "Xếp loại", LEVELS, ["Chi bộ 4"])]


def bodies() -> list[bytes]:
    """One of the right length for this sheet."""
    return [paper().p + bytes(paper().body_length - 32)]


def lists() -> list[bytes]:
    """One of two ballots."""
    hashes = sorted(hashlib.sha256(bytes([n])).digest() for n in range(2))
    return [sheet.build_list(paper().p, hashes)]


def members_sheet(data: bytes) -> object:
    """As a secretary uploads it."""
    from members.imports.spreadsheets import read

    return read(data, TODAY)


def refused_sheets() -> tuple[type[Exception], ...]:
    """What reading a sheet may raise."""
    from members.imports.spreadsheets import BadSheet as BadTable

    return (BadTable,)


def tables() -> list[bytes]:
    """A small table as text, as UTF-8 and as an old program writes it."""
    text = "STT,Họ và tên,Ngày sinh,Số thẻ Đảng viên\n1,Nguyễn Văn An,05/07/1975,12345678\n"
    return [text.encode(), text.encode("utf-16"), text.replace(",", "\t").encode()]


def place(data: bytes) -> object:
    """The key of a pin, as a form sends it."""
    from ballots.dossier.places import Place

    return Place.parse(data.decode("utf-8", "replace"))


def name(data: bytes) -> object:
    """A name as somebody types it: sorted, searched, shown."""
    from cells import wording
    from members.rules import names

    typed = wording.one_line(data.decode("utf-8", "replace"))
    return names.sort_key(typed), wording.search_key(typed), names.answers(typed, "Đặng Thị Đức")


TARGETS: dict[str, Target] = {
    "ballot": Target(lambda data: sheet.check_body(data, paper()), (BadBallot,), bodies),
    "sheet": Target(sheet.parse_sheet, (BadSheet,), sheets),
    "list": Target(lambda data: sheet.parse_list(data, paper().p), (BadList,), lists),
    "scenario": Target(
        scenario.load, (scenario.Problem,), lambda: [b'{"cell": "Chi b\xe1\xbb\x99 4"}']
    ),
    "members": Target(members_sheet, refused_sheets(), tables),
    "place": Target(place, (ValueError,), lambda: [b"sums", b"reasons:HTXS", b"paper:minutes"]),
    "name": Target(name, (ValueError,), lambda: ["Nguyễn Phước Quý Hoàng".encode()]),
}
