"""A whole meeting through the proxy, whose database dies while ballots are on their way: run by test_failover.py.

`python -m tests.deploy.struck SCENARIO URL FOLDER`: the last ballots ask for the blow by the file `ready` and are sent
as `now` appears, with the blow, or as `struck` does, after it; each unchanged until it is answered, as phones do.
"""

import json
import sys
import time
from http.client import HTTPException
from itertools import count
from pathlib import Path

import django

from ballots.demo.rehearsal.browser import Answer, Browser, Stopped

# Ballots that are sent with the blow, and after it.
WITH, AFTER = 3, 2
# Seconds that a phone insists.
MOST = 60


class Insistent(Browser):
    """A phone of the hall: its ballot is sent unchanged until the door has answered."""

    folder, ballots, numbers = Path(), 0, count()
    accepted: list[float] = []

    def ask(self, path, body=None, json=None) -> Answer:
        """The last ballots wait for the blow."""
        if path != "/hom/bo-phieu":
            return super().ask(path, body, json)
        left = self.ballots - next(self.numbers)
        if left <= WITH + AFTER:
            (self.folder / "ready").touch()
            await_file(self.folder / ("struck" if left <= AFTER else "now"))
        end = time.monotonic() + MOST
        while time.monotonic() < end:
            try:
                answer = super().ask(path, body, json)
            except (OSError, HTTPException, Stopped):
                self._line.close()
                time.sleep(0.1)  # the pace of a phone that had no answer, if a quick one
                continue
            self.accepted.append(time.monotonic())
            return answer
        raise Stopped("no door came back")


def await_file(path: Path) -> None:
    """TimeoutError where nobody makes it."""
    end = time.monotonic() + MOST
    while not path.exists():
        if time.monotonic() > end:
            raise TimeoutError(path)
        time.sleep(0.005)


def main(path: str, url: str, folder: str) -> None:
    """Play it; figures go to `figures.json`, the instants at which ballots were accepted to `accepted.json`."""
    from ballots.demo import scenario, seeding
    from ballots.demo.rehearsal import play
    from members.devices import links

    class Evening(play.Evening):
        opens = Insistent

    case = scenario.load(Path(path).read_bytes())
    Insistent.folder = Path(folder)
    Insistent.ballots = sum(group.count for poll in case.polls for group in poll.ballots)
    seeded = seeding.make_cell(case)
    files = Evening(case, seeded, url, links.sign_in_link(seeded.secretary, url)).play()
    figures = json.loads(files["ket-qua.json"])
    del figures["sealed_sha256"]
    (Path(folder) / "accepted.json").write_text(json.dumps(Insistent.accepted))
    told = json.dumps({"held": figures, "expected": scenario.expected(case)})
    (Path(folder) / "figures.json").write_text(told)


if __name__ == "__main__":
    django.setup()
    main(*sys.argv[1:])
