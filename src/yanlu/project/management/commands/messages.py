"""``yanlu messages``: keep the Chinese catalogues in step with the English of the sources."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from yanlu.kernel.errors import OperatorError
from yanlu.project import catalogues
from yanlu.project.catalogues import SIMPLIFIED, TRADITIONAL


class Command(BaseCommand):
    """Extracts, converts, compiles; or only compiles; or only checks."""

    help = "Bring the Chinese messages in step with the sources (exit 1 if --check finds a gap)"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        only = parser.add_mutually_exclusive_group()
        only.add_argument(
            "--compile", action="store_true", help="only compile what stands in the .po files"
        )
        only.add_argument(
            "--check",
            action="store_true",
            help="change nothing; list what is missing, doubtful or out of step",
        )

    def handle(self, *_: Any, compile: bool = False, check: bool = False, **__: Any) -> None:  # noqa: A002
        if check:
            self._check()
        elif compile:
            self._compile()
        else:
            self._update()
            self._compile()

    def _check(self) -> None:
        complaints = catalogues.complaints()
        for complaint in complaints:
            self.stdout.write(complaint)
        if complaints:
            raise OperatorError(f"{len(complaints)} complaints about messages: see above")
        self.stdout.write("All messages are translated")

    def _update(self) -> None:
        simplified = catalogues.updated(catalogues.in_sources(), catalogues.read(SIMPLIFIED))
        catalogues.write(simplified, SIMPLIFIED)
        overrides = catalogues.read_overrides()
        catalogues.write(catalogues.converted(simplified, overrides), TRADITIONAL)
        missing = len(list(catalogues.unfinished(SIMPLIFIED, simplified)))
        self.stdout.write(f"{len(simplified)} messages, {missing} still to translate")

    def _compile(self) -> None:
        for path in catalogues.compile_all():
            self.stdout.write(f"Compiled {path}")
