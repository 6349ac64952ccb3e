"""People know better: what they name, mute, merge and part stays so, night after night."""

import pytest

from yanlu.textkit.tests.test_topics import ELSEWHERE, LAMPS, MONDAY, OTHERS, PLANT, told
from yanlu.textkit.topic_settling import settle
from yanlu.textkit.topic_wishes import merge, mute, part, rename
from yanlu.textkit.topics import Topics, view


def settled() -> tuple[Topics, list[int], list[int]]:
    """Topics with 周阿姨's plant and 吴师傅's."""
    topics = Topics()
    here, there = told(topics, PLANT), told(topics, ELSEWHERE)
    told(topics, OTHERS + LAMPS)
    settle(topics)
    return topics, here, there


def test_a_title_that_a_person_gave_and_silence_stay_while_the_topic_grows():
    topics, here, _ = settled()
    number = topics.topic_of(here[0])
    rename(topics, number, "康兰花园搅拌站")
    mute(topics, number)
    told(topics, ("康兰花园搅拌站又在夜里生产，噪音粉尘没有人管",))
    settle(topics)
    seen = view(topics, topics.topic_of(here[0]), MONDAY)
    assert (seen.title, seen.is_muted, seen.size) == ("康兰花园搅拌站", True, 5)
    mute(topics, number, is_muted=False)
    assert not view(topics, number, MONDAY).is_muted


def test_two_topics_that_a_person_merged_stay_one_with_the_lineage_told():
    topics, here, there = settled()
    one, other = topics.topic_of(here[0]), topics.topic_of(there[0])
    merge(topics, one, other)
    changes = settle(topics)
    assert topics.topic_of(here[0]) == topics.topic_of(there[0]) in (one, other)
    assert [(change.how, change.members) for change in changes] == [("merged", 4)]
    assert [change for _, change in topics.lineage] == changes
    topics.touched |= topics.topics.keys()
    assert settle(topics) == []


def test_what_a_person_parted_is_not_merged_again_until_a_person_says_so():
    topics, here, there = settled()
    told(topics, ("康兰花园的搅拌站噪音粉尘",))
    merge(topics, topics.topic_of(here[0]), topics.topic_of(there[0]))
    settle(topics)
    both = topics.topic_of(here[0])
    part(topics, both, {topics.strand(strand) for strand in there})
    changes = settle(topics)
    assert [change.how for change in changes] == ["split"]
    apart = {topics.topic_of(here[0]), topics.topic_of(there[0])}
    assert len(apart) == 2
    topics.touched |= topics.topics.keys()
    assert settle(topics) == []
    merge(topics, *apart)
    settle(topics)
    assert topics.topic_of(here[0]) == topics.topic_of(there[0])


def test_a_topic_is_not_parted_from_nothing_or_from_all_of_itself():
    topics, here, there = settled()
    number = topics.topic_of(here[0])
    for strands in (set(), set(topics.topics[number].strands), {there[0]}):
        with pytest.raises(ValueError, match=f"not a part of topic {number}"):
            part(topics, number, strands)
    with pytest.raises(KeyError):
        rename(topics, 10**9, "none")
