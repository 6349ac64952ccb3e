"""``yanlu release_statistics``: make the figures of a month public, now."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from yanlu.insight.releasing import release_month
from yanlu.kernel import followers, journal
from yanlu.kernel.errors import OperatorError, Refused
from yanlu.project import database


class Command(BaseCommand):
    """Releases months by hand: those of before the installation had open statistics."""

    help = "Release the open statistics of months that are over (exit 1 if refused)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("months", nargs="+", metavar="YYYY-MM")

    def handle(self, *_: Any, months: list[str], **__: Any) -> None:
        database.bring_up_to_date()
        followers.drain()
        for typed in months:
            try:
                first = date.fromisoformat(f"{typed}-01")
                release_month(actor=journal.System("operator"), first=first)
            except ValueError as error:
                raise OperatorError(f"{typed!r} is no month such as 2026-10", 2) from error
            except Refused as error:
                raise OperatorError(f"{typed}: {error.message}", 1) from error
            self.stdout.write(f"{typed} is public")
