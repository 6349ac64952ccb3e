"""``yanlu export_results``: how a partner's orders stand, as a table."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from yanlu.exchange.files import CSV, XLSX, export_results
from yanlu.exchange.selectors import partner_of_code
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Refused

OPERATOR = journal.System("operator")
FILE_UNUSABLE = 2


class Command(BaseCommand):
    """Write the table, whole or not at all."""

    help = "Write how a partner's orders stand, a row each, under its own headings; changes nothing"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--partner", required=True, metavar="CODE")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.csv|FILE.xlsx")
        parser.add_argument(
            "--since", type=_day, metavar="YYYY-MM-DD", help="only what is new since that day"
        )

    def handle(self, *_args: Any, **asked: Any) -> None:
        """Export; leaves with 2 when the file can't be written."""
        out: Path = asked["out"]
        draft = out.with_name(out.name + ".part")
        try:
            with draft.open("wb") as file:
                count = export_results(
                    actor=OPERATOR,
                    partner=partner_of_code(asked["partner"]),
                    out=file,
                    form=XLSX if out.suffix.lower() == ".xlsx" else CSV,
                    since=asked["since"],
                )
            draft.replace(out)
        except (Refused, OSError) as error:
            raise CommandError(str(error), returncode=FILE_UNUSABLE) from error
        finally:
            draft.unlink(missing_ok=True)
        self.stdout.write(_("%(count)s orders written.") % {"count": count})


def _day(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)
    except ValueError:
        raise ArgumentTypeError("a day as 2026-11-23") from None
