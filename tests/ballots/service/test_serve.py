"""`manage.py serve` as an operator starts it: data that stays, https for phones, one sentence where it cannot be."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from ballots.demo import serving
from ballots.management.commands.serve import HERE_ALONE
from ballots.service import alone
from tests.ballots.demo.test_demo import status
from tests.kit.ports import quiet_port
from tests.kit.processes import until

RUNNING = "Phần mềm đang chạy"


class Served:
    """Commands on one folder of data; each is ended with the test."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.started = folder, []

    def start(self, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        # As a terminal starts it: a suite that runs under `nohup` hands on that the sign is ignored.
        default_signal = ["env", "--default-signal=HUP"]
        process = subprocess.Popen(
            [*default_signal, sys.executable, "manage.py", "serve", *arguments],
            cwd=settings.BASE_DIR,
            env=serving.embedded_environ(self.folder, **environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def refused(self, *arguments: str, **environ: str) -> str:
        """The sentence of a command that ends by itself, with 1."""
        _, sentence = self.start(*arguments, **environ).communicate(timeout=60)
        assert self.started[-1].returncode == 1
        assert sentence.count("\n") == 1, sentence
        return sentence


def said(process: subprocess.Popen[str], *last: str) -> str:
    """What it prints until the QR code, or until it says that no phone comes in."""
    lines = []
    for line in iter(process.stdout.readline, ""):
        lines.append(line)
        if any(words in line for words in last or ("█", HERE_ALONE)):
            return "".join(lines)
    raise AssertionError(process.stderr.read())


def is_free(port: int) -> bool:
    try:
        alone.must_be_free("127.0.0.1", port)
    except serving.ServerFailed:
        return False
    return True


def stop(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 0


@pytest.fixture
def served(tmp_path) -> Iterator[Served]:
    served = Served(tmp_path / "var")
    served.folder.mkdir()
    yield served
    for process in served.started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)


@pytest.mark.slow
def test_data_stays_and_no_second_program_comes_in(served):
    port = str(quiet_port())
    process = served.start("--port", port)
    words = said(process)
    assert RUNNING in words
    assert "Điện thoại mở" not in words, "no phone reaches 127.0.0.1"
    assert status(f"http://127.0.0.1:{port}/hop/dang-nhap/") == 200
    assert "đang chạy trên thư mục dữ liệu" in served.refused("--port", str(quiet_port()))
    stop(process)
    key = (served.folder / "secret-key").read_text()
    again = served.start("--port", port)
    said(again)
    assert (served.folder / "secret-key").read_text() == key
    assert (served.folder / "partyreview.sqlite3").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "sign", [signal.SIGHUP, signal.SIGKILL], ids=["its window shut", "killed"]
)
def test_a_command_that_is_gone_leaves_no_server_behind(sign, served):
    """Else the next one found its port taken, was given another, and two programs wrote into one file."""
    port = str(quiet_port())
    process = served.start("--port", port)
    said(process)
    process.send_signal(sign)
    process.wait(timeout=30)
    assert until(lambda: is_free(int(port)))
    again = served.start("--port", port)
    assert RUNNING in said(again)


@pytest.mark.slow
def test_phones_get_https_with_a_certificate_that_is_kept(served):
    port = quiet_port()
    process = served.start("--host", "127.0.0.1", "--port", str(port))
    words = said(process)
    assert f"https://127.0.0.1:{port}/" in words
    assert "Điện thoại mở địa chỉ này" in words
    assert status(f"https://127.0.0.1:{port}/hop/dang-nhap/") == 200
    assert status(f"http://127.0.0.1:{port + 1}/") == 426
    shown = ssl.get_server_certificate(("127.0.0.1", port))
    assert shown in (served.folder / "tls" / "certificate.pem").read_text()


@pytest.mark.slow
def test_new_certificate_is_shown_without_a_restart(tmp_path):
    """As `serve` does when it has renewed one: workers are replaced."""
    certificate = serving.make_certificate("127.0.0.1", tmp_path)
    port = quiet_port()
    environ = serving.embedded_environ(tmp_path, HTTPS="on", ALLOWED_HOSTS="127.0.0.1")
    with serving.running(f"https://127.0.0.1:{port}", environ, certificate=certificate) as process:
        first = ssl.get_server_certificate(("127.0.0.1", port))
        serving.make_certificate("127.0.0.1", tmp_path)
        process.send_signal(signal.SIGHUP)
        until = time.monotonic() + 30
        while ssl.get_server_certificate(("127.0.0.1", port)) == first:
            assert time.monotonic() < until


def test_port_in_use_is_told_with_another_one(served):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        sentence = served.refused("--port", str(port))
    assert f"Cổng {port} của máy này đang có chương trình khác dùng" in sentence


REFUSED = {
    "https://x.vn": "HOST phải là tên hoặc địa chỉ",
    "192.168.1.300": "HOST phải là tên hoặc địa chỉ",
    "203.0.113.5": "không phải của máy này",
}


@pytest.mark.parametrize("host", REFUSED)
def test_host_that_is_none_of_this_machine(host, served):
    assert REFUSED[host] in served.refused("--host", host)


def test_port_that_is_none(served):
    assert "PORT phải là một số" in served.refused("--port", "99999")


@pytest.mark.parametrize(
    ("port", "plain"), [(443, 80), (8443, 8444), (65534, 65535), (65535, 65534)]
)
def test_there_is_a_port_for_plain_http_beside_every_port(port, plain):
    assert alone.plain_port(port) == plain


def test_a_port_in_use_is_told_with_one_that_there_is():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        other = port + 10 if port <= 65525 else port - 10
        with pytest.raises(serving.ServerFailed, match=f"như PORT={other}\\."):
            alone.must_be_free("127.0.0.1", port)


def test_wrong_certificate_is_told_before_anything_runs(served, tmp_path):
    expired = tmp_path / "c.pem"
    expired.write_text("none")
    sentence = served.refused("--host", "127.0.0.1", TLS_CERT=str(expired))
    assert "không phải chứng thư PEM" in sentence
    assert not (served.folder / "partyreview.sqlite3").exists()


def test_data_that_is_none_of_ours_is_left_alone(served):
    database = served.folder / "partyreview.sqlite3"
    database.write_bytes(b"something else " * 999)
    assert "Tệp dữ liệu bị hỏng" in served.refused("--port", str(quiet_port()))
    assert database.read_bytes() == b"something else " * 999


def test_folder_where_nothing_can_be_written_is_told():
    """The first thing that is written is the key of the installation: before Django knows its settings."""
    result = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=settings.BASE_DIR,
        env=serving.embedded_environ(Path("/proc/nothing-is-written-here")),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1, result.stderr


def test_unit_is_printed_and_nothing_is_started(served):
    process = served.start("--host", "10.0.0.2", "--unit", "user")
    text, _ = process.communicate(timeout=60)
    assert "[Service]" in text
    assert f"VAR_DIR={served.folder}" in text
    assert os.listdir(served.folder) in ([], ["secret-key"])
