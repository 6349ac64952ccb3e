"""Topics: how well tweets fall into them, how long a stream takes, how steady ids are.

See :mod:`bench.grouping`, which measures in a process of its own.
"""

import json

from bench.installation import Installation
from bench.results import Figure
from bench.settings import Settings


def measure(installation: Installation, settings: Settings) -> list[Figure]:
    """All of it; what needs data that is not here is left out."""
    plan = json.dumps(vars(settings))
    told = json.loads(installation.python("postgres", "-m", "bench.grouping", stdin=plan))
    return [Figure(name, unit, values) for name, unit, values in told]
