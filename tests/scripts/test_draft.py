"""What becomes of the words that a killed tab has left in a phone."""

import pytest

from tests.kit.scripts import Script

STORED = {"text-strengths": "Đoàn kết", "score-result": "60"}


@pytest.fixture(scope="module")
def draft() -> Script:
    return Script("phone/draft.js")


@pytest.mark.parametrize(
    ("status", "words", "again", "reload"),
    [
        (0, "Mất mạng", True, False),
        (403, "Trang này đã cũ", False, True),
        (400, "Bài dài quá", False, False),
        (413, "Bài dài quá", False, False),
        (500, "Máy chủ đang trục trặc", True, False),
        (503, "Máy chủ đang trục trặc", True, False),
    ],
)
def test_each_cause_has_its_own_words_and_way_out(draft, status, words, again, reload):
    told = draft("return m.troubleOf(values.status)", status=status)
    assert told["words"].startswith(words)
    assert "hữ vẫn còn trong máy" in told["words"]
    assert (told["again"], told["reload"]) == (again, reload)
    bare = draft("return m.troubleOf(values.status, false).words", status=status)
    assert "hữ vẫn còn" not in bare
    assert "xin đừng đóng trang này" in bare


def test_a_refusal_of_the_server_says_where_the_words_are(draft):
    told = [
        draft("return m.withPlace(values.sentence, values.kept)", sentence=sentence, kept=kept)
        for sentence, kept in (
            ("Trang đã cũ.", True),
            ("Trang đã cũ.", False),
            ("Chữ vẫn còn.", True),
        )
    ]
    assert told == [
        "Trang đã cũ. Chữ vẫn còn trong máy.",
        "Trang đã cũ. Trình duyệt này không giữ được chữ, xin đừng đóng trang này.",
        "Chữ vẫn còn.",
    ]


@pytest.mark.parametrize(("letters", "fits"), [(15_000, True), (22_000, False)])
def test_a_page_that_goes_away_sends_no_more_than_a_browser_lets_it(draft, letters, fits):
    fields = {"text-strengths": "ễ" * letters}
    assert draft("return m.fitsLastBreath(values.fields)", fields=fields) is fits


def fate(draft: Script, fields: dict, version: str = "3", tried: list | None = None) -> object:
    """The page has version 3 of what is stored; so much the phone has kept."""
    left = {"version": version, "fields": fields, "tried": tried}
    return draft(
        "return m.fateOf(values.left, values.left.fields, '3', values.stored)",
        left=left,
        stored=STORED,
    )


def test_nothing_left_or_nothing_new_is_forgotten(draft):
    assert draft("return m.fateOf(null, {}, '3', values.stored)", stored=STORED) == "forget"
    assert fate(draft, STORED | {"text-direction": ""}) == "forget"


def test_words_written_on_what_is_stored_are_restored(draft):
    assert fate(draft, STORED | {"text-direction": "Góp ý"}) == "restore"


def test_words_are_offered_when_something_else_was_stored_meanwhile(draft):
    assert fate(draft, {"text-strengths": "Khác"}, version="2") == "offer"


def test_words_that_leave_several_texts_empty_are_never_restored_unasked(draft):
    full = {f"text-{name}": "Viết" for name in ("strengths", "weaknesses", "causes")}
    fates = [
        draft(
            "return m.fateOf({version: '3', fields: values.fields}, values.fields, '3', values.stored)",
            fields={name: text for name, text in full.items() if name not in empty},
            stored=full,
        )
        for empty in (["text-causes"], ["text-causes", "text-weaknesses"])
    ]
    assert fates == ["restore", "offer"]


def test_what_was_sent_without_hearing_an_answer_is_recognised_as_ones_own(draft):
    tried = [{"text-strengths": "Một"}, STORED]
    assert fate(draft, {"text-strengths": "Khác"}, version="2", tried=tried) == "restore"


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ({}, {"a": ""}, True),
        ({"a": "1"}, {"a": "1", "b": ""}, True),
        ({"a": "1"}, {"a": "2"}, False),
        ({"a": "1"}, {}, False),
    ],
)
def test_a_place_without_a_text_is_the_same_as_none(draft, one, other, alike):
    assert draft("return m.same(values.one, values.other)", one=one, other=other) is alike
    assert draft("return m.same(values.other, values.one)", one=one, other=other) is alike


def test_letters_are_compared_whatever_the_phone_makes_of_them(draft):
    typed = "Đo\u0061\u0300n kết\r\ngương mẫu\r"
    assert draft("return m.letters(values.typed)", typed=typed) == "Đo\u00e0n kết\ngương mẫu\n"


def test_points_are_never_given_to_other_criteria(draft):
    left = {"criteria": "old", "fields": {"text-strengths": "Của tôi", "score-result": "61"}}
    mended = "return m.mended(values.left, values.criteria, values.stored)"
    assert draft(mended, left=left, criteria="old", stored=STORED) == left["fields"]
    changed = draft(mended, left=left, criteria="new", stored=STORED)
    assert changed == {"text-strengths": "Của tôi", "score-result": "60"}
