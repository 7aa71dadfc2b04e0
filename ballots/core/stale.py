"""Whether a page was drawn from what is still in force."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from members.models import Finding


def fingerprint(answers: Mapping[str, Mapping[str, str]]) -> str:
    """What stands for stored answers in a form that was drawn from them."""
    return hashlib.sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()


def digest(text: str) -> str:
    """What stands for a text in a form that was drawn from it."""
    return hashlib.sha256(text.encode()).hexdigest()


def standing_of(findings: Iterable[Finding]) -> str:
    """What stands for these rows on a page drawn from them, so that a stale page is known when it is sent."""
    rows = sorted((row.kind, row.key, row.holds, row.evidence, row.words) for row in findings)
    return hashlib.sha256(repr(rows).encode()).hexdigest()
