"""One spelling for texts that look the same, and excerpts of them.

The verbatim submission is kept elsewhere and never altered; what is made here serves matching,
search and display.
"""

import re
import unicodedata
from typing import Final

ELLIPSIS: Final = "…"

#: Marks kept after one letter: the bound of the Stream-Safe Text Format (Unicode UAX #15). Without
#: it a text of nothing but marks takes time that grows with the square of its length.
MARKS_KEPT: Final = 30

#: Controls but for tab and line ends, soft hyphen, zero-width and direction marks, fillers,
#: variation selectors, tags, halves of surrogate pairs, noncharacters.
INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]+"
)
_BLANK_LINES: Final = re.compile(r"\n{3,}")

# Full-width punctuation of most texts, which no mark joins: read at once, not by `unicodedata`.
_PUNCTUATION: Final = tuple(zip("，：；！？（）", ",:;!?()", strict=True))

# Characters that NFKC leaves alone and that never join the one before them: ASCII, Han, quotation
# marks. All else is a run for `unicodedata`, with the character before it, since marks join that.
# Nine texts of ten have none, which is seen at once.
_UNUSUAL: Final = re.compile(
    "[^\x00-\x7f\u4e00-\u9fff\u3001\u3002\u3008-\u3011\u2013\u2014\u2018\u2019\u201c\u201d]+"
)
_RUN_TO_NORMALISE: Final = re.compile(f"(?s:.)?{_UNUSUAL.pattern}")

_SENTENCE_END: Final = re.compile(r"[。！？!?；;\n]+[”’」』）)]*|\.(?=\s)")
_CLAUSE_END: Final = re.compile(r"[，,、：:]")
_LATIN_WORD_CUT: Final = re.compile(r"[0-9A-Za-z]+\Z")


def normalise(text: str) -> str:
    """Return *text* in one spelling; never fails, and doing it twice changes nothing more.

    Full-width letters, digits and punctuation become half-width and compatibility forms their
    plain letters (Unicode NFKC); line ends become ``\\n``; controls (NUL among them, which the
    database refuses), zero-width and direction characters and lone surrogates vanish; runs of
    spaces become one, more than one blank line becomes one, both ends are trimmed. The words stay.
    """
    text = INVISIBLE.sub("", text)
    for wide, half in _PUNCTUATION:
        text = text.replace(wide, half)
    if _UNUSUAL.search(text):
        text = _RUN_TO_NORMALISE.sub(_compatible, text)
    text = "\n".join(" ".join(line.split()) for line in text.splitlines())
    if "\n\n\n" in text:
        text = _BLANK_LINES.sub("\n\n", text)
    return text.strip()


def excerpt(text: str, length: int) -> str:
    """Return *text* as it is written, on one line, at most *length* characters with the ellipsis.

    The cut falls after a sentence where one ends in the second half, else before the last clause
    mark or space there, else where it must, but not inside a Latin word or a number that began in
    the second half. Raises ``ValueError`` for a length below 1.
    """
    if length < 1:
        raise ValueError(f"an excerpt of {length} characters cannot be made")
    text = " ".join(INVISIBLE.sub("", text).split())
    if len(text) <= length:
        return text
    return text[: _cut(text, length - len(ELLIPSIS))].rstrip() + ELLIPSIS


def _cut(text: str, limit: int) -> int:
    """Return where to cut *text* so that at most *limit* characters stay."""
    half = limit // 2
    # One character of what follows decides whether a full stop or a word ends at the limit.
    ends = [m.end() for m in _SENTENCE_END.finditer(text, half, limit + 1) if m.end() <= limit]
    clauses = [m.start() for m in _CLAUSE_END.finditer(text, half, limit + 1)]
    if ends:
        return ends[-1]
    if clauses:
        return clauses[-1]
    space = text.rfind(" ", half, limit + 1)
    return space if space > half else _cut_outside_word(text, half, limit)


def _cut_outside_word(text: str, half: int, limit: int) -> int:
    """Return the last place up to *limit* that splits neither a Latin word nor a marked letter."""
    while limit > half and unicodedata.combining(text[limit]):
        limit -= 1
    if text[limit].isascii() and text[limit].isalnum():
        word = _LATIN_WORD_CUT.search(text, half, limit)
        if word and word.start() > half:
            return word.start()
    return limit


def _compatible(run: re.Match[str]) -> str:
    """Return the run in NFKC, its heaps of marks cut down before and after."""
    if len(run[0]) <= MARKS_KEPT:
        return unicodedata.normalize("NFKC", run[0])
    return _without_surplus_marks(unicodedata.normalize("NFKC", _without_surplus_marks(run[0])))


def _without_surplus_marks(text: str) -> str:
    """Return *text* with at most `MARKS_KEPT` combining marks in a row."""
    kept: list[str] = []
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= MARKS_KEPT:
            kept.append(letter)
    return "".join(kept)
