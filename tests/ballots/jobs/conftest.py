"""Who asks for jobs, what these do, and whether a worker is there."""

import pytest

from ballots.jobs import kinds
from ballots.models import WorkerSign
from members.models import User
from tests.kit import factories


@pytest.fixture
def user() -> User:
    return factories.make_user(committee=factories.make_committee())


@pytest.fixture
def work(monkeypatch):
    """Let the jobs of a test do this."""

    def set_work(call) -> None:
        monkeypatch.setattr(kinds, "work_of", lambda job: call)

    set_work(lambda job, file, step: (file.write(b"ZIP"), ("Xong.", "a.zip"))[1])
    return set_work


@pytest.fixture
def alive() -> None:
    """A worker is there."""
    WorkerSign.give()
