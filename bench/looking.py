"""Looks for open matters as residents type: ``python -m bench.looking < plan``, seconds of each.

The plan is a list of what was typed and where (a community's number, or nothing).
"""

import json
import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanlu.project.settings")

import django

django.setup()

from yanlu.cases.alike import open_alike  # noqa: E402 - after setup

#: Looks before it counts: a process reads places and the model once.
WARMING = 20


def look(typed: str, place_id: int | None) -> tuple[float, int]:
    """Milliseconds of one look, and how many matters were found."""
    began = time.perf_counter()
    found = open_alike(typed, place_id)
    return (time.perf_counter() - began) * 1_000, len(found)


if __name__ == "__main__":
    plan = json.load(sys.stdin)
    for typed, place_id in plan[:WARMING]:
        look(typed, place_id)
    json.dump([look(typed, place_id) for typed, place_id in plan], sys.stdout)
