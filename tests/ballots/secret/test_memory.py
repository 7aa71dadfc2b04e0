"""Nobody looks into a process that knows secrets, and no disk keeps what it knew; else the operator is told."""

import ctypes
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from ballots.secret import checks, signer
from partyreview import memory
from tests.kit.processes import signer_of, status

P = "ab" * 32


def dumpable() -> int:
    return ctypes.CDLL(None).prctl(memory.PR_GET_DUMPABLE, 0, 0, 0, 0)


def test_a_worker_leaves_no_core_file_and_cannot_be_looked_into():
    from partyreview import wsgi

    assert wsgi.application
    assert dumpable() == 0
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)


def test_the_signer_leaves_no_core_file_and_stays_in_memory_where_that_is_allowed():
    with signer.new_round() as fresh:
        fresh.begin(P)
    pid = signer_of(P)
    limits = Path(f"/proc/{pid}/limits").read_text()
    assert next(line.split()[4] for line in limits.splitlines() if "core file" in line) == "0"
    assert (status(pid)["VmLck"] != "0 kB") == memory.may_lock()
    # What is not dumpable belongs to root, whoever runs it.
    assert os.stat(f"/proc/{pid}/environ").st_uid == 0


@pytest.mark.parametrize(
    ("swap", "lock", "told"),
    [
        (False, True, []),
        (True, True, [checks.SWAP]),
        (False, False, [checks.UNLOCKED]),
        (True, False, [checks.SWAP, checks.UNLOCKED]),
    ],
)
def test_the_operator_is_told_where_secrets_may_reach_a_disk(monkeypatch, swap, lock, told):
    monkeypatch.setattr(memory, "has_swap", lambda: swap)
    monkeypatch.setattr(memory, "may_lock", lambda: lock)
    found = checks.secrets_stay_in_memory(None)
    assert found == told
    assert not any(message.is_serious() for message in found)


def test_a_limit_that_is_too_small_is_no_permission():
    code = (
        "import resource; from partyreview import memory; memory._holds_ipc_lock = lambda: False; "
        "resource.setrlimit(resource.RLIMIT_MEMLOCK, (65536, 65536)); "
        "print(memory.may_lock(), memory.lock())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == ["False", "False"]
