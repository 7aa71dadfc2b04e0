"""What a rule or a name forbids in a scenario that is well formed: one Vietnamese line each. Pure."""

from collections import Counter
from collections.abc import Iterator

from ballots.demo.scenario.model import REST, Person, Poll, Scenario
from ballots.results.classification import CELL
from cells import wording
from members.rules.names import sort_key

MOST_REASONS = 5  # as many as the page takes


def problems(scenario: Scenario) -> list[str]:
    """Every line that forbids the meeting, in the order of the file; empty when it may be held."""
    sentences = list(_twins(scenario))
    if sentences:  # without sure names every other line would be noise
        return sentences
    return [
        *_collectives(scenario),
        *_times(scenario),
        *_duties(scenario),
        *_tellers(scenario),
        *_quorum(scenario),
        *_comments(scenario),
        *(line for poll in scenario.polls for line in _poll(scenario, poll)),
        *_conclusions(scenario),
    ]


def _twins(scenario: Scenario) -> Iterator[str]:
    for key, times in Counter(scenario.keys).items():
        if times > 1:
            yield (
                f"Có {times} đồng chí cùng là “{key}”, không phân biệt được. "
                "Xin ghi năm sinh (born) khác nhau."
            )
        if key in (CELL, REST):
            yield f"“{key}” không dùng làm tên đảng viên được."
    names = Counter(sort_key(person.name) for person in scenario.members)
    for person in scenario.members:
        if names[sort_key(person.name)] > 1 and person.born is None:
            yield f"Đồng chí {person.name} trùng tên người khác, xin ghi năm sinh (born)."


def _collectives(scenario: Scenario) -> Iterator[str]:
    for name, times in Counter(each.name for each in scenario.collectives).items():
        if times > 1 or name in (CELL, REST, *scenario.keys):
            yield f"Tập thể lãnh đạo “{name}” trùng tên, không phân biệt được."


def _times(scenario: Scenario) -> Iterator[str]:
    meeting = scenario.meeting
    if meeting.ends <= meeting.starts:
        yield "Giờ kết thúc hội nghị phải sau giờ bắt đầu."
    start, end = meeting.count_starts, meeting.count_ends
    if (start is None) != (end is None):
        yield "Xin ghi cả giờ bắt đầu và giờ kiểm phiếu xong (count_starts, count_ends), hoặc không ghi."
    elif start and end and not meeting.starts <= start <= end <= meeting.ends:
        yield "Giờ kiểm phiếu phải theo thứ tự và nằm trong hội nghị (count_starts, count_ends)."
    for key, person in scenario.people.items():
        if person.left_at is None:
            continue
        if not person.is_present:
            yield f"Đồng chí {key} không có mặt nên không có giờ ra về (left_at)."
        elif not meeting.starts <= person.left_at <= meeting.ends:
            yield f"Giờ ra về của đồng chí {key} (left_at) không nằm trong hội nghị."


def _unknown(scenario: Scenario, key: str, where: str) -> str:
    """Why nobody is called `key`, or "" if somebody is."""
    if key in scenario.people:
        return ""
    if any(person.name == key for person in scenario.members):
        return f"{where}: có nhiều đồng chí tên “{key}”, xin viết kèm năm sinh như “{key} (1975)”."
    return f"{where}: không có đảng viên nào tên “{key}” trong danh sách."


def _duties(scenario: Scenario) -> Iterator[str]:
    meeting = scenario.meeting
    duties = [("Chủ trì", meeting.chair), ("Thư ký", meeting.clerk)]
    if meeting.presented_by is not None:
        duties.append(("Người trình bày báo cáo", meeting.presented_by))
    for where, key in duties:
        unknown = _unknown(scenario, key, where)
        if unknown:
            yield unknown
        elif not scenario.people[key].is_present:
            yield f"{where} {key} không có mặt."
        elif scenario.people[key].status == "suspended":
            yield f"{where} {key} đang bị đình chỉ sinh hoạt đảng."
    chair = scenario.people.get(meeting.chair)
    if chair is not None and chair.status == "probationary":
        yield f"Chủ trì {meeting.chair} là đảng viên dự bị, không chủ trì hội nghị được."
    if meeting.chair == meeting.clerk:
        yield f"{meeting.chair} vừa chủ trì vừa làm thư ký: xin ghi hai đồng chí khác nhau."


def _tellers(scenario: Scenario) -> Iterator[str]:
    tellers = scenario.meeting.tellers
    if few := scenario.rules.few_tellers(len(tellers)):
        yield f"{few}."
    for key, times in Counter(tellers).items():
        if times > 1:
            yield f"Tổ kiểm phiếu: đồng chí {key} được ghi {times} lần."
        unknown = _unknown(scenario, key, "Tổ kiểm phiếu")
        reason = "" if unknown else _teller_problem(scenario, key, scenario.people[key])
        if unknown or reason:
            yield unknown or f"Đồng chí {key} {reason} nên không vào tổ kiểm phiếu được."


def _teller_problem(scenario: Scenario, key: str, person: Person) -> str:
    """Why this member may not be a teller, as the middle of a sentence, or ""."""
    may_count = scenario.rules.clerk_may_count(scenario.full_present)
    reasons = (
        (person.status != "full", "không phải đảng viên chính thức"),
        (not person.is_present, "không có mặt"),
        (key == scenario.meeting.chair, "chủ trì hội nghị"),
        (person.office == "secretary", "là bí thư"),
        (
            key == scenario.meeting.clerk and not may_count,
            f"là thư ký hội nghị mà có từ {scenario.rules.clerk_may_count_below} "
            "đảng viên chính thức trở lên có mặt",
        ),
    )
    return next((reason for holds, reason in reasons if holds), "")


def _quorum(scenario: Scenario) -> Iterator[str]:
    roll = scenario.roll
    if not scenario.rules.may_open(roll.present, roll.summoned):
        yield (
            f"Mới có mặt {wording.fraction(roll.present, roll.summoned)} đồng chí có quyền biểu quyết, "
            f"chưa đủ để họp; cần {scenario.rules.quorum}."
        )


def _comments(scenario: Scenario) -> Iterator[str]:
    bodies = (CELL, *(each.name for each in scenario.collectives))
    for comment in scenario.comments:
        spoken_of = [] if comment.on in bodies else [comment.on]
        for key in (comment.by, *spoken_of):
            unknown = _unknown(scenario, key, "Ý kiến")
            if unknown:
                yield unknown


def _poll(scenario: Scenario, poll: Poll) -> Iterator[str]:
    where = f"Lượt “{poll.title}”"
    if not poll.levels or len(set(poll.levels)) < len(poll.levels):
        yield f"{where}: danh sách mức phải có ít nhất một mức, mỗi mức một lần."
    yield from _subjects(scenario, poll, where)
    present = len(scenario.voters)
    if poll.collected > present:
        yield (
            f"{where}: có {poll.collected} phiếu, nhiều hơn {present} đồng chí "
            "có quyền biểu quyết có mặt."
        )
    yield from _papers(scenario, poll, where)
    yield from _invalid(scenario, poll, where)
    yield from _marks(scenario, poll, where)


def _subjects(scenario: Scenario, poll: Poll, where: str) -> Iterator[str]:
    subjects = scenario.subjects(poll)
    if not subjects:
        yield f"{where}: không có đối tượng nào để bỏ phiếu."
    if poll.subjects == CELL:
        return
    bodies = [key for key in subjects if key in scenario.leadership]
    if bodies and len(bodies) < len(subjects):
        yield f"{where}: tập thể lãnh đạo và đảng viên bỏ phiếu ở hai lượt khác nhau."
    for key, times in Counter(subjects).items():
        if times > 1:
            yield f"{where}: “{key}” được ghi {times} lần."
        elif key not in bodies:
            yield from _rated_member(scenario, key, where)


def _rated_member(scenario: Scenario, key: str, where: str) -> Iterator[str]:
    unknown = _unknown(scenario, key, where)
    if unknown:
        yield unknown
    elif not scenario.people[key].rated:
        yield f"{where}: đồng chí {key} không thuộc danh sách được xếp loại."


def _papers(scenario: Scenario, poll: Poll, where: str) -> Iterator[str]:
    rules = scenario.rules
    if 0 < poll.papers < rules.min_paper_ballots:
        yield f"{where}: ít hơn {rules.min_paper_ballots} phiếu giấy thì lộ người viết."
    few = rules.few_tellers(len(scenario.meeting.tellers), poll.papers)
    if poll.papers and few:
        yield f"{where}: {wording.uncapitalized(few)}."


def _invalid(scenario: Scenario, poll: Poll, where: str) -> Iterator[str]:
    if not poll.invalid_reasons:
        return
    unmarked = [group for group in poll.ballots if not any(scenario.marks(poll, group))]
    invalid = sum(group.count for group in unmarked) if len(poll.levels) > 1 else 0
    named = sum(poll.invalid_reasons.values())
    if named != invalid:
        yield (
            f"{where}: có {invalid} phiếu không hợp lệ, các lý do (invalid_reasons) cộng lại là {named}."
        )
    if len(poll.invalid_reasons) > MOST_REASONS:
        yield f"{where}: chỉ ghi được {MOST_REASONS} lý do phiếu không hợp lệ (invalid_reasons)."


def _marks(scenario: Scenario, poll: Poll, where: str) -> Iterator[str]:
    subjects = scenario.subjects(poll)
    marks = {pair: None for group in poll.ballots for pair in group.marks.items()}
    for key, level in marks:
        if key not in (REST, *subjects):
            yield (
                _unknown(scenario, key, where)
                or f"{where}: đồng chí {key} không phải là đối tượng của lượt này."
            )
        if level is not None and level not in poll.levels:
            yield f"{where}: mức {level} không có trong lượt này."


def _conclusions(scenario: Scenario) -> Iterator[str]:
    for key in scenario.conclusions:
        if key not in (CELL, *scenario.leadership):
            yield from _rated_member(scenario, key, "Kết luận")
