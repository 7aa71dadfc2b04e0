"""How long a newcomer waits for `make demo` in a fresh clone, with a warm package cache."""

import os
import signal
import subprocess
import tempfile
import time

from django.conf import settings

from ballots.demo.serving import embedded_environ
from tests.bench.report import Result


def measure() -> dict[str, Result]:
    """Clone, start, wait for the sign-in link, stop."""
    with tempfile.TemporaryDirectory() as clone:
        git = ["git", "clone", "--quiet", str(settings.BASE_DIR), clone]
        subprocess.run(git, check=True)
        environ = embedded_environ(settings.BASE_DIR)
        del environ["VAR_DIR"]
        since = time.perf_counter()
        demo = subprocess.Popen(
            ["make", "demo"],
            cwd=clone,
            env=environ,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        for line in demo.stdout or []:
            if "http" in line:
                break
        seconds = time.perf_counter() - since
        os.killpg(demo.pid, signal.SIGINT)
        demo.communicate(timeout=30)
    return {"demo_ready": Result("s", seconds, 60)}
