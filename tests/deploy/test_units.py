"""The files of deploy/ are taken by the programs they are for, and keep what the secret ballot asks of them."""

import re
import subprocess

import pytest

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


@pytest.mark.parametrize("name", ["install.sh", "bundle.sh", "kiemdiem"])
def test_a_shell_reads_the_scripts(name):
    assert subprocess.run(["bash", "-n", str(DEPLOY / name)], check=False).returncode == 0
