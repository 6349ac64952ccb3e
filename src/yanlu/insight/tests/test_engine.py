"""The pool is counted, compared and searched, by this process or by a cluster of two machines."""

import json
import os
import subprocess
import sys
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from ray.cluster_utils import Cluster

from tests import people
from yanlu.insight import engine, pool
from yanlu.insight.engine import Cohort
from yanlu.insight.selectors import Asked, figures
from yanlu.insight.tests.winter import STREET, hand_in_over_the_new_year
from yanlu.kernel.pictures import forget_all
from yanlu.oversight.periods import Period
from yanlu.places.selectors import place_by_code

DISTRICT = "310000/310113"
ALL = Cohort(date(2025, 12, 1), date(2026, 4, 1))
DECEMBER = Cohort(date(2025, 12, 1), date(2026, 1, 1))
JANUARY = Cohort(date(2026, 1, 1), date(2026, 2, 1))
#: Bytes of memory that a machine of the small cluster keeps for what is handed about.
OBJECTS = 80 * 2**20

pytestmark = pytest.mark.django_db


@pytest.fixture
def winter(tell_once, settings, tmp_path):
    """Twenty-four matters from late December to early March, in two towns and in none, written."""
    settings.YANLU_POOL = str(tmp_path / "pool")
    tell_once("matters over the new year", hand_in_over_the_new_year)
    forget_all()
    pool.rebuild()


def told() -> dict[str, Any]:
    """Everything that the engine can tell of the winter, in words that two processes compare."""
    found = engine.search(ALL, "路灯")
    return {
        "days": str(engine.counts(engine.words_of(ALL), "day")),
        "sorts": str(engine.counts(engine.words_of(ALL), "top", "area", "channel")),
        "compared": str(engine.compare(DECEMBER, JANUARY, "kind")),
        "found": [found.total, str(found.facets), str(found.days), str(found.words)],
    }


def test_the_pool_tells_of_each_day_and_kind_what_the_rollups_do(winter):
    asked = Asked(Period(ALL.first, ALL.end), place_by_code("310113").id)
    for group in ("day", "kind", "channel", "level", "outcome"):
        by_pool = engine.counts(engine.words_of(ALL), group)
        assert by_pool == {key: row["voices"] for key, row in figures(asked, group).items()}
    assert sum(engine.counts(engine.words_of(ALL), "kind").values()) == 24


def test_a_place_holds_what_lies_in_it_and_a_day_before_the_end_is_the_last(winter):
    street = Cohort(ALL.first, ALL.end, place_path=f"{DISTRICT}/{STREET}")
    by_place = engine.counts(engine.words_of(street), "place")
    assert set(by_place) == {(STREET,), (people.BAOLIN,)}
    by_area = engine.counts(engine.words_of(ALL), "area")
    assert by_area[STREET,] == sum(by_place.values())
    before = [day for (day,) in engine.counts(engine.words_of(DECEMBER), "day")]
    assert before[0] == date(2025, 12, 20)
    assert before[-1] <= date(2025, 12, 31)
    assert not engine.counts(
        engine.words_of(Cohort(ALL.first, ALL.end, f"{DISTRICT}/3101130")), "day"
    )


def test_two_months_stand_beside_each_other(winter):
    compared = engine.compare(DECEMBER, JANUARY, "channel")
    each = [engine.counts(engine.words_of(month), "channel") for month in (DECEMBER, JANUARY)]
    assert compared == {key: tuple(month.get(key, 0) for month in each) for key in compared}
    assert {name for (name,) in compared} == {"mobile", "phone", "web"}
    phone = Cohort(DECEMBER.first, JANUARY.end, channel="phone")
    assert engine.compare(phone, phone) == {(): (5, 5)}


def test_who_searches_finds_masked_words_latest_first_with_their_sorts_and_days(winter):
    found = engine.search(ALL, "路灯 三天")
    assert found.total == len(found.words) == sum(found.days.values()) == 8
    assert all("路灯坏了三天" in word["text"] for word in found.words)
    moments = [word["said_at"] for word in found.words]
    assert moments == sorted(moments, reverse=True)
    assert all(sum(counted.values()) == 8 for counted in found.facets.values())
    assert engine.search(ALL, "没有人说过的话").total == 0
    everything = engine.search(ALL, "", facets=())
    assert (everything.total, everything.facets) == (24, {})


def test_an_empty_pool_tells_nothing(settings, tmp_path):
    settings.YANLU_POOL = str(tmp_path / "none")
    assert engine.counts(engine.words_of(ALL), "day", "top") == {}
    assert engine.compare(DECEMBER, JANUARY, "kind") == {}
    found = engine.search(ALL, "路灯")
    assert (found.total, found.words, found.days) == (0, [], {})


def test_a_cluster_of_two_machines_tells_the_same(winter):
    cluster = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 1, "object_store_memory": OBJECTS, "include_dashboard": False},
    )
    try:
        cluster.add_node(num_cpus=1, object_store_memory=OBJECTS)
        asked = subprocess.run(  # noqa: S603
            [sys.executable, "-c", _ASK],
            env={**os.environ, "YANLU_POOL": settings.YANLU_POOL, "YANLU_RAY_ADDRESS": cluster.address},
            cwd=settings.ROOT, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
    finally:
        cluster.shutdown()
    assert asked.returncode == 0, asked.stderr[-3000:]
    machines, answer = json.loads(asked.stdout.splitlines()[-1])
    assert machines == 2
    assert answer == told()


_ASK = """
import json, sys
sys.path[:0] = ["src", "."]
import django, ray
django.setup()
from yanlu.insight.tests.test_engine import told
answer = told()
print(json.dumps([sum(node["Alive"] for node in ray.nodes()), answer]))
"""
