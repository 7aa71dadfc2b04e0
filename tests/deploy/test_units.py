"""The files of deploy/ are taken by the programs they are for, and keep what the secret ballot asks of them."""

import re
import subprocess
from pathlib import Path

import pytest

from ballots.demo import serving
from tests.deploy.units import DEPLOY, SYSTEMD, placed, read

UNITS = sorted(path.name for path in SYSTEMD.glob("kiemdiem*.*") if path.suffix != ".example")
SERVICES = [name for name in UNITS if name.endswith(".service")]
OURS = [name for name in SERVICES if "proxy" not in name]


def test_systemd_takes_every_unit(tmp_path):
    for name in UNITS:
        (tmp_path / name).write_text(placed((SYSTEMD / name).read_text("utf-8"), {}), "utf-8")
    command = ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in UNITS)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def test_the_target_starts_every_service_and_the_backup_by_its_hour():
    (wanted,) = read("kiemdiem.target").all("Wants")
    by_timer = {name.replace(".timer", ".service") for name in UNITS if name.endswith(".timer")}
    assert set(wanted.split()) | by_timer == {*UNITS} - {"kiemdiem.target"}


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


def proxy(folder: Path, port: int, plain: int) -> Path:
    """The configuration of the proxy as it would stand, with a certificate, in this folder."""
    for name in ("tls", "proxy", "cache"):
        (folder / name).mkdir()
    certificate = serving.make_certificate("127.0.0.1", folder)
    places = {
        "/etc/kiemdiem/tls/fullchain.pem": certificate,
        "/etc/kiemdiem/tls/privkey.pem": certificate,
        "/etc/kiemdiem": folder,
        "/run/kiemdiem-proxy": folder,
        "/var/cache/kiemdiem-proxy": folder / "cache",
    }
    for name in ("listen.conf", "upstreams.conf"):
        text = (DEPLOY / "proxy" / name).read_text("utf-8")
        (folder / "proxy" / name).write_text(here(text, port, plain), "utf-8")
    text = placed((DEPLOY / "proxy" / "nginx.conf").read_text("utf-8"), places)
    (folder / "nginx.conf").write_text(here(text, port, plain), "utf-8")
    return folder / "nginx.conf"


def here(text: str, port: int, plain: int) -> str:
    """On loopback, at these ports."""
    text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.M)
    text = re.sub(r"\blisten 443\b", f"listen 127.0.0.1:{port}", text)
    return re.sub(r"\blisten 80\b", f"listen 127.0.0.1:{plain}", text)


def test_nginx_takes_the_proxy(tmp_path):
    path = proxy(tmp_path, serving.free_port(), serving.free_port())
    result = subprocess.run(
        ["/usr/sbin/nginx", "-t", "-q", "-c", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_the_proxy_writes_no_line_about_a_request_and_lets_no_name_of_a_visitor_to_the_door():
    text = re.sub(r"#.*", "", (DEPLOY / "proxy" / "nginx.conf").read_text("utf-8"))
    assert re.findall(r"access_log +([^;]+);", text) == ["off"]
    servers = text.split("server {")[1:]
    assert all("error_log /dev/null emerg;" in server for server in servers)
    (door,) = re.findall(r"location ~ \^/\(hom\|phieu\)/ \{(.*?)\}", text, re.S)
    assert "proxy_pass_request_headers off;" in door
    told = set(re.findall(r"proxy_set_header ([\w-]+)", door))
    assert told == {"Host", "Content-Type", "Accept-Encoding", "X-Forwarded-Proto"}


@pytest.mark.parametrize("name", ["install.sh", "bundle.sh", "kiemdiem"])
def test_a_shell_reads_the_scripts(name):
    assert subprocess.run(["bash", "-n", str(DEPLOY / name)], check=False).returncode == 0
