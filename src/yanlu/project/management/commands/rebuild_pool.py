"""``yanlu rebuild_pool``: the files of the data pool, made anew or compared with the database."""

import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from yanlu.insight import pool
from yanlu.insight.pool import Difference

#: Words named of each day that differs.
NAMED = 5


class Command(BaseCommand):
    """Ends with 1 where ``--check`` finds a file that does not hold what it should."""

    help = "Write the data pool anew from journal and database; --check only compares"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--day", type=date.fromisoformat, help="only this day (YYYY-MM-DD)")
        parser.add_argument("--check", action="store_true", help="write nothing, tell differences")

    def handle(self, *_: Any, day: date | None, check: bool, **__: Any) -> None:
        if check:
            self._check(day)
        else:
            written, left = pool.rebuild(day), len(pool.marked())
            others = f"; a worker is writing {left:,} more" if left else ""
            self.stdout.write(f"{written:,} days of the pool written anew{others}")

    def _check(self, day: date | None) -> None:
        found = pool.check(day)
        if found.differences:
            self.stdout.write("\n".join(map(_told, found.differences)))
            self.stdout.write("the pool differs from the database: `yanlu rebuild_pool` mends it")
            sys.exit(1)
        self.stdout.write(
            f"{found.words:,} words of {found.days:,} days are as the database has them"
            f" ({found.waiting:,} days wait to be written)"
        )


def _told(one: Difference) -> str:
    named = ", ".join(one.words[:NAMED])
    more = f" and {len(one.words) - NAMED:,} more" if len(one.words) > NAMED else ""
    return f"{one.day}: {one.fault}{named and f': {named}{more}'}"
