"""The https server of deploy/proxy/: what it hands to site and door, and that it writes nothing down."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import requests

from ballots.demo import serving
from tests.deploy.machines import started
from tests.deploy.units import DEPLOY, placed, read
from tests.kit.ports import quiet_port
from tests.kit.processes import until

TELLING = {
    "Cookie": "sessionid=1",
    "User-Agent": "Zalo",
    "Referer": "https://a/",
    "X-Forwarded-For": "9.9.9.9",
}
FORGED = TELLING | {
    "X-Forwarded-Proto": "http",
    "Forwarded": "for=9.9.9.9",
    "Accept-Encoding": "br, gzip",
}


class Echo(BaseHTTPRequestHandler):
    """Stands for site or door: says nothing, and remembers what it was told."""

    def do_POST(self) -> None:
        """Take it all."""
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.server.told.append((self.path, dict(self.headers), len(body)))
        self.send_response(200)
        self.send_header("Set-Cookie", "mine=1")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silent."""


@dataclass
class Proxy:
    """Where it listens, what stands behind it, and what it wrote."""

    folder: Path
    url: str
    plain: str
    told: dict[str, list]

    def post(self, path: str, size: int, url: str = "", **headers: str) -> requests.Response:
        headers = {"Content-Type": "application/octet-stream"} | FORGED | headers
        certificate = str(self.folder / "certificate.pem")
        url = url or self.url
        return requests.post(
            url + path, bytes(size), headers=headers, timeout=20, verify=certificate
        )


def here(text: str, ports: dict[str, int]) -> str:
    """A part of the configuration on loopback, `ports` in the place of the usual ones."""
    text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.M)
    for usual, port in ports.items():
        text = text.replace(f"listen {usual} ", f"listen 127.0.0.1:{port} ")
        text = text.replace(f"127.0.0.1:{usual} ", f"127.0.0.1:{port} ")
    return text


def write(folder: Path, ports: dict[str, int]) -> Path:
    """The configuration as it would stand, with a certificate, in this folder."""
    (folder / "proxy").mkdir()
    (mode,) = read("kiemdiem-proxy.service").all("CacheDirectoryMode")
    (folder / "cache").mkdir(int(mode, 8))
    certificate = serving.make_certificate("127.0.0.1", folder)
    places = {
        "/etc/kiemdiem/tls/fullchain.pem": certificate,
        "/etc/kiemdiem/tls/privkey.pem": certificate,
        "/etc/kiemdiem": folder,
        "/run/kiemdiem-proxy": folder,
        "/var/cache/kiemdiem-proxy": folder / "cache",
    }
    for path in (DEPLOY / "proxy").glob("*.conf"):
        own = folder if path.name == "nginx.conf" else folder / "proxy"
        (own / path.name).write_text(here(placed(path.read_text("utf-8"), places), ports), "utf-8")
    return folder / "nginx.conf"


@pytest.fixture
def proxy(folder) -> Iterator[Proxy]:
    """It runs as its unit says, before two servers that tell what they are told."""
    behind = {name: ThreadingHTTPServer(("127.0.0.1", 0), Echo) for name in ("site", "door")}
    for server in behind.values():
        server.told = []
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    ports = {"443": quiet_port(), "80": quiet_port()}
    ports |= {"8001": behind["site"].server_port, "8002": behind["door"].server_port}
    path = write(folder, ports)
    places = {"/opt/kiemdiem/current/deploy/proxy/nginx.conf": path}
    with started(read("kiemdiem-proxy.service").command({}, places), {}, folder / "log"):
        assert until((folder / "nginx.pid").exists)
        urls = (f"https://127.0.0.1:{ports['443']}", f"http://127.0.0.1:{ports['80']}")
        yield Proxy(folder, *urls, {name: server.told for name, server in behind.items()})
    for server in behind.values():
        server.shutdown()
        server.server_close()


def test_nginx_takes_the_file_without_a_word(folder):
    path = write(folder, {"443": quiet_port(), "80": quiet_port()})
    command = ["/usr/sbin/nginx", "-t", "-q", "-c", str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def test_the_door_is_told_nothing_of_a_visitor_and_sets_no_cookie(proxy):
    answer = proxy.post("/hom/bo-phieu", 500)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    ((path, headers, length),) = proxy.told["door"]
    assert (path, length, proxy.told["site"]) == ("/hom/bo-phieu", 500, [])
    assert headers == {
        "Host": proxy.url.removeprefix("https://"),
        "Connection": "close",
        "Content-Length": "500",
        "Content-Type": "application/octet-stream",
        "Accept-Encoding": "gzip",
        "X-Forwarded-Proto": "https",
    }


def test_the_site_is_told_the_true_address_whatever_a_visitor_says_of_it(proxy):
    assert "Set-Cookie" in proxy.post("/hop/", 10).headers
    ((_, headers, _),) = proxy.told["site"]
    assert (headers["X-Forwarded-For"], headers["X-Forwarded-Proto"]) == ("127.0.0.1", "https")
    assert headers["Cookie"] == TELLING["Cookie"]


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/hop/tep/", 41_000_000, 200),
        ("/hop/tep/", 45_000_000, 413),
        ("/hom/bo-phieu", 15_000, 200),
        ("/hom/bo-phieu", 20_000, 413),
    ],
)
def test_scans_of_40_megabytes_pass_and_the_door_takes_what_may_be_a_ballot(
    proxy, path, size, status
):
    assert proxy.post(path, size).status_code == status


def test_plain_http_is_answered_by_the_site_which_sees_neither_ballot_nor_cookie(proxy):
    proxy.post("/hom/bo-phieu", 500, proxy.plain)
    ((_, headers, length),) = proxy.told["site"]
    assert proxy.told["door"] == []
    assert (length, headers["X-Forwarded-Proto"], headers.get("Cookie")) == (0, "http", None)


def test_nothing_is_written_about_a_request_even_where_nobody_answers_it(proxy):
    proxy.post("/hom/bo-phieu", 500)
    proxy.post("/hom/bo-phieu", 20_000)
    proxy.post("/hom/../../etc", 5)
    assert (proxy.folder / "log").read_text() == ""
    written = [path for path in proxy.folder.rglob("*") if path.is_file() and path.stat().st_size]
    assert {path.name for path in written} == {
        "certificate.pem", "nginx.conf", "nginx.pid", "listen.conf", "upstreams.conf",
    }  # fmt: skip
