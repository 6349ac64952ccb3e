"""How hot a topic is: a published formula, shown with its parts.

Each message weighs 2^(-age / `HALF_LIFE`): one today counts 1, one a week ago a half (exponential
decay; as in Cormode and others, Forward decay, ICDE 2009). The messages of one source add up to
h, and the source counts log2(1 + h): a first message counts 1, a hundred thousand copies count
17. The same sum is made over the different texts, so that one letter under many names does not
boil over either:

    heat = min( Σ sources log2(1 + h), Σ texts log2(1 + h) )

A message without a known source is a source of its own text. The order in which messages arrive
changes nothing. One dated in the future counts as of now, when it arrives; so a wrong clock neither
heats nor cools.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

#: Time in which what a message weighs goes down to half.
HALF_LIFE: Final = timedelta(days=7)
#: Messages of one voice that weigh less than this together may be forgotten.
FAINT: Final = 2.0**-10

#: For each voice (a source or a text), log2 of Σ 2^(t / `HALF_LIFE`) over its messages.
Voices = dict[str | int, float]


class Heat(NamedTuple):
    """A topic's heat and what it is made of.

    :param voices: different sources that are still heard, ``by_source`` their sum.
    :param texts: different texts that are still heard, ``by_text`` their sum.
    """

    value: float
    voices: int
    by_source: float
    texts: int
    by_text: float


def speak(voices: Voices, who: str | int, at: datetime) -> None:
    """Add one message of *who* at the time *at*."""
    voices[who] = _sum(voices.get(who), half_lives(at))


def together(many: Iterable[Voices]) -> Voices:
    """Return the voices of several parts of a topic as those of one."""
    total: Voices = {}
    for voices in many:
        for who, amount in voices.items():
            total[who] = _sum(total.get(who), amount)
    return total


def heat(sources: Voices, texts: Voices, now: datetime) -> Heat:
    """Return how hot it is at the time *now*."""
    by_source, heard = _loudness(sources, now)
    by_text, different = _loudness(texts, now)
    return Heat(min(by_source, by_text), heard, by_source, different, by_text)


def forget_faint(voices: Voices, now: datetime) -> Voices:
    """Return *voices* without those that are not heard any more."""
    faint = half_lives(now) + math.log2(FAINT)
    return {who: amount for who, amount in voices.items() if amount > faint}


def half_lives(at: datetime) -> float:
    """Return a moment as a number of half-lives since 1970."""
    return at.timestamp() / HALF_LIFE.total_seconds()


def _loudness(voices: Mapping[str | int, float], now: datetime) -> tuple[float, int]:
    """The sum over all voices, and how many are above `FAINT`."""
    moment = half_lives(now)
    sums = [2.0 ** min(amount - moment, 1000.0) for amount in voices.values()]
    return math.fsum(map(math.log1p, sums)) / math.log(2), sum(h > FAINT for h in sums)


def _sum(one: float | None, other: float) -> float:
    """log2(2^one + 2^other), without leaving the range of numbers."""
    if one is None:
        return other
    low, high = sorted((one, other))
    return high + math.log1p(2.0 ** (low - high)) / math.log(2)
