"""老沈 wants a district's messages to try things on: made up, in order, with the truth about them."""

import csv
import gzip
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from yanlu.kernel.errors import OperatorError
from yanlu.project.simulation.pool import Simulation, simulate


@pytest.fixture(scope="module")
def year():
    simulation = Simulation(9_000, seed=5)
    return simulation, list(simulation)


def test_messages_come_in_the_order_of_time_and_all_of_them(year):
    _simulation, messages = year
    assert [one.id for one in messages] == list(range(1, 9_001))
    assert all(one.time <= other.time for one, other in pairwise(messages))
    assert {one.time.year for one in messages} == {2025}
    assert all(one.text and "{" not in one.text for one in messages)


def test_heating_belongs_to_the_winter_water_to_the_rain_and_noise_to_the_night(year):
    usual = [one for one in year[1] if not one.burst]

    def share(kind, told):
        found = [told(one.time) for one in usual if one.matter.startswith(f"{kind}@")]
        return sum(found) / len(found)

    assert share("heating", lambda at: at.month in {12, 1, 2}) > 0.45
    assert share("flooding", lambda at: at.month in {6, 7, 8}) > 0.5
    assert share("dance_noise", lambda at: at.hour >= 20 or at.hour < 2) > 0.4
    assert share("new_lift", lambda at: at.hour >= 20 or at.hour < 2) < 0.2


def test_offices_hear_less_on_free_days(year):
    usual = Counter(one.time.date() for one in year[1] if not one.burst)
    national_day = [usual[date(2025, 10, day)] for day in range(1, 8)]
    week_after = [usual[date(2025, 10, day)] for day in range(13, 18)]
    assert sum(national_day) / 7 < 0.85 * sum(week_after) / 5


def test_one_matter_is_told_in_many_words(year):
    told = Counter(one.matter for one in year[1] if one.matter and not one.burst)
    (matter, many) = told.most_common(1)[0]
    texts = {one.text for one in year[1] if one.matter == matter}
    assert many > 6
    assert len(texts) > 0.9 * many
    assert all(one.matter.endswith(f"@{one.place}") for one in year[1] if one.matter)


def test_three_in_ten_concern_one_person_alone(year):
    alone = sum(not one.matter for one in year[1])
    assert 0.2 < alone / len(year[1]) < 0.35


def test_a_burst_is_as_large_as_told_and_where_it_is_told(year):
    simulation, messages = year
    assert {burst.scope for burst in simulation.bursts} == {"place", "town", "district"}
    for burst in simulation.bursts:
        found = [one for one in messages if one.burst == burst.name]
        assert len(found) == burst.size >= 20
        assert (found[0].time, found[-1].time) == (burst.start, burst.end)
        assert all(one.place.startswith(burst.where) for one in found)
        assert all(one.matter.startswith(f"{burst.kind}@") for one in found)


@settings(max_examples=6, deadline=None)
@given(
    messages=st.integers(1, 300),
    seed=st.integers(0, 2**32),
    days=st.integers(1, 40),
    flood=st.booleans(),
)
def test_the_same_seed_gives_the_same_messages_of_any_size(messages, seed, days, flood):
    once = list(simulate(messages, seed, days, flood=flood))
    assert len(once) == messages
    assert once == list(simulate(messages, seed, days, flood=flood))
    assert all((one.time.date() - date(2025, 1, 1)).days in range(days) for one in once)


def test_another_seed_gives_other_messages():
    assert [one.text for one in simulate(50, 1, 30)] != [one.text for one in simulate(50, 2, 30)]


def test_the_command_writes_stream_truth_and_bursts(tmp_path):
    out = tmp_path / "pool.csv.gz"
    call_command("simulate_pool", messages=600, seed=3, days=60, out=out, flood=True)
    with gzip.open(out, "rt", encoding="utf-8") as file:
        stream = list(csv.DictReader(file))
    with gzip.open(tmp_path / "pool.truth.csv.gz", "rt", encoding="utf-8") as file:
        truth = list(csv.DictReader(file))
    with (tmp_path / "pool.bursts.csv").open(encoding="utf-8") as file:
        bursts = list(csv.DictReader(file))
    assert list(stream[0]) == ["id", "time", "place", "category", "channel", "source", "text"]
    assert [row["id"] for row in stream] == [row["id"] for row in truth]
    copies = {row["text"] for row in stream if row["source"] == "flood"}
    assert len(copies) == 1
    assert {row["burst"] for row in truth} - {""} == {row["burst"] for row in bursts} | {"flood"}


def test_what_can_not_be_written_is_said(tmp_path):
    with pytest.raises(OperatorError, match="No such file"):
        call_command("simulate_pool", messages=5, out=tmp_path / "no" / "pool.csv")
    with pytest.raises(OperatorError, match="at least 1"):
        call_command("simulate_pool", messages=0, out=tmp_path / "pool.csv")
