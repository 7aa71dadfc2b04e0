"""How gunicorn runs this program: `gunicorn partyreview.wsgi:application` in this folder reads it by itself."""

import ctypes
import os
import signal
import sys

worker_class = "partyreview.worker.Worker"
threads = 8
# Seconds that a connection may idle: phones ask every three, and a handshake of TLS costs more than their answer.
keepalive = 20
# Loaded once, in the master, which serves nothing: a fresh worker takes the place of an old one within the instant.
preload_app = True
# No access log, and no warnings, which name the address of a malformed request: a cast leaves no time.
loglevel = "error"
control_socket_disable = True


def on_starting(server: object) -> None:
    """End with `manage.py serve`, even where that was killed: one left behind would hold its port and its data."""
    if parent := os.environ.get("DIES_WITH"):
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
        if os.getppid() != int(parent):  # it was killed before that
            sys.exit(1)


def when_ready(server: object) -> None:
    """Start what forks signers and counters before there is a worker, so that all of them share it."""
    # Tests and measurements serve other programs, too, which know no database.
    if "partyreview.wsgi" in sys.modules:
        from ballots.secret import processes

        processes.prepare()


def post_worker_init(worker: object) -> None:
    """Watch for the moment when workers that saw a ballot are to be replaced."""
    if "partyreview.wsgi" in sys.modules:
        from ballots.secret import workers

        workers.watch(worker.ppid)
