"""Sorts real labelled messages as the product does: ``python -m bench.sorting < settings.json``.

Five folds, near-duplicates kept on one side, once for each seed. The lexicon gives its opinion, as
in the product; labels of the part that is measured are seen by nobody. Prints values by name.
"""

import csv
import gzip
import json
import os
import sys
import time
from typing import Any

import django
import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from bench.categories import LABELLED, OURS, SHARE, THEIRS, TRAINING
from bench.reference import CharactersAlone
from bench.settings import Settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanlu.project.settings")
django.setup()

from yanlu.dispatch.sorting import sample  # noqa: E402 - after setup
from yanlu.project.demo import reference  # noqa: E402
from yanlu.textkit import measures  # noqa: E402
from yanlu.textkit.categories import Lexicon  # noqa: E402
from yanlu.textkit.classifier import train  # noqa: E402
from yanlu.textkit.features import Sample  # noqa: E402
from yanlu.textkit.matcher import fold  # noqa: E402
from yanlu.textkit.near_duplicates import groups_of  # noqa: E402

FOLDS, SEEDS = 5, 3
#: Messages of which the time of training is measured.
MANY = 10_000


def main() -> None:
    """Measure, print."""
    settings = Settings(**json.load(sys.stdin))
    with gzip.open(LABELLED, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    lexicon = reference.lexicon()
    samples = _samples(lexicon, rows)
    labels = [row["label"] for row in rows]
    found = [_folds(samples, np.array(labels), settings.seed + n) for n in range(SEEDS)]
    json.dump(
        {
            "macro F1": [one.macro_f1 for one in found],
            "calibration error": [one.calibration_error for one in found],
            "coverage at 95 % precision": [one.coverage for one in found],
            **_costs(rows, lexicon, labels, settings.repeat),
        },
        sys.stdout,
    )


def _folds(samples: list[Sample], labels: NDArray[np.str_], seed: int) -> measures.Figures:
    names = sorted(set(labels.tolist()))
    groups = groups_of([one.folded for one in samples])
    believed = np.zeros((len(samples), len(names)))
    split = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    for known, unseen in split.split(labels, labels, groups):
        model = train([samples[row] for row in known], labels[known].tolist(), seed=seed)
        believed[unseen] = model.believe([samples[row] for row in unseen])
    return measures.measure(names, believed, labels.tolist())


def _costs(
    rows: list[dict[str, str]], lexicon: Lexicon, labels: list[str], repeat: int
) -> dict[str, list[float]]:
    """Milliseconds a message in batch, ours and characters alone; seconds to train on many."""
    samples = _samples(lexicon, rows)
    model = train(samples, labels)
    characters = CharactersAlone(LABELLED)
    # A number in front makes a copy another message, or they would be grouped away.
    many = [one._replace(text=f"{n} {one.text}") for n, one in enumerate((samples * 4)[:MANY])]
    ours, theirs, training = [], [], []
    for _ in range(repeat):
        ours.append(_seconds(lambda: model.believe(_samples(lexicon, rows))) / len(rows) * 1000)
        theirs.append(characters.milliseconds())
        training.append(_seconds(train, many, (labels * 4)[:MANY]))
    shares = [mine / plain for mine, plain in zip(ours, theirs, strict=True)]
    return {OURS: ours, THEIRS: theirs, SHARE: shares, TRAINING: training}


def _samples(lexicon: Lexicon, rows: list[dict[str, str]]) -> list[Sample]:
    """Messages as the product gives them to a model: folded once, with the lexicon's opinion."""
    return [sample(lexicon, fold(row["title"]), fold(row["body"])) for row in rows]


def _seconds(act: Any, *arguments: Any) -> float:
    began = time.perf_counter()
    act(*arguments)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
