"""The files of deploy/ are taken by the programs they are for, and keep what the secret ballot asks of them."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from redis import Redis

from ballots.secret import keys
from ballots.service.certificates import Certificate, checked
from tests.deploy.units import DEPLOY, SYSTEMD, placed, read
from tests.kit.key_servers import CONFIG, PROGRAM, key_server
from tests.kit.ports import quiet_port
from tests.kit.processes import until

UNITS = sorted(path.name for path in SYSTEMD.glob("kiemdiem*.*") if path.suffix != ".example")
SERVICES = [name for name in UNITS if name.endswith(".service")]
# Of the program itself: https, its certificate and the store of keys are other people's programs.
OURS = [
    name for name in SERVICES if not any(word in name for word in ("proxy", "keys", "certificate"))
]
# What deploy/keys.sh puts in its place.
KEYS = "/usr/local/lib/kiemdiem-keys/server"
NIGHTLY = "/usr/local/sbin/kiemdiem-keys"
PLACES = {KEYS: Path(PROGRAM), NIGHTLY: DEPLOY / "keys.sh"}
WATCH = "of-the-watch"


def test_systemd_takes_every_unit(tmp_path):
    for name in UNITS:
        (tmp_path / name).write_text(placed((SYSTEMD / name).read_text("utf-8"), PLACES), "utf-8")
    command = ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in UNITS)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def test_the_target_starts_every_service_and_the_backup_by_its_hour():
    (wanted,) = read("kiemdiem.target").all("Wants")
    by_timer = {name.replace(".timer", ".service") for name in UNITS if name.endswith(".timer")}
    keys = {name for name in UNITS if "keys" in name}
    assert (set(wanted.split()) | by_timer) - keys == {*UNITS} - keys - {"kiemdiem.target"}


def test_the_store_of_keys_goes_on_when_the_program_is_stopped_or_started_anew():
    keys = read("kiemdiem-keys.service")
    assert (keys.all("PartOf"), keys.all("WantedBy")) == ([], ["multi-user.target"])
    assert "kiemdiem-keys" not in read("kiemdiem.target").all("Wants")[0]
    assert ("MemorySwapMax", "0") in keys.lines
    for name in ("site", "door", "worker"):
        assert "kiemdiem-keys.service" in read(f"kiemdiem-{name}.service").all("After")[0]


def configured(folder: Path) -> Path:
    """deploy/valkey.conf, for an account of which every password is the same."""
    (folder / "watch").write_text(WATCH)
    digest = subprocess.check_output(["sha256sum"], input=WATCH.encode()).decode().split()[0]
    text = re.sub(r"#THAY_BANG_SHA256(_CUA_CUA)?\b", f"#{digest}", CONFIG.read_text("utf-8"))
    config = folder / "valkey.conf"
    own = re.search(r"^user partyreview_watch .*$", (DEPLOY / "keys.sh").read_text("utf-8"), re.M)
    config.write_text(text + own[0].replace('$(digest "$watch")', digest) + "\n")
    return config


def nightly(folder: Path) -> int:
    """What the condition of the nightly service answers beside the store in this folder."""
    (line,) = read("kiemdiem-keys-nightly.service").all("ExecCondition")
    environ = os.environ | {
        "KEY_SOCKET": str(folder / "socket"),
        "KEY_WATCH": str(folder / "watch"),
    }
    return subprocess.run(
        placed(line, PLACES).split(), env=environ, capture_output=True, check=False
    ).returncode


@pytest.mark.key_server
def test_the_store_starts_as_its_unit_says_and_is_restarted_at_night_only_without_the_key_of_a_poll(
    folder,
):
    assert nightly(folder) == 255  # a failure, not a quiet night
    unit = read("kiemdiem-keys.service")
    config = configured(folder)
    options = unit.command({}, {"/etc/kiemdiem": folder, "/run/kiemdiem-keys": folder, **PLACES})
    assert options[:2] == [PROGRAM, str(config)]
    with key_server(folder, *options[2:], config=str(config)) as (url, _):
        site = Redis.from_url(url.replace("//", f"//partyreview:{WATCH}@"), protocol=2)
        assert nightly(folder) == 0
        site.set("partyreview:one:generation", b"a mark for workers")
        assert nightly(folder) == 0
        for kind in ("sign", "box", "count"):
            site.set(f"partyreview:one:abc.{kind}", b"covered")
            assert nightly(folder) == 1
            site.delete(f"partyreview:one:abc.{kind}")
        assert nightly(folder) == 0
        site.close()


def keys_configured(folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """What deploy/keys.sh writes for 127.0.0.1, into this folder."""
    return subprocess.run(
        ["bash", str(DEPLOY / "keys.sh"), "configure", "127.0.0.1"],
        env=os.environ | {"ETC": str(folder), **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def told(folder: Path) -> list[str]:
    """The addresses for the site and for the door, as the store's machine prints them."""
    text = (folder / "key-store.env").read_text("utf-8")
    return re.findall(r"^(?:DOOR_)?KEY_STORE_URL=(.+)$", text, re.M)


@pytest.mark.key_server
@pytest.mark.parametrize("tls", ["", "on"])
def test_site_and_door_are_let_in_by_the_addresses_that_the_script_prints(tls, folder, settings):
    assert keys_configured(folder, KEY_TLS=tls).returncode == 0
    config = folder / "valkey.conf"
    assert ("\nport 0\n" in config.read_text("utf-8")) == bool(
        tls
    )  # nobody is answered in the clear
    plain, encrypted = quiet_port(), quiet_port()
    listen = ["--tls-port", str(encrypted)] if tls else []
    with key_server(folder, *listen, port=plain, config=str(config)):
        for url in told(folder):
            assert url.startswith("rediss:" if tls else "redis:")
            settings.KEY_STORE_URL = url.replace(":6379", f":{encrypted if tls else plain}")
            assert until(lambda: keys.fault() == "")


def test_the_words_of_a_store_of_keys_are_drawn_once_and_tls_is_not_added_to_them(folder):
    keys_configured(folder)
    first = told(folder)
    assert keys_configured(folder).returncode == 0
    assert told(folder) == first
    refused = keys_configured(folder, KEY_TLS="on")
    assert (refused.returncode, "không có TLS" in refused.stderr) == (1, True)
    assert told(folder) == first
    assert "KEY_TLS chỉ nhận" in keys_configured(folder, KEY_TLS="yes").stderr


def renewed(folder: Path) -> bytes:
    """The certificate after its unit has run, in an installation of this folder."""
    command = read("kiemdiem-certificate.service").command({}, {})
    environ = os.environ | {"ETC": str(folder)}
    subprocess.run(command, env=environ, check=True, capture_output=True)
    return (folder / "tls" / "fullchain.pem").read_bytes()


def test_a_certificate_of_our_own_is_made_anew_in_its_last_month_and_for_another_name(tmp_path):
    (tmp_path / "tls").mkdir()
    names = tmp_path / "kiemdiem.env"
    names.write_text("ALLOWED_HOSTS=192.168.1.20\n")
    first = renewed(tmp_path)
    own = Certificate(*(tmp_path / "tls" / f"{name}.pem" for name in ("fullchain", "privkey")))
    assert checked(own, "192.168.1.20") == own
    assert renewed(tmp_path) == first
    names.write_text("ALLOWED_HOSTS=hop.xa.example\n")
    second = renewed(tmp_path)
    assert checked(own, "hop.xa.example") == own
    asked = ["openssl", "req", "-x509", "-key", str(own.key), "-days", "29", "-subj", "/CN=x"]
    names_it = ["-addext", "subjectAltName=DNS:hop.xa.example"]
    near = subprocess.run([*asked, *names_it], check=True, capture_output=True).stdout
    (tmp_path / "tls" / "own.pem").write_bytes(near)
    assert renewed(tmp_path) not in (near, second)
    assert sorted(path.name for path in (tmp_path / "tls").iterdir()) == [
        "fullchain.pem",
        "own-key.pem",
        "own.pem",
        "privkey.pem",
    ]


def test_a_certificate_that_was_bought_is_never_touched(tmp_path):
    (tmp_path / "tls").mkdir()
    (tmp_path / "kiemdiem.env").write_text("ALLOWED_HOSTS=hop.xa.example\n")
    (tmp_path / "bought.pem").write_text("near its end")
    (tmp_path / "tls" / "fullchain.pem").symlink_to(tmp_path / "bought.pem")
    assert renewed(tmp_path) == b"near its end"


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_leaves_no_core_file_and_gains_no_right(name):
    lines = read(name).lines
    for line in (("LimitCORE", "0"), ("NoNewPrivileges", "yes"), ("ProtectSystem", "strict")):
        assert line in lines


@pytest.mark.parametrize("name", OURS)
def test_a_service_keeps_the_folder_of_keys_which_site_and_door_share(name):
    lines = read(name).lines
    for line in (
        ("User", "kiemdiem"),
        ("RuntimeDirectory", "kiemdiem"),
        ("RuntimeDirectoryMode", "0700"),
        ("RuntimeDirectoryPreserve", "yes"),
    ):
        assert line in lines


def test_the_door_reads_no_word_of_the_site():
    (door,), (site,) = (
        [path for path in read(f"kiemdiem-{name}.service").all("EnvironmentFile") if name in path]
        for name in ("door", "site")
    )
    assert door != site
    examples = [
        dict(
            re.findall(r"^(\w+)=(.+)$", (SYSTEMD / f"{name}.env.example").read_text("utf-8"), re.M)
        )
        for name in ("door", "site")
    ]
    assert [key for key in examples[0] if examples[0][key] == examples[1][key]] == []


@pytest.mark.parametrize(
    "name", ["install.sh", "bundle.sh", "keys.sh", "certificate.sh", "kiemdiem"]
)
def test_a_shell_reads_the_scripts(name):
    assert subprocess.run(["bash", "-n", str(DEPLOY / name)], check=False).returncode == 0
