"""The worker of gunicorn: reads requests whole in an event loop, drops slow connections, and knows TLS itself.

The master above it holds the listening socket and never sees a byte of a request; all that saw a ballot ends with its
worker (docs/secret-ballot.md 3.3).
"""

import asyncio
import resource
import sys
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn_worker import UvicornWorker

from partyreview import COUNTER_PATHS, DOOR_PATHS
from partyreview.bridge import Bridge

# Seconds for the head of a request, and for a client to take 64 kB of an answer.
HEAD_SECONDS, READ_SECONDS = 10, 30
HEAD_BYTES = 64 * 1024
# Connections that may wait at once for the head of a request; one more ends the one that has waited longest.
WAITING = 4000
# Seconds after which a thread that only reckons, on a paper say, lets another one on: Python's own 0.005 made a ballot
# wait three times as long beside six of them.
TURN = 0.001
# Seconds in which a worker that was told to end may finish what it was asked.
FAREWELL = 20
# And in which the head of a request that is on its way may still come whole.
LAST_HEAD_SECONDS = 1


class Connection(HttpToolsProtocol):
    """One connection, which is cut when its client is too slow to ask or to listen; bodies: `Bridge`."""

    # Those whose next request has no whole head yet, in the order in which they began to wait.
    waiting: dict["Connection", None] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Expect the first request."""
        super().connection_made(transport)
        self.head_bytes = 0
        self.head_timer: asyncio.TimerHandle | None = None
        self.reading_timer: asyncio.TimerHandle | None = None
        self.is_last = False
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        """Count what comes until the head is whole."""
        super().data_received(data)
        if self in self.waiting:
            self.head_bytes += len(data)
            if self.head_bytes > HEAD_BYTES:
                self.cut()

    def on_message_begin(self) -> None:
        """The first byte of a request, perhaps on a connection that was idle."""
        if self._is_answering():
            self.cut()  # no browser and no proxy asks before it is answered
        self._expect_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._head_is_here()
        if not self.transport.is_closing():
            super().on_headers_complete()
            if self.is_last and self.cycle is not None:
                self.cycle.keep_alive = False

    def shutdown(self) -> None:
        """The worker ends: what was asked is answered, also by who has connected and is about to ask."""
        if self not in self.waiting:
            super().shutdown()
            return
        self.is_last = True
        if self.head_timer is not None:
            self.head_timer.cancel()
        self.head_timer = self.loop.call_later(LAST_HEAD_SECONDS, self.cut)

    def pause_writing(self) -> None:
        """The client leaves more than 64 kB unread."""
        super().pause_writing()
        self.reading_timer = self.loop.call_later(READ_SECONDS, self.cut)

    def resume_writing(self) -> None:
        """It has read."""
        super().resume_writing()
        if self.reading_timer is not None:
            self.reading_timer.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._head_is_here()
        if self.reading_timer is not None:
            self.reading_timer.cancel()
        super().connection_lost(exc)

    def cut(self) -> None:
        """End it at once, whatever is unread or unsent, and without a word in a log."""
        if self._is_answering():
            self.cycle.disconnected = True
        self.transport.abort()

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _expect_head(self) -> None:
        self._head_is_here()
        if len(self.waiting) >= WAITING:
            next(iter(self.waiting)).cut()
        self.waiting[self] = None
        self.head_bytes = 0
        self.head_timer = self.loop.call_later(HEAD_SECONDS, self.cut)

    def _head_is_here(self) -> None:
        self.waiting.pop(self, None)
        if self.head_timer is not None:
            self.head_timer.cancel()
            self.head_timer = None


class Worker(UvicornWorker):  # type: ignore[misc]
    """`gunicorn.conf.py` names it."""

    CONFIG_KWARGS: dict[str, Any] = {
        "loop": "asyncio",
        "http": Connection,
        "ws": "none",
        "lifespan": "off",
        "access_log": False,
        "server_header": False,
        # The application asks TRUST_PROXY whether to believe what a proxy says.
        "proxy_headers": False,
        "timeout_graceful_shutdown": FAREWELL,
    }

    def init_process(self) -> None:
        """Allow as many connections as the machine does, each an open file, and short turns."""
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        sys.setswitchinterval(TURN)
        super().init_process()

    def load_wsgi(self) -> None:
        """Put the bridge around the application."""
        groups = (tuple(map(str.encode, paths)) for paths in (DOOR_PATHS, COUNTER_PATHS))
        self.wsgi = Bridge(self.app.wsgi(), self.cfg.threads, *groups)
