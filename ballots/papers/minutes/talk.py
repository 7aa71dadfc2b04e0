"""Biên bản hội nghị: who said what, of the cell and of each member, and what each one answered."""

from collections.abc import Iterable

from ballots.papers.minutes.data import Lines, MinutesData, Opinion
from ballots.papers.press.document import Flow
from cells import wording


def on_the_cell(flow: Flow, opinions: list[Opinion]) -> None:
    """What was said of the cell, by what it was of."""
    flow.heading("Ý kiến góp ý đối với tập thể")
    if not opinions:
        flow.text("Không có.")
    for kind in dict.fromkeys(opinion.kind for opinion in opinions):
        same = [opinion for opinion in opinions if opinion.kind == kind]
        if not kind:
            _said(flow, same)
            continue
        flow.dash(f"Về {wording.uncapitalized(kind)}:", keep=True)
        for opinion in same:
            flow.plus(f"Đồng chí {opinion.by}: {opinion.text}")


def on_members(flow: Flow, data: MinutesData) -> None:
    """Of each member the self-review, the comments, the answer, in the order of the list."""
    lines = {line.name: line for line in data.reviews}
    opinions = [opinion for opinion in data.opinions if opinion.on]
    spoken_of = {*lines, *(opinion.on for opinion in opinions)}
    listed = [subject.name for subject in data.members]
    others = (name for name in dict.fromkeys([o.on for o in opinions] + list(lines)))
    for name in dict.fromkeys([*listed, *others]):
        if name in spoken_of:
            own = [opinion for opinion in opinions if opinion.on == name]
            _on_member(flow, lines.get(name, Lines(name)), own)
    if not opinions:
        flow.text("Không có ý kiến góp ý đối với từng đồng chí.")


def _on_member(flow: Flow, lines: Lines, opinions: list[Opinion]) -> None:
    flow.dash(f"Đối với đồng chí {lines.name}:", keep=True)
    if lines.self_review:
        flow.plus(f"Tự kiểm điểm: {lines.self_review}")
    for opinion in opinions:
        flow.plus(saying(opinion))
    if lines.reply:
        flow.plus(f"Tiếp thu: {lines.reply}")


def saying(opinion: Opinion) -> str:
    """Who said what, with the kind of the opinion where it has one."""
    what = f" ({wording.uncapitalized(opinion.kind)})" if opinion.kind else ""
    return f"Đồng chí {opinion.by}{what}: {opinion.text}"


def remarks_of_guests(flow: Flow, data: MinutesData) -> None:
    """What was said from above, whoever it was about."""
    if data.guest_opinions:
        flow.heading("Ý kiến của đại diện cấp trên dự hội nghị")
        _said(flow, data.guest_opinions)


def reserved(flow: Flow, data: MinutesData) -> None:
    """Ý kiến bảo lưu, each with whom it concerns; or that nobody reserves any."""
    flow.heading("Ý kiến bảo lưu")
    if not data.reserved:
        flow.text("Không có.")
    _said(flow, data.reserved)


def _said(flow: Flow, opinions: Iterable[Opinion]) -> None:
    for opinion in opinions:
        flow.dash(f"Đồng chí {opinion.by}{of(opinion)}: {opinion.text}")


def of(opinion: Opinion) -> str:
    """Whom an opinion is about and what it is of, in brackets."""
    whom = f"đồng chí {opinion.on}" if opinion.on else opinion.body
    about = [f"về {whom}"] if whom else []
    words = [*about, *([wording.uncapitalized(opinion.kind)] if opinion.kind else [])]
    return f" ({'; '.join(words)})" if words else ""
