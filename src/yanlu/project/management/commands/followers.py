"""``yanlu followers``: how far everybody who follows the journal has come."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from yanlu.kernel import followers


class Command(BaseCommand):
    """Shows the lag and the parked rows."""

    help = "Show how far the journal's followers are and what is parked; --retry tries it again"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--retry", action="store_true", help="try all parked rows again now")

    def handle(self, *_: Any, retry: bool = False, **__: Any) -> None:
        if retry:
            self.stdout.write(f"{followers.retry_parked(everything=True)} parked rows digested")
        for name, waiting in followers.lag().items():
            self.stdout.write(f"{name:<24} {waiting} rows wait")
        for row in followers.parked():
            when = row.retry_at.isoformat(timespec="minutes") if row.retry_at else "for a person"
            self.stdout.write(
                f"{row.follower:<24} row {row.entry_id} parked: {row.error},"
                f" {row.attempts} tries, waits {when}"
            )
