"""`make serve` for somebody who has never seen it: from an empty folder to the minutes of a meeting, in Chromium."""

import os
import re
import sys

import pytest
from django.conf import settings

from tests.deploy import walk
from tests.deploy.machines import started
from tests.kit.ports import quiet_port
from tests.kit.processes import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ON_POSTGRESQL = "postgresql" in settings.DATABASES["default"]["ENGINE"]
CODE = re.compile(r"^ +(\w{4}-\w{4}-\w{4})$", re.M)


if not ON_POSTGRESQL:  # it has a SQLite of its own, and once is enough

    def test_an_empty_machine_holds_a_meeting_by_what_terminal_and_pages_say(folder, browser):
        port = str(quiet_port())
        command = [sys.executable, "manage.py", "serve", "--host", "127.0.0.1", "--port", port]
        environ = dict(os.environ) | {"VAR_DIR": str(folder)}
        terminal = folder / "terminal"
        with started(command, environ, terminal) as server:
            assert until(lambda: CODE.search(terminal.read_text()) or server.poll(), 150)
            (url,) = re.findall(r"mở (\S+)/ rồi gõ mã này", terminal.read_text())
            (code,) = CODE.findall(terminal.read_text())
            with walk.windows(browser, url) as window:
                minutes = walk.walk(window, url, code)
        assert walk.holds(minutes)
        assert "Đã dừng." in terminal.read_text()
