"""``yanlu demo``: fill an empty installation with the demo district."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from yanlu.kernel.errors import OperatorError
from yanlu.places.selectors import territory
from yanlu.project.demo import reference
from yanlu.project.demo.story import Narrator


class Command(BaseCommand):
    """Loads places, units, rules and accounts, then tells the messages' tales."""

    help = (
        "Fill an empty installation with the demo district of Baoshan (exit 1 if it is not empty)"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--no-messages", action="store_true", help="places, units, rules and accounts only"
        )

    def handle(self, *_: Any, no_messages: bool = False, **__: Any) -> None:
        if territory().nodes:
            raise OperatorError("this installation holds a district already", 1)
        with transaction.atomic():
            places, units = reference.load()
            reference.load_partner()
            told = 0 if no_messages else Narrator().tell()
        self.stdout.write(f"Demo district: {places} places, {units} units, {told} messages")
