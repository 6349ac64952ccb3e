"""How sure a figure is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanlu.oversight.intervals import Interval, differ, weighted, wilson

shares = st.integers(1, 5000).flatmap(
    lambda whole: st.tuples(st.integers(0, whole), st.just(whole))
)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        # R. G. Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_shares_as_published(part, whole, low, high):
    found = wilson(part, whole)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_differences_as_published():
    """Newcombe, ibid. 873–890, table II, method 10: 56/70 − 48/80 lies in 0.0524 to 0.3339."""
    one, other = wilson(56, 70), wilson(48, 80)
    against = Interval(-other.value, -other.high, -other.low)
    found = weighted([(1, one), (1, against)])
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)
    assert differ(one, other)
    assert not differ(wilson(9, 10), wilson(3, 5))


@given(shares)
def test_the_share_lies_between_its_bounds_and_these_between_none_and_all(share):
    found = wilson(*share)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.low < found.high


@given(shares)
def test_none_and_all_mirror_each_other(share):
    part, whole = share
    found, mirror = wilson(part, whole), wilson(whole - part, whole)
    assert found.low == pytest.approx(1 - mirror.high)


@given(shares, st.integers(2, 50))
def test_more_of_the_same_makes_it_surer(share, times):
    part, whole = share
    once, often = wilson(part, whole), wilson(part * times, whole * times)
    assert often.high - often.low < once.high - once.low


@given(st.lists(st.tuples(st.floats(0, 1), shares), min_size=1, max_size=6))
def test_a_sum_lies_between_its_bounds(rows):
    found = weighted((weight, wilson(*share)) for weight, share in rows)
    assert found.low <= found.value <= found.high


@given(shares, shares)
def test_what_differs_does_so_either_way_and_nothing_from_itself(one, other):
    assert differ(wilson(*one), wilson(*other)) == differ(wilson(*other), wilson(*one))
    assert not differ(wilson(*one), wilson(*one))


@pytest.mark.parametrize(("part", "whole"), [(0, 0), (3, 2), (-1, 4)])
def test_no_share_of_nothing(part, whole):
    with pytest.raises(ValueError, match="no share"):
        wilson(part, whole)
