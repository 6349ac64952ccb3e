"""What staff and residents look at when the work queue is long: one connection, page by page."""

import json
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import psycopg

from bench.filling import fill
from bench.installation import Installation
from bench.results import Figure, percentile
from bench.settings import Settings

DISPATCHER, HANDLER = "dispatcher", "handler-enforcement"
#: Different cases that are opened in turn.
OPENED = 200


def measure(installation: Installation, settings: Settings) -> list[Figure]:
    """Median and 95th percentile of each page, in milliseconds."""
    database = installation.database("pages")
    with installation.connect(database, superuser=True) as connection:
        began = time.monotonic()
        fill(connection, settings)
        filled = time.monotonic() - began
        pages = list(_pages(connection, _cookies(installation, database)))
        megabytes = _number(connection, "SELECT pg_database_size(current_database())") / 2**20
    print(f"{settings.cases} cases in {filled:.0f} s, {megabytes:.0f} MB", file=sys.stderr)
    with installation.serving(database, worker=False):
        looked = [
            f for name, requests in pages for f in measured(installation, settings, name, requests)
        ]
    return [*looked, *_acts(installation, database)]


def _acts(installation: Installation, database: str) -> list[Figure]:
    """Each act through its write door, and a thousand dispatched at once; see `bench.acting`."""
    told = json.loads(installation.python(database, "-m", "bench.acting"))
    at_once = told.pop("at once")
    statements = {name: one["sql"] for name, one in told.items()}
    print(f"dispatched at once: {at_once}; statements: {statements}", file=sys.stderr)
    figures = [
        Figure(f"act, {name} p95", "ms", [percentile(one["ms"], 0.95)])
        for name, one in told.items()
    ]
    return [*figures, Figure(f"{at_once['sent']} dispatched at once", "s", [at_once["s"]])]


def measured(
    installation: Installation, settings: Settings, name: str, requests: list[str]
) -> list[Figure]:
    """Median and 95th percentile of one page, in milliseconds."""
    middle, high = [], []
    for _ in range(settings.repeat):
        count = installation.load(requests, connections=1, seconds=settings.page_seconds)
        if set(count.statuses) - {"200"}:
            raise AssertionError(f"{name}: {count.statuses}")
        middle.append(percentile(count.latencies, 0.5))
        high.append(percentile(count.latencies, 0.95))
    print(f"{name}: {middle}", file=sys.stderr)
    return [Figure(f"{name} p50", "ms", middle), Figure("  p95", "ms", high)]


def _pages(
    database: psycopg.Connection[Any], cookies: dict[str, str]
) -> Iterator[tuple[str, list[str]]]:
    """Each page by its name, as requests."""
    centre, unit = cookies[DISPATCHER], cookies[HANDLER]
    for name, query in _filters(database).items():
        yield f"queue, {name}", [_get(f"/staff/?{query}", centre)]
    yield "queue of a unit's handler", [_get("/staff/?view=to_handle", unit)]
    yield "case", [_get(f"/staff/cases/{number}/", centre) for number in _cases(database)]
    yield "answered matters", [_get("/answered/")]


def _filters(database: psycopg.Connection[Any]) -> dict[str, str]:
    """What the district's dispatcher may look for, as queries."""
    category = _number(
        database, "SELECT category_id FROM cases_case GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    )
    area = _number(database, "SELECT parent_id FROM places_place WHERE code = '310113003001'")
    unit = _number(database, "SELECT lead_unit_id FROM cases_case WHERE lead_unit_id IS NOT NULL"
                             " GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")  # fmt: skip
    (number,) = _column(database, "SELECT number FROM cases_case WHERE id = 4321")
    return {
        "to dispatch": "view=to_dispatch",
        "overdue": "view=overdue",
        "due soon": "view=due_soon",
        "ended": "view=ended",
        "all": "view=all",
        "one subdistrict": f"view=all&area={area}",
        "one category": f"view=all&category={category}",
        "one unit": f"view=all&unit={unit}",
        "danger, under way": "view=to_handle&urgency=danger",
        "a common word": f"view=all&search={quote('路灯')}",
        "two words": f"view=all&search={quote('宝林 油烟')}",
        "a number": f"view=all&search={number}",
        "a word that nobody said": f"view=all&search={quote('恐龙')}",
    }


def _cases(database: psycopg.Connection[Any]) -> list[int]:
    return _column(
        database, f"SELECT id FROM cases_case WHERE NOT is_sealed AND id % 991 = 0 LIMIT {OPENED}"
    )


def _cookies(installation: Installation, database: str) -> dict[str, str]:
    told = installation.python(database, "-m", "bench.signing_in", DISPATCHER, HANDLER)
    cookies: dict[str, str] = json.loads(told)
    return cookies


def _get(path: str, cookie: str = "") -> str:
    signed = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{signed}\r\n"


def _column(database: psycopg.Connection[Any], query: str) -> list[Any]:
    return [row[0] for row in database.execute(query).fetchall()]


def _number(database: psycopg.Connection[Any], query: str) -> int:
    return int(_column(database, query)[0])
