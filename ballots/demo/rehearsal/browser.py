"""A person at a browser, without the browser: opens pages, presses the buttons they really show."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import lxml.html
import requests
from lxml.html import FormElement, HtmlElement


class Stopped(Exception):
    """The product refused a step; the message is the sentence it showed."""


class Browser:
    """One person's session with the site at `base`; cookies are kept as a browser keeps them."""

    def __init__(self, base: str) -> None:
        """`base`: scheme, host and port of the running server."""
        self.base = base
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = not base.startswith("https://127.0.0.1")
        self._response = requests.Response()
        self._page: HtmlElement = lxml.html.fromstring("<html></html>")
        self._next = ""

    def open(self, address: str) -> "Browser":
        """Open a page by address or path; Stopped when it is not there or failed."""
        self._next = ""
        return self._take(self.session.get(self._absolute(address), timeout=60))

    @property
    def response(self) -> requests.Response:
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
        headers = {"Referer": self.response.url}
        answer = self.session.post(
            action, data=data, headers=headers, timeout=120, allow_redirects=False
        )
        if not answer.is_redirect:
            return self._take(answer)
        self._next = self._absolute(answer.headers["Location"])
        return self

    def has(self, verb: str) -> bool:
        """Whether the page shows such a form."""
        return bool(self.page.xpath(FORM, verb=verb))

    def keys(self, verb: str, name: str) -> list[str]:
        """What stands before "-name" in the names of the page's forms data-do=`verb`, in page order."""
        forms = self.page.xpath(FORM, verb=verb)
        names = (str(field).partition("-") for form in forms for field, _ in form.form_values())
        return [key for key, _, of in names if of == name]

    def ask(self, path: str, body: bytes | None = None, **options: Any) -> requests.Response:
        """Send what a script of the page sends: bytes as octet-stream, or JSON by `json=`; Stopped if refused."""
        if body is not None:
            options |= {"data": body, "headers": {"Content-Type": "application/octet-stream"}}
        token = self.session.cookies.get("csrftoken")
        if token and "json" in options:
            options["headers"] = {"X-CSRFToken": token, "Referer": self._absolute(path)}
        response = self.session.post(self._absolute(path), timeout=60, **options)
        if not response.ok:
            raise Stopped(_refusal(response))
        return response

    def _absolute(self, address: str) -> str:
        return requests.compat.urljoin(self._response.url or self.base + "/", address)

    def _form(self, verb: str, where: Mapping[str, Any]) -> FormElement:
        wanted = {(name, str(value)) for name, value in where.items()}
        for form in self.page.xpath(FORM, verb=verb):
            if wanted <= set(form.form_values()):
                return form
        raise Stopped(f"Trang {self.response.url} không có nút “{verb}”.")

    def _take(self, response: requests.Response) -> "Browser":
        self._response = response
        if not response.ok and response.status_code not in (409, 422):
            raise Stopped(f"{response.url}: {_refusal(response)}")
        if "html" not in response.headers.get("Content-Type", ""):
            return self
        self._page = lxml.html.fromstring(response.content.decode() or "<html></html>")
        errors = [_sentence(e) for e in self._page.xpath(f"//*[{ERRORS}]")]
        if errors:
            raise Stopped(" ".join(errors))
        return self


FORM = "//form[@data-do=$verb]"
# A refusal stands in a message, or beside the field it is about.
ERRORS = " or ".join(
    f"contains(concat(' ', @class, ' '), ' {name} ')"
    for name in ("notice-error", "wrong", "invalid-feedback", "errorlist")
)


def _sentence(element: HtmlElement) -> str:
    return re.sub(r"\s+", " ", element.text_content()).strip()


def _refusal(response: requests.Response) -> str:
    if "json" in response.headers.get("Content-Type", ""):
        return str(response.json().get("error", response.status_code))
    return f"lỗi {response.status_code}"


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
