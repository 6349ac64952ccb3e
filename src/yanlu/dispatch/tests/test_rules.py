"""The dispatch table: the first line that fits decides, and the rest say why they did not."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanlu.dispatch.rules import Line, Matter, Table, mismatch
from yanlu.kernel import clock

SATURDAY_NIGHT = datetime(2026, 3, 7, 23, 30, tzinfo=clock.ZONE)


def line(order: int = 1, **fields) -> Line:
    return Line(
        **{
            "id": order, "order": order, "name": f"line {order}", "category_id": None, "kind": "",
            "urgency": "", "place_id": None, "weekdays": "", "hours": None, "unit_id": None,
            "function": "housing", "level": 3, "deadline_class_id": 1, "reason": "", **fields,
        }
    )  # fmt: skip


def matter(**fields) -> Matter:
    return Matter(
        **{
            "categories": frozenset({10, 1001}), "places": frozenset({1, 2, 3}), "kind": "complaint",
            "urgency": "ordinary", "received_at": SATURDAY_NIGHT, **fields,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, ""),
        ({"category_id": 10}, ""),
        ({"category_id": 20}, "category"),
        ({"kind": "praise"}, "kind"),
        ({"urgency": "danger"}, "urgency"),
        ({"place_id": 2}, ""),
        ({"place_id": 9}, "place"),
        ({"weekdays": "67"}, ""),
        ({"weekdays": "12345"}, "weekdays"),
        ({"hours": (22, 6)}, ""),
        ({"hours": (6, 22)}, "hours"),
        ({"hours": (0, 24)}, ""),
    ],
)
def test_a_line_fits_or_says_what_does_not(fields, why):
    assert mismatch(line(**fields), matter()) == why


def test_the_first_line_that_fits_decides():
    lines = [line(1, kind="praise"), line(2, category_id=10), line(3)]
    assert Table(lines).first_match(matter()).order == 2
    assert Table(lines[:1]).first_match(matter()) is None


@given(st.integers(0, 23), st.integers(0, 24), st.integers(0, 23))
def test_hours_and_their_complement_share_out_the_day(start, end, hour):
    if start == end or (start, end) == (0, 24):
        return
    at = matter(received_at=SATURDAY_NIGHT.replace(hour=hour))
    inside = not mismatch(line(hours=(start, end % 24)), at)
    outside = not mismatch(line(hours=(end % 24, start)), at)
    assert inside != outside
