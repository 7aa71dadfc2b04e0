"""Whether a page was drawn from what is still in force: what stands for it in a form, and the one sentence. Pure.

A row that counts its changes is named by that number (`version` of a self-review or an assessment, `number` of a
sending or a decision); several rows, or a value without one, by their fingerprint.
"""

import hashlib
import json

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
