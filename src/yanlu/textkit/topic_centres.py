"""Centres of topics: what their messages say on the whole, and which of many is nearest.

A message is a vector of its strongest words, each weighed by how rare it is in the stream so far
(inverse document frequency: Spärck Jones, Journal of Documentation 28, 1972), of length 1; a
centre is the sum of such vectors (Dhillon and Modha, Machine Learning 42, 2001), cut to its
strongest words. Likeness is the cosine, times how well the places agree: the same place makes the
same matter more likely, another one less, and where one side names none nothing is known.

What a message is compared with comes from an index of the strongest words of each centre. A word
that too many centres share keeps the largest of them and the latest, so that the cost of a
message does not grow with the number of topics.
"""

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from sys import intern
from typing import Final, NamedTuple

#: Strongest words of a message that count, and of a centre.
MESSAGE_WORDS: Final = 24
CENTRE_WORDS: Final = 60
CENTRE_PLACES: Final = 20
#: Strongest words by which a centre is found, centres a word may find, and those looked at.
SEARCHED: Final = 10
HOLDERS: Final = 32
CANDIDATES: Final = 8
#: Messages as which the stream begins: no word is usual because three of the first five have it.
BEFORE: Final = 1_000
#: What places that have nothing in common leave of a likeness (so little that the same words are
#: not merged), and what the same place adds.
ELSEWHERE: Final = 0.14
SAME_PLACE: Final = 1.16
#: Share of messages (its logarithm) above which a word names no place in particular: 小区, 附近.
USUAL: Final = math.log(50)
#: What a word that names the place weighs among the words that say what is the matter.
OF_PLACE: Final = 0.7
#: Cosine of places that is as good as the same: one calls it by its road, one by its estate too.
PLACES_AGREE: Final = 0.6
#: Different words that are remembered; of more, those said once are forgotten.
VOCABULARY: Final = 2_000_000

Vector = dict[str, float]


class Portrait(NamedTuple):
    """What is compared: words and places as vectors of length 1 (or empty), strongest first."""

    words: Vector
    places: Vector


class Usage:
    """How many messages hold each word, learnt from the stream itself."""

    def __init__(self) -> None:
        """Begin with an empty stream."""
        self.number = 0
        self.holding: dict[str, int] = {}

    def portray(self, words: Mapping[str, int], places: Sequence[str]) -> Portrait:
        """Count one more message, and return its portrait by usage so far."""
        self.number += 1
        held = self.holding
        times = [held.get(word, 0) + 1 for word in words]
        held.update(zip(words, times, strict=True))
        most = math.log(self.number + BEFORE)
        weights = {
            word: (most - rare) * (1 + math.log(said) if said > 1 else 1)
            for (word, said), rare in zip(words.items(), map(math.log, times), strict=True)
        }
        where = {intern(word): max(most - math.log(held[word]) - USUAL, 0.0) for word in places}
        for word in where:
            weights[word] *= OF_PLACE
        if len(held) > VOCABULARY:
            self.holding = {word: number for word, number in held.items() if number > 1}
        return Portrait(unit(strongest(weights, MESSAGE_WORDS)), unit(where))


class Centre:
    """The sum of some portraits."""

    __slots__ = ("place_square", "places", "size", "square", "words")

    def __init__(self) -> None:
        """Begin with nothing."""
        self.words: Vector = {}
        self.places: Vector = {}
        self.square = self.place_square = 0.0
        self.size = 0

    def add(self, portrait: Portrait) -> None:
        """Take in one message more."""
        self.size += 1
        self.square += _added(self.words, portrait.words)
        self.place_square += _added(self.places, portrait.places)
        self._cut()

    def absorb(self, other: "Centre") -> None:
        """Take in all that another centre has."""
        self.size += other.size
        self.square += _added(self.words, other.words)
        self.place_square += _added(self.places, other.places)
        self._cut()

    def without(self, other: "Centre") -> "Centre":
        """Return what is left when a part is taken out."""
        rest = Centre()
        rest.size = self.size - other.size
        rest.words = _difference(self.words, other.words)
        rest.places = _difference(self.places, other.places)
        rest.square, rest.place_square = _square(rest.words), _square(rest.places)
        return rest

    def portrait(self) -> Portrait:
        """Return the centre as if it were a message."""
        if self.size == 1:
            return Portrait(self.words, self.places)
        words = unit(strongest(self.words, MESSAGE_WORDS))
        return Portrait(words, unit(strongest(self.places, CENTRE_PLACES)))

    def likeness(self, portrait: Portrait, above: float = 0.0) -> float:
        """Return the cosine of the words times the agreement of the places: 0 to about 1.3.

        What can't be more than *above* is 0.
        """
        common = dot(portrait.words, self.words)
        if not common:
            return 0.0
        cosine = common / math.sqrt(self.square)
        if cosine * (ELSEWHERE + SAME_PLACE) <= above:
            return 0.0
        return cosine * self._agreement(portrait.places)

    def _agreement(self, places: Vector) -> float:
        if not places or not self.place_square:
            return 1.0
        cosine = dot(places, self.places) / math.sqrt(self.place_square)
        return ELSEWHERE + SAME_PLACE * min(1.0, cosine / PLACES_AGREE)

    def _cut(self) -> None:
        """Keep to the strongest words; seldom, since to sort costs more than to hold a few more."""
        if len(self.words) > 2 * CENTRE_WORDS:
            self.words = strongest(self.words, CENTRE_WORDS)
            self.square = _square(self.words)
        if len(self.places) > 2 * CENTRE_PLACES:
            self.places = strongest(self.places, CENTRE_PLACES)
            self.place_square = _square(self.places)


class Index:
    """Centres by their strongest words."""

    def __init__(self, centres: dict[int, Centre]) -> None:
        """Begin empty; *centres* may grow and shrink, those that are gone are not found."""
        self.centres = centres
        self.holders: dict[str, list[int]] = {}

    def add(self, number: int, words: Iterable[str]) -> None:
        """Let a centre be found by the first `SEARCHED` of *words*."""
        for word, _ in zip(words, range(SEARCHED), strict=False):
            holders = self.holders.setdefault(word, [])
            if number not in holders:
                holders.append(number)
                if len(holders) > HOLDERS:
                    self.holders[word] = self._thinned(holders)

    def near(self, words: Vector) -> list[int]:
        """Return the centres that share most of the strongest of *words*, most first."""
        shared: dict[int, float] = {}
        for word, _ in zip(words, range(SEARCHED), strict=False):
            weight = words[word]
            for number in self.holders.get(word, ()):
                shared[number] = shared.get(number, 0.0) + weight
        found = heapq.nlargest(CANDIDATES, shared, key=shared.__getitem__)
        return [number for number in found if number in self.centres]

    def nearest(self, portrait: Portrait) -> tuple[int, float]:
        """Return the centre that is most like *portrait* and how like, (-1, 0) for none."""
        best, most = -1, 0.0
        for number in self.near(portrait.words):
            likeness = self.centres[number].likeness(portrait, above=most)
            if likeness > most:
                best, most = number, likeness
        return best, most

    def sweep(self) -> None:
        """Forget the words of centres that are gone."""
        for word, holders in list(self.holders.items()):
            there = [number for number in holders if number in self.centres]
            if there:
                self.holders[word] = there
            else:
                del self.holders[word]

    def _thinned(self, holders: list[int]) -> list[int]:
        """The half of the holders that is worth finding: the largest, among equals the latest."""
        there = [number for number in holders if number in self.centres]
        there.sort(key=lambda number: (self.centres[number].size, number))
        return there[-HOLDERS // 2 :]


def strongest(weights: Vector, most: int) -> Vector:
    """Return at most *most* of the heaviest words, heaviest first, ties in order of the words."""
    heaviest = sorted(weights.items(), key=itemgetter(1), reverse=True)[:most]
    return {intern(word): weight for word, weight in heaviest}


def unit(weights: Vector) -> Vector:
    """Return the vector brought to length 1; nothing stays nothing."""
    length = math.sqrt(_square(weights))
    return {word: weight / length for word, weight in weights.items()} if length else {}


def dot(one: Vector, other: Vector) -> float:
    """Return the sum of the products of common words."""
    return math.fsum([one[word] * other[word] for word in one.keys() & other.keys()])


def _square(weights: Vector) -> float:
    return math.fsum(weight * weight for weight in weights.values())


def _added(total: Vector, more: Vector) -> float:
    """Add *more* to *total*; return by how much the square of its length grew."""
    grown = 0.0
    for word, weight in more.items():
        held = total.get(word, 0.0)
        total[word] = held + weight
        grown += weight * (weight + 2 * held)
    return grown


def _difference(total: Vector, part: Vector) -> Vector:
    left = {word: weight - part.get(word, 0.0) for word, weight in total.items()}
    return {word: weight for word, weight in left.items() if weight > 1e-9}
