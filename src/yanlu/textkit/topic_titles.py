"""What a topic is called: the words of its most typical message, and its key words."""

import math
from collections.abc import Iterable, Sequence
from typing import Final

from yanlu.textkit.matcher import fold
from yanlu.textkit.normalise import excerpt
from yanlu.textkit.topic_centres import Vector
from yanlu.textkit.topic_words import Message, read

#: Letters of a title, and key words.
LONGEST: Final = 48
KEY_WORDS: Final = 8
#: Letters of a text in which a title is looked for.
_LOOKED_AT: Final = 4 * LONGEST


def heading(message: Message) -> str:
    """Return what a message may be called by: its title, or else how it begins."""
    return excerpt(message.title.strip() or message.text[:_LOOKED_AT], LONGEST)


def most_typical(headings: Iterable[str], words: Vector) -> list[str]:
    """Return different headings, the most typical first: those that say most in fewest words."""
    scored = {line: _telling(line, words) for line in headings if line}
    return sorted(scored, key=lambda line: (-scored[line], line))


def key_words(words: Vector, headings: Sequence[str], most: int = KEY_WORDS) -> list[str]:
    """Return the strongest words, heaviest first; pieces of one name as that name.

    丽发 and 发新城 are 丽发新城 where a heading has it so; a word inside another is left out.
    """
    found: list[str] = []
    texts = [fold(line) for line in headings]
    for word in list(words)[: 3 * most]:
        whole = word
        for other in found:
            if joined := _overlapping(other, whole, texts):
                whole = joined
        found = [other for other in found if other not in whole] + [whole] * (
            not any(whole in other for other in found)
        )
    return found[:most]


def _telling(line: str, words: Vector) -> float:
    """Share of the topic's weight that a line says, by the root of the number of its words."""
    said = read(Message(line)).words
    return sum(words.get(word, 0.0) for word in said) / math.sqrt(len(said) or 1)


def _overlapping(one: str, other: str, texts: Sequence[str]) -> str | None:
    """The two as one name, if they share a letter at the seam and a text has it."""
    for first, second in ((one, other), (other, one)):
        if first[-1] == second[0] and not first.isascii():
            name = first + second[1:]
            if any(name in text for text in texts):
                return name
    return None
