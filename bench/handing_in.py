"""Partners hand in as fast as they are answered, beside PostgreSQL's own benchmark.

Load, web server (two processes), worker and database share the machine. Each round measures pgbench
first, with everything else idle, then the hand-ins with the worker working, then how long the
worker needs for what was left.
"""

import json
import re
import sys
import time
from typing import Any

import psycopg

from bench.installation import Installation
from bench.load import Count
from bench.results import Figure, percentile
from bench.settings import Settings
from bench.texts import texts

#: Stands for a running number.
NUMBER = "#" * 12
#: Different bodies that are sent in turn, each with a number of its own.
BODIES = 500
#: Seconds after which a backlog that does not shrink is given up on.
LONGEST_DRAIN = 900


def measure(installation: Installation, settings: Settings) -> list[Figure]:
    """Accepted and finished a second, against pgbench of the same round."""
    database = installation.database("hand_in")
    key = installation.command(database, "create_api_key", "bench", "--rate", "none").strip()
    installation.prepare_pgbench()
    rounds = []
    with installation.connect(database) as counter:
        requests = _requests(key, settings.seed, counter)
        with installation.serving(database):
            for number in range(settings.repeat):
                rounds.append(_round(installation, settings, counter, requests, number))
                print(json.dumps(rounds[-1]), file=sys.stderr)
    return [Figure(name, unit, [r[name] for r in rounds]) for name, unit in UNITS.items()]


UNITS = {
    "pgbench -N -c 8": "transactions/s",
    "accepted (POST)": "1/s",
    "accepted p50": "ms",
    "accepted p95": "ms",
    "accepted ÷ pgbench": "",
    "finished meanwhile (case with decision)": "1/s",
    "backlog at the end": "submissions",
    "time to drain": "s",
    "finished while draining": "1/s",
}


def _round(
    installation: Installation,
    settings: Settings,
    counter: psycopg.Connection[Any],
    requests: list[str],
    number: int,
) -> dict[str, float]:
    limit = _pgbench(installation, settings)
    before, began = _counts(counter), time.monotonic()
    count = installation.load(
        requests,
        connections=settings.connections,
        seconds=settings.seconds,
        first_number=number * 10**9 + 1,
    )
    after, ended = _counts(counter), time.monotonic()
    _require_all_accepted(count)
    drained = _drain(installation, counter)
    backlog = after["submissions"] - after["cases"]
    accepted = len(count.latencies) / count.seconds
    return {
        "pgbench -N -c 8": limit,
        "accepted (POST)": accepted,
        "accepted p50": percentile(count.latencies, 0.5),
        "accepted p95": percentile(count.latencies, 0.95),
        "accepted ÷ pgbench": accepted / limit,
        "finished meanwhile (case with decision)": (after["cases"] - before["cases"])
        / (ended - began),
        "backlog at the end": backlog,
        "time to drain": drained,
        "finished while draining": backlog / drained if drained else 0.0,
    }


def _pgbench(installation: Installation, settings: Settings) -> float:
    """Transactions a second of ``pgbench -N``: one update, one select, one insert."""
    told = installation.pgbench("-N", "-c", "8", "-j", "2", "-T", str(settings.seconds))
    found = re.search(r"tps = ([\d.]+)", told)
    assert found, told
    return float(found[1])


def _requests(key: str, seed: int, database: psycopg.Connection[Any]) -> list[str]:
    """Requests as a partner sends them: words, place, number in its own system."""
    places = database.execute("SELECT code, name FROM places_place WHERE level = 4").fetchall()
    words = texts(seed, BODIES, [name for _code, name in places])
    return [
        # A number in the words makes each another matter: the same words would share one case.
        _request(
            key,
            {
                "text": f"{text}（{NUMBER}）",
                "title": title[:40],
                "place": place,
                "source_id": NUMBER,
            },
        )
        for (title, text), (place, _name) in zip(words, places * BODIES, strict=False)
    ]


def _request(key: str, words: dict[str, str]) -> str:
    body = json.dumps(words, ensure_ascii=False)
    return (
        "POST /api/v1/submissions HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {key}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body.encode())}\r\n\r\n{body}"
    )


def _counts(database: psycopg.Connection[Any]) -> dict[str, int]:
    row = database.execute(
        "SELECT (SELECT count(*) FROM intake_submission),"
        " (SELECT count(*) FROM cases_case JOIN dispatch_decision d ON d.id = decision_id)"
    ).fetchone()
    assert row
    return {"submissions": row[0], "cases": row[1]}


def _drain(installation: Installation, database: psycopg.Connection[Any]) -> float:
    """Seconds until every submission has its case."""
    began = time.monotonic()
    while (counts := _counts(database))["cases"] < counts["submissions"]:
        if time.monotonic() - began > LONGEST_DRAIN:
            raise TimeoutError(f"the worker does not get done: {counts}")
        installation.require_running()
        time.sleep(0.25)
    return time.monotonic() - began


def _require_all_accepted(count: Count) -> None:
    if set(count.statuses) != {"201"}:
        raise AssertionError(f"not every request was accepted: {count.statuses}")
