"""A million open promises: the sweep with a thousand newly due, and the watch board."""

import json
import sys
from typing import Any, Final

import psycopg

from bench.filling import fill
from bench.installation import Installation
from bench.pages import measured
from bench.results import Figure
from bench.settings import Settings

#: Promises that come due at once.
NEWLY_DUE: Final = 1_000
# As many open promises as there are cases, whatever has become of these: one in twenty is late, one
# in ten silent for a week. None comes due by itself: the sweep's are set apart for each turn.
_PROMISES = """
INSERT INTO oversight_promise (case_id, clock, nth, unit_id, amount, limit_unit, started_at,
    first_due_at, due_at, is_void, pauses, rung, lag, next_at, moved_at, is_sealed)
SELECT id, 'whole', 1, lead_unit_id, 5, 'working_days', now() - interval '3 days',
       due, due, false, '[]', 0, 0, now() + interval '1 day' * (1 + random() * 30),
       now() - interval '1 day' * (random() * 7.8), is_sealed
  FROM (SELECT *, now() + interval '1 day' * (random() * 30 - 1.5) AS due FROM cases_case) c
"""


def measure(installation: Installation, settings: Settings) -> list[Figure]:
    """Seconds of a sweep; median and 95th percentile of the board's pages in milliseconds."""
    database = installation.database("watching")
    with installation.connect(database, superuser=True) as connection:
        fill(connection, settings)
        connection.execute("SET session_replication_role = replica")
        # Rows of a commit that is not on disk yet are not marked as seen by all.
        connection.execute("SET synchronous_commit = on")
        connection.execute(_PROMISES)
        connection.execute("VACUUM (ANALYZE) oversight_promise")
        unit = _busiest(connection)
    told = installation.python(database, "-m", "bench.signing_in", "supervisor")
    cookie = json.loads(told)["supervisor"]
    pages = {
        "watch board": "/staff/watch/",
        "watch board, a unit's late cases": f"/staff/watch/cases/?what=overdue&unit={unit}",
    }
    with installation.serving(database, worker=False):
        looked = [
            figure
            for name, path in pages.items()
            for figure in measured(installation, settings, name, [_get(path, cookie)])
        ]
    swept = json.loads(
        installation.python(database, "-m", "bench.sweeping", stdin=json.dumps(vars(settings)))
    )
    print(f"measures: {swept['measures']}", file=sys.stderr)
    return [*looked, Figure(f"sweep, {NEWLY_DUE} newly due", "s", swept["s"])]


def _busiest(database: psycopg.Connection[Any]) -> int:
    rows = database.execute(
        "SELECT unit_id FROM oversight_promise WHERE unit_id IS NOT NULL"
        " GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    )
    found = rows.fetchone()
    assert found is not None
    return int(found[0])


def _get(path: str, cookie: str) -> str:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n"
