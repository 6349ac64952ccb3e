"""``yanlu simulate_year``: a year of a made-up district, in an installation of its own."""

import json
import time
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand

from yanlu.kernel import clock
from yanlu.kernel.errors import OperatorError
from yanlu.oversight.selectors import taken
from yanlu.places.selectors import territory
from yanlu.project import database
from yanlu.project.simulation import district
from yanlu.project.simulation.neighbourhoods import NEIGHBOURHOODS
from yanlu.project.simulation.year import MATTERS, simulate


class Command(BaseCommand):
    """Builds the district, lets the year pass, and says what the ladder did."""

    help = "Simulate a year of a district of 568 neighbourhoods in an empty installation (exit 1)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scale", type=float, default=1.0, help="share of its size: 1 is 130,000 matters"
        )
        parser.add_argument("--seed", type=int, default=2021, help="the same seed, the same year")
        parser.add_argument("--year", type=int, default=2026, help="which year passes")
        parser.add_argument("--days", type=int, default=365, help="how many days of it")
        parser.add_argument("--json", action="store_true", help="print figures as JSON")

    def handle(self, *_: Any, **options: Any) -> None:
        database.bring_up_to_date()
        if territory().nodes:
            raise OperatorError("this installation holds a district already", 1)
        scale, days = options["scale"], options["days"]
        if not 0 < scale <= 1 or not 0 < days <= 366:
            raise OperatorError("--scale lies above 0 and up to 1, --days between 1 and 366", 2)
        began = time.monotonic()
        start = datetime(options["year"], 1, 1, tzinfo=clock.ZONE)
        with clock.at(start):
            district.build(max(round(NEIGHBOURHOODS * scale), 1))
        many = max(round(MATTERS * scale * days / 365), 1)
        told = simulate(start=start, days=days, many=many, seed=options["seed"])
        figures = {
            "matters": told.matters,
            "acts": dict(sorted(told.acts.items())),
            "measures": taken(),
            "seconds": round(time.monotonic() - began),
        }
        self._say(figures, as_json=options["json"])

    def _say(self, figures: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
            return
        self.stdout.write(f"{figures['matters']} matters in {figures['seconds']} s")
        for what in ("acts", "measures"):
            self.stdout.write(f"{what}:")
            for name, many in figures[what].items():
                self.stdout.write(f"  {name:<12}{many:>8}")
