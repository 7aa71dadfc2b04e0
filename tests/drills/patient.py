"""A person who does not give up: what was not answered is asked again, as phones and people do."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any, TypeVar

from ballots.demo.rehearsal.browser import Answer, Browser, Stopped, refusal

PAUSE = 0.05
Got = TypeVar("Got")


class Patient(Browser):
    """A browser whose user reloads a page that did not come, and presses again what is still there to be pressed."""

    # What all of them were told instead of an answer, by status or "no answer".
    refused: Counter[str] = Counter()
    patience = 600.0  # seconds after which a person would call for help
    # How often in a row a press came to nothing: whoever strikes leaves more and more time, or nothing would be done.
    in_vain = 0
    _opened = "/"
    # What the page that came last was opened in spite of.
    _was_asked = ""

    def open(self, address: str) -> "Browser":
        """Open a page, and remember where to come back to: not to the answer of a press."""
        self._opened = address
        try:
            return super().open(address)
        except Stopped as stopped:
            if not _is_passing(str(stopped)):
                raise
            self._was_asked = str(stopped)
        # The sentence is read, and gone.
        return super().open(address)

    def _send(self, address: str, body: bytes | None = None, **headers: str) -> Answer:
        """Insist on what may be asked twice: a page, and whatever a phone sends."""
        if body is not None and headers.get("Content-Type") != "application/octet-stream":
            return self._send_once(address, body, **headers)

        def ask() -> Answer:
            answer = self._send_once(address, body, **headers)
            if answer.status >= 500:
                raise Stopped(refusal(answer))
            return answer

        answer = self._insist(ask)
        assert answer is not None
        return answer

    def _send_once(self, address: str, body: bytes | None = None, **headers: str) -> Answer:
        try:
            answer = super()._send(address, body, **headers)
        except (OSError, HTTPException):
            self.refused["no answer"] += 1
            raise
        if answer.status >= 500:
            self.refused[str(answer.status)] += 1
        return answer

    def do(self, verb: str, where: Mapping[str, Any] | None = None, **fields: Any) -> "Browser":
        """Press; where no answer comes, look at the page again, and press if the button is still there."""
        here = self._opened

        def press() -> Browser:
            self._was_asked = ""
            super(Patient, self).do(verb, where, **fields)
            self.response  # noqa: B018 - to be fetched
            if self._was_asked:  # the press was refused for now, or had been done before
                raise Stopped(self._was_asked)
            return self

        def is_left() -> bool:
            self.open(here)
            return bool(self.forms(verb, where or {}))

        self._insist(press, is_left)
        Patient.in_vain = 0
        return self

    def ask(self, path: str, body: bytes | None = None, json: object = None) -> Answer:
        """The same for what scripts send; a refusal that asks to try again is none."""
        answer = self._insist(lambda: super(Patient, self).ask(path, body, json))
        assert answer is not None
        Patient.in_vain = 0
        return answer

    def _insist(
        self, act: Callable[[], Got], is_left: Callable[[], bool] = lambda: True
    ) -> Got | None:
        """Act until it is answered; None where a look at it says that nothing is left to be done."""
        last = time.monotonic() + self.patience
        while True:
            try:
                return act()
            except Stopped as stopped:
                if not _is_passing(str(stopped)) or time.monotonic() > last:
                    raise
            except (OSError, HTTPException):
                if time.monotonic() > last:
                    raise
            Patient.in_vain += 1
            self._rest()
            if not is_left():
                return None

    def _rest(self) -> None:
        """A moment, and a new line to the server: the old one may be in the midst of an answer that never comes."""
        self._line.close()
        time.sleep(PAUSE)


def _is_passing(sentence: str) -> bool:
    """Whether it asks to try again, or is an answer of a server that just then had no database."""
    asks = ("bấm lại", "thử lại", "Xin tải lại trang", "lỗi 50")
    return any(words in sentence for words in asks)
