"""Vietnamese typed for the fonts from before Unicode, TCVN3 (.VnTime) and VNI: recognised by its letters. Pure.

Both write their letters on the places of Western European ones, so that a text says nothing of its font: "Hoàng" is
Hoàng in Unicode and Hồng in VNI. What tells them apart is whether the words could be Vietnamese.
"""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple


class Font(StrEnum):
    """A kind of font, as its users call it."""

    TCVN3 = "TCVN3 (.VnTime)"
    VNI = "VNI"


class Reading(NamedTuple):
    """A text as it is to be read; `ways` where its letters allow several, as it stands the first of them."""

    text: str
    font: Font | None
    ways: tuple[str, ...] = ()


# The letters of TCVN 5712:1993 (VN3) on the places where Windows-1252 shows others.
_TCVN3 = dict(
    zip(
        "µ\u00b8¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)
# VNI writes most letters as two: the vowel, and its marks on the place of another letter.
_VNI_TONES = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_HAT = {"â": "", "à": "\u0300", "á": "\u0301", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_BREVE = {"ê": "", "è": "\u0300", "é": "\u0301", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_ALONE = dict(zip("ìíæóòîñôö", "ìíỉĩịỵđơư", strict=True))


def _vni_letters() -> dict[str, str]:
    letters = dict(_VNI_ALONE)
    for vowel in "aeoiuyôö":
        base = _VNI_ALONE.get(vowel, vowel)
        letters |= {f"{vowel}{mark}": base + tone for mark, tone in _VNI_TONES.items()}
    for vowel in "aeo":
        letters |= {f"{vowel}{mark}": f"{vowel}\u0302{tone}" for mark, tone in _VNI_HAT.items()}
    letters |= {f"a{mark}": f"a\u0306{tone}" for mark, tone in _VNI_BREVE.items()}
    composed = {pair: unicodedata.normalize("NFC", letter) for pair, letter in letters.items()}
    capitals = {
        cased: letter.upper()
        for pair, letter in composed.items()
        for cased in (pair.upper(), pair[0].upper() + pair[1:])
    }
    return capitals | composed


_VNI = _vni_letters()
_VNI_PAIR = re.compile("|".join(map(re.escape, sorted(_VNI, key=len, reverse=True))))
_MARKED_TCVN3 = frozenset(_TCVN3)

# A syllable without its tone: an initial, and one of the rhymes.
_INITIAL = "ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnpqrstvx]"
_RHYMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ up ut uôc uôi uôm uôn uông uôt
uy uya uych uyên uyêt uyn uynh uyp uyt uyu
ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu
"""
_SYLLABLE = re.compile(f"(?:{_INITIAL})?(?:{'|'.join(_RHYMES.split())})")
_STOPS = re.compile(r"(?:c|ch|p|t)$")
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_HIGH_OR_HEAVY = {"\u0301", "\u0323"}  # the only tones before a stop
_WORD = re.compile(r"[^\s,.;:()/“”\"'\u20190-9-]+")
_SIGNS = frozenset("\u2019\u2018\u201c\u201d\u2013\u2026")  # what programs put in by themselves
_LATIN = re.compile("[A-Za-z]")  # a sign that stands alone is no word


def _rhymes_with(pair: str) -> bool:
    letters = [mark for mark in unicodedata.normalize("NFD", pair) if mark not in _TONES]
    return unicodedata.normalize("NFC", "".join(letters)) in _RHYMES


# What no word in Unicode has, of whatever people: signs that are no letters within a word ("Kp¨", "Hµ"), two vowels
# that never meet ("aê", "oâ"). By it names that are no Vietnamese words are told, too.
_TELLING: Mapping[Font, re.Pattern[str]] = {
    Font.TCVN3: re.compile("[A-Za-z][¨¬µ¶\u00b8¹¼½¾«ª¡¢£¤¥¦§]|[§®¡¢£¤¥¦\u00b8µ¶¹][A-Za-z]"),
    Font.VNI: re.compile(
        "|".join(pair for pair in _VNI if len(pair) > 1 and not _rhymes_with(pair.lower()))
    ),
}


def reading(text: str, font: Font | None = None) -> Reading:
    """How a text is to be read, in a sheet where `font` was met; as it stands where nothing tells of another font."""
    if text.isascii():
        return Reading(text, None)
    possible = [each for each in Font if _could_be(text, each) and converted(text, each) != text]
    own = _sure(text, possible)
    if own is not None:
        return Reading(converted(text, own), own)
    # One word in Unicode, the next one not.
    fonts = [each for each in Font if each not in possible and _TELLING[each].search(text)]
    wrong = _foreign_words(text)
    fitting = [each for each in possible if not _foreign_words(converted(text, each))]
    if wrong and font is not None and font in fitting:
        return Reading(converted(text, font), font)
    if not fonts and font is None and wrong:
        fonts = fitting  # words in both
    elif not fonts and font in possible and (wrong or font in fitting):
        fonts = [font]
    ways = dict.fromkeys([text, *(converted(text, each) for each in fonts)])
    return Reading(text, None, tuple(ways) if len(ways) > 1 else ())


def font_of(texts: Iterable[str]) -> Font | None:
    """The font in which most of these texts were surely typed."""
    votes = Counter(font for text in texts for font in [sure_font(text)] if font)
    return votes.most_common(1)[0][0] if votes else None


def sure_font(text: str) -> Font | None:
    """The one old font in which a text was typed, where its letters alone tell."""
    return None if text.isascii() else _sure(text, [f for f in Font if _could_be(text, f)])


def _sure(text: str, possible: Sequence[Font]) -> Font | None:
    """The only one of these fonts in which all words are Vietnamese, or which its own signs betray."""
    if not _foreign_words(text):
        return None
    fitting = [font for font in possible if not _foreign_words(converted(text, font))]
    if len(fitting) != 1:
        fitting = [font for font in fitting or possible if _TELLING[font].search(text)]
    return fitting[0] if len(fitting) == 1 else None


def converted(text: str, font: Font) -> str:
    """The text in Unicode, if it was typed in this font."""
    if font == Font.VNI:
        return _VNI_PAIR.sub(lambda pair: _VNI[pair[0]], text)
    words = [_latin(word) for word in _WORD.findall(text)]
    shouted = [latin.isupper() for latin in words if len(latin) > 1]
    all_shouted = bool(shouted) and all(shouted)
    changed = _WORD.sub(lambda word: _from_tcvn3(word[0], all_shouted), text)
    return _with_capitals(changed, text)


def _latin(word: str) -> str:
    return "".join(char for char in word if char.isascii())


def _from_tcvn3(word: str, shouted: bool) -> str:
    """One word: capitals with a tone have no places of their own, so that a word in capitals mixes both.

    `shouted`: whether the words beside it are in capitals, which tells of one with a single plain letter.
    """
    if not _could_be(word, Font.TCVN3):
        return word
    letters, latin = "".join(_TCVN3.get(char, char) for char in word), _latin(word)
    return letters.upper() if latin.isupper() and (shouted or len(latin) > 1) else letters


def _with_capitals(changed: str, typed: str) -> str:
    """The same with a capital before each word where all that could have one do: "Lª ThÞ èc" is Lê Thị Ốc."""
    words = list(zip(changed.split(), typed.split(), strict=True))
    able = [word[0].isupper() for word, was in words if was[0].isascii() or word[0].isupper()]
    if not able or not all(able):
        return changed
    return " ".join(word[0].upper() + word[1:] for word, _ in words)


def _could_be(text: str, font: Font) -> bool:
    """Whether the text has letters that the font knows, and none that only Unicode has."""
    foreign = [char for char in text if not char.isascii() and char not in _SIGNS]
    if font == Font.TCVN3:
        return all(char in _MARKED_TCVN3 for char in foreign)
    return all(ord(char) < 0x100 for char in foreign)


def _foreign_words(text: str) -> int:
    """How many words with a marked letter are no Vietnamese syllable."""
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    return sum(
        not word.isascii()
        and bool(_LATIN.search(word))
        and (_has_capital_inside(word) or not _is_syllable(word))
        for word in words
    )


def _has_capital_inside(word: str) -> bool:
    """Whether a marked capital follows a small letter, as in no word of Unicode: "ChÝ"."""
    pairs = itertools.pairwise(word)
    return any(one.islower() and other.isupper() and not other.isascii() for one, other in pairs)


def _is_syllable(word: str) -> bool:
    marks = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in marks if mark in _TONES]
    letters = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
    letters = re.sub("k$", "c", letters)  # Đắk Lắk
    if len(tones) > 1 or not _SYLLABLE.fullmatch(letters):
        return False
    return not _STOPS.search(letters) or bool(set(tones) & _HIGH_OR_HEAVY)
