"""The store of keys dies in mid-poll and comes again empty, as after a reboot: no number of that poll is shown."""

import subprocess

from ballots.demo import scenario
from ballots.demo.rehearsal import play
from ballots.demo.rehearsal.browser import Stopped
from ballots.demo.rehearsal.play import Ballot, Evening
from tests.drills.evening import Drill
from tests.drills.patient import Patient
from tests.kit import key_servers
from tests.kit.processes import until

# When it dies: in the first poll, in the second one, and so on.
PHASES = (play.ISSUED, play.ALL_CAST, play.SEALED)
PLANNED = "planned"
LOST = "//form[@data-do='void']//input[@name='key_lost']"
# What the next press is told; of a poll that is issuing, the page says it and shows no button.
REFUSED = ("không tìm thấy khoá", "không có nút “open_box”")
# Seconds in which whoever presses next sees that the key does not come back.
SOON = 5


class Forgetting(Drill):
    """A meeting whose polls lose their keys, are made void by the secretary, and are repeated."""

    _doomed = ""

    def _poll(self, evening: Evening, number: int, poll: scenario.Poll) -> None:
        self._doomed = PHASES[number % len(PHASES)]
        address = _listed(evening, PLANNED)[0]  # one that was opened after a later one stands last
        try:
            evening._poll(_listed(evening).index(address), poll)
        except Stopped as stopped:
            if not any(words in str(stopped) for words in REFUSED):
                raise
        assert not self._doomed, "the step was not refused"
        for person in (evening.officer, evening._teller):
            person.patience = Patient.patience  # type: ignore[attr-defined]
        page = evening.officer.open(address).page
        sure = {"key_lost": "1"} if page.xpath(LOST) else {}
        evening.officer.do("void", reason="Kho khoá mất điện", **sure)
        listed = _listed(evening)
        evening._plan_poll(poll)
        repeated = next(at for at, each in enumerate(_listed(evening)) if each not in listed)
        evening._poll(repeated, poll)

    def _note(self, phase: str, ballots: list[Ballot]) -> None:
        if phase != self._doomed:
            super()._note(phase, ballots)
            return
        self._doomed = ""
        if phase == play.SEALED:
            self.accepted.pop()  # of ballots that nobody can read any more
        for person in (self.evening.officer, self.evening._teller):
            person.patience = SOON  # type: ignore[attr-defined]
        place = self.installation
        assert place.keys is not None
        place.keys.kill()
        place.keys.wait()
        place.keys = subprocess.Popen(place.keys.args, stdout=subprocess.DEVNULL)
        url = place.servers[0].environ["KEY_STORE_URL"].partition("#")[0]
        assert until(lambda: key_servers._answers(url))
        place.struck[f"store of keys, {phase}"] += 1


def _listed(evening: Evening, state: str = "") -> list[str]:
    """Where its polls are, as their page has them; `state`: of those that are marked so."""
    rows = f"//li[.//*[contains(@class, 'state-poll-{state}')]]"
    page = evening.page("bo-phieu").page
    return [str(each) for each in page.xpath(f"{rows}//a[contains(@href, '/luot/')]/@href")]
