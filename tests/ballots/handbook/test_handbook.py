"""The handbook: what its books name exists, and officers and phones read, search and print it without internet."""

import re
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.urls import reverse

from ballots.core.hints import GUIDED, HINTS
from ballots.handbook.books import BOOKS, DOCS, ON_PHONES
from ballots.handbook.reading import read, search
from tests.kit import factories
from tests.kit.clients import browser

GUIDES = sorted((DOCS / "guides").glob("*.md"))
PICTURES = DOCS / "guides" / "pictures"
LARGEST = 40_000  # bytes of a picture


@pytest.fixture(scope="module")
def product() -> str:
    """All that may stand on a button, its lines joined."""
    root = settings.BASE_DIR
    folders = ("templates", "static", "ballots", "members", "cells")
    files = [
        path
        for folder in folders
        for kind in ("*.html", "*.js", "*.py")
        for path in (root / folder).rglob(kind)
        if path.name != "guides.py"
    ]
    texts = [path.read_text("utf-8") for path in files]
    texts += [re.sub("{%.*?%}", "", text) for text in texts]  # words that a condition divides
    return " ".join(" ".join(text.split()) for text in texts)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_what_a_guide_quotes_stands_in_the_product(guide, product):
    words = " ".join(guide.read_text("utf-8").split())
    quoted = re.findall("“([^”]+)”", words)
    parts = {part.strip() for quote in quoted for part in quote.split("…") if part.strip()}
    assert len(quoted) >= 15
    assert [part for part in parts if part not in product] == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_a_guide_has_its_pictures_and_says_what_each_shows(guide):
    shown = re.findall(r"!\[([^\]]{10,})\]\(pictures/([\w-]+\.webp)\)", guide.read_text("utf-8"))
    assert 5 <= len(shown) <= 9
    assert [name for _, name in shown if not (PICTURES / name).is_file()] == []


def test_every_picture_is_small_and_shown_somewhere():
    text = " ".join(guide.read_text("utf-8") for guide in GUIDES)
    for picture in PICTURES.iterdir():
        written = picture.read_bytes()
        assert written[8:12] == b"WEBP"
        assert len(written) <= LARGEST
        assert f"pictures/{picture.name}" in text


def test_each_guide_says_what_to_do_when_something_goes_wrong():
    for guide in GUIDES:
        assert "\n## Khi có trục trặc\n" in guide.read_text("utf-8")


@pytest.mark.parametrize("slug", BOOKS)
def test_a_book_leads_to_places_that_are_there(slug):
    reading = read(slug)
    assert reading.title
    for address, anchor in re.findall(r'href="(/hop/[^"#]*)?#([^"]+)"', reading.html):
        anchor = unquote(anchor)
        target = read(address.strip("/").rpartition("/")[2]) if address else reading
        assert f'id="{anchor}"' in target.html
    assert ".md" not in " ".join(re.findall(r'(?:href|src)="([^"]*)"', reading.html))
    assert "<script" not in reading.html


def test_hints_lead_to_headings_that_are_there():
    assert GUIDED.keys() <= HINTS.keys()
    for slug, heading in GUIDED.values():
        assert heading in [anchor for anchor, _ in read(slug).contents]


def test_a_search_needs_no_accents_and_puts_headings_first():
    hits = search("ket noi mang mat")
    assert not hits or all("mat" in passage.key for _, passage in hits)
    reading, passage = search("khung do")[0]
    assert "khung đỏ" in passage.heading
    assert passage.anchor in reading.html
    assert search("Khung ĐỎ") == search("khung do")
    assert search("") == search("…") == []
    assert search("xyzxyz") == []


@pytest.mark.django_db
def test_an_officer_finds_the_book_and_the_paragraph():
    meeting = factories.make_meeting(3)
    own = browser(factories.secretary_of(meeting))
    assert reverse("ballots:handbook") in own.get("/hop/").content.decode()
    assert reverse("ballots:handbook") in own.get(f"/hop/hoi-nghi/{meeting.pk}/").content.decode()
    page = own.get(reverse("ballots:handbook"), {"q": "mat dien thoai"}).content.decode()
    assert f"{reverse('ballots:book', args=['dang-vien'])}#mất-điện-thoại" in page
    nothing = own.get(reverse("ballots:handbook"), {"q": "xyzxyz"}).content.decode()
    assert "Không có chỗ nào nói về" in nothing
    assert own.get(reverse("ballots:book", args=["khong-co"])).status_code == 404


@pytest.mark.django_db
def test_a_phone_reads_its_guide_without_a_cookie_and_no_other_book(client):
    page = client.get(reverse("ballots:phone_book", args=["dang-vien"]))
    assert page.status_code == 200
    assert not page.cookies
    assert "Hướng dẫn cho đảng viên" in page.content.decode()
    for slug in BOOKS.keys() - set(ON_PHONES):
        assert client.get(reverse("ballots:phone_book", args=[slug])).status_code == 404


@pytest.mark.django_db
def test_a_book_is_rendered_once_in_a_process():
    own = browser(factories.make_user())
    read.cache_clear()
    for _ in range(2):
        own.get(reverse("ballots:book", args=["bi-thu"]))
    assert read.cache_info().misses == 1
