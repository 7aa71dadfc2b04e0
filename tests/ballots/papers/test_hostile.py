"""Texts that try to load, to run or to hide something: printed as they are, and inert."""

import re
import subprocess
from dataclasses import replace

import pytest
from fontTools.ttLib import TTFont

from ballots.papers.minutes.data import MinutesData, Opinion, VoidPoll
from ballots.papers.press import document, render
from tests.kit import paper_samples as samples
from tests.kit.paper_readers import fonts_in, pages_in, text_of_word, words

HOSTILE = [
    '<img src="http://127.0.0.1:9/x.png">',
    "<script>alert(1)</script>",
    "<svg onload=alert(1)><image href='file:///etc/hostname'/></svg>",
    "<style>@import 'http://127.0.0.1:9/x.css'; *{display:none}</style>",
    "<link rel=attachment href='file:///etc/hostname'>",
    "{{ paper }}{% include 'print/qr.html' %}",
    "</p></article><h1>x</h1>",
    "url(file:///etc/hostname)",
]


def with_text(text: str) -> MinutesData:
    """The seed minutes with a text in every place that people fill in."""
    data = samples.seed()
    head = replace(data.sitting.head, committee=text, cell=text, place=text)
    first = replace(data.members[0], name=text, post=text, reason=text)
    return replace(
        data,
        sitting=replace(data.sitting, head=head, venue=text, voids=(VoidPoll(text, text),)),
        report=text,
        opinions=(Opinion(text, text), Opinion(text, text, text)),
        members=(first, *data.members[1:]),
        conclusion=text,
    )


def test_markup_in_a_text_is_printed_and_loads_nothing(monkeypatch):
    fetched = []
    monkeypatch.setattr(
        "weasyprint.urls.URLFetcher.fetch", lambda *args, **kw: fetched.append(args)
    )
    data = with_text(" ".join(HOSTILE))
    page = render.html(data)
    assert not [text for text in HOSTILE if text.startswith("<") and text in page]
    raw = render.pdf(page)
    assert fetched == []
    assert b"/EmbeddedFile" not in raw
    shown = re.sub(r"\s", "", " ".join(pages_in(raw)))
    in_word = text_of_word(render.docx(data))
    for text in HOSTILE:
        assert shown.count(re.sub(r"\s", "", text)) > 5
        assert words(text) in in_word


def test_even_raw_markup_loads_nothing(monkeypatch):
    opened = []
    monkeypatch.setattr("weasyprint.urls.URLFetcher.open", lambda *args, **kw: opened.append(args))
    body = "".join(text for text in HOSTILE if text.startswith("<"))
    assert render.pdf(f"<!doctype html><title>x</title>{body}").startswith(b"%PDF")
    assert opened == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("An\u202egnoux\u202c", "Angnoux"),
        ("A\u200bn\u200d\ufeff", "An"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("dòng một\ndòng\thai", "dòng một dòng hai"),
        ("\x00\x08x\ue000y", "□□x□y"),
        ("ý kiến 👍 汉", "ý kiến □ □"),
        ("a\u00a0b", "a\u00a0b"),
    ],
)
def test_texts_become_one_line_that_the_font_can_draw(text, shown):
    assert document.clean(text) == shown


def test_every_letter_that_may_stand_in_a_paper_is_in_the_font():
    path = subprocess.run(
        ["fc-list", "Liberation Serif:style=Regular:charset=1ed9", "file"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split(":")[0]
    drawn = {chr(code) for code in TTFont(path.strip()).getBestCmap()}
    every = [chr(code) for code in range(0x21, 0x3000)]
    allowed = {char for char in every if document.clean(f"a{char}a") == f"a{char}a"}
    assert len(allowed) > 800
    assert allowed <= drawn


def test_a_hostile_text_does_not_pull_in_another_font():
    raw = render.pdf(render.html(with_text("👍 汉 \u202e ☐ ✔ अ")))
    assert all("Liberation-Serif" in font["/BaseFont"] for font in fonts_in(raw))
