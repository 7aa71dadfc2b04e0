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
        self.response = requests.Response()
        self.page: HtmlElement = lxml.html.fromstring("<html></html>")

    def open(self, address: str) -> "Browser":
        """Open a page by address or path; Stopped when it is not there or failed."""
        return self._take(self.session.get(self._absolute(address), timeout=60))

    def do(self, verb: str, of: str = "", **fields: Any) -> "Browser":
        """Submit the page's form data-do=`verb`, the one whose data-of is `of` where there are several.

        `fields` replace what the form already holds; a list gives a name several values. Stopped with the
        product's sentence when it refuses.
        """
        form = self._form(verb, of)
        data = _filled(form, fields)
        action = self._absolute(form.get("action") or self.response.url)
        headers = {"Referer": self.response.url}
        return self._take(self.session.post(action, data=data, headers=headers, timeout=120))

    def has(self, verb: str, of: str = "") -> bool:
        """Whether the page shows that form."""
        return bool(self._forms(verb, of))

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

    def text_of(self, attribute: str) -> str:
        """The text of the first element that carries this data attribute."""
        found = self.page.xpath(f"//*[@data-{attribute}]")
        return " ".join(found[0].text_content().split()) if found else ""

    def _absolute(self, address: str) -> str:
        return requests.compat.urljoin(self.response.url or self.base + "/", address)

    def _forms(self, verb: str, of: str) -> list[FormElement]:
        forms = self.page.xpath(f"//form[@data-do='{verb}']")
        return [form for form in forms if not of or form.get("data-of") == of]

    def _form(self, verb: str, of: str) -> FormElement:
        forms = self._forms(verb, of)
        if not forms:
            raise Stopped(f"Trang {self.response.url} không có việc “{verb}” {of}".strip() + ".")
        return forms[0]

    def _take(self, response: requests.Response) -> "Browser":
        self.response = response
        if not response.ok and response.status_code != 409:
            raise Stopped(f"{response.url}: {_refusal(response)}")
        if "html" not in response.headers.get("Content-Type", ""):
            return self
        self.page = lxml.html.fromstring(response.content.decode() or "<html></html>")
        errors = [_sentence(e) for e in self.page.xpath(f"//*[{ERRORS}]")]
        if errors:
            raise Stopped(" ".join(errors))
        return self


# A refusal stands in a message, or beside the field it is about.
ERRORS = " or ".join(
    f"contains(concat(' ', @class, ' '), ' {name} ')"
    for name in ("alert-danger", "invalid-feedback", "errorlist")
)


def _sentence(element: HtmlElement) -> str:
    return re.sub(r"\s+", " ", element.text_content()).strip()


def _refusal(response: requests.Response) -> str:
    if "json" in response.headers.get("Content-Type", ""):
        return str(response.json().get("error", response.status_code))
    return f"lỗi {response.status_code}"


def _filled(form: FormElement, fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The form's own values with the given ones in their place, as a browser would send them."""
    kept = [(name, str(value)) for name, value in form.form_values() if name not in fields]
    given = [
        (name, str(value))
        for name, values in fields.items()
        for value in (
            values if isinstance(values, Iterable) and not isinstance(values, str) else [values]
        )
    ]
    return kept + given
