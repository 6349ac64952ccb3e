"""Places of a district named in a text, most likely first.

How a confidence comes about:

* A word found is some form of a place's name, more or less telling (`yanlu.textkit.place_names`).
  The longest form is taken; what follows it can show that it names a road (顾村路), which tells
  little about the place.
* A form that several places share (新桥居委会 in two towns) is shared out among them by the square
  of what speaks for each: its own telling, a place above it named in the same text, and how far it
  lies along the path that is already believed (*near*). Where all who share it are neighbours
  (通河三村 has two committees), the place right above them is credited with the whole. A town and a
  village inside it that share one are not told apart: the town is meant.
* Different words for one place add up as independent evidence does: the doubt left is
  (1 − a)(1 − b). A place above that is named too lets the evidence count up to twice, lying along
  *near* once more: the doubt is raised to that power. A place that lies elsewhere than the town
  that the text names loses.
* The deeper place wins: a place loses by how far the best place inside it leads the next. Where
  nothing leads, as among neighbours of one name, the outer place stays first.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from yanlu.textkit.addresses import Address, find_addresses
from yanlu.textkit.matcher import Folded, Hit, Matcher, fold
from yanlu.textkit.place_names import WHOLE, forms, spell_numbers

#: No words make certain.
CEILING: Final = 0.98

#: What stays of a form's telling where it is only the name of a road.
AS_ROAD: Final = 0.4

#: What stays of the evidence for a place that lies in another town than the one named.
ELSEWHERE: Final = 0.6

#: How much more a reading weighs under a place named in the text, and along the whole of *near*.
UNDER_NAMED: Final = 2.0
ALONG_NEAR: Final = 3.0

_ROAD_AFTER: Final = re.compile(
    r"(?:[东南西北中支]?路|[东南西北]?大道|公路|街(?![道坊])|大街|高架|隧道)"
)
_HOUSE_NUMBER_AFTER: Final = re.compile(r"[0-9]+(?:弄|号)")


class Toponym(NamedTuple):
    """A place and its names. *level* grows with depth; *path* runs from the root to the place.

    The path is written as ``/1/5/23/``.
    """

    key: str
    name: str
    aliases: Sequence[str]
    level: int
    path: str


class PlaceCandidate(NamedTuple):
    """A place, how far it is believed (0 to 1) that the text is about it, and what named it."""

    key: str
    confidence: float
    matches: tuple[str, ...]


class _Reading(NamedTuple):
    """One place that a word may mean."""

    place: int
    evidence: float


class _Evidence(NamedTuple):
    """What a text says for one place: each word with its weight."""

    words: dict[str, float]

    def confidence(self) -> float:
        return 1 - math.prod(1 - weight for weight in self.words.values())


class Gazetteer:
    """The places of a district under all forms of their names, built once and never changed."""

    def __init__(self, rows: Iterable[Toponym]) -> None:
        """Build from *rows*. Aliases are taken as they are, names with all their forms.

        Raises ``ValueError`` for an empty name or alias.
        """
        self._rows = tuple(rows)
        self._by_path = {row.path: place for place, row in enumerate(self._rows)}
        readings: dict[Folded, dict[int, float]] = defaultdict(dict)
        for place, row in enumerate(self._rows):
            telling = forms(row.name) | dict.fromkeys(map(spell_numbers, row.aliases), WHOLE)
            for form, strength in telling.items():
                readings[fold(form)][place] = strength
        self._matcher = Matcher(readings)
        self._readings = tuple(
            self._outermost([_Reading(*reading) for reading in readings[word].items()])
            for word in self._matcher.words
        )

    def find(self, text: str, near: str = "", k: int = 5) -> tuple[PlaceCandidate, ...]:
        """Return at most *k* places that *text* names, most likely first, none for no name.

        *near* is the path of the place that is believed already, such as the one the resident
        picked or lives in; it decides between places of one name and brings in none by itself.
        """
        mentions = self._mentions(_spelled(text))
        named = frozenset(
            self._rows[reading.place].path for readings in mentions.values() for reading in readings
        )
        evidence = self._weighed(mentions, named, near)
        believed = self._deepened(self._confirmed(evidence, near))
        ranked = sorted(
            believed, key=lambda place: (-believed[place], -self._rows[place].level, place)
        )
        return tuple(
            PlaceCandidate(self._rows[place].key, believed[place], tuple(evidence[place].words))
            for place in ranked[:k]
        )

    def addresses(self, text: str) -> list[Address]:
        """Return the addresses that *text* names, those on its estates and stations among them."""
        spelled = _spelled(text)
        hits = self._matcher.find(spelled)
        return find_addresses(spelled, [(hit.start, hit.end) for hit in hits])

    def _outermost(self, readings: list[_Reading]) -> tuple[_Reading, ...]:
        """Return *readings* without places that lie inside another of them."""
        paths = {self._rows[reading.place].path for reading in readings}
        return tuple(
            reading
            for reading in readings
            if paths.isdisjoint(_above(self._rows[reading.place].path))
        )

    def _mentions(self, text: Folded) -> dict[str, list[_Reading]]:
        """Return each different word found with what it may mean."""
        telling: dict[int, float] = {}
        for hit in self._matcher.find(text):
            factor = AS_ROAD if _names_a_road(text, hit) else 1.0
            telling[hit.word] = max(factor, telling.get(hit.word, 0.0))
        return {
            self._matcher.words[word]: [
                reading._replace(evidence=reading.evidence * factor)
                for reading in self._readings[word]
            ]
            for word, factor in telling.items()
        }

    def _weighed(
        self, mentions: Mapping[str, list[_Reading]], named: frozenset[str], near: str
    ) -> dict[int, _Evidence]:
        """Return for each place the words that name it, their weight shared out."""
        found: dict[int, _Evidence] = defaultdict(lambda: _Evidence({}))
        for word, readings in mentions.items():
            support = [self._support(reading, named, near) ** 2 for reading in readings]
            for reading, share in zip(readings, support, strict=True):
                weight = reading.evidence * share / sum(support)
                found[reading.place].words[word] = weight * self._fit(reading.place, named)
            parent = self._parent_of_all(readings)
            if parent is not None:
                found[parent].words[word] = max(reading.evidence for reading in readings)
        return found

    def _support(self, reading: _Reading, named: frozenset[str], near: str) -> float:
        """Return what speaks for one of several readings of a word."""
        path = self._rows[reading.place].path
        under_named = UNDER_NAMED if named.intersection(_above(path)) else 0.0
        return reading.evidence * (1 + under_named + ALONG_NEAR * _nearness(path, near))

    def _fit(self, place: int, named: frozenset[str]) -> float:
        """Return less than 1 for a place that lies elsewhere than all places named of a level."""
        for above in _above(self._rows[place].path):
            level = {path for path in named if path.count("/") == above.count("/")}
            if level and above not in level:
                return ELSEWHERE
        return 1.0

    def _parent_of_all(self, readings: list[_Reading]) -> int | None:
        """Return the place right above all of several readings, None where there is none."""
        parents = {_parent(self._rows[reading.place].path) for reading in readings}
        if len(readings) < 2 or len(parents) > 1:
            return None
        return self._by_path.get(parents.pop())

    def _confirmed(self, evidence: Mapping[int, _Evidence], near: str) -> dict[int, float]:
        """Return the confidence in each place by its own words, those above it, and *near*."""
        own = {place: found.confidence() for place, found in evidence.items()}
        believed: dict[int, float] = {}
        for place, confidence in own.items():
            path = self._rows[place].path
            above = [own.get(self._by_path.get(path_above, -1), 0.0) for path_above in _above(path)]
            times = 1 + max(above, default=0.0) + _is_along(path, near)
            believed[place] = min(1 - (1 - confidence) ** times, CEILING)
        return believed

    def _deepened(self, believed: Mapping[int, float]) -> dict[int, float]:
        """Return *believed*, less what the leading place inside each takes away."""
        deepened: dict[int, float] = {}
        for place in sorted(believed, key=lambda place: self._rows[place].level, reverse=True):
            path = self._rows[place].path
            inside = {
                self._rows[inner].path: confidence
                for inner, confidence in deepened.items()
                if path in _above(self._rows[inner].path)
            }
            deepened[place] = believed[place] * (1 - _lead(inside))
        return deepened


def _spelled(text: str) -> Folded:
    """A text as names are looked for in it."""
    return Folded(spell_numbers(fold(text)))


def _names_a_road(text: Folded, hit: Hit) -> bool:
    """Whether what follows makes the word the name of a road or part of an address on one."""
    after = _HOUSE_NUMBER_AFTER if text[hit.end - 1] == "路" else _ROAD_AFTER
    return after.match(text, hit.end) is not None


def _lead(confidences: Mapping[str, float]) -> float:
    """Return by how much the best of some paths leads the next that does not run along it."""
    if not confidences:
        return 0.0
    best = max(confidences, key=lambda path: confidences[path])
    rivals = [confidences[path] for path in confidences if not _is_along(path, best)]
    return confidences[best] - max(rivals, default=0.0)


@lru_cache(1 << 14)
def _above(path: str) -> tuple[str, ...]:
    """Return the paths of the places above: for ``/1/5/23/``, ``/1/`` and ``/1/5/``."""
    keys = path.strip("/").split("/")
    return tuple(f"/{'/'.join(keys[:n])}/" for n in range(1, len(keys)))


def _parent(path: str) -> str:
    return path[: path.rstrip("/").rfind("/") + 1]


def _is_along(path: str, near: str) -> bool:
    return near != "" and (path.startswith(near) or near.startswith(path))


def _nearness(path: str, near: str) -> float:
    """Return how far along *near* the path runs, 0 to 1; 1 as well inside of *near*."""
    if not near:
        return 0.0
    whole = (*_above(near), near)
    return sum(path.startswith(step) for step in whole) / len(whole)
