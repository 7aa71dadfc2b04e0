"""A command that cannot begin, or cannot go on, says so in one sentence, whichever it is."""

import errno
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from ballots.demo.serving import embedded_environ
from partyreview import storage


def test_a_command_that_cannot_write_says_so_in_one_sentence(monkeypatch):
    def full(_: list[str]) -> None:
        raise OSError(errno.ENOSPC, "of the system")

    monkeypatch.setattr("django.core.management.execute_from_command_line", full)
    with pytest.raises(SystemExit) as end:
        runpy.run_path(str(settings.BASE_DIR / "manage.py"), run_name="__main__")
    assert end.value.code == storage.AT_START[storage.FULL]


# What is set, and what is said of it.
HINDERED = {
    "a database that does not answer": (
        {"DATABASE_URL": "postgres://x@127.0.0.1:1/x", "SECRET_KEY": "x", "ALLOWED_HOSTS": "x"},
        storage.AT_START[storage.AWAY],
    ),
    "a store of keys without its secret": (
        {"KEY_STORE_URL": "redis://127.0.0.1"},
        "KEY_STORE_URL phải bắt đầu bằng",
    ),
}


@pytest.mark.parametrize("what", HINDERED)
def test_a_command_that_cannot_begin_says_why_without_a_traceback(what: str, tmp_path: Path):
    environ, words = HINDERED[what]
    run = subprocess.run(
        [sys.executable, "manage.py", "set_up_code"],
        cwd=settings.BASE_DIR,
        env=embedded_environ(tmp_path, **environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr.count("\n")) == (1, 1), run.stderr
    assert run.stderr.startswith(words)


def test_a_newcomers_walk_begins_as_its_command_says():
    """`python -m tests.deploy`, with nothing set: it asks for the address that it is not given."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
    run = subprocess.run(
        [sys.executable, "-m", "tests.deploy"],
        cwd=settings.BASE_DIR,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "'url' and 'code'" in run.stderr
