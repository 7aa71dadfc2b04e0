"""Doing one job: begun by one, with a sign of life while it lasts, and its result written once."""

import functools
import logging
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.db import DatabaseError, connection
from django_tasks import task

from ballots.core.verbs import Refused
from ballots.jobs import kinds
from ballots.models import Job
from partyreview import storage

logger = logging.getLogger("partyreview.jobs")

# Seconds between two signs of life.
BEAT = 3
# Bytes of the result in one row.
PART = 1024 * 1024
LOCKED = (
    "Tài khoản của người yêu cầu đã bị khoá nên máy không làm việc này nữa. "
    "Đồng chí khác của đảng bộ vẫn cần thì xin yêu cầu lại."
)
UNEXPECTED = (
    "Chương trình gặp lỗi khi làm việc này, không có gì bị đổi dở dang. Xin báo người quản trị xem nhật ký, "
    "rồi yêu cầu lại."
)
NO_ROOM = (
    "Máy chủ hết chỗ hoặc không ghi được nên chưa làm xong, không có gì bị đổi dở dang. Xin báo người quản trị giải "
    "phóng chỗ, rồi yêu cầu lại."
)
OCCUPIED = (
    "Cơ sở dữ liệu bận việc khác quá lâu hoặc đang khởi động lại nên chưa làm xong, không có gì bị đổi dở "
    "dang. Xin chờ một lát rồi yêu cầu lại."
)


STOPPED_AFTER = "Dừng sau {}/{}; phần đã làm vẫn còn."


class Stopped(Exception):
    """The officer wants it no more; raised with how much was done, of how much."""


class Lost(Exception):
    """Somebody else has taken the job, this process having been taken for dead."""


@task()
def run_job(pk: int) -> None:
    """What the worker is told to do; nothing of an error is kept beside the job itself."""
    run(pk)


def run(pk: int) -> None:
    """Do the job, if nobody else does."""
    job = Job.objects.take(pk)
    if job is None:
        return
    try:
        with tempfile.TemporaryFile() as file, _signs_of_life(job) as step:
            _must_be_in_office(job)
            # Who stops it after this is too late: what the work was to change is changed.
            answer, file_name = kinds.work_of(job)(job, file, step)
            job.end_well(answer, file_name, _parts(file) if file_name else ())
    except Lost:
        pass
    except Stopped as stopped:
        is_begun = job.kind in Job.IN_PIECES and stopped.args[0]
        answer = STOPPED_AFTER.format(*stopped.args) if is_begun else ""
        job.end(Job.State.CANCELLED, answer=answer)
    except Refused as refusal:
        job.end(Job.State.FAILED, error=str(refusal))
    except Exception as error:
        logger.exception("a job failed")
        trouble = storage.trouble_of(error)
        passing = trouble in (storage.BUSY_NOW, storage.AWAY)
        why = OCCUPIED if passing else NO_ROOM if trouble else UNEXPECTED
        job.end(Job.State.FAILED, error=why)


def _must_be_in_office(job: Job) -> None:
    """Whoever asked could not press it now; the program itself always may."""
    if job.asked_by and not job.asked_by.is_active:
        raise Refused(LOCKED)


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    return iter(functools.partial(file.read, PART), b"")


class Signs:
    """How far the work is, told to the row by a thread of its own: the work itself may be reading the database.

    SQLite lets nobody write on a connection that is in the middle of reading.
    """

    def __init__(self, job: Job) -> None:
        """Nothing is done yet."""
        self._job = job
        self._progress = 0, 0
        self._reason: type[Exception] | None = None

    def __call__(self, done: int, of: int) -> None:
        """One step more; raises where the work is to end."""
        self._progress = done, of
        self.check()

    def check(self) -> None:
        """Raise where the work is to end."""
        if self._reason is not None:
            raise self._reason(*self._progress)

    def tell(self) -> None:
        """Write it down, and learn whether to go on; a database that does not answer is asked again later."""
        try:
            if not self._job.beat(*self._progress):
                self._reason = Lost
            elif self._job.still_mine().filter(cancel_requested=True).exists():
                self._reason = Stopped
        except DatabaseError:
            connection.close()


@contextmanager
def _signs_of_life(job: Job) -> Iterator[Signs]:
    signs, over = Signs(job), threading.Event()

    def go_on() -> None:
        try:
            while not over.wait(BEAT):
                signs.tell()
        finally:
            connection.close()

    thread = threading.Thread(target=go_on, name="signs of life", daemon=True)
    thread.start()
    try:
        yield signs
    finally:
        over.set()
        thread.join()
