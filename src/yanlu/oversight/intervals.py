"""How sure a figure is: intervals of 95 % for shares, weighted sums and differences. Plain Python.

Shares: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
Journal of the American Statistical Association 22 (1927) 209–212: unlike the usual formula it holds
for small numbers and for none or all. Sums and differences: G. Y. Zou and A. Donner, "Construction
of confidence limits about effect measures: a general approach", Statistics in Medicine 27 (2008)
1693–1702 (MOVER), which for two shares is method 10 of R. G. Newcombe (ibid. 17, 1998, 873–890).
Counts: F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936) 437–442.
"""

from collections.abc import Iterable
from math import sqrt
from typing import Final, NamedTuple

from scipy.special import gammaincinv

#: 97.5 % of a normal distribution lie below this many standard deviations.
Z: Final = 1.959963984540054


class Interval(NamedTuple):
    """A figure and the bounds between which it lies with 95 %."""

    value: float
    low: float
    high: float


def wilson(part: int, whole: int) -> Interval:
    """A share ``part / whole`` from 0 to 1 with its interval.

    :raises ValueError: nothing to take a share of, or more parts than the whole has.
    """
    if not 0 <= part <= whole or whole == 0:
        raise ValueError(f"{part} of {whole} is no share")
    share, spread = part / whole, Z * Z / whole
    middle = share + spread / 2
    reach = Z * sqrt(share * (1 - share) / whole + spread / (4 * whole))
    low, high = (middle - reach) / (1 + spread), (middle + reach) / (1 + spread)
    return Interval(share, min(max(low, 0.0), share), max(min(high, 1.0), share))


def poisson(count: int, exposure: float) -> Interval:
    """How often something happens for each unit of exposure, with its exact interval.

    :raises ValueError: a count below zero, or nothing that it could have happened to.
    """
    if count < 0 or exposure <= 0:
        raise ValueError(f"{count} of {exposure} is no rate")
    low = float(gammaincinv(count, 0.025)) if count else 0.0
    high = float(gammaincinv(count + 1, 0.975))
    return Interval(count / exposure, low / exposure, high / exposure)


def weighted(parts: Iterable[tuple[float, Interval]]) -> Interval:
    """The sum of figures times their weights; the figures are taken as independent."""
    rows = list(parts)
    value = sum(weight * one.value for weight, one in rows)
    below = sqrt(sum((weight * (one.value - one.low)) ** 2 for weight, one in rows))
    above = sqrt(sum((weight * (one.high - one.value)) ** 2 for weight, one in rows))
    return Interval(value, value - below, value + above)


def differ(one: Interval, other: Interval) -> bool:
    """Whether the two are apart by more than chance: 0 lies outside their difference's interval."""
    higher, lower = (one, other) if one.value >= other.value else (other, one)
    reach = sqrt((higher.value - higher.low) ** 2 + (lower.high - lower.value) ** 2)
    return higher.value - lower.value > reach
