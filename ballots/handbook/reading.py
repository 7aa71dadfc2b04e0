"""What a book says: its Markdown as a page, and its passages to be searched. Once in a process."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from django.templatetags.static import static
from django.urls import reverse

from ballots.handbook.books import BOOKS, DOCS, ON_PHONES, SLUGS, Book
from cells.wording import search_key

if TYPE_CHECKING:
    from markdown_it.token import Token

MOST = 40  # passages that one search shows
SCALE = 1.5  # points of a picture for each of the page, as `make guide-pictures` takes them


@dataclass(frozen=True)
class Passage:
    """A paragraph, or a row of a table, and the heading it stands under."""

    heading: str
    anchor: str
    words: str
    key: str  # what it is searched by, a space before each word


@dataclass(frozen=True)
class Reading:
    """A book as it is shown."""

    book: Book
    title: str
    contents: tuple[tuple[str, str], ...]  # anchor and words of each chapter
    html: str
    passages: tuple[Passage, ...]


@cache
def read(slug: str, on_phone: bool = False) -> Reading:
    """The book of this word; KeyError for another one."""
    from markdown_it import MarkdownIt  # on first use: tests/test_start.py

    book = BOOKS[slug]
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse((DOCS / book.file).read_text("utf-8"))
    title, tokens = _plain(tokens[1]), tokens[3:]  # its first line
    contents = _name_headings(tokens)
    passages = tuple(_passages(title, tokens))
    for token in tokens:
        token.children = token.children and list(_led(token.children, book, on_phone))
    html = str(markdown.renderer.render(tokens, markdown.options, {}))
    return Reading(book, title, contents, html, passages)


def search(typed: str) -> list[tuple[Reading, Passage]]:
    """Passages with all the words typed, in any order, without accents; a word may be typed by its beginning."""
    words = _key(typed).split()
    if not words:
        return []
    hits = [
        (reading, passage)
        for reading in map(read, BOOKS)
        for passage in reading.passages
        if all(f" {word}" in passage.key for word in words)
    ]
    hits.sort(key=lambda hit: not all(f" {word}" in _key(hit[1].heading) for word in words))
    return hits[:MOST]


def _key(text: str) -> str:
    return " " + re.sub(r"\W+", " ", search_key(text)).strip()


def _plain(inline: Token) -> str:
    words = (
        " " if child.type == "softbreak" else child.content
        for child in inline.children or ()
        if child.type != "image"
    )
    return " ".join("".join(words).split())


def _name_headings(tokens: list[Token]) -> tuple[tuple[str, str], ...]:
    """Give each heading the anchor GitHub gives it; the chapters among them, for the list of contents."""
    chapters: list[tuple[str, str]] = []
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            words = _plain(tokens[place + 1])
            anchor = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
            token.attrSet("id", anchor)
            if token.tag == "h2":
                chapters.append((anchor, words))
    return tuple(chapters)


def _passages(title: str, tokens: list[Token]) -> Iterator[Passage]:
    heading, anchor, row = title, "", list[str]()
    for before, token in pairwise(tokens):
        if before.type == "heading_open":
            heading, anchor = _plain(token), str(before.attrGet("id"))
        elif before.type in ("th_open", "td_open"):
            row.append(_plain(token))
        elif words := _words(before, token, row):
            yield Passage(heading, anchor, words, _key(f"{heading} {words}"))
            row.clear()


def _words(before: Token, token: Token, row: list[str]) -> str:
    """What ends at this token: a row of a table, a paragraph, a block of commands, or nothing."""
    if token.type == "tr_close":
        return ": ".join(row)
    if before.type == "paragraph_open":
        return _plain(token)
    return token.content if token.type == "fence" else ""


def _led(children: list[Token], book: Book, on_phone: bool) -> Iterator[Token]:
    """Pictures from where they are served; links to books that are read here too, the others without their link."""
    is_dead = False
    for token in children:
        if token.type == "image":
            _serve_picture(token, book)
        elif token.type == "link_open":
            target = _target(str(token.attrGet("href")), book, on_phone)
            is_dead = target is None
            token.hidden = is_dead
            token.attrSet("href", target or "")
        elif token.type == "link_close":
            token.hidden = is_dead
        elif token.type == "code_inline" and token.content.removeprefix("docs/") in SLUGS:
            yield from _named_book(token, on_phone)
            continue
        yield token


def _target(href: str, book: Book, on_phone: bool) -> str | None:
    """Where a link of the file leads in the product; None where nothing here is meant."""
    path, _, anchor = href.partition("#")
    if href.startswith("https:") or not path:
        return href
    file = posixpath.normpath(posixpath.join(posixpath.dirname(book.file), path))
    slug = SLUGS.get(file)
    if slug is None or (on_phone and slug not in ON_PHONES):
        return None
    return address(slug, on_phone) + (f"#{anchor}" if anchor else "")


def address(slug: str, on_phone: bool = False) -> str:
    """Where the book is read."""
    return reverse("ballots:phone_book" if on_phone else "ballots:book", args=[slug])


def _named_book(token: Token, on_phone: bool) -> Iterator[Token]:
    """A file of docs/ that is named in a sentence, as a link with the book's own title."""
    from markdown_it.token import Token  # as above

    slug = SLUGS[token.content.removeprefix("docs/")]
    if on_phone:
        yield token
        return
    yield Token("link_open", "a", 1, {"href": address(slug)})
    yield token
    yield Token("link_close", "a", -1)


def _serve_picture(token: Token, book: Book) -> None:
    from PIL import Image  # not at the start

    path = (DOCS / book.file).parent / str(token.attrGet("src"))
    with Image.open(path) as picture:
        width, height = picture.size
    # Room for it before it has come, or a heading that was asked for slides away.
    token.attrSet("width", str(round(width / SCALE)))
    token.attrSet("height", str(round(height / SCALE)))
    token.attrSet("src", static(f"guides/{path.name}"))
