"""Ids stay with most of the members, whatever is merged and split."""

from hypothesis import given
from hypothesis import strategies as st

from yanlu.textkit.topic_lineage import Change, inherit

FREE = 100
strands = st.dictionaries(
    st.integers(0, 30), st.tuples(st.integers(1, 6), st.integers(11, 16), st.integers(1, 9))
)


def settled(rows: dict[int, tuple[int, int, int]]) -> tuple[dict[int, int], list[Change]]:
    before, after, members = (
        {strand: row[place] for strand, row in rows.items()} for place in range(3)
    )
    return inherit(before, after, members, FREE)


def test_the_larger_of_two_that_are_merged_gives_the_id():
    ids, changes = settled({1: (5, 11, 10), 2: (6, 11, 4)})
    assert ids == {11: 5}
    assert changes == [Change(6, 5, 4, "merged")]


def test_the_larger_part_of_a_split_keeps_the_id_and_the_other_gets_a_new_one():
    ids, changes = settled({1: (5, 11, 7), 2: (5, 12, 3)})
    assert ids == {11: 5, 12: FREE}
    assert changes == [Change(5, FREE, 3, "split")]


def test_a_topic_that_falls_in_halves_ends():
    ids, changes = settled({1: (5, 11, 5), 2: (5, 12, 5)})
    assert ids == {11: FREE, 12: FREE + 1}
    assert {change.how for change in changes} == {"merged"}


@given(strands)
def test_no_id_stands_for_two_and_new_ones_were_never_used(rows):
    ids, _ = settled(rows)
    assert len(set(ids.values())) == len(ids)
    assert all(number >= FREE or number <= 6 for number in ids.values())
    assert ids.keys() == {row[1] for row in rows.values()}


@given(strands)
def test_whoever_changes_the_id_is_told_and_only_they(rows):
    ids, changes = settled(rows)
    moved = sum(size for old, group, size in rows.values() if ids[group] != old)
    assert sum(change.members for change in changes) == moved


@given(strands)
def test_an_id_goes_on_with_most_of_its_members_or_not_at_all(rows):
    ids, _ = settled(rows)
    for group, number in ids.items():
        if number < FREE:
            mine = [row for row in rows.values() if row[0] == number]
            kept = sum(size for _, went, size in mine if went == group)
            assert 2 * kept > sum(size for *_, size in mine)
