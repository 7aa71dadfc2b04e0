"""Many at once: calls in threads of their own, let loose at the same moment."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor, wait
from importlib import import_module
from threading import Barrier, Event
from typing import Any
from unittest import mock

from django.core.exceptions import ValidationError
from django.db import connections

from cells.models import InvalidTransition
from tests.kit.verbs import Refused

PATIENCE = 30


def alone(call: Callable) -> Callable:
    """The call, for a thread: it has a connection of its own, which ends with it."""

    def run() -> Any:
        try:
            return call()
        finally:
            connections.close_all()

    return run


def run_coroutine(coroutine: Coroutine) -> Any:
    """What it returns, from a loop in a thread of its own: a browser of another test leaves one running in this."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, coroutine).result()


def together(*calls: Callable) -> list:
    """Let all calls loose at the same moment; what each returned or raised, in the same order."""
    gate = Barrier(len(calls))

    def run(call: Callable) -> Any:
        gate.wait(PATIENCE)
        try:
            return alone(call)()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return error

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def meanwhile(first: Callable, where: str, then: Callable) -> tuple:
    """Run `first`, stop it after the call of `where`, start `then`, let `first` go on; what both returned.

    For two transactions that want what the other holds.
    """
    module, _, name = where.rpartition(".")
    original = getattr(import_module(module), name)
    inside, go_on = Event(), Event()

    def then_stop(*args: Any) -> Any:
        answer = original(*args)
        inside.set()
        assert go_on.wait(PATIENCE)
        return answer

    with mock.patch(where, then_stop), ThreadPoolExecutor(2) as threads:
        one = threads.submit(alone(first))
        assert inside.wait(PATIENCE)
        other = threads.submit(alone(then))
        wait([other], timeout=0.3)
        go_on.set()
        return one.result(PATIENCE), other.result(PATIENCE)


# What a verb may answer a press that came too late.
CLEAN = (Refused, InvalidTransition, ValidationError)


def outcomes(results: list) -> Counter:
    """How many went through and how many were refused; anything else, a traceback for the user, is raised."""
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, CLEAN):
            raise result
    return Counter("refused" if isinstance(r, Exception) else "done" for r in results)


def press(*calls: Callable) -> Counter:
    """Press all of these at the same moment."""
    return outcomes(together(*calls))
