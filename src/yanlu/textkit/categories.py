"""Subject categories by lexicon: the classifier of the first day, before a district has a history.

A word found *n* times brings ``weight × (1 + ln n)`` points to its category, so that a word
repeated in anger does not drown the others. In the title it counts as found `TITLE_OCCURRENCES`
times, since a title names the matter where a body tells the story. How points become a confidence
is said in `yanlu.textkit.evidence`.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from yanlu.textkit.evidence import Candidate, Match, checked_weight, confidences
from yanlu.textkit.matcher import Folded, Matcher, fold, joined

#: One occurrence in the title counts as so many.
TITLE_OCCURRENCES: Final = 3


class Lexicon:
    """Words of categories, built once and never changed. A word may argue for several categories.

    Where words overlap the longest is taken and the shorter not counted, so 停车费 may belong to
    charges and 停车 to traffic.
    """

    def __init__(self, rows: Iterable[tuple[str, str, float]]) -> None:
        """Build from rows of category key, word, weight (1 usual, 2 telling, 3 decisive).

        Of rows with the same key and word the heaviest holds. Raises ``ValueError`` for an empty
        word and for a weight that is not above 0.
        """
        weights: dict[Folded, dict[str, float]] = defaultdict(dict)
        spellings: dict[Folded, str] = {}
        for key, word, weight in rows:
            folded = fold(word)
            heaviest = max(checked_weight(word, weight), weights[folded].get(key, 0.0))
            weights[folded][key] = heaviest
            spellings.setdefault(folded, word)
        self._matcher = Matcher(weights)
        self._words = tuple(spellings[word] for word in self._matcher.words)
        self._weights = tuple(weights[word] for word in self._matcher.words)

    def rank(self, text: str, title: str = "", k: int = 5) -> tuple[Candidate, ...]:
        """Return the *k* likeliest categories of *text*, best first; none when no word is known.

        An occurrence in the title is in a match's count `TITLE_OCCURRENCES` times.
        """
        counts = self._counts(text, title)
        believed = self._believed(counts)
        best = sorted(believed, key=lambda key: (-believed[key], key))[:k]
        return tuple(Candidate(key, believed[key], self._matches(key, counts)) for key in best)

    def believe(self, text: str, title: str = "") -> dict[str, float]:
        """Return how far each category that a word argues for is believed, as `rank` does."""
        return self._believed(self._counts(text, title))

    def _counts(self, text: str, title: str) -> dict[int, int]:
        """Return how often each word was found."""
        above = fold(title)
        counts: dict[int, int] = defaultdict(int)
        for hit in self._matcher.find(joined(above, fold(text))):
            counts[hit.word] += TITLE_OCCURRENCES if hit.start < len(above) else 1
        return counts

    def _believed(self, counts: Mapping[int, int]) -> dict[str, float]:
        points: dict[str, float] = defaultdict(float)
        for number, times in counts.items():
            factor = 1 + math.log(times)
            for key, weight in self._weights[number].items():
                points[key] += weight * factor
        return confidences(points)

    def _matches(self, key: str, counts: Mapping[int, int]) -> tuple[Match, ...]:
        """Return the words that argue for a category, the strongest first."""
        found = [
            Match(self._words[number], times, self._weights[number][key] * (1 + math.log(times)))
            for number, times in counts.items()
            if key in self._weights[number]
        ]
        return tuple(sorted(found, key=lambda match: (-match.points, match.word)))
