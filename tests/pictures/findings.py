"""What a machine finds on a page as it shows: too wide or long, small targets, text cut off or small, axe."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.pictures.camera import DESK, OFFICER, PHONE, POCKET, PROJECTOR

TARGET = 47.5  # 48, but for what a browser rounds
LONGEST = {
    OFFICER: 4,
    PHONE: 8,
    PROJECTOR: 1,
    DESK: 6,
    POCKET: 16,
}  # screens; who looks at the wall scrolls nothing
SMALLEST = {OFFICER: 14, PHONE: 16, PROJECTOR: 20, DESK: 14, POCKET: 14}  # pixels of text


class Finding(NamedTuple):
    """A fault at one place; `what` is the kind, `where` what stands there."""

    what: str
    where: str


# A link within a sentence, and what a label or a summary makes larger, are no targets of their own.
LOOK = """([target, smallest, screens]) => {
  const few = (words) => words.trim().replace(/\\s+/g, " ").replace(/\\d+/g, "N").slice(0, 40);
  const tag = (e) => [e.tagName.toLowerCase(), ...[...e.classList].slice(0, 2)].join(".");
  const name = (e) => `${tag(e)} “${few(e.innerText || e.getAttribute("aria-label") || e.name || "")}”`;
  const shows = (e) => {
    const box = e.getBoundingClientRect();
    const closed = e.closest(".visually-hidden, .visually-hidden-focusable");
    return e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !closed && box.width > 1;
  };
  const all = [...document.body.querySelectorAll("*")].filter(shows);
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    const right = (e) => e.getBoundingClientRect().right;
    const scrolls = (e) => e && (getComputedStyle(e).overflowX !== "visible" || scrolls(e.parentElement));
    const out = all.filter((e) => right(e) > root.clientWidth + 1 && !scrolls(e.parentElement));
    const last = out.filter((e) => !out.some((o) => o !== e && e.contains(o)));
    (last.length ? last.slice(0, 4) : [document.body]).forEach((e) => found.push(["wider than the screen", name(e)]));
  }
  const long = root.scrollHeight / innerHeight;
  if (long > screens + 0.02) found.push([`longer than ${screens} screens`, `${Math.ceil(long)} screens`]);
  all.filter((e) => /auto|scroll/.test(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1)
    .forEach((e) => found.push(["scrolls sideways", name(e)]));
  const inSentence = (e) => e.matches("a, label") && getComputedStyle(e).display === "inline"
    && [...e.parentElement.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim().length > 2);
  all.filter((e) => e.matches("button, a[href], input, select, textarea, summary, label:has(input)")
    && (e.matches("label") || !e.closest("label")) && !inSentence(e) && !e.disabled).forEach((e) => {
    const label = e.labels && e.matches("[type=checkbox], [type=radio]") ? e.labels[0] : null;
    const boxes = [e, ...(label ? [label] : [])].map((each) => each.getBoundingClientRect());
    const side = (from, to) => Math.max(...boxes.map((b) => b[to])) - Math.min(...boxes.map((b) => b[from]));
    const [width, height] = [side("left", "right"), side("top", "bottom")];
    if (height < target || width < target)
      found.push(["target under 48 px", `${name(e)} ${Math.round(width)}×${Math.round(height)}`]);
  });
  const texts = all.filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()));
  texts.forEach((e) => {
    const style = getComputedStyle(e);
    if (style.display === "inline" || e.matches("option, textarea, script, style")) return;
    const wide = e.scrollWidth > e.clientWidth + 1, high = e.scrollHeight > e.clientHeight + 3;
    const cut = style.overflow !== "visible" && !/auto|scroll/.test(style.overflowX + style.overflowY);
    const beyond = wide && !/auto|scroll/.test(style.overflowX);
    if (cut && (beyond || high)) found.push(["text cut off", name(e)]);
    else if (beyond) found.push(["text beyond its box", name(e)]);
  });
  texts.forEach((e) => {
    const size = parseInt(getComputedStyle(e).fontSize);
    if (size < smallest) found.push([`text under ${smallest} px`, `${tag(e)} ${size} px`]);
  });
  return found;
}"""


def look(page: Page, kind: str) -> Iterator[Finding]:
    """What is wrong with how the page shows now; a wall has no targets."""
    limits = [0 if kind == PROJECTOR else TARGET, SMALLEST[kind], LONGEST[kind]]
    for what, where in page.evaluate(LOOK, limits):
        yield Finding(what, where)


def ask_axe(page: Page) -> Iterator[Finding]:
    """What axe says."""
    for violation in Axe().run(page).response["violations"]:
        for node in violation["nodes"]:
            yield Finding(f"axe {violation['id']}", node["html"][:120])


class Report:
    """All findings, told once each, with the pictures they are seen in."""

    def __init__(self) -> None:
        self.seen: dict[Finding, list[str]] = defaultdict(list)

    def add(self, picture: str, findings: Iterable[Finding]) -> None:
        """Take what was found in one picture."""
        for finding in dict.fromkeys(findings):
            self.seen[finding].append(picture)

    def of(self, picture: str) -> list[str]:
        """The kinds of fault in one picture, how many of each."""
        kinds: dict[str, int] = defaultdict(int)
        for finding, pictures in self.seen.items():
            kinds[finding.what] += picture in pictures
        return [f"{what}: {count}" for what, count in kinds.items() if count]

    def lines(self) -> Iterator[str]:
        """As a text: the kinds, under each the places, what is seen most first."""
        kinds = sorted({finding.what for finding in self.seen})
        for kind in kinds:
            places = {f.where: seen for f, seen in self.seen.items() if f.what == kind}
            yield f"\n{kind}: {len(places)}\n"
            for where, seen in sorted(places.items(), key=lambda place: -len(place[1])):
                yield f"  {where}\n    {len(seen)}: {', '.join(seen[:6])}\n"
