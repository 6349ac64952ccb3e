"""``yanlu docs``: write the documents that are generated from the code."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from yanlu.kernel.errors import OperatorError
from yanlu.project import documents


class Command(BaseCommand):
    """States, events, settings, permissions."""

    help = "Write docs/{states,events,settings,permissions}.md; --check only compares (exit 1)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, compare")

    def handle(self, *_: Any, check: bool = False, **__: Any) -> None:
        folder = settings.ROOT / "docs"
        if not check:
            documents.write(folder)
        elif old := documents.stale(folder):
            raise OperatorError(f"run `yanlu docs`: {', '.join(old)} no longer fit the code", 1)
