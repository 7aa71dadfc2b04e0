"""The demo as a newcomer starts it: links that open, and nothing left behind."""

import re
import signal
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture
def demo():
    """Start the demo with these arguments; gives the process and the text up to the QR code."""
    started = []

    def start(*arguments: str) -> tuple[subprocess.Popen[str], str]:
        command = [sys.executable, "manage.py", "demo", *arguments]
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        lines = iter(process.stdout.readline, "")
        collected = []
        for line in lines:
            collected.append(line)
            if "█" in line:
                break
        return process, "".join(collected)

    yield start
    for process in started:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def addresses(text: str) -> tuple[str, str]:
    """The secretary's link and the address for phones."""
    secretary, _officer, phones, *_many = re.findall(r"https?://\S+", text)
    return secretary, phones


def status(url: str, **headers: str) -> int:
    request = urllib.request.Request(url, headers=headers)  # noqa: S310
    context = ssl._create_unverified_context()  # noqa: S323 - made on the spot, vouched for by nobody
    try:
        with urllib.request.urlopen(request, context=context, timeout=20) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.slow
def test_demo_opens_both_links_and_leaves_nothing_behind(demo):
    process, printed = demo()
    assert "trước giờ họp" in printed
    link, phones = addresses(printed)
    assert status(link) == 200
    assert status(phones) == 200
    assert status(phones, Host="may3.localhost") == 200
    folder = Path(settings.BASE_DIR, "var", "demo", str(process.pid))
    assert (folder / "partyreview.sqlite3").exists()
    process.send_signal(signal.SIGINT)
    assert "Đã dừng" in process.communicate(timeout=30)[0]
    assert process.returncode == 0
    assert not folder.exists()


@pytest.mark.slow
def test_demo_for_phones_in_the_room_serves_https_and_explains_http(demo):
    _process, printed = demo("127.0.0.1")
    link, phones = addresses(printed)
    assert link.startswith("https://127.0.0.1:")
    assert status(link) == 200
    assert phones.startswith("http://127.0.0.1:")
    assert status(phones) == 426
    assert status(f"{phones}phieu/") == 426
