"""The wall in Chromium: one screen that is covered at once, turns its pages, and remembers the light of the room."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from cells.models import AgendaItem, Meeting
from tests.browser.hands import leave, session_of, settled
from tests.kit import factories, polls, verbs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PACE, TURN = (
    3500,
    15_500,
)  # longer than the page waits to look again, and to turn, on its own clock

# What runs out of its place, or off the screen.
BEYOND = """() => {
  const body = document.querySelector(".stage-body").getBoundingClientRect();
  return [...document.querySelectorAll(".stage-body *")]
    .filter((e) => !e.closest("svg, .visually-hidden"))
    .filter((e) => {
      const box = e.getBoundingClientRect();
      const rows = e.closest(".wall-rows")?.getBoundingClientRect();
      return (rows && box.bottom > rows.bottom + 1) || box.bottom > body.bottom + 1
        || box.top < body.top - 1 || box.right > innerWidth + 1
        || (e.closest(".wall-table") && e.scrollWidth > e.clientWidth + 1)
        || (getComputedStyle(e).overflowY !== "visible" && e.scrollHeight > e.clientHeight + 2);
    })
    .map((e) => `${e.tagName}.${e.className}`);
}"""


@pytest.fixture
def meeting(db) -> Meeting:
    """An open meeting of twelve, whose results take two pages."""
    return factories.make_open_meeting(12)


@pytest.fixture
def wall(browser: Browser, site: str, meeting: Meeting) -> Iterator[Page]:
    """The window on the TV; it must raise no error and break no content policy."""
    screen = browser.new_context(
        viewport={"width": 1366, "height": 768}, base_url=site, color_scheme="light"
    )
    screen.add_cookies([session_of(factories.secretary_of(meeting), site)])
    problems: list[str] = []
    screen.on("weberror", lambda error: problems.append(str(error.error)))
    screen.on(
        "console", lambda line: "Content Security" in line.text and problems.append(line.text)
    )
    page = screen.new_page()
    page.clock.install()
    page.goto(f"/hop/hoi-nghi/{meeting.pk}/man-chieu/")
    yield page
    leave(screen)
    assert problems == []


def at(meeting: Meeting, kind: str) -> None:
    meeting.step = meeting.items.get(kind=kind).position
    meeting.save(update_fields=["step"])


def vote(meeting: Meeting) -> None:
    """A poll on the members that the tellers have confirmed, at its item."""
    polls.play(polls.poll_of(meeting, 2), *[[2] * 12] * 12)
    polls.poll_of(meeting, 1).delete()
    at(meeting, AgendaItem.Kind.POLL)


def test_the_screen_is_covered_at_once_by_button_or_key_and_stays_so(wall, meeting):
    title = wall.locator("#stage h1")
    wall.get_by_text("Che màn hình").click()
    expect(title).to_be_hidden()
    expect(wall.locator(".cover-name")).to_have_text("Hội nghị kiểm điểm năm 2026")
    at(meeting, AgendaItem.Kind.TELLERS)
    wall.clock.run_for(PACE)
    expect(title).to_have_text("Tổ kiểm phiếu")
    expect(title).to_be_hidden()
    wall.get_by_text("Mở lại màn hình").click()
    expect(title).to_be_visible()
    wall.keyboard.press("b")
    expect(title).to_be_hidden()
    wall.keyboard.press("b")
    expect(title).to_be_visible()


def test_the_room_is_as_bright_as_the_browser_likes_it_until_it_is_told(wall):
    room = wall.locator("html")
    expect(room).to_have_attribute("data-room", "bright")
    wall.emulate_media(color_scheme="dark")
    wall.reload()
    expect(room).to_have_attribute("data-room", "dark")
    wall.get_by_role("button", name="Phòng sáng").click()
    expect(room).to_have_attribute("data-room", "bright")
    wall.reload()
    expect(room).to_have_attribute("data-room", "bright")


def test_results_turn_by_themselves_until_a_hand_turns_them(wall, meeting):
    vote(meeting)
    wall.clock.run_for(PACE)
    place = wall.locator(".turner-place")
    expect(place).to_have_text("Trang 1/2")
    wall.clock.run_for(TURN)
    expect(place).to_have_text("Trang 2/2")
    wall.keyboard.press("ArrowRight")
    expect(place).to_have_text("Trang 1/2")
    expect(wall.get_by_role("link", name="Tự lật")).to_be_visible()
    wall.clock.run_for(TURN)
    expect(place).to_have_text("Trang 1/2")
    settled(wall).keyboard.press("PageUp")
    expect(place).to_have_text("Trang 2/2")
    wall.get_by_role("link", name="Tự lật").click()
    expect(wall.get_by_role("link", name="Dừng lật")).to_be_visible()


@pytest.fixture
def look(wall, meeting):
    """The wall as it is now, in both rooms: nothing runs out of its place, and everybody can read it."""

    def looked(query: str = "") -> None:
        for room in ("bright", "dark"):
            wall.evaluate("room => localStorage.setItem('phong', room)", room)
            wall.goto(f"/hop/hoi-nghi/{meeting.pk}/man-chieu/{query}")
            place = wall.locator(".stage-body").get_attribute("class")
            assert (place, wall.evaluate(BEYOND)) == (place, [])
            report = Axe().run(wall)
            assert report.violations_count == 0, f"{place} {room}\n{report.generate_report()}"

    return looked


def test_every_scene_of_the_talk_fits_and_is_readable(look, meeting):
    first, secretary = factories.members_of(meeting)[0], factories.secretary_of(meeting)
    factories.set_report(
        meeting, texts={"strengths": "Đoàn kết. " * 200}, self_level="HTT", self_score="86.5"
    )
    look()
    for kind in (AgendaItem.Kind.REPORT, AgendaItem.Kind.COMMENTS, AgendaItem.Kind.MEMBERS):
        at(meeting, kind)
        look("?trang=1&giu=1")
        look("?trang=2&giu=1")
    at(meeting, AgendaItem.Kind.TELLERS)
    look()
    verbs.comment(secretary, meeting, first, None, "Xin sửa nhà văn hoá.")
    at(meeting, AgendaItem.Kind.MINUTES)
    look()


def test_every_scene_of_a_poll_fits_and_is_readable(look, meeting):
    poll, secretary = polls.poll_of(meeting, 2), factories.secretary_of(meeting)
    at(meeting, AgendaItem.Kind.POLL)
    look()
    verbs.open_issuing(secretary, poll)
    look()
    polls.cast(poll, polls.receive(poll), [[2] * 12] * 7)
    look()
    polls.seal(poll)
    look()
    polls.count(poll)
    polls.poll_of(meeting, 1).delete()
    look()
    at(meeting, AgendaItem.Kind.RESULT)
    look()
    look("?trang=2&giu=1")
