"""What people read is in words of the hall, and each of these has one meaning."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

# Words of who built it, or with a second meaning: “mẫu số” is the number of a form.
BANNED = re.compile(
    r"\bghim\b(?!/)|mẫu số|báo đỏ|ghi ▾|phần mềm chọn|mã của bộ tiêu chí|bộ tiêu chí [0-9a-f]{6}",
    re.IGNORECASE,
)
# A stamp on a paper or a ballot, a mark that is made, signs of writing: the meanings that “dấu” may have.
STAMP = re.compile(r"(?:\S+ )?\bdấu\b(?: \S+)?", re.IGNORECASE)
ALLOWED = re.compile(
    r"đánh dấu|đóng dấu|không dấu|dấu (?:cách|chấm|ba|phẩy|đóng|trên|của|tích|vết|hiệu|✔)|(?:có|cần) dấu",
    re.IGNORECASE,
)


def read_by_people() -> Iterator[tuple[str, str]]:
    """The templates, scripts and rules, with their names."""
    base = Path(settings.BASE_DIR)
    for folder, pattern in (("templates", "*.html"), ("static", "*.js"), ("static", "*.html")):
        for path in sorted((base / folder).rglob(pattern)):
            yield str(path.relative_to(base)), path.read_text()
    for path in sorted((base / "cells/law/packs").glob("*.toml")):
        lines = (line for line in path.read_text().splitlines() if not line.startswith("#"))
        yield path.name, "\n".join(lines)
    for app in ("cells", "members", "ballots"):
        for path in sorted((base / app).rglob("*.py")):
            yield str(path.relative_to(base)), path.read_text()


def test_no_page_speaks_as_who_built_it():
    said = {(name, word) for name, text in read_by_people() for word in BANNED.findall(text)}
    assert said == set()


def test_a_stamp_is_a_stamp_and_nothing_else():
    strange = {
        (name, phrase)
        for name, text in read_by_people()
        for phrase in STAMP.findall(" ".join(text.split()))
        if not ALLOWED.search(phrase)
    }
    assert strange == set()
