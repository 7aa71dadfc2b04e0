"""One program on one folder of data, at an address where it may listen: each refusal in a sentence of its own."""

import errno
import fcntl
import ipaddress
import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ballots.demo.serving import ServerFailed

TWICE = (
    "Đã có một chương trình đang chạy trên thư mục dữ liệu {}: xin dùng chương trình ấy, hoặc dừng nó (Ctrl-C, "
    "hoặc systemctl stop) rồi chạy lại."
)
NO_HOST = "HOST phải là tên hoặc địa chỉ của máy này trong mạng, như 192.168.1.20; không ghi http:// hay số cổng."
NO_PORT = "PORT phải là một số từ 1 đến 65535, như 8443."
TAKEN = "Cổng {} của máy này đang có chương trình khác dùng: xin chạy lại với một PORT khác, như PORT={}."
NOT_OURS = (
    "Địa chỉ {} không phải của máy này: xin xem địa chỉ đúng bằng lệnh “ip address” rồi đặt HOST."
)
RESERVED = (
    "Người chạy chương trình không được mở cổng {}: cổng dưới 1024 cần quyền quản trị. Xin dùng cổng lớn hơn, như "
    "PORT=8443, hoặc chạy bằng dịch vụ (serve --unit)."
)
LAST_PORT = 65535
WHY = {errno.EADDRNOTAVAIL: NOT_OURS, errno.EACCES: RESERVED, errno.EPERM: RESERVED}


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder for the length of the block; ServerFailed while another program holds it. A crash lets it go."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(folder / "serving.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise ServerFailed(TWICE.format(folder)) from error
    finally:
        os.close(file)


def read_host(typed: str) -> str:
    """A name or an address as an address of the web has it, without its brackets."""
    host = typed.strip().strip("[]")
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        if not re.fullmatch(r"(?!\d+(\.\d+)*$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", host):
            raise ServerFailed(NO_HOST) from None
    return host.lower()


def read_port(typed: str) -> int:
    """A number of a port."""
    if not re.fullmatch(r"[0-9]{1,5}", typed.strip()) or not 0 < int(typed) <= LAST_PORT:
        raise ServerFailed(NO_PORT)
    return int(typed)


def plain_port(port: int) -> int:
    """Where whoever types an address without https is told so: beside the one of https."""
    return 80 if port == 443 else _away(port, 1)


def _away(port: int, steps: int) -> int:
    """A port so many above this one, or below where there is none above."""
    return port + steps if port + steps <= LAST_PORT else port - steps


def must_be_free(address: str, port: int) -> None:
    """ServerFailed where nobody can listen there."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.create_server((address.strip("[]"), port), family=family):
            pass
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ServerFailed(TAKEN.format(port, _away(port, 10))) from error
        about = address if error.errno == errno.EADDRNOTAVAIL else port
        raise ServerFailed(WHY.get(error.errno or 0, str(error)).format(about)) from error
