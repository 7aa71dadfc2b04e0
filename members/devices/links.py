"""Links sent by Zalo: an officer's one-time sign-in, and a member's own link for one phone."""

import datetime
import secrets

from django.contrib.auth.hashers import make_password
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from sesame.backends import ModelBackend as SesameBackend
from sesame.utils import get_query_string

from members.models import Member, User

SALT = "members.personal-link"
ONE_MONTH = 30 * 24 * 3600
INVITATION = "invitation"
INVITED = datetime.timedelta(days=14)  # and the rest of the last day
# A link that brings back who has put the password off; another kind of token, so that it may last longer.
WAY_BACK = "vao-lai"
SIGN_IN_BACKEND = "sesame.backends.ModelBackend"


def sign_in_link(user: User, base_url: str) -> str:
    """The link that signs this officer in once, within three days; dead after any later sign-in or new password."""
    return f"{base_url.rstrip('/')}{reverse('members:sign_in_link')}{get_query_string(user)}"


def invitation(user: User, base_url: str) -> str:
    """As `sign_in_link`, for two weeks: it is printed and handed over. All links before it are dead."""
    end_all(user)
    token = get_query_string(user, scope=INVITATION)
    return f"{base_url.rstrip('/')}{reverse('members:sign_in_link')}{token}"


def end_all(user: User) -> None:
    """No link that has been made for the account opens it any more; its sessions and its password stay.

    Who signs in, or sets a password, in the same moment has ended them himself.
    """
    unchanged = User.objects.filter(pk=user.pk, last_login=user.last_login, password=user.password)
    if user.last_login is not None:
        # As a sign-in would, by the least step of the clock: who is signed in without a password stays so.
        unchanged.update(last_login=user.last_login + datetime.timedelta(microseconds=1))
    elif not user.has_usable_password():
        unchanged.update(password=make_password(None))
    user.refresh_from_db(fields=["last_login", "password"])


def spend(user: User) -> bool:
    """Use up every link of the account, as the sign-in does that follows; False where another press already has.

    What is compared is what the links were made of, so that of two presses at once only one wins.
    """
    unchanged = User.objects.filter(pk=user.pk, last_login=user.last_login, password=user.password)
    user.last_login = timezone.now()
    return bool(unchanged.update(last_login=user.last_login))


def way_back(user: User, base_url: str) -> str:
    """The link by which an account without a password comes back once, within a month; dead as the other one is."""
    query = get_query_string(user, scope=WAY_BACK)
    return f"{base_url.rstrip('/')}{reverse('members:sign_in_link')}{query}"


def user_of(token: str) -> User | None:
    """The active officer whom this one-time token may sign in, without using it up.

    Asks sesame's backend alone: a dead link must not count as a wrong password against anybody's account.
    """
    backend = SesameBackend()
    # None: what the settings say; an invitation lasts for the rest of its last day.
    ages = {"": None, INVITATION: INVITED + datetime.timedelta(days=1), WAY_BACK: ONE_MONTH}
    users = (backend.authenticate(None, token, scope, age) for scope, age in ages.items())
    return next((user for user in users if user is not None), None)


def renew(member: Member) -> None:
    """Make a new personal link; the former one dies."""
    member.link_nonce = secrets.token_hex(8)
    member.save(update_fields=["link_nonce"])


def personal_link(member: Member, base_url: str) -> str:
    """The link that makes one phone the member's own, for 30 days from now; made on first demand."""
    if not member.link_nonce:
        renew(member)
    token = signing.dumps([member.pk, member.link_nonce], salt=SALT)
    return f"{base_url.rstrip('/')}{reverse('members:personal_link', args=[token])}"


def member_of(token: str) -> tuple[Member, str] | None:
    """Whose link this is, and its nonce, used or not; None where the signature or the date does not hold."""
    try:
        pk, nonce = signing.loads(token, salt=SALT, max_age=ONE_MONTH)
    except signing.BadSignature:
        return None
    member = Member.objects.select_related("cell").filter(pk=pk).first()
    return None if member is None else (member, nonce)


def use_up(member: Member, nonce: str) -> bool:
    """Spend the link; False when another tap already has, so that of two at once only one wins."""
    return bool(nonce) and bool(
        Member.objects.filter(pk=member.pk, link_nonce=nonce).update(link_nonce="")
    )
