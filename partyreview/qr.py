"""QR codes as pictures inside the page."""

import functools


# The address of a hall is drawn again with each page that shows it.
@functools.lru_cache(maxsize=32)
def svg_uri(text: str) -> str:
    """The QR code of `text` as a data URI (SVG) for <img>, with the quiet zone the standard asks for."""
    import segno  # on first use: tests/test_start.py

    return segno.make(text, micro=False).svg_data_uri(scale=4, border=4, light="#fff")
