"""Settling topics, every night: what has become alike is merged, strands that fell out leave.

Only centres are looked at, and only those of topics that changed since the last time. Merging is
agglomerative with centroid linkage: the two that are most alike first, each merger compared anew
(Sneath and Sokal, Numerical Taxonomy, 1973). A strand leaves when it is less like the rest of its
topic than `LEAVE`, which lies well below `MERGE`, so that nothing goes to and fro.
"""

import heapq
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from yanlu.textkit.topic_centres import CENTRE_WORDS, Centre, strongest
from yanlu.textkit.topic_heat import forget_faint
from yanlu.textkit.topic_kin import name_parents
from yanlu.textkit.topic_lineage import Change, inherit
from yanlu.textkit.topics import STRANDS, Topic, Topics

#: Likeness from which two topics are one, and below which a strand is none of its topic.
MERGE: Final = 0.15
LEAVE: Final = 0.06
#: Messages alone that are remembered; of more, the oldest start no topic any more.
LONERS: Final = 150_000
#: Share and number of messages by which a stream grows before it is worth settling in passing.
GROWTH: Final = 0.2
FEWEST: Final = 1_000


def settle_if_grown(topics: Topics) -> list[Change]:
    """Settle if so many came since the last time that centres have moved; for a stream in one go.

    The times between grow with the stream, so that all settling together costs a share of it.
    Messages alone are left to `settle`: they were compared when they came.
    """
    if topics.joined - topics.settled < max(FEWEST, GROWTH * topics.settled):
        return []
    touched = topics.touched & topics.topics.keys()
    several = {number for number in touched if topics.topics[number].centre.size > 1}
    topics.touched = touched - several
    return _regroup(topics, several, topics.clock)


def settle(topics: Topics, now: datetime | None = None) -> list[Change]:
    """Merge and split what changed, name parents; return which members moved to another topic."""
    changes = _regroup(topics, topics.touched & topics.topics.keys(), now or topics.clock)
    topics.touched.clear()
    name_parents(topics)
    return changes


def _regroup(topics: Topics, touched: set[int], now: datetime) -> list[Change]:
    before: dict[int, int] = {}
    for number in sorted(touched):
        _let_leave(topics, number, before, touched)
    _merge(topics, touched, before)
    # That a message alone joined others is no change of a topic.
    changes = [change for change in _renumber(topics, before) if change.was_a_topic]
    for number in sorted(touched & topics.topics.keys()):
        _tidy(topics, number, now)
    _forget_loners(topics)
    topics.lineage += ((now, change) for change in changes)
    topics.settled = topics.joined
    return changes


def _let_leave(topics: Topics, number: int, before: dict[int, int], touched: set[int]) -> None:
    """Make topics of their own of strands that are not like the rest, or that people want apart."""
    topic = topics.topics[number]
    if len(topic.strands) == 1:
        return
    by_size = sorted(topic.strands, key=lambda one: (topics.strands[one].size, one))
    for strand in by_size[:-1]:
        centre = topics.strands[strand].centre
        rest = topic.centre.without(centre)
        if _must_leave(topics, strand, topic) or (
            not topics.together.get(strand) and rest.likeness(centre.portrait()) < LEAVE
        ):
            _note(before, topic.strands, number)
            topic.strands.remove(strand)
            topic.centre = rest
            _own_number(topics, Topic([strand], centre), touched)
    topics.adopt(number, topic)


def _must_leave(topics: Topics, strand: int, topic: Topic) -> bool:
    return not topics.apart.get(strand, set()).isdisjoint(topic.strands)


def _note(before: dict[int, int], strands: list[int], number: int) -> None:
    """Write down to which topic strands belonged before the first change."""
    for strand in strands:
        before.setdefault(strand, number)


def _own_number(topics: Topics, topic: Topic, touched: set[int]) -> None:
    number, topics.next_topic = topics.next_topic, topics.next_topic + 1
    topics.adopt(number, topic)
    topics.index.add(number, topic.centre.portrait().words)
    touched.add(number)


def _merge(topics: Topics, touched: set[int], before: dict[int, int]) -> None:
    """Merge what people want together, then what is alike, the most alike first."""
    heads: dict[int, int] = {}
    for strand, others in topics.together.items():
        for other in others:
            pair = [topics.strand(strand), topics.strand(other)]
            if all(pair):
                one, two = (topics.strands[number].topic for number in pair)
                _unite(topics, one, two, heads, before, touched)
    queue = list(_alike(topics, touched))
    heapq.heapify(queue)
    while queue:
        promised, one, other = heapq.heappop(queue)
        one, other = _head(heads, one), _head(heads, other)
        likeness = _likeness(topics, one, other) if one != other else 0.0
        if likeness < MERGE:
            continue
        if likeness < -promised:  # others may be more alike by now
            heapq.heappush(queue, (-likeness, one, other))
        else:
            _unite(topics, one, other, heads, before, touched)


def _unite(
    topics: Topics, one: int, other: int,
    heads: dict[int, int], before: dict[int, int], touched: set[int],
) -> None:  # fmt: skip
    """Put the smaller of two topics into the larger."""
    if one == other:
        return
    if topics.topics[one].centre.size < topics.topics[other].centre.size:
        one, other = other, one
    for number in (one, other):
        _note(before, topics.topics[number].strands, number)
    _absorb(topics, one, other)
    heads[other] = one
    touched.add(one)


def _alike(topics: Topics, touched: set[int]) -> Iterator[tuple[float, int, int]]:
    """Pairs that may be merged, with how unlike they are."""
    for number in sorted(touched & topics.topics.keys()):
        portrait = topics.topics[number].centre.portrait()
        for other in topics.index.near(portrait.words):
            if other != number:
                likeness = topics.topics[other].centre.likeness(portrait)
                if likeness >= MERGE:
                    yield -likeness, min(number, other), max(number, other)


def _likeness(topics: Topics, one: int, other: int) -> float:
    """How alike two topics are, 0 if people want them apart."""
    mine, theirs = topics.topics[one], topics.topics[other]
    if any(_must_leave(topics, strand, theirs) for strand in mine.strands):
        return 0.0
    return mine.centre.likeness(theirs.centre.portrait())


def _head(heads: dict[int, int], number: int) -> int:
    while number in heads:
        number = heads[number]
    return number


def _absorb(topics: Topics, one: int, other: int) -> None:
    """Put all strands of *other* into *one*."""
    topic, gone = topics.topics[one], topics.topics.pop(other)
    del topics.index.centres[other]
    if len(topic.strands) == 1:
        own = Centre()
        own.absorb(topic.centre)
        topic.centre = own
    topic.centre.absorb(gone.centre)
    topic.strands += gone.strands
    topic.title = topic.title or gone.title
    topics.adopt(one, topic)


def _renumber(topics: Topics, before: dict[int, int]) -> list[Change]:
    """Give each topic that came of others the number that is its due."""
    after = {strand: topics.strands[strand].topic for strand in before}
    members = {strand: topics.strands[strand].size for strand in before}
    ids, changes = inherit(before, after, members, topics.next_topic)
    moved = {group: topics.topics[group] for group, number in ids.items() if group != number}
    for group in moved:
        del topics.topics[group], topics.index.centres[group]
    for group, topic in moved.items():
        topics.adopt(ids[group], topic)
        topics.next_topic = max(topics.next_topic, ids[group] + 1)
        topics.index.add(ids[group], topic.centre.portrait().words)
    return changes


def _tidy(topics: Topics, number: int, now: datetime) -> None:
    """Keep the strands few, the voices those that are heard, and the centre where it is found."""
    topic = topics.topics[number]
    while len(topic.strands) > STRANDS and _fuse_smallest(topics, topic):
        pass
    if len(topic.strands) > 1 or topic.centre.size > 1:
        topics.index.add(number, strongest(topic.centre.words, CENTRE_WORDS))
    for strand in topic.strands:
        held = topics.strands[strand]
        held.sources = forget_faint(held.sources, now)
        held.texts = forget_faint(held.texts, now)


def _fuse_smallest(topics: Topics, topic: Topic) -> bool:
    """Make one of the smallest strand and the one most like it; not of those people decided on."""
    loose = [one for one in topic.strands if one not in topics.apart | topics.together]
    if len(loose) < 2:
        return False
    smallest = min(loose, key=lambda one: (topics.strands[one].size, one))
    portrait = topics.strands[smallest].centre.portrait()
    loose.remove(smallest)
    topic.strands.remove(smallest)
    nearest = max(loose, key=lambda one: topics.strands[one].centre.likeness(portrait))
    topics.strands[nearest].take(topics.strands.pop(smallest))
    topics.became[smallest] = nearest
    return True


def _forget_loners(topics: Topics) -> None:
    """Let the oldest messages go that nobody joined, once there are a quarter too many."""
    loners = [n for n, topic in topics.topics.items() if topics.size(n) == 1 and not topic.title]
    if len(loners) <= LONERS * 5 // 4:
        return
    for number in sorted(loners)[:-LONERS]:
        for strand in topics.topics.pop(number).strands:
            del topics.strands[strand]
        del topics.index.centres[number]
    topics.index.sweep()
