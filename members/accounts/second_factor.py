"""The second factor: a code of the officer's own phone (TOTP), a passkey, or one of ten codes that are kept on paper.

What an account has to show after its password, or after a link that replaces the password. The key of a phone lies in
the database as it is, since the server computes the same codes; the codes on paper lie there as keyed hashes.
"""

import secrets
from base64 import b32encode

import django_otp
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from cells import codes
from members.accounts import guessing, sessions
from members.models import Passkey, RateLimit, User

SALT = "members.recovery-code"
PAPER_CODES, LENGTH, DIGITS = 10, 8, 6
# In the session: until when what the officer has just shown is enough for changes of the second factor itself.
PROVED = "second-factor-proved"
# In the session: until when the key of a new phone is shown, to who has just shown that it is he.
BEGUN = "second-factor-begun"
LONGEST = 600  # seconds for one step: between the password and the code, or after such a proof
HASHED = 16  # as many characters as the library's column has: 64 bits of a keyed hash


class MustWait(Exception):
    """No try is left; `seconds` until there may be another."""

    def __init__(self, seconds: int) -> None:
        """As long as this."""
        super().__init__(seconds)
        self.seconds = seconds


def is_on(user: User) -> bool:
    """Whether the account has to show more than its password."""
    return has_phone(user) or user.passkeys.exists()


def has_phone(user: User) -> bool:
    """Whether codes of a phone are taken."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def is_on_of_row() -> Q:
    """The same for each account of a list, in its own query."""
    phones = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
    return Exists(phones) | Exists(Passkey.objects.filter(user=OuterRef("pk")))


def is_demanded(user: User) -> bool:
    """Whether this installation asks it of the account."""
    if settings.SECOND_FACTOR == "officers":
        return user.committee_id is not None or user.is_superuser
    return bool(settings.SECOND_FACTOR == "all")


def is_missing(request: HttpRequest, user: User) -> bool:
    """Whether the account has to have one and has shown none in this session."""
    return django_otp.DEVICE_ID_SESSION_KEY not in request.session and is_demanded(user)


def note_proof(request: HttpRequest) -> None:
    """The officer has just shown that it is he: for some minutes nothing more is asked before a change."""
    request.session[PROVED] = int(timezone.now().timestamp()) + LONGEST


def is_proved(request: HttpRequest) -> bool:
    """Whether he has, in this session, a moment ago."""
    return bool(timezone.now().timestamp() < request.session.get(PROVED, 0))


def check(request: HttpRequest, user: User, typed: str) -> Device | None:
    """What this code is of, used up by it; None where it is wrong; MustWait where too many were.

    Counted before it is looked at, as passwords are, and given back when it was right.
    """
    count = guessing.count_of_codes(request, user)
    if seconds := RateLimit.objects.take(count):
        raise MustWait(seconds)
    device = _check_digits(user, typed) or _check_paper(user, typed)
    if device is not None:
        RateLimit.objects.give_back(count)
    return device


def _check_digits(user: User, typed: str) -> Device | None:
    digits = "".join(typed.split())
    if len(digits) != DIGITS or not digits.isascii() or not digits.isdecimal():
        return None
    for device in TOTPDevice.objects.filter(user=user, confirmed=True):
        if verified := django_otp.verify_token(user, device.persistent_id, digits):
            return verified
    return None


def _check_paper(user: User, typed: str) -> Device | None:
    digests = [_digest(reading) for reading in codes.meant(typed, LENGTH)]
    own = StaticToken.objects.select_related("device").filter(device__user=user)
    token = own.filter(token__in=digests).first()
    if token is None:
        return None
    verified = django_otp.verify_token(user, token.device.persistent_id, token.token)
    if verified is not None:
        user.record("second_factor.paper_code_used")
    return verified


def _digest(code: str) -> str:
    return salted_hmac(SALT, code, algorithm="sha256").hexdigest()[:HASHED]


def codes_left(user: User) -> int:
    """How many codes on paper have not been used."""
    return int(StaticToken.objects.filter(device__user=user).count())


def begin(request: HttpRequest, user: User) -> None:
    """Make a key for a phone, shown in this session for some minutes; it counts from its first right code on."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user, confirmed=False).delete()
        TOTPDevice.objects.create(user=user, name="Ứng dụng tạo mã", confirmed=False)
    request.session[BEGUN] = int(timezone.now().timestamp()) + LONGEST


def is_beginning(request: HttpRequest) -> bool:
    """Whether a new phone was begun in this session, a moment ago: the page of one left lying is nobody's way in."""
    return bool(timezone.now().timestamp() < request.session.get(BEGUN, 0))


def begun(user: User) -> TOTPDevice | None:
    """The phone that has not shown its first code."""
    return TOTPDevice.objects.filter(user=user, confirmed=False).first()


def written_key(device: TOTPDevice) -> str:
    """The key as it is typed into a phone, in groups of four."""
    return " ".join(codes.grouped(b32encode(device.bin_key).decode()).split("-"))


def confirm(request: HttpRequest, user: User, digits: str) -> list[str]:
    """Turn it on by the first code of the phone, in place of a former phone; the codes for paper, or none: wrong.

    The other sessions of the account end: they have shown no code.
    """
    count = guessing.count_of_codes(request, user)
    if seconds := RateLimit.objects.take(count):
        raise MustWait(seconds)
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
        if device is None or not device.verify_token(digits):
            return []
        device.confirmed = True
        device.save()
        TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
        user.record("second_factor.on")
        paper = fresh_codes(user)
    RateLimit.objects.give_back(count)
    django_otp.login(request, device)
    sessions.keep_only_this(request, user)
    return paper


def renew_codes(user: User) -> list[str]:
    """Ten fresh codes for paper; the former are dead."""
    with transaction.atomic():
        user.record("second_factor.paper_codes_renewed")
        return fresh_codes(user)


def fresh_codes(user: User) -> list[str]:
    """Ten codes in place of those there were; called within a change that is recorded."""
    fresh = [
        "".join(secrets.choice(codes.LETTERS) for _ in range(LENGTH)) for _ in range(PAPER_CODES)
    ]
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="Mã khôi phục")
    StaticToken.objects.bulk_create(
        StaticToken(device=device, token=_digest(each)) for each in fresh
    )
    return [codes.grouped(each) for each in fresh]


def turn_off(user: User) -> None:
    """The password alone again; asked for by the officer, who has just shown that it is he."""
    with transaction.atomic():
        forget(user)
        user.record("second_factor.off")


def reset(user: User, by: User) -> None:
    """Take the second factor from who has lost phone and paper, and end the account's sessions."""
    with transaction.atomic():
        forget(user)
        user.sign_ins.all().end()
        by.record("second_factor.reset", user)


def forget(user: User) -> None:
    """No phone, no passkey, no paper; called within a change that is recorded."""
    user.passkeys.all().delete()
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
