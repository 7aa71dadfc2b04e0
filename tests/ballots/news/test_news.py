"""Việc mới: who is told of what, by the verb that did it; opened, read, kept for a while, and never of a poll."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ballots.committee.closing.verbs import close_campaign, reopen_campaign
from ballots.committee.upward import verbs as upward
from ballots.core.news import tell_above
from ballots.jobs import asking
from ballots.management.commands import worker
from ballots.models import Job, Petition, Submission
from ballots.news.places import address_of
from cells.law.periods import Period
from cells.models import Campaign, Committee
from members.models import News, Office, User
from members.models.news import KEPT
from tests.kit import factories, polls, sendings, verbs
from tests.kit.clients import browser, words_of
from tests.kit.waiting import decide, make_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("undrawn")]
KIND = News.Kind


def told(user: User) -> list[str]:
    """What this account was told, the newest first."""
    return list(News.objects.filter(account=user).values_list("kind", flat=True))


@pytest.fixture
def sent():
    """A file that lies above, and the news forgotten that came of it."""
    meeting = sendings.make_sent()
    News.objects.all().delete()
    return meeting


@pytest.fixture
def officers(sent):
    """Two of the committee over the cell."""
    return [factories.make_user(committee=sent.cell.committee) for _ in range(2)]


def test_officers_read_of_a_file_that_was_sent_and_its_secretary_does_not():
    meeting = sendings.make_ready()
    officer = factories.make_user(committee=meeting.cell.committee)
    secretary = factories.secretary_of(meeting)
    verbs.send_up(secretary, meeting)
    line = News.objects.get(account=officer)
    assert (line.kind, line.about) == (KIND.FILE_SENT, f"{meeting.cell}, năm 2026")
    assert told(secretary) == []
    assert address_of(officer, line) == reverse("ballots:submission", args=[meeting.pk])


def test_of_a_committee_without_officers_the_nearest_above_is_told():
    top = factories.make_committee()
    empty = factories.make_committee(parent=factories.make_committee(parent=top))
    highest, locked = (factories.make_user(committee=each) for each in (top, empty))
    User.objects.filter(pk=locked.pk).update(is_active=False)
    near = factories.make_user(committee=empty.above)
    assert User.nearest(empty) == {near.pk: empty.above}
    User.objects.filter(pk=near.pk).update(is_active=False)
    assert User.nearest(empty) == {highest.pk: top}
    assert User.nearest(factories.make_committee()) == {}


def test_who_stands_in_further_up_reads_of_which_committee_a_cell_is():
    top = factories.make_committee()
    names = {}
    for ward in (factories.make_committee(parent=top), factories.make_committee(parent=top)):
        meeting = sendings.make_ready(cell=factories.make_cell(ward, "Chi bộ 1"))
        officer = factories.make_user(committee=top)
        verbs.send_up(factories.secretary_of(meeting), meeting)
        names[str(ward)] = News.objects.get(account=officer).about
    assert names == {ward: f"Chi bộ 1, {ward}, năm 2026" for ward in names}
    near = factories.make_user(committee=ward)
    tell_above(KIND.FILE_SENT, meeting)
    assert News.objects.get(account=near).about == "Chi bộ 1, năm 2026"


def return_it(officer, meeting):
    verbs.return_file(officer, meeting, 1, sendings.asked_of(meeting))


def approve_it(officer, meeting):
    verbs.approve(officer, meeting, 1)


def decide_it(officer, meeting):
    act = verbs.Act(1, "12-QĐ/ĐU", timezone.localdate(), 1)
    levels = {"chi-bo": verbs.LevelDecision("HTT")}
    verbs.decide(officer, meeting, act, levels)


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (return_it, KIND.FILE_RETURNED),
        (approve_it, KIND.FILE_APPROVED),
        (decide_it, KIND.FILE_DECIDED),
    ],
)
def test_who_runs_the_cell_reads_what_was_done_with_its_file(act, kind, sent, officers):
    deputy = factories.members_of(sent)[1]
    Office.objects.create(member=deputy, kind="deputy", since="2020-01-01")
    deputies, plain = factories.make_user(deputy), factories.members_of(sent)[2]
    others = factories.make_user(plain)
    act(officers[0], sent)
    secretary = factories.secretary_of(sent)
    assert told(secretary) == told(deputies) == [kind]
    assert [told(user) for user in (*officers, others)] == [[], [], []]
    line = News.objects.get(account=secretary)
    assert line.about == f"{sent.cell}, năm 2026"
    assert browser(secretary).get(address_of(secretary, line)).status_code == 200


def test_a_decision_on_many_files_tells_each_cell_of_its_own():
    ward = factories.make_committee()
    campaign = factories.make_campaign(ward)
    files = [make_file(ward, campaign, cell=f"Chi bộ {n}") for n in (1, 2, 3)]
    accounts = []
    for meeting in files:
        secretary = factories.make_member(meeting.cell, office="secretary")
        accounts.append(factories.make_user(secretary))
    with CaptureQueriesContext(connection) as asked:
        decide(factories.make_user(committee=ward))
    lines = {line.account_id: line for line in News.objects.filter(kind=KIND.FILE_DECIDED)}
    for meeting, account in zip(files, accounts, strict=True):
        assert lines[account.pk].about == f"{meeting.cell}, năm 2026"
        assert lines[account.pk].key == meeting.pk
    assert sum('INTO "members_news"' in query["sql"] for query in asked) == 1


def test_petitions_are_told_to_officers_alone_and_name_nobody(sent, officers):
    member = factories.members_of(sent)[1]
    decision = factories.make_decision(sent, officers[0], member)
    row = verbs.petition(member, decision, "Xin xem lại mức của tôi.")
    assert [told(user) for user in officers] == [[KIND.PETITION_CAME]] * 2
    assert told(factories.secretary_of(sent)) == []
    assert member.name not in News.objects.first().about
    verbs.petition(member, decision, "Xin xem lại mức của tôi.")  # a second tap
    verbs.answer_petition(officers[0], row, "Giữ nguyên.")
    assert told(officers[0]) == [KIND.PETITION_CAME]
    assert told(officers[1]) == [KIND.PETITION_ANSWERED, KIND.PETITION_CAME]
    assert Petition.objects.count() == 1


def below(top) -> list[User]:
    """An officer beneath, a secretary, a secretary of a cell beneath; and beside them one who is told nothing."""
    branch = factories.make_committee(parent=top)
    cells = [factories.make_cell(top), factories.make_cell(branch)]
    runners = [
        factories.make_user(factories.make_member(cell, office="secretary")) for cell in cells
    ]
    stranger = factories.make_cell(factories.make_committee())
    factories.make_user(factories.make_member(stranger, office="secretary"))
    return [factories.make_user(committee=branch), *runners]


def test_a_campaign_is_told_to_all_below_when_it_opens_its_days_move_it_closes_and_opens_again(
    time_machine,
):
    time_machine.move_to("2026-11-20T09:00:00+07:00")  # a year far from this one is asked about
    top = factories.make_committee()
    everybody, officer = below(top), factories.make_user(committee=top)
    page = browser(officer)
    opened = {"kind": "year", "year": "2026", "pack": "", "basis": ""}
    page.post(reverse("cells:campaigns", args=[top.pk]), opened)
    campaign = Campaign.objects.get()
    officer.tell_below(KIND.CAMPAIGN_DAYS, campaign, campaign.period, top)
    close_campaign(officer, campaign, "Hết hạn")
    reopen_campaign(officer, campaign, "Còn một chi bộ")
    wanted = [
        KIND.CAMPAIGN_REOPENED,
        KIND.CAMPAIGN_CLOSED,
        KIND.CAMPAIGN_DAYS,
        KIND.CAMPAIGN_OPENED,
    ]
    assert [told(user) for user in everybody] == [wanted] * 3
    assert News.objects.count() == 12
    board = reverse("ballots:committee", args=[everybody[0].committee_id])
    line = News.objects.filter(account=everybody[0]).first()
    assert address_of(everybody[0], line) == f"{board}?nam=2026"
    assert address_of(everybody[1], line) == reverse("ballots:home")


def test_days_that_move_are_told_and_other_changes_are_not(time_machine):
    time_machine.move_to("2026-11-20T09:00:00+07:00", tick=False)  # no day that is sent is over
    top = factories.make_committee()
    (officer_below, *_), officer = below(top), factories.make_user(committee=top)
    campaign = factories.make_campaign(top)
    page, address = browser(officer), reverse("cells:campaign", args=[top.pk, "2026"])
    form = page.get(address).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    page.post(address, sent | {"basis": "KH 15-KH/ĐU"})
    campaign.refresh_from_db()
    assert (told(officer_below), bool(campaign.basis)) == ([], True)
    form = page.get(address).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    (day,) = [name for name in form.fields if name.endswith("sending")]
    page.post(address, sent | {day: "20/12/2026"})
    assert told(officer_below) == [KIND.CAMPAIGN_DAYS]


def test_the_report_of_a_committee_is_told_up_and_its_answer_down(sent):
    ward = sent.cell.committee
    top = factories.make_committee()
    Committee.objects.move(ward, top, "last-child")
    ward.refresh_from_db()
    own, above = (factories.make_user(committee=each) for each in (ward, top))
    words = upward.ReportWords(body="Ban Thường vụ", post="Bí thư", name="An", symbol="1-BC/ĐU")
    file = upward.send(own, upward.Report(ward, Period(2026), words, 1, "", date(2026, 12, 20)))
    upward.return_report(above, file, {file.lines[0]["key"]: "Xem lại"})
    again = upward.send(
        own, upward.Report(ward, Period(2026), words, 2, "Đã sửa", date(2026, 12, 20))
    )
    upward.approve_report(above, again)
    assert told(above) == [KIND.REPORT_SENT] * 2
    assert told(own) == [KIND.REPORT_APPROVED, KIND.REPORT_RETURNED]
    line = News.objects.filter(account=own).first()
    assert line.about == f"{ward}, năm 2026"
    assert browser(own).get(address_of(own, line)).status_code == 200


def test_nothing_of_a_meeting_or_of_a_poll_is_ever_told():
    meeting = factories.make_meeting(5)
    factories.make_user(committee=meeting.cell.committee)
    deputy = factories.members_of(meeting)[1]
    Office.objects.create(member=deputy, kind="deputy", since="2020-01-01")
    factories.make_user(deputy)
    secretary = factories.secretary_of(meeting)
    factories.arrive(meeting)
    verbs.open_meeting(secretary, meeting)
    verbs.name_tellers(secretary, meeting, factories.members_of(meeting)[2:4], yes=5, of=5)
    polls.play(polls.poll_of(meeting), *[[2]] * 5)
    assert not News.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_asked_for_a_job_reads_that_it_is_done_or_why_not(monkeypatch):
    user = factories.make_user(committee=factories.make_committee())
    works = iter([lambda *_: ("Xong.", ""), lambda *_: 1 / 0])
    monkeypatch.setattr("ballots.jobs.kinds.work_of", lambda job: next(works))
    for number in (1, 2):
        asking.ask(user, Job.Kind.PAPERS, "Văn bản năm 2026", {"number": number})
    assert told(user) == [KIND.JOB_FAILED, KIND.JOB_DONE]
    line = News.objects.first()
    assert line.about == "Văn bản năm 2026"
    assert address_of(user, line) == reverse("ballots:jobs")


def make_news(user: User, *numbers: int, **values) -> list[News]:
    values = {"kind": KIND.FILE_SENT} | values
    return [
        News.objects.create(account=user, about=f"Chi bộ {n}, năm 2026", key=n, **values)
        for n in numbers
    ]


def test_every_page_says_how_many_are_new_and_the_page_lists_them_newest_first(sent, officers):
    make_news(officers[0], 1, 2, 3)
    page = browser(officers[0])
    board = page.get(reverse("ballots:committee", args=[sent.cell.committee_id]))
    assert "Việc mới 3 chưa đọc" in words_of(board)
    assert "Việc mới 3" not in words_of(browser(officers[1]).get("/hop/so-tay/"))
    listed = words_of(page.get(reverse("ballots:news")))
    assert listed.index("Chi bộ 3,") < listed.index("Chi bộ 2,") < listed.index("Chi bộ 1,")


def test_opening_a_line_leads_on_and_reads_all_that_lead_to_the_same_place(sent, officers):
    (line, _), _ = make_news(officers[0], sent.pk, 77), make_news(officers[0], sent.pk)
    page = browser(officers[0])
    answer = page.post(reverse("ballots:news_open", args=[line.pk]))
    assert answer.url == reverse("ballots:submission", args=[sent.pk])
    assert [n.key for n in News.objects.unread()] == [77]
    stranger = browser(officers[1])
    assert stranger.post(reverse("ballots:news_open", args=[line.pk])).status_code == 404


def test_all_are_read_at_once_of_ones_own(officers):
    for user in officers:
        make_news(user, 1, 2)
    old = make_news(officers[0], 3)[0]
    News.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=KEPT + 1))
    browser(officers[0]).post(reverse("ballots:news_read"))
    assert {line.account for line in News.objects.unread()} == {officers[1]}
    assert not News.objects.filter(pk=old.pk).exists()


def test_what_is_old_is_neither_shown_nor_counted_and_the_worker_removes_it(officers):
    old, fresh = make_news(officers[0], 1, 2)
    News.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=KEPT, minutes=1))
    page = words_of(browser(officers[0]).get(reverse("ballots:news")))
    assert "Việc mới 1 chưa đọc" in page
    assert "Chi bộ 1," not in page
    worker.round_once()
    assert list(News.objects.all()) == [fresh]


def test_a_verb_that_is_refused_tells_nobody(sent, officers):
    verbs.approve(officers[0], sent, 1)
    News.objects.all().delete()
    with pytest.raises(verbs.Refused):
        verbs.approve(officers[1], sent, 1)
    assert not News.objects.exists()
    assert Submission.objects.count() == 1


def test_the_page_costs_as_much_for_fifty_lines_as_for_none(officers):
    user = User.objects.get(pk=officers[0].pk)
    counts = []
    for numbers in ((), range(50)):
        make_news(user, *numbers)
        page = browser(user)
        with CaptureQueriesContext(connection) as asked:
            page.get(reverse("ballots:news"))
        counts.append(len(asked))
    assert counts[0] in (counts[1], counts[1] - 1)  # an empty page is not read


def test_the_database_knows_every_kind():
    user = factories.make_user()
    for kind in KIND:
        make_news(user, 1, kind=kind)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_news(user, 1, kind="poll.opened")
