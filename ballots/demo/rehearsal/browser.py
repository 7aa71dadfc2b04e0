"""A person at a browser, without the browser: opens pages, presses the buttons they really show."""

import functools
import re
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.cookiejar import CookieJar
from json import dumps, loads
from threading import Lock
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import Request

import lxml.html
from lxml.html import FormElement, HtmlElement

from ballots.demo.serving import is_this_machine

FORM_TYPE = "application/x-www-form-urlencoded"
MOST_REDIRECTS = 10
# Seconds for an answer: more than the papers of a meeting take on a machine that is busy.
PATIENCE = 120


class Stopped(Exception):
    """The product refused a step; the message is the sentence it showed."""


@dataclass(frozen=True)
class Answer:
    """What came back from `url`, whatever its status."""

    url: str
    status: int = 200
    headers: Message = field(default_factory=Message)
    content: bytes = b""

    @property
    def is_ok(self) -> bool:
        """Whether it is what was asked for: no refusal, no failure, no other address."""
        return self.status < 300

    @property
    def text(self) -> str:
        """The content as UTF-8, as all pages of the site are written."""
        return self.content.decode()

    @property
    def location(self) -> str:
        """The address that is to be fetched instead; "" for an answer that stands for itself."""
        target = self.headers["Location"] if 300 <= self.status < 400 else None
        return urljoin(self.url, target) if target else ""

    def json(self) -> Any:
        """The content read as JSON."""
        return loads(self.content)


class Browser:
    """One person's session with the site at `base`; cookies are kept as a browser keeps them."""

    def __init__(self, base: str) -> None:
        """`base`: scheme, host and port of the running server."""
        self.base = base
        self.cookies = CookieJar()
        self._line, self._one_by_one = _line_to(base), Lock()
        self._response = Answer(base + "/")
        self._page: HtmlElement = lxml.html.fromstring("<html></html>")
        self._next = ""

    def open(self, address: str) -> "Browser":
        """Open a page by address or path; Stopped when it is not there or failed."""
        self._next = ""
        target = self._absolute(address)
        for _ in range(MOST_REDIRECTS):
            answer = self._send(target)
            if not answer.location:
                return self._take(answer)
            target = answer.location
        raise Stopped(f"{target}: máy chủ chuyển địa chỉ mãi không dừng.")

    @property
    def response(self) -> Answer:
        """What came last; the page that the last button led to is fetched when it is first looked at."""
        if self._next:
            self.open(self._next)
        return self._response

    @property
    def page(self) -> HtmlElement:
        """The page of `response`, or the one before it where that was no page."""
        self.response  # noqa: B018 - to be fetched
        return self._page

    def do(self, verb: str, where: Mapping[str, Any] | None = None, **fields: Any) -> "Browser":
        """Submit the page's form data-do=`verb`: the first, or the one whose hidden values are `where`.

        `fields` replace what the form already holds; a list gives a name several values. Stopped with the
        product's sentence when it refuses, at the latest when the next page shows it.
        """
        form = self._form(verb, where or {})
        data = _filled(form, fields)
        action = self._absolute(form.get("action") or self.response.url)
        headers = {"Content-Type": FORM_TYPE, "Referer": self.response.url}
        answer = self._send(action, urlencode(data).encode(), **headers)
        if not answer.location:
            return self._take(answer)
        self._next = answer.location
        return self

    def has(self, verb: str) -> bool:
        """Whether the page shows such a form."""
        return bool(self.page.xpath(FORM, verb=verb))

    def forms(self, verb: str, where: Mapping[str, Any]) -> list[FormElement]:
        """The page's forms data-do=`verb` whose hidden values are `where`."""
        wanted = {(name, str(value)) for name, value in where.items()}
        forms = self.page.xpath(FORM, verb=verb)
        return [form for form in forms if wanted <= set(form.form_values())]

    def keys(self, verb: str, name: str) -> list[str]:
        """What stands before "-name" in the names of the page's forms data-do=`verb`, in page order."""
        forms = self.page.xpath(FORM, verb=verb)
        names = (str(field).partition("-") for form in forms for field, _ in form.form_values())
        return [key for key, _, of in names if of == name]

    def ask(self, path: str, body: bytes | None = None, json: object = None) -> Answer:
        """Send what a script of the page sends: bytes as octet-stream, or JSON by `json=`; Stopped if refused."""
        address = self._absolute(path)
        kind = "application/json" if body is None else "application/octet-stream"
        headers = {"Content-Type": kind}
        token = next((c.value for c in self.cookies if c.name == "csrftoken"), None)
        if token:
            headers |= {"X-CSRFToken": token, "Referer": address}
        answer = self._send(address, dumps(json).encode() if body is None else body, **headers)
        if not answer.is_ok:
            raise Stopped(refusal(answer))
        return answer

    def _send(self, address: str, body: bytes | None = None, **headers: str) -> Answer:
        """Get, or post a body; the answer is not followed anywhere. OSError when there is no server."""
        request = Request(address, body, headers)  # noqa: S310 - for the cookies alone
        self.cookies.add_cookie_header(request)
        with self._one_by_one:
            response = self._exchange(request)
            content = response.read()
        self.cookies.extract_cookies(response, request)
        return Answer(address, response.status, response.headers, content)

    def _exchange(self, request: Request) -> HTTPResponse:
        """Ask on the line that is open, and again where the server has ended that since, as a browser does."""
        was_open = self._line.sock is not None
        try:
            return self._ask_once(request)
        except (ConnectionError, ssl.SSLEOFError):  # https may be ended without its last word
            self._line.close()
            if not was_open:
                raise
            return self._ask_once(request)

    def _ask_once(self, request: Request) -> HTTPResponse:
        self._line.request(
            request.get_method(), request.selector, request.data, dict(request.header_items())
        )
        return self._line.getresponse()

    def _absolute(self, address: str) -> str:
        return urljoin(self._response.url, address)

    def _form(self, verb: str, where: Mapping[str, Any]) -> FormElement:
        for form in self.forms(verb, where):
            return form
        raise Stopped(f"Trang {self.response.url} không có nút “{verb}”.")

    def _take(self, response: Answer) -> "Browser":
        self._response = response
        if not response.is_ok and response.status not in (409, 422):
            raise Stopped(f"{response.url}: {refusal(response)}")
        if "html" not in response.headers.get("Content-Type", ""):
            return self
        self._page = lxml.html.fromstring(response.content.decode() or "<html></html>")
        errors = [_sentence(e) for e in self._page.xpath(f"//*[{ERRORS}]")]
        if errors:
            raise Stopped(" ".join(errors))
        return self


def _line_to(base: str) -> HTTPConnection:
    """A connection to the server, opened with the first question."""
    parts = urlsplit(base)
    if parts.scheme == "https":
        own = is_this_machine(parts.hostname or "")
        return HTTPSConnection(parts.netloc, timeout=PATIENCE, context=_trust(own))
    return HTTPConnection(parts.netloc, timeout=PATIENCE)


@functools.cache
def _trust(own: bool) -> ssl.SSLContext:
    """Who must have vouched for a server; an installation may sign for this very machine itself."""
    return ssl._create_unverified_context() if own else ssl.create_default_context()  # noqa: S323


FORM = "//form[@data-do=$verb]"
# A refusal stands in a message, or beside the field it is about.
ERRORS = " or ".join(
    f"contains(concat(' ', @class, ' '), ' {name} ')"
    for name in ("notice-error", "wrong", "invalid-feedback", "errorlist")
)


def _sentence(element: HtmlElement) -> str:
    return re.sub(r"\s+", " ", element.text_content()).strip()


def refusal(response: Answer) -> str:
    """Why the answer refuses: the sentence that a script is told, else its status in words."""
    if "json" in response.headers.get("Content-Type", ""):
        return str(response.json().get("error", response.status))
    return f"lỗi {response.status}"


def _filled(form: FormElement, fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The form's own values with the given ones in their place, as a browser would send them."""
    # A chosen radio button of the value "" is sent empty; lxml would make it "on".
    empty = {e.get("name") for e in form.xpath(".//input[@type='radio'][@checked][@value='']")}
    own = ((name, "" if name in empty else str(value)) for name, value in form.form_values())
    untouched = [(name, value) for name, value in own if name not in fields]
    filled = [
        (name, str(value))
        for name, values in fields.items()
        for value in (
            values if isinstance(values, Iterable) and not isinstance(values, str) else [values]
        )
    ]
    return untouched + filled
