"""``yanlu revoke_api_key NAME``."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from yanlu.kernel import journal
from yanlu.kernel.errors import NotFound, OperatorError
from yanlu.people.services import revoke_api_key


class Command(BaseCommand):
    """The key stops working within seconds."""

    help = "Make a partner system's key worthless (exit 1 if there is none of this name)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="name that the key was made under")

    def handle(self, *_: Any, name: str, **__: Any) -> None:
        try:
            revoke_api_key(actor=journal.System("operator"), name=name)
        except NotFound as error:
            raise OperatorError(str(error.message)) from error
        self.stdout.write(f"{name}: revoked")
