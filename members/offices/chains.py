"""Whether the audit stands as it was written: every line in the chain of its body, none changed, none missing."""

from collections.abc import Iterable, Iterator, Mapping

from django.db import transaction
from django.db.models import Min

from members.models import AuditChain, AuditEntry, AuditLink

CHANGED = "Chuỗi {chain}, dòng {number}: đã bị sửa, hoặc dòng liền trước đã bị sửa hay bị thay."
MISSING = "Chuỗi {chain}: thiếu dòng {number}."
SHORTER = "Chuỗi {chain}: dòng cuối là {number} nhưng sổ ghi {expected}: các dòng cuối đã bị xoá hoặc thêm vào."
INSERTED = (
    "Dòng {pk}, lúc {at:%d/%m/%Y %H:%M}, việc “{verb}”: không nằm trong chuỗi nào, do máy chủ bản trước ghi "
    "trong lúc nâng cấp hoặc bị chèn vào."
)
NOT_KEPT = "Chuỗi {chain}: dòng {number} không còn như lần ghi lại trước, chuỗi đã bị viết lại."


def faults(kept: Mapping[tuple[str, int], str] | None = None) -> Iterator[str]:
    """What is wrong, a sentence each; nothing where all stands as written. Memory stays the same however many lines.

    `kept`: digests that were written down elsewhere, by chain and number: what shows a chain written anew as a whole.
    """
    left = dict(kept or {})
    for chain in AuditChain.objects.order_by("pk"):
        yield from _of_chain(chain, left)
    for name, number in left:
        yield NOT_KEPT.format(chain=name, number=number)
    for entry in inserted():
        yield INSERTED.format(pk=entry.pk, at=entry.at, verb=entry.verb)


def _of_chain(chain: AuditChain, kept: dict[tuple[str, int], str]) -> Iterator[str]:
    number, digest = 0, ""
    links = AuditLink.objects.filter(chain=chain).select_related("entry").order_by("number")
    for link in links.iterator(chunk_size=1000):
        for missing in range(number + 1, link.number):
            yield MISSING.format(chain=chain, number=missing)
        if link.entry.digest(chain.name, link.number, digest) != link.digest:
            yield CHANGED.format(chain=chain, number=link.number)
        number, digest = link.number, link.digest
        if kept.get((chain.name, number)) == digest:
            del kept[chain.name, number]
    if (number, digest) != (chain.number, chain.digest):
        yield SHORTER.format(chain=chain, number=number, expected=chain.number)


def inserted() -> Iterable[AuditEntry]:
    """Lines in no chain that were written after the first that is in one."""
    first = AuditLink.objects.aggregate(first=Min("entry"))["first"]
    unlinked = AuditEntry.objects.unlinked()
    return unlinked.none() if first is None else unlinked.filter(pk__gt=first)


def heads() -> list[tuple[str, int, str]]:
    """Name, length and last digest of every chain: to write down where no holder of the database writes."""
    return list(AuditChain.objects.order_by("name").values_list("name", "number", "digest"))


def link_all() -> int:
    """Put every line that is in no chain at the end of that of its actor's body, the oldest first; says how many."""
    with transaction.atomic():
        entries = list(AuditEntry.objects.unlinked().select_related("user__member", "member"))
        bodies = sorted(
            {entry.actor.body for entry in entries}
        )  # one order, so that no two wait crosswise
        chains = {body: AuditChain.objects.locked(body) for body in bodies}
        for entry in entries:
            chains[entry.actor.body].link(entry)
    return len(entries)
