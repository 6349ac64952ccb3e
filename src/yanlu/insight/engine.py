"""Analysis of the pool in Daft: on this machine, or on the Ray cluster that an operator named.

A question is put together lazily; the cluster, or this process, reads only the days and columns
that the answer needs. A process works in one of the two ways for all its life.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

import daft
from daft import DataFrame, Expression, col
from django.conf import settings

from yanlu.insight.parquet import SCHEMA
from yanlu.insight.store import Store

#: Groups that are no column: the subdistrict of the place, and the category at the top.
_DERIVED: Final = {"area": ("place_path", 3), "top": ("category_path", 2)}
FACETS: Final = ("kind", "channel", "level", "outcome", "area", "top")
#: Found words that are told one by one, latest first.
TOLD: Final = 50

Counts = dict[tuple[Any, ...], int]


@dataclass(frozen=True)
class Cohort:
    """Words said from the day ``first`` until before ``end``, there, about that, of that sort.

    ``place_path`` and ``category_path``: with everything below. Empty: any.
    """

    first: date
    end: date
    place_path: str = ""
    category_path: str = ""
    kind: str = ""
    channel: str = ""


@dataclass(frozen=True)
class Found:
    """What a search came to: how many words, the latest ones, how many of each sort and day."""

    total: int
    words: list[dict[str, Any]]
    facets: dict[str, Counts]
    days: Counts


def open_pool(first: date, end: date) -> DataFrame:
    """All words said from the day ``first`` until before ``end``; there may be none."""
    _begin(settings.YANLU_RAY_ADDRESS)
    store = Store(settings.YANLU_POOL)
    paths = [store.path(day) for day in store.days() if first <= day < end]
    return daft.read_parquet(paths) if paths else daft.from_arrow(SCHEMA.empty_table())


def words_of(cohort: Cohort) -> DataFrame:
    """The words of a cohort, to be counted or looked through."""
    words = open_pool(cohort.first, cohort.end)
    for name in ("place_path", "category_path"):
        if path := getattr(cohort, name):
            words = words.where((col(name) == path) | col(name).startswith(f"{path}/"))
    for name in ("kind", "channel"):
        if value := getattr(cohort, name):
            words = words.where(col(name) == value)
    return words


def counts(words: DataFrame, *by: str) -> Counts:
    """How many words there are of each group, in order.

    :param by: columns, ``area`` (code of the subdistrict) and ``top`` (code of the category at the
        top); what lies in none is told as empty or ``None``.
    """
    groups = words.select(*(_group(name).alias(name) for name in by), "word")
    rows = groups.groupby(*by).agg(col("word").count().alias("many")).to_pylist()
    told = {tuple(row[name] for name in by): row["many"] for row in rows}
    return dict(sorted(told.items(), key=lambda item: str(item[0])))


def compare(one: Cohort, other: Cohort, *by: str) -> dict[tuple[Any, ...], tuple[int, int]]:
    """How many words of each group the two cohorts have, beside one another."""
    left, right = counts(words_of(one), *by), counts(words_of(other), *by)
    keys = sorted(left.keys() | right.keys(), key=str)
    return {key: (left.get(key, 0), right.get(key, 0)) for key in keys}


def search(cohort: Cohort, typed: str, facets: Sequence[str] = FACETS) -> Found:
    """Words of the cohort that hold everything typed, see :func:`holding`."""
    found = holding(words_of(cohort), typed)
    sorts = found.select("word", "day", *(_group(name).alias(name) for name in facets)).collect()
    latest = found.sort(["said_at", "word"], desc=True).limit(TOLD)
    return Found(
        total=sorts.count_rows(),
        words=latest.to_pylist(),
        facets={name: _counted(sorts, name) for name in facets},
        days=_counted(sorts, "day"),
    )


def share(cohort: Cohort, typed: str) -> tuple[int, int]:
    """How many words of the cohort hold everything typed, and how many there are."""
    words = words_of(cohort)
    return holding(words, typed).count_rows(), words.count_rows()


def holding(words: DataFrame, typed: str) -> DataFrame:
    """Those whose masked text holds everything typed between spaces, in any case."""
    for part in typed.lower().split():
        words = words.where(col("text").lower().contains(part))
    return words


def _counted(sorts: DataFrame, name: str) -> Counts:
    rows = sorts.groupby(name).agg(col("word").count().alias("many")).to_pylist()
    return {(row[name],): row["many"] for row in sorted(rows, key=lambda row: str(row[name]))}


def _group(name: str) -> Expression:
    if name not in _DERIVED:
        return col(name)
    path, nth = _DERIVED[name]
    return col(path).split_part("/", nth)


@cache
def _begin(ray: str) -> None:
    """Choose where to work, once in a process: Daft does not change its mind."""
    if ray:
        daft.set_runner_ray(ray, noop_if_initialized=True)
    else:
        daft.set_runner_native()
