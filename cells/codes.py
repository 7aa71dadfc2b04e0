"""Codes that are printed and typed: letters that no keyboard changes and no eye takes for another. Pure."""

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
