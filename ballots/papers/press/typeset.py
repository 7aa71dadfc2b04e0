"""Pages set as PDF/A by WeasyPrint, the one module that loads it."""

import functools
import threading
from typing import cast

import weasyprint
from django.conf import settings
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

_OPEN = threading.local()


def pdf_of(page: str) -> bytes:
    """As `render.pdf`, through which everybody calls it."""
    document = weasyprint.HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=[]))
    return bytes(
        document.write_pdf(
            stylesheets=[_style()],
            font_config=_fonts(),
            pdf_variant="pdf/a-3u",
        )
    )


def _fonts() -> FontConfiguration:
    """The fonts this thread has open: Pango's map of them may not be used by two threads at once."""
    if not hasattr(_OPEN, "fonts"):
        _OPEN.fonts = FontConfiguration()
    return cast(FontConfiguration, _OPEN.fonts)


@functools.cache
def _style() -> weasyprint.CSS:
    text = (settings.BASE_DIR / "static" / "css" / "print.css").read_text(encoding="utf-8")
    return weasyprint.CSS(string=text, url_fetcher=URLFetcher(allowed_protocols=[]))
