"""Forks processes that will hold secrets; has loaded what they need, holds no secret itself (secret-ballot.md 3.1).

Started without Django by `ballots/secret/processes.py`, and ends when nobody is left who could give an order.
"""

import contextlib
import importlib
import os
import signal
import socket
import sys

from partyreview import memory

# Bytes of the longest order, and of the number of a process.
ORDER, NUMBER = 65536, 4
# Between the words of an order: module, arguments.
MARK = "\0"


def main() -> None:
    """Read orders from the socket that is standard input, each with the line to its process."""
    memory.hide()
    signal.signal(signal.SIGCHLD, _forget)
    orders = socket.socket(fileno=sys.stdin.fileno())
    while True:
        order, lines, _, _ = socket.recv_fds(orders, ORDER, 1)
        if not order:
            return
        name, *arguments = order.decode().split(MARK)
        module = importlib.import_module(name)
        if not os.fork():
            orders.detach()
            _stand_alone(lines[0], arguments)
            module.main()
            sys.stdout.flush()
            os._exit(0)
        os.close(lines[0])


def _forget(*_: object) -> None:
    """Nobody asks how a process ended; the kernel need not keep it any longer."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _stand_alone(line: int, arguments: list[str]) -> None:
    """Be a process as a program is: a session, arguments, input and output of its own; tell its number."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for standard in range(2):
        os.dup2(line, standard)
    os.close(line)
    sys.argv[1:] = arguments
    os.write(1, os.getpid().to_bytes(NUMBER))
