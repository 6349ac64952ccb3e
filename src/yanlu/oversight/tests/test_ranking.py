"""Places and classes of size."""

from hypothesis import given
from hypothesis import strategies as st

from yanlu.oversight.ranking import quartiles, ranks

scores = st.dictionaries(st.integers(), st.sampled_from([0.0, 61.5, 88.2, 88.3, 100.0]), min_size=1)
sizes = st.dictionaries(st.integers(), st.integers(0, 9), min_size=1)


def test_ties_share_a_place_and_the_next_is_left_out():
    assert ranks({"a": 90.0, "b": 80.0, "c": 90.0, "d": 70.0}) == {"a": 1, "c": 1, "b": 3, "d": 4}


def test_quarters_by_size():
    found = quartiles({"a": 1, "b": 2, "c": 2, "d": 30, "e": 40, "f": 50, "g": 60, "h": 70})
    assert found == {"a": 1, "b": 1, "c": 1, "d": 2, "e": 3, "f": 3, "g": 4, "h": 4}
    assert quartiles({"alone": 7}) == {"alone": 1}
    assert quartiles({}) == ranks({}) == {}


@given(scores)
def test_a_place_is_one_more_than_how_many_stand_above(given_scores):
    for key, place in ranks(given_scores).items():
        above = sum(other > given_scores[key] for other in given_scores.values())
        assert place == above + 1


@given(scores, st.randoms())
def test_places_do_not_hang_on_the_order_of_names(given_scores, chance):
    rows = list(given_scores.items())
    chance.shuffle(rows)
    assert ranks(dict(rows)) == ranks(given_scores)


@given(sizes)
def test_who_is_larger_never_stands_in_a_smaller_quarter(given_sizes):
    found = quartiles(given_sizes)
    for one in given_sizes:
        for other in given_sizes:
            if given_sizes[one] >= given_sizes[other]:
                assert found[one] >= found[other]
    assert set(found.values()) <= {1, 2, 3, 4}
