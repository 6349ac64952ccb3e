"""Which texts say nearly the same: one handed in twice, a form letter with another name in it.

Texts are compared by the pieces of five characters that they share (w-shingling). Of each text the
`SKETCH` smallest hashes are kept; among the smallest of two texts together, the share that both
have estimates the share of pieces that both have (Broder, On the resemblance and containment of
documents, 1997).
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from yanlu.textkit.features import piece_hashes
from yanlu.textkit.matcher import Folded

#: Characters of a piece, hashes of a sketch.
LENGTH, SKETCH = 5, 64
#: Share of common pieces from which two texts count as nearly the same.
ALIKE: Final = 0.5
#: A hash that more texts have than this is a common phrase, and no reason to compare them.
CROWD: Final = 50


def groups_of(texts: Sequence[Folded]) -> NDArray[np.int64]:
    """The group of each text: texts that are linked by near-duplicates have the same number.

    A text without letters says nothing that another could repeat, and is a group of its own.
    """
    heads = list(range(len(texts)))
    first: dict[str, int] = {}
    for row, text in enumerate(texts):
        if letters := "".join(filter(str.isalnum, text)):
            heads[row] = first.setdefault(letters, row)
    sketches = {row: sketch(Folded(letters)) for letters, row in first.items()}
    for one, other in _worth_comparing(sketches):
        if are_alike(sketches[one], sketches[other]):
            heads[_head(heads, one)] = _head(heads, other)
    return np.array([_head(heads, row) for row in range(len(texts))], np.int64)


def sketch(letters: Folded) -> frozenset[int]:
    """The smallest hashes of a text's pieces."""
    return frozenset(np.unique(piece_hashes(letters, LENGTH))[:SKETCH].tolist())


def are_alike(one: frozenset[int], other: frozenset[int]) -> bool:
    """Whether two texts have at least the share `ALIKE` of their pieces in common, by estimate."""
    common = one & other
    if len(common) < ALIKE * max(len(one), len(other), 1):
        return False  # the estimate is no higher than that, and takes ten times as long
    smallest = sorted(one | other)[:SKETCH]
    return len(common.intersection(smallest)) >= ALIKE * len(smallest)


def _worth_comparing(sketches: dict[int, frozenset[int]]) -> set[tuple[int, int]]:
    """Pairs of texts that have a hash in common."""
    holders: dict[int, list[int]] = defaultdict(list)
    for row, hashes in sketches.items():
        for value in hashes:
            holders[value].append(row)
    return {
        pair for rows in holders.values() if len(rows) <= CROWD for pair in combinations(rows, 2)
    }


def _head(heads: list[int], row: int) -> int:
    """The first text of the row's group; paths are halved on the way."""
    while heads[row] != row:
        heads[row] = heads[heads[row]]
        row = heads[row]
    return row
