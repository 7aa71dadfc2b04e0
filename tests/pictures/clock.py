"""The site at the hour that is being played: one file tells it to the server and to who plays."""

import os
from datetime import datetime
from pathlib import Path

from django.utils import timezone

HOUR = Path(os.environ["VAR_DIR"]) / "hour"


def turn_to(moment: datetime) -> None:
    """From now on it is that late."""
    HOUR.write_text(moment.isoformat(), encoding="ascii")


def _now() -> datetime:
    return datetime.fromisoformat(HOUR.read_text(encoding="ascii"))


if not HOUR.exists():
    turn_to(timezone.now())
timezone.now = _now
