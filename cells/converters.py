"""How a period stands in an address: "2026" or "2026-q3"."""

from django.urls import register_converter

from cells.law.periods import WRITTEN, Period

PERIOD = "period"  # in the path of an address: <period:period>


class PeriodConverter:
    """A period in an address; a plain year means the year."""

    regex = WRITTEN

    def to_python(self, value: str) -> Period:
        """Read it."""
        return Period.parse(value)

    def to_url(self, value: object) -> str:
        """Write it: a period, or a year as a number."""
        return str(value)


register_converter(PeriodConverter, PERIOD)
