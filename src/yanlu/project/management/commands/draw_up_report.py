"""``yanlu draw_up_report``: a report of supervision as files, from the figures as they are now."""

from argparse import ArgumentParser
from contextlib import nullcontext
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from yanlu.kernel import clock, followers
from yanlu.kernel.errors import OperatorError, Refused
from yanlu.oversight import report_files, reporting, reports
from yanlu.people import selectors as people
from yanlu.places.selectors import place_by_code
from yanlu.project import database


class Command(BaseCommand):
    """Asks for the report, draws it up, and writes its paper and its numbers."""

    help = "Draw a report up as a draft and write its .docx and .xlsx (exit 1 if refused)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=list(reports.TITLES))
        parser.add_argument("--day", help="any day of the period; else the last that is over")
        parser.add_argument("--by", required=True, help="who asks for it, by the name to sign in")
        parser.add_argument("--place", default="", help="code of a place; else the whole district")
        parser.add_argument("--unit", default="", help="code of one unit")
        parser.add_argument("--level", type=int, help="units of this level only")
        parser.add_argument("--sample", type=int, default=0, help="closed cases to draw")
        parser.add_argument("--at", help="as if it were this day at nine, for simulated years")
        parser.add_argument("--out", type=Path, default=Path(), help="folder for the files")

    def handle(self, *_: Any, **options: Any) -> None:
        database.bring_up_to_date()
        try:
            with clock.at(_moment(options["at"])) if options["at"] else nullcontext():
                self._draw_up(options)
        except Refused as error:
            raise OperatorError(str(error.message), 1) from error

    def _draw_up(self, options: dict[str, Any]) -> None:
        actor = people.account_by_username(options["by"])
        if actor is None:
            raise OperatorError(f"nobody signs in as {options['by']!r}", 2)
        followers.drain()
        report = reporting.ask_report(actor=actor, wanted=_wanted(options))
        reporting.draw_up(report_id=report.pk)
        for write in (report_files.docx, report_files.xlsx):
            name, content = write(actor, report.pk)
            path = options["out"] / name
            path.write_bytes(content)
            self.stdout.write(str(path))


def _wanted(options: dict[str, Any]) -> reporting.Wanted:
    kind = options["kind"]
    if options["day"]:
        period = reports.period_of(kind, _day(options["day"]))
    else:
        period = reports.last_whole(kind, clock.today())
    return reporting.Wanted(
        kind, period, _place(options["place"]), _unit(options["unit"]), options["level"],
        options["sample"],
    )  # fmt: skip


def _moment(typed: str) -> datetime:
    return datetime.combine(_day(typed), time(9), clock.ZONE)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise OperatorError(f"{typed!r} is no day such as 2026-03-31", 2) from None


def _place(code: str) -> int | None:
    found = place_by_code(code) if code else None
    if code and found is None:
        raise OperatorError(f"no place has the code {code!r}", 2)
    return found.id if found else None


def _unit(code: str) -> int | None:
    found = next((one for one in people.units() if one.code == code), None)
    if code and found is None:
        raise OperatorError(f"no unit has the code {code!r}", 2)
    return found.pk if found else None
