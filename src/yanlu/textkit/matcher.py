"""Many fixed words found in a text in one pass.

One automaton (Aho–Corasick, Communications of the ACM 18, 1975, in Rust) serves category lexicons,
place names, urgency words and cue words; its cost does not grow with the number of words.
"""

from collections.abc import Iterable
from itertools import starmap
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from yanlu.textkit.characters import simplify
from yanlu.textkit.normalise import normalise


class Folded(str):
    """A text in the spelling in which words are compared; folding it again costs nothing."""

    __slots__ = ()


class Hit(NamedTuple):
    """A word found: its place in `Matcher.words`, where it begins and ends in the folded text."""

    word: int
    start: int
    end: int


def fold(text: str) -> Folded:
    """Return *text* as words are compared: normalised, simplified, without difference of case.

    Every character keeps its place, so what is found in the folded text stands in the same place
    of the normalised one, which is what people are shown.
    """
    if isinstance(text, Folded):
        return text
    text = normalise(text)
    lower = text.casefold()
    if len(lower) != len(text):  # ß would become ss
        lower = "".join(small if len(small := c.casefold()) == 1 else c for c in text)
    return Folded(simplify(lower))


def joined(*texts: Folded) -> Folded:
    """Return *texts* as one, a line each, those that are empty left out."""
    return Folded("\n".join(filter(None, texts)))


class Matcher:
    """Finds a fixed set of words, longest first from the left, never two that overlap.

    Longest from the left means that 停车费 is found as itself, not as 停车. A word that begins or
    ends with a Latin letter or digit must not touch another one on that side: ETC is not found in
    FETCH, nor 1号线 in 11号线. Immutable, and safe to share between threads.
    """

    words: Final[tuple[Folded, ...]]

    def __init__(self, words: Iterable[str]) -> None:
        """Build from *words*, equal ones once. Raises ``ValueError`` for an empty word."""
        self.words = tuple(dict.fromkeys(fold(word) for word in words))
        if "" in self.words:
            raise ValueError("an empty word would be found everywhere")
        self._automaton = AhoCorasick(self.words, matchkind=MatchKind.LeftmostLongest)
        self._open_ended = frozenset(
            place
            for place, word in enumerate(self.words)
            if _is_latin(word[0]) or _is_latin(word[-1])
        )

    def find(self, text: Folded) -> list[Hit]:
        """Return what is found in *text*, from left to right."""
        return [
            hit
            for hit in starmap(Hit, self._automaton.find_matches_as_indexes(text))
            if hit.word not in self._open_ended or _stands_alone(text, hit)
        ]


def _stands_alone(text: Folded, hit: Hit) -> bool:
    """Whether no Latin word or number runs across either end of the hit."""
    before, after = text[max(hit.start - 1, 0) : hit.start], text[hit.end : hit.end + 1]
    return not (_is_latin(before) and _is_latin(text[hit.start])) and not (
        _is_latin(after) and _is_latin(text[hit.end - 1])
    )


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
