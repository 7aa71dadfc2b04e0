"""A backup holds everything, opens by its passphrase alone, and brings no ballot and no key back."""

import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tarfile
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from ballots.backups import archive, locks, restoring
from ballots.backups.locks import BackupError
from ballots.backups.passing import passing
from ballots.secret import keys
from ballots.service.alone import alone
from members.models import Member
from partyreview.databases import on_database
from tests.kit import factories, polls
from tests.kit.processes import lay_key
from tests.kit.servers import DATABASES

PASSPHRASE = "bốn từ không liền"
P = "0" * 64


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """A folder with the key of the backups, and the passphrase in a file."""
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path)
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n", "utf-8")
    locks.make(tmp_path / "backup-key", PASSPHRASE)
    return tmp_path


def back_up(home: Path) -> Path:
    call_command("backup", to=home / "backups", stdout=io.StringIO())
    return archive.newest(home / "backups")


def environ_of(url: str, home: Path) -> dict[str, str]:
    """What the settings of a process of its own read."""
    return dict(os.environ) | {
        "DATABASE_URL": url,
        "SECRET_KEY": "of this test",
        "ALLOWED_HOSTS": "127.0.0.1",
        "VAR_DIR": str(home),
        "RUNTIME_DIRECTORY": str(home / "ram"),
    }


def run(url: str, home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command of the product in a process of its own, as an operator gives it."""
    environ = environ_of(url, home)
    return subprocess.run(
        [sys.executable, "manage.py", *command, "--passphrase-file", str(home / "passphrase")],
        cwd=settings.BASE_DIR,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def empty(tmp_path, request) -> Iterator[str]:
    """The address of an empty database of the kind in use."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.sqlite3"
        return
    request.getfixturevalue("transactional_db")
    name = f"empty_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}")
    own = connection.settings_dict
    yield DATABASES["postgresql"].format_map(own | {"NAME": name})
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.django_db(transaction=True)
def test_a_backup_made_in_mid_poll_comes_back_whole_and_its_poll_stays_shut(home, empty):
    meeting = factories.make_open_meeting(5)
    poll = polls.poll_of(meeting)
    polls.issue(poll)
    path = back_up(home)
    done = run(empty, home, "restore", str(path))
    assert done.returncode == 0, done.stderr
    assert re.search(r"dữ liệu lúc \d\d:\d\d, \d\d/\d\d/\d{4}\. Mọi người", done.stdout)
    assert "bí thư huỷ lượt ấy và bỏ phiếu lại" in done.stdout
    again = run(empty, home, "restore", str(path))
    assert again.returncode == 1
    assert "--replace" in again.stderr
    with on_database(empty), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE of_a_later_version (member bigint REFERENCES members_member)")
    assert run(empty, home, "restore", str(path), "--replace").returncode == 0
    assert "còn khoá" not in done.stderr
    with on_database(empty):
        assert "of_a_later_version" not in connection.introspection.table_names()


@pytest.mark.usefixtures("key_store")
@pytest.mark.django_db(transaction=True)
def test_the_keys_of_what_is_replaced_die_with_it(home, empty, monkeypatch):
    """Else whoever keeps old ballots, or a program that was not stopped, would find them alive until a reboot."""
    polls.issue(poll := polls.poll_of(factories.make_open_meeting(5)))
    poll.refresh_from_db()
    path = back_up(home)
    assert run(empty, home, "restore", str(path)).returncode == 0
    monkeypatch.setattr(settings, "KEY_DIR", None)
    monkeypatch.setattr(settings, "RUNTIME_DIR", home / "ram")
    monkeypatch.setattr(keys, "_folders", {})
    with on_database(empty):
        former = keys.made_folder()
        for kind in keys.KINDS:
            lay_key(poll.p, kind, b"alive" * 10)
        running = keys.store()
    monkeypatch.setenv("KEY_STORE_URL", settings.KEY_STORE_URL)
    done = run(empty, home, "restore", str(path), "--replace")
    assert (done.returncode, done.stderr) == (0, "")
    assert running.names() == set()
    assert not former.exists()


@pytest.mark.django_db(transaction=True)
def test_a_restore_that_is_killed_as_soon_as_all_is_loaded_brings_no_key_back(
    home, empty, monkeypatch
):
    """The keys of that evening still lie where they lay; what was loaded does not say where that is."""
    monkeypatch.setattr(settings, "KEY_DIR", None)
    monkeypatch.setattr(settings, "RUNTIME_DIR", home / "ram")
    monkeypatch.setattr(keys, "_folders", {})
    keys.made_folder()
    lay_key(P, "sign", b"alive" * 10)
    path = back_up(home)
    assert keys.holds(P, "sign")
    with on_database(empty):
        keys._folders.clear()
        restoring.load(path, PASSPHRASE, home)
        assert not keys.holds(P, "sign")


@pytest.mark.django_db(transaction=True)
def test_nothing_is_replaced_under_a_running_program(home, empty):
    factories.make_cell()
    path = back_up(home)
    with alone(home):
        refused = run(empty, home, "restore", str(path))
    assert refused.returncode == 1
    assert "Đã có một chương trình đang chạy" in refused.stderr
    assert run(empty, home, "restore", str(path)).returncode == 0


@pytest.mark.django_db(transaction=True)
def test_the_check_says_that_every_row_and_paper_comes_back_and_touches_nothing(home):
    factories.make_paper(factories.make_meeting(3), "minutes", pdf=b"%PDF of the minutes")
    before = Member.objects.count()
    back_up(home)
    url = DATABASES[connection.vendor].format_map(connection.settings_dict)
    done = run(url, home, "restore_check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "phục hồi được trọn vẹn" in done.stdout
    assert Member.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_a_paper_that_changed_after_it_was_locked_is_named(home):
    paper = factories.make_paper(factories.make_meeting(3), "minutes")
    type(paper).objects.filter(pk=paper.pk).update(pdf=b"another")
    back_up(home)
    url = DATABASES[connection.vendor].format_map(connection.settings_dict)
    done = run(url, home, "restore_check")
    assert done.returncode == 1
    assert f"Văn bản số {paper.pk}: nội dung không khớp" in done.stderr


@pytest.mark.django_db(transaction=True)
def test_what_lies_in_the_clear_names_nobody(home):
    meeting = factories.make_meeting(3)
    path = back_up(home)
    whole = path.read_bytes()
    with tarfile.open(path) as tar:
        assert tar.getnames() == ["about.json", "secret.age", "database.age"]
        about = json.load(tar.extractfile("about.json"))
    assert about["rows"]["members_member"] == 3
    for member in factories.members_of(meeting):
        assert member.name.encode() not in whole
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda whole: whole[: len(whole) // 2], "chép chưa đủ"),
        (lambda whole: whole[:-20000] + bytes(20000), "hỏng hoặc chép chưa đủ"),
        (lambda whole: b"PK not a backup", "không phải bản sao lưu"),
    ],
)
def test_a_damaged_backup_is_refused_in_one_sentence_and_changes_nothing(home, change, sentence):
    factories.make_meeting(3)
    path = back_up(home)
    path.write_bytes(change(path.read_bytes()))
    url = DATABASES[connection.vendor].format_map(connection.settings_dict)
    done = run(url, home, "restore", str(path), "--replace")
    assert done.returncode == 1
    assert sentence in done.stderr
    assert Member.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_wrong_passphrase_opens_nothing(home):
    path = back_up(home)
    with (
        pytest.raises(BackupError, match="không mở được"),
        archive.opened(path, "bốn từ khác hẳn", home),
    ):
        pass


@pytest.mark.django_db(transaction=True)
def test_a_backup_of_another_installation_or_of_a_later_version_is_refused(home):
    path = back_up(home)
    for values, sentence in (
        ({"installation": "another"}, "nơi cài đặt khác"),
        ({"migrations": ["cells.0999_later"]}, "phần mềm mới hơn"),
        ({"format": 2}, "bản phần mềm mới hơn"),
        ({"vendor": "oracle"}, "cùng loại"),
    ):
        changed = _with_about(path, **values)
        url = DATABASES[connection.vendor].format_map(connection.settings_dict)
        done = run(url, home, "restore", str(changed), "--replace")
        assert (done.returncode, sentence in done.stderr) == (1, True), done.stderr


def _with_about(path: Path, **values: object) -> Path:
    """The same backup, saying something else of itself."""
    changed = path.with_name("changed.saoluu")
    with tarfile.open(path) as old, tarfile.open(changed, "w") as new:
        about = json.load(old.extractfile("about.json")) | values
        archive._add(new, "about.json", json.dumps(about).encode())
        for name in ("secret.age", "database.age"):
            archive._add(new, name, old.extractfile(name).read())
    return changed


@pytest.mark.django_db(transaction=True)
def test_a_database_in_use_is_not_replaced_under_the_program(home, tmp_path):
    """SQLite, whatever the suite runs on: PostgreSQL replaces under its own locks."""
    url = f"sqlite:///{tmp_path}/used.sqlite3"
    with on_database(url):
        call_command("migrate", verbosity=0)
        path = back_up(home)
    with sqlite3.connect(tmp_path / "used.sqlite3") as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("BEGIN")
        other.execute("SELECT COUNT(*) FROM members_member").fetchone()
        done = run(url, home, "restore", str(path), "--replace")
    assert (done.returncode, "còn đang chạy" in done.stderr) == (1, True)


@pytest.mark.django_db(transaction=True)
def test_only_the_newest_backups_stay(home):
    folder = home / "backups"
    back_up(home)
    for day in ("20260101", "20260102", "20260103"):
        (folder / f"kiem-diem-{day}-030000.saoluu").write_bytes(b"")
    archive.thin_out(folder, 2)
    assert [path.name[10:18] for path in archive.listed(folder)][:1] == ["20260103"]
    assert len(archive.listed(folder)) == 2


def test_a_machine_too_slow_for_the_passphrase_is_not_told_that_it_is_wrong(tmp_path):
    """Locked where the machine had time for 2^30 steps; age refuses without trying them."""
    salt, key, proof = (b64encode(bytes(size)).rstrip(b"=") for size in (16, 32, 32))
    secret = b"age-encryption.org/v1\n-> scrypt %b 30\n%b\n--- %b\n" % (salt, key, proof)
    with pytest.raises(BackupError, match="Máy này chậm hơn nhiều"):
        locks.unlock(secret + bytes(36), PASSPHRASE, tmp_path / "locked", tmp_path / "open")


def test_a_passphrase_that_cannot_be_read_is_told(tmp_path):
    for content in (None, b"b\xf4n t\xfa"):  # an old keyboard's letters
        if content is not None:
            (tmp_path / "passphrase").write_bytes(content)
        with pytest.raises(BackupError, match="Không đọc được câu mật khẩu"):
            locks.passphrase_in(tmp_path / "passphrase")


def test_the_key_is_made_once_and_a_short_passphrase_is_refused(tmp_path):
    with pytest.raises(BackupError, match="ít nhất 12 ký tự"):
        locks.make(tmp_path / "key", "ngắn")
    locks.make(tmp_path / "key", PASSPHRASE)
    with pytest.raises(BackupError, match="đã có"):
        locks.make(tmp_path / "key", PASSPHRASE)
    with pytest.raises(BackupError, match="--init"):
        locks.read(tmp_path / "none")


KILLED = """
import os, signal, django
django.setup()
from pathlib import Path
from ballots.backups.passing import passing
from ballots.backups.scratch import scratch
with {folder} as made:
    where = made[0] if isinstance(made, tuple) else made
    (where / "database").write_text("everything")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_backup_restore_or_check_leaves_in_the_clear_goes_with_the_next(home):
    url = DATABASES[connection.vendor].format_map(connection.settings_dict)
    (home / "backups").mkdir()
    places = {
        f"passing(Path({str(home / 'backups')!r}), '.dang-ghi-')": home / "backups",
        f"passing(Path({str(home)!r}), '.dang-mo-')": home,
        "scratch()": home,
    }
    for folder, near in places.items():
        die(url, home, folder)
        assert any(near.glob(".*/database")), folder
    databases = scratch_databases()
    assert bool(databases) == (connection.vendor == "postgresql")
    back_up(home)
    done = run(url, home, "restore_check")
    assert (done.returncode, done.stderr) == (0, "")
    assert not [*home.glob(".*-*"), *home.glob("backups/.*")]
    assert not databases & scratch_databases()


def test_what_somebody_still_works_in_is_left_alone(tmp_path):
    with passing(tmp_path, ".a-") as first:
        with passing(tmp_path, ".a-") as second:
            assert first.exists()
            assert second != first
        assert not second.exists()
    assert not first.exists()


def die(url: str, home: Path, folder: str) -> None:
    """A process that is killed while it has this folder."""
    environ = {**environ_of(url, home), "DJANGO_SETTINGS_MODULE": "partyreview.settings"}
    code = KILLED.format(folder=folder)
    killed = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environ, check=False
    )
    assert killed.returncode == -signal.SIGKILL


def scratch_databases() -> set[str]:
    if connection.vendor == "sqlite":
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'thu_phuc_hoi_%'")
        return {name for (name,) in cursor.fetchall()}
