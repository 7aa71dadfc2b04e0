"""A person who does not give up: what was not answered is asked again, as phones and people do."""

import time
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any

from ballots.demo.rehearsal.browser import FORM, Answer, Browser, Stopped

PATIENCE = 120  # seconds after which a person would call for help
PAUSE = 0.05


class Patient(Browser):
    """A browser whose user reloads a page that did not come, and presses again what is still there to be pressed."""

    _opened = "/"

    def open(self, address: str) -> "Browser":
        """Open a page, and remember where to come back to: not to the answer of a press."""
        self._opened = address
        try:
            return super().open(address)
        except Stopped as stopped:
            if not _is_passing(str(stopped)):
                raise
        return super().open(
            address
        )  # the sentence of a press that had been done is read, and gone

    def _send(self, address: str, body: bytes | None = None, **headers: str) -> Answer:
        if body is not None and headers.get("Content-Type") != "application/octet-stream":
            return super()._send(address, body, **headers)
        return self._insist(address, body, **headers)

    def _insist(self, address: str, body: bytes | None, **headers: str) -> Answer:
        """What may be asked twice: a page, and whatever a phone sends."""
        last = time.monotonic() + PATIENCE
        while True:
            try:
                answer = super()._send(address, body, **headers)
                if answer.status < 500 or time.monotonic() > last:
                    return answer
            except (OSError, HTTPException):
                if time.monotonic() > last:
                    raise
            self._rest()

    def do(self, verb: str, where: Mapping[str, Any] | None = None, **fields: Any) -> "Browser":
        """Press; where no answer comes, look at the page again, and press if the button is still there."""
        last = time.monotonic() + PATIENCE
        while True:
            try:
                super().do(verb, where, **fields)
                self.response  # noqa: B018 - to be fetched
                return self
            except Stopped as stopped:
                if not _is_passing(str(stopped)) or time.monotonic() > last:
                    raise
            except (OSError, HTTPException):
                if time.monotonic() > last:
                    raise
            self._rest()
            self.open(self._opened)
            if not self._shows(verb, where or {}):
                return self

    def ask(self, path: str, body: bytes | None = None, json: object = None) -> Answer:
        """The same for what scripts send; a refusal that asks to try again is none."""
        last = time.monotonic() + PATIENCE
        while True:
            try:
                return super().ask(path, body, json)
            except Stopped as stopped:
                if not _is_passing(str(stopped)) or time.monotonic() > last:
                    raise
            except (OSError, HTTPException):
                if time.monotonic() > last:
                    raise
            self._rest()

    def _rest(self) -> None:
        """A moment, and a new line to the server: the old one may be in the midst of an answer that never comes."""
        self._line.close()
        time.sleep(PAUSE)

    def _shows(self, verb: str, where: Mapping[str, Any]) -> bool:
        wanted = {(name, str(value)) for name, value in where.items()}
        return any(wanted <= set(form.form_values()) for form in self.page.xpath(FORM, verb=verb))


def _is_passing(sentence: str) -> bool:
    """Whether it asks to try again, or is an answer of a server that just then had no database."""
    asks = ("bấm lại", "thử lại", "Xin tải lại trang", "lỗi 50")
    return any(words in sentence for words in asks)
