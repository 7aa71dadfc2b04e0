"""What an operator is told of an error: its kind and its place, as a line of JSON and by e-mail, never what it quotes.

The words of an error may repeat what somebody typed, as PostgreSQL's do, and so may the arguments of a message: both
stay out. No time either: whoever keeps the lines, journald say, adds its own.
"""

import json
import logging
import threading
import time
import traceback
from typing import Any

from django.conf import settings
from django.core.mail import send_mail

# Their messages are their own words; a host that is not allowed is named, for whoever sets up the server.
PLAIN_SPOKEN = ("django", "gunicorn", "uvicorn", "asyncio", "partyreview")
# Of a traceback, the innermost.
FRAMES = 12
# Seconds in which the same error is not sent again by the same process.
QUIET = 3600


def told(record: logging.LogRecord) -> dict[str, Any]:
    """Level, logger, message without its arguments, and of an exception its kind and the lines it went through."""
    line: dict[str, Any] = {"level": record.levelname, "logger": record.name}
    status = getattr(record, "status_code", None)
    if status is not None:
        line["status"] = status
    elif record.name.split(".")[0] in PLAIN_SPOKEN:
        line["message"] = str(record.msg)
    if record.exc_info and record.exc_info[0]:
        line["error"] = f"{record.exc_info[0].__module__}.{record.exc_info[0].__qualname__}"
        line["place"] = _places(record.exc_info[2])
    return line


def _places(trace: Any) -> list[str]:
    """ "file:line function" of each frame, outermost first; files of the program by their place in it."""
    root = f"{settings.BASE_DIR}/"
    frames = traceback.extract_tb(trace, limit=-FRAMES)
    return [f"{f.filename.removeprefix(root)}:{f.lineno} {f.name}" for f in frames]


class JsonLine(logging.Formatter):
    """One object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return `told` as JSON."""
        return json.dumps(told(record), ensure_ascii=False)


class Mail(logging.Handler):
    """Sends the operator (ERROR_MAIL) what the log says of an error, each kind and place once an hour."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._sent: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Send it in a thread of its own: nobody's page waits for a mail server."""
        if not settings.ERROR_MAIL:
            return
        line = told(record)
        body = json.dumps(line, ensure_ascii=False, indent=1)
        now = time.monotonic()
        if now - self._sent.get(body, -QUIET) < QUIET:
            return
        self._sent[body] = now
        what = line.get("error") or line.get("message") or record.name
        threading.Thread(target=_send, args=[f"Lỗi máy chủ: {what}", body]).start()


def _send(subject: str, body: str) -> None:
    """A mail server that refuses is no further error: the line stands in the log."""
    send_mail(subject[:200], body, None, [settings.ERROR_MAIL], fail_silently=True)
