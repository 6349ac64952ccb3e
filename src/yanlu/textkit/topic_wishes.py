"""What people decide about topics, and settling respects: names, silence, together, apart.

Decisions about what belongs together are kept by strands, which stay when topics come and go.
"""

from collections.abc import Collection
from itertools import product

from yanlu.textkit.topics import Topics


def rename(topics: Topics, number: int, title: str) -> None:
    """Give a topic a title, "" for the one found by itself. Raises ``KeyError`` for no topic."""
    topics.topics[number].title = title


def mute(topics: Topics, number: int, *, is_muted: bool = True) -> None:
    """Say whether a topic is kept from lists. Raises ``KeyError`` for no topic."""
    topics.topics[number].is_muted = is_muted


def merge(topics: Topics, one: int, other: int) -> None:
    """Let two topics be one from the next settling on. Raises ``KeyError`` for no topic."""
    mine, theirs = topics.topics[one].strands, topics.topics[other].strands
    for pair in product(mine, theirs):
        _take_back(topics.apart, *pair)
    _note(topics.together, mine[0], theirs[0])
    topics.touched |= {one, other}


def part(topics: Topics, number: int, strands: Collection[int]) -> None:
    """Let some strands of a topic be another topic from the next settling on.

    Raises ``KeyError`` for no topic, ``ValueError`` if these are none of its strands, or all.
    """
    leaving = {topics.strand(strand) for strand in strands}
    staying = set(topics.topics[number].strands) - leaving
    if not leaving or not staying or not leaving <= set(topics.topics[number].strands):
        raise ValueError(f"{sorted(strands)} are not a part of topic {number}")
    for pair in product(leaving, staying):
        _take_back(topics.together, *pair)
        _note(topics.apart, *pair)
    for side in (leaving, staying):
        for strand in side - {min(side)}:
            _note(topics.together, min(side), strand)
    topics.touched.add(number)


def _note(pairs: dict[int, set[int]], one: int, other: int) -> None:
    pairs.setdefault(one, set()).add(other)
    pairs.setdefault(other, set()).add(one)


def _take_back(pairs: dict[int, set[int]], one: int, other: int) -> None:
    pairs.get(one, set()).discard(other)
    pairs.get(other, set()).discard(one)
