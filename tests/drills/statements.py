"""Something is killed at every statement of what a meeting posts: issue, cast, seal, count, papers, send, decide."""

import random
from collections import Counter
from urllib.parse import unquote

from tests.drills import ARMED, WAITS, blows
from tests.drills.installation import Blow, Installation
from tests.drills.servers import kill

# In a hundred deaths at a statement; a worker's costs least.
OTHERS: dict[str, tuple[int, Blow]] = {
    "signer, counter or spawner": (12, blows.helper),
    "database": (6, blows.database),
    "master": (3, blows.master),
}
WORKER = 79


def kill_those_that_wait(
    place: Installation, chance: random.Random, posts: str, points: Counter[str]
) -> None:
    """Until the meeting is over: whatever waits at a statement is killed there, or what serves it is.

    `posts`: a pattern of the addresses that are posted to.
    """
    names = ["worker", *OTHERS]
    weights = [WORKER, *(weight for weight, _ in OTHERS.values())]
    armed = place.folder / "points" / ARMED
    armed.write_text(posts)
    while not place.over.wait(0.002):
        for path in place.folder.glob(f"points/*{WAITS}"):
            points[unquote(path.read_text())] += 1
            (name,) = chance.choices(names, weights)
            if name == "worker":
                kill(int(path.name.partition("-")[0]))
                place.struck[name] += 1
            else:
                place.strike(name, OTHERS[name][1], chance)
            path.unlink()
    armed.unlink()
