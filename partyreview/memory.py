"""Keep what a process knows out of other hands: no core file, no debugger, no swap (secret-ballot.md 3.1)."""

import ctypes
import resource

PR_GET_DUMPABLE, PR_SET_DUMPABLE = 3, 4
MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT = 1, 2, 4
# What a process that holds keys may come to need; a smaller allowance would let it die in the middle.
LOCKABLE = 256 * 1024 * 1024


def hide() -> None:
    """Let this process leave no core file, and let nobody but root look into its memory; its children ask anew."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _libc().prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def lock() -> bool:
    """Keep all pages of this process out of swap, those to come included; whether the machine allows that."""
    if not may_lock():
        return False
    return bool(_libc().mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0)


def may_lock() -> bool:
    """Whether a process started here may keep all its pages out of swap."""
    allowed = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0]
    return allowed == resource.RLIM_INFINITY or allowed >= LOCKABLE or _holds_ipc_lock()


def has_swap() -> bool:
    """Whether pages of this machine's memory may go to a disk: the folder of keys is no exception."""
    with open("/proc/swaps") as swaps:
        return len(swaps.readlines()) > 1


def _holds_ipc_lock() -> bool:
    """The capability that stands above the limit (capabilities(7)): bit 14."""
    with open("/proc/self/status") as status:
        effective = next(line.split()[1] for line in status if line.startswith("CapEff"))
    return bool(int(effective, 16) >> 14 & 1)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)
