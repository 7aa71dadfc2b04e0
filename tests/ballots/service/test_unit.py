"""The unit that `serve --unit` prints is one that systemd takes, and keeps what a poll needs."""

import os
import shutil
import subprocess
import sys

import pytest
from django.conf import settings

from ballots.service import unit

HOSTILE = "/srv/chi bộ 4/100% $HOME\\"


def printed(kind: str, port: int = 8443, folder: str = "/srv") -> str:
    command = [sys.executable, f"{folder}/manage.py"]  # as `serve --unit` does
    return unit.text(kind, "/srv", command, {"VAR_DIR": folder}, folder, "kiemdiem", port)


@pytest.mark.parametrize("kind", [unit.SYSTEM, unit.USER])
def test_unit_keeps_the_keys_and_starts_again(kind):
    lines = printed(kind).splitlines()
    for line in (
        "Restart=always",
        "RuntimeDirectoryPreserve=yes",
        "LimitMEMLOCK=infinity",
        "LimitCORE=0",
    ):
        assert line in lines
    assert ("User=kiemdiem" in lines) == (kind == unit.SYSTEM)
    assert ("ProtectSystem=strict" in lines) == (kind == unit.SYSTEM)


def test_unit_may_open_a_low_port_only_where_it_has_to():
    assert "AmbientCapabilities=CAP_NET_BIND_SERVICE" in printed(unit.SYSTEM, 443)
    assert "CAP_NET_BIND_SERVICE" not in printed(unit.SYSTEM)


@pytest.mark.parametrize("kind", [unit.SYSTEM, unit.USER])
def test_systemd_takes_the_unit(kind, tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.fail("systemd-analyze is missing: apt-get install systemd")
    path = tmp_path / unit.NAME
    path.write_text(printed(kind, folder=str(settings.BASE_DIR)), "utf-8")
    command = [
        "systemd-analyze",
        "verify",
        "--man=no",
        *(["--user"] * (kind == unit.USER)),
        str(path),
    ]
    environ = dict(os.environ) | {"XDG_RUNTIME_DIR": str(tmp_path)}
    result = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def test_words_of_a_path_reach_the_program_as_they_are():
    assert unit.quoted(HOSTILE, dollar=True) == '"/srv/chi bộ 4/100%% $$HOME\\\\"'
    assert unit.escaped(HOSTILE) == "/srv/chi bộ 4/100%% $HOME\\"
