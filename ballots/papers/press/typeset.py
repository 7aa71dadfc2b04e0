"""Pages set as PDF/A by WeasyPrint, the one module that loads it."""

import ctypes.util
import functools
import threading
from typing import cast

from django.conf import settings

# WeasyPrint looks for each of its libraries by the names of other systems first. For every miss Python would run a C
# compiler and a linker, a quarter of a second in all, and find nothing: on Linux the full name of the file opens it.
_find_library, ctypes.util.find_library = ctypes.util.find_library, lambda name: None
try:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher
finally:
    ctypes.util.find_library = _find_library

_OPEN = threading.local()


def pdf_of(page: str, before: int = 0) -> bytes:
    """As `render.pdf`, through which everybody calls it; `before`: so many pages of the paper come before these."""
    document = weasyprint.HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=[]))
    return bytes(
        document.write_pdf(
            stylesheets=[_style(), *([_goes_on(before)] if before else [])],
            font_config=_fonts(),
            pdf_variant="pdf/a-3u",
        )
    )


def _fonts() -> FontConfiguration:
    """The fonts this thread has open: Pango's map of them may not be used by two threads at once."""
    if not hasattr(_OPEN, "fonts"):
        _OPEN.fonts = FontConfiguration()
    return cast(FontConfiguration, _OPEN.fonts)


def _goes_on(before: int) -> weasyprint.CSS:
    """The first of these pages is no first page: it bears its number as the others do."""
    text = (
        "@page :first { counter-increment: page %d;"
        " @top-center { content: counter(page); font-size: 14pt; line-height: 1; vertical-align: top;"
        " padding-top: 10mm; } }"
    )
    return weasyprint.CSS(string=text % (before + 1))


@functools.cache
def _style() -> weasyprint.CSS:
    text = (settings.BASE_DIR / "static" / "css" / "print.css").read_text(encoding="utf-8")
    return weasyprint.CSS(string=text, url_fetcher=URLFetcher(allowed_protocols=[]))
