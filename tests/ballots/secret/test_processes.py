"""Processes for secrets are forked from a small one that has none: started at once, nothing of a worker in them."""

import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ballots.secret import processes, signer
from tests.kit import told_process
from tests.kit.processes import is_gone, signer_of, status, until
from tests.kit.servers import errors_to

TOLD = told_process.__name__
P = "ab" * 32


def told(*arguments: str, asked: str = "") -> dict:
    with processes.running(TOLD, *arguments) as pipes:
        return json.loads(pipes.exchange(asked.encode()))


@pytest.fixture
def alone(monkeypatch) -> None:
    """As in a worker that has not yet asked for any process."""
    monkeypatch.setattr(processes, "_spawner", None)


def test_a_process_is_told_its_arguments_and_its_input_and_nothing_of_this_one():
    answer = told("/a folder", "P", asked="a task of some words " * 20_000)
    assert answer["arguments"] == ["/a folder", "P"]
    assert answer["asked"] == "a task of some words " * 20_000
    # Python itself says there in which letters it reads and writes.
    assert set(answer["environment"]) <= {"LC_CTYPE"}
    assert (answer["loaded"], answer["folder"]) == ([], "/")
    # Input, output, errors; the fourth reads this very list.
    assert len(answer["files"]) == 4
    assert answer["is_first_of_session"]


def test_one_spawner_forks_them_all_and_each_draws_numbers_of_its_own():
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda number: told(asked=str(number)), range(12)))
    assert [answer["asked"] for answer in answers] == list(map(str, range(12)))
    assert len({answer["random"] for answer in answers}) == 12
    assert len({answer["spawner"] for answer in answers}) == 1


def test_two_rounds_of_one_spawner_have_different_keys():
    with signer.new_round() as first, signer.new_round() as second:
        assert first.n != second.n


def test_who_is_forked_from_a_worker_gives_orders_to_its_spawner():
    spawner = told()["spawner"]
    forked = os.fork()
    if not forked:
        try:
            os._exit(told()["spawner"] != spawner)
        finally:
            os._exit(2)
    assert os.waitpid(forked, 0)[1] == 0
    assert told()["spawner"] == spawner


def test_a_spawner_that_was_killed_is_started_again(alone):
    first = told()["spawner"]
    os.kill(first, signal.SIGKILL)
    assert until(lambda: is_gone(first))
    with ThreadPoolExecutor(4) as pool:
        (second,) = set(pool.map(lambda _: told()["spawner"], range(8)))
    assert second != first
    processes.end()
    assert is_gone(second)


def test_a_spawner_ends_with_its_worker_and_the_signer_it_forked_goes_on(alone):
    starter = os.fork()
    if not starter:
        try:
            with signer.new_round() as fresh:
                fresh.begin(P)
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(starter, 0)
    pid = signer_of(P)
    assert until(lambda: "spawner" not in parent_of(pid))
    assert not is_gone(pid)
    assert signer.sign(P, (2).to_bytes(256)) is not None


def parent_of(pid: int) -> str:
    return Path(f"/proc/{status(pid)['PPid']}/cmdline").read_text()


def test_a_spawner_keeps_nobody_who_has_ended():
    with processes.running(TOLD) as pipes:
        pipes.exchange(b"")
        pid = pipes.pid
    assert until(lambda: not status(pid))


def test_a_process_that_cannot_be_started_or_dies_is_an_error_and_no_silence(tmp_path):
    with (tmp_path / "log").open("wb") as log, errors_to(log):
        processes.end()
        with pytest.raises(processes.Failed), processes.running("no.such.module"):
            pass
        with processes.running(signer.PROCESS) as pipes, pytest.raises(processes.Failed):
            pipes.read(1)  # it has no folder of keys
        processes.end()
