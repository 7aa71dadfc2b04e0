"""The papers of a meeting: rows → frozen data → blocks → HTML, PDF/A and .docx."""

from .gather import ballot_sheets, count, minutes, slips
from .render import fragment, html, pdf
from .word import docx

__all__ = ["ballot_sheets", "count", "docx", "fragment", "html", "minutes", "pdf", "slips"]
