"""Codes that are printed and typed: letters that no keyboard changes and no eye takes for another. Pure."""

from cells.keyboards import keys_of

# Without look-alikes, and without vowels, D and W, of which a Vietnamese keyboard left on makes other letters.
LETTERS = "BCFGHJKLMNPQRSTVXZ3479"
# Which of them somebody means who types one that is on no paper.
MEANT = str.maketrans("8526O0I1", "BSZGQQLL")


def spelled(code: bytes) -> str:
    """These bytes in letters, as many for every code of the length."""
    number, letters = int.from_bytes(code), ""
    while len(LETTERS) ** len(letters) < 256 ** len(code):
        number, place = divmod(number, len(LETTERS))
        letters = LETTERS[place] + letters
    return letters


def read(letters: str, length: int) -> bytes:
    """The bytes that were spelled so."""
    number = 0
    for letter in letters:
        number = number * len(LETTERS) + LETTERS.index(letter)
    return number.to_bytes(length)


def meant(typed: str, length: int) -> list[str]:
    """The codes of so many letters that somebody may have meant who typed this: small letters, a keyboard left on."""
    letters = "".join(char for char in typed if char.isalnum())
    return [reading.upper().translate(MEANT) for reading in keys_of(letters, length)]


def grouped(code: str) -> str:
    """In groups of four, as it is read aloud."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
