"""Secrets in one Valkey or Redis that several machines share, under the name of the database; knows no Django.

It must keep nothing on a disk or in a copy, and lose nothing while it runs: `must_be_fit` asks the server itself. And
it reads nothing: what it is told is encrypted under a key that it is not told.
"""

import errno
import os
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)
from redis.retry import Retry

from ballots.secret.key_files import MOST
from ballots.secret.key_store import Unfit, Unreachable

# Seconds until a server that says nothing counts as unreachable; a line that died is made anew once.
PATIENCE = 2
# Names a look at all names takes at a time.
AT_ONCE = 1000
NONCE_LENGTH = 12
COVER_TAG = b"partyreview/key-store/1\0"

SAVES = (
    "Kho khoá đang ghi dữ liệu xuống đĩa ({}) nên khoá của lá phiếu sẽ còn lại sau cuộc họp: "
    'xin đặt save "" và appendonly no như deploy/valkey.conf, khởi động lại kho rồi khởi động lại phần mềm.'
)
COPIES = (
    "Kho khoá đang có bản sao ở máy khác, hoặc chính nó là một bản sao, nên khoá chết ở đây còn sống ở kia: "
    "xin bỏ hết bản sao (replica) rồi khởi động lại phần mềm."
)
EVICTS = (
    "Kho khoá được phép tự bỏ bớt dữ liệu khi đầy (maxmemory-policy {}) nên khoá có thể mất giữa lúc bỏ phiếu: "
    "xin đặt maxmemory-policy noeviction như deploy/valkey.conf rồi khởi động lại phần mềm."
)
UNSURE = (
    "Kho khoá không cho phần mềm hỏi nó có ghi đĩa, có bản sao hay không, nên không dùng được: "
    "xin cho tài khoản trong KEY_STORE_URL dùng lệnh CONFIG GET và INFO, như deploy/valkey.conf."
)
NOT_LET_IN = "Kho khoá không nhận tên hoặc mật khẩu trong KEY_STORE_URL: xin sửa cho đúng rồi khởi động lại phần mềm."
SILENT = (
    "Kho khoá {} không trả lời nên phần mềm chưa khởi động: "
    "xin xem kho có đang chạy không và KEY_STORE_URL có đúng không, rồi khởi động lại phần mềm."
)
UNTRUSTED = (
    "Máy này không tin chứng thư của kho khoá {}, hoặc chứng thư mang tên khác tên trong KEY_STORE_URL: "
    "xin ghi tệp chứng thư của kho vào KEY_STORE_URL, ngay trước #, "
    "là ?ssl_ca_certs=/etc/kiemdiem/valkey.pem, rồi khởi động lại phần mềm."
)
OUT_OF_TIME = (
    "Chứng thư của kho khoá {} đã hết hạn, hoặc chưa tới ngày có hiệu lực theo đồng hồ của máy này: "
    "xin thay chứng thư của kho, hoặc chỉnh đồng hồ, rồi khởi động lại phần mềm."
)
NO_FILE = (
    "Không đọc được tệp chứng thư (PEM) ghi sau ssl_ca_certs trong KEY_STORE_URL: "
    "xin chép đúng tệp vào đúng chỗ, cho phần mềm đọc, rồi khởi động lại phần mềm."
)
UNCHECKED = (
    "KEY_STORE_URL tắt việc kiểm chứng thư của kho khoá ({}) nên máy khác có thể mạo nhận là kho: "
    "xin bỏ phần ấy rồi khởi động lại phần mềm."
)
UNKNOWN = (
    "KEY_STORE_URL ghi thêm {}, phần mềm không biết đó là gì: "
    "xin xem lại, ở đó chỉ ghi thêm ssl_ca_certs, rồi khởi động lại phần mềm."
)
# What may follow "?"; and what would let a stranger be taken for the server.
KNOWN = {"ssl_ca_certs", "ssl_cert_reqs", "username", "password", "db"}
LOOKS_AWAY = ("ssl_cert_reqs", "ssl_check_hostname")
# Of OpenSSL: not yet valid, no longer; and how it names a file that holds no certificate.
OF_TIME = {9, 10}
NO_PEM = {"NO_CERTIFICATE_OR_CRL_FOUND", "NO_START_LINE"}


class Server:
    """The secrets of one database on the server at `url`; a `key_store.Store`."""

    def __init__(self, url: str, database: str) -> None:
        """`database`: the name of its folder of keys, so that a copy with another name meets none of them."""
        self._client, self._prefix = _client(url), f"partyreview:{database}:"
        self._cover = _cover(urlsplit(url).fragment, database)

    def write(self, secrets: Mapping[str, bytes]) -> None:
        """Keep all of them, or none."""
        with _errors():
            self._client.mset(
                {
                    self._prefix + name: self._covered(name, secret)
                    for name, secret in secrets.items()
                }
            )

    def read(self, name: str) -> bytes | None:
        """What is kept under the name; None where nothing is."""
        with _errors():
            covered: Any = self._client.get(self._prefix + name)
        if covered is None:
            return None
        try:
            return self._cover.decrypt(
                covered[:NONCE_LENGTH], covered[NONCE_LENGTH:], name.encode()
            )
        except InvalidTag:
            return None  # written by whoever has another end of the URL, or not by us at all

    def _covered(self, name: str, secret: bytes) -> bytes:
        nonce = os.urandom(NONCE_LENGTH)
        return nonce + self._cover.encrypt(nonce, secret, name.encode())

    def holds(self, name: str) -> bool:
        """Whether something is kept under the name, without reading it."""
        with _errors():
            return bool(self._client.exists(self._prefix + name))

    def unlink(self, *names: str) -> None:
        """Let them go; again changes nothing."""
        if names:
            with _errors():
                self._client.delete(*(self._prefix + name for name in names))

    def names(self, untouched: int = 0) -> set[str]:
        """All names under which something is kept; `untouched`: which nobody wrote or read for so many seconds."""
        with _errors():
            keys = set(self._client.scan_iter(f"{self._prefix}*", AT_ONCE))
            if untouched:
                keys = {key for key in keys if self._idle(key) >= untouched}
            return {key.decode().removeprefix(self._prefix) for key in keys}

    def _idle(self, key: bytes) -> int:
        idle: Any = self._client.object("idletime", key)
        return int(idle or 0)  # none: gone meanwhile

    def must_take(self, size: int) -> None:
        """OSError unless so many bytes could be kept now, and would die when they shall."""
        must_be_fit(self._client)
        self.write({"trial": bytes(min(size, MOST))})
        self.unlink("trial")

    def is_removable(self) -> bool:
        """Whether what is kept can be let go."""
        try:
            self.unlink("trial")
        except Unreachable:
            raise
        except OSError:
            return False
        return True


def must_be_fit(client: Redis) -> None:
    """Unfit unless the server says of itself that it neither saves, nor copies, nor evicts; Unreachable."""
    try:
        with client.pipeline(transaction=False) as questions:
            for name in ("appendonly", "save", "maxmemory-policy"):
                questions.config_get(name)
            questions.info("replication")
            *settings, copies = questions.execute()
        own = {_text(name): _text(value) for part in settings for name, value in part.items()}
        appendonly, save, policy = own["appendonly"], own["save"], own["maxmemory-policy"]
        alone = copies["role"] == "master" and copies["connected_slaves"] == 0
    except AuthenticationError:
        raise Unfit(NOT_LET_IN) from None
    except (ResponseError, KeyError):  # forbidden, unknown, or renamed: nothing is assumed
        raise Unfit(UNSURE) from None
    except RedisError:
        raise Unreachable from None
    if appendonly != "no" or save:
        raise Unfit(SAVES.format("appendonly" if appendonly != "no" else f'save "{save}"'))
    if not alone:
        raise Unfit(COPIES)
    if policy != "noeviction":
        raise Unfit(EVICTS.format(policy))


def fault(url: str) -> str:
    """Why the program must not start on the server at `url`, in one sentence; "" where nothing is in the way."""
    where = urlsplit(url)
    if wrong := _misread(parse_qs(where.query, keep_blank_values=True)):
        return wrong
    try:
        must_be_fit(_client(url))
    except Unreachable:
        name = where.path if where.scheme == "unix" else where.netloc.rpartition("@")[2]
        return _silence(url).format(name)
    except Unfit as unfit:
        return str(unfit)
    return ""


def _misread(options: Mapping[str, list[str]]) -> str:
    """What is wrong with the words after "?" of an address; "" where nothing is."""
    for name in LOOKS_AWAY:
        if options.get(name, ["required"]) != ["required"]:
            return UNCHECKED.format(name)
    strange = sorted(set(options) - KNOWN)
    return UNKNOWN.format(strange[0]) if strange else ""


def _silence(url: str) -> str:
    """Why no line to the server comes about, by the error that its client met."""
    try:
        _client(url).ping()
    except RedisError as error:
        if urlsplit(url).scheme == "rediss":
            return _of_certificate(error.__context__)
    return SILENT


def _of_certificate(cause: BaseException | None) -> str:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return OUT_OF_TIME if cause.verify_code in OF_TIME else UNTRUSTED
    no_file = isinstance(cause, FileNotFoundError | PermissionError)
    return NO_FILE if no_file or getattr(cause, "reason", "") in NO_PEM else SILENT


def uptime(url: str) -> int | None:
    """Seconds since the server was started; None where it does not say."""
    try:
        told: Any = _client(url).info("server")
        return int(told["uptime_in_seconds"])
    except (RedisError, KeyError):
        return None


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value


@cache
def _client(url: str) -> Redis:
    """Lines are kept for the next question, one for each thread; a fork makes its own."""
    return Redis.from_url(
        url,
        protocol=2,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 1),
        driver_info=None,
    )


@cache
def _cover(secret: str, database: str) -> AESGCM:
    """What the server is not told: all that speak to it draw it from the end of their KEY_STORE_URL."""
    info = COVER_TAG + database.encode()
    return AESGCM(HKDF(hashes.SHA256(), 32, salt=None, info=info).derive(secret.encode()))


@contextmanager
def _errors() -> Iterator[None]:
    """The server's refusals as those of a file; without its own words, which may name a secret."""
    try:
        yield
    except OutOfMemoryError:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from None
    except ReadOnlyError:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS)) from None
    except NoPermissionError:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES)) from None
    except RedisError:
        raise Unreachable from None
