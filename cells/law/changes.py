"""What a newer version of a guidance pack says otherwise, value by value, and what it leaves of settings. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from cells.law.conditions import own_levels
from cells.law.criteria import PARTS, own_sets
from cells.law.flags import flags_of
from cells.law.guidance import CONDITIONS, CRITERIA, FLAGS, Layer, Origin, load_pack, origins
from cells.law.review_forms import POINTS, kinds
from cells.law.rules import SCORINGS, Rules
from cells.wording import score

RULES, REVIEW = "rules.", "review."
# The headings under which a page lists what changes, in its order; the first pattern that fits a key decides.
GROUPS = {
    r"rules\..*|bands|base_labels.*|finish_days.*": "Quy định đang áp dụng",
    r"review\.conditions\..*": "Điều kiện của từng mức",
    r"review\.flag.*": "Trường hợp phải xếp mức hoặc giới hạn mức",
    r"exclusions.*|reasons|counted_on|still_rated.*|retention": "Diện kiểm điểm, xếp loại",
    r"review\.criteria\..*": "Bộ tiêu chí chấm điểm",
    r"review\..*": "Mẫu bản kiểm điểm",
    r"advice.*": "Điều cần nhớ",
    r".*": "Văn bản và chương trình",
}
# What a value is called where the pack does not say so, by its key or the beginning of it; {} is whom it is about.
LABELS = {
    "label": "Tên bộ hướng dẫn",
    "serves": "Dùng cho kỳ",
    "levels": "Các mức xếp loại",
    "bands": "Điểm tối thiểu của từng mức",
    "base_labels": "Cách gọi số để tính tỷ lệ phiếu",
    "finish_days": "Ngày cuối cùng để hoàn thành",
    "basis": "Căn cứ in ở đầu biên bản",
    "file_name": "Mẫu tên tệp",
    "rules.polls": "Thứ tự bỏ phiếu",
    "rules.subjects": "Đối tượng kiểm điểm, xếp loại ghi trong văn bản",
    "texts.persons": "Cách gọi những người được bỏ phiếu",
    "texts.invalid": "Câu về phiếu không hợp lệ",
    "texts.invalid_one_level": "Câu về phiếu không hợp lệ, lượt chỉ có một mức",
    "texts.proposal": "Câu đề nghị cấp trên",
    "texts": "Câu in trong văn bản",
    "reasons": "Lý do chưa xếp loại, để chọn",
    "retention": "Số năm giữ bản kiểm điểm cá nhân",
    "counted_on": "Ngày tính thời gian đã vào Đảng",
    "exclusions": "Không thuộc diện, hoặc chưa xếp loại",
    "still_rated": "Vẫn xếp loại",
    "layouts": "Thể thức văn bản",
    "agenda": "Chương trình hội nghị",
    "advice": "Điều cần nhớ",
    "checklist.number": "Ký hiệu mẫu hồ sơ",
    "checklist.title": "Tên mẫu hồ sơ",
    "review.flags": "Trường hợp",
    "review.grades": "Các mức tự đánh giá từng mục",
    "review.flag_notes": "Lưu ý khi xác nhận trường hợp",
    "review.criteria": "Bộ tiêu chí: {}",
    "review.conditions": "Điều kiện: {}",
    "review.sections": "Các mục của mẫu: {}",
    "review.parts": "Các phần của mẫu: {}",
    "review.rerating.number": "Ký hiệu mẫu quyết định xếp loại lại",
    "review.rerating.title": "Tên mẫu quyết định xếp loại lại",
    "review.forms": "Mẫu: {}",
}
FORMS = {
    "label": "Tên loại đối tượng: {}",
    "subtitle": "Dòng dưới tên mẫu: {}",
    "sections": "Mẫu dùng các mục: {}",
    "number": "Ký hiệu mẫu: {}",
    "title": "Tên mẫu: {}",
    "others": "Mẫu có phần nhận xét của nơi khác: {}",
    "facts": "Lý lịch ghi đầu mẫu: {}",
}
# Codes of the packs in words, besides the kinds of subject.
WORDS = {
    **SCORINGS,
    **PARTS,
    "cell": "chi bộ",
    "members": "đảng viên",
    "leadership": "tập thể lãnh đạo",
    "personal": "cá nhân",
    "year": "cả năm",
    "quarter": "quý",
    "not_subject": "không thuộc diện",
    "unrated": "chưa xếp loại",
    "name": "họ và tên",
    "born": "ngày sinh",
    "post": "chức vụ",
    "party_post": "chức vụ Đảng",
    "state_post": "chức vụ chính quyền",
    "union_post": "chức vụ đoàn thể",
    "workplace": "đơn vị công tác",
}
# How the values of an item are told after its title, in this order; then what is not named here, as "name: value".
FIELDS = {
    "force": "phải xếp {}",
    "at_most": "không quá {}",
    "unless": "trừ khi: {}",
    "subjects": "đối tượng: {}",
    "status": "{}",
    "months": "dưới {} tháng",
    "day": "ngày {}",
    "month": "tháng {}",
    "years": "sau {} năm",
    "since": "từ {}",
    "part": "{}",
    "scoring": "{}",
    "note": "{}",
    "group": "thuộc “{}”",
    "optional": "nếu có",
    "graded": "có tự xếp mức",
    "review": "A. {}",
    "rating": "B. {}",
    "scores": "B, phần điểm: {}",
    "level": "B, phần mức: {}",
}
TITLES = ("title", "words", "text", "reason")
# By which programs know an item, and what is told apart from it.
UNTOLD = {
    "points",
    "key",
    "keys",
    "kind",
    "case",
    "family",
    "source",
    "certainty",
    "items",
    *TITLES,
}
NAMED_BY = ("key", "case", "since", "text")  # how an item of a list is told from the others
# What stood elsewhere in former versions.
MOVED = {"polls": "rules.polls", "texts.subjects": "rules.subjects"}
WHICH = {"name", "version"}  # which pack it is: no value


@dataclass(frozen=True)
class Statement:
    """One value of a pack as people read it, a line each where it has several; `origin`: where it comes from."""

    label: str
    lines: tuple[str, ...]
    origin: str = ""


@dataclass(frozen=True)
class Change:
    """One value that two versions state otherwise; None: the version does not state it."""

    key: str
    before: Statement | None
    after: Statement | None

    @property
    def label(self) -> str:
        """What the value is called, as the newer version calls it."""
        return (self.after or self.before or Statement("", ())).label

    @property
    def group(self) -> str:
        """The heading it stands under."""
        return next(words for pattern, words in GROUPS.items() if re.fullmatch(pattern, self.key))

    @property
    def gone(self) -> list[tuple[str, bool]]:
        """The lines of the former value, and whether each is no more in the newer one."""
        return _marked(self.before, self.after)

    @property
    def new(self) -> list[tuple[str, bool]]:
        """The lines of the newer value, and whether each was not in the former one."""
        return _marked(self.after, self.before)

    @property
    def says_something(self) -> bool:
        """Not where a value that is empty comes or goes."""
        return any(each and each.lines for each in (self.before, self.after)) or self.is_of_source

    @property
    def setting(self) -> str:
        """By which key a body sets this value for itself; of a value that nobody sets, its own."""
        key = self.key.removeprefix(RULES).removeprefix(REVIEW)
        return key.replace("flags.", FLAGS, 1) if key.startswith("flags.") else key

    @property
    def is_of_source(self) -> bool:
        """Whether the value stays, and only where it comes from, or how certain that is, is told otherwise."""
        before, after = self.before, self.after
        return before is not None and after is not None and before.lines == after.lines


def _marked(one: Statement | None, other: Statement | None) -> list[tuple[str, bool]]:
    lines, known = (one.lines if one else ()), (other.lines if other else ())
    return [(line, line not in known) for line in lines]


def changes(former: str, newer: str) -> list[Change]:
    """What the newer version of a pack says otherwise, in the order of GROUPS; arguments as of `load_pack`."""
    before, after = _statements(former), _statements(newer)
    listed = [
        Change(key, before.get(key), after.get(key))
        for key in (*after, *(key for key in before if key not in after))
        if before.get(key) != after.get(key)
    ]
    listed = [change for change in listed if change.says_something]
    order = list(GROUPS.values())
    return sorted(listed, key=lambda change: order.index(change.group))


def dropped(former: str, newer: str, layer: Layer) -> dict[str, str]:
    """What a body has set that binds under the former version and no more under the newer: labels by key."""
    old, new = load_pack(former), load_pack(newer)
    binding, still = (_binding(pack, layer.serving(pack)) for pack in (old, new))
    return {key: _label_of_setting(old, key) for key in binding if key not in still}


def _binding(pack: Mapping[str, Any], layer: Layer) -> list[str]:
    """Keys of what the layer sets that a pack has a place for."""
    of_pack = {flag.key for flag in flags_of(pack)}
    with_own = {flag.key for flag in flags_of(pack, [layer])} - of_pack
    fitting = {
        *(CRITERIA + kind for kind in own_sets(pack, [layer])),
        *own_levels(pack, [layer]),
        *(FLAGS + key for key in of_pack | with_own),
        *Rules.from_pack(pack, {}).keys,
    }
    return [key for key in layer.values if key in fitting]


def _label_of_setting(pack: Mapping[str, Any], key: str) -> str:
    outer, _, inner = key.partition(".")
    kind, _, level = inner.partition(".")
    named = kinds(pack).get(kind, kind)
    if f"{outer}." == CRITERIA:
        return LABELS["review.criteria"].format(named)
    if f"{outer}." == CONDITIONS:
        return f"Điều kiện của mức {level}: {named}"
    if f"{outer}." == FLAGS:
        title = next((flag.title for flag in flags_of(pack) if flag.key == inner), inner)
        return f"Trường hợp: {title}"
    return Rules.from_pack(pack, {}).label(key)


def _statements(version: str) -> dict[str, Statement]:
    """Every value of a pack by the way to it, dotted; an item of a list by what tells it from the others."""
    pack, known = load_pack(version), origins(version)
    words, rules = {**WORDS, **kinds(pack)}, Rules.from_pack(pack, {})
    statements = {
        RULES + rule.key: Statement(rule.label, (rule.words,), rule.origin)
        for rule in rules.stated()
    }
    for key, value, origin in _values(pack, "", known):
        if not key.startswith(RULES):
            lines = tuple(_lines(value, words))
            now = MOVED.get(key, key)
            statements[now] = Statement(_label(now, words), lines, origin)
    return statements


def _values(
    node: Mapping[str, Any], above: str, known: Mapping[str, Origin]
) -> Iterator[tuple[str, Any, str]]:
    """Key, value and origin of all that a table of a pack holds."""
    for name, value in node.items():
        key = above + name
        if key in known:
            yield key, value, known[key].words
        elif isinstance(value, Mapping) and "words" in value:
            yield key, value, ""
        elif isinstance(value, Mapping):
            yield from _values(value, f"{key}.", known)
        elif _is_sourced(value):
            for item in value:
                mark = next(str(item[by]) for by in NAMED_BY if by in item)
                origin = Origin("", item["source"], item["certainty"])
                yield f"{key}.{mark}", item, origin.words
        elif key not in WHICH:
            yield key, value, ""


def _is_sourced(value: Any) -> bool:
    """Whether it is a list of items each of which has a source of its own."""
    return isinstance(value, tuple) and all(
        isinstance(item, Mapping) and "source" in item for item in value
    )


def _label(key: str, words: Mapping[str, str]) -> str:
    """What a value is called: by the longest beginning of its key that has a name."""
    outer, _, inner = key.removeprefix(REVIEW).partition(".")
    who, _, more = inner.partition(".")
    about = words.get(who, who)
    if outer == "forms" and more in FORMS:
        return FORMS[more].format(about)
    if outer == "conditions":
        return f"Điều kiện của mức {more}: {about}"
    parts = key.split(".")
    names = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
    return next((LABELS[name] for name in names if name in LABELS), key).format(about)


def _lines(value: Any, words: Mapping[str, str]) -> Iterator[str]:
    """A value as people read it: a line for each item of a list, or for each thing that a table says."""
    if isinstance(value, tuple):
        for item in value:
            yield from _of_list(item, words)
    elif isinstance(value, Mapping):
        yield from _parts(value, words)
    elif value != "":
        yield _word(value, words)


def _of_list(item: Any, words: Mapping[str, str]) -> Iterator[str]:
    if not isinstance(item, Mapping):
        yield _word(item, words)
        return
    first, *others = _parts(item, words)
    yield ": ".join(filter(None, (first, "; ".join(others))))
    yield from (f"– {criterion}" for criterion in item.get("items", ()))


def _parts(item: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    """What a small table says: its title, its points, then the rest."""
    each = " mỗi tiêu chí" if "items" in item else ""
    points = [f"{_word(item['points'], words)} điểm{each}"] if "points" in item else []
    told = [name for name in item if name not in UNTOLD and not _is_nothing(name, item[name])]
    ordered = [*(name for name in FIELDS if name in told), *(n for n in told if n not in FIELDS)]
    return [
        *(str(item[name]) for name in TITLES if name in item),
        *points,
        *(FIELDS.get(n, f"{n}: {{}}").format(_word(item[n], words)) for n in ordered),
    ]


def _is_nothing(name: str, value: Any) -> bool:
    """Whether an item says by this only that something is not so."""
    return value is False or (name == "years" and value == 0)


def _word(value: Any, words: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, tuple):
        return "; ".join(_word(each, words) for each in value)
    text = str(value)
    return score(Decimal(text)) if POINTS.fullmatch(text) else words.get(text, text)
