"""夏分析 asks the data pool who spoke of lamps, and whether more than before and elsewhere."""

from datetime import date, datetime, timedelta

import pytest

from tests import people
from yanlu.insight import asking, pool
from yanlu.insight.selectors import Asked
from yanlu.kernel import clock, followers
from yanlu.kernel.errors import Invalid
from yanlu.oversight.periods import Period
from yanlu.places.selectors import place_by_code

pytestmark = pytest.mark.django_db

BACKEND = "django.contrib.auth.backends.ModelBackend"
LAMP, BUS = "路口的路灯坏了三天，晚上走路看不清。", "公交车早高峰要等四十分钟，建议加密班次。"
STREET = "310113003"
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))


@pytest.fixture
def spring(district, settings, tmp_path):
    """In February buses in Gucun; in March lamps in 宝林一村, and one bus."""
    settings.YANLU_POOL = str(tmp_path / "pool")
    for number in range(30):
        text, place = (BUS, people.GUCUN) if number < 14 else (LAMP, people.BAOLIN)
        with clock.at(datetime(2026, 2, 14, 9, tzinfo=clock.ZONE) + timedelta(days=number)):
            people.hand_in(text, place=place, by=people.aunt_zhou())
    followers.drain()
    pool.rebuild()


def asked(code: str = "310113", period: Period = MARCH) -> Asked:
    return Asked(period, place_by_code(code).id)


@pytest.fixture
def analyst(district, client):
    client.force_login(people.account("analyst"), BACKEND)
    return client


def page(client, code: str = "310113", **more: str) -> str:
    query = {"place": place_by_code(code).id, "since": "2026-03-01", "until": "2026-03-31", **more}
    return client.get("/staff/insight/words/", query).content.decode()


def test_words_are_found_and_compared_with_before_and_with_the_place_above(spring):
    found = asking.look(asked(), "路灯")
    assert found.total == 15
    assert found.facets["area"] == {(STREET,): 15}
    before = asking.compare(asked(), "路灯", asking.BEFORE)
    assert (before.here.part, before.here.whole) == (15, 15)
    assert (before.there.part, before.there.whole) == (1, 15)
    assert before.differs
    above = asking.compare(asked(people.BAOLIN), "路灯", asking.ABOVE)
    assert not above.differs, "all of the street's lamps are the neighbourhood's"
    assert asking.compare(asked(), "路灯", asking.ABOVE) is None, "nothing is above the district"


def test_nobody_looks_through_more_than_a_year_at_once(spring):
    with pytest.raises(Invalid, match="一年"):
        asking.look(asked(period=Period(date(2024, 1, 1), date(2026, 4, 1))), "路灯")


def test_the_page_tells_of_them_masked_and_each_sort_narrows(spring, analyst):
    with clock.at(datetime(2026, 4, 2, tzinfo=clock.ZONE)):
        shown = page(analyst, typed="路灯")
        assert "共 15 条含有这些词" in shown
        assert LAMP in shown
        assert "13900000001" not in shown
        assert f"place={place_by_code(STREET).id}&amp;" in shown
        assert "一次最多查询一年" in page(analyst, typed="灯", since="2020-01-01")
        assert "请输入要查找的词" in page(analyst)
        assert "共 0 条含有这些词" in page(analyst, typed="恐龙")


def test_figures_are_for_more_people_than_words(district, client):
    secretary = people.account("secretary")
    client.force_login(secretary, BACKEND)
    assert client.get("/staff/insight/").status_code == 200
    assert client.get("/staff/insight/words/").status_code == 403
    client.force_login(people.account("handler-enforcement"), BACKEND)
    assert client.get("/staff/insight/words/?typed=路灯").status_code == 403
