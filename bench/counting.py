"""Rollups of so many made-up cases, put together by the product's own statement.

``python -m bench.counting`` with the settings as JSON on stdin; prints rows by grain and seconds.
Places and categories are as uneven as in life: the square of a random number chooses.
"""

import json
import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanlu.project.settings")

import django

django.setup()

from django.db import connection  # noqa: E402 - after setup

from bench.settings import Settings  # noqa: E402
from yanlu.dispatch.selectors import categories  # noqa: E402
from yanlu.insight import rollups  # noqa: E402
from yanlu.insight.models import Tally  # noqa: E402
from yanlu.kernel import clock  # noqa: E402
from yanlu.places.selectors import territory  # noqa: E402
from yanlu.places.territory import COMMUNITY  # noqa: E402

YEARS = 5
_MADE = """
INSERT INTO {into}
SELECT n, date_trunc('hour', now() - age * interval '{years} years'), n,
       (%s::bigint[])[1 + floor(place * place * %s)::int],
       (%s::bigint[])[1 + floor(category * category * %s)::int],
       (ARRAY['help','help','complaint','complaint','suggestion','consultation','praise'])
           [1 + floor(kind * 7)::int],
       (ARRAY['phone','phone','mobile','mobile','web','walk','visit','letter'])
           [1 + floor(channel * 8)::int],
       (ARRAY[2,3,3,3,4])[1 + floor(level * 5)::int],
       CASE WHEN age < 0.01 THEN 'open' ELSE
           (ARRAY['solved','solved','solved','explained','explained','unsolved','unheard','answered'])
           [1 + floor(ending * 8)::int] END,
       1, 1 + (kind > 0.9)::int, 1, (kind < 0.9)::int, 1, (level < 0.85)::int,
       (age >= 0.01)::int, (age >= 0.01 AND ending < 0.375)::int,
       (age >= 0.01)::int, (age >= 0.01 AND ending < 0.5)::int,
       (level >= 0.8)::int, (level >= 0.8 AND ending < 0.5)::int
  FROM (SELECT n, random() AS age, random() AS place, random() AS category, random() AS kind,
               random() AS channel, random() AS level, random() AS ending
          FROM generate_series(%s, %s) n) made
"""
BATCH = 1_000_000


def main() -> None:
    """Count, and tell how many rows came of it."""
    settings = Settings(**json.load(sys.stdin))
    places = [node.id for node in territory().of_level(COMMUNITY)]
    subjects = [one.id for one in categories()]
    began = time.monotonic()
    shape = rollups.shape()
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(%s)", [settings.seed / 10_000])
        cursor.execute("SET work_mem = '512MB'")
        cursor.execute("SET synchronous_commit = off")
        for first in range(1, settings.counted + 1, BATCH):
            last = min(first + BATCH - 1, settings.counted)
            made = _MADE.format(into=rollups.INTO_KEPT, years=YEARS)
            known = [places, len(places), subjects, len(subjects), first, last]
            cursor.execute(made, known)
            print(f"{last} cases, {time.monotonic() - began:.0f} s", file=sys.stderr)
        cursor.execute(
            f"INSERT INTO {rollups.INTO_ROLLED} {rollups.cells(rollups.KEPT)}",
            shape.parameters,
        )
        Tally.objects.create(pk=1, due_until=clock.now(), shape=shape.digest)
        cursor.execute("VACUUM (ANALYZE) insight_rollup, insight_counted")
        cursor.execute("SELECT grain, count(*) FROM insight_rollup GROUP BY 1 ORDER BY 1")
        rows = {str(grain): many for grain, many in cursor.fetchall()}
    json.dump({"rows": rows, "s": round(time.monotonic() - began)}, sys.stdout)


if __name__ == "__main__":
    main()
