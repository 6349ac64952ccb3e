"""How good a ranking is, measured on texts that it has not seen.

``F1`` is the harmonic mean of precision and recall; *macro* means that each label counts alike,
however rare. The calibration error is Naeini's (Obtaining well calibrated probabilities using
Bayesian binning, AAAI 2015) over `BINS` bins of equal width.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

#: Bins of confidence in which belief and truth are compared.
BINS: Final = 15
#: Share of right answers at which coverage is stated.
PRECISION: Final = 0.95


Numbers = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class LabelFigures:
    """Figures of one label; ``support`` is how many samples truly have it."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Figures:
    """Figures of a ranking on held-out samples.

    :param coverage: largest share of samples, surest first, of which `PRECISION` are right.
    :param top3: share of samples whose label is among the first three.
    """

    samples: int
    accuracy: float
    macro_f1: float
    top3: float
    calibration_error: float
    coverage: float
    labels: Mapping[str, LabelFigures]

    def as_json(self) -> dict[str, Any]:
        """For a card or a command's output."""
        return asdict(self)


def measure(names: Sequence[str], believed: Numbers, truth: Sequence[str]) -> Figures:
    """Compare what was believed (samples × ``names``, each row adding up to 1) with the truth.

    A label that is not among ``names`` can't be found, and counts as missed; so does a row of
    nothing but zeros, which gives no answer.
    """
    number = {name: place for place, name in enumerate(names)}
    true = np.array([number.get(label, -1) for label in truth])
    sure = believed.max(axis=1)
    found = np.where(sure > 0, believed.argmax(axis=1), -2)
    is_right = found == true
    labels = {name: _label(found, true, place) for name, place in number.items()}
    labels |= {name: LabelFigures(0, 0, 0, truth.count(name)) for name in {*truth} - {*names}}
    seen = [figures.f1 for figures in labels.values() if figures.support]
    best = np.argsort(-believed, axis=1, kind="stable")[:, :3]
    return Figures(
        samples=len(truth),
        accuracy=float(is_right.mean()),
        macro_f1=float(np.mean(seen)),
        top3=float((best == true[:, None]).any(axis=1).mean()),
        calibration_error=calibration_error(sure, is_right),
        coverage=coverage(sure, is_right, PRECISION),
        labels=labels,
    )


def calibration_error(sure: Numbers, is_right: NDArray[np.bool_]) -> float:
    """Mean distance between confidence and share of right answers, over bins of confidence."""
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    sums = np.bincount(bins, sure, BINS) - np.bincount(bins, is_right, BINS)
    return float(np.abs(sums).sum() / len(sure))


def coverage(sure: Numbers, is_right: NDArray[np.bool_], precision: float) -> float:
    """Largest share of answers, surest first, of which at least ``precision`` are right."""
    rights = np.cumsum(is_right[np.argsort(-sure, kind="stable")])
    counts = np.arange(1, len(sure) + 1)
    good = np.flatnonzero(rights >= precision * counts)
    return float((good[-1] + 1) / len(sure)) if len(good) else 0.0


def threshold(sure: Numbers, is_right: NDArray[np.bool_], error_rate: float) -> float:
    """Confidence from which at most ``error_rate`` of the answers are wrong; above 1 if none is.

    The share is not taken at its face: the upper bound of its interval (Wilson 1927, one-sided,
    95 %) must keep the rate, so that a few lucky answers open no door.
    """
    order = np.argsort(-sure, kind="stable")
    counts = np.arange(1, len(sure) + 1)
    wrong = np.cumsum(~is_right[order]) / counts
    good = np.flatnonzero(_upper_bound(wrong, counts) <= error_rate)
    return float(sure[order[good[-1]]]) if len(good) else 2.0


def _label(found: NDArray[np.int64], true: NDArray[np.int64], place: int) -> LabelFigures:
    hits = int(((found == place) & (true == place)).sum())
    given, support = int((found == place).sum()), int((true == place).sum())
    precision = hits / given if given else 0.0
    recall = hits / support if support else 0.0
    f1 = 2 * hits / (given + support) if hits else 0.0
    return LabelFigures(precision, recall, f1, support)


def _upper_bound(share: Numbers, n: NDArray[np.int64]) -> Numbers:
    z2 = 1.645**2
    middle = share + z2 / (2 * n)
    spread = np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n)))
    bound: Numbers = (middle + spread) / (1 + z2 / n)
    return bound
