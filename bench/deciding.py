"""Decides on submissions as the follower does: ``python -m bench.deciding < settings.json``.

The process and the part of the database that serves it share one core; the submissions are there
already. Measured is the follower's own work, in batches as the worker has them: first only what is
thought (reading words, ranking, rules), then all of it, with rows read, Decision and journal row
written and committed. Where the labelled messages are here, the reference (`bench.reference`) is
timed right before and after, on the same core. Prints values by name.
"""

import csv
import gzip
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import mean
from typing import TypeVar

import django

from bench.categories import LABELLED
from bench.decisions import GROWTH, KEPT, REAL_KEPT, REAL_THOUGHT, SHARE, THOUGHT
from bench.importing import BOARD
from bench.reference import CharactersAlone
from bench.settings import Settings
from bench.texts import texts

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanlu.project.settings")
django.setup()

from django.db import connection  # noqa: E402 - after setup

from yanlu.dispatch.knowledge import knowledge  # noqa: E402
from yanlu.dispatch.proposals import Said, propose_all  # noqa: E402
from yanlu.dispatch.services import decide_submissions  # noqa: E402
from yanlu.intake.services import Words, build_submission  # noqa: E402
from yanlu.kernel.bulk import insert_rows  # noqa: E402

#: Submissions of each stretch, and in a batch as the follower takes them.
MANY, BATCH = 10_000, 200

Messages = list[tuple[str, str]]
T = TypeVar("T")


def main() -> None:
    """Measure, print."""
    settings = Settings(**json.load(sys.stdin))
    made_up = texts(settings.seed, MANY, ["友谊路", "顾村", "淞南", "大场", "庙行"])
    real = _board()
    _share_one_core()
    _think(made_up[: 5 * BATCH])
    _keep(made_up[: 5 * BATCH])
    characters = CharactersAlone(LABELLED) if LABELLED.exists() else None
    found: dict[str, list[float]] = {}
    for _ in range(settings.repeat):
        before = _memory()
        found.setdefault(THOUGHT, []).append(_think(made_up))
        around = [characters.milliseconds()] if characters else []
        found.setdefault(KEPT, []).append(kept := _keep(made_up))
        if characters:
            around.append(characters.milliseconds())
            found.setdefault(SHARE, []).append(1000 / kept / mean(around))
        found.setdefault(GROWTH, []).append(_memory() - before)
        if real:
            found.setdefault(REAL_THOUGHT, []).append(_think(real))
            found.setdefault(REAL_KEPT, []).append(_keep(real))
    json.dump(found, sys.stdout)


def _think(messages: Messages) -> float:
    """Proposals a second."""
    said = [Said(title, text) for title, text in messages]
    return _rate(said, lambda batch: propose_all(knowledge(), batch))


def _keep(messages: Messages) -> float:
    """Decisions a second on submissions that were handed in."""
    rows = [
        build_submission(Words(text=text, title=title[:200], channel="mobile"))
        for title, text in messages
    ]
    insert_rows(rows)
    return _rate([row.pk for row in rows], decide_submissions)


def _rate(things: list[T], act: Callable[[list[T]], object]) -> float:
    began = time.perf_counter()
    for at in range(0, len(things), BATCH):
        act(things[at : at + BATCH])
    return len(things) / (time.perf_counter() - began)


def _board() -> Messages:
    if not BOARD.exists():
        return []
    with gzip.open(BOARD, "rt", encoding="utf-8") as file:
        return [(row["title"], row["body"]) for row in csv.DictReader(file)]


def _share_one_core() -> None:
    connection.ensure_connection()
    core = {min(os.sched_getaffinity(0))}
    os.sched_setaffinity(0, core)
    os.sched_setaffinity(connection.connection.info.backend_pid, core)


def _memory() -> float:
    """MB that the process holds now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
