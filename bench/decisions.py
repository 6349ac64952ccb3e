"""How many Decisions a second one core makes of submissions; see :mod:`bench.deciding`."""

import json
from typing import Final

from bench.installation import Installation
from bench.results import Figure
from bench.settings import Settings

THOUGHT: Final = "submission to Decision, without database"
KEPT: Final = "submission to Decision, database included"
REAL_THOUGHT, REAL_KEPT = "  without, a real board", "  included, a real board"
SHARE: Final = "  its share of the time of characters alone"
GROWTH: Final = "  memory grown over 20,000"


def measure(installation: Installation, settings: Settings) -> list[Figure]:
    """Decisions a second on words made up and, where the data is here, on real ones."""
    database = installation.database("deciding")
    told = installation.python(database, "-m", "bench.deciding", stdin=json.dumps(vars(settings)))
    units = {GROWTH: "MB", SHARE: ""}
    return [
        Figure(name, units.get(name, "1/s"), values) for name, values in json.loads(told).items()
    ]
