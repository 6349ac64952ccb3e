"""How well units are told: letters by their words, grid events by category and place.

See :mod:`bench.ranking`.
"""

import json

from bench.importing import SHARED
from bench.installation import Installation
from bench.results import Figure
from bench.settings import Settings

LETTERS = SHARED / "routing" / "letters.csv.gz"
EVENTS = SHARED / "routing" / "grid_events.csv.gz"


def measure(installation: Installation, settings: Settings) -> list[Figure]:
    """All of it; nothing where the data is not here."""
    if not LETTERS.exists():
        return []
    told = json.loads(installation.python("postgres", "-m", "bench.ranking"))
    return [Figure(f"unit, {name}", "", values) for name, values in told.items()]
