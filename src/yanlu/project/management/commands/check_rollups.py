"""``yanlu check_rollups``: whether the rollups equal a recount."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from yanlu.insight.counting import Difference, count_everything, recount


class Command(BaseCommand):
    """Ends with 1 where they differ; whoever reads figures meanwhile is not held up."""

    help = "Compare every rollup with a recount of the book of cases; --rebuild makes them anew"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="make all rollups anew first")
        parser.add_argument(
            "--most", type=int, default=20, help="differences to tell (default: %(default)s)"
        )

    def handle(self, *_: Any, rebuild: bool, most: int, **__: Any) -> None:
        if rebuild:
            self.stdout.write(f"{count_everything():,} cases counted anew")
        check = recount(most)
        if check.differences:
            self.stdout.write("\n".join(map(_told, check.differences)))
            self.stdout.write("the rollups differ from a recount: make them anew with --rebuild")
            sys.exit(1)
        self.stdout.write(
            f"{check.rows:,} rollups of {check.cases:,} cases equal a recount of the book"
        )


def _told(one: Difference) -> str:
    about = " ".join(map(str, one.about))
    return f"{about}: kept {one.kept or 'nothing'}, recounted {one.recounted or 'nothing'}"
