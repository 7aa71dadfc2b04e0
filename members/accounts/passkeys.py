"""Passkeys as a second factor: a device of the officer signs a question of ours, in place of a code that is typed.

The question lies in the session, once and for ten minutes; which questions were answered is counted where the tries
are, so that neither a copy of the session nor another server takes one twice.
"""

from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import django_otp
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from members.accounts import guessing, second_factor, sessions
from members.accounts.second_factor import LONGEST, MustWait
from members.models import Count, Passkey, Rate, RateLimit, User

QUESTION = "passkey-question"
ONCE = Rate("passkey question", 1, LONGEST)
MOST = 10  # keys of one account
SALT = "members.passkey"

STALE = "Trang này đã mở quá lâu, hoặc đã hỏi khoá ở một trang khác. Xin bấm lại."
WRONG = "Máy chủ không nhận khoá này: khoá đã bị bỏ, hoặc của tài khoản khác. Xin chọn khoá khác, hoặc gõ mã."
COPIED = "Khoá này có dấu hiệu đã bị sao chép nên không được nhận. Xin gõ mã, rồi bỏ khoá ấy và thêm khoá mới."
UNFIT = "Máy chủ không nhận khoá vừa tạo. Xin bấm lại; vẫn không được thì dùng ứng dụng tạo mã."
KNOWN = "Khoá này đã được thêm rồi. Xin dùng khoá ấy, hoặc thêm khoá của máy khác."
TOO_MANY = f"Mỗi tài khoản có nhiều nhất {MOST} khoá. Xin bỏ một khoá không dùng nữa rồi thêm."
LAST = (
    "Nơi này yêu cầu lớp xác minh thứ hai, mà đây là khoá cuối cùng. Xin thêm khoá khác hoặc ứng dụng tạo mã "
    "trước, rồi bỏ khoá này."
)
BY_NUMBER = (
    "Ở đây chưa dùng được khoá truy cập (passkey): đồng chí đang mở bằng địa chỉ số (IP), mà khoá phải gắn với một "
    "tên miền."
)
IN_CLEAR = "Ở đây chưa dùng được khoá truy cập (passkey): đồng chí đang mở bằng http, mà khoá chỉ dùng được qua https."
IN_ZALO = (
    "Trình duyệt trong Zalo không dùng được khoá truy cập (passkey): xin bấm dấu ba chấm ở góc trên, chọn “Mở bằng "
    "trình duyệt”, rồi đăng nhập ở đó."
)

ELSEWHERE = (
    "Khoá truy cập (passkey) của đồng chí gắn với tên {}, nên ở địa chỉ này không dùng được."
)


class Place(NamedTuple):
    """Where browsers are: the name that keys belong to, and what a page of this site calls its origin."""

    host: str
    origin: str


class Question(NamedTuple):
    """What a device has to sign, as it lies in the session."""

    challenge: str
    until: int


def hindrance(request: HttpRequest) -> str:
    """Why no passkey can be used at this address, or in this browser; "" where it can."""
    host = _host_of(request)
    if "zalo" in request.headers.get("User-Agent", "").casefold():
        return IN_ZALO
    if _is_number(host):
        return BY_NUMBER
    is_here = host == "localhost" or host.endswith(".localhost")
    return "" if request.is_secure() or is_here else IN_CLEAR


def hindrance_of(request: HttpRequest, user: User) -> str:
    """Why none of the keys that the account has can be used here; "" where one can, or there is none."""
    sites = set(user.passkeys.values_list("site", flat=True))
    if not sites or (reason := hindrance(request)):
        return reason if sites else ""
    return "" if _host_of(request) in sites else ELSEWHERE.format(min(sites))


def _host_of(request: HttpRequest) -> str:
    return urlsplit(f"//{request.get_host()}").hostname or ""


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def place_of(request: HttpRequest) -> Place | None:
    """Where this browser is; None where it cannot use a passkey."""
    if hindrance(request):
        return None
    return Place(_host_of(request), f"{request.scheme}://{request.get_host().lower()}")


def _kept(user: User, place: Place) -> list[Passkey]:
    return list(user.passkeys.filter(site=place.host))


def question(request: HttpRequest, user: User) -> dict[str, Any] | None:
    """What this browser is asked so that a key of the account signs; None where it has none that would."""
    place = place_of(request)
    keys = _kept(user, place) if place else []
    if not place or not keys:
        return None
    from members.accounts import webauthn

    asked, challenge = webauthn.ask_to_sign(*place, [bytes(key.credential) for key in keys])
    _keep(request, challenge)
    return asked


def question_for_new(request: HttpRequest, user: User) -> dict[str, Any] | None:
    """What this browser is asked for a new key; None where it cannot make one."""
    place = place_of(request)
    if not place:
        return None
    from members.accounts import webauthn

    # The same for all keys of an account, and nothing that tells whose: devices keep one key for each.
    handle = salted_hmac(SALT, str(user.pk), algorithm="sha256").digest()
    known = [bytes(key.credential) for key in _kept(user, place)]
    asked, challenge = webauthn.ask_to_make(*place, handle, user.get_username(), known)
    _keep(request, challenge)
    return asked


def _keep(request: HttpRequest, challenge: str) -> None:
    until = int(timezone.now().timestamp()) + LONGEST
    request.session[QUESTION] = Question(challenge, until)


def _take(request: HttpRequest) -> tuple[Place, str]:
    """The question of this session, used up; refused where there is none, or somebody was quicker."""
    place = place_of(request)
    asked = request.session.pop(QUESTION, None)
    if place is None or asked is None:
        raise ValidationError(hindrance(request) or STALE)
    challenge, until = Question(*asked)
    is_late = timezone.now().timestamp() > until
    if is_late or RateLimit.objects.take(Count(ONCE, challenge)):
        raise ValidationError(STALE)
    return place, challenge


def check(request: HttpRequest, user: User, answer: dict[str, Any]) -> Passkey:
    """Which key of the account has signed the question; refused where none has, MustWait where too many were wrong.

    Counted with the codes, before it is looked at, and given back when it was right.
    """
    place, challenge = _take(request)
    count = guessing.count_of_codes(request, user)
    if seconds := RateLimit.objects.take(count):
        raise MustWait(seconds)
    from members.accounts import webauthn

    keys = {bytes(key.key_id): key for key in _kept(user, place)}
    known = [bytes(key.credential) for key in keys.values()]
    try:
        shown = webauthn.signed(*place, challenge, known, answer)
    except webauthn.Wrong:
        raise ValidationError(WRONG) from None
    key = keys[shown.key_id]
    _count_up(user, key, shown.counter)
    RateLimit.objects.give_back(count)
    return key


def _count_up(user: User, key: Passkey, counter: int) -> None:
    """Note how often the device says it has signed; refused where a copy of it has signed as often (WebAuthn, 7.2)."""
    fewer = Q(counter__lt=counter) if counter else Q(counter=0)  # those that do not count say 0
    row = Passkey.objects.filter(pk=key.pk)
    if row.filter(fewer).update(counter=counter):
        return
    if not row.exists():
        raise ValidationError(WRONG)
    user.record("second_factor.passkey_copied", name=key.name)
    raise ValidationError(COPIED)


def add(request: HttpRequest, user: User, name: str, answer: dict[str, Any]) -> list[str]:
    """One more key. Where it turns the second factor on: the codes for paper, and the account's other sessions end."""
    place, challenge = _take(request)
    from members.accounts import webauthn

    try:
        made = webauthn.made(*place, challenge, answer)
    except webauthn.Wrong:
        raise ValidationError(UNFIT) from None
    with transaction.atomic():
        _hold(user)
        if user.passkeys.count() >= MOST:
            raise ValidationError(TOO_MANY)
        was_on = second_factor.is_on(user)
        key = _stored(
            Passkey(
                user=user,
                site=place.host,
                name=name,
                added_on=timezone.localdate(),
                key_id=made.key_id,
                credential=made.credential,
                counter=made.counter,
            )
        )
        user.record("second_factor.passkey_added", name=name)
        if was_on:
            return []
        user.record("second_factor.on")
        paper = second_factor.fresh_codes(user)
    django_otp.login(request, key)
    sessions.keep_only_this(request, user)
    return paper


def _stored(key: Passkey) -> Passkey:
    try:
        with transaction.atomic():
            key.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(KNOWN) from None
    return key


def remove(user: User, key: Passkey) -> None:
    """The device opens nothing any more; with the last key the second factor goes, where it is not demanded."""
    with transaction.atomic():
        _hold(user)
        removed, _ = user.passkeys.filter(pk=key.pk).delete()
        if not removed:
            return
        user.record("second_factor.passkey_removed", name=key.name)
        if second_factor.is_on(user):
            return
        if second_factor.is_demanded(user):
            raise ValidationError(LAST)
        second_factor.forget(user)
        user.record("second_factor.off")


def _hold(user: User) -> None:
    """Until the end of the transaction, nobody else adds or removes a key of the account."""
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)
