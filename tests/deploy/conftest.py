"""Shared by the tests of deploy/: a folder that other users of this machine may pass through."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """Open, for the users of PostgreSQL and of nginx."""
    path = Path(tempfile.mkdtemp(prefix="kiemdiem-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)
