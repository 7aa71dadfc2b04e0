"""The secretary's presses of a poll: open issuing, issue again, open the box, void (secret-ballot.md 3.2, 3.4)."""

import errno
import logging
import random
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Count, Max

from ballots.core.verbs import FEW_PAPERS, Refused, locked_poll, must_be_open
from ballots.models import Alarm, Box, Door, Envelope, Issue, OwnCase, Poll, Slip, Teller
from ballots.models.box import ONE_ACTIVE
from ballots.secret import hygiene, keys, sheet, signer, workers
from ballots.secret.key_store import Unfit
from ballots.voting.roll import must_be_confirmed
from cells.models import InvalidTransition, Level, Meeting
from cells.wording import two_digits
from members.models import Attendance, User
from partyreview import storage

NO_KEY = (
    "Máy chủ này không tìm thấy khoá của lượt bỏ phiếu nên chưa làm được việc này, và không có gì bị đổi hay xoá: "
    "xin thử lại trên máy chủ khác đang giữ khoá, hoặc báo người quản trị máy chủ."
)
KEY_LOST = (
    "Máy chủ này không tìm thấy khoá của lượt bỏ phiếu. Xin tải lại trang, xem khi nào khoá trở lại; "
    "chỉ khi không lấy lại được khoá mới đánh dấu xác nhận rồi huỷ lượt."
)
KEY_FOUND = "Máy chủ này tìm thấy khoá của lượt bỏ phiếu rồi, không phải huỷ lượt vì mất khoá nữa."
PAUSED = (
    "Kho khoá của phiếu kín chưa trả lời nên lượt tạm dừng. Không có gì bị mất: trang này và các máy tự hỏi lại; "
    "quá vài phút vẫn vậy thì báo người quản trị máy chủ."
)
AGAIN = "Xin bấm lại; nếu vẫn không được, xin báo người quản trị máy chủ."
NO_KEYS = f"Máy chủ chưa tạo được khoá cho lượt này, không có gì bị đổi. {AGAIN}"
NO_ROOM = (
    "Bộ nhớ giữ khoá trên máy chủ đã đầy nên chưa phát phiếu được, không có gì bị đổi: "
    "xin báo người quản trị giải phóng {} rồi bấm lại."
)
NOT_KEPT = (
    "Máy chủ không ghi được vào nơi giữ khoá nên chưa phát phiếu được, không có gì bị đổi: "
    "xin báo người quản trị xem quyền ghi của {} rồi bấm lại."
)

OWN_CASE = "không bỏ phiếu về trường hợp của mình"


def key_trouble(error: OSError | None) -> str:
    """Why the keys of a round cannot be kept, in one sentence; "" where nothing is in the way."""
    if error is None:
        return ""
    if isinstance(error, Unfit):
        return str(error)
    if storage.trouble_of(error) is storage.SILENT:
        return storage.SILENT.sentence
    is_full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return (NO_ROOM if is_full else NOT_KEPT).format(keys.where())


@keys.gone_unless_committed()
@transaction.atomic(durable=True)
def open_issuing(user: User, poll: Poll) -> None:
    """Mở lượt bỏ phiếu: freeze the sheet and the roll, make the three keys, start issuing."""
    meeting = must_be_open(user, poll.meeting)
    poll = locked_poll(poll)
    if poll.state != Poll.State.PLANNED:
        raise InvalidTransition(poll)
    if not poll.subjects.exists():
        raise Refused("Lượt này chưa có ai để bỏ phiếu. Xin xem lại danh sách được xếp loại.")
    _tellers_ready(meeting)
    if Poll.objects.filter(meeting=meeting).unfinished().exists():
        raise Refused("Xin tổ kiểm phiếu làm xong và xác nhận lượt trước, rồi mới mở lượt này.")
    must_be_confirmed(user, meeting)
    _number_by_order_held(poll)
    Slip.objects.filter(poll=poll).update(round=1)
    try:
        _issue_round(poll, meeting, 1)
    except IntegrityError as error:
        raise Refused(ONE_ACTIVE) from error
    user.record("poll.issuing_opened", poll)


def _number_by_order_held(poll: Poll) -> None:
    """A poll opened after a later one takes the next number: what is last by number was held last."""
    numbers = Poll.objects.filter(meeting=poll.meeting_id)
    if numbers.filter(number__gt=poll.number).exclude(p=None).exists():
        last = numbers.aggregate(last=Max("number"))["last"]
        Poll.objects.filter(pk=poll.pk).update(number=last + 1)


@keys.gone_unless_committed()
@transaction.atomic(durable=True)
def reissue(user: User, poll: Poll) -> None:
    """Phát lại cho tất cả: a new round with a new key, possible only while the box is empty."""
    meeting = must_be_open(user, poll.meeting)
    poll = locked_poll(poll)
    if poll.state not in (Poll.State.ISSUING, Poll.State.CASTING):
        raise InvalidTransition(poll)
    if Box.objects.filter(poll=poll).exists():
        raise Refused(
            "Đã có phiếu trong hòm nên không phát lại được. Nếu cần, hội nghị huỷ lượt này và bỏ phiếu lại."
        )
    must_be_confirmed(user, meeting)
    former = poll.p
    Issue.objects.filter(poll=poll).delete()
    Slip.objects.filter(poll=poll, kind=Slip.Kind.PAPER).delete()
    Slip.objects.filter(poll=poll).update(
        round=poll.round + 1, blinded=None, blind_sig=None, stamped=False
    )
    _issue_round(poll, meeting, poll.round + 1)
    transaction.on_commit(lambda: forget_keys(former, keys.KINDS))
    user.record("poll.reissued", poll)


def _tellers_ready(meeting: Meeting) -> None:
    tellers = Teller.objects.filter(meeting=meeting).values("member")
    present = Attendance.objects.filter(meeting=meeting, member__in=tellers).here().count()
    if not present:
        raise Refused("Xin hội nghị cử tổ kiểm phiếu trước khi mở lượt bỏ phiếu.")
    rules = meeting.rules
    papers = Attendance.objects.filter(meeting=meeting, door=Door.PAPER).here().with_vote().count()
    if few := rules.few_tellers(present) or rules.few_tellers(present, papers):
        raise Refused(f"{few} có mặt.")
    if papers and papers < rules.min_paper_ballots:
        raise Refused(FEW_PAPERS.format(rules.min_paper_ballots))


def _issue_round(poll: Poll, meeting: Meeting, number: int) -> None:
    """Write the roll, the sheet and the keys of one round, and move the poll to ISSUING."""
    outside = OwnCase.objects.outside(poll)
    summoned = Attendance.objects.of(meeting).with_vote()
    voters = list(summoned.here())
    random.SystemRandom().shuffle(voters)
    Issue.objects.bulk_create(
        Issue(
            poll=poll,
            round=number,
            member=voter.member,
            door=voter.door,
            declined=OWN_CASE if voter.member_id in outside else "",
        )
        for voter in voters
    )
    summoned = summoned.exclude(member__in=outside)
    text = _sheet_with_keys(poll, number)
    poll.move(
        poll.state,
        Poll.State.ISSUING,
        round=number,
        sheet=text,
        p=sheet.digest(text).hex(),
        former_p=poll.p or "",
        issued=0,
        summoned=summoned.count(),
        present=sum(voter.member_id not in outside for voter in voters),
        base=summoned.exclude(state=Attendance.State.EXCUSED).count(),
    )
    transaction.on_commit(keys.committed)


def _sheet_with_keys(poll: Poll, number: int) -> bytes:
    """The sheet of a round whose signer holds its keys from now on; Refused where they cannot be made or kept."""
    if trouble := key_trouble(keys.trouble()):
        raise Refused(trouble, 507)
    labels = dict(Level.choices)
    try:
        with signer.new_round() as fresh:
            text = sheet.build_sheet(
                poll=poll.pk,
                round=number,
                n=fresh.n,
                title=poll.title,
                levels=[(code, labels[code]) for code in poll.levels],
                rows=[subject.label for subject in poll.subjects.all()],
            )
            fresh.begin(sheet.digest(text).hex())
    except OSError as error:
        raise Refused(key_trouble(error), 507) from error
    except signer.Failed as error:
        raise Refused(NO_KEYS, 503) from error
    return text


@transaction.atomic(durable=True)
def decline(user: User, issue: Issue, reason: str) -> None:
    """Không nhận phiếu: a voter on the roll who takes no ballot, with the reason."""
    must_be_open(user, issue.poll.meeting)
    poll = locked_poll(issue.poll)
    if poll.state != Poll.State.ISSUING:
        raise InvalidTransition(poll)
    if not reason.strip():
        raise Refused("Xin ghi lý do không nhận phiếu.")
    entry = Issue.objects.of(poll).filter(pk=issue.pk, stamped=False)
    if not entry.update(declined=reason.strip()):
        name = Attendance.objects.of(poll.meeting).listed_names().label(issue.member)
        raise Refused(f"Đồng chí {name} đã nhận phiếu.")
    user.record("issue.declined", poll, member=issue.member_id)


@transaction.atomic(durable=True)
def open_box(user: User, poll: Poll, short_ok: bool = False) -> None:
    """Mở hòm: close issuing, destroy the sign key, open casting. From here nobody can make one more ballot."""
    meeting = must_be_open(user, poll.meeting)
    poll = locked_poll(poll)
    if poll.state != Poll.State.ISSUING:
        raise InvalidTransition(poll)
    issued = stamps(poll)
    if not sum(issued.values()):
        raise Refused("Chưa phát được lá phiếu nào nên chưa mở hòm được.")
    _never_more_than_present(poll, meeting, issued)
    missing = still_missing(poll, issued)
    if missing and not short_ok:
        raise Refused(f"Còn thiếu: {missing}. Nếu vẫn mở hòm, những phiếu này không bỏ được nữa.")
    if hygiene.lacks_keys(poll):
        raise Refused(NO_KEY, 503)  # nor would the sign key die where it lies
    p = poll.p
    poll.move(Poll.State.ISSUING, Poll.State.CASTING, issued=sum(issued.values()))
    transaction.on_commit(lambda: forget_keys(p, [keys.SIGN]))
    user.record("poll.box_opened", poll)


def stamps(poll: Poll, roll: Sequence[Issue] | None = None) -> dict[str, int]:
    """Stamps made in the poll's round, per door; `roll`: all its entries, where they are at hand."""
    slips = Slip.objects.filter(poll=poll, round=poll.round, stamped=True)
    made = dict(slips.values_list("kind").annotate(Count("pk")))
    if roll is None:
        by_phone = Issue.objects.of(poll).filter(stamped=True).count()
    else:
        by_phone = sum(entry.stamped for entry in roll)
    return {
        Door.PHONE.value: by_phone,
        Door.SLIP.value: made.get(Slip.Kind.SLIP, 0),
        Door.PAPER.value: made.get(Slip.Kind.PAPER, 0),
    }


def _never_more_than_present(poll: Poll, meeting: Meeting, issued: dict[str, int]) -> None:
    entries = Issue.objects.of(poll).filter(declined="")
    for door in Door:
        if issued[door.value] > entries.filter(door=door).count():
            raise Refused(
                f"Số phiếu đã phát bằng {door.label.lower()} nhiều hơn số người ghi trong danh sách. "
                "Xin kiểm tra rồi bấm “Phát lại cho tất cả”."
            )
    # Who has left since keeps the ballot received.
    here = Attendance.objects.filter(meeting=meeting).present().with_vote().count()
    if sum(issued.values()) > here:
        raise Refused(
            "Số phiếu đã phát nhiều hơn số người có mặt. Xin xem lại điểm danh hoặc phát lại cho tất cả."
        )


def still_missing(poll: Poll, issued: dict[str, int]) -> str:
    """What is short before the box opens, named: phones by person, slips and papers by number; "" if nothing."""
    entries = Issue.objects.of(poll).filter(declined="").select_related("member")
    names = Attendance.objects.of(poll.meeting).listed_names()
    waiting = entries.filter(door=Door.PHONE, received=False)
    parts = [f"đ/c {names.label(entry.member)}" for entry in waiting]
    for door in (Door.SLIP, Door.PAPER):
        short = entries.filter(door=door).count() - issued[door.value]
        if short > 0:
            parts.append(f"{short} {door.label.lower()}")
    return ", ".join(parts)


@transaction.atomic(durable=True)
def void(user: User, poll: Poll, reason: str, key_lost: bool = False) -> None:
    """Huỷ lượt before it is sealed, with a reason for the minutes: keys and box go, unread.

    `key_lost`: the officer says that the key, which this server does not find, cannot come back. Without that no poll
    is void for want of a key; with it a sealed one is, too.
    """
    must_be_open(user, poll.meeting)
    poll = locked_poll(poll)
    _may_void(poll, key_lost)
    if not reason.strip():
        raise Refused("Xin ghi lý do huỷ lượt bỏ phiếu để đưa vào biên bản.")
    void_now(poll, reason.strip())
    user.record("poll.voided", poll, reason=reason.strip(), key_lost=key_lost)


def _may_void(poll: Poll, key_lost: bool) -> None:
    if poll.state == Poll.State.ISSUING:
        return
    if poll.state not in (Poll.State.CASTING, Poll.State.SEALED):
        raise InvalidTransition(poll)
    lacking = hygiene.lacks_keys(poll)
    if lacking and not key_lost:
        raise Refused(KEY_LOST, 503)
    if key_lost and not lacking:
        raise Refused(KEY_FOUND)
    if poll.state == Poll.State.SEALED and not lacking:
        raise InvalidTransition(poll)


@transaction.atomic(durable=True)
def note_alarm(user: User, poll: Poll, hands: int, decision: str) -> None:
    """Write down, for the minutes, how many phones showed red and what the meeting decided; 0 strikes it out.

    Phones report nothing: the room raises hands (secret-ballot.md 3.2, step 8).
    """
    must_be_open(user, poll.meeting)
    poll = locked_poll(poll)
    if poll.state != Poll.State.COUNTED:
        raise Refused("Chỉ ghi việc máy hiện khung đỏ sau khi kiểm phiếu xong.")
    if hands > poll.issued:
        raise Refused(
            f"Lượt này phát {two_digits(poll.issued)} phiếu nên không thể có {two_digits(hands)} máy hiện khung đỏ. "
            "Xin đếm lại số giơ tay."
        )
    Alarm.objects.filter(poll=poll).delete()
    if hands:
        noted = Alarm(poll=poll, hands=hands, decision=decision.strip())
        noted.validate_constraints()
        noted.save()
    user.record("poll.alarm_noted", poll, hands=hands)


def void_now(poll: Poll, reason: str) -> None:
    """Void a poll that this transaction has locked: no number of it survives."""
    from_box_and_roll(poll)
    p = poll.p
    poll.move(
        poll.state,
        Poll.State.VOID,
        void_reason=reason,
        collected=0,
        valid=0,
        invalid=0,
        sealed_sha256="",
    )
    transaction.on_commit(lambda: forget_keys(p, keys.KINDS))
    transaction.on_commit(workers.replace_all)


def from_box_and_roll(poll: Poll) -> None:
    """Delete the poll's ballots wherever they lie, and drop the blinded values and signatures."""
    Envelope.objects.filter(poll=poll, sha256="").delete()
    poll.box_set.all().delete()
    poll.sealed_set.all().delete()
    poll.rows.all().delete()
    drop_blinded(poll)


def drop_blinded(poll: Poll) -> None:
    """Forget what the roll kept to answer a phone twice alike."""
    for table in (Issue, Slip):
        table.objects.filter(poll=poll).update(blinded=None, blind_sig=None)


def forget_keys(p: str | None, kinds: tuple[str, ...] | list[str]) -> None:
    """Let keys die, and with the sign key its signer.

    The phase is over, whatever the store says now: where it does not answer, this worker tries again until it does.
    """
    try:
        keys.unlink(p or "", *kinds)
    except OSError:
        logging.getLogger(__name__).exception("keys of a phase that is over were not removed")
        workers.remove_again()
    if keys.SIGN in kinds:
        signer.end(p or "")
