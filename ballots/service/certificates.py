"""The certificate that phones are shown: one that was bought or fetched, looked through first, or one of our own."""

import datetime
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID

from ballots.demo.serving import ServerFailed, make_certificate

# A phone takes one of its own making for as long as a bought one.
DAYS = 397
# Made anew so long before its end.
RENEWED_BEFORE = datetime.timedelta(days=30)
SHORT = "%d/%m/%Y"
NOT_THERE = (
    "Không đọc được tệp {}: xin xem lại đường dẫn và quyền đọc của người chạy chương trình."
)
NO_CERTIFICATE = "Tệp {} không phải chứng thư PEM: tệp đúng có dòng “BEGIN CERTIFICATE”. Xin đặt TLS_CERT là tệp ấy."
NO_KEY = (
    "Tệp {} không phải khoá riêng PEM: tệp đúng có dòng “PRIVATE KEY”. Xin đặt TLS_KEY là tệp ấy."
)
LOCKED_KEY = "Khoá riêng {} có mật khẩu nên máy chủ không tự mở được: xin gỡ mật khẩu (openssl pkey) rồi đặt lại."
NOT_OF_ONE = (
    "Khoá riêng {} không phải của chứng thư {}: xin lấy đúng cặp tệp được cấp cùng nhau "
    "(chứng thư của máy chủ đứng đầu tệp)."
)
OVER = "Chứng thư {} đã hết hạn ngày {}: xin gia hạn, hoặc bỏ TLS_CERT để chương trình tự làm chứng thư."
EARLY = "Chứng thư {} chỉ có hiệu lực từ ngày {}: xin xem lại ngày giờ của máy này."
OTHER_NAME = (
    "Chứng thư {} cấp cho {}, không phải cho {}: xin chạy với HOST là tên ghi trong chứng thư."
)


class Certificate(NamedTuple):
    """Two PEM files; one file may hold both."""

    certificate: Path
    key: Path


def checked(pair: Certificate, host: str) -> Certificate:
    """The pair, if phones will take it under this name; else ServerFailed with the one thing that is wrong."""
    chain = _chain(pair.certificate)
    if _key(pair.key) != _public(chain[0].public_key()):
        raise ServerFailed(NOT_OF_ONE.format(pair.key, pair.certificate))
    now = datetime.datetime.now(datetime.UTC)
    if now > chain[0].not_valid_after_utc:
        raise ServerFailed(
            OVER.format(pair.certificate, f"{chain[0].not_valid_after_utc:{SHORT}}")
        )
    if now < chain[0].not_valid_before_utc:
        raise ServerFailed(
            EARLY.format(pair.certificate, f"{chain[0].not_valid_before_utc:{SHORT}}")
        )
    names = _names(chain[0])
    if not any(_covers(name, host) for name in names):
        raise ServerFailed(OTHER_NAME.format(pair.certificate, ", ".join(names), host))
    return pair


def own(host: str, folder: Path) -> Certificate:
    """The one made here for this host, kept in `folder`; made anew where its end is near or the host is another."""
    kept = folder / "certificate.pem"
    if not _serves(kept, host):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as place:
            # Whole or not at all, so that a full disk leaves the former one.
            shutil.move(make_certificate(host, Path(place), days=DAYS), kept)
    return Certificate(kept, kept)


def _serves(kept: Path, host: str) -> bool:
    try:
        certificate = checked(Certificate(kept, kept), host).certificate
    except ServerFailed:
        return False
    left = _chain(certificate)[0].not_valid_after_utc - datetime.datetime.now(datetime.UTC)
    return left > RENEWED_BEFORE


def _chain(path: Path) -> Sequence[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(_read(path))
    except ValueError as error:
        raise ServerFailed(NO_CERTIFICATE.format(path)) from error


def _key(path: Path) -> bytes:
    """The public half of what the file holds."""
    try:
        key = serialization.load_pem_private_key(_read(path), password=None)
    except TypeError as error:  # it asks for a password
        raise ServerFailed(LOCKED_KEY.format(path)) from error
    except ValueError as error:
        raise ServerFailed(NO_KEY.format(path)) from error
    return _public(key.public_key())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ServerFailed(NOT_THERE.format(path)) from error


def _public(key: object) -> bytes:
    return key.public_bytes(  # type: ignore[attr-defined, no-any-return]
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _names(certificate: x509.Certificate) -> list[str]:
    """What it was made out to; one of before 2000 has a common name alone, which no browser takes."""
    try:
        kind = x509.SubjectAlternativeName
        names = certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return [f"“{name.value!s}” (không ghi địa chỉ nào)" for name in common] or [
            "không nơi nào"
        ]
    return [str(name.value) for name in names]


def _covers(name: str, host: str) -> bool:
    """A star stands for the first word alone."""
    name, host = name.lower(), host.lower()
    return name == host or (name.startswith("*.") and name[2:] == host.partition(".")[2])
