"""What an import refused, as a CSV file: row, field, reason. No word of what was said."""

import csv
from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext as _

from yanlu.intake.channels.file.batches import Refusal


class Report:
    """The refused rows of one file; written with each batch, so that it survives a crash."""

    def __init__(self, path: Path, resumed_after: int) -> None:
        """Begin it, or go on with that of the run which is resumed."""
        self._path = path
        before = self._rows_up_to(resumed_after) if resumed_after else []
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([(_("row"), _("field"), _("reason")), *before])

    def add(self, refusals: Iterable[Refusal]) -> None:
        """Write these rows down."""
        with self._path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows((r.row, r.field, str(r.reason)) for r in refusals)

    def _rows_up_to(self, last: int) -> list[list[str]]:
        """What a run that was cut off noted of rows that it had finished with."""
        if not self._path.exists():
            return []
        with self._path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file))
        return [line for line in lines if line[0].isdecimal() and int(line[0]) <= last]
