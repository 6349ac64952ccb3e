"""``yanlu verify_journal``: prove that nothing in the journal was altered."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from yanlu.kernel.crypto import Signer
from yanlu.kernel.errors import JournalBroken, OperatorError
from yanlu.kernel.seals import verify

BROKEN = 3


class Command(BaseCommand):
    """Names the first bad row and leaves with 3."""

    help = "Prove that the journal is whole and unaltered (exit 3 names the first bad row)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--seals", type=Path, help="seals exported earlier (`yanlu seal_journal --export`)"
        )

    def handle(self, *_: Any, seals: Path | None = None, **__: Any) -> None:
        key = settings.YANLU_SEAL_KEY
        public_pem = Signer.load_or_create(key).public_pem() if key.exists() else None
        try:
            proof = verify(public_pem, seals.read_text() if seals else None)
        except JournalBroken as error:
            raise OperatorError(f"the journal is broken: {error}", BROKEN) from error
        self.stdout.write(
            f"The journal is whole: {proof.rows} rows in unbroken chains, {proof.seals} seals,"
            f" {proof.facts} texts as they were handed in"
        )
