"""Places in a row, and classes of like size. Plain Python."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def ranks(scores: Mapping[K, float]) -> dict[K, int]:
    """The place of each, the highest score first; ties share a place.

    After two at the first place comes the third, as in sports.
    """
    values = sorted(scores.values(), reverse=True)
    first: dict[float, int] = {}
    for place, value in enumerate(values, 1):
        first.setdefault(value, place)
    return {key: first[value] for key, value in scores.items()}


def quartiles(sizes: Mapping[K, int]) -> dict[K, int]:
    """The quarter (1–4, the smallest first) in which each size stands; equals stand together."""
    values = sorted(sizes.values())
    first: dict[int, int] = {}
    for place, value in enumerate(values):
        first.setdefault(value, place * 4 // len(values) + 1)
    return {key: first[value] for key, value in sizes.items()}
