"""``yanlu vectors``: which model finds similar matters; ``--learn`` makes one of our own words."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from yanlu.dispatch import encoding, traces
from yanlu.kernel import journal
from yanlu.kernel.errors import OperatorError


class Command(BaseCommand):
    """Tell, learn, or catch up."""

    help = "Show by which model similar matters are found; --learn makes one from our own words"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--learn", action="store_true", help="learn now (weekly by itself)")
        parser.add_argument("--renew", action="store_true", help="catch up now (hourly by itself)")

    def handle(self, *_: Any, learn: bool = False, renew: bool = False, **__: Any) -> None:
        if learn:
            try:
                traces.learn_vectors(actor=journal.System("command"))
            except ValueError as error:
                raise OperatorError(str(error)) from error
        if renew:
            self.stdout.write(f"{traces.renew_traces()} traces made anew")
            self.stdout.write(f"{traces.add_meanings()} meanings added")
        encoding.encoder_name()  # asks it, so that what is wrong is known
        self._tell(encoding.status())

    def _tell(self, status: encoding.Status) -> None:
        card = "".join(f", {name} {value}" for name, value in status.figures.items())
        self.stdout.write(f"own vectors   {status.model.version}{card}")
        for fault in status.faults:
            self.stdout.write(f"  fault       {fault}")
        if status.encoder:
            self.stdout.write(f"encoder       {status.encoder}")
            self.stdout.write(f"  fault       {status.encoder_fault or 'none'}")
