"""``yanlu show_order``: an order as its partner sent it, for the day when two books differ."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yanlu.exchange.services import open_original
from yanlu.kernel import journal
from yanlu.kernel.errors import Refused


class Command(BaseCommand):
    """Open what is sealed, for a reason that stands in the journal."""

    help = "Print an order as it came, with what it says about persons; needs a reason, is logged"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("number", help="the partner's number")
        parser.add_argument("--partner", required=True, metavar="CODE")
        parser.add_argument("--reason", required=True)

    def handle(self, *_: Any, **asked: Any) -> None:
        """Print the row as JSON."""
        try:
            told = open_original(
                actor=journal.System("operator"),
                partner=asked["partner"],
                number=asked["number"],
                reason=asked["reason"],
            )
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(told)
