"""The servers that demo and rehearse start: they answer, and they leave nothing behind."""

import ssl
import stat
import urllib.request
from functools import partial
from pathlib import Path
from unittest import mock

import pytest
from cryptography import x509

from ballots.demo import serving
from ballots.demo.rehearsal.browser import Browser
from tests.kit import slow
from tests.kit.ports import quiet_port

ANSWERS = "wsgiref.simple_server:demo_app"


def fetch(url: str, context: ssl.SSLContext | None = None) -> str:
    with urllib.request.urlopen(url, context=context, timeout=10) as answer:  # noqa: S310
        return answer.read().decode()


def test_server_answers_while_the_block_runs_and_is_gone_after_it(tmp_path):
    url = f"http://127.0.0.1:{quiet_port()}"
    with serving.running(url, serving.embedded_environ(tmp_path), ANSWERS) as process:
        assert "Hello world" in fetch(url)
    assert process.poll() is not None
    with pytest.raises(OSError, match="refused"):
        fetch(url)


def test_server_that_cannot_start_is_reported(tmp_path):
    url = f"http://127.0.0.1:{quiet_port()}"
    environ = serving.embedded_environ(tmp_path)
    with (
        pytest.raises(serving.ServerFailed, match="không khởi động được"),
        serving.running(url, environ, "ballots.nothing:here"),
    ):
        pass


def test_phone_that_trusts_the_certificate_gets_https(tmp_path):
    certificate = serving.make_certificate("127.0.0.1", tmp_path)
    url = f"https://127.0.0.1:{quiet_port()}"
    environ = serving.embedded_environ(tmp_path)
    with serving.running(url, environ, ANSWERS, certificate=certificate):
        trusting = ssl.create_default_context(cafile=str(certificate))
        assert "Hello world" in fetch(url, trusting)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_clients_that_are_slow_hold_nobody_up(scheme, tmp_path):
    certificate = serving.make_certificate("127.0.0.1", tmp_path) if scheme == "https" else None
    url = f"{scheme}://127.0.0.1:{quiet_port()}"
    environ = serving.embedded_environ(tmp_path)
    with (
        serving.running(url, environ, ANSWERS, certificate=certificate, threads=4),
        slow.crowd(url, silent=16, hello=16, head=16, body=16),
    ):
        for _ in range(20):
            assert "Hello world" in fetch(url, ssl._create_unverified_context())  # noqa: S323


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8::7", "hoitruong.example"])
def test_certificate_names_the_host_for_seven_days_and_its_key_is_ours_alone(host, tmp_path):
    path = serving.make_certificate(host, tmp_path)
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == [host]
    assert (certificate.not_valid_after_utc - certificate.not_valid_before_utc).days == 7
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_free_port_skips_one_that_is_taken(tmp_path):
    taken = quiet_port()
    with serving.running(f"http://127.0.0.1:{taken}", serving.embedded_environ(tmp_path), ANSWERS):
        assert serving.free_port(start=taken) > taken


def test_embedded_program_ignores_the_deployment_it_is_started_beside(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@elsewhere/real")
    monkeypatch.setenv("SECRET_KEY", "of the real one")
    environ = serving.embedded_environ(Path("var/demo"), HTTPS="off")
    assert "DATABASE_URL" not in environ
    assert "SECRET_KEY" not in environ
    assert (environ["VAR_DIR"], environ["HTTPS"]) == ("var/demo", "off")


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("localhost", True), ("203.0.113.7", False), ("no.such.invalid", False)],
)
def test_only_an_address_of_this_machine_needs_nobody_to_vouch_for_it(host, here):
    assert serving.is_this_machine(host) == here


@pytest.mark.parametrize("end", [ConnectionResetError, ssl.SSLEOFError])
def test_a_line_that_the_server_has_ended_meanwhile_is_opened_again(monkeypatch, tmp_path, end):
    url = f"http://127.0.0.1:{quiet_port()}"
    with serving.running(url, serving.embedded_environ(tmp_path), ANSWERS):
        someone = Browser(url)
        someone.ask("/")
        ask_once = Browser._ask_once
        answers = iter([mock.Mock(side_effect=end), partial(ask_once, someone)])
        monkeypatch.setattr(Browser, "_ask_once", lambda self, request: next(answers)(request))
        assert someone.ask("/").status == 200
