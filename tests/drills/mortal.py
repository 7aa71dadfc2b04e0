"""A worker that dies by itself at one point of the job it does: at a statement, or on either side of a commit."""

import os
import signal
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from ballots.jobs import running
from partyreview.databases import on_database

COMMIT, RUN = BaseDatabaseWrapper._commit, running.run


class Points:
    """Counts the points of whatever job this process does; dies at the one named, of its first job."""

    def __init__(self, deadly: int = 0) -> None:
        """0: at none."""
        self.deadly, self.passed, self.job = deadly, 0, 0

    def pass_one(self) -> None:
        """As `kill -9` does: nothing of this process may still catch anything."""
        self.passed += 1
        if self.passed == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    def during(self, act: Callable[[], object]) -> None:
        """Count what this thread does in it; what tells signs of life is another one's."""

        def counted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            self.pass_one()
            return execute(sql, params, many, context)

        own = connection._wrapped if hasattr(connection, "_wrapped") else connection

        def commit(line: BaseDatabaseWrapper) -> None:
            is_own = line is own
            if is_own:
                self.pass_one()
            COMMIT(line)
            if is_own:
                self.pass_one()

        BaseDatabaseWrapper._commit = commit
        try:
            with connection.execute_wrapper(counted):
                act()
        finally:
            BaseDatabaseWrapper._commit = COMMIT


def work(url: str, deadly: int) -> None:
    """`manage.py worker` on this database."""
    points = Points(deadly)
    running.run = lambda pk: points.during(lambda: RUN(pk))
    with on_database(url):
        call_command("worker")
