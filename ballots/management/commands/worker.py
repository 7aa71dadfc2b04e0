"""The worker: does what officers ask for beside the pages, takes up what was left lying, backs up, sends letters."""

import logging
import sys
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from ballots.backups import nightly
from ballots.jobs import asking
from ballots.models import WorkerSign
from ballots.news import mailing
from ballots.voting import envelopes
from members.models import News
from partyreview import schema

logger = logging.getLogger("partyreview.jobs")

# Seconds between two looks for work, and between two rounds of the housekeeping.
LOOK, ROUND = 1.0, 30


class Command(BaseCommand):
    """`manage.py worker`: until it is told to end, after the job under way; a second signal leaves it lying."""

    help = "Tiến trình nền: làm những việc lâu mà cán bộ yêu cầu, sao lưu mỗi đêm. Dừng: Ctrl-C."

    def handle(self, *args: object, **options: Any) -> None:
        """1 and one sentence where the tables are of another version."""
        refusal = schema.refusal()
        if refusal:
            self.stderr.write(refusal)
            sys.exit(1)
        worker = Worker(
            queue_names=["default"],
            excluded_queue_names=[],
            backend_name="default",
            worker_id=get_random_string(32),
            interval=LOOK,
            startup_delay=False,
            batch=False,
            max_tasks=None,
        )
        worker.configure_signals()
        threading.Thread(target=_keep_house, name="housekeeping", daemon=True).start()
        worker.run()


def _keep_house() -> None:
    """Beside the work, which may last: a worker that does something is no less there."""
    pause = threading.Event()
    while True:
        round_once()
        pause.wait(ROUND)


def round_once() -> None:
    """One round; a database that does not answer is asked again in the next."""
    try:
        WorkerSign.give()
        asking.sweep()
        nightly.ask_if_due()
        mailing.ask_if_due()
        News.objects.outdated().delete()
        envelopes.destroy_due(timezone.localdate())
    except DatabaseError:
        connection.close()
    except Exception:
        logger.exception("housekeeping failed")
