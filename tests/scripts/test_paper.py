"""Paper ballots on the tellers' device: two passes of typing, and what becomes of the stamps."""

import pytest

from ballots.secret import blind_signature, sheet
from tests.kit.scripts import Script

MARKS = [[1, 2], [2, 2], [0, 1]]
BEGIN = """
m.change('P', { stage: 'stamping', stamps: [{ stamp: 'a' }, { stamp: 'b' }, { stamp: 'c' }, {}] });
m.begin('P', 3, ['An', 'Bình']);
"""


@pytest.fixture
def paper() -> Script:
    return Script("teller/paper.js")


@pytest.mark.parametrize(
    ("sheets", "by", "sentence"),
    [
        ("3", ["An", "Bình"], ""),
        ("0", ["An", "Bình"], ""),
        ("", ["An", "Bình"], "Xin ghi số tờ."),
        ("-1", ["An", "Bình"], "Xin ghi số tờ."),
        (
            "4",
            ["An", "Bình"],
            "Số tờ trong hòm nhiều hơn 03 phiếu giấy đã phát. Hội nghị phải huỷ lượt này và bỏ phiếu lại.",
        ),
        ("3", ["An", "An"], "Hai lần nhập phải do hai đồng chí khác nhau."),
    ],
)
def test_why_typing_cannot_begin(paper, sheets, by, sentence):
    first = "return m.beginningTrouble(values.sheets, 3, values.by)"
    assert paper(first, sheets=sheets, by=by) == sentence


@pytest.mark.parametrize(("sheets", "asked"), [("3", False), ("2", True), ("0", True)])
def test_fewer_papers_than_were_handed_out_are_asked_about(paper, sheets, asked):
    sentence = paper("return m.beginningQuestion(values.sheets, 3)", sheets=sheets)
    assert sentence.startswith(f"Đã phát 03 phiếu giấy mà trong hòm có 0{sheets} tờ.") == asked
    assert bool(sentence) == asked


def test_each_pass_takes_every_paper_once(paper):
    passes = paper(
        BEGIN
        + """
        const seen = [];
        for (const marks of [...values.marks, ...values.marks]) {
          seen.push(m.passOf(m.load('P')));
          m.take('P', marks);
        }
        return [...seen, m.passOf(m.load('P')), m.differences(m.load('P'))];
        """,
        marks=MARKS,
    )
    assert passes == [0, 0, 0, 1, 1, 1, 2, []]


def test_a_paper_given_back_is_typed_again_from_what_it_had(paper):
    record = paper(
        BEGIN + "m.take('P', [1, 2]); m.take('P', [2, 2]); return m.giveBack('P');", marks=MARKS
    )
    assert (record["passes"], record["draft"]) == ([[[1, 2]], []], {"0": 2, "1": 2})


def test_where_two_passes_differ_the_tellers_look_together(paper):
    wrong = [[1, 2], [2, 1], [0, 1]]
    result, record = paper(
        BEGIN
        + """
        for (const marks of [...values.marks, ...values.wrong]) m.take('P', marks);
        const found = m.differences(m.load('P'));
        m.change('P', { together: found[0].paper });
        return [found, m.take('P', [2, 2])];
        """,
        marks=MARKS,
        wrong=wrong,
    )
    assert result == [{"paper": 1, "rows": [1]}]
    assert record["passes"] == [MARKS, MARKS]
    assert "together" not in record


def test_who_starts_afresh_keeps_the_stamps_and_nothing_else(paper):
    record = paper(BEGIN + "m.take('P', [1, 2]); return m.startAfresh('P');")
    assert record == {
        "stage": "stamping",
        "stamps": [{"stamp": "a"}, {"stamp": "b"}, {"stamp": "c"}, {}],
    }


def test_papers_of_another_sheet_are_forgotten(paper):
    left = paper(
        """
        m.change('P', {});
        m.change('Q', {});
        localStorage.setItem('phieu-giay/R', '{"stage": "done"}');
        await m.kept();
        await m.recall('P');
        return [Object.keys(disk.kept), m.load('P').stage, m.load('Q'), Object.keys(localStorage)];
        """
    )
    assert left == [["phieu-giay/P"], "stamping", None, []]


def test_no_stamp_is_asked_for_and_no_paper_cast_before_the_disk_has_it(paper):
    sentence = """
        disk.refused = 'full';
        const never = () => { throw new Error('asked'); };
        globalThis.fetch = never;
        m.change('P', { stage: 'casting', stamps: undefined, ballots: [{ body: '00', hash: '00' }] });
        const ask = async (work) => work().catch((error) => error.message);
        return [await ask(() => m.castAll('P', never)), await ask(() => m.obtain({ p: 'Q' }, 0, never, never))];
        """
    said = "Trình duyệt này không giữ được phiếu giấy. Xin dùng máy khác; đã phát rồi thì đừng đóng trang này."
    assert paper(sentence) == [said, said]


def test_a_paper_is_stamped_folded_and_cast_as_a_phones_ballot_is(paper):
    key = blind_signature.generate_key()
    rows = ["Một", "Hai"]
    text = sheet.build_sheet("ab" * 16, 1, key.n, "Lượt", [("HTXS", "A"), ("HTT", "B")], rows)
    bodies: list[str] = []

    def answer(method: str, path: str, credentials: str, body: str) -> str:
        assert (method, path, credentials) == ("POST", "/hom/bo-phieu", "omit")
        bodies.append(body)
        ballot = sheet.check_body(bytes.fromhex(body), sheet.parse_sheet(text))
        told = f"00{ballot.hash.hex()}"
        return f'{{"status": 200, "type": "application/octet-stream", "bytes": "{told}"}}'

    device = Script(
        "teller/paper.js",
        py_fetch=answer,
        py_stamp=lambda z: blind_signature.blind_sign(key, bytes.fromhex(z)).hex(),
    )
    done = device(
        """
        const { readSheet, unhex } = modules[Object.keys(modules).find((name) => name.endsWith('/ballot.js'))];
        const sheet = await readSheet(unhex(values.text), values.p);
        const stamp = async (asked) => unhex(py_stamp(toHex(asked.slice(32))));
        await m.obtain(sheet, 2, stamp, () => {});
        m.begin(values.p, 1, ['An', 'Bình']);
        m.take(values.p, [1, 2]);
        m.take(values.p, [1, 2]);
        await m.foldAll(values.p);
        return [await m.castAll(values.p, () => {}), m.load(values.p)];
        """,
        text=text.hex(),
        p=sheet.digest(text).hex(),
    )
    assert done == ["", {"stage": "done", "done": 1}]
    (body,) = bodies
    assert list(sheet.parse_body(bytes.fromhex(body), 2).marks) == [1, 2]
