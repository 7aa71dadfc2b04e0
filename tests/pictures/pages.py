"""Every page of the site: after which step of the evening it is looked at, by whom, and what is done there first."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from playwright.sync_api import Page, expect

from tests.browser.hands import hurry


class Shot(NamedTuple):
    """One page; `route` and `places` as in tests/access_table.py, or an address as it stands."""

    step: str
    who: str
    route: str
    places: str = ""
    end: str = ""
    name: str = ""
    first: Callable[[Page], object] | None = None
    then: Callable[[Page], object] | None = None
    leads_on: bool = False  # another one needs what is done there

    @property
    def title(self) -> str:
        """The same for all sizes."""
        page = self.name or self.route.partition(":")[2]
        return f"{self.step}-{self.who}-{page}"


# What hands do


def take_stamps(page: Page) -> None:
    """Two tellers agree on how many papers there are, where any are."""
    if page.locator("#paper").count():
        expect(page.locator("#paper .tick")).to_have_count(2)
        for tick in page.locator("#paper .tick input").all():
            tick.check()
        page.locator("#paper .main").click()
        expect(page.locator("#paper .good")).to_be_visible()


def begin_typing(page: Page) -> None:
    """The first paper is being typed."""
    if not page.locator("#paper").count():
        return
    expect(page.locator("#paper-sheets")).to_be_visible()
    page.locator("#paper .main").click()
    for row in page.locator("fieldset.typing").all()[:5]:
        row.get_by_role("radio", name="HTT", exact=True).check()


TYPE_ALL = """() => {
  while (document.querySelector("fieldset.typing")) {
    document.querySelectorAll("fieldset.typing input[value='2']").forEach((box) => box.click());
    document.querySelector("#paper .main").click();
  }
}"""


def type_all(page: Page) -> None:
    """Every paper is typed twice and put into the box."""
    if page.locator("fieldset.typing").count():
        page.evaluate(TYPE_ALL)
        page.locator("#paper .main").click()
        expect(page.locator("#paper .good")).to_be_visible()


def open_ballot(page: Page) -> None:
    """The ballot lies on the phone, at its first name."""
    hurry(page)
    page.reload()
    expect(page.locator("[data-do=mark]").first).to_be_enabled()


def mark_all(page: Page) -> None:
    """Every row has its mark: the page to look over."""
    number = page.locator("[data-is=number]")
    while number.count():
        here = number.filter(has_text=number.inner_text())
        page.locator("[data-do=mark]").nth(1).click()
        expect(here).to_have_count(0)


def fold(page: Page) -> None:
    """The ballot is folded, and waits for the box."""
    page.get_by_role("button", name="Bỏ phiếu", exact=True).click()
    page.get_by_role("button", name="Xác nhận bỏ phiếu", exact=True).click()
    expect(page.get_by_role("heading", name="Phiếu đã gấp")).to_be_visible()


def cast_is_done(page: Page) -> None:
    """The box has the ballot."""
    expect(page.get_by_role("heading", name="Đã bỏ phiếu kín.")).to_be_visible()


def recounted(page: Page) -> None:
    """The totals are there."""
    expect(page.locator(".totals").first).to_be_visible()


def typed_wrong(page: Page) -> None:
    """Six digits that lead nowhere."""
    page.get_by_label("Sáu số trên màn chiếu").press_sequentially("111111")
    expect(page.get_by_text("Không có cuộc họp nào")).to_be_visible()


def tried_out(page: Page) -> None:
    """The phone has tried whether it can vote, which takes it a second look at the page."""
    page.wait_for_url("**#thu")
    page.wait_for_load_state()


BALLOT = "/phieu/#{door_key}"

# Step, who looks, then what: the name of an address, what stands in it, what stands behind it.
PAGES: dict[tuple[str, str], list[tuple[str, ...]]] = {
    ("gather", "secretary"): [
        ("ballots:home",),
        ("ballots:meeting_plan", "cell"),
        ("members:member_import_pages", "cell"),
    ],
    ("gather", "officer"): [("members:committee_import_pages", "committee")],
    ("prepare", "stranger"): [
        ("members:sign_in",),
        ("members:sign_in_link",),
        ("ballots:paper_check_form",),
        ("/hop/khong-co/",),
    ],
    ("prepare", "secretary"): [
        ("ballots:home",),
        ("ballots:handbook",),
        ("ballots:handbook", "", "?q=mat+mang"),
        ("ballots:secrecy_audit",),
        ("ballots:book", "bi-thu"),
        ("members:set_password",),
        ("members:account",),
        ("members:second_factor",),
        ("cells:cell", "cell"),
        ("members:prompts", "cell 2026"),
        ("cells:cell_rules", "cell"),
        ("cells:cell_criteria", "cell leader"),
        ("cells:cell_conditions", "cell leader"),
        ("cells:cell_flags", "cell"),
        ("cells:cell_posts", "cell"),
        ("members:member_list", "cell"),
        ("members:member_add", "cell"),
        ("members:member_receive", "cell"),
        ("members:member_edit", "member"),
        ("members:member_link", "member"),
        ("members:member_history", "member"),
        ("members:member_posts", "member"),
        ("members:member_import", "cell"),
        ("members:member_import_preview", "cell"),
        ("members:member_import_offices", "cell"),
        ("members:assessments", "member 2026"),
        ("members:executive_remarks", "cell 2026"),
        ("members:attachments", "cell 2026"),
        ("ballots:cell_years", "cell"),
        ("members:former_import", "cell"),
        ("ballots:review_list", "cell 2026"),
        ("ballots:reviews", "cell 2026"),
        ("ballots:review_read", "review"),
        ("ballots:meeting", "meeting"),
        ("ballots:meeting_rules", "meeting"),
        ("ballots:roster", "meeting"),
        ("ballots:rehearsal_start", "meeting"),
        ("ballots:report", "meeting"),
        ("ballots:meeting_promises", "meeting"),
        ("ballots:collectives", "meeting"),
        ("ballots:collective_report", "meeting collective"),
    ],
    ("prepare", "officer"): [
        ("ballots:book", "trong-nom"),
        ("ballots:committee", "committee"),
        ("ballots:retention", "committee"),
        ("ballots:tokens", "committee"),
        ("ballots:closing", "committee 2026"),
        ("ballots:jobs",),
        ("ballots:reminder", "committee 2026"),
        ("ballots:committee_bodies", "committee 2026"),
        ("cells:campaigns", "committee"),
        ("cells:campaign_version", "committee 2026"),
        ("cells:campaign", "committee 2026"),
        ("cells:campaign_clone", "committee 2026"),
        ("cells:committee_rules", "committee"),
        ("cells:committee_criteria", "committee leader"),
        ("cells:committee_conditions", "committee leader"),
        ("cells:committee_flags", "committee"),
        ("cells:committee_posts", "committee"),
        ("cells:committee_groups", "committee"),
        ("members:missing", "committee"),
        ("members:places", "committee"),
        ("members:tree_import", "committee"),
        ("ballots:invitations", "committee"),
        ("members:cell_add", "committee"),
        ("members:committee_add", "committee"),
        ("members:committee_rename", "committee"),
        ("members:cell_place", "cell"),
        ("members:cell_rename", "cell"),
        ("members:cell_move", "cell"),
        ("members:cell_dissolve", "cell"),
        ("members:office_hand_over", "cell"),
        ("members:seats", "committee"),
        ("members:seat_give", "committee"),
        ("members:account_list", "committee"),
        ("members:account_add", "committee"),
        ("members:audit_list", "committee"),
        ("ballots:committee_import", "committee"),
        ("members:committee_import_preview", "committee"),
        ("members:committee_import_offices", "committee"),
    ],
    ("prepare", "writer"): [
        ("members:review",),
        ("members:review_of", "2026"),
        ("ballots:my_years",),
        ("ballots:phone",),
    ],
    ("check_in", "secretary"): [
        ("ballots:checkin", "meeting"),
        ("ballots:guests", "meeting"),
    ],
    ("check_in", "projector"): [("ballots:projector", "meeting")],
    ("check_in", "nobody"): [
        ("members:personal_link", "token"),
        ("members:join",),
        ("members:join_code", "code"),
        ("ballots:phone_book", "dang-vien"),
    ],
    ("report", "secretary"): [
        ("ballots:meeting", "meeting"),
        ("ballots:checkin", "meeting"),
        ("ballots:report", "meeting"),
        ("ballots:comments", "meeting"),
        ("ballots:comment_edit", "meeting comment"),
        ("ballots:self_reviews", "meeting"),
    ],
    ("report", "projector"): [("ballots:projector", "meeting")],
    ("report", "writer"): [("ballots:phone",)],
    ("tellers", "secretary"): [
        ("ballots:tellers", "meeting"),
        ("ballots:polls", "meeting"),
        ("ballots:polls", "meeting", "?lap=1"),
        ("ballots:poll", "poll"),
    ],
    ("tellers", "projector"): [("ballots:projector", "meeting")],
    ("tellers", "teller"): [("ballots:count",)],
    ("issue", "secretary"): [("ballots:poll", "poll"), ("ballots:poll", "poll", "?thieu=1")],
    ("issue", "projector"): [("ballots:projector", "meeting")],
    ("cast", "secretary"): [("ballots:poll", "poll")],
    ("cast", "projector"): [("ballots:projector", "meeting")],
    ("count", "secretary"): [
        ("ballots:poll", "poll"),
        ("ballots:poll_invalid", "poll"),
        ("ballots:results", "meeting"),
    ],
    ("count", "projector"): [("ballots:projector", "meeting")],
    ("conclude", "secretary"): [
        ("ballots:results", "meeting"),
        ("ballots:conclude", "meeting"),
        ("ballots:appraisal", "meeting"),
        ("ballots:appraisal_subject", "meeting chi-bo"),
        ("ballots:appraisal_subject", "meeting member"),
        ("ballots:minutes", "meeting"),
    ],
    ("conclude", "projector"): [("ballots:projector", "meeting")],
    ("close", "secretary"): [
        ("ballots:home",),
        ("ballots:minutes", "meeting"),
        ("ballots:dossier", "meeting"),
        ("ballots:sending", "meeting"),
    ],
    ("close", "projector"): [("ballots:projector", "meeting")],
    ("send", "secretary"): [("ballots:sending", "meeting")],
    ("send", "officer"): [
        ("ballots:queue",),
        ("ballots:batch",),
        ("ballots:submission", "meeting"),
        ("ballots:file_record", "meeting"),
        ("ballots:committee", "committee"),
        ("ballots:rollup", "committee 2026"),
        ("ballots:upward", "committee 2026"),
        ("ballots:committee_decision", "committee 2026"),
    ],
    ("send", "stranger"): [("ballots:paper_check", "paper")],
    ("mend", "secretary"): [("ballots:home",), ("ballots:sending", "meeting")],
    ("decide", "officer"): [
        ("ballots:decision", "meeting"),
        ("ballots:reopening", "meeting"),
        ("ballots:quota", "committee 2026"),
        ("ballots:quota_draft", "draft"),
        ("ballots:sittings", "committee"),
        ("ballots:sitting_polls", "sitting"),
        ("ballots:sitting_comments", "sitting"),
        ("ballots:sitting_conclude", "sitting"),
        ("ballots:sitting_rehearse", "sitting"),
    ],
    ("petition", "officer"): [
        ("ballots:decision", "meeting"),
        ("ballots:committee", "committee"),
        ("ballots:news",),
    ],
    ("petition", "secretary"): [("ballots:results", "meeting"), ("ballots:cell_years", "cell")],
    ("petition", "writer"): [("ballots:my_years",), ("ballots:own_form", "2026")],
}  # fmt: skip

# Where something has to be done first, or then: in this order.
BY_HAND = (
    Shot("check_in", "nobody", "members:join", name="join_wrong", first=typed_wrong),
    Shot("check_in", "knocker", "members:wait", first=tried_out),
    Shot("issue", "teller", "ballots:count", first=take_stamps, leads_on=True),
    Shot("issue", "writer", BALLOT, name="ballot", first=open_ballot),
    Shot("issue", "writer", BALLOT, name="ballot_review", first=mark_all, then=fold),
    Shot("issue", "writer", BALLOT, name="ballot_folded"),
    Shot("cast", "teller", "ballots:count", first=begin_typing, then=type_all),
    Shot("cast", "writer", BALLOT, name="ballot_cast", first=cast_is_done),
    Shot("count", "teller", "ballots:count", first=recounted),
)


def shots() -> Iterator[Shot]:
    """All of them."""
    for (step, who), rows in PAGES.items():
        for route, *more in rows:
            places, end = (*more, "", "")[:2]
            parts = [
                route.partition(":")[2] or "nowhere",
                *(["member"] if "member" in places.split()[1:] else []),
            ]
            parts += [end.strip("?").partition("=")[0]] if end else []
            yield Shot(step, who, route, places, end, "-".join(parts))
    yield from BY_HAND
