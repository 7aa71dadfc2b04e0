"""Keys whose phase is over, and what the database keeps of deleted rows. Never a condition of a step."""

import contextlib

from django.db import DatabaseError, connection
from django.db.models import Q

from ballots.models.box import Poll
from ballots.secret import keys

STRANGE = 3 * 24 * 3600  # seconds that a key stays of which this database knows nothing
TABLES = ("ballots_box", "ballots_sealed", "ballots_issue", "ballots_slip", "ballots_envelope")


def scrub() -> None:
    """Let the database forget deleted ballots, as far as it can now; the keys that died are what secrecy rests on.

    SQLite: the write-ahead log is emptied, unless somebody reads just then; the next poll tries again.
    PostgreSQL: VACUUM.
    """
    if connection.in_atomic_block:
        return
    statements = [f"VACUUM {table}" for table in TABLES]
    if connection.vendor == "sqlite":
        # Waiting for readers would hold every writer up: a hall of phones reads all the time.
        patience = int(connection.settings_dict["OPTIONS"]["timeout"]) * 1000
        statements = [
            "PRAGMA busy_timeout=100",
            "PRAGMA wal_checkpoint(TRUNCATE)",
            f"PRAGMA busy_timeout={patience}",
        ]
    with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


# Which keys a phase still needs: sign until the box opens, box until it is sealed, count until confirmed.
LIVING = {
    Poll.State.ISSUING.value: keys.KINDS,
    Poll.State.CASTING.value: (keys.BOX, keys.COUNT),
    Poll.State.SEALED.value: (keys.COUNT,),
    Poll.State.COUNTED.value: (keys.COUNT,),
}


def lacks_keys(poll: Poll) -> bool:
    """Whether this server does not find a key that the poll's phase still needs.

    OSError where the store of keys does not answer: then nobody knows.
    """
    return not all(keys.holds(poll.p or "", kind) for kind in LIVING.get(poll.state, ()))


def sweep() -> None:
    """Remove the keys that this database knows to be over: after a crash between a commit and its unlink.

    What it does not know is left alone for three days: beside last night's backup, started for a look, the meeting may
    go on. After that it is of a round that was never opened, since its process was killed before the commit.
    """
    here = {p for p, _ in keys.kept()}
    polls = Poll.objects.filter(Q(p__in=here) | Q(former_p__in=here)).order_by("pk")
    over, known = set[tuple[str, str]](), set[str]()
    for p, former, state, confirmed in polls.values_list("p", "former_p", "state", "confirmed"):
        known |= {p or "", former}
        living = () if confirmed else LIVING.get(state, ())
        over |= {(p or "", kind) for kind in keys.KINDS if kind not in living}
        over |= {(former, kind) for kind in keys.KINDS if former}
    if not here <= known:
        with contextlib.suppress(OSError):  # a server of keys whose users may not ask this
            over |= {key for key in keys.kept(untouched=STRANGE) if key[0] not in known}
    keys.sweep(over)
