"""Whatever is asked of the rollups, the answer is what a walk through the book would give."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests import people
from yanlu.dispatch.selectors import category_family, category_under
from yanlu.insight import counting
from yanlu.insight.selectors import Asked, figures, total
from yanlu.insight.tests.winter import GUCUN, STREET
from yanlu.kernel import clock
from yanlu.oversight import selectors as oversight
from yanlu.oversight.periods import Period
from yanlu.places.selectors import place_by_code, territory

pytestmark = pytest.mark.django_db


def by_hand(asked: Asked, *by: str) -> dict[tuple[object, ...], int]:
    """The same by a walk through the book."""
    known, found = territory(), Counter()
    family = category_family(asked.category) if asked.category else None
    for row in oversight.book((), clock.now()):
        day = row.opened_at.astimezone(clock.ZONE).date()
        place = row.place_id or known.home.id
        fits = (
            asked.period.first <= day < asked.period.end
            and known.covers(asked.place, place)
            and (family is None or row.category_id in family)
            and asked.kind in ("", row.kind)
            and asked.channel in ("", row.channel)
        )
        if fits:
            below = [node.id for node in known.ancestors(place) if node.parent_id == asked.place]
            told = {
                "area": (below or [asked.place])[0],
                "category": category_under(asked.category, row.category_id),
                "kind": row.kind, "channel": row.channel, "level": row.level,
                "day": day, "month": day.replace(day=1),
            }  # fmt: skip
            found[tuple(told[name] for name in by)] += 1
    return dict(found)


DAYS = some.dates(date(2025, 12, 1), date(2026, 3, 20))
#: Time first: by days or by months, never both.
GROUPS = some.tuples(
    some.sampled_from([(), ("day",), ("month",)]),
    some.lists(
        some.sampled_from(["area", "category", "kind", "channel", "level"]), unique=True, max_size=2
    ),
).map(lambda chosen: (*chosen[0], *chosen[1]))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=some.data(), first=DAYS, days=some.integers(1, 90), by=GROUPS)
def test_any_question_is_answered_as_by_hand(winter, data, first, days, by):
    codes = ["310113", STREET, GUCUN, people.BAOLIN]
    categories = [row.category_id for row in oversight.book((), clock.now())]
    tops = [category_under(None, one) for one in categories]
    asked = Asked(
        Period(first, first + timedelta(days=days)),
        place_by_code(data.draw(some.sampled_from(codes))).id,
        category=data.draw(some.sampled_from([None, None, *filter(None, {*categories, *tops})])),
        kind=data.draw(some.sampled_from(["", "", "complaint"])),
        channel=data.draw(some.sampled_from(["", "", "phone"])),
    )
    told = {key: row["matters"] for key, row in figures(asked, *by).items()}
    expected = by_hand(asked, *by)
    assert told == expected
    assert total(asked)["matters"] == sum(by_hand(asked).values())


def test_what_lies_in_no_town_is_told_by_the_district_itself(winter):
    root = place_by_code("310113").id
    ever = Asked(Period(date(2025, 1, 1), date(2027, 1, 1)), root)
    told = {place: row["matters"] for (place,), row in figures(ever, "area").items()}
    assert told[root] + told[place_by_code(STREET).id] + told[place_by_code(GUCUN).id] == 24
    assert sum(told.values()) == 24


def test_the_hours_of_a_day_are_told_apart(winter):
    root = place_by_code("310113").id
    day = Asked(Period(date(2025, 12, 20), date(2025, 12, 21)), root)
    assert [start.astimezone(clock.ZONE).hour for (start,) in figures(day, "hour")] == [9]


def test_where_nothing_was_said_there_is_nothing_to_tell(district):
    quiet = Asked(Period(date(2020, 1, 1), date(2020, 2, 1)), place_by_code(STREET).id)
    assert figures(quiet, "category") == {}
    assert set(total(quiet).values()) == {0}
    assert counting.count_due() == 0
