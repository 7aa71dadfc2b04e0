"""Another database than the one that settings name, for a command that needs one for a while."""

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections

from partyreview.settings import database_at


@contextmanager
def on_database(url: str) -> Iterator[None]:
    """Let this process talk to the database at `url` for the length of the block, and to no other."""
    own = connections.settings
    connections.close_all()
    with contextlib.suppress(AttributeError):  # not talked to yet
        del connections[DEFAULT_DB_ALIAS]
    connections.settings = connections.configure_settings({DEFAULT_DB_ALIAS: database_at(url)})
    try:
        yield
    finally:
        connections.close_all()
        with contextlib.suppress(AttributeError):
            del connections[DEFAULT_DB_ALIAS]
        connections.settings = own
