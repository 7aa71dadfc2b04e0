"""The last press of a poll's tellers; where envelopes are kept, their key is printed and read back before it."""

import json

from ballots.demo.rehearsal.browser import Browser
from ballots.secret.envelope import check_of
from ballots.secret.recounting import Reader

COUNT = "/hop/kiem-phieu/"


def confirm(teller: Browser, officer: Browser) -> str:
    """Xác nhận kết quả; the key as it stands on paper, "" where no envelope is made."""
    if teller.open(COUNT).has("confirm"):
        teller.do("confirm")
        return ""
    poll = json.loads(teller.page.xpath("string(//script[@id='count-data'])"))
    key = printed(officer, poll["poll"], poll["p"])
    path = f"{COUNT}khoa-phong-bi/?luot={poll['poll']}"
    teller.ask(path, json={"check": check_of(key)})
    teller.open(COUNT).do("confirm")
    return key


def printed(officer: Browser, poll: str, p: str) -> str:
    """Press “In khoá phong bì”, as the secretary's page does, and read the paper."""
    reader = Reader()
    answer = officer.ask(f"/hop/luot/{poll}/in-khoa/", reader.point)
    return str(json.loads(reader.open(bytes.fromhex(p), answer.content))["key"])
