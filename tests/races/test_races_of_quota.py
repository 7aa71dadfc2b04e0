"""Two officers in one draft at once: of two who move the same case one wins, and the other is told."""

from functools import partial

import pytest

from ballots.committee.quota import job, placing
from ballots.committee.quota import verbs as quota
from ballots.jobs import running
from ballots.jobs.asking import ALREADY
from ballots.models import Job, QuotaDraft, QuotaLine, QuotaMove, WorkerSign
from cells.law.post_groups import GROUPS
from cells.models import Setting
from cells.stale import STALE
from tests.kit import drafts, factories
from tests.kit.threads import alone, press, together
from tests.kit.verbs import Refused

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "Thành tích nổi bật"


def told(answers: list) -> list[str]:
    return [str(answer) for answer in answers if isinstance(answer, Refused)]


def test_of_officers_who_move_one_case_at_once_one_wins_and_the_others_are_told():
    draft = drafts.make_draft()
    line = drafts.line_of(draft)
    officers = [factories.make_user(committee=draft.committee) for _ in range(4)]
    calls = [
        alone(lambda who=who, level=level: quota.move(who, line, 0, level, WHY))
        for who, level in zip(officers, ("HTXS", "HT", "KHT", "HTXS"), strict=True)
    ]
    answers = together(*calls)
    assert told(answers) == [STALE] * 3
    (move,) = QuotaMove.objects.all()
    line.refresh_from_db()
    assert (line.level, line.version) == (move.after, 1)


def test_a_move_and_a_refresh_at_once_lose_nothing():
    draft = drafts.make_draft()
    line, officer = drafts.line_of(draft), draft.by
    drafts.send(draft.committee)
    answers = together(
        alone(lambda: quota.move(officer, line, 0, "HTXS", WHY)),
        alone(lambda: quota.refresh(officer, draft, 1)),
    )
    assert told(answers) == []
    assert QuotaLine.objects.get(pk=line.pk).level == "HTXS"
    assert QuotaLine.objects.filter(draft=draft).count() == 8


def test_of_two_drafts_of_one_name_at_once_one_is_made():
    draft = drafts.make_draft()
    answers = together(*[alone(lambda: quota.copy(draft.by, draft, "Lần 2"))] * 3)
    assert sum(isinstance(answer, QuotaDraft) for answer in answers) == 1
    assert QuotaDraft.objects.filter(name="Lần 2").count() == 1


def test_two_posts_put_into_groups_from_two_drafts_at_once_are_both_there_or_one_is_told():
    draft = drafts.make_draft()
    other = quota.copy(draft.by, draft, "Lần 2")
    place = partial(placing.place_post, draft.by)
    done = press(
        partial(place, draft, 1, "members", "Chủ tịch công đoàn", 2, "HD 05"),
        partial(place, other, 1, "members", "Trưởng ban bảo vệ", 2, "HD 05"),
    )
    (setting,) = Setting.objects.filter(key=GROUPS, committee=draft.committee)
    listed = setting.value["groups"][2]["posts"]
    kept = {"Chủ tịch công đoàn", "Trưởng ban bảo vệ"} & set(listed)
    assert len(kept) == done["done"]


def test_of_officers_who_ask_at_once_for_one_long_draft_one_job_makes_it():
    WorkerSign.give()
    committee = drafts.make_draft().committee
    officers = [factories.make_user(committee=committee) for _ in range(3)]
    ask = partial(job.ask, committee=committee, period=drafts.PERIOD, name="Lần 2")
    answers = together(*[alone(partial(ask, officer)) for officer in officers])
    assert told(answers) == [ALREADY] * 2
    (asked,) = Job.objects.all()
    together(*[alone(partial(running.run, asked.pk))] * 3)
    assert QuotaDraft.objects.filter(name="Lần 2").count() == 1
    assert Job.objects.get().state == "done"
