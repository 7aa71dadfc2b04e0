"""What `doctor` looks at around the program: certificate, proxy, backups, disks, settings."""

import datetime
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from smtplib import SMTPException
from urllib.parse import urlsplit

from cryptography import x509
from django.conf import settings
from django.core import checks
from django.core.mail import get_connection
from django.utils import timezone

from ballots.backups import nightly
from ballots.service import condition
from ballots.service.doctor.findings import Finding, State
from partyreview import RUNTIME_DIR

GIGABYTE = 1024**3
# The certificate that make serve makes for itself, in the folder of data.
OWN = "tls/certificate.pem"
# Days before its end at which a certificate is to be renewed; and from when on a bought one is asked for.
RENEW, SOON = 14, 45
# It renews itself thirty days before its end: kiemdiem-certificate.timer.
SELF_MADE = (
    "Chứng thư tự làm: sudo systemctl start kiemdiem-certificate, xem kiemdiem-certificate.timer có chạy không. "
    "Chứng thư của nơi khác: gia hạn, rồi systemctl reload kiemdiem-proxy."
)
BOUGHT = "Gia hạn ở nơi cấp (certbot renew), thay tệp, rồi systemctl reload kiemdiem-proxy."
# What a hundred polls' keys take, a hundred times over.
LEAST_FOR_KEYS = 16 * 1024 * 1024

# Where Debian's proxies are told what to write.
PROXY_FILES = (
    "/etc/nginx/nginx.conf",
    "/etc/nginx/conf.d/*.conf",
    "/etc/nginx/sites-enabled/*",
    "/etc/apache2/sites-enabled/*",
)
ACCESS_LOG = ("access_log", "customlog")


def proxy_logs() -> Iterator[Finding]:
    """Whether a proxy on this machine keeps an access log; each line of it would be a trace of a ballot."""
    files = [path for pattern in PROXY_FILES for path in Path("/").glob(pattern.lstrip("/"))]
    writing = [path for path in files if _keeps_access_log(path)]
    for path in writing:
        yield Finding(
            "Nhật ký truy cập",
            State.BAD,
            f"{path} bật nhật ký truy cập",
            "Đặt “access_log off;” (nginx), bỏ CustomLog (Apache), rồi nạp lại; xoá nhật ký đã có.",
        )
    if files and not writing:
        yield Finding("Nhật ký truy cập", State.GOOD, "máy chủ https không ghi")


def _keeps_access_log(path: Path) -> bool:
    try:
        lines = path.read_text("utf-8", "replace").lower().splitlines()
    except OSError:
        return False
    words = [line.split() for line in lines if line.split()]
    return any(line[0] in ACCESS_LOG and line[1:2] != ["off;"] for line in words)


def certificate() -> Iterator[Finding]:
    """What a phone is shown at the https address."""
    if not settings.HTTPS_URL:
        return
    place = urlsplit(settings.HTTPS_URL)
    host, port = place.hostname or "", place.port or 443
    try:
        end = _end_of_certificate(host, port, ssl.create_default_context())
        trusted = True
    except ssl.SSLCertVerificationError:
        unverified = ssl._create_unverified_context()  # noqa: S323 - to read when it ends
        end, trusted = _end_of_certificate(host, port, unverified), False
    except OSError as error:
        yield Finding(
            "Chứng thư https",
            State.BAD,
            f"không kết nối được {settings.HTTPS_URL} ({type(error).__name__})",
            "Xem máy chủ https có chạy không, tên miền có trỏ về đây không, tường lửa có mở cổng không.",
        )
        return
    days = (end - timezone.now()).days
    until = f"hạn đến {timezone.localtime(end):%d/%m/%Y}"
    if days < RENEW:
        seen = f"đã {until}" if days < 0 else f"còn {days} ngày"
        yield Finding("Chứng thư https", State.BAD, seen, BOUGHT if trusted else SELF_MADE)
    elif not trusted:
        yield Finding(
            "Chứng thư https",
            State.NOTE,
            f"điện thoại sẽ cảnh báo, {until}",
            "Dùng chứng thư của một tổ chức chứng thực: docs/installing.md.",
        )
    elif days < SOON:
        yield Finding("Chứng thư https", State.NOTE, f"còn {days} ngày", BOUGHT)
    else:
        yield Finding("Chứng thư https", State.GOOD, until)


def _end_of_certificate(host: str, port: int, context: ssl.SSLContext) -> datetime.datetime:
    with (
        socket.create_connection((settings.HTTPS_AT or host, port), timeout=5) as line,
        context.wrap_socket(line, server_hostname=host) as safe,
    ):
        shown = safe.getpeercert(binary_form=True) or b""
    return x509.load_der_x509_certificate(shown).not_valid_after_utc


def backups() -> Iterator[Finding]:
    """How old the newest is."""
    age = condition.backup_age()
    if age is None:
        yield Finding(
            "Sao lưu",
            State.BAD,
            f"chưa có bản nào trong {nightly.folder()}",
            "Một lần: manage.py backup --init, rồi manage.py backup; từ đó make serve, tiến trình nền tự làm mỗi đêm.",
        )
        return
    hours = age / 3600
    old = hours > condition.BACKUP_HOURS
    words = f"bản mới nhất cách đây {hours:.0f} giờ"
    cure = "Xem hẹn giờ sao lưu có chạy không; chạy ngay một bản: manage.py backup." if old else ""
    yield Finding("Sao lưu", State.BAD if old else State.GOOD, words, cure)


def disks() -> Iterator[Finding]:
    """Room where data is kept, and where keys are."""
    for about, folder in (("Đĩa dữ liệu", settings.VAR_DIR), ("Bộ nhớ cho khoá", RUNTIME_DIR)):
        free = condition.free_bytes(folder)
        if free is None:
            continue
        least = condition.LEAST_FREE if folder == settings.VAR_DIR else LEAST_FOR_KEYS
        full = free < least
        cure = (
            f"Giải phóng chỗ ở đĩa có {folder}: bản sao lưu cũ, nhật ký của máy." if full else ""
        )
        room = f"còn {free / GIGABYTE:.1f} GB".replace(".", ",")
        yield Finding(about, State.BAD if full else State.GOOD, room, cure)


def _of_make_serve() -> Iterator[Finding]:
    """What phones are shown by `make serve`, as far as its folder tells: the command may have been given another."""
    try:
        own = x509.load_pem_x509_certificate((settings.VAR_DIR / OWN).read_bytes())
    except (OSError, ValueError):
        yield Finding(
            "Https",
            State.NOTE,
            "chương trình chưa tự làm chứng thư nào",
            "Chạy make serve với HOST để điện thoại vào được, hoặc có chứng thư riêng (TLS_CERT).",
        )
        return
    end = own.not_valid_after_utc
    over = end < timezone.now()
    cure = "Khởi động lại make serve: chứng thư được làm mới lúc khởi động." if over else ""
    seen = f"chứng thư tự làm, hạn đến {timezone.localtime(end):%d/%m/%Y}"
    yield Finding("Https", State.BAD if over else State.GOOD, seen, cure)


def settings_of_deployment() -> Iterator[Finding]:
    """What the program's own check of a deployment says, and in one line what Django's does."""
    if settings.EMBEDDED:
        yield from _of_make_serve()
        return
    if not settings.HTTPS:
        yield Finding(
            "Https",
            State.BAD,
            "đang tắt: máy cùng mạng đọc được mật khẩu và lá phiếu trên đường đi",
            "Đặt một máy chủ https phía trước, hoặc --certfile, --keyfile: docs/installing.md.",
        )
        return
    messages = checks.run_checks(include_deployment_checks=True)
    told = [message for message in messages if not message.is_silenced()]
    for message in told:
        if (message.id or "").startswith("ballots."):
            yield Finding("Cấu hình", State.NOTE, message.msg, message.hint or "")
    foreign = sorted(message.id or "" for message in told if message.level >= checks.WARNING)
    if foreign:
        yield Finding(
            "Cấu hình",
            State.BAD,
            f"Django báo {', '.join(foreign)}",
            "Xem từng điều: manage.py check --deploy.",
        )


def mail() -> Iterator[Finding]:
    """Whether the mail server lets the program in; nothing where none is named."""
    if not settings.EMAIL_URL.scheme:
        return
    server = get_connection()
    try:
        server.open()
        server.close()
    except (OSError, SMTPException) as error:
        yield Finding(
            "Thư",
            State.BAD,
            f"máy chủ thư {settings.EMAIL_HOST} không cho vào ({type(error).__name__})",
            "Xem EMAIL_URL: tên máy, cổng, tài khoản, mật khẩu; thư chưa gửi được thì máy tự gửi lại.",
        )
        return
    news = "báo việc mới cho cán bộ" if settings.NEWS_MAIL else "chỉ báo lỗi"
    yield Finding("Thư", State.GOOD, f"máy chủ thư cho vào; {news}")


LOOKS = (certificate, proxy_logs, backups, disks, mail, settings_of_deployment)
