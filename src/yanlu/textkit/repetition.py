"""How much of a text stands in another one already: a form letter with another name in it.

Unlike likeness, it asks one way only: a short answer that is the beginning of a long one repeats
it, the long one does not repeat the short. Texts are compared by the pieces of five letters that
they share, whatever their marks (containment: Broder, On the resemblance and containment of
documents, 1997).
"""

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
    letters = Folded("".join(filter(str.isalnum, fold(text))))
    return np.unique(piece_hashes(letters, LENGTH))


def repeated(said: Pieces, before: Pieces) -> float:
    """Share of a text's pieces that stand in another one, 0 to 1; 0 for a text without any."""
    return len(np.intersect1d(said, before, assume_unique=True)) / len(said) if len(said) else 0.0
