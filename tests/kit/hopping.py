"""A meeting whose people are on another server at each step: several sites and doors on one database."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from subprocess import Popen
from threading import RLock
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from ballots.demo import serving
from ballots.demo.rehearsal.browser import Answer, Browser, _line_to
from partyreview import DOOR_PATHS
from tests.kit.ports import quiet_port
from tests.kit.servers import DATABASES

DOOR = "partyreview.wsgi:door"


@dataclass
class Machine:
    """A site and a door on a machine of their own: no other sees its folder in RAM."""

    ram: Path
    site: str
    door: str
    masters: list[Popen[bytes]] = field(default_factory=list)

    def signers(self) -> list[str]:
        """The rounds whose signers live here."""
        return [path.stem for path in self.ram.glob("*/*.lock") if _is_locked(path)]


@contextmanager
def machines(
    folder: Path,
    names: Sequence[str],
    key_stores: tuple[str, str],
    role: str = "",
    log: IO[bytes] | None = None,
) -> Iterator[list[Machine]]:
    """Start them with real gunicorn on the database of the test; `key_stores`: KEY_STORE_URL of site and door.

    `role`: the doors' own in PostgreSQL; `log` takes what all of them write.
    """
    environ = dict(os.environ) | {
        "DATABASE_URL": _url_of(),
        "SECRET_KEY": settings.SECRET_KEY,
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "off",
        "CAST_DELAY_MAX": "0",
    }
    with ExitStack() as running:
        made = []
        for name in names:
            machine = Machine(folder / name, *(f"http://127.0.0.1:{quiet_port()}" for _ in "sd"))
            programs = ((machine.site, serving.APPLICATION), (machine.door, DOOR))
            for (url, application), store in zip(programs, key_stores, strict=True):
                here = {"RUNTIME_DIRECTORY": str(machine.ram), "KEY_STORE_URL": store}
                if application == DOOR:
                    here["SECRET_KEY"] = "of the doors"
                    here["DATABASE_URL"] = _url_of(role)
                server = serving.running(url, environ | here, application, threads=4, log=log)
                machine.masters.append(running.enter_context(server))
            made.append(machine)
        yield made


def hopping(machines: Sequence[Machine]) -> type[Browser]:
    """A browser each of whose requests goes to the next machine, as a load balancer sends them."""
    sites = cycle(machine.site for machine in machines)
    doors = cycle(machine.door for machine in machines)

    class Hopping(Browser):
        def __init__(self, base: str) -> None:
            super().__init__(base)
            self._lines, self._hop = {}, RLock()

        def _send(self, address: str, body: bytes | None = None, **headers: str) -> Answer:
            parts = urlsplit(address)
            base = next(doors if parts.path.startswith(DOOR_PATHS) else sites)
            with self._hop:
                self._line = self._lines.setdefault(base, _line_to(base))
                path = parts._replace(scheme="", netloc="").geturl()
                return super()._send(base + path, body, **headers)

    return Hopping


def _url_of(role: str = "") -> str:
    """The database of the test, as its owner or as another role."""
    own = connection.settings_dict
    return DATABASES[connection.vendor].format_map(own | ({"USER": role} if role else {}))


def _is_locked(path: Path) -> bool:
    """Whether a signer that lives holds this lock."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
