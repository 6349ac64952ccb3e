"""How well categories are told from raw text, and what it costs; see :mod:`bench.sorting`."""

import json

from bench.importing import SHARED
from bench.installation import Installation
from bench.results import Figure
from bench.settings import Settings

LABELLED = SHARED / "messages" / "labelled.csv.gz"
OURS, THEIRS = "to sort a message, in batch", "the same by characters alone"
SHARE = "  its share of that time"
TRAINING = "to train on 10,000 messages"
UNITS = {OURS: "ms", THEIRS: "ms", TRAINING: "s"}


def measure(installation: Installation, settings: Settings) -> list[Figure]:
    """All of it; nothing where the data is not here."""
    if not LABELLED.exists():
        return []
    plan = json.dumps(vars(settings))
    told = installation.python("postgres", "-m", "bench.sorting", stdin=plan)
    return [
        Figure(f"category, {name}", UNITS.get(name, ""), values)
        for name, values in json.loads(told).items()
    ]
