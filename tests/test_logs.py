"""What the log and the operator's e-mail tell of an error: kind and place, not a word that somebody typed."""

import json
import logging
import sys

import pytest
from django.core import mail

from partyreview import logs

TYPED = "Nguyễn Thị Hạnh 0912345678"


def record_of(error: Exception | None, message: str = "%s: %s", name: str = "django.request"):
    info = None
    if error is not None:
        try:
            raise error
        except Exception:  # noqa: BLE001 - whatever the table says
            info = sys.exc_info()
    return logging.LogRecord(name, logging.ERROR, "x.py", 1, message, (TYPED, TYPED), info)


@pytest.mark.parametrize(
    ("error", "message", "name"),
    [
        (ValueError(TYPED), "%s: %s", "django.request"),
        (None, "%s and %s", "django"),
        (KeyError(TYPED), f"cannot read {TYPED} %s %s", "some.package"),
    ],
)
def test_a_line_is_json_without_what_somebody_typed(error, message, name):
    line = logs.JsonLine().format(record_of(error, message, name))
    told = json.loads(line)
    assert "Hạnh" not in line
    assert "0912" not in line
    assert told["level"] == "ERROR"
    if error is not None:
        assert told["error"] == f"builtins.{type(error).__name__}"
        assert told["place"][-1].startswith("tests/test_logs.py:")


@pytest.fixture
def sent(settings, monkeypatch):
    """Errors that are sent by e-mail, at once instead of by a thread."""

    class AtOnce:
        def __init__(self, target, args) -> None:
            self.start = lambda: target(*args)

    monkeypatch.setattr(logs.threading, "Thread", AtOnce)
    settings.ERROR_MAIL = "quan-tri@example.vn"
    return logs.Mail()


def test_the_operator_is_sent_each_error_once_an_hour(sent, monkeypatch):
    monkeypatch.setattr(logs.time, "monotonic", lambda: 1000.0)
    for error in (ValueError(TYPED), ValueError("another text"), KeyError(TYPED)):
        sent.emit(record_of(error))
    assert [message.subject for message in mail.outbox] == [
        "Lỗi máy chủ: builtins.ValueError",
        "Lỗi máy chủ: builtins.KeyError",
    ]
    assert mail.outbox[0].to == ["quan-tri@example.vn"]
    assert "Hạnh" not in mail.outbox[0].body
    monkeypatch.setattr(logs.time, "monotonic", lambda: 1000.0 + logs.QUIET)
    sent.emit(record_of(ValueError(TYPED)))
    assert len(mail.outbox) == 3


def test_nobody_is_sent_anything_where_no_address_is_set(sent, settings):
    settings.ERROR_MAIL = ""
    sent.emit(record_of(ValueError(TYPED)))
    assert not mail.outbox


def test_a_mail_server_that_is_not_there_breaks_nothing(sent, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    sent.emit(record_of(ValueError(TYPED)))
