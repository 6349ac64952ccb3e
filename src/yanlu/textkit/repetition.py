"""How much of a text stands in another one already: a form letter with another name in it.

Unlike likeness, it asks one way only: a short answer that is the beginning of a long one repeats
it, the long one does not repeat the short. Texts are compared by the pieces of five letters that
they share, whatever their marks (containment: Broder, On the resemblance and containment of
documents, 1997).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from yanlu.textkit.features import piece_hashes
from yanlu.textkit.matcher import Folded, fold

#: Letters of a piece.
LENGTH: Final = 5

Pieces = NDArray[np.uint64]


def pieces(text: str) -> Pieces:
    """What a text is made of, each piece once, in order."""
    return np.unique(piece_hashes(_letters(text), LENGTH))


def repeated(said: Pieces, earlier: Sequence[str]) -> NDArray[np.float64]:
    """Share of a text's pieces that stand in each of some others, 0 to 1; 0 for one without any."""
    if not len(said):
        return np.zeros(len(earlier))
    # All at once. What reaches over the end of a text holds a mark, which no piece does.
    texts = [_letters(text) + "\0" for text in earlier]
    hashes = piece_hashes(Folded("".join(texts)), LENGTH)
    rows = np.repeat(np.arange(len(texts)), [len(text) for text in texts])[: len(hashes)]
    places = np.searchsorted(said, hashes) % len(said)
    is_found = said[places] == hashes
    once = np.unique(rows[is_found] * len(said) + places[is_found])
    return np.bincount(once // len(said), minlength=len(texts)) / len(said)


def _letters(text: str) -> Folded:
    return Folded("".join(filter(str.isalnum, fold(text))))
