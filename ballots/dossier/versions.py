"""Two sendings of one file side by side: every place that reads otherwise, papers that took another's place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ballots.dossier.contents import LEVELS, OPEN, sections_of
from ballots.dossier.evidence import Evidence
from ballots.dossier.places import Place, PlaceKind
from ballots.models import Paper, Submission

GONE, NOT_YET = "không còn", "chưa có"


@dataclass(frozen=True)
class PlaceChange:
    """A place that reads otherwise than in the sending before."""

    about: str
    before: str
    after: str


@dataclass(frozen=True)
class PaperPair:
    """A paper of the sending before, and what stands in its place."""

    kind: str
    old: Paper
    new: Paper


def beside(sendings: Sequence[Submission]) -> dict[str, object]:
    """What a page shows of the last sending beside the one before: its places and its papers."""
    if len(sendings) < 2:
        return {"places_changed": [], "pairs": []}
    former, last = sendings[-2:]
    return {"places_changed": changed_places(former, last), "pairs": paper_pairs(former)}


def kept(evidence: Evidence) -> list[list[str]]:
    """Every place of the file as it stands: its key, what it is called, how it stands."""
    facts = (fact for section in sections_of(evidence) for fact in section.facts)
    return [
        [fact.place.key, " – ".join(filter(None, (fact.owner, fact.title))), fact.value]
        for fact in facts
    ]


def sent_otherwise(sending: Submission, levels: Mapping[str, str]) -> list[str]:
    """Of these levels, by the key of the case, those that stood otherwise in the file when it was sent.

    Empty where a former version sent it and kept nothing.
    """
    said = _by_key(sending)
    places = {key: Place.mint(PlaceKind.LEVEL, key).key for key in levels}
    return [
        key
        for key, place in places.items()
        # Beside the level of a member stands what the member claims.
        if place in said and said[place][1].split(";")[0] != LEVELS.get(levels[key], OPEN)
    ]


def changed_places(former: Submission, later: Submission) -> list[PlaceChange]:
    """Every place that differs, in the order of the later file; nothing where the former was not kept."""
    if not (former.facts and later.facts):
        return []
    old, new = _by_key(former), _by_key(later)
    titles = {key: title for key, (title, _) in (old | new).items()}
    before = {key: value for key, (_, value) in old.items()}
    after = {key: value for key, (_, value) in new.items()}
    keys = [*after, *(key for key in before if key not in after)]
    return [
        PlaceChange(titles[key], before.get(key, NOT_YET), after.get(key, GONE))
        for key in keys
        if before.get(key) != after.get(key)
    ]


def _by_key(sending: Submission) -> dict[str, tuple[str, str]]:
    return {key: (title, value) for key, title, value in sending.facts or ()}


def paper_pairs(former: Submission) -> list[PaperPair]:
    """What was locked after the former sending in the place of another paper; without the bytes of either."""
    later = Paper.objects.current().filter(
        meeting=former.meeting_id, locked_at__gt=former.at, supersedes__isnull=False
    )
    rows = later.select_related("supersedes").defer(
        "pdf", "docx", "supersedes__pdf", "supersedes__docx"
    )
    return [
        PaperPair(row.get_kind_display(), row.supersedes, row)
        for row in rows.order_by("pk")
        if row.supersedes
    ]
