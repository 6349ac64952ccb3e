"""Ranks units as the product does: ``python -m bench.ranking``. Prints values by name."""

import csv
import gzip
import itertools
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path

import django
import numpy as np
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

from bench.routing import EVENTS, LETTERS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanlu.project.settings")
django.setup()

from yanlu.dispatch import routing  # noqa: E402 - after setup
from yanlu.project.demo import reference  # noqa: E402
from yanlu.textkit.categories import Lexicon  # noqa: E402
from yanlu.textkit.classifier import train  # noqa: E402
from yanlu.textkit.features import Sample  # noqa: E402

#: Units with fewer letters are left out: a fold must hold two of each.
FEWEST, FOLDS, SEEDS = 10, 5, 3
THINGS = ("source", "property", "type", "maintype", "subtype")
PLACES = ("street", "community")
#: A note behind a unit's name, as of an office that was renamed.
NOTE = re.compile("（.*?）$")


def letters() -> list[float]:
    """Macro F1 over five folds, once for each seed."""
    rows = [row for row in _rows(LETTERS) if row["institution"]]
    units = [row["institution"] for row in rows]
    rows = [row for row, unit in zip(rows, units, strict=True) if units.count(unit) >= FEWEST]
    truth = np.array([row["institution"] for row in rows])
    lexicon = reference.lexicon()
    samples = [routing.look(lexicon, row["title"], row["content"]) for row in rows]
    return [_macro_f1(samples, truth, seed) for seed in range(SEEDS)]


def events() -> dict[str, list[float]]:
    """The last fifth in time by what came before: accuracy, and among the first three."""
    rows = _rows(EVENTS)
    begin = len(rows) * 4 // 5
    known = {row["dispose_unit"] for row in rows[:begin]}
    latest = {_plain(row["dispose_unit"], known): row["dispose_unit"] for row in rows[:begin]}
    labels = [_plain(row["dispose_unit"], known) for row in rows]
    samples = [routing.look(Lexicon([]), "", "", _facts(row)) for row in rows]
    ranked = train(samples[:begin], labels[:begin]).rank(samples[begin:], k=3, explained=0)
    found = [[latest.get(one.key, one.key) for one in answers] for answers in ranked]
    truth = [row["dispose_unit"] for row in rows[begin:]]
    first = [unit == answers[0] for unit, answers in zip(truth, found, strict=True)]
    among = [unit in answers for unit, answers in zip(truth, found, strict=True)]
    return {
        "grid events, accuracy": [float(np.mean(first))],
        "grid events, in the first three": [float(np.mean(among))],
    }


def _macro_f1(samples: Sequence[Sample], truth: "np.typing.NDArray[np.str_]", seed: int) -> float:
    found = np.empty_like(truth)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    for known, held_out in folds.split(truth, truth):
        model = train([samples[n] for n in known], truth[known].tolist(), seed=seed)
        believed = model.believe([samples[n] for n in held_out])
        found[held_out] = np.array(model.labels)[believed.argmax(axis=1)]
    return float(f1_score(truth, found, average="macro"))


def _facts(row: dict[str, str]) -> list[str]:
    """Category and place, each by itself and every two together."""
    alone = [f"{name}={row[name]}" for name in (*THINGS, *PLACES)]
    return [*alone, *map(" ".join, itertools.combinations(alone, 2))]


def _plain(unit: str, known: set[str]) -> str:
    """A unit's name without the note behind it, if it is known by that, too."""
    plain = NOTE.sub("", unit)
    return plain if plain in known else unit


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    print(json.dumps({"letters, macro F1": letters(), **events()}))
