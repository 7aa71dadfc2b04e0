"""What a browser says that knows no modules; it runs this one script, in old words."""

import re

import quickjs

from tests.kit.scripts import STATIC

SCRIPT = (STATIC / "phone" / "no-modules.js").read_text()
PAGE = """
var parts = [{ name: 'bad', hidden: true }, { name: 'other', hidden: true }], waits = [];
var document = {
  querySelectorAll: function (selector) {
    return parts.filter(function (part) { return selector.indexOf('"' + part.name + '"') > 0; });
  },
  querySelector: function (selector) { return selector === '[data-wait]' && waiting ? {} : null; }
};
function setTimeout(work, wait) { waits.push(wait); }
"""


def run(waiting: bool) -> quickjs.Context:
    page = quickjs.Context()
    page.eval(f"var waiting = {'true' if waiting else 'false'};{PAGE}{SCRIPT}")
    return page


def test_it_says_at_check_in_that_this_browser_cannot_vote():
    assert run(False).eval(
        "parts.every(function (part) { return !part.hidden; }) && !waits.length"
    )


def test_who_waits_is_led_on_by_loading_again():
    assert run(True).eval("String(waits)") == "3000"


def test_it_keeps_to_the_words_of_old_browsers():
    assert (
        re.findall(r"=>|`|\b(?:let|const|class|import|export|async)\b", SCRIPT.split("\n(", 1)[1])
        == []
    )
