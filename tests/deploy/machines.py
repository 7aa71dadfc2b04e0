"""The product as deploy/ lays it out, on loopback: the command lines of its units, its proxies, its store of keys."""

import hashlib
import math
import os
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings

from ballots.demo import serving
from tests.deploy.units import DEPLOY, SYSTEMD, Unit, placed, read
from tests.kit.key_servers import COVER, key_server
from tests.kit.ports import quiet_port
from tests.kit.processes import until

WORD, DOOR_WORD = "of-the-site", "of-the-door"


@contextmanager
def started(
    command: list[str], environ: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run it for the length of the block, in the folder of the program; what it says goes to `log`."""
    with log.open("ab") as said:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=dict(environ), stdout=said, stderr=said
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def store(folder: Path) -> Iterator[dict[str, str]]:
    """The server of keys as deploy/valkey.conf starts it: where site and door find it."""
    text = (DEPLOY / "valkey.conf").read_text("utf-8")
    for name, word in (("_CUA_CUA", DOOR_WORD), ("", WORD)):
        digest = hashlib.sha256(word.encode()).hexdigest()
        text = re.sub(rf"#THAY_BANG_SHA256{name}\b", f"#{digest}", text)
    config = folder / "valkey.conf"
    config.write_text(text, "utf-8")
    with key_server(folder, config=str(config)) as (url, _):
        where = url.removeprefix("redis://").partition("#")[0] + COVER
        yield {
            "site": f"redis://partyreview:{WORD}@{where}",
            "door": f"redis://partyreview_door:{DOOR_WORD}@{where}",
        }


def texts(values: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The environment files of an installation: those of deploy/systemd/, each with other values, and some more."""
    written = {}
    for name in ("kiemdiem", "site", "door"):
        text = (SYSTEMD / f"{name}.env.example").read_text("utf-8")
        pairs = dict(re.findall(r"^(\w+)=(.+)$", text, re.M)) | values[name]
        written[f"{name}.env"] = "".join(
            f"{key}={value}\n" for key, value in pairs.items() if value
        )
    return written


@contextmanager
def kept(
    unit: Unit, environ: Mapping[str, str], places: Mapping[str, Path], log: Path
) -> Iterator[None]:
    """A service as systemd keeps it by its own lines: whenever it ends, it is started anew after a while."""
    assert unit.all("Restart") == ["always"]
    (pause,) = map(float, unit.all("RestartSec"))
    over = threading.Event()

    def keep() -> None:
        while not over.is_set():
            with started(unit.command(environ, places), environ, log) as process:
                until(lambda: over.is_set() or process.poll() is not None, math.inf)
            over.wait(pause)

    thread = threading.Thread(target=keep, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class Machine:
    """One machine of several: site, door and https, each as its unit says, behind the balancer."""

    def __init__(self, folder: Path, files: Mapping[str, str]) -> None:
        """`files`: its environment files by name; `folder` holds its /etc, /run and /var/cache."""
        self.folder, self.files = folder, files
        self.site, self.door, self.https, self.plain = (quiet_port() for _ in range(4))
        for name in ("tls", "proxy", "cache", "run"):
            (folder / name).mkdir(parents=True)
        self.certificate = serving.make_certificate("127.0.0.1", folder)
        self.places = {
            "/etc/kiemdiem/tls/fullchain.pem": self.certificate,
            "/etc/kiemdiem/tls/privkey.pem": self.certificate,
            "/etc/kiemdiem": folder,
            "/run/kiemdiem-proxy": folder,
            "/var/cache/kiemdiem-proxy": folder / "cache",
            "/opt/kiemdiem/current/deploy/proxy/nginx.conf": folder / "nginx.conf",
        }
        self.write_proxy()

    def write_proxy(self) -> None:
        """Its https server, at its own ports; who comes by the balancer comes from this very machine here."""
        for path in (
            DEPLOY / "several-machines" / "listen.conf",
            DEPLOY / "proxy" / "upstreams.conf",
            DEPLOY / "proxy" / "nginx.conf",
        ):
            own = self.folder if path.name == "nginx.conf" else self.folder / "proxy"
            (own / path.name).write_text(self.here(path.read_text("utf-8")), "utf-8")

    def here(self, text: str) -> str:
        """A part of the proxy's configuration on loopback."""
        text = re.sub(r"^ *listen \[::\].*\n", "", placed(text, self.places), flags=re.M)
        for usual, port in (("listen 443", self.https), ("listen 80", self.plain)):
            text = re.sub(rf"\b{usual}\b", f"listen 127.0.0.1:{port}", text)
        for usual, port in (("8001", self.site), ("8002", self.door)):
            text = text.replace(f"127.0.0.1:{usual}", f"127.0.0.1:{port}")
        return text.replace("set_real_ip_from 10.0.0.10", "set_real_ip_from 127.0.0.1")

    @contextmanager
    def running(self) -> Iterator[None]:
        """Site, door and https."""
        with ExitStack() as stack:
            for name in ("site", "door", "proxy"):
                unit, environ = self._given(name)
                command = unit.command(environ, self.places)
                stack.enter_context(started(command, environ, self.folder / f"{name}.log"))
            yield

    @contextmanager
    def working(self) -> Iterator[None]:
        """The worker, which one machine of several has."""
        unit, environ = self._given("worker")
        with kept(unit, environ, self.places, self.folder / "worker.log"):
            yield

    def _given(self, name: str) -> tuple[Unit, dict[str, str]]:
        """The unit of this name, and the environment of its process."""
        unit = read(f"kiemdiem-{name}.service")
        own = {
            "PATH": os.environ["PATH"],
            "RUNTIME_DIRECTORY": str(self.folder / "run"),
            "SITE_BIND": f"127.0.0.1:{self.site}",
            "DOOR_BIND": f"127.0.0.1:{self.door}",
        }
        return unit, unit.environment(self.files) | own


@contextmanager
def balancer(folder: Path, machines: list[Machine], port: int) -> Iterator[None]:
    """The balancer before these machines, where phones come."""
    plain = quiet_port()
    text = (DEPLOY / "several-machines" / "haproxy.cfg").read_text("utf-8")
    for number, machine in enumerate(machines, 1):
        text = text.replace(f"10.0.0.1{number}:443", f"127.0.0.1:{machine.https}")
        text = text.replace(f"10.0.0.1{number}:80", f"127.0.0.1:{machine.plain}")
    text = text.replace("bind :443", f"bind 127.0.0.1:{port}").replace(
        "bind :80", f"bind 127.0.0.1:{plain}"
    )
    text = text.replace("hop.xa.example", "127.0.0.1")
    text = text.replace("maxconn 40000", "maxconn 1000")
    if os.getuid() != 0:
        text = re.sub(r"^ +(user|group) .*\n", "", text, flags=re.M)
    (folder / "haproxy.cfg").write_text(text, "utf-8")
    command = ["/usr/sbin/haproxy", "-db", "-f", str(folder / "haproxy.cfg")]
    with started(command, os.environ, folder / "haproxy.log"):
        yield


def managed(files: Mapping[str, str], command: str) -> str:
    """An administrator's command, as `deploy/kiemdiem` gives it the environment of the site; what it says."""
    environ = {"PATH": os.environ["PATH"]} | read("kiemdiem-backup.service").environment(files)
    done = subprocess.run(
        [sys.executable, "manage.py", *shlex.split(command)],
        cwd=settings.BASE_DIR,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
