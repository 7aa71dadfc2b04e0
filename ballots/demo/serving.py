"""Servers that a command starts for a while: free port, gunicorn with threads, own certificate. Knows no model."""

import datetime
import ipaddress
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

# What an embedded program must not take over from the shell it was started in.
DEPLOYMENT = (
    *("DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "HTTPS", "HTTPS_URL", "TRUST_PROXY"),
    "KEY_STORE_URL",
)
APPLICATION = "partyreview.wsgi:application"
SITE_ONLY = "partyreview.wsgi:site"


class ServerFailed(Exception):
    """The server ended or did not answer in time; the message says so in Vietnamese."""


def embedded_environ(var_dir: Path, **changes: str) -> dict[str, str]:
    """Return the environment of a program with a database of its own in `var_dir`, whatever this shell is set to."""
    environ = {name: value for name, value in os.environ.items() if name not in DEPLOYMENT}
    return environ | {"VAR_DIR": str(var_dir), **changes}


def restart_as(environ: Mapping[str, str]) -> None:
    """Start this very command again under `environ`: settings are read once, when Django loads."""
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, *sys.argv], dict(environ))  # noqa: S606 - ourselves


def free_port(address: str = "127.0.0.1", start: int = 0) -> int:
    """Return the first free port from `start` on; 0 leaves the choice to the system."""
    for port in range(start, start + 1000):
        try:
            with socket.create_server((address, port)) as server:
                return int(server.getsockname()[1])
        except OSError:
            continue
    raise ServerFailed("Không còn cổng mạng nào trống để mở máy chủ.")


@contextmanager
def running(
    url: str,
    environ: Mapping[str, str],
    application: str = APPLICATION,
    bind: str = "127.0.0.1",
    certificate: Path | None = None,
    key: Path | None = None,
    workers: int = 1,
    threads: int = 8,
    log: IO[bytes] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Serve `application` at `url` for the length of the block; raises ServerFailed if it does not answer.

    `certificate` is a PEM file, with the key too unless `key` is another one; it makes `url` an https one.
    `log` takes what the server writes, in place of the streams of this process.
    """
    port = url.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"{bind}:{port}"]
    command += ["--config", str(settings.BASE_DIR / "gunicorn.conf.py")]
    command += ["--workers", str(workers), "--threads", str(threads)]
    if certificate is not None:
        command += ["--certfile", str(certificate), "--keyfile", str(key or certificate)]
    with _process(command, environ, log) as process:
        _wait_until_it_answers(process, url)
        yield process


def worker(environ: Mapping[str, str]) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """For the length of the block, do beside the pages what officers ask for."""
    return _process([sys.executable, "manage.py", "worker", "--verbosity", "0"], environ)


@contextmanager
def _process(
    command: list[str], environ: Mapping[str, str], log: IO[bytes] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(  # noqa: S603 - ourselves
        command, cwd=settings.BASE_DIR, env=dict(environ), stdout=log, stderr=log
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_it_answers(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if _answers(url):
            return
        try:
            process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            continue
        break
    raise ServerFailed("Máy chủ không khởi động được.")


def _answers(url: str) -> bool:
    """Whether any http answer comes from there; the certificate is our own, so nobody vouches for it."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=5)
    if parts.scheme == "https":
        connection = HTTPSConnection(
            parts.netloc,
            timeout=5,
            context=ssl._create_unverified_context(),  # noqa: S323
        )
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


def is_this_machine(host: str) -> bool:
    """Whether a line to this name or address ends here, where one may listen at it: nobody stands between."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, 0), family=family):
            return True
    except OSError:
        return False


def make_certificate(host: str, folder: Path, days: int = 7) -> Path:
    """Write a key and a certificate for this address or name, made on the spot, to one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kiểm điểm chi bộ")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))  # a phone's clock may be behind
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([_alternative_name(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        file.write(certificate.public_bytes(serialization.Encoding.PEM))
    return path


def _alternative_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
