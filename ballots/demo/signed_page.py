"""A picture of a signed page, for the files of a sample: lines as of text, and two signatures, none like another's."""

import io
import random

from PIL import Image, ImageDraw

SIZE = (420, 594)
INK, PEN = 120, 30
LINES = range(60, 380, 16)
HANDS = (90, 290)  # where each signs


def drawn(number: int) -> bytes:
    """JPEG, a few kilobytes; the same for the same number."""
    chance = random.Random(number)  # noqa: S311 - the same each time
    page = Image.new("L", SIZE, "white")
    pen = ImageDraw.Draw(page)
    for height in LINES:
        pen.line([(50, height), (chance.randint(250, 370), height)], fill=INK, width=3)
    for left in HANDS:
        stroke = [
            (left + step * 8 + chance.randint(-12, 12), 470 + chance.randint(-30, 30))
            for step in range(10)
        ]
        pen.line(stroke, fill=PEN, width=2, joint="curve")
    file = io.BytesIO()
    page.save(file, "JPEG", quality=60)
    return file.getvalue()
