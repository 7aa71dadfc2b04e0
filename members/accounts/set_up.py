"""An empty installation has one page; who holds the code from the server's terminal begins there."""

from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from cells import codes
from cells.models import Cell, Committee
from members.models import Count, Member, Office, Rate, RateLimit, SetUpCode, User
from partyreview import HEALTH_PATH
from partyreview.http import places_of

# As passwords are: few tries of one address, and together no more than would take lifetimes.
BY_ADDRESS = Rate("set-up code by address", 10, 90)
BY_SITE = Rate("set-up code", 60, 5)
WRONG = "Mã cài đặt không đúng, hoặc đã được thay bằng mã mới. Xin gõ lại mã mới nhất trên màn hình của máy chủ."
TAKEN = (
    "Phần mềm vừa được cài đặt từ một trình duyệt khác. Xin đăng nhập bằng tài khoản đã tạo ở đó."
)

# Style, and what proxies ask, which follow nobody anywhere.
LEFT_ALONE = (settings.STATIC_URL, HEALTH_PATH)


class Refused(Exception):
    """It cannot begin so; the message is one Vietnamese sentence that says what to do."""


class Beginning(NamedTuple):
    """What the one page asks for; `cell` is "" where a committee begins."""

    committee: str
    cell: str
    place: str
    name: str
    username: str
    password: str


def is_empty() -> bool:
    """Whether nobody has an account and no committee is put in: nothing can be done but to begin."""
    return not User.objects.exists() and not Committee.objects.exists()


def new_code() -> str:
    """The code that begins an empty installation, in groups that are read aloud; "" where it has begun."""
    if not is_empty():
        return ""
    return codes.grouped(SetUpCode.renew())


def must_wait(request: HttpRequest) -> int:
    """Count a try; 0, or the seconds until there may be another."""
    return RateLimit.objects.take(*_counts(request))


def _counts(request: HttpRequest) -> tuple[Count, Count]:
    address, _ = places_of(request)
    return Count(BY_ADDRESS, address), Count(BY_SITE, "")


def begin(request: HttpRequest, code: str, beginning: Beginning) -> User:
    """Make the committee, the cell where it is one alone, and the first officer; Refused with a code that is none."""
    if not SetUpCode.opens(code):
        raise Refused(TAKEN if not is_empty() else WRONG)
    with transaction.atomic(durable=True):
        if not SetUpCode.spend(code) or not is_empty():
            raise Refused(TAKEN)
        user = _first_officer(beginning)
    RateLimit.objects.give_back(*_counts(request))
    return user


def _first_officer(beginning: Beginning) -> User:
    """The account, of the committee; in a cell alone of its secretary as well, who opens the campaigns too."""
    values = {"name": beginning.committee, "place": beginning.place}
    committee: Committee = Committee.objects.add_root(values)
    member = None
    if beginning.cell:
        cell = Cell.objects.create(committee=committee, name=beginning.cell, place=beginning.place)
        member = Member.objects.create(cell=cell, name=beginning.name, post="Bí thư")
        Office.objects.create(
            member=member, kind=Office.Kind.SECRETARY, since=timezone.localdate()
        )
    family, _, given = beginning.name.rpartition(" ")
    user: User = User.objects.create_user(
        username=beginning.username,
        password=beginning.password,
        first_name=given,
        last_name=family,
        committee=committee,
        member=member,
    )
    user.record("installation.begun", committee)
    return user


class FirstRun:
    """Middleware: while the installation is empty, every address leads to its one page."""

    has_begun = False  # asked of the database until it is so, then never again

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """As every middleware."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page asked for, or the first one."""
        if not self.has_begun and not request.path_info.startswith(LEFT_ALONE):
            self.has_begun = not is_empty()
            page = reverse("members:set_up")
            if not self.has_begun and request.path_info != page:
                if "HX-Request" in request.headers:
                    return HttpResponseClientRedirect(page)
                return redirect(page)
        return self.get_response(request)
