"""Similar matters: how fast they are found among many, how well pairs and duplicates are told."""

import csv
import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from sklearn.metrics import roc_auc_score

from bench.filling import fill
from bench.importing import BOARD, SHARED
from bench.installation import Installation
from bench.results import Figure, percentile
from bench.settings import Settings
from bench.texts import texts
from yanlu.textkit.duplicates import find_duplicates
from yanlu.textkit.likeness import compare, portray, usage

PAIRS = SHARED / "pairs" / "lcqmc_dev.csv.gz"
#: Rows of the board and whether they mean the same: labelled by reading, row 1 is the header.
LABELLED = Path(__file__).parent / "board_pairs.csv"
LOOKS, DRAWS = 500, 200


def measure(installation: Installation, settings: Settings) -> list[Figure]:
    """All of it; what needs data that is not here is left out."""
    figures = _looks(installation, settings)
    if PAIRS.exists():
        figures += _pairs(settings.seed)
    if BOARD.exists():
        figures += _board()
    return figures


def _looks(installation: Installation, settings: Settings) -> list[Figure]:
    """Milliseconds for what is shown while somebody types, by where it is looked for."""
    database = installation.database("similar")
    with installation.connect(database, superuser=True) as connection:
        fill(connection, settings)
        places = _column(connection, "SELECT id FROM bench_place ORDER BY place")
        traces = _column(connection, "SELECT count(*) FROM dispatch_trace")[0]
        size = _column(connection, "SELECT pg_total_relation_size('dispatch_trace') / 2^20")[0]
    print(f"{traces} open of {settings.cases}, traces of {size:.0f} MB", file=sys.stderr)
    chance = Random(settings.seed)
    plans = {
        "look while typing, place known": _plan(chance, places),
        "look while typing, place unknown": _plan(chance, [None]),
    }
    return [
        figure
        for name, plan in plans.items()
        for figure in _measured(installation, settings, database, name, plan)
    ]


def _plan(chance: Random, places: Sequence[int | None]) -> list[tuple[str, int | None]]:
    """What is typed: the beginning of a matter; places as uneven as in life."""
    said = [text for _title, text in texts(chance.randrange(10**6), LOOKS, [""])]
    return [
        (text[: chance.randint(8, 40)], places[int(chance.random() ** 2 * len(places))])
        for text in said
    ]


def _measured(
    installation: Installation,
    settings: Settings,
    database: str,
    name: str,
    plan: list[tuple[str, int | None]],
) -> list[Figure]:
    middle, high, found = [], [], []
    for _ in range(settings.repeat):
        told = json.loads(
            installation.python(database, "-m", "bench.looking", stdin=json.dumps(plan))
        )
        middle.append(percentile([taken for taken, _ in told], 0.5))
        high.append(percentile([taken for taken, _ in told], 0.95))
        found.append(sum(number for _, number in told) / len(told))
    print(f"{name}: {middle} {high} {found}", file=sys.stderr)
    return [
        Figure(f"{name} p50", "ms", middle),
        Figure("  p95", "ms", high),
        Figure("  matters shown", "a look", found),
    ]


def _pairs(seed: int) -> list[Figure]:
    """Area under the curve (ROC) of pairs of questions; labels are looked at here alone."""
    with gzip.open(PAIRS, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    pairs = [(portray(row["s1"]), portray(row["s2"])) for row in rows]
    weigh = usage(portrait for pair in pairs for portrait in pair)
    scored = [
        (int(row["label"]), compare(*pair, weigh).score)
        for row, pair in zip(rows, pairs, strict=True)
    ]
    chance = Random(seed)
    drawn = sorted(_area(chance.choices(scored, k=len(scored))) for _ in range(DRAWS))
    low, high = drawn[int(DRAWS * 0.025)], drawn[int(DRAWS * 0.975) - 1]
    note = f"95 % of {DRAWS} draws: {low:.4f} to {high:.4f}"
    return [Figure(f"likeness of {len(rows):,} question pairs", "AUC", [_area(scored)], note)]


def _area(scored: list[tuple[int, float]]) -> float:
    labels, scores = zip(*scored, strict=True)
    return float(roc_auc_score(labels, scores))


def _board() -> list[Figure]:
    """Duplicates of a real board: exact ones found, labelled pairs told apart."""
    with gzip.open(BOARD, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = find_duplicates([r["title"] for r in rows], [r["body"] for r in rows])
    first = {one.place: one.first for one in found}

    def joined(places: Sequence[int]) -> bool:
        return len({first.get(place, place) for place in places}) == 1

    exact = _exact(rows)
    labelled = [tuple(map(int, row)) for row in _labelled()]
    told = [same for row, other, same in labelled if joined((row - 2, other - 2))]
    return [
        Figure(f"exact duplicates found, of {len(exact)} groups", "recall",
               [sum(map(joined, exact)) / len(exact)]),
        Figure(f"near duplicates, {len(labelled)} labelled pairs", "precision",
               [sum(told) / len(told)]),
        Figure("  of those that are the same", "recall",
               [sum(told) / sum(same for *_, same in labelled)]),
    ]  # fmt: skip


def _exact(rows: list[dict[str, str]]) -> list[list[int]]:
    groups = defaultdict(list)
    for place, row in enumerate(rows):
        groups["".join(row["body"].split())].append(place)
    return [places for places in groups.values() if len(places) > 1]


def _labelled() -> list[list[str]]:
    with LABELLED.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def _column(database: psycopg.Connection[Any], query: str) -> list[Any]:
    return [row[0] for row in database.execute(query).fetchall()]
