"""What everybody may read of the winter: rounded, in every cell, once and for good."""

from datetime import date, datetime
from itertools import product

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as some

from tests import people
from yanlu.insight import releasing
from yanlu.insight.disclosure import open_values, possible, rounded, safe_step
from yanlu.insight.models import Rollup, Tally
from yanlu.insight.tests.winter import LAMP, STREET
from yanlu.kernel import clock, followers, journal
from yanlu.kernel.errors import Conflict, Invalid, NotFound, OperatorError

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


def at(month: int, day: int):
    return clock.at(datetime(2026, month, day, 9, tzinfo=clock.ZONE))


@pytest.fixture
def released(winter):
    with at(2, 5):
        return releasing.release_due()


def test_every_cell_is_there_whether_anything_was_said_or_not(released):
    tables = released.tables
    many = len(tables["areas"])
    assert many == 14, "thirteen towns, and what lies in none"
    assert len(tables["areas_categories"]) == many * len(tables["categories"])
    told = {row["area"]: row["matters"] for row in tables["areas"]}
    assert told[STREET] == 5
    assert told["310113501"] is None, "nothing was said there, as little as four might have been"
    assert {row["channel"] for row in tables["channels"]} == {
        "letter", "visit", "phone", "web", "mobile", "walk",
    }  # fmt: skip


def test_no_count_below_five_and_no_exact_one_is_public(released):
    numbers = [
        row[name]
        for rows in released.tables.values()
        for row in rows
        for name in ("matters", "part", "whole")
        if name in row
    ]
    assert numbers
    assert all(number is None or (number >= 5 and number % 5 == 0) for number in numbers)


def test_what_is_said_afterwards_changes_nothing(released):
    with at(1, 20):
        for _ in range(9):
            people.hand_in(LAMP, place=STREET)
        followers.drain()
    assert releasing.release_of(JANUARY).tables == released.tables
    with at(2, 28):
        assert releasing.release_due() is None
    with pytest.raises(Conflict):
        releasing.release_month(actor=people.TESTS, first=JANUARY)
    (entry,) = journal.history(journal.Subject("release", released.pk))
    assert entry.verb == "statistics.released"


def test_nothing_is_released_from_rollups_of_another_shape(winter):
    Rollup.objects.all().delete()
    Tally.objects.update(shape="as it was before")
    with at(2, 5):
        told = {row["area"]: row["matters"] for row in releasing.release_due().tables["areas"]}
    assert told[STREET] == 5


def test_only_months_that_are_over(winter):
    with at(2, 5):
        with pytest.raises(Invalid, match="还没有结束"):
            releasing.release_month(actor=people.TESTS, first=FEBRUARY)
        assert releasing.releases() == []
    with at(3, 1):
        assert releasing.release_due().month == FEBRUARY


def test_an_installation_without_places_releases_nothing(db):
    with pytest.raises(Invalid, match="还没有可供统计的区域"):
        releasing.release_month(actor=people.TESTS, first=JANUARY)


class TestPages:
    def test_the_month_is_read_and_taken_along(self, released, client):
        page = client.get("/open-data/").content.decode()
        assert "2026-01" in page
        told = client.get("/open-data/2026-01.json").json()
        assert told["tables"] == released.tables
        assert "multiple of the step" in told["rules"]
        rows = client.get("/open-data/2026-01.csv").content.decode("utf-8-sig").splitlines()
        assert rows[0].startswith("month,table,area")
        assert len(rows) == 1 + sum(len(table) for table in released.tables.values())

    @pytest.mark.parametrize("month", ["2026-02", "2026-13", "january", "0000-00"])
    def test_what_was_not_released_is_not_there(self, released, client, month):
        for kind in ("json", "csv"):
            assert client.get(f"/open-data/{month}.{kind}").status_code == 404

    def test_before_the_first_month_the_page_says_what_will_come(self, district, client):
        assert (
            "每月"
            in client.get("/open-data/", headers={"Accept-Language": "zh-CN"}).content.decode()
        )
        assert client.get("/open-data/?month=nonsense").status_code == 200


def test_an_operator_releases_earlier_months(winter, capsys):
    with at(3, 9):
        call_command("release_statistics", "2025-12", "2026-01")
        assert releasing.releases() == [JANUARY, date(2025, 12, 1)]
        for wrong in ("2026-01", "2026-03", "march"):
            with pytest.raises(OperatorError):
                call_command("release_statistics", wrong)
    with pytest.raises(NotFound):
        releasing.release_of(date(2026, 3, 1))


@given(many=some.integers(0, 10**7), doubled=some.integers(0, 4))
def test_a_number_that_is_told_stands_for_several(many, doubled):
    step = 5 * 2**doubled
    low, high = possible(rounded(many, step), step)
    assert low <= many <= high
    assert high - low >= 2


@given(
    parts=some.lists(some.one_of(some.integers(0, 4), some.integers(0, 60)), min_size=2, max_size=3)
)
def test_who_subtracts_what_is_told_finds_no_number_below_five(parts):
    """Whoever tries every combination that fits what was told is left with three or more."""
    step = safe_step([(sum(parts), parts)])
    told = [rounded(part, step) for part in parts]
    low, high = possible(rounded(sum(parts), step), step)
    spans = [range(first, last + 1) for first, last in (possible(one, step) for one in told)]
    fitting = [one for one in product(*spans) if low <= sum(one) <= high]
    assert tuple(parts) in fitting
    for number, part in enumerate(parts):
        if part < 5:
            assert len({one[number] for one in fitting}) >= 3


def test_two_fours_of_eight_would_be_known_so_the_release_tells_less():
    assert open_values((8, [4, 4])) == 1
    assert safe_step([(8, [4, 4])]) == 10
    assert safe_step([(100, [60, 40])]) == 5


def test_less_than_nothing_is_no_count():
    with pytest.raises(ValueError, match="no count"):
        rounded(-1)
