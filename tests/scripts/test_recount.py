"""The recount on the tellers' device: what it says of an honest box, and of every way to tamper with one."""

import pytest

from tests.kit.boxes import MadeUpBox, flipped
from tests.kit.scripts import Script

RECOUNT = """
const bytes = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
const { box } = values;
const [sheet, list, bodies] = [box.sheet, box.list, box.bodies].map(bytes);
const held = [];
try {
  const counted = await m.recount(Object.assign(box, { sheet, list, bodies }), (said) => held.push(said));
  return Object.assign(counted, { held });
} catch (error) {
  return { fault: error instanceof m.Fault && error.message, error: String(error) };
}
"""
UNSTAMPED = "Trong hòm có phiếu không phải do lượt này phát ra."
CHANGED = "Trong hòm có phiếu bị sửa sau khi gấp."
OTHER_LIST = "Danh sách phiếu công bố không khớp với các phiếu trong hòm."
OTHER_HASH = "Mã của danh sách phiếu không khớp với mã công bố."
TOO_MANY = "Số phiếu trong hòm nhiều hơn số phiếu phát ra."
OTHER_ROUND = "Tờ phiếu là của một lượt khác."


@pytest.fixture(scope="module")
def made_up() -> MadeUpBox:
    return MadeUpBox([1, 2], [2, 2], [0, 0], [4, 0])


def recount(box: dict[str, object]) -> dict:
    made = Script("teller/recount.js")(RECOUNT, box=box)
    assert isinstance(made, dict)
    return made


def test_an_honest_box_is_counted_row_by_row(made_up):
    result = recount(made_up.published())
    assert (result["collected"], result["valid"], result["invalid"]) == (4, 3, 1)
    assert result["rows"] == [[1, 1, 0, 1, 0], [0, 2, 0, 0, 1]]
    assert result["list_sha256"] == made_up.published()["announced"]
    assert len(result["held"]) == 5


def test_with_one_level_an_unmarked_ballot_is_valid():
    result = recount(MadeUpBox([1, 0], [0, 0], levels=[("HTXS", "A")]).published())
    assert (result["valid"], result["rows"]) == (2, [[1, 0, 0, 0, 1], [0, 0, 0, 0, 2]])


def changed_ballots(box: MadeUpBox) -> dict[str, tuple[str, dict[str, object]]]:
    """Ballots of the box that were changed, or put there by another hand."""
    first, second, *rest = box.bodies
    (foreign,) = MadeUpBox([3, 3]).bodies
    return {
        "mark": (CHANGED, box.relisted([flipped(first, 161), second, *rest])),
        "salt": (CHANGED, box.relisted([flipped(first, 140), second, *rest])),
        "key": (UNSTAMPED, box.relisted([flipped(first, 100), second, *rest])),
        "stamp": (UNSTAMPED, box.relisted([flipped(first, 200), second, *rest])),
        "signature": (CHANGED, box.relisted([flipped(first, len(first) - 1), second, *rest])),
        "no stamp": (UNSTAMPED, box.relisted([box.ballot([1, 1], stamped=False), second, *rest])),
        "another poll": (
            "Trong hòm có phiếu của một lượt khác.",
            box.relisted([foreign, second, *rest]),
        ),
        "unknown level": (
            "Trong hòm có phiếu ghi một mức không có trên tờ phiếu.",
            box.relisted([box.ballot([5, 1]), second, *rest]),
        ),
        "twice": (
            "Trong hòm có một phiếu bỏ hai lần.",
            box.relisted([first, first, *rest]),
        ),
        "half a ballot": (
            "Trong hòm có phiếu sai kích thước.",
            box.published(bodies=b"".join(box.bodies)[:-1]),
        ),
    }


def changed_lists(box: MadeUpBox) -> dict[str, tuple[str, dict[str, object]]]:
    """Ballots taken away or added, and other papers than those announced."""
    _, second, *rest = box.bodies
    announced = box.published()["announced"]
    more = [*box.bodies, box.ballot([1, 1])]
    return {
        "deleted": (OTHER_LIST, box.published(bodies=b"".join([second, *rest]))),
        "deleted, list too": (OTHER_HASH, box.relisted([second, *rest], announced=announced)),
        "added": (TOO_MANY, box.published(bodies=b"".join(more))),
        "added, list too": (TOO_MANY, box.relisted(more)),
        "no list": (OTHER_LIST, box.published(list=b"")),
        "another sheet": (
            "Tờ phiếu trên máy chủ không phải tờ máy này đã giữ lúc phát phiếu.",
            box.published(sheet=box.sheet.replace(b"Hai", b"Ha1")),
        ),
        "another poll": (OTHER_ROUND, box.published(poll="cd" * 16)),
        "another round": (OTHER_ROUND, box.published(round=2)),
    }


@pytest.mark.parametrize("change", [changed_ballots, changed_lists])
def test_every_tampering_is_found_and_named(made_up, change):
    boxes = change(made_up)
    by_name = {name: recount(box)["fault"] for name, (_, box) in boxes.items()}
    assert by_name == {name: sentence for name, (sentence, _) in boxes.items()}
