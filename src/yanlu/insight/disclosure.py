"""How counts are made public so that nobody is found in them. Plain Python.

Counts below five are not told, none of them, not even nought (``domain.md`` §8, small cells
suppressed); others are rounded, each by itself, to a multiple of a step. So what is told does not
add up exactly, and whoever subtracts parts from a sum finds a span, no number. Rare tables leave no
span: then the step is doubled, for the whole release, until each count that was not told may still
be one of three or more. After A. Hundepool et al., "Statistical Disclosure Control" (Wiley 2012),
chapter 5 (rounding, and auditing by bounds).
"""

from collections.abc import Iterable, Sequence
from typing import Final

#: Counts below this are not told.
SMALL: Final = 5
#: How many values a count that is not told may have at least, whatever is subtracted.
OPEN: Final = 3

#: A sum and its parts, as they are.
Sum = tuple[int, Sequence[int]]


def rounded(many: int, step: int = SMALL) -> int | None:
    """The count as everybody may read it; ``None``: below five, perhaps none.

    :raises ValueError: less than nothing.
    """
    if many < 0:
        raise ValueError(f"{many} is no count")
    return max((many + step // 2) // step * step, step) if many >= SMALL else None


def possible(told: int | None, step: int = SMALL) -> tuple[int, int]:
    """The least and the most that a number which was told can stand for."""
    if told is None:
        return 0, SMALL - 1
    return SMALL if told == step else told - step // 2, told - step // 2 + step - 1


def open_values(sum_: Sum, step: int = SMALL) -> int:
    """How many values are left open for the part that is known best, of those not told."""
    total, parts = sum_
    bounds = [possible(rounded(part, step), step) for part in parts]
    least, most = (sum(one[side] for one in bounds) for side in (0, 1))
    low, high = possible(rounded(total, step), step)
    left = [
        min(part_high, high - (least - part_low)) - max(part_low, low - (most - part_high)) + 1
        for part, (part_low, part_high) in zip(parts, bounds, strict=True)
        if part < SMALL
    ]
    return min(left, default=OPEN)


def safe_step(sums: Iterable[Sum]) -> int:
    """The least step, five or five doubled so many times, that keeps all of these sums safe."""
    known, step = list(sums), SMALL
    while any(open_values(one, step) < OPEN for one in known):
        step *= 2
    return step
