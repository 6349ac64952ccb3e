"""Sweeps in a filled database: ``python -m bench.sweeping < settings.json``.

Before each turn a thousand promises of cases that are under way come due, others each time. Prints
the seconds of each turn, and the measures that were taken.
"""

import json
import os
import sys
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanlu.project.settings")
django.setup()

from bench.settings import Settings  # noqa: E402 - after setup
from bench.watching import NEWLY_DUE  # noqa: E402
from yanlu.cases import states  # noqa: E402
from yanlu.kernel import clock  # noqa: E402
from yanlu.oversight.models import Promise  # noqa: E402
from yanlu.oversight.sweeping import sweep  # noqa: E402


def main() -> None:
    """Measure, print."""
    settings = Settings(**json.load(sys.stdin))
    sweep()
    seconds, measures = [], []
    for _ in range(settings.repeat):
        _let_come_due()
        began = time.perf_counter()
        measures.append(sweep())
        seconds.append(time.perf_counter() - began)
    json.dump({"s": seconds, "measures": measures}, sys.stdout)


def _let_come_due() -> None:
    """A thousand that nothing was done about yet: half a day late, or due tomorrow."""
    fresh = Promise.objects.filter(rung=0, case__state__in=states.TO_HANDLE, unit__isnull=False)
    numbers = list(fresh.values_list("pk", flat=True)[:NEWLY_DUE])
    now = clock.now()
    half = len(numbers) // 2
    for some, due in ((numbers[:half], now - timedelta(days=2)), (numbers[half:], now)):
        Promise.objects.filter(pk__in=some).update(due_at=due, next_at=now)


if __name__ == "__main__":
    main()
