"""Cards for the secretaries of 1,000 cells: in lots as officers print them, beside one lot, and all at once."""

import subprocess
import sys

from django.conf import settings

from ballots.committee.invitations import verbs
from cells.models import Committee
from members.models import User
from tests.bench.report import Result
from tests.kit import factories

CELLS = 1000


def measure() -> dict[str, Result]:
    """Each in a process of its own, loaded like a worker; the first makes the accounts, too."""
    few, many = _committee(verbs.LOT), _committee(CELLS)
    _, _, small = _printed(*few, verbs.LOT)
    seconds, spent, memory = _printed(*many, verbs.LOT)
    waited, at_once, swollen = _printed(*many, CELLS)
    sys.stderr.write(
        f"  in lots {seconds:.0f} s, at once {waited:.0f} s, on this machine as it was\n"
    )
    return {
        "lot_of_100_invitations": Result("cpu s", spent * verbs.LOT / CELLS, 15),
        "invitations_memory": Result("MB", memory, 300),
        "invitations_1000_beside_100": Result("MB", memory, small, least=1.3),
        "invitations_at_once": Result("cpu s", at_once, spent, least=1.5),
        "invitations_at_once_memory": Result("MB", swollen, memory, "higher", 1.5),
    }


def _committee(cells: int) -> tuple[User, Committee]:
    """An officer and a committee whose cells have each a secretary who has never signed in."""
    committee = factories.make_committee(f"Đảng bộ xã {cells} chi bộ")
    for number in range(cells):
        cell = factories.make_cell(committee, f"Chi bộ khu phố {number + 1}")
        factories.make_member(cell, office="secretary")
    return factories.make_user(committee=committee), committee


def _printed(user: User, committee: Committee, size: int) -> tuple[float, float, float]:
    """Seconds, seconds of the processor and the most memory in MB for all the cards in lots of this size."""
    worker = [sys.executable, "-m", "tests.bench.inviting", str(user.pk), str(committee.pk)]
    run = subprocess.run(
        [*worker, str(size)], cwd=settings.BASE_DIR, check=True, capture_output=True, text=True
    )
    seconds, spent, kilobytes = run.stdout.split()
    return float(seconds), float(spent), int(kilobytes) / 1000
