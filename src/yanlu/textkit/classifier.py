"""Labels learned from examples: subject categories from confirmed cases, units from past ones.

A linear support vector machine for each label (Fan et al., LIBLINEAR, JMLR 9, 2008) over the
columns of `yanlu.textkit.features`. Its scores become probabilities by one stretch and a shift for
each label (vector scaling: Guo et al., On calibration of modern neural networks, ICML 2017), fitted
on scores of examples that the machine had not seen. Near-duplicates never stand on both sides.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import rjieba
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import log_softmax, softmax
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import LinearSVC

from yanlu.textkit import measures
from yanlu.textkit.evidence import Candidate, Match
from yanlu.textkit.features import (
    BLOCK_OF,
    Sample,
    Weighing,
    count,
    fit,
    piece_columns,
)
from yanlu.textkit.measures import Numbers
from yanlu.textkit.model_files import Arrays
from yanlu.textkit.near_duplicates import groups_of
from yanlu.textkit.segment import STOP_WORDS

#: Groups of near-duplicates that a label must have to be learned.
FEWEST: Final = 5
#: Parts of the examples, each scored by a machine trained on the others.
FOLDS: Final = 3
#: How dear a wrong example is against a simple model.
COST: Final = 2.0
#: Where training stops, as LIBLINEAR's own default: ten times finer moves no decision and takes
#: half as long again.
CLOSE_ENOUGH: Final = 0.1
#: Score of a label that a fold has no example of: surely not.
NEVER: Final = -5.0
#: What the columns of a model stand for: one that was made otherwise cannot be read.
MAKE: Final = 2
#: Most weights of a model; with hundreds of labels the rarest columns go.
MOST_WEIGHTS: Final = 30_000_000


class TooFewExamples(ValueError):
    """Fewer than two labels have enough examples to be learned."""


@dataclass(frozen=True)
class Classifier:
    """A trained model; it never changes.

    :param weights: columns × labels.
    :param sure: confidence of each example before the model had seen it …
    :param was_right: … and whether the first label was the true one.
    """

    labels: tuple[str, ...]
    weighing: Weighing
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    stretch: float
    shift: NDArray[np.float32]
    sure: NDArray[np.float32]
    was_right: NDArray[np.bool_]

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> "Classifier":
        """The model that `as_arrays` was made of.

        :raises KeyError, ValueError: these are not the arrays of a model of this make.
        """
        if arrays["make"] != MAKE:
            raise ValueError(f"the model is of make {arrays['make']}, not {MAKE}")
        columns, labels = arrays["weights"].shape
        if (len(arrays["columns"]), len(arrays["labels"])) != (columns, labels):
            raise ValueError("the parts of the model do not fit together")
        return cls(
            labels=tuple(str(label) for label in arrays["labels"]),
            weighing=Weighing(arrays["columns"], arrays["idf"]),
            stretch=float(arrays["stretch"]),
            **{name: arrays[name] for name in ("weights", "bias", "shift", "sure", "was_right")},
        )

    def as_arrays(self) -> Arrays:
        """All of it, to be kept in a file."""
        names = ("weights", "bias", "stretch", "shift", "sure", "was_right")
        return {name: np.asarray(getattr(self, name)) for name in names} | {
            "labels": np.array(self.labels),
            "columns": self.weighing.columns,
            "idf": self.weighing.idf,
            "make": np.array(MAKE),
        }

    def believe(self, samples: Sequence[Sample]) -> Numbers:
        """Probability of each label for each sample: samples × labels."""
        return self._believe(self.weighing.weigh(count(samples)))

    def rank(
        self, samples: Sequence[Sample], k: int = 5, explained: int = 1
    ) -> list[list[Candidate]]:
        """The *k* likeliest labels of each sample, the first ``explained`` of them with words."""
        counts = count(samples)
        rows = self.weighing.weigh(counts)
        believed = self._believe(rows)
        best = np.argsort(-believed, axis=1, kind="stable")[:, :k]
        ranked = []
        for number, labels in enumerate(best.tolist()):
            reasons = _Reasons(self, samples[number], _row(counts, number), _row(rows, number))
            ranked.append(
                [
                    Candidate(
                        self.labels[label],
                        float(believed[number, label]),
                        reasons.strongest(label) if place < explained else (),
                    )
                    for place, label in enumerate(labels)
                ]
            )
        return ranked

    def threshold(self, error_rate: float) -> float:
        """Confidence from which at most this share of answers is wrong; above 1 for never."""
        return measures.threshold(self.sure, self.was_right, error_rate)

    def _believe(self, rows: csr_matrix) -> Numbers:
        scores = np.asarray(rows @ self.weights) + self.bias
        return _probabilities(scores, self.stretch, self.shift)


class _Reasons:
    """Which words of a sample argued for a label.

    What a piece brought is shared by the letters beneath it, and what the letters of a word got is
    the word's.
    """

    def __init__(self, model: Classifier, sample: Sample, counts: "_Row", row: "_Row") -> None:
        self._model, self._row = model, row
        self._text = sample.folded
        self._words: list[str] = rjieba.cut(self._text, hmm=False)
        self._each = row.data / counts.data[model.weighing.places[counts.indices] >= 0]

    def strongest(self, label: int, k: int = 5) -> tuple[Match, ...]:
        """The *k* words that brought most, the strongest first; only those that argued for it."""
        if not self._words:
            return ()
        brought = self._each * self._model.weights[self._row.indices, label]
        letters = np.zeros(len(self._text))
        for length in BLOCK_OF:
            share = self._at(piece_columns(self._text, length), brought) / length
            for offset in range(length):
                letters[offset : offset + len(share)] += share
        ends = np.cumsum([len(word) for word in self._words])
        points = np.add.reduceat(letters, np.concatenate([[0], ends[:-1]]))
        return _strongest(self._words, points, k)

    def _at(self, columns: NDArray[np.uint32], brought: Numbers) -> Numbers:
        """What was brought by these columns, each time that one stands in the text."""
        places = self._model.weighing.places[columns]
        is_known = places >= 0
        found = np.zeros(len(columns))
        found[is_known] = brought[np.searchsorted(self._row.indices, places[is_known])]
        return found


class _Row(NamedTuple):
    """A row of a matrix as it is stored."""

    indices: NDArray[np.int64]
    data: Numbers


def _row(matrix: csr_matrix, number: int) -> _Row:
    part = slice(matrix.indptr[number], matrix.indptr[number + 1])
    return _Row(matrix.indices[part], matrix.data[part])


def train(samples: Sequence[Sample], labels: Sequence[str], *, seed: int = 0) -> Classifier:
    """Learn the labels of these samples. The same input gives the same model.

    Labels of fewer than `FEWEST` groups of near-duplicates are left out.

    :raises TooFewExamples: fewer than two labels are left.
    """
    groups = groups_of([sample.folded for sample in samples])
    names = learnable(labels, groups)
    if len(names) < 2:
        raise TooFewExamples(f"only {len(names)} labels have {FEWEST} different examples")
    number = {name: place for place, name in enumerate(names)}
    kept = np.array([row for row, label in enumerate(labels) if label in number])
    truth = np.array([number[labels[row]] for row in kept])
    counts = count([samples[row] for row in kept])
    scores = np.zeros((len(kept), len(names)))
    for others, part in _folds(truth, groups[kept], seed):
        weighing, weights, bias = _fit(counts[others], truth[others], len(names), seed)
        scores[part] = weighing.weigh(counts[part]) @ weights + bias
    stretch, shift = _calibrate(scores, truth)
    believed = _probabilities(scores, stretch, shift)
    weighing, weights, bias = _fit(counts, truth, len(names), seed)
    return Classifier(
        labels=names,
        weighing=weighing,
        weights=weights,
        bias=bias,
        stretch=stretch,
        shift=shift,
        sure=believed.max(axis=1).astype(np.float32),
        was_right=believed.argmax(axis=1) == truth,
    )


def learnable(labels: Sequence[str], groups: NDArray[np.int64]) -> tuple[str, ...]:
    """Labels with at least `FEWEST` different groups, in order of their names."""
    found: dict[str, set[int]] = {}
    for label, group in zip(labels, groups.tolist(), strict=True):
        found.setdefault(label, set()).add(group)
    return tuple(sorted(label for label, its in found.items() if len(its) >= FEWEST))


def _folds(
    truth: NDArray[np.int64], groups: NDArray[np.int64], seed: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    split = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    yield from split.split(truth, truth, groups)


def _fit(
    counts: csr_matrix, truth: NDArray[np.int64], labels: int, seed: int
) -> tuple[Weighing, NDArray[np.float32], NDArray[np.float32]]:
    """Weighing, weights (columns × labels) and bias of a machine for these rows."""
    weighing = fit(counts, most=MOST_WEIGHTS // labels)
    machine = LinearSVC(C=COST, tol=CLOSE_ENOUGH, random_state=seed).fit(
        weighing.weigh(counts), truth
    )
    weights = np.zeros((len(weighing.columns), labels), np.float32)
    bias = np.full(labels, NEVER, np.float32)
    if len(machine.classes_) == 2:
        first, second = machine.classes_
        weights[:, first], weights[:, second] = -machine.coef_[0], machine.coef_[0]
        bias[first], bias[second] = -machine.intercept_[0], machine.intercept_[0]
    else:
        weights[:, machine.classes_] = machine.coef_.T
        bias[machine.classes_] = machine.intercept_
    return weighing, weights, bias


def _calibrate(scores: Numbers, truth: NDArray[np.int64]) -> tuple[float, NDArray[np.float32]]:
    """Stretch and shift under which the unseen truth is likeliest; large shifts cost a little."""
    rows = np.arange(len(truth))

    def surprise(parameters: Numbers) -> float:
        logs = log_softmax(scores * np.exp(parameters[0]) + parameters[1:], axis=1)
        return float(-logs[rows, truth].mean() + 1e-3 * (parameters[1:] ** 2).sum())

    found = minimize(surprise, np.zeros(scores.shape[1] + 1))
    return float(np.exp(found.x[0])), found.x[1:].astype(np.float32)


def _probabilities(scores: Numbers, stretch: float, shift: NDArray[np.float32]) -> Numbers:
    believed: Numbers = softmax(scores * stretch + shift, axis=1)
    return believed


def _strongest(words: Sequence[str], points: Numbers, k: int) -> tuple[Match, ...]:
    """Words by the points that all their occurrences brought together; only those that did."""
    sums: dict[str, tuple[int, float]] = {}
    for word, brought in zip(words, points.tolist(), strict=True):
        times, before = sums.get(word, (0, 0.0))
        sums[word] = (times + 1, before + brought)
    found = [
        (total, word)
        for word, (_times, total) in sums.items()
        if total > 0 and word[0].isalnum() and word not in STOP_WORDS
    ]
    return tuple(Match(word, sums[word][0], total) for total, word in heapq.nlargest(k, found))
