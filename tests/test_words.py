"""What people read is in words of the hall, each with one meaning, and each sentence has one home."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

# Words of who built it, or with a second meaning: “mẫu số” is the number of a form.
BANNED = re.compile(
    r"\bghim\b(?!/)|mẫu số|báo đỏ|ghi ▾|phần mềm chọn|mã của bộ tiêu chí|bộ tiêu chí [0-9a-f]{6}"
    # Another way of writing what is written elsewhere: “Không có ý kiến”, “ví dụ”, “08:00, 10/12/2026”.
    r"|không ý kiến|thí dụ|H:i d/m|%H:%M %d",
    re.IGNORECASE,
)
# A stamp on a paper or a ballot, a mark that is made, signs of writing: the meanings that “dấu” may have.
STAMP = re.compile(r"(?:\S+ )?\bdấu\b(?: \S+)?", re.IGNORECASE)
ALLOWED = re.compile(
    r"đánh dấu|đóng dấu|không dấu|dấu (?:cách|chấm|ba|phẩy|đóng|trên|của|tích|vết|hiệu|✔)|(?:có|cần) dấu",
    re.IGNORECASE,
)
# A sentence of so many letters says something of its own; shorter ones ("Xin tải lại trang.") are but an ending.
LONG = 40
SENTENCE = re.compile(r"(?<=[.!?])[\s”]+")
VIETNAMESE = re.compile(r"[ăâđêôơưà-ỹ]", re.IGNORECASE)
NO_TEXT = re.compile(r"<[^>]*>|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


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


def test_no_text_is_cut_within_a_word():
    cut = {name for name, text in read_by_people() if "truncatechars" in text}
    assert cut == set()


def test_a_stamp_is_a_stamp_and_nothing_else():
    strange = {
        (name, phrase)
        for name, text in read_by_people()
        for phrase in STAMP.findall(" ".join(text.split()))
        if not ALLOWED.search(phrase)
    }
    assert strange == set()


def sentences() -> Iterator[tuple[str, str]]:
    """Each sentence of our templates and programs, with the name of its file; what is filled in stands as {}."""
    for name, text in read_by_people():
        if name.startswith("templates/"):
            written = NO_TEXT.split(re.sub(r"\{\{.*?\}\}", "{}", text, flags=re.DOTALL))
        elif name.endswith(".py") and "/migrations/" not in name and "/demo/" not in name:
            written = list(strings_of(ast.parse(text)))
        else:
            continue
        for piece in written:
            for sentence in SENTENCE.split(" ".join(piece.split())):
                if len(sentence) >= LONG and sentence[-1] in ".!?" and VIETNAMESE.search(sentence):
                    yield sentence, name


def strings_of(program: ast.Module) -> Iterator[str]:
    """The strings of a program, also those written in several pieces, without its docstrings."""
    told = [node for node in ast.walk(program) if isinstance(node, ast.Expr)]
    left_out = {id(node.value) for node in told}
    for node in ast.walk(program):
        if isinstance(node, ast.JoinedStr):
            left_out |= {id(part) for part in node.values}
            parts = (
                part.value if isinstance(part, ast.Constant) else "{}" for part in node.values
            )
            yield "".join(map(str, parts))
        elif id(node) not in left_out and isinstance(node, ast.Constant):
            yield str(node.value)


def test_a_sentence_has_one_home():
    homes = defaultdict(list)
    for sentence, name in sentences():
        homes[sentence].append(name)
    assert {sentence: names for sentence, names in homes.items() if names[1:]} == {}
