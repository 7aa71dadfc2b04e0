"""Law does something: every value of every guidance pack changes a page, a paper, a check or a refusal.

A text is marked, and the mark must be read somewhere; any other value is changed, and what shows it must change. The
pages that list the rules, the criteria, the conditions and the flags do not count: they show whatever there is.
"""

import functools
import operator
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.kit.law import CAMPAIGNS, Law, Path, changed, leaves, shows

pytestmark = pytest.mark.django_db
# What only says of a value where it comes from, or of a pack which one it is.
DESCRIPTIVE = {
    r"source|.*\.source": "where a value comes from, shown beside it",
    r"certainty|.*\.certainty": "how certain that is, shown beside it",
    r"finish_days\.\w+\.words": "what a day is called where the rule is listed and set",
    r"rules\..*\.label": "what a rule is called where the rules are listed and set",
    r"name|version": "by which campaigns and submissions name the pack",
    r"review\.forms\.collective\.subtitle": "printed by nothing; published packs stay as they are",
}
# A pack that does not use a rule says so of its value; another pack must use it.
UNUSED = "không dùng đến"
GROUP = {"key": "own", "part": "common", "points": 100, "scoring": "graded", "title": "Tiêu chí"}


def other(*words: str) -> Callable[[str], str]:
    """One of these words that is not the value."""
    return lambda value: next(word for word in words if word != value)


def more(value: int | str) -> int | str:
    """One more; points that are no whole number are written as text."""
    return str(Decimal(value) + 1) if isinstance(value, str) else value + 1


def lowest(level: str) -> str:
    """Without the lowest level; those that the meeting gave stay."""
    return "HT" if level == "KHT" else level


def to(new: Any) -> Callable[[Any], Any]:
    """This in place of any value."""
    return lambda value: new


PERSONAL = ("form:leader", "form:member", "form:outside")
SENT = ("sent:leader", "sent:member", "sent:outside")
PRINTED = ("print:leader", "print:member", "print:outside")
FLAGGED = ("member", "ordinary", "subject")
REPORT = ("waiting:report", "sending", "paper:report")
# Which values, by the way to them; how each is changed; and what has to show it.
Turn = tuple[str, Callable[[Any], Any], tuple[str, ...]]
TURNS: list[Turn] = [
    (r"serves\.0", other("year", "quarter"), ("campaign",)),
    (r"levels\.value\.\d", lowest, ("paper:minutes",)),
    (r"rules\.base\.value", to("full"), ("paper:minutes",)),
    (r"rules\.quorum\.value", to(">=9/10"), ("waiting:meeting",)),
    (r"rules\.quorum_warning\.value", to(">=10/10"), ("checkin",)),
    (r"rules\.min_voters\.value", more, ("waiting:poll",)),
    (r"rules\.min_tellers\.value", more, ("tellers",)),
    (r"rules\.min_(tellers_paper|paper_ballots)\.value", more, ("paper_poll",)),
    (r"rules\.clerk_may_count_below\.value", to(20), ("tellers",)),
    (r"rules\.envelope_months\.value", more, ("results",)),
    (r"rules\.threshold\.value\.\*", to(">=9/10"), ("counted",)),
    (r"rules\.deadline\.\w+\.value", to("2026-12-24"), ("begun", "waiting:home", "closed")),
    (r"rules\.finish\.value", other("usual", "special"), ("begun",)),
    (r"rules\.draft_days\.value", more, ("waiting:home",)),
    (r"rules\.polls\.value\.\d", to("cell"), ("planned",)),
    (r"rules\.collectives\.value", to("none"), ("led",)),
    (r"rules\.collective_least\.value", more, ("led",)),
    (r"finish_days\.\w+\.month", to(11), ("finishing",)),
    (r"finish_days\.\w+\.day", to(20), ("finishing",)),
    (r"finish_days\.\w+\.years", more, ("finishing",)),
    (r"rules\.cap\.percent\.value", to(70), ("results",)),
    (r"rules\.cap\.reading\.value", to("good_or_better"), ("results",)),
    (r"rules\.cap\.rounding\.value", other("floor", "half_up"), ("results",)),
    (r"rules\.score_step\.value", to("0.1"), PERSONAL),
    (r"rules\.scoring\.value", other("pass", "graded"), ("waiting:report", *PERSONAL)),
    (r"rules\.score_gap\.value", to(2), ("member",)),
    (r"rules\.head_limit\.value", other("collective", "none"), ("member",)),
    (r"rules\.likeness\.value", to(90), ("alike",)),
    (r"bands\.value\.\w+", more, PERSONAL),
    (r"bands\.value", to({"HTXS": 90, "HTT": 70, "HT": 50, "KHT": 0}), PERSONAL),
    (r"retention\.value", more, ("old",)),
    (r"counted_on\.value\.month", to(2), ("listed",)),
    (r"counted_on\.value\.day", to(29), ("listed",)),
    (r"exclusions\.\d\.case", to("full"), ("listed",)),
    (r"exclusions\.\d\.status", other("not_subject", "unrated"), ("listed",)),
    (r"exclusions\.\d\.months", more, ("listed",)),
    (r"review\.forms\.collective\.sections", to("personal"), REPORT),
    (r"review\.forms\.\w+\.sections", to("collective"), PERSONAL),
    (r"review\.forms\.\w+\.others\.value", operator.not_, PRINTED),
    (r"review\.forms\.\w+\.facts\.value\.\d", other("name", "born"), PRINTED),
    (r"review\.sections\.(personal|leader)\.value\.\d+\.key", to("own"), PERSONAL),
    (r"review\.sections\.(personal|leader)\.value\.\d+\.optional", to(False), SENT),
    (r"review\.sections\.(personal|leader)\.value\.\d+\.graded", to(False), SENT),
    (r"review\.sections\.collective\.value\.\d+\.key", to("own"), REPORT),
    (r"review\.sections\.collective\.value\.\d+\.optional", to(False), REPORT),
    (r"review\.criteria\.collective\.value\.\d+\.key", to("own"), REPORT),
    (r"review\.criteria\.collective\.value\.\d+\.part", other("common", "result"), REPORT),
    (r"review\.criteria\.collective\.value\.\d+\.points", more, REPORT),
    (r"review\.criteria\.collective\.value\.\d+\.scoring", other("pass", "graded"), REPORT),
    (r"review\.criteria\.\w+\.value\.\d+\.key", to("own"), PERSONAL),
    (r"review\.criteria\.\w+\.value\.\d+\.part", other("common", "result"), PRINTED),
    (r"review\.criteria\.\w+\.value\.\d+\.points", more, PERSONAL),
    (r"review\.criteria\.\w+\.value\.\d+\.scoring", other("pass", "graded"), PERSONAL),
    (r"review\.criteria\.collective\.value", to([GROUP]), REPORT),
    (r"review\.criteria\.\w+\.value", to([GROUP]), PERSONAL),
    (r"review\.conditions\.collective\.\w+\.value", to(["Một"]), ("waiting:report",)),
    (r"review\.conditions\.\w+\.\w+\.value", to(["Một"]), PERSONAL),
    (r"review\.flags\.\d+\.key", to("own"), FLAGGED),
    (r"review\.flags\.\d+\.subjects\.\d", other("collective", "leader"), FLAGGED),
    (r"review\.flags\.\d+\.(force|at_most)", other("HT", "HTT"), FLAGGED),
    (r"layouts\.1\.since", to(date(2020, 1, 1)), ("earlier",)),
    (r"layouts\.0\.since", to(date(2030, 1, 1)), ("earlier",)),
    (r"agenda\.\d\.kind", other("report", "talk"), ("opened",)),
]


def name_of(path: Path) -> str:
    """The way to a value, as it is written: "rules.cap.percent.value"."""
    return ".".join(map(str, path))


def turn_of(name: str) -> Turn | None:
    return next((turn for turn in TURNS if re.fullmatch(turn[0], name)), None)


def is_descriptive(name: str) -> bool:
    return any(re.fullmatch(pattern, name) for pattern in DESCRIPTIVE)


def texts_of(pack: dict[str, Any]) -> list[Path]:
    """Where the pack has words for people."""
    names = {path: name_of(path) for path, value in leaves(pack) if isinstance(value, str)}
    return [path for path, name in names.items() if not is_descriptive(name) and not turn_of(name)]


def says_unused(pack: dict[str, Any], path: Path) -> bool:
    """Whether the pack itself says of this value that it makes no use of it."""
    for key in path[:-1]:
        pack = pack[key]
    return isinstance(pack, dict) and UNUSED in pack.get("source", "")


@pytest.fixture
def law(monkeypatch) -> Iterator[Law]:
    law = Law(monkeypatch)
    yield law
    law.forget()


def test_every_value_is_a_text_or_its_turn_is_known_and_every_turn_is_taken(law):
    names = {name_of(path) for pack in law.newest.values() for path, _ in leaves(pack)}
    texts = {name_of(path) for pack in law.newest.values() for path in texts_of(pack)}
    assert [n for n in sorted(names - texts) if not is_descriptive(n) and not turn_of(n)] == []
    assert {turn_of(name)[0] for name in names if turn_of(name)} == {turn[0] for turn in TURNS}


def test_what_one_pack_makes_no_use_of_another_does(law):
    packs = law.newest.values()
    unused = {path for pack in packs for path, _ in leaves(pack) if says_unused(pack, path)}
    for path in unused:
        known = [pack for pack in packs if path in dict(leaves(pack))]
        assert not all(says_unused(pack, path) for pack in known), name_of(path)


@pytest.mark.parametrize("version", CAMPAIGNS)
def test_every_text_of_a_pack_is_read_somewhere(law, version):
    pack = law.written[version]
    marks = {path: f"dx{number}q" for number, path in enumerate(texts_of(pack))}
    for path, mark in marks.items():
        pack = changed(pack, path, lambda text, mark=mark: f"{text} {mark}")
    law.say(version, pack)
    now = shows(version)
    said = [show() for show in now.values()]
    for base in pack["base_labels"]:
        law.say(version, changed(pack, ("rules", "base", "value"), to(base)))
        said.append(now["paper:minutes"]())
    read = " ".join(said).lower()
    assert [name_of(path) for path, mark in marks.items() if mark not in read] == []


@pytest.mark.parametrize("version", CAMPAIGNS)
def test_every_other_value_of_a_pack_changes_something(law, version):
    """A value of a list of like tables is a key once: one entry that shows is enough."""
    pack = law.written[version]
    now = shows(version)

    @functools.cache
    def at_first(place: str) -> str:
        law.say(version, pack)
        return now[place]()

    idle: dict[str, bool] = {}
    for path, _ in leaves(pack):
        turn, key = turn_of(name_of(path)), re.sub(r"\.\d+", ".*", name_of(path))
        if turn is None or says_unused(pack, path) or idle.get(key) is False:
            continue
        if path[0] == "layouts" and len(pack["layouts"]) == 1:
            continue  # one layout leaves nothing to the day of a paper
        places = {place: at_first(place) for place in turn[2] if place in now}
        law.say(version, changed(pack, path, turn[1]))
        idle[key] = all(now[place]() == former for place, former in places.items())
    assert [key for key, is_idle in idle.items() if is_idle] == []
