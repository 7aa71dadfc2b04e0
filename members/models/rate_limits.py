"""How often a secret may be guessed: one number per counter, shared by all workers and servers, gone in an hour."""

from typing import NamedTuple

from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

LONGEST = 3600  # seconds: no counter has more to tell


class Rate(NamedTuple):
    """What is borne: `burst` tries at once, then one more every `every` seconds; together no more than an hour."""

    name: str
    burst: int
    every: int


class Count(NamedTuple):
    """Tries of one kind, counted against one `whom`: an address, a meeting, an account."""

    rate: Rate
    whom: str

    @property
    def key(self) -> str:
        """A keyed hash: neither address nor account can be read from the table."""
        named = f"{self.rate.name} {self.whom}"
        return salted_hmac("members.rate_limits", named, algorithm="sha256").hexdigest()


class RateLimitQuerySet(models.QuerySet["RateLimit"]):
    """Counting a try before it is answered, so that of many at once none slips through."""

    def take(self, *counts: Count) -> int:
        """Count one try everywhere or nowhere; 0, or the seconds until there may be another (GCRA, ITU-T I.371).

        What is refused is not counted: who goes on trying is not put off for longer, and costs no write.
        Not within a transaction that may be rolled back: the try would be forgotten with it.
        """
        now = int(timezone.now().timestamp())
        known = self._known(counts)
        if wait := _seconds(counts, known, now):
            return wait
        if len(known) < len(counts) or max(known.values()) > now + LONGEST:
            self.forget(now)
        # Always in the order of `counts`, so that two at once never hold what the other waits for.
        with transaction.atomic():
            if all(_spend(count, now) for count in counts):
                return 0
            transaction.set_rollback(True)
        return _seconds(counts, self._known(counts), now) or 1

    def give_back(self, *counts: Count) -> None:
        """Uncount a try: it was right; right ones cost nothing, and leave nothing behind."""
        now = int(timezone.now().timestamp())
        with transaction.atomic():
            for count in counts:
                row = self.filter(key=count.key)
                row.update(spent_until=F("spent_until") - count.rate.every)
            self.filter(key__in=[count.key for count in counts], spent_until__lte=now).delete()

    def forget(self, now: int | None = None) -> None:
        """Delete counters that limit nobody any more, and those of a clock that was wrong."""
        now = int(timezone.now().timestamp()) if now is None else now
        over = Q(spent_until__lte=now) | Q(spent_until__gt=now + LONGEST)
        if not self.filter(over).exists():
            return
        with transaction.atomic():
            # Those that somebody is just counting stay; nobody waits for anybody.
            dead = self.select_for_update(skip_locked=True).filter(over)
            self.filter(key__in=list(dead.values_list("key", flat=True)[:500])).delete()

    def _known(self, counts: tuple[Count, ...]) -> dict[str, int]:
        keys = [count.key for count in counts]
        return dict(self.filter(key__in=keys).values_list("key", "spent_until"))


def _spend(count: Count, now: int) -> bool:
    """One statement, so that nobody counts, or forgets, between the look and the note."""
    _, burst, every = count.rate
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO members_ratelimit AS had (key, spent_until) VALUES (%s, %s) "
            "ON CONFLICT (key) DO UPDATE SET spent_until = %s + "
            "CASE WHEN had.spent_until > %s THEN had.spent_until ELSE %s END "
            "WHERE had.spent_until <= %s",
            [count.key, now + every, every, now, now, now + (burst - 1) * every],
        )
        return bool(cursor.rowcount == 1)


def _seconds(counts: tuple[Count, ...], known: dict[str, int], now: int) -> int:
    """How long until all of these bear one more try; a time beyond the hour is of a clock that was wrong."""
    waits = [0]
    for count in counts:
        _, burst, every = count.rate
        spent = known.get(count.key, 0)
        if spent <= now + LONGEST:
            waits.append(spent - now - (burst - 1) * every)
    return max(waits)


class RateLimit(models.Model):
    """Số lần đoán sai: until when the tries of one counter are spent, in seconds since 1970."""

    key = models.CharField(max_length=64, primary_key=True, editable=False)
    spent_until = models.BigIntegerField(db_index=True, editable=False)

    objects = RateLimitQuerySet.as_manager()

    class Meta:
        verbose_name = "giới hạn số lần thử"
        verbose_name_plural = "giới hạn số lần thử"

    def __str__(self) -> str:
        return self.key[:8]
