"""The papers for people tell the truth about the tree: its version, files, names, sections and words."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOCS = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md")), *sorted(ROOT.glob("C*.md"))]
# `path/to/file.py`, `folder/`, `path/to/file.py:name`; * stands for any name.
PATH = re.compile(r"([\w.*/-]+(?:/|\.(?:py|js|css|html|svg|md|toml|json|sql)))(?::(\w+))?")
# What defines a name, in Python and in scripts.
DEFINED = r"(?:def|class|function|const) {0}\b|^\s*{0}\b[^\n]* = "
# Written by a command, never kept.
MADE = {"bench.json", "du-lieu.json", "ket-qua.json"}
PROTOCOL = "docs/secret-ballot.md"
ARCHITECTURE = "docs/architecture.md"


def words(path: Path) -> str:
    return path.read_text("utf-8")


def quoted(doc: Path) -> list[str]:
    """Every word that stands in backticks, blocks of code left out."""
    spans = re.findall("`([^`\n]+)`", re.sub("^```.*?^```", "", words(doc), flags=re.M | re.S))
    return [word for span in spans for word in span.split()]


def tree() -> set[str]:
    """Every file of the tree, as git has it, and every folder with a slash at its end."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    files = {name for name in listed if (ROOT / name).exists()}
    return files | {f"{parent}/" for name in files for parent in Path(name).parents}


def stands(path: str, names: set[str]) -> bool:
    """Whether the tree holds it: at that place, or anywhere if it is a bare file name; no place of ours is no lie."""
    if "*" in path:
        return any(ROOT.glob(path))
    if "/" not in path:
        return path in MADE or any(name.rpartition("/")[2] == path for name in names)
    ours = f"{path.partition('/')[0]}/" in names
    return path in names or not ours


@pytest.mark.parametrize("doc", DOCS, ids=lambda path: path.name)
def test_every_file_and_name_in_backticks_exists(doc):
    names, wrong = tree(), []
    for path, name in (
        result.groups() for span in quoted(doc) if (result := PATH.fullmatch(span))
    ):
        there = stands(path, names)
        if there and name:
            there = re.search(DEFINED.format(name), words(ROOT / path), re.M) is not None
        if not there:
            wrong.append(f"{path}:{name}" if name else path)
    assert wrong == []


@pytest.mark.parametrize("doc", DOCS, ids=lambda path: path.name)
def test_every_relative_link_leads_somewhere(doc):
    targets = re.findall(r'(?:\]\(|src=")(?!https?:|#)([^)"#\s]+)', words(doc))
    assert [link for link in targets if not (doc.parent / link).exists()] == []


def test_both_threat_models_speak_of_the_same_people_and_evidence():
    english, vietnamese = (words(ROOT / f"docs/threat-model{end}.md") for end in ("", ".vi"))
    people = len(re.findall(r"^\| \*\*", english, re.M))
    assert (
        len(re.findall(r"^## .+\n\n(?:(?!#|-).+\n\n)?- (?:Biết|Sửa được)", vietnamese, re.M))
        == people
    )
    cited = [set(re.findall(r"`(tests/[\w/.]+\.py)`", text)) for text in (english, vietnamese)]
    assert cited[0] == cited[1]
    limits = [
        text.lower().count(word)
        for text, word in ((english, "**stated limit**"), (vietnamese, "**giới hạn đã biết**"))
    ]
    assert limits[0] == limits[1]


def test_the_readme_shows_every_picture_and_each_is_small():
    """Their bytes are nobody's business: `make pictures` makes others each time."""
    pictures = sorted((ROOT / "docs/pictures").glob("*.*"))
    shown = re.findall(
        r'<img src="(docs/pictures/[^"]+)"[^>]* alt="[^"]{20,}"', words(ROOT / "README.md")
    )
    assert sorted(shown) == [str(path.relative_to(ROOT)) for path in pictures]
    assert len(pictures) == 4
    for path in pictures:
        picture = path.read_bytes()
        assert picture.startswith(b"\x89PNG\r\n")
        assert len(picture) <= 150_000


def test_the_changelog_alone_keeps_the_version():
    project = tomllib.loads(words(ROOT / "pyproject.toml"))["project"]
    # uv asks for one, and would build the project to learn a dynamic one.
    assert project["version"] == "0"
    headings = re.findall("^## (.+)$", words(ROOT / "CHANGELOG.md"), re.M)
    assert headings[0].split()[0] == settings.VERSION
    assert len({heading.split()[0] for heading in headings}) == len(headings)


def test_the_readme_stays_short():
    assert len(words(ROOT / "README.md").splitlines()) <= 120


def test_the_layers_are_drawn_as_they_are_held():
    contracts = tomllib.loads(words(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["layers"][0] == "ballots.urls")
    drawn = re.findall(r"│ ([a-z |]+?) *│", words(ROOT / ARCHITECTURE))
    assert drawn == [layer.replace("ballots.", "") for layer in layers]


def test_every_file_of_the_product_is_in_the_map():
    """By its whole path, or by its name where its folder is named before."""
    told = words(ROOT / ARCHITECTURE).partition("## The map")[2]
    missing = []
    for name in sorted(tree()):
        path = Path(name)
        ours = name.startswith(("partyreview/", "cells/", "members/", "ballots/", "static/"))
        if not ours or path.suffix not in (".py", ".js") or "migrations" in path.parts:
            continue
        short = re.search(rf"`{re.escape(str(path.parent))}/`[^#]*?`{re.escape(path.name)}`", told)
        if path.name != "__init__.py" and f"`{name}`" not in told and not short:
            missing.append(name)
    assert missing == []


def test_every_citation_of_the_protocol_names_a_section_it_has():
    sections = set(re.findall(r"^#+ (\d(?:\.\d)?)\b", words(ROOT / PROTOCOL), re.M))
    assert {"3.2", "5", "8"} <= sections
    cited = {}
    for name in sorted(tree()):
        if name.endswith((".py", ".js", ".sql")):
            for numbers in re.findall(r"secret-ballot\.md,? ([\d., ]+)", words(ROOT / name)):
                for number in re.findall(r"\d(?:\.\d)?", numbers):
                    cited.setdefault(number, name)
    assert cited
    assert {number: name for number, name in cited.items() if number not in sections} == {}


def test_every_english_name_of_the_glossary_is_in_the_code():
    code = "\n".join(words(ROOT / name) for name in tree() if name.endswith(".py"))
    known = set(re.findall(r"\w+", code))
    spans = [span for span in quoted(ROOT / "docs/glossary.md") if not PATH.fullmatch(span)]
    names = {name for span in spans for name in re.findall(r"[A-Za-z]\w*", span)}
    assert len(names) > 80
    assert names - known == set()
