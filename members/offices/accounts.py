"""Accounts below an officer: made for who holds an office, for officers of committees; locked and unlocked."""

import contextlib
import itertools

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from cells.models import Committee
from cells.wording import unaccented
from members.accounts import sessions
from members.models import Member, User
from members.places.verbs import Refused

NAMED = "Tên đăng nhập này đã có người dùng. Xin đặt tên khác."
LONGEST = 30  # letters of a name that is made of somebody's


def below(user: User) -> QuerySet[User]:
    """Accounts that this officer looks after: of his own committee, of those below it, and of who "
    "runs their cells."""
    led = user.committees()
    return User.objects.filter(Q(committee__in=led) | Q(member__cell__committee__in=led))


def must_manage(user: User, account: User) -> None:
    """PermissionDenied for who does not look after this account: nobody does after his own."""
    if not user.has_perm("members.manage_account", account):
        raise PermissionDenied


def account_of(member: Member) -> User:
    """The account of who holds an office; made on first demand, without a password."""
    while (account := User.objects.filter(member=member).first()) is None:
        # Another press at this moment may give the name, or the account, away: then there is one to be seen.
        with contextlib.suppress(IntegrityError), transaction.atomic():
            return _make(username_for(member.name), member=member)
    return account


def username_for(name: str) -> str:
    """A free name to sign in with: "Nguyễn Thị Hoa" → "nguyenthihoa", the second one "nguyenthihoa2"."""
    plain = "".join(sign for sign in unaccented(name).lower() if sign.isascii() and sign.isalnum())
    stem = plain[:LONGEST] or "canbo"
    taken = set(User.objects.filter(username__istartswith=stem).values_list("username", flat=True))
    lower = {each.lower() for each in taken}
    names = itertools.chain([stem], (f"{stem}{number}" for number in itertools.count(2)))
    return next(each for each in names if each not in lower)


def _make(username: str, **values: object) -> User:
    account = User(username=username, **values)
    account.set_unusable_password()
    account.save(force_insert=True)
    return account


@transaction.atomic
def add_officer(user: User, committee: Committee, name: str, username: str) -> User:
    """An officer of a committee of this officer's; invited by a link, as everybody."""
    if not user.has_perm("cells.found", committee):
        raise PermissionDenied
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(NAMED)
    family, _, given = name.rpartition(" ")
    try:
        with transaction.atomic():
            account = _make(username, first_name=given, last_name=family, committee=committee)
    except IntegrityError as error:  # another press was quicker
        raise Refused(NAMED) from error
    user.record("account.made", account, username=username)
    return account


@transaction.atomic
def lock(user: User, account: User) -> None:
    """Nobody signs in with it any more, and who is signed in is out with the next press."""
    must_manage(user, account)
    if sessions.lock(User.objects.filter(pk=account.pk)):
        user.record("account.locked", account)


@transaction.atomic
def unlock(user: User, account: User) -> None:
    """It signs in again, from the beginning: nothing is revived that began while it was being locked."""
    must_manage(user, account)
    if User.objects.filter(pk=account.pk, is_active=False).update(is_active=True):
        sessions.end_all(account)
        user.record("account.unlocked", account)
