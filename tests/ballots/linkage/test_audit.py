"""`manage.py audit_secrecy` on the real program: nothing is found, what could be found is, and its page tells it."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from ballots.demo.rehearsal.browser import Stopped
from ballots.linkage import attacks, running, wording
from ballots.linkage.orders import match
from ballots.linkage.report import Comparison, Limit, Report, Search, Untried
from ballots.models import SecrecyAudit
from tests.kit import factories
from tests.kit.clients import browser, words_of

FIVE = [bytes([n]) * 32 for n in range(5)]
SAFE = Search("lúc đang bỏ phiếu", "nhật ký", 8, 0, 1000)
LEAK = Search("lúc đang bỏ phiếu", "nhật ký", 8, 1, 1000)


def comparison(polls: int) -> Comparison:
    return Comparison.of(5, "sau", "dòng", "danh sách", match([(FIVE, FIVE)] * polls))


def reported(*searches: Search, polls: int = 1, seen: bool = True) -> Report:
    report = Report("1.0", "sqlite", [5], comparisons=[comparison(polls)])
    for search in searches:
        report.add_search(search)
    report.add_control("bản sao lưu", seen)
    report.add_limit("proxy", "lá phiếu", 5, 5)
    report.add_untried("bộ nhớ", "không được đọc")
    return report


def run(**options) -> tuple[int, str]:
    """The command's status, and what it printed."""
    out = io.StringIO()
    try:
        call_command("audit_secrecy", stdout=out, stderr=io.StringIO(), **options)
    except SystemExit as end:
        return int(end.code), out.getvalue()
    return 0, out.getvalue()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_meeting_that_is_played_and_attacked_links_nobody(monkeypatch, settings, tmp_path):
    settings.KEY_DIR = None  # where the server that is played on has them
    monkeypatch.setattr(running, "ROUNDS", {4: 2})
    status, told = run(sizes=[4], json=tmp_path / "report.json")
    assert status == 0, told
    report = Report.from_json(json.loads((tmp_path / "report.json").read_text()))
    looked_at = {search.place for search in report.searches} | {u.what for u in report.untried}
    assert {attacks.FILES, attacks.DUMP, attacks.BACKUP, attacks.PROGRAM} <= looked_at
    assert {search.phase for search in report.searches} == set(attacks.PHASES.values())
    assert {control.place for control in report.controls} >= {attacks.FILES, attacks.DUMP}
    assert report.controls
    assert all(search.looked_for for search in report.searches)
    assert {each.size for each in report.comparisons} == {4}
    # A file of the database tells an order only where it holds all ballots of a poll, and PostgreSQL may begin
    # a new one of its log in between; rows are always there.
    of_rows = [each for each in report.comparisons if each.seen.startswith("dòng ")]
    assert {each.voters for each in of_rows} == {8}
    assert {each.voters for each in report.comparisons} <= {4, 8}
    # What the threat model calls limits is there, and measured.
    limits = {limit.who: (limit.number, limit.of) for limit in report.limits}
    assert limits["root của máy chủ, có khoá hòm còn sống"] == (8, 8)
    assert [n for who, n in limits.items() if "sau khi xác nhận" in who] == [(0, 2)]
    assert SecrecyAudit.objects.get().report == report.as_json()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_an_audit_that_ends_in_mid_poll_leaves_no_key(monkeypatch, settings, tmp_path):
    """The server of keys would never be started anew at night: it would hold the key of a poll for ever."""
    settings.KEY_DIR, settings.RUNTIME_DIR = None, tmp_path / "ram"
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path / "ram"))
    seen = []

    def stop(self, phase, ballots):
        seen.extend(path.suffix for path in (tmp_path / "ram").glob("*/*"))
        raise Stopped("đủ rồi")

    monkeypatch.setattr(attacks.Attacker, "watch", stop)
    assert run(sizes=[3])[0] == 1
    assert {".sign", ".box", ".count"} <= set(seen)
    assert list((tmp_path / "ram").iterdir()) == []


@pytest.mark.parametrize(
    ("report", "holds"),
    [
        (reported(SAFE), True),
        (reported(SAFE, LEAK), False),
        (reported(SAFE, polls=8), False),
        (reported(SAFE, seen=False), False),
    ],
    ids=["nothing found", "a secret in a log", "an order that names people", "a blind search"],
)
@pytest.mark.django_db
def test_the_status_and_the_page_say_what_was_found(monkeypatch, report, holds):
    monkeypatch.setattr(running, "audit", lambda sizes, tell: report)
    status, told = run(sizes=[5])
    assert (status == 0) is holds
    assert ("✘" in told) is not holds
    page = words_of(browser(factories.make_user()).get(reverse("ballots:secrecy_audit")))
    for words in (wording.summary(report), "proxy: biết 5/5 lá phiếu", "bộ nhớ: không được đọc"):
        assert words in told
        assert words in page
    assert ("KHÔNG ĐẠT" in page) is not holds


def test_searches_and_limits_of_many_polls_are_added_up():
    report = reported(SAFE, LEAK, SAFE)
    assert report.searches == [Search("lúc đang bỏ phiếu", "nhật ký", 24, 1, 3000)]
    report.add_limit("proxy", "lá phiếu", 3, 5)
    assert report.limits == [Limit("proxy", "lá phiếu", 8, 10)]
    report.add_untried("bộ nhớ", "không được đọc")
    assert report.untried == [Untried("bộ nhớ", "không được đọc")]
    assert Report.from_json(report.as_json()) == report


@pytest.mark.django_db
def test_before_the_first_run_the_page_says_how_to_make_one():
    page = words_of(browser(factories.make_user()).get(reverse("ballots:secrecy_audit")))
    assert "chưa kiểm tra lần nào" in page


@pytest.mark.parametrize("sizes", [[2], [101], [5, 101]])
def test_meetings_that_no_cell_has_are_refused(sizes, tmp_path: Path):
    assert run(sizes=sizes)[0] == 1
