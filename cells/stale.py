"""Whether a page was drawn from what is still in force, and whether a press says yes to what was asked. Pure.

A row that counts its changes is named by that number (`version` of a self-review or an assessment, `number` of a
sending or a decision); several rows, or a value without one, by their fingerprint.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping

STALE = (
    "Trang này đã cũ: nội dung vừa được thay đổi từ một trang khác nên chưa ghi gì. "
    "Xin xem bản mới rồi bấm lần nữa nếu vẫn cần."
)


class Stale(Exception):
    """The page that was sent shows what stands no more; nothing was stored."""

    def __init__(self) -> None:
        """Say so in the one sentence."""
        super().__init__(STALE)


def fingerprint(value: object) -> str:
    """What stands in a form for the value that its page was drawn from: texts, numbers, lists and mappings of them."""
    text = json.dumps(value, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_sure(sent: Mapping[str, str], questions: Iterable[str]) -> bool:
    """Whether what was sent says yes to just these questions: their fingerprint, as the page that asked carries it."""
    asked = list(questions)
    return not asked or sent.get("sure") == fingerprint(asked)
