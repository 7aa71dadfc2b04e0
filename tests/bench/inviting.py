"""One process that prints the cards of all whom a committee has to invite, lot after lot.

It says how many seconds that took, how many of the processor, and the most kB of memory.
"""

import sys
import time
from pathlib import Path

import django


def main(user: str, committee: str, size: str) -> None:
    """The keys of officer and committee; how many cards one request makes."""
    from partyreview.wsgi import application  # loads what a worker loads

    assert application
    from ballots.committee.invitations import verbs
    from cells.models import Committee
    from members.models import User
    from tests.kit.clients import browser

    verbs.LOT = int(size)
    ward = Committee.objects.get(pk=committee)
    client = browser(User.objects.get(pk=user))
    client.defaults["SERVER_NAME"] = "127.0.0.1"
    since, spent = time.perf_counter(), time.process_time()
    for lot in verbs.lots(list(verbs.waiting(ward))):
        chosen = [office.pk for office in lot]
        answer = client.post(f"/hop/dang-bo/{ward.pk}/moi/phieu/", {"office": chosen})
        if answer["Content-Type"] != "application/pdf":
            raise RuntimeError(f"no cards: {answer.status_code}")
    seconds = time.perf_counter() - since, time.process_time() - spent
    status = Path("/proc/self/status").read_text()
    print(*seconds, next(line.split()[1] for line in status.splitlines() if "VmHWM" in line))


if __name__ == "__main__":
    django.setup()
    main(*sys.argv[1:])
