"""Numbers that the processes of a server add up together."""

import os

from partyreview.counts import BOUNDS, Durations, Numbers


def in_child(work) -> None:
    """Run it in a forked process, and wait for its end."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


def test_processes_and_threads_add_to_the_same_numbers():
    numbers = Numbers(2)
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            for _ in range(200):
                numbers.add({0: 1, 1: 2})
            os._exit(0)
        children.append(child)
    for child in children:
        assert os.waitpid(child, 0)[1] == 0
    assert numbers.read() == [800, 1600]


def test_a_process_that_dies_while_it_counts_holds_nobody_up():
    numbers = Numbers(1)

    def die() -> None:
        with numbers._locked():
            os._exit(0)

    in_child(die)
    numbers.add({0: 1})
    assert numbers.read() == [1]


def test_durations_are_counted_in_classes_that_include_the_shorter_ones():
    durations = Durations()
    for seconds in (0.01, BOUNDS[0], 0.2, 99):
        durations.add(seconds)
    classes, total = durations.read()
    assert [n for _, n in classes] == [2, 2, 3, 3, 3, 3, 3, 3, 4]
    assert classes[-1][0] == "+Inf"
    assert round(total, 2) == 99.26
