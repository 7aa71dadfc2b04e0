"""A real server of keys for the tests, on a port of its own, and the store of keys in both its forms."""

import datetime
import hashlib
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import time_machine as clock
from django.conf import settings
from redis import Redis
from redis.exceptions import AuthenticationError, RedisError

from ballots.demo import serving
from tests.kit.ports import quiet_port
from tests.kit.processes import until

PROGRAM = shutil.which("redis-server") or shutil.which("valkey-server") or "redis-server"
CONFIG = settings.BASE_DIR / "deploy" / "valkey.conf"
# What such a server is not told: the end of every KEY_STORE_URL.
COVER = "#" + "of-these-tests" * 3
# As the program asks for it: nothing on a disk.
UNSAVED = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no")


@contextmanager
def key_server(
    folder: Path,
    *options: str,
    port: int = 0,
    config: str = "",
    host: str = "127.0.0.1",
    inside: Sequence[str] = (),
) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Start one in `folder`; gives its address. `config`: a file that says how.

    `inside`: what stands before its command where it has a network of its own, and is `host` for us.
    """
    port = port or quiet_port()
    url = f"redis://{host}:{port}"
    how = [config] if config else list(UNSAVED)
    command = [*inside, PROGRAM, *how, "--port", str(port), *options]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [*command, "--dir", str(folder), "--daemonize", "no"], stdout=log, stderr=log
        )
    try:
        assert until(lambda: _answers(url) or process.poll() is not None)
        yield url, process
    finally:
        process.kill()
        process.wait()


@contextmanager
def encrypted(folder: Path, days_ago: int = 0) -> Iterator[tuple[str, Path]]:
    """One that speaks TLS alone, beside a socket of this machine: its address, and its certificate for 127.0.0.1.

    The certificate was made so many days ago, for one day.
    """
    with clock.travel(datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days_ago)):
        pem = serving.make_certificate("127.0.0.1", folder, days=1)
    tls_port = str(quiet_port())
    tls = {"port": tls_port, "cert-file": str(pem), "key-file": str(pem), "auth-clients": "no"}
    options = [part for name, value in tls.items() for part in (f"--tls-{name}", value)]
    with key_server(folder, *UNSAVED, *options, "--unixsocket", str(folder / "socket")):
        yield f"rediss://127.0.0.1:{tls_port}", pem


def deployed(folder: Path) -> Path:
    """deploy/valkey.conf as an operator fills it in: the passwords are "site" and "door"."""
    text = CONFIG.read_text("utf-8")
    for place, password in (("_CUA_CUA", "door"), ("", "site")):
        digest = hashlib.sha256(password.encode()).hexdigest()
        text = text.replace(f"#THAY_BANG_SHA256{place} ", f"#{digest} ")
    (folder / CONFIG.name).write_text(text)
    return folder / CONFIG.name


def accounts(url: str) -> tuple[str, str]:
    """The addresses of such a server for the site and for the door."""
    site, door = (f"//{account}@" for account in ("partyreview:site", "partyreview_door:door"))
    return url.replace("//", site) + COVER, url.replace("//", door) + COVER


def forget_all(url: str) -> None:
    """What a server has after it was started again."""
    with Redis.from_url(url, protocol=2) as client:
        client.flushall()


def _answers(url: str) -> bool:
    """Whether it lets us in, or tells us that we are not to be let in."""
    with Redis.from_url(url, protocol=2, retry=None) as client:
        try:
            return bool(client.ping())
        except AuthenticationError:
            return True
        except RedisError:
            return False
