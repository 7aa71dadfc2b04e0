"""What was typed with a Vietnamese keyboard left on: the keys that were pressed for the letters that came. Pure."""

import itertools
import unicodedata
from collections.abc import Iterator

# The keys of Telex and of VNI, by the mark that they put on a letter before them.
TELEX = {
    **{"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"},
    **{"\u0302": "", "\u0306": "w", "\u031b": "w"},  # a hat: the letter once more
}
VNI = {
    **{"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"},
    **{"\u0302": "6", "\u0306": "8", "\u031b": "7"},
}
# A mark may have been typed behind any of the letters that follow in the word; more readings than these help nobody.
MOST = 500


def keys_of(text: str, length: int) -> list[str]:
    """Every text of so many letters, in lower case, that one may have meant to type; the text itself if it has none.

    "eảzt" may be "earzt" with the keys of Telex, and "ea3zt" with those of VNI.
    """
    plain = text.lower()
    if plain.isascii():
        return [plain]
    readings = itertools.chain(_readings(plain, TELEX, "d"), _readings(plain, VNI, "9"))
    whole = (reading for reading in itertools.islice(readings, MOST) if len(reading) == length)
    return list(dict.fromkeys(whole))


def _readings(text: str, keys: dict[str, str], stroke: str) -> Iterator[str]:
    """The keys in every order that gives this text; `stroke` is the one for the đ."""
    letters: list[str] = []
    added: list[tuple[int, str]] = []  # behind which letter at the earliest, and the key
    for char in unicodedata.normalize("NFD", text):
        if unicodedata.combining(char):
            key = keys.get(char)
            if key is None or not letters:
                return  # no key gives this letter
            added.append((len(letters), key or letters[-1]))
        elif char == "đ":
            letters.append("d")
            added.append((len(letters), stroke))
        else:
            letters.append(char)
    places = [range(earliest, len(letters) + 1) for earliest, _ in added]
    for chosen in itertools.product(*places):
        yield _with(letters, [(place, key) for place, (_, key) in zip(chosen, added, strict=True)])


def _with(letters: list[str], keys: list[tuple[int, str]]) -> str:
    behind: dict[int, str] = {}
    for place, key in keys:
        behind[place] = behind.get(place, "") + key
    return "".join(letter + behind.get(place, "") for place, letter in enumerate(letters, start=1))
