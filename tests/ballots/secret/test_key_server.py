"""The server of keys: which one is refused, what is told when it is silent, and what it keeps nothing of."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings as project
from redis import Redis

from ballots.linkage.memory import found_in
from ballots.secret import key_server, keys, signer
from ballots.secret.key_store import Unreachable
from tests.kit import key_servers
from tests.kit.key_servers import UNSAVED
from tests.kit.key_servers import key_server as started
from tests.kit.ports import quiet_port
from tests.kit.processes import is_gone, lay_key, signer_of, until

pytestmark = pytest.mark.key_server
P = "ab" * 32
NO_CONFIG = "-@all +get +mset +del +exists +scan +ping +info"
NO_INFO = "-@all +get +mset +del +exists +scan +ping +config|get"


UNFIT: dict[str, tuple[tuple[str, ...], str, str]] = {
    "snapshots": (("--save", "60 1"), "", "ghi dữ liệu xuống đĩa (save"),
    "a log of commands": (("--appendonly", "yes"), "", "ghi dữ liệu xuống đĩa (appendonly)"),
    "a replica of another": (("--replicaof", "127.0.0.1", "1"), "", "bản sao"),
    "evicts when full": (("--maxmemory-policy", "allkeys-lru"), "", "tự bỏ bớt dữ liệu"),
    "evicts what has a term": (("--maxmemory-policy", "volatile-ttl"), "", "tự bỏ bớt dữ liệu"),
    "no question about its settings": ((), NO_CONFIG, "không cho phần mềm hỏi"),
    "no question about its replicas": ((), NO_INFO, "không cho phần mềm hỏi"),
    "a command by another name": (
        ("--rename-command", "CONFIG", "OTHER"),
        "",
        "không cho phần mềm hỏi",
    ),
    "a password that we lack": (("--requirepass", "secret"), "", "mật khẩu"),
}


@pytest.mark.parametrize("name", UNFIT)
def test_a_server_that_may_keep_or_lose_a_key_is_refused_with_the_reason(name, tmp_path, settings):
    options, rules, words = UNFIT[name]
    with started(tmp_path, *UNSAVED, *options) as (url, _):
        if rules:
            Redis.from_url(url).acl_setuser(
                "site", enabled=True, nopass=True, keys=["*"], commands=rules.split()
            )
            url = url.replace("//", "//site:any@")
        settings.KEY_STORE_URL = url
        assert words in keys.fault()
        assert isinstance(keys.trouble(), OSError), (
            "nor is a round opened on it, should it have become so"
        )
    assert "any@" not in keys.fault()


def test_a_server_with_a_replica_is_refused(tmp_path, settings):
    with (
        started(tmp_path) as (url, _),
        started(tmp_path, "--replicaof", "127.0.0.1", url.rpartition(":")[2]),
    ):
        settings.KEY_STORE_URL = url
        assert until(lambda: "bản sao" in keys.fault())


def test_a_server_that_only_keeps_in_memory_is_taken(tmp_path, settings):
    with started(tmp_path) as (settings.KEY_STORE_URL, _):
        assert keys.fault() == ""


def test_a_server_is_reached_over_tls_and_over_a_socket_of_the_machine(tmp_path, settings):
    with key_servers.encrypted(tmp_path) as (url, pem):
        for address in (f"{url}?ssl_ca_certs={pem}", f"unix://{tmp_path}/socket"):
            settings.KEY_STORE_URL = address + key_servers.COVER
            assert keys.fault() == ""
            lay_key(P, "box", b"secret")
            assert keys.read(P, "box") == b"secret"


NOT_TRUSTED = {
    "a certificate that this machine does not know": ("", "không tin chứng thư"),
    "a certificate of another name": ("?ssl_ca_certs={pem}", "chứng thư mang tên khác"),
    "a file that is not there": ("?ssl_ca_certs={pem}.none", "Không đọc được tệp chứng thư"),
    "no look at the certificate": ("?ssl_cert_reqs=none", "tắt việc kiểm chứng thư"),
    "a look that we do not know": ("?ssl_cert_reqs=sometimes", "tắt việc kiểm chứng thư"),
    "no look at the name": (
        "?ssl_ca_certs={pem}&ssl_check_hostname=false",
        "tắt việc kiểm chứng thư của kho khoá (ssl_check_hostname)",
    ),
    "a word written wrongly": ("?ssl_ca_cert={pem}", "KEY_STORE_URL ghi thêm ssl_ca_cert,"),
    "two words written wrongly": ("?ssl_cert={pem}&ssl_ca=", "KEY_STORE_URL ghi thêm ssl_ca,"),
    "a word without a value": ("?ssl_ca=", "KEY_STORE_URL ghi thêm ssl_ca,"),
    "a file that is no certificate": (
        "?ssl_ca_certs={pem.parent}/log",
        "Không đọc được tệp chứng thư",
    ),
    "a certificate that is over": ("?ssl_ca_certs={pem}", "đã hết hạn"),
    "a certificate of tomorrow": ("?ssl_ca_certs={pem}", "chưa tới ngày có hiệu lực"),
}
DAYS_AGO = {"a certificate that is over": 2, "a certificate of tomorrow": -1}


@pytest.mark.parametrize("name", NOT_TRUSTED)
def test_a_server_that_anybody_could_pretend_to_be_is_refused_with_the_reason(
    name, tmp_path, settings
):
    query, words = NOT_TRUSTED[name]
    with key_servers.encrypted(tmp_path, DAYS_AGO.get(name, 0)) as (url, pem):
        if "another name" in name:
            url = url.replace("127.0.0.1", "localhost")
        settings.KEY_STORE_URL = url + query.format(pem=pem) + key_servers.COVER
        assert words in keys.fault()


@pytest.mark.parametrize("scheme", ["tcp", "unix"])
def test_a_silent_server_is_named_without_its_password(scheme, settings, tmp_path):
    where = f"127.0.0.1:{quiet_port()}" if scheme == "tcp" else f"{tmp_path}/none"
    settings.KEY_STORE_URL = (
        f"redis://site:secret@{where}" if scheme == "tcp" else f"unix://{where}?password=secret"
    )
    fault = keys.fault()
    assert f"Kho khoá {where} không trả lời" in fault
    assert "secret" not in fault


def test_the_program_ends_at_its_start_with_that_one_sentence(tmp_path):
    with started(tmp_path, *UNSAVED, "--appendonly", "yes") as (url, _):
        environ = {
            **os.environ,
            "VAR_DIR": str(tmp_path),
            "KEY_STORE_URL": url + key_servers.COVER,
        }
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "partyreview.wsgi",
            "--bind",
            f"127.0.0.1:{quiet_port()}",
        ]
        ended = subprocess.run(
            command, cwd=project.BASE_DIR, env=environ, capture_output=True, timeout=60
        )
    assert ended.returncode
    assert ended.stderr.decode().strip() == key_server.SAVES.format("appendonly")


@pytest.mark.parametrize("url", ["http://a:1#" + "x" * 32, "redis://a:1", "redis://a:1#short"])
def test_an_address_without_a_scheme_of_ours_or_without_its_secret_end_stops_the_start(
    url, tmp_path
):
    environ = {**os.environ, "VAR_DIR": str(tmp_path), "KEY_STORE_URL": url}
    command = [sys.executable, "-c", "import partyreview.settings"]
    ended = subprocess.run(
        command, cwd=project.BASE_DIR, env=environ, capture_output=True, timeout=60
    )
    assert "KEY_STORE_URL phải bắt đầu bằng" in ended.stderr.decode()


def test_a_server_that_does_not_answer_is_not_one_that_lost_its_keys(
    tmp_path, settings, monkeypatch
):
    monkeypatch.setattr(key_server, "PATIENCE", 0.2)
    key_server._client.cache_clear()
    with started(tmp_path) as (settings.KEY_STORE_URL, process):
        lay_key(P, "box", b"secret")
        process.send_signal(signal.SIGSTOP)
        for ask in (
            lambda: keys.read(P, "box"),
            lambda: keys.holds(P, "box"),
            keys.kept,
            keys.removable,
        ):
            with pytest.raises(Unreachable):
                ask()
        process.send_signal(signal.SIGCONT)
        assert keys.read(P, "box") == b"secret"
    with pytest.raises(Unreachable):
        keys.read(P, "box")
    with started(tmp_path, port=int(settings.KEY_STORE_URL.rpartition(":")[2])):
        assert keys.read(P, "box") is None
    key_server._client.cache_clear()


def test_a_signer_ends_when_the_store_falls_silent_and_stamps_again_when_it_is_back(
    tmp_path, settings
):
    z = (2).to_bytes(256)
    with started(tmp_path) as (settings.KEY_STORE_URL, _):
        with signer.new_round() as fresh:
            fresh.begin(P)
        stamp, first = signer.sign(P, z), signer_of(P)
        with Redis.from_url(settings.KEY_STORE_URL) as admin:
            admin.config_set("maxclients", 1)  # lines that are cut cannot be made anew
            admin.client_kill_filter(_type="normal", skipme=True)
            assert until(lambda: is_gone(first))
            with pytest.raises(Unreachable):
                signer.sign(P, z)
            admin.config_set("maxclients", 100)
        assert signer.sign(P, z) == stamp
        last = signer_of(P)
    assert until(lambda: is_gone(last))
    with started(tmp_path, port=int(settings.KEY_STORE_URL.rpartition(":")[2])):
        assert signer.sign(P, z) is None


def test_a_full_server_refuses_and_keeps_what_it_has(tmp_path, settings):
    with started(tmp_path) as (settings.KEY_STORE_URL, _):
        lay_key(P, "box", b"secret")
        Redis.from_url(settings.KEY_STORE_URL).config_set("maxmemory", "1")
        with pytest.raises(OSError, match="No space left"):
            lay_key(P, "count", b"secret")
        assert keys.kept() == {(P, "box")}


def test_a_server_that_has_become_a_replica_lets_nothing_be_written_or_die(tmp_path, settings):
    with started(tmp_path) as (settings.KEY_STORE_URL, _):
        lay_key(P, "box", b"secret")
        with Redis.from_url(settings.KEY_STORE_URL) as admin:
            admin.execute_command("REPLICAOF", "127.0.0.1", "1")
        with pytest.raises(OSError, match="Read-only"):
            lay_key(P, "count", b"secret")
        assert not keys.removable()
        assert keys.kept() == {(P, "box")}


def test_a_line_that_died_is_made_anew_and_a_living_one_kept(key_server_url, settings):
    settings.KEY_STORE_URL = key_server_url
    lay_key(P, "box", b"secret")
    client = key_server._client(settings.KEY_STORE_URL)
    assert client is key_server._client(settings.KEY_STORE_URL)
    for _ in range(2):
        with Redis.from_url(settings.KEY_STORE_URL) as admin:
            admin.client_kill_filter(_type="normal", skipme=True)
        assert keys.read(P, "box") == b"secret"
    keys.remove_folder()


@pytest.mark.parametrize(("asked", "written"), [(100, 100), (4096, 4096), (1 << 20, 4096)])
def test_room_is_asked_for_with_a_key_as_large_as_any_at_most(
    key_server_url, settings, monkeypatch, asked, written
):
    settings.KEY_STORE_URL, sizes = key_server_url, []
    store = keys.made_store()
    monkeypatch.setattr(store, "write", lambda secrets: sizes.extend(map(len, secrets.values())))
    store.must_take(asked)
    store.unlink()
    assert (sizes, store.names()) == ([written], set())


def test_a_key_that_was_just_written_is_not_among_those_that_nobody_touched(
    key_server_url, settings
):
    settings.KEY_STORE_URL = key_server_url
    store = keys.made_store()
    store.write({"one": b"secret"})
    assert (store.names(), store.names(untouched=1)) == ({"one"}, set())
    assert store._idle(b"nothing") == 0


def test_keys_are_untouched_from_the_last_second_on(key_server_url, settings, monkeypatch):
    settings.KEY_STORE_URL = key_server_url
    store = keys.made_store()
    store.write({"59": b"secret", "60": b"secret", "61": b"secret"})
    monkeypatch.setattr(store, "_idle", lambda key: int(key.rpartition(b":")[2]))
    assert store.names(untouched=60) == {"60", "61"}


def test_a_server_that_does_not_say_since_when_it_runs_is_no_fault(tmp_path, settings):
    with started(tmp_path) as (url, _):
        Redis.from_url(url).acl_setuser(
            "site", enabled=True, nopass=True, keys=["*"], commands=NO_INFO.split()
        )
        settings.KEY_STORE_URL = url.replace("//", "//site:any@")
        assert keys.uptime() is None
    assert keys.uptime() is None


def test_the_server_reads_no_secret_and_cannot_hand_out_one_for_another(tmp_path, settings):
    with started(tmp_path) as (settings.KEY_STORE_URL, _):
        lay_key(P, "box", b"first secret of 32 bytes or more")
        lay_key(P, "count", b"other secret of 32 bytes or more")
        server = Redis.from_url(settings.KEY_STORE_URL, protocol=2)
        box, count = (
            f"partyreview:{settings.KEY_DIR.name}:{P}.{kind}" for kind in ("box", "count")
        )
        assert b"secret" not in server.get(box)
        assert len(server.get(box)) == 12 + 32 + 16  # nonce, secret, tag
        server.set(box, server.get(count))
        assert (keys.read(P, "box"), keys.read(P, "count")) == (
            None,
            b"other secret of 32 bytes or more",
        )


def test_no_secret_is_ever_in_the_memory_of_the_server(tmp_path, settings):
    secret = os.urandom(256)
    with started(tmp_path) as (settings.KEY_STORE_URL, process):
        lay_key(P, "sign", secret)
        assert keys.read(P, "sign") == secret
        stored = Redis.from_url(settings.KEY_STORE_URL).get(
            f"partyreview:{settings.KEY_DIR.name}:{P}.sign"
        )
        assert found_in(process.pid, {"secret": secret, "stored": stored}) == {"stored"}
        keys.unlink(P, "sign")
        assert found_in(process.pid, {"secret": secret}) == set()


def test_an_application_server_with_another_secret_for_it_finds_no_key(tmp_path, settings):
    with started(tmp_path) as (url, _):
        settings.KEY_STORE_URL = f"{url}#own"
        lay_key(P, "box", b"secret")
        settings.KEY_STORE_URL = f"{url}#other"
        assert keys.read(P, "box") is None
        settings.KEY_STORE_URL = f"{url}#own"
        assert keys.read(P, "box") == b"secret"


# deploy/valkey.conf


def test_the_file_of_deploy_starts_a_server_that_the_program_takes_and_nobody_else_enters(
    tmp_path, settings
):
    with started(tmp_path, config=str(key_servers.deployed(tmp_path))) as (url, process):
        settings.KEY_STORE_URL, of_the_door = key_servers.accounts(url)
        assert (keys.fault(), keys.trouble()) == ("", None)
        for kind in keys.KINDS:
            lay_key(P, kind, b"secret")
        site = Redis.from_url(settings.KEY_STORE_URL, protocol=2)
        assert site.config_get("slowlog-log-slower-than") == {"slowlog-log-slower-than": "-1"}
        for forbidden in (
            "SAVE",
            "BGSAVE",
            "REPLICAOF NO ONE",
            "MONITOR",
            "CONFIG SET save 1",
            "PSYNC ? -1",
            "DUMP x",
        ):
            with pytest.raises(Exception, match="no permissions"):
                site.execute_command(*forbidden.split())
        with pytest.raises(Exception, match="Authentication required"):
            Redis.from_url(url, protocol=2).ping()
        settings.KEY_STORE_URL = of_the_door
        assert keys.fault() == ""
        assert keys.read(P, "box") == b"secret"
        for secret in ("sign", "count"):
            with pytest.raises(PermissionError):
                keys.read(P, secret)
        for change in (lambda: lay_key(P, "box", b"other"), lambda: keys.unlink(P, "box")):
            with pytest.raises(PermissionError):
                change()
        process.terminate()
        process.wait(timeout=20)
    assert {path.name for path in tmp_path.iterdir()} == {"valkey.conf", "log"}


def test_the_file_of_deploy_starts_nothing_until_its_passwords_are_set(tmp_path):
    command = [
        key_servers.PROGRAM,
        str(key_servers.CONFIG),
        "--port",
        str(quiet_port()),
        "--dir",
        str(tmp_path),
    ]
    refused = subprocess.run(command, capture_output=True, timeout=20)
    assert refused.returncode
    assert b"THAY_BANG_SHA256" in refused.stdout + refused.stderr
