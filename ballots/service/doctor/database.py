"""What `doctor` looks at in the database: version, clocks, keys, what the door may do, what the server writes."""

import datetime
import sqlite3
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from ballots.backups import door
from ballots.models import Job, Poll, WorkerSign
from ballots.secret import keys
from ballots.service import condition
from ballots.service.doctor.findings import Finding, State, told_by
from members.models import AuditEntry
from partyreview import schema

# Seconds by which two clocks may differ before a meeting's hours are wrong.
APART = 5
# Days after which a server of keys should have been started anew: it is each night when it holds none.
OLD_STORE = 7
# Of many, so many are named.
NAMED = 3
# The oldest PostgreSQL that the suite's statements run on.
POSTGRESQL = 13


def database() -> Iterator[Finding]:
    """Its own version, and whether its tables are those of the program."""
    if connection.vendor == "postgresql":
        number = connection.pg_version // 10000  # type: ignore[attr-defined]
        old = number < POSTGRESQL
        cure = f"Nâng cấp PostgreSQL lên bản {POSTGRESQL} trở lên." if old else ""
        yield Finding(
            "Cơ sở dữ liệu", State.BAD if old else State.GOOD, f"PostgreSQL {number}", cure
        )
    else:
        yield Finding("Cơ sở dữ liệu", State.GOOD, f"SQLite {sqlite3.sqlite_version}")
    refusal = schema.refusal()
    if refusal:
        seen, _, cure = refusal.partition(". ")
        yield Finding("Các bảng", State.BAD, seen, cure)
    else:
        yield Finding("Các bảng", State.GOOD, "đúng với phiên bản đang chạy")


def clock() -> Iterator[Finding]:
    """Against the database server's clock, and whether the machine sets its own by the network."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            before = timezone.now()
            cursor.execute("SELECT clock_timestamp()")
            (there,) = cursor.fetchone()
        apart = abs((there - before).total_seconds())
        if apart > APART:
            yield Finding(
                "Đồng hồ",
                State.BAD,
                f"lệch {apart:.0f} giây so với máy chủ cơ sở dữ liệu",
                "Bật đồng bộ giờ trên cả hai máy: timedatectl set-ntp true.",
            )
            return
    last = _last_entry()
    if last is not None and last > timezone.now() + datetime.timedelta(seconds=APART):
        yield Finding(
            "Đồng hồ",
            State.BAD,
            f"chậm hơn việc cuối cùng đã ghi ({timezone.localtime(last):%H:%M, %d/%m/%Y})",
            "Đặt lại giờ của máy: timedatectl set-ntp true, hoặc timedatectl set-time.",
        )
        return
    synchronized = told_by("timedatectl", "show", "-p", "NTPSynchronized", "--value")
    if synchronized == "no":
        yield Finding(
            "Đồng hồ",
            State.NOTE,
            "không đồng bộ với giờ mạng",
            "Bật đồng bộ giờ: timedatectl set-ntp true; không có mạng thì so giờ bằng tay trước buổi họp.",
        )
        return
    yield Finding("Đồng hồ", State.GOOD, f"{timezone.localtime():%H:%M, %d/%m/%Y}")


def _last_entry() -> datetime.datetime | None:
    try:
        return AuditEntry.objects.order_by("-pk").values_list("at", flat=True).first()
    except DatabaseError:  # no tables yet
        return None


def key_store() -> Iterator[Finding]:
    """Whether the keys of a poll find room, in memory and not on a disk."""
    if condition.keys_can_be_stored():
        yield from _age_of_key_store()
        return
    yield Finding(
        "Nơi giữ khoá",
        State.BAD,
        "không cất được khoá của lượt bỏ phiếu",
        keys.fault() or f"Xem {keys.where()} còn chỗ và ghi được không.",
    )


def _age_of_key_store() -> Iterator[Finding]:
    """Covered pieces of dead keys stay in the memory of a server until it is started anew."""
    seconds = keys.uptime()
    days = (seconds or 0) // (24 * 3600)
    if seconds is None:
        yield Finding("Nơi giữ khoá", State.GOOD, "ghi được")
    elif days < OLD_STORE:
        yield Finding("Nơi giữ khoá", State.GOOD, f"kho khoá, ghi được, chạy {days} ngày")
    else:
        yield Finding(
            "Nơi giữ khoá",
            State.NOTE,
            f"kho khoá ghi được, nhưng {days} ngày chưa khởi động lại: bộ nhớ còn mảnh khoá đã chết",
            "Lúc không có lượt nào, trên máy giữ kho: systemctl start kiemdiem-keys-nightly.",
        )


def forgotten_polls() -> Iterator[Finding]:
    """Polls that nobody has ended: their keys live, and open what backups of these nights hold of their ballots."""
    yesterday = timezone.now() - datetime.timedelta(days=1)
    polls = Poll.objects.unfinished().filter(meeting__opened_at__lt=yesterday)
    left = list(polls.select_related("meeting__cell", "meeting__committee"))
    if left:
        names = ", ".join(dict.fromkeys(poll.meeting.body_name for poll in left[:NAMED]))
        yield Finding(
            "Lượt bỏ phiếu dở",
            State.BAD,
            f"{len(left)} lượt dở dang đã hơn một ngày ({names}{'…' if left[NAMED:] else ''}): khoá chưa chết",
            "Bí thư và tổ kiểm phiếu mở lại trang của lượt: kiểm phiếu rồi xác nhận kết quả, hoặc huỷ lượt kèm lý do.",
        )


# The tables of the cast door and what it may do there (deploy/door-role.sql).
DOOR_TABLES = {"ballots_poll", "ballots_box", "ballots_keyfolder", "ballots_sealed"}
# Settings of PostgreSQL that would write what must not be written, and the value that does not.
LOGS = {
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_duration": "off",
    "log_connections": "off",
    "log_disconnections": "off",
    "log_lock_waits": "off",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "archive_mode": "off",
    "track_commit_timestamp": "off",
}


def door_role() -> Iterator[Finding]:
    """What the role of the cast door may read, and whether it may take a ballot."""
    if connection.vendor != "postgresql":
        return
    if not door.is_there():
        yield Finding(
            "Cửa bỏ phiếu",
            State.NOTE,
            "chạy chung tiến trình với các trang",
            "Muốn tách riêng: deploy/door-role.sql, rồi chạy partyreview.wsgi:door với vai trò ấy.",
        )
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.relname FROM pg_class c WHERE c.relkind = 'r'"
            " AND c.relnamespace = current_schema()::regnamespace"
            " AND (has_table_privilege(%s, c.oid, 'SELECT, INSERT, UPDATE, DELETE')"
            "      OR has_any_column_privilege(%s, c.oid, 'SELECT, INSERT, UPDATE'))",
            [door.NAME, door.NAME],
        )
        more = sorted({name for (name,) in cursor.fetchall()} - DOOR_TABLES)
    if door.lacks():
        yield Finding(
            "Cửa bỏ phiếu",
            State.BAD,
            f"vai trò {door.NAME} thiếu quyền nên không nhận được lá phiếu nào",
            "Chạy: manage.py let_door_in.",
        )
    if more:
        yield Finding(
            "Cửa bỏ phiếu",
            State.BAD,
            f"vai trò {door.NAME} đọc hoặc sửa được cả {', '.join(more[:3])}",
            f"Thu lại: REVOKE ALL ON {', '.join(more)} FROM {door.NAME}; và xem PUBLIC có quyền gì.",
        )
    elif not door.lacks():
        yield Finding("Cửa bỏ phiếu", State.GOOD, "vai trò riêng, không đọc được ai nhận phiếu")


def database_logs() -> Iterator[Finding]:
    """Settings of PostgreSQL that keep statements or their times."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(LOGS)])
        on = {name: value for name, value in cursor.fetchall() if value != LOGS[name]}
    if not on:
        yield Finding("Nhật ký của PostgreSQL", State.GOOD, "không ghi câu lệnh, không giữ WAL")
    for name, value in sorted(on.items()):
        yield Finding(
            "Nhật ký của PostgreSQL",
            State.BAD,
            f"{name} = {value}: để lại dấu vết giờ bỏ phiếu",
            f"ALTER SYSTEM SET {name} = '{LOGS[name]}'; rồi nạp lại (archive_mode: khởi động lại).",
        )


def worker() -> Iterator[Finding]:
    """Whether somebody does what officers ask for beside the pages."""
    about, cure = (
        "Tiến trình nền",
        "Chạy lại: systemctl restart kiemdiem-worker (manage.py worker).",
    )
    last = WorkerSign.last()
    if last is None:
        state = State.GOOD if settings.EMBEDDED else State.NOTE
        words = "không có: việc lâu được làm ngay khi cán bộ bấm"
        yield Finding(about, state, words, "" if settings.EMBEDDED else cure)
    elif not WorkerSign.is_fresh():
        yield Finding(
            about, State.BAD, f"dừng từ {timezone.localtime(last):%H:%M, %d/%m/%Y}", cure
        )
    else:
        waiting = Job.objects.unfinished().count()
        yield Finding(about, State.GOOD, f"đang chạy, {waiting} việc chưa xong")


LOOKS = (clock, key_store, forgotten_polls, worker, door_role, database_logs)
