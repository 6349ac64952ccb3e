"""``yanlu import_submissions``: take in a table of what was said elsewhere."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from yanlu.intake.channels.file.batches import Refusal
from yanlu.intake.channels.file.columns import FIELDS
from yanlu.intake.channels.file.importing import Request, Tally, import_file
from yanlu.intake.channels.file.reports import Report
from yanlu.intake.channels.file.tables import Unusable
from yanlu.intake.channels.vocabulary import CHANNELS, WEB

#: Exit codes.
SOME_REFUSED, FILE_UNUSABLE = 1, 2
#: Refused rows that are shown when no report is asked for.
SHOWN = 20
EPILOG = f"""\
The columns are told by their names, in Chinese or English; --map says what a name does not tell.
Fields: {", ".join(FIELDS)}.

A row is taken in once: a second run of the same source adds nothing, and a run that was cut off
goes on where it stopped. A row without a number is known by its content. Times are China's.
Rows are counted as a spreadsheet shows them; the header is row 1.

Exit codes: 0 every row was taken in (or was known), 1 some rows were refused, 2 the file can't be
used, or not to its end; what was taken in before stays.
"""


class Command(BaseCommand):
    """Read, write in batches, report."""

    help = "Take in a table (CSV, also packed by gzip, or xlsx) of what was said elsewhere."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Help with paragraphs."""
        return super().create_parser(
            prog_name,
            subcommand,
            epilog=EPILOG,
            formatter_class=RawDescriptionHelpFormatter,
            **kwargs,
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--map", nargs="+", action="extend", default=[], metavar="COLUMN=FIELD",
            help="what a column holds; COLUMN= leaves it out",
        )  # fmt: skip
        parser.add_argument(
            "--channel", default=WEB, choices=CHANNELS,
            help="how it was said, where the table does not tell (default: %(default)s)",
        )  # fmt: skip
        parser.add_argument(
            "--source", help="system that the originals stand in (default: the file's name)"
        )
        parser.add_argument("--dry-run", action="store_true", help="check all, write nothing")
        parser.add_argument("--report", type=Path, metavar="OUT.csv", help="where refused rows go")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import; leaves with 1 when rows were refused."""
        request = _request(options)
        watcher = _Watcher(options["report"], self)
        try:
            tally = import_file(request, watcher.begin, watcher.batch_done)
        except (Unusable, OSError) as error:
            raise CommandError(str(error), returncode=FILE_UNUSABLE) from error
        finally:
            watcher.close()
        self.stdout.write(_summary(request, tally))
        if tally.refused:
            sys.exit(SOME_REFUSED)


class _Watcher:
    """Shows how far the import got and notes what it refused."""

    def __init__(self, report: Path | None, command: BaseCommand) -> None:
        self._path, self._command = report, command
        self._report: Report | None = None
        self._bar: Any = None
        self._unshown = 0
        self._shown = 0

    def begin(self, tally: Tally) -> None:
        told = ", ".join(f"{column} → {field}" for field, column in tally.columns.items())
        self._say(_("Columns: %(columns)s") % {"columns": told})
        if tally.resumed_after:
            self._say(_("Going on after row %(row)s.") % {"row": tally.resumed_after})
        if self._path:
            self._report = Report(self._path, tally.resumed_after)

    def batch_done(self, refusals: list[Refusal], position: int, size: int) -> None:
        if self._report:
            self._report.add(refusals)
        else:
            self._show(refusals)
        if self._bar is None:
            self._bar = tqdm(total=size, disable=None, leave=False, unit_scale=True)
        self._bar.update(min(position, size) - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
        if self._unshown:
            self._say(
                _("… and %(count)s more; --report writes them all.") % {"count": self._unshown}
            )

    def _show(self, refusals: list[Refusal]) -> None:
        room = max(SHOWN - self._shown, 0)
        for refusal in refusals[:room]:
            where = f" ({refusal.field})" if refusal.field else ""
            self._say(
                _("Row %(row)s%(where)s: %(reason)s")
                % {"row": refusal.row, "where": where, "reason": refusal.reason}
            )
        self._shown += len(refusals[:room])
        self._unshown += len(refusals[room:])

    def _say(self, line: str) -> None:
        self._command.stderr.write(line, style_func=str)


def _request(options: dict[str, Any]) -> Request:
    path: Path = options["file"]
    mapping = {}
    for pair in options["map"]:
        column, sign, name = pair.rpartition("=")
        if not sign:
            raise CommandError(
                _("--map wants COLUMN=FIELD, not %(pair)s") % {"pair": pair},
                returncode=FILE_UNUSABLE,
            )
        mapping[column] = name
    return Request(
        path=path,
        source=options["source"] or path.name.split(".")[0],
        channel=options["channel"],
        mapping=mapping,
        is_dry_run=options["dry_run"],
    )


def _summary(request: Request, tally: Tally) -> str:
    counts = {"added": tally.added, "known": tally.known, "refused": tally.refused}
    if request.is_dry_run:
        return _("Would take in %(added)s, known %(known)s, refused %(refused)s.") % counts
    return _("Taken in %(added)s, known %(known)s, refused %(refused)s.") % counts
