"""One module attacked, in a copy of the tree: `python -m tests.mutants.worker MODULE SECONDS LINES TESTS…`.

Writes one line of JSON for each mutant. Libraries, models and the empty database are loaded once; each mutant is tried
in a fork of that, which costs a tenth of a process of its own.
"""

import ast
import contextlib
import importlib.util
import json
import os
import resource
import select
import signal
import sys
import time
from importlib.util import cache_from_source
from pathlib import Path

import django
import pytest
from django.apps import apps
from django.conf import settings
from django.test import utils

from tests.mutants.mutants import mutants

# Bytes: a mutant may ask for a number that no memory holds.
ROOM = 4 << 30
# What the last run of the tests had imported.
LOADED = Path("loaded.json")
OWN = ("ballots", "cells", "members", "partyreview", "tests", "conftest")


def main(module: str, seconds: float, lines: list[int], tests: list[str]) -> None:
    """Try the tests on the module as it is, then on each mutant, of all lines or of some."""
    path, end = Path(module), time.monotonic() + seconds
    source = path.read_text()
    django.setup()
    # Tables as the models have them: migrations end there, and take ten times as long.
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    utils.setup_databases(verbosity=0, interactive=False)
    utils.setup_databases = lambda **asked: []  # pytest-django's own: there is one already
    begun = time.monotonic()
    if _status(tests, 300) != 0:
        sys.exit(f"{module}: {' '.join(tests)} fail before anything is spoilt")
    patience = 5 + 5 * (time.monotonic() - begun)
    _load(json.loads(LOADED.read_text()), module)
    # From now on nothing is compiled for later: two mutants of a second may be as long as each other.
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    Path(cache_from_source(module)).unlink(missing_ok=True)
    for mutant in mutants(source):
        if lines and mutant.line not in lines:
            continue
        if time.monotonic() > end:
            sys.exit(f"{module}: the time is over")
        path.write_text(mutant.source)
        status = _status(tests, patience)
        told = {"line": mutant.line, "was": mutant.was, "now": mutant.now}
        print(json.dumps(told | {"killed": status != 0, "late": status is None}), flush=True)


def _status(tests: list[str], patience: float) -> int | None:
    """How pytest ended in a fork of this process; None where it had to be ended after `patience` seconds."""
    child = os.fork()
    if not child:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)  # even where `make` runs unseen
        resource.setrlimit(resource.RLIMIT_AS, (ROOM, ROOM))
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        status = pytest.main([*options, *tests])
        LOADED.write_text(json.dumps(list(sys.modules)))
        os._exit(status)
    status = _ended(child, patience)
    if status is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGINT)
        if _ended(child, 5) is None:
            os.kill(child, signal.SIGKILL)
            _ended(child, 5)
    with contextlib.suppress(ProcessLookupError):  # whatever the tests started and left behind
        os.killpg(child, signal.SIGKILL)
    return status


def _load(names: list[str], module: str) -> None:
    """Import once for all mutants what the tests import, but nothing that holds on to what is spoilt, and no test."""
    spoilt = module.removesuffix(".py").replace("/", ".")
    holding = _holding({name for name in names if name.partition(".")[0] in OWN}, spoilt)
    for name in names:
        # Tests are pytest's to import, and partyreview.wsgi starts the program.
        if name not in holding and name.partition(".")[0] not in (
            "partyreview",
            "tests",
            "conftest",
        ):
            with contextlib.suppress(Exception):
                importlib.import_module(name)
    assert spoilt not in sys.modules


def _holding(names: set[str], spoilt: str) -> set[str]:
    """Of our modules those that import the spoilt one, by however many others."""
    imports = {name: _imports(name) for name in names}
    holding = {spoilt}
    while more := {name for name in names - holding if imports[name] & holding}:
        holding |= more
    return holding


def _imports(name: str) -> set[str]:
    """What a module imports anywhere in its text, with the packages above."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.origin:
        return set()
    found = set()
    for node in ast.walk(ast.parse(Path(spec.origin).read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found | {above for name in found for above in _above(name)}


def _above(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts))]


def _ended(child: int, patience: float) -> int | None:
    """The status of a process that ends within so many seconds; None where it does not."""
    with open(os.pidfd_open(child), closefd=True) as handle:
        if not select.select([handle], [], [], patience)[0]:
            return None
    return os.waitpid(child, 0)[1]


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), json.loads(sys.argv[3]), sys.argv[4:])
