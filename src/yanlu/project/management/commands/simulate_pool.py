"""``yanlu simulate_pool``: a made-up stream of messages as a table, with the truth about it."""

import csv
import gzip
import io
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand
from tqdm import tqdm

from yanlu.kernel.errors import OperatorError
from yanlu.project.simulation import bursting
from yanlu.project.simulation.pool import Message, Simulation

COLUMNS = ("id", "time", "place", "category", "channel", "source", "text")
TRUTH = ("id", "matter", "burst")
BURSTS = ("burst", "kind", "category", "scope", "where", "start", "end", "size")


class Command(BaseCommand):
    """Needs no database; nothing but the tables is written."""

    help = "Write a made-up stream of messages (CSV), which matter each is about, and all bursts"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--messages", type=int, required=True, help="how many")
        parser.add_argument("--seed", type=int, default=2021, help="the same seed, the same stream")
        parser.add_argument("--days", type=int, default=365, help="over how many days")
        parser.add_argument(
            "--flood", action="store_true", help="let one source send thousands of copies"
        )
        parser.add_argument(
            "--out", type=Path, default=Path("pool.csv.gz"),
            help="the stream; beside it lie .truth.csv.gz and .bursts.csv (%(default)s)",
        )  # fmt: skip

    def handle(self, *_: Any, **options: Any) -> None:
        if options["messages"] < 1 or not 0 < options["days"] <= 3660:
            raise OperatorError("--messages is at least 1, --days lies between 1 and 3660", 2)
        simulation = Simulation(
            options["messages"], options["seed"], options["days"], flood=options["flood"]
        )
        out: Path = options["out"]
        stem = out.name.removesuffix(".gz").removesuffix(".csv")
        try:
            with _table(out) as stream, _table(out.with_name(f"{stem}.truth.csv.gz")) as truth:
                _write(simulation, stream, truth)
            with _table(out.with_name(f"{stem}.bursts.csv")) as file:
                csv.writer(file).writerows([BURSTS, *map(bursting.fields, simulation.bursts)])
        except OSError as error:
            raise OperatorError(f"{out}: {error.strerror}", 1) from error
        self.stdout.write(f"{simulation.messages} messages, {len(simulation.bursts)} bursts: {out}")


def _write(simulation: Simulation, stream: TextIO, truth: TextIO) -> None:
    messages = csv.writer(stream)
    truths = csv.writer(truth)
    messages.writerow(COLUMNS)
    truths.writerow(TRUTH)
    for one in _shown(simulation, simulation.messages):
        messages.writerow((one.id, one.time.isoformat(), *one[2:7]))
        truths.writerow((one.id, one.matter, one.burst))


def _shown(messages: Iterable[Message], many: int) -> Iterable[Message]:
    return tqdm(messages, "Simulating", many, unit="message", disable=None, file=sys.stderr)


@contextmanager
def _table(path: Path) -> Iterator[TextIO]:
    """A file to write, packed where its name ends so; the same rows give the same bytes."""
    if path.suffix != ".gz":
        with path.open("w", encoding="utf-8", newline="") as file:
            yield file
        return
    with (
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", compresslevel=4, fileobj=raw, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="") as file,
    ):
        yield file
