"""The insight centre over the rollups of ten million cases, how much a screen weighs, how fresh."""

import gzip
import json
import re
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.request import Request, urlopen

import psycopg

from bench.installation import Installation
from bench.pages import measured
from bench.results import Figure
from bench.settings import Settings

#: Years over which the cases came in.
YEARS: Final = 5
WHO: Final = "analyst"


def measure(installation: Installation, settings: Settings) -> list[Figure]:
    """Percentiles of the screens in ms, kilobytes of the first visit, seconds to fresh figures."""
    database = installation.database("insight")
    told = json.loads(
        installation.python(database, "-m", "bench.counting", stdin=json.dumps(vars(settings)))
    )
    print(f"rollups: {told}", file=sys.stderr)
    cookie = json.loads(installation.python(database, "-m", "bench.signing_in", WHO))[WHO]
    with installation.connect(database) as connection:
        screens = _screens(connection)
    with installation.serving(database, worker=False):
        looked = [
            figure
            for name, path in screens.items()
            for figure in measured(installation, settings, name, [_get(path, cookie)])
        ]
        weighed = _weight(installation, "/staff/insight/", cookie)
    return [*looked, weighed, _freshness(installation, settings)]


def _screens(database: psycopg.Connection[Any]) -> dict[str, str]:
    """Each screen by its name, with its address."""
    town = _number(database, "SELECT id FROM places_place WHERE code = '310113003'")
    community = _number(database, "SELECT id FROM places_place WHERE code = '310113003001'")
    category = _number(
        database, "SELECT category_id FROM insight_rollup WHERE grain = 2 GROUP BY 1"
                  " ORDER BY sum(matters) DESC LIMIT 1"
    )  # fmt: skip
    today = datetime.now(UTC).date()
    year, edges = today - timedelta(days=364), today - timedelta(days=200)
    base = "/staff/insight/"
    return {
        "district, 30 days": base,
        "district, a year": f"{base}?since={year}",
        "district, 200 days, two edges": f"{base}?since={edges}&until={today - timedelta(days=9)}",
        "district, five years": f"{base}?since={today - timedelta(days=365 * YEARS)}",
        "district, one subject, 30 days": f"{base}?category={category}",
        "town, 30 days": f"{base}?place={town}",
        "town, a year": f"{base}?place={town}&since={year}",
        "neighbourhood, 30 days": f"{base}?place={community}",
        "neighbourhood, a year": f"{base}?place={community}&since={year}",
        "wall": f"{base}wall/",
    }


def _weight(installation: Installation, path: str, cookie: str) -> Figure:
    """All that a first visit fetches, compressed as the server sends it or could."""
    page = _fetch(installation, path, {"Cookie": cookie})
    linked = re.findall(r'(?:href|src)="(/static/[^"#]+)', page.decode())
    weights = {name: _compressed(installation, name) for name in sorted({*linked})}
    weights[path] = len(gzip.compress(page))
    print(f"bytes compressed: {weights}", file=sys.stderr)
    return Figure("first visit of the screen, compressed", "kB", [sum(weights.values()) / 1000])


def _compressed(installation: Installation, name: str) -> int:
    return len(_fetch(installation, name, {"Accept-Encoding": "gzip"}))


def _fetch(installation: Installation, path: str, headers: dict[str, str]) -> bytes:
    address = f"http://127.0.0.1:{installation.port}{path}"
    with urlopen(Request(address, headers=headers), timeout=60) as answer:
        body: bytes = answer.read()
        return body


def _freshness(installation: Installation, settings: Settings) -> Figure:
    """Seconds from handing in to the figure, with a worker, in a district that has just begun."""
    database = installation.database("fresh")
    with installation.serving(database):
        time.sleep(5)  # the worker takes up what the district's own rows have left to do
        seconds = [
            float(installation.python(database, "-m", "bench.freshness"))
            for _ in range(settings.repeat)
        ]
    return Figure("from handing in to the figures", "s", seconds)


def _get(path: str, cookie: str) -> str:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n"


def _number(database: psycopg.Connection[Any], query: str) -> int:
    found = database.execute(query).fetchone()
    assert found is not None
    return int(found[0])
