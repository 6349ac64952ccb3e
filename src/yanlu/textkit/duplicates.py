"""Duplicates among many texts at once: the same text, exactly or nearly.

Exact ones are found for certain: their letters are the same. For near ones each text is compared
with its nearest by vector alone, so that a table of a hundred thousand rows takes minutes.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final, NamedTuple

import numpy as np

from yanlu.textkit import vectors
from yanlu.textkit.likeness import Portrait, compare, portray
from yanlu.textkit.matcher import fold

#: Likeness from which a text is a near duplicate, measured in docs/adr/0012-similar-matters.md.
NEAR: Final = 0.35
#: Nearest by vector that a text is compared with, and texts that are looked at together.
NEIGHBOURS: Final = 15
BLOCK: Final = 1_000
#: Letters of a text that are compared; a letter's beginning says what it is about.
COMPARED: Final = 2_000


#: Letters below which a text is too short to be known by them.
FEWEST: Final = 12


class Duplicate(NamedTuple):
    """A text that says what an earlier one said; 1 where its letters are the same."""

    place: int
    first: int
    score: float

    @property
    def is_exact(self) -> bool:
        """Whether it is the same text, letter by letter."""
        return self.score == 1


def fingerprint(text: str) -> int | None:
    """A number (64 bits) that texts of the same letters share, whatever their spelling and marks.

    ``None`` for texts below `FEWEST` letters: 谢谢 says nothing that could be the same matter.
    """
    letters = "".join(filter(str.isalnum, fold(text)))
    if len(letters) < FEWEST:
        return None
    return int.from_bytes(sha256(letters.encode()).digest()[:8], signed=True)


def find_duplicates(titles: Sequence[str], bodies: Sequence[str]) -> list[Duplicate]:
    """Return each text that repeats an earlier one, with the first of its group, in order.

    A title counts for likeness, not for sameness: the same letter under another title is the same.
    A group is formed by its first text, not by chains, in which the ends are no longer alike.
    """
    portraits = [portray(body) for body in bodies]
    found: dict[int, Duplicate] = {}
    seen: dict[str, int] = {}
    for place, portrait in enumerate(portraits):
        first = seen.setdefault(portrait.folded, place)
        if first != place and portrait.folded:
            found[place] = Duplicate(place, first, 1.0)
    alone = [place for place, one in enumerate(portraits) if one.folded and place not in found]
    texts = [f"{titles[place]}\n{bodies[place]}" for place in alone]
    for near in _near(texts):
        place, first = alone[near.place], alone[near.first]
        found[place] = Duplicate(place, first, near.score)
    return sorted(_led_by_first(duplicate, found) for duplicate in found.values())


def _led_by_first(duplicate: Duplicate, found: dict[int, Duplicate]) -> Duplicate:
    """An exact copy of a text that is itself a near duplicate belongs to that one's group."""
    leader = found.get(duplicate.first)
    return duplicate._replace(first=leader.first) if leader else duplicate


def _near(texts: Sequence[str]) -> list[Duplicate]:
    """Near duplicates among different texts."""
    enough = len(texts) >= vectors.FEWEST
    model = vectors.learn(texts) if enough else vectors.cold_start()
    made = model.embed(texts)
    portraits = [portray(text[:COMPARED]) for text in texts]
    found: dict[int, Duplicate] = {}
    for start in range(0, len(texts), BLOCK):
        for place, near in enumerate(_earlier(made, start), start):
            leaders = sorted(other for other in near if other < place and other not in found)
            best = _best(place, leaders, portraits, model)
            if best.score >= NEAR:
                found[place] = best
    return list(found.values())


def _earlier(made: vectors.Floats, start: int) -> list[list[int]]:
    """For each text of a block the nearest among it and all before it."""
    block = made[start : start + BLOCK]
    known = made[: start + len(block)]
    products = block @ known.T
    # A text is no neighbour of its own or of those before it.
    products[np.triu_indices(len(block), start, len(known))] = -1
    most = min(NEIGHBOURS, len(known))
    near: list[list[int]] = np.argpartition(-products, most - 1, axis=1)[:, :most].tolist()
    return near


def _best(
    place: int, leaders: list[int], portraits: list[Portrait], model: vectors.Vectors
) -> Duplicate:
    rated = [
        Duplicate(place, first, compare(portraits[first], portraits[place], model.weigh).score)
        for first in leaders
    ]
    return max(rated, key=lambda one: one.score, default=Duplicate(place, place, 0.0))
