"""Making a token and revoking it."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ballots.core.verbs import Refused
from ballots.models import ApiToken
from ballots.models.tokens import MOST, digest_of
from cells.models import Committee
from members.models import User
from members.permissions import convenes

ENDED = "Đảng bộ đã thôi hoạt động nên không tạo mã mới được."
TOO_MANY = f"Đảng bộ đang có {MOST:02d} mã còn hiệu lực, là nhiều nhất. Xin thu hồi mã không dùng nữa trước."
OVER = "Mã này đã được thu hồi trước đó rồi."


@transaction.atomic(durable=True)
def make(user: User, committee: Committee, name: str, days: int) -> str:
    """Make a token for the own committee, in force for so many days; returns what is shown this once."""
    locked = _locked(user, committee)
    if locked.ended_on is not None:
        raise Refused(ENDED)
    today = timezone.localdate()
    if ApiToken.objects.in_force(today).filter(committee=locked).count() >= MOST:
        raise Refused(TOO_MANY)
    shown = ApiToken.fresh()
    token = ApiToken(
        committee=locked,
        name=name,
        digest=digest_of(shown),
        made_by=user,
        made_on=today,
        expires_on=today + datetime.timedelta(days=days),
    )
    token.validate_constraints()
    token.save()
    user.record("token.made", token, until=token.expires_on.isoformat())
    return shown


@transaction.atomic(durable=True)
def revoke(user: User, token: ApiToken) -> None:
    """From now on it opens nothing."""
    _locked(user, token.committee)
    in_force = ApiToken.objects.filter(pk=token.pk, revoked_on=None)
    if not in_force.update(revoked_on=timezone.localdate()):
        raise Refused(OVER)
    user.record("token.revoked", token)


def _locked(user: User, committee: Committee) -> Committee:
    """The committee, whose tokens nobody else changes until this transaction ends."""
    if not convenes(user, committee):
        raise PermissionDenied
    locked: Committee = Committee.objects.select_for_update(no_key=True).get(pk=committee.pk)
    return locked
