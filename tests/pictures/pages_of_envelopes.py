"""The pages of a sealed envelope: its key printed and read back, the opening before two, and its end (keeping.py)."""

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.pictures.pages import Shot

# Step and who looks, as in pages.py; who witnesses may do it on a phone.
ENVELOPE = ("ballots:envelope", "kept")
PAPER = ("ballots:envelope_paper", "kept")
CODE = "ballots:envelope_code"
PAGES: dict[tuple[str, str], list[tuple[str, str]]] = {
    ("tally", "secretary"): [("ballots:poll", "kept"), PAPER],
    ("tally", "teller"): [("ballots:count", "")],
    ("read", "secretary"): [PAPER],
    ("sealed", "secretary"): [("ballots:results", "meeting"), ENVELOPE],
    ("sealed", "officer"): [ENVELOPE],
    ("sealed", "teller"): [("ballots:count", "")],
    ("asked", "officer"): [ENVELOPE],
    ("asked", "secretary"): [ENVELOPE],
    ("asked", "witness"): [ENVELOPE],
    ("again", "witness"): [ENVELOPE, ("ballots:news", "")],
    ("again", "secretary"): [ENVELOPE, ("ballots:news", "")],
    ("over", "secretary"): [ENVELOPE],
}  # fmt: skip


def press_print(page: Page) -> None:
    """The key has been printed; the window of the system is left out."""
    page.evaluate("window.print = () => {}")
    if page.get_by_text("thì không lập phong bì").count():
        return
    page.locator("[data-print-key]").click()
    expect(page.locator("[data-said]")).not_to_be_empty()


def look_at_paper(page: Page) -> None:
    """What comes out of the printer."""
    press_print(page)
    page.emulate_media(media="print")
    if page.locator(".key-paper").count():
        expect(page.locator("[data-code] path")).to_be_visible()


def look_at_screen(page: Page) -> None:
    """Back from the paper."""
    page.emulate_media(media="screen")


def key_is_read(page: Page) -> None:
    """The code of the paper was scanned by the teller."""
    expect(page.get_by_text("Đã đọc đúng khoá phong bì.")).to_be_visible()


def key_is_typed(page: Page) -> None:
    """The code of the paper was scanned by who opens."""
    expect(page.locator("[data-key]")).not_to_have_value("")


def press_open(page: Page) -> None:
    """Opened: totals beside totals."""
    key_is_typed(page)
    page.get_by_role("button", name="Mở phong bì, đếm lại").click()
    expect(page.get_by_role("heading", name="Đếm lại từ phong bì")).to_be_visible()


BY_HAND = (
    Shot("tally", "secretary", *PAPER, name="envelope_printed", first=press_print),
    Shot("tally", "secretary", *PAPER, name="envelope_key", first=look_at_paper, then=look_at_screen),
    Shot("read", "teller", CODE, "kept", "#{key}", "envelope_read", key_is_read),
    Shot("witnessed", "officer", CODE, "kept", "#{key}", "envelope_typed", key_is_typed),
    Shot("witnessed", "officer", CODE, "kept", "#{key}", "envelope_opened", press_open, leads_on=True),
    Shot("again", "pocket", CODE, "kept", "#{key}", "envelope_opened", press_open),
)  # fmt: skip


def shots() -> Iterator[Shot]:
    """All of them; where so few vote that there is no envelope, those of the steps that are played."""
    for (step, who), rows in PAGES.items():
        for route, places in rows:
            yield Shot(step, who, route, places, name=f"{route.partition(':')[2]}_kept")
    yield from BY_HAND
