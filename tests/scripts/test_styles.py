"""Style sheets: every colour stands once, in tokens.css; the voting page's own copy of the values is the same."""

import re
from pathlib import Path

from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
TOKENS = STATIC / "css" / "tokens.css"
FACE = STATIC / "css" / "face.css"  # the icons, each with its sign's name
VOTING = STATIC / "ballot" / "page.css"
# Paper is printed in its own colours: print.css is also what a PDF is made with.
SHEETS = sorted({*STATIC.rglob("*.css")} - {STATIC / "css" / "print.css"})
# A colour by number, or by a word that browsers know and our style sheets have used.
COLOUR = re.compile(r":[^;{]*(#[0-9a-fA-F]{3,8}\b|\b(white|black|red|green|blue|gray|grey)\b)")


def tokens(sheet: Path) -> dict[str, str]:
    """The custom properties that the sheet sets for the whole page; a dark room has some of them otherwise."""
    whole = sheet.read_text().partition("[data-room")[0]
    matches = re.findall(r"^  (--[\w-]+): ([^;]+);", whole, re.MULTILINE)
    assert len(matches) == len(dict(matches)), "a value is set twice"
    return dict(matches)


def used(sheet: Path) -> set[str]:
    return set(re.findall(r"var\((--[\w-]+)\)", sheet.read_text()))


def test_the_voting_page_has_the_values_of_the_site():
    own = tokens(VOTING)
    assert own == {name: value for name, value in tokens(TOKENS).items() if name in own}


def test_the_voting_page_carries_what_it_uses_and_nothing_else():
    assert set(tokens(VOTING)) == used(VOTING)


def test_every_value_used_is_one_of_the_tokens_and_every_token_is_used():
    assert set.union(*map(used, SHEETS)) == {*tokens(TOKENS), *tokens(FACE)}


def test_no_colour_stands_outside_the_tokens():
    by_name = {
        f"{sheet.relative_to(STATIC)}: {line.strip()}"
        for sheet in SHEETS
        for line in sheet.read_text().splitlines()
        if COLOUR.search(line) and not re.match(r"  --[\w-]+:", line)
    }
    assert by_name == set()


def test_how_lines_break_is_set_for_whole_elements_without_letting_those_break_that_must_not():
    """`text-wrap` also says whether lines break at all: in a table's cell it would win over `.unbroken`."""
    wide = re.compile(r"^ *(?:[^{.#]+|\.table [^{]*)\{ text-wrap:", re.MULTILINE)
    officers = [STATIC / "css" / name for name in ("officer.css", "phone.css")]
    assert [line for sheet in officers for line in wide.findall(sheet.read_text())] == []
