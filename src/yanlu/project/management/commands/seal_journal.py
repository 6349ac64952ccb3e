"""``yanlu seal_journal``: sign what stands in the journal, and hand the seals out."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from yanlu.kernel import seals
from yanlu.kernel.crypto import Signer


class Command(BaseCommand):
    """The worker seals once an hour by itself; this does it now."""

    help = "Seal the journal now; --export writes all seals for keeping outside the installation"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--export", type=Path, help="write all seals and the public key here")

    def handle(self, *_: Any, export: Path | None = None, **__: Any) -> None:
        signer = Signer.load_or_create(settings.YANLU_SEAL_KEY)
        seal = seals.seal_journal(signer)
        if seal:
            self.stdout.write(f"Sealed rows {seal.first_id} to {seal.last_id} ({seal.rows})")
        else:
            self.stdout.write("Nothing new to seal")
        if export:
            export.write_text(seals.export_seals(signer))
            self.stdout.write(f"Seals written to {export}")
