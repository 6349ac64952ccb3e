"""``yanlu import_orders``: take in a table of a partner's work orders."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from yanlu.exchange.files import import_orders
from yanlu.exchange.selectors import partner_of_code
from yanlu.intake.channels.file.reports import Report
from yanlu.kernel import journal
from yanlu.kernel.errors import Refused

OPERATOR = journal.System("operator")
#: Exit codes, as of ``import_submissions``, and refused rows that are shown without a report.
SOME_REFUSED, FILE_UNUSABLE, SHOWN = 1, 2, 20


class Command(BaseCommand):
    """Read, take in row by row, report."""

    help = (
        "Take in a table (CSV, also packed by gzip, or xlsx) of a partner's work orders, under its"
        " own headings; an order that came before changes nothing"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--partner", required=True, metavar="CODE")
        parser.add_argument("--report", type=Path, metavar="OUT.csv", help="where refused rows go")

    def handle(self, *_args: Any, **asked: Any) -> None:
        """Import; leaves with 1 when rows were refused, with 2 when the file can't be used."""
        try:
            partner = partner_of_code(asked["partner"])
            received = import_orders(actor=OPERATOR, partner=partner, path=asked["file"])
            if asked["report"]:
                Report(asked["report"], 0).add(received.refusals)
        except (Refused, OSError) as error:
            raise CommandError(str(error), returncode=FILE_UNUSABLE) from error
        for one in received.refusals[: 0 if asked["report"] else SHOWN]:
            told = {"row": one.row, "where": f" ({one.field})", "reason": one.reason}
            self.stderr.write(_("Row %(row)s%(where)s: %(reason)s") % told, style_func=str)
        delivery = received.delivery
        counts = {"added": delivery.taken, "known": delivery.known, "refused": delivery.refused}
        self.stdout.write(_("Taken in %(added)s, known %(known)s, refused %(refused)s.") % counts)
        if received.refusals:
            sys.exit(SOME_REFUSED)
