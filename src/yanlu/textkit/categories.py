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
from yanlu.textkit.matcher import Folded, Matcher, fold

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
        entries: dict[Folded, dict[str, Match]] = defaultdict(dict)
        for key, word, weight in rows:
            entry = Match(word, 1, checked_weight(word, weight))
            known = entries[fold(word)].setdefault(key, entry)
            if known.points < weight:
                entries[fold(word)][key] = entry
        self._matcher = Matcher(entries)
        self._entries = tuple(tuple(entries[word].items()) for word in self._matcher.words)

    def rank(self, text: str, title: str = "", k: int = 5) -> tuple[Candidate, ...]:
        """Return the *k* likeliest categories of *text*, best first; none when no word is known.

        An occurrence in the title is in a match's count `TITLE_OCCURRENCES` times.
        """
        found = self._found(text, title)
        believed = self._believed(found)
        best = sorted(believed, key=lambda key: (-believed[key], key))[:k]
        return tuple(
            Candidate(key, believed[key], tuple(sorted(found[key], key=_strongest_first)))
            for key in best
        )

    def believe(self, text: str, title: str = "") -> dict[str, float]:
        """Return how far each category that a word argues for is believed, as `rank` does."""
        return self._believed(self._found(text, title))

    def _found(self, text: str, title: str) -> dict[str, list[Match]]:
        """Return for each category the words that argue for it."""
        found: dict[str, list[Match]] = {}
        for number, times in self._counts(text, title).items():
            factor = 1 + math.log(times)
            for key, entry in self._entries[number]:
                match = Match(entry.word, times, entry.points * factor)
                found.setdefault(key, []).append(match)
        return found

    def _believed(self, found: Mapping[str, list[Match]]) -> dict[str, float]:
        return confidences({key: sum(one.points for one in its) for key, its in found.items()})

    def _counts(self, text: str, title: str) -> dict[int, int]:
        """Return how often each word was found."""
        counts: dict[int, int] = defaultdict(int)
        for hit in self._matcher.find(fold(text)):
            counts[hit.word] += 1
        for hit in self._matcher.find(fold(title)):
            counts[hit.word] += TITLE_OCCURRENCES
        return counts


def _strongest_first(match: Match) -> tuple[float, str]:
    return -match.points, match.word
