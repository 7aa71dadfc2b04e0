"""Where the keys of a database lie: files in RAM of this machine, or a server for several; knows no Django."""

import errno
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ballots.secret.key_files import Files


class Store(Protocol):
    """What keeps secrets under names; every call may raise OSError, `Unreachable` where nothing can be known."""

    def write(self, secrets: Mapping[str, bytes]) -> None:
        """Keep all of them, or none."""

    def read(self, name: str) -> bytes | None:
        """What is kept under the name; None where nothing is."""

    def holds(self, name: str) -> bool:
        """Whether something is kept under the name, without reading it."""

    def unlink(self, *names: str) -> None:
        """Let them go; again changes nothing."""

    def names(self, untouched: int = 0) -> set[str]:
        """All names under which something is kept; `untouched`: which nobody wrote or read for so many seconds."""

    def must_take(self, size: int) -> None:
        """OSError unless so many bytes could be kept now, and would die when they shall."""

    def is_removable(self) -> bool:
        """Whether what is kept can be let go."""


class Unreachable(OSError):
    """The server of keys did not answer: whether it still has a key, nobody knows."""

    def __init__(self) -> None:
        """Told to people by `partyreview/storage.py`."""
        super().__init__(errno.EHOSTUNREACH, os.strerror(errno.EHOSTUNREACH))


class Unfit(OSError):
    """The server may keep a key that has died, or lose one that lives; the message is one Vietnamese sentence."""


@dataclass(frozen=True)
class Place:
    """Where the keys of a database lie, in words that are handed to the processes that hold keys."""

    folder: str
    url: str  # KEY_STORE_URL

    def store(self) -> Store:
        """What keeps them: the folder itself where there is no server, on which they bear its name."""
        if not self.url:
            return Files(Path(self.folder))
        from ballots.secret.key_server import (
            Server,  # a client takes longer to load than all the rest
        )

        return Server(self.url, Path(self.folder).name)
