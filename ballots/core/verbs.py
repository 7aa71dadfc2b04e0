"""What all verbs share: the refusal, the guards and the lock."""

from typing import Any

from django.core.exceptions import PermissionDenied

from ballots.models import Paper, Poll, Teller
from ballots.secret import hygiene, keys
from cells.models import Campaign, Collective, Meeting
from members.models import Attendance, Member, User
from members.permissions import oversees, runs_meeting

NO_NEW_MEETING = (
    "Cấp trên đã kết thúc đợt kiểm điểm này nên không lập hội nghị mới. "
    "Cần họp thì xin cấp trên mở lại đợt."
)
NO_FIRST_FILE = (
    "Cấp trên đã kết thúc đợt kiểm điểm này nên không nhận hồ sơ gửi lần đầu. "
    "Cần gửi thì xin cấp trên mở lại đợt."
)
FEW_PAPERS = (
    "Ít hơn {} phiếu giấy thì lộ người viết. "
    "Xin chuyển sang phiếu bốc thăm, hoặc phát phiếu giấy cho tất cả."
)


class Refused(Exception):
    """A step that may not be taken now; the message is one Vietnamese sentence that says what to do."""

    def __init__(self, sentence: str, status: int = 409) -> None:
        """`status` is the HTTP status a phone is answered with."""
        super().__init__(sentence)
        self.status = status


def must_run(user: User, meeting: Meeting) -> None:
    """Only the secretary or deputy of the meeting's cell; a superuser is no exception."""
    if not runs_meeting(user, meeting):
        raise PermissionDenied


def must_be_editable(user: User, meeting: Meeting) -> Meeting:
    """The meeting, locked, if this officer runs it and its minutes are not yet passed; else Refused."""
    must_run(user, meeting)
    locked = locked_meeting(meeting)
    if locked.is_closed:
        raise Refused("Hội nghị đã bế mạc, không sửa được nữa.")
    if Paper.objects.passed(locked):
        raise Refused("Biên bản đã được thông qua và khoá, không sửa được nữa.")
    return locked


def locked_meeting(meeting: Meeting) -> Meeting:
    """The meeting, which no other officer's verb changes until this transaction ends.

    No key: rows that only point at it, such as a teller's results, need not wait, nor wait in a circle.
    """
    locked = Meeting.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("cell", "committee", "campaign").get(pk=meeting.pk)


def lock_meetings(cell: int, campaign: int) -> None:
    """Let every verb on the cell's meetings of this campaign wait until this transaction ends; they share its list."""
    meetings = Meeting.objects.filter(cell=cell, campaign=campaign)
    list(meetings.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def must_be_running(campaign: int, otherwise: str) -> None:
    """Refuse in these words under a campaign that is closed; else it stays open until this transaction ends."""
    if Campaign.objects.share_open(campaign) is None:
        raise Refused(otherwise)


def must_be_open(user: User, meeting: Meeting) -> Meeting:
    """As must_be_editable, and the meeting has been opened."""
    locked = must_be_editable(user, meeting)
    if locked.state != Meeting.State.OPEN:
        raise Refused("Hội nghị chưa khai mạc. Xin bấm “Khai mạc” trước.")
    return locked


def must_be_counted(meeting: Meeting) -> None:
    """The chair concludes when every poll is confirmed or void."""
    if Poll.objects.filter(meeting=meeting).unfinished().exists():
        raise Refused("Xin tổ kiểm phiếu xác nhận kết quả trước khi chủ trì kết luận.")


def must_be_rated(meeting: Meeting, subject: Member | Collective | None) -> None:
    """Refuse a member or a leadership collective whom this meeting does not rate; None, the cell itself, passes."""
    if isinstance(subject, Collective):
        if not Collective.objects.rated(meeting).filter(pk=subject.pk).exists():
            raise Refused(f"{subject} không được hội nghị này kiểm điểm như một tập thể riêng.")
    elif subject is not None:
        listed = Attendance.objects.of(meeting)
        if not listed.filter(member=subject, rated=True).exists():
            name = listed.listed_names().label(subject)
            raise Refused(
                f"Đồng chí {name} không thuộc danh sách được xếp loại. Xin xem lại danh sách."
            )


def subject_columns(subject: Member | Collective | None) -> dict[str, Any]:
    """The values of the columns `member` and `collective` of what is written about a subject; None is the cell."""
    return {
        "member": subject if isinstance(subject, Member) else None,
        "collective": subject if isinstance(subject, Collective) else None,
    }


ABSENT_TELLER = (
    "Đồng chí chưa được điểm danh có mặt nên chưa làm việc của tổ kiểm phiếu được. "
    "Xin bí thư điểm danh cho đồng chí rồi bấm lại."
)


def must_be_teller(teller: Member, meeting: int) -> None:
    """Only a teller of the meeting with this key who is here, on the teller's own device."""
    if not Teller.objects.filter(meeting=meeting, member=teller).exists():
        raise PermissionDenied
    if not Attendance.objects.filter(meeting=meeting, member=teller).here().exists():
        raise Refused(ABSENT_TELLER, 403)


def must_count(teller: Member, poll: Poll) -> None:
    """As must_be_teller, of the poll's meeting."""
    must_be_teller(teller, poll.meeting_id)


KEYS_STAY = (
    "Máy chủ không xoá được khoá cũ ở nơi giữ khoá nên chưa làm được việc này, không có gì bị đổi: "
    "xin báo người quản trị xem quyền ghi của {} rồi bấm lại."
)


def locked_poll(poll: Poll) -> Poll:
    """The poll under the exclusive lock: no cast and no stamp is under way until this transaction ends.

    Keys that a crash left behind die here, before the phase changes, even if the step is then refused. Refused (503)
    where no key could die, OSError where the store of keys does not answer.
    """
    locked = (
        Poll.objects.select_for_update(of=("self",))
        .select_related("meeting__campaign")
        .get(pk=poll.pk)
    )
    if not keys.removable():
        raise Refused(KEYS_STAY.format(keys.where()), 503)
    hygiene.sweep()
    return locked


def must_oversee(user: User, meeting: Meeting) -> None:
    """Only an officer of the committee over the meeting's cell, or of one above that."""
    if not oversees(user, meeting):
        raise PermissionDenied
