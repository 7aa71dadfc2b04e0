"""The whole site in threads of this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Thread

from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import QuietWSGIRequestHandler


class Gate:
    """The application while the test runs; after `close` nobody enters, and who was inside has left."""

    def __init__(self, application) -> None:
        self.application, self.inside, self.closed = application, 0, False
        self.changed = Condition()

    def __call__(self, environ, start_response) -> list[bytes]:
        with self.changed:
            if self.closed:
                start_response("503 Service Unavailable", [("Content-Length", "0")])
                return []
            self.inside += 1
        try:
            response = self.application(environ, start_response)
            try:
                return [b"".join(response)]
            finally:
                getattr(response, "close", lambda: None)()
        finally:
            with self.changed:
                self.inside -= 1
                self.changed.notify_all()

    def close(self) -> None:
        with self.changed:
            self.closed = True
            self.changed.wait_for(lambda: not self.inside, timeout=30)


@contextmanager
def served() -> Iterator[str]:
    """Serve both doors of partyreview.wsgi, and give the address: "http://127.0.0.1:port"."""
    from partyreview.wsgi import application

    gate = Gate(application)
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.set_app(gate)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
    gate.close()
