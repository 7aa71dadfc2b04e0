"""One installation that is there to be struck: servers, a database, a store of keys where there are several."""

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread

from django.conf import settings

from ballots.demo import serving
from ballots.demo.rehearsal.browser import Browser
from tests.deploy.clusters import Cluster
from tests.drills.network import Wire
from tests.drills.patient import Patient
from tests.drills.servers import APPLICATION, Server
from tests.kit.hopping import hopping

# Something that happens to an installation, drawn by chance.
Blow = Callable[["Installation", random.Random], None]


@dataclass
class Installation:
    """What runs, in `folder`; `struck` counts what happened to it."""

    folder: Path
    ram: Path
    environ: dict[str, str]
    cluster: Cluster | None
    servers: list[Server] = field(default_factory=list)
    keys: "subprocess.Popen[bytes] | None" = None
    wires: list[Wire] = field(default_factory=list)
    struck: Counter[str] = field(default_factory=Counter)
    # What a drill wants to tell of it, by name.
    notes: dict[str, Counter[str]] = field(default_factory=dict)
    # What the drill of jobs draws from, and which works it has done; all of them where none is named.
    chance: random.Random = field(default_factory=random.Random)
    works: Sequence[str] = ()
    over: Event = field(default_factory=Event)
    _one: Lock = field(default_factory=Lock)

    def add(self, application: str = APPLICATION, **environ: str) -> Server:
        """One more server, on a machine of its own: no other sees its folder in RAM, unless `environ` says so."""
        number = len(self.servers) + 1
        own = {"RUNTIME_DIRECTORY": str(self.ram / str(number))}
        server = Server(
            f"http://127.0.0.1:{serving.free_port()}",
            self.environ | own | environ,
            self.folder / f"server-{number}.log",
            application=application,
        )
        self.servers.append(server)
        return server

    def start(self) -> None:
        """All servers, until they answer."""
        for server in self.servers:
            server.start()

    @property
    def url(self) -> str:
        """Of the first server."""
        return self.servers[0].url

    @property
    def browser(self) -> type[Browser]:
        """What people hold: each of its requests goes to the next server, as a load balancer sends them."""
        if len(self.servers) == 1:
            return Patient
        return type("HoppingPatient", (Patient, hopping(self.servers)), {})  # type: ignore[arg-type]

    def manage(self, *arguments: str, code: Path | None = None) -> None:
        """A command of this version, or of the one in the folder `code`."""
        command = [sys.executable, "manage.py", *arguments, "--verbosity", "0"]
        subprocess.run(command, cwd=code or settings.BASE_DIR, env=self.environ, check=True)

    def strike(self, name: str, blow: Blow, chance: random.Random) -> None:
        """One blow at a time, counted."""
        with self._one:
            blow(self, chance)
            self.struck[name] += 1

    @contextmanager
    def under(
        self, blows: Mapping[str, tuple[int, Blow]], chance: random.Random, pause: float
    ) -> Iterator[None]:
        """For the length of the block one of these, by weight, every few seconds; less often where all is in vain."""
        weights = [weight for weight, _ in blows.values()]

        def go_on() -> None:
            while not self.over.wait(chance.uniform(0, 2 * pause) * (1 + Patient.in_vain)):
                (name,) = chance.choices([*blows], weights)
                self.strike(name, blows[name][1], chance)

        with self.beside(go_on):
            yield

    @contextmanager
    def beside(self, act: Callable[[], None]) -> Iterator[None]:
        """For the length of the block, and until `over`, something else is done; what fails in it fails the block."""
        broken: list[Exception] = []

        def go() -> None:
            try:
                act()
            except Exception as error:  # noqa: BLE001 - whatever it is, raised again below
                broken.append(error)
                print(f"no more blows: {error!r}", file=sys.stderr)

        self.over.clear()
        thread = Thread(target=go)
        thread.start()
        try:
            yield
        finally:
            self.over.set()
            thread.join()
        if broken:
            raise broken[0]

    def tail(self) -> str:
        """The last words of its servers."""
        logs = sorted(self.folder.glob("server-*.log"))
        return "\n".join(log.read_text(errors="replace")[-6000:] for log in logs)


@contextmanager
def installed(
    on_sqlite: bool, room: int = 0, lines: Sequence[Wire] = ()
) -> Iterator[Installation]:
    """One with an empty database and no server yet; everything of it goes again.

    `room`: MB of the disk on which the database lies, where that is a small one. `lines`: to PostgreSQL in a network
    of its own.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="drills-")))
        folder.chmod(0o755)
        ram = Path(tempfile.mkdtemp(prefix="drills-", dir="/dev/shm"))
        stack.callback(shutil.rmtree, ram, ignore_errors=True)
        if room:
            stack.enter_context(_small_disk(folder, room))
        cluster, url = stack.enter_context(_database(folder, on_sqlite, lines))
        environ = dict(os.environ) | {
            "DATABASE_URL": url,
            "VAR_DIR": str(folder / "var"),
            "SECRET_KEY": settings.SECRET_KEY,
            "ALLOWED_HOSTS": "127.0.0.1",
            "HTTPS": "off",
            "CAST_DELAY_MAX": "0",
            "KEY_STORE_URL": "",
        }
        settings.RUNTIME_DIR, settings.KEY_STORE_URL = ram / "1", ""  # for whoever looks for keys
        place = Installation(folder, ram, environ, cluster, wires=list(lines))
        try:
            yield place
        except BaseException:
            print(place.tail(), file=sys.stderr)
            raise
        finally:
            for server in place.servers:
                server.stop()


@contextmanager
def _small_disk(folder: Path, room: int) -> Iterator[None]:
    """As root: a disk of so many MB in `folder`/data."""
    (folder / "data").mkdir()
    size = ["-o", f"size={room}m,mode=755"]
    subprocess.run(["mount", "-t", "tmpfs", *size, "none", str(folder / "data")], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder / "data")], check=True)


@contextmanager
def _database(
    folder: Path, on_sqlite: bool, lines: Sequence[Wire]
) -> Iterator[tuple[Cluster | None, str]]:
    (folder / "data").mkdir(exist_ok=True)
    if on_sqlite:
        yield None, f"sqlite:///{folder}/data/drills.sqlite3"
        return
    from tests.deploy import clusters

    where = folder / "data" / "cluster"
    inside = lines[0].within if lines else ()
    with clusters.single(where, serving.free_port(), inside) as cluster:
        cluster.sql("CREATE DATABASE drills")
        host = lines[0].far if lines else "127.0.0.1"
        yield cluster, f"postgres://postgres@{host}:{cluster.port}/drills"
