"""The sessions of an account: begun, listed, ended one by one; and what is noted in a session of its use."""

from django.contrib.auth import login, update_session_auth_hash
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from members.devices import links
from members.models import SignIn, User
from members.models.sign_ins import SignInQuerySet, words_for

# In the session: when somebody last pressed something, in seconds since 1970; the day that stands in the list.
PRESSED, NOTED = "pressed", "noted"
STEP = 60  # a press within so many seconds of the one before is not written down


def begin(request: HttpRequest, user: User, backend: str) -> None:
    """Sign in, and list this browser."""
    login(request, user, backend=backend)
    note_use(request, user, is_press=True)


def note_use(request: HttpRequest, user: User, is_press: bool) -> None:
    """Write down that the session is used: at most once a minute, and in the list once a day."""
    now, today = int(timezone.now().timestamp()), timezone.localdate()
    if PRESSED not in request.session or (is_press and now - request.session[PRESSED] >= STEP):
        request.session[PRESSED] = now
    if request.session.get(NOTED) != today.isoformat():
        request.session[NOTED] = today.isoformat()
        _list(request, user)


def _list(request: HttpRequest, user: User) -> None:
    if request.session.session_key is None:
        request.session.save()
    user.sign_ins.over().delete()
    today = timezone.localdate()
    words = words_for(request.headers.get("User-Agent", ""))
    row = SignIn(
        user=user,
        session_key=str(request.session.session_key),
        browser=words,
        since=today,
        used_on=today,
    )
    SignIn.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["session_key"],
        update_fields=["user", "used_on"],
    )


def forget(request: HttpRequest) -> None:
    """Take this browser off the list; the session itself is ended by who calls it."""
    SignIn.objects.filter(session_key=request.session.session_key or "").delete()


def others(request: HttpRequest, user: User) -> SignInQuerySet:
    """The sign-ins of the account in other browsers."""
    return user.sign_ins.exclude(session_key=request.session.session_key)


def keep_only_this(request: HttpRequest, user: User) -> int:
    """End all others; how many there were."""
    return others(request, user).lasting().end()


def lock(accounts: QuerySet[User]) -> int:
    """Lock them, and end what would open them again after an unlocking; how many were not locked before."""
    active = list(accounts.select_for_update(no_key=True, of=("self",)).filter(is_active=True))
    for account in active:
        User.objects.filter(pk=account.pk).update(is_active=False)
        end_all(account)
    return len(active)


def end_all(account: User) -> None:
    """End every session, and every link that has been sent."""
    account.sign_ins.end()
    links.end_all(account)


def keep_with_new_password(request: HttpRequest, user: User) -> None:
    """This session goes on under the new password; the others end."""
    former = request.session.session_key
    update_session_auth_hash(request, user)
    user.sign_ins.filter(session_key=former).update(session_key=request.session.session_key)
    keep_only_this(request, user)
