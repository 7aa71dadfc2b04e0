"""Every page of a committee over many cells: who looks, at a desk or on a phone, and what is done there first."""

from collections.abc import Callable, Iterator

from playwright.sync_api import Page, expect

from tests.pictures.pages import Shot

STEP = "above"
# Name of an address, what stands in it, what stands behind it.
DESK: list[tuple[str, ...]] = [
    ("ballots:committee", "committee"),
    ("ballots:committee", "committee", "?trang_thai=sent"),
    ("ballots:committee", "committee", "?cham=1"),
    ("ballots:committee", "committee", "?q=khu+pho+7"),
    ("ballots:committee", "committee", "?q=khong+co+ai"),
    ("ballots:committee", "committee", "?page=999"),
    ("ballots:committee", "committee", "?truc_thuoc=het"),
    ("ballots:committee", "branch"),
    ("ballots:reminder", "committee 2026"),
    ("ballots:rollup", "committee 2026"),
    ("ballots:committee_bodies", "committee 2026"),
    ("ballots:upward", "branch 2026"),
    ("ballots:upward_file", "report"),
    ("ballots:queue",),
    ("ballots:batch",),
    ("ballots:next_file",),
    ("ballots:submission", "meeting"),
    ("ballots:file_record", "meeting"),
    ("ballots:reopening", "decided"),
    ("ballots:decision", "meeting"),
    ("ballots:decision", "decided"),
    ("ballots:quota", "committee 2026"),
    ("ballots:quota_draft", "draft"),
    ("ballots:quota_draft", "second"),
    ("ballots:quota_compare", "draft", "?voi={second}"),
    ("ballots:committee_decision", "committee 2026"),
    ("ballots:committee_act", "act"),
    ("ballots:closing", "committee 2026"),
    ("ballots:sittings", "committee"),
    ("ballots:meeting", "planned"),
    ("ballots:sitting_polls", "planned"),
    ("ballots:sitting_rehearse", "planned"),
    ("ballots:meeting", "sitting"),
    ("ballots:checkin", "sitting"),
    ("ballots:tellers", "sitting"),
    ("ballots:sitting_polls", "sitting"),
    ("ballots:sitting_comments", "sitting"),
    ("ballots:sitting_comment_edit", "sitting comment"),
    ("ballots:sitting_conclude", "sitting"),
    ("ballots:poll", "poll"),
    ("ballots:results", "sitting"),
    ("ballots:minutes", "sitting"),
    ("ballots:news",),
    ("ballots:jobs",),
    ("ballots:retention", "committee"),
    ("ballots:tokens", "committee"),
    ("ballots:invitations", "committee"),
    ("ballots:invite", "account"),
    ("ballots:secrecy_audit",),
    ("ballots:handbook",),
    ("ballots:handbook", "", "?q=ty+le+20"),
    ("ballots:handbook", "", "?q=zzzz"),
    ("ballots:book", "can-bo-cap-tren"),
    ("cells:campaigns", "committee"),
    ("cells:campaign", "committee 2026"),
    ("cells:campaign_clone", "committee 2026"),
    ("cells:campaign_version", "committee 2026"),
    ("cells:committee_rules", "committee"),
    ("cells:committee_criteria", "committee leader"),
    ("cells:committee_conditions", "committee leader"),
    ("cells:committee_flags", "committee"),
    ("cells:committee_posts", "committee"),
    ("cells:committee_groups", "committee"),
    ("members:places", "committee"),
    ("members:places", "branch"),
    ("members:missing", "committee"),
    ("members:tree_import", "committee"),
    ("members:cell_add", "committee"),
    ("members:committee_add", "committee"),
    ("members:committee_rename", "branch"),
    ("members:committee_merge", "branch"),
    ("members:committee_move", "branch"),
    ("members:committee_split", "branch"),
    ("members:committee_dissolve", "branch"),
    ("members:cell_place", "cell"),
    ("members:cell_rename", "cell"),
    ("members:cell_move", "cell"),
    ("members:cell_dissolve", "cell"),
    ("members:office_hand_over", "cell"),
    ("members:member_list", "cell"),
    ("cells:cell", "cell"),
    ("members:seats", "committee"),
    ("members:seat_give", "committee"),
    ("members:account_list", "committee"),
    ("members:account_add", "committee"),
    ("members:audit_list", "committee"),
    ("members:account",),
    ("members:second_factor",),
    ("ballots:committee_import", "committee"),
]
# What is read or pressed on the way: the same pages again, on a phone.
ON_THE_WAY: list[tuple[str, ...]] = [
    ("ballots:committee", "committee"),
    ("ballots:queue",),
    ("ballots:submission", "meeting"),
    ("ballots:sitting_comments", "sitting"),
    ("ballots:sitting_conclude", "sitting"),
    ("ballots:results", "sitting"),
    ("ballots:news",),
    ("ballots:jobs",),
    ("ballots:reminder", "committee 2026"),
    ("ballots:quota_draft", "draft"),
    ("ballots:handbook", "", "?q=ty+le+20"),
    ("members:account",),
]
PASSWORD, GUARDED = "of this run alone", "ma-1"  # of everybody; who has a second factor


def sign_in(page: Page) -> None:
    """With the password: what comes next is the second factor."""
    page.get_by_label("Tên đăng nhập").fill(GUARDED)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Lớp xác minh thứ hai")).to_be_visible()


def begin(button: str, heading: str) -> Callable[[Page], None]:
    """The password once more, then what is to be turned on."""

    def press(page: Page) -> None:
        page.get_by_label("Mật khẩu hiện nay").fill(PASSWORD)
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("heading", name=heading)).to_be_visible()

    return press


# On the page of the second factor.
TURNED_ON = {
    "second_factor_begin": begin("Bắt đầu", "Thêm điện thoại"),
    "passkey_new": begin("Dùng khoá truy cập", "Thêm khoá truy cập (passkey)"),
}


def shots() -> Iterator[Shot]:
    """All of them."""
    for who, rows in (("above", DESK), ("pocket", ON_THE_WAY)):
        for route, *more in rows:
            places, end = (*more, "", "")[:2]
            parts = [route.partition(":")[2], *places.split()[:1]]
            parts += [end.strip("?").replace("=", "_").replace("+", "_")] if end else []
            yield Shot(STEP, who, route, places, end, ".".join(parts))
        for name, press in TURNED_ON.items():
            yield Shot(STEP, who, "members:second_factor", name=name, first=press)
    for who in ("newcomer", "newcomer_pocket"):
        yield Shot(STEP, who, "members:sign_in")
        yield Shot(STEP, who, "members:sign_in", name="second_step", first=sign_in)
