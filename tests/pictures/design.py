"""The fifteen screens of docs/design.md: old and new beside each other, unlabelled, in random order.

`python -m tests.pictures.design take FOLDER` takes them as they are now; `… pairs OLD NEW` makes of two such folders
the pictures in docs/pictures/design/, and the key beside them.
"""

import itertools
import random
import sys
from pathlib import Path

from PIL import Image

from tests.pictures import screens

SCREENS = {
    "check-in": "check_in-secretary-checkin-1366",
    "projector: check-in": "check_in-projector-projector-1366",
    "projector: turnout": "cast-projector-projector-1366",
    "projector: results": "count-projector-projector-1366",
    "sent file": "send-officer-submission-1366",
    "rules": "prepare-secretary-meeting_rules-1366",
    "board": "send-officer-committee-1366",
    "decision": "decide-officer-decision-1366",
    "conclusion": "conclude-secretary-conclude-1366",
    "Hồ sơ": "close-secretary-dossier-1366",
    "sending": "close-secretary-sending-1366",
    "results": "count-secretary-results-1366",
    "home": "prepare-secretary-home-1366",
    "paper entry": "cast-teller-count-360",
    "self-review": "prepare-writer-review-360",
}
PEOPLE, TARGET = "25", Path("docs/pictures/design")
MOST = 150_000  # bytes of a pair
GAP = 24  # pixels
LONG = 1.2  # screens: a longer page is shown whole, too
SEED = 12


def take(folder: str) -> None:
    """All fifteen with 25 people."""
    titles = [name.rpartition("-")[0] for name in SCREENS.values()]
    screens.main(folder, PEOPLE, *titles)


def pairs(old: str, new: str) -> None:
    """Lay old and new beside each other; which is which only the key says."""
    TARGET.mkdir(parents=True, exist_ok=True)
    dice = random.Random(SEED)  # noqa: S311 - the same order each time
    order = dice.sample(list(SCREENS), len(SCREENS))
    key = ["# Which picture is the new one", "", "| pair | screen | new |", "|---|---|---|"]
    for number, screen in enumerate(order, 1):
        sides = [(old, ""), (new, "new")]
        dice.shuffle(sides)
        both = pair([folder for folder, _ in sides], SCREENS[screen])
        write(TARGET / f"{number:02d}.webp", both)
        key.append(f"| {number:02d} | {screen} | {'left' if sides[0][1] else 'right'} |")
    (TARGET / "key.md").write_text("\n".join(key) + "\n", encoding="utf-8")


def pair(folders: list[str], name: str) -> Image.Image:
    """Both as they show; where either page is longer, the whole of each stands small beside it, at one scale."""
    views = [Image.open(Path(folder) / f"{PEOPLE}-{name}.png") for folder in folders]
    wholes = [Image.open(Path(folder) / f"{PEOPLE}-{name}-full.png") for folder in folders]
    height, tallest = views[0].height, max(whole.height for whole in wholes)
    parts = []
    for view, whole in zip(views, wholes, strict=True):
        small = whole.resize((whole.width * height // tallest, whole.height * height // tallest))
        parts.append([view, small] if tallest > LONG * height else [view])
    widths = [sum(part.width + GAP for part in side) for side in parts]
    desk = Image.new("RGB", (sum(widths) + 2 * GAP, height + 2 * GAP), "#8a8f98")
    left = GAP
    for side in parts:
        for part in side:
            desk.paste(part, (left, GAP))
            left += part.width + GAP
        left += GAP
    return desk


def write(path: Path, picture: Image.Image) -> None:
    """As good and as large as the bytes allow."""
    for share, quality in itertools.product((1, 0.85, 0.7, 0.5), (85, 70, 55)):
        size = round(picture.width * share), round(picture.height * share)
        picture.resize(size).save(path, quality=quality, method=6)
        if path.stat().st_size <= MOST:
            return


if __name__ == "__main__":
    {"take": take, "pairs": pairs}[sys.argv[1]](*sys.argv[2:])
