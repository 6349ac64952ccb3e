"""``yanlu partner``: partners to exchange work orders with, and the secret that both sides know."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from yanlu.exchange.configuration import USUAL, add_partner, change_secret
from yanlu.kernel import journal
from yanlu.kernel.errors import Refused

OPERATOR = journal.System("operator")


class Command(BaseCommand):
    """Add a partner or give it a new secret; prints the secret, the only time that it is seen."""

    help = "Set a partner up, or give it a new secret; the secret is printed once"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("code", help="also the source of what its orders become: 12345")
        parser.add_argument("--add", metavar="NAME", help="set it up; the name that staff see")
        parser.add_argument("--address", default="", help="below it results and orders are at home")
        parser.add_argument("--ask", action="store_true", help="fetch orders from the address")
        parser.add_argument(
            "--dialect", type=Path, default=USUAL, metavar="FILE.json",
            help="its headings and words (default: the usual ones of a hotline)",
        )  # fmt: skip
        parser.add_argument("--new-secret", action="store_true", help="the old one is worthless")

    def handle(self, *_args: Any, **asked: Any) -> None:
        """Print the secret alone, so that a script can take it."""
        if bool(asked["add"]) == asked["new_secret"]:
            raise CommandError(_("Say either --add or --new-secret."))
        try:
            secret = _added(asked) if asked["add"] else _changed(asked["code"])
        except (Refused, OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(secret)


def _added(asked: dict[str, Any]) -> str:
    dialect = json.loads(asked["dialect"].read_text(encoding="utf-8"))
    return add_partner(
        actor=OPERATOR,
        code=asked["code"],
        name=asked["add"],
        address=asked["address"],
        is_asked=asked["ask"],
        dialect=dialect if isinstance(dialect, dict) else {},
    )


def _changed(code: str) -> str:
    return change_secret(actor=OPERATOR, code=code)
