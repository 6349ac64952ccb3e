"""What words found in a text argue for, and how far to believe it.

A candidate's score *s* is the sum of its words' points. Its confidence is
``s² / (FLOOR² + Σ s²)`` over all candidates found: a softmax over ``2 ln s`` in which one more
candidate, "none of these", always scores `FLOOR`. Squares keep the shares alike for short and long
texts, where the usual softmax over *s* is certain of every long text.

With weights of 1 for a usual word, 2 for a telling one, 3 and more for a decisive one, a single
word of weight 1 gives 0.20, of weight 2 0.50, of weight 3 0.69; no confidence reaches 1.
"""

import math
from collections.abc import Hashable, Mapping
from typing import Final, NamedTuple, TypeVar

#: Points of the candidate "none of these": what a score must outweigh to be believed.
FLOOR: Final = 2.0

K = TypeVar("K", bound=Hashable)


class Match(NamedTuple):
    """A word that argued for something, as shown to whoever asks why."""

    word: str
    #: How often it was found; where some places count several times, the docstring there says so.
    times: int
    #: What it brought in all.
    points: float


class Candidate(NamedTuple):
    """A possible answer, how far it is believed (0 to 1), and the words that argued for it."""

    key: str
    confidence: float
    #: Strongest first.
    matches: tuple[Match, ...]


def checked_weight(word: str, weight: float) -> float:
    """Return *weight*; raise ``ValueError`` when it is not a finite number above 0."""
    if not 0 < weight < math.inf:
        raise ValueError(f"the weight of {word!r} must be above 0, not {weight}")
    return weight


def confidences(scores: Mapping[K, float]) -> dict[K, float]:
    """Return for each candidate how far to believe it, between 0 and 1, 1 excluded."""
    total = FLOOR**2 + math.fsum(score**2 for score in scores.values())
    return {key: score**2 / total for key, score in scores.items()}
