"""The printed guides: one page each, in large letters, and every button they name is one."""

import io
import re

import pypdf
import pytest
from django.conf import settings

from ballots.papers.guides import GUIDES, guide_for
from ballots.papers.press import render
from cells import wording
from tests.kit import factories
from tests.kit.clients import browser
from tests.kit.paper_readers import pages_in

A4 = (595, 842)
SMALLEST = 16  # points


@pytest.mark.parametrize("whom", GUIDES)
def test_a_guide_is_exactly_one_sheet_with_all_its_steps(whom):
    guide = guide_for(whom)
    pdf = render.pdf(render.html(guide))
    (text,) = pages_in(pdf)
    box = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == A4
    steps = [step for part in guide.parts for step in part.steps]
    assert [name for name, _ in steps if f"{name}." not in text] == []
    assert guide.letters >= SMALLEST


def test_its_numbers_go_on_from_part_to_part():
    first, second, third = guide_for("bi-thu").parts
    assert first.first == 1
    assert second.first == first.first + len(first.steps)
    assert third.first == second.first + len(second.steps)


def test_what_a_guide_quotes_stands_on_a_button():
    root = settings.BASE_DIR
    files = [path for kind in ("*.html", "*.js", "*.py") for path in root.rglob(kind)]
    own = ("tests", "papers", ".venv", "node_modules")
    text = " ".join(p.read_text() for p in files if not set(own) & set(p.relative_to(root).parts))
    sentences = [
        words
        for whom in GUIDES
        for words in (
            *(step[1] for part in guide_for(whom).parts for step in part.steps),
            *guide_for(whom).calm,
        )
    ]
    quoted = {
        word.replace(wording.HARD_SPACE, " ")
        for sentence in sentences
        for word in re.findall("“([^”…]+)”", sentence)
    }
    assert [word for word in quoted if word not in text] == []


@pytest.mark.django_db
def test_the_guides_are_one_press_from_the_first_page_and_from_the_meeting():
    meeting = factories.make_meeting(3)
    own = browser(factories.secretary_of(meeting))
    for page in ("/hop/", f"/hop/hoi-nghi/{meeting.pk}/"):
        shown = own.get(page).content.decode()
        assert [whom for whom in GUIDES if f"/hop/huong-dan/{whom}.pdf" not in shown] == []
    assert own.get("/hop/huong-dan/bi-thu.pdf")["Content-Type"] == "application/pdf"
    assert own.get("/hop/huong-dan/ai-do.pdf").status_code == 404
