"""``yanlu create_api_key``: a key for a partner system."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yanlu.kernel import journal
from yanlu.kernel.errors import Invalid
from yanlu.people.services import create_api_key

DEFAULT_RATE = 600


class Command(BaseCommand):
    """Make a key and print it, the only time that it is seen."""

    help = "Make a key for a partner system and print it; it is never shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("name", metavar="NAME", help="the partner, as staff will see it")
        parser.add_argument(
            "--rate",
            type=_rate,
            default=DEFAULT_RATE,
            metavar="600|none",
            help="submissions a minute at most (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the key alone, so that a script can take it."""
        try:
            key = create_api_key(
                actor=journal.System("command"), name=options["name"], per_minute=options["rate"]
            )
        except Invalid as error:
            raise CommandError(str(error)) from error
        self.stdout.write(key)


def _rate(text: str) -> int | None:
    if text == "none":
        return None
    if not text.isdecimal() or not 0 < int(text) <= 1_000_000:
        raise ArgumentTypeError("a number from 1 to 1000000, or none")
    return int(text)
