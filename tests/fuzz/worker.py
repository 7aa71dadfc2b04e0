"""One parser under the fuzzer: `python -m tests.fuzz.worker ballot -max_total_time=60`."""

import contextlib
import os
import sys
import tempfile
from pathlib import Path

import atheris

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partyreview.settings")
with atheris.instrument_imports(include=["ballots", "members", "cells"]):
    import django

    django.setup()
    from tests.fuzz.targets import TARGETS


def main(name: str, options: list[str]) -> None:
    """Feed it until the time is over; whatever it raises beside its refusals ends the process."""
    target = TARGETS[name]

    def once(data: bytes) -> None:
        with contextlib.suppress(*target.refusals):
            target.parse(data)

    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(target.seeds()):
            (Path(folder) / str(number)).write_bytes(seed)
        atheris.Setup([sys.argv[0], *options, folder], once)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
