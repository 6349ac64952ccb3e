"""Which topic is which after topics were merged or split: ids stay with most of the members.

A new topic takes the id of the old one from which it has most members, if most (more than half) of
that old one's members are in it; otherwise it gets a new id. So no id stands for two topics, and
the members that change their id are always the smaller part.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple


class Change(NamedTuple):
    """What became of a topic: *members* of topic *old* are now in topic *new*."""

    old: int
    new: int
    members: int
    #: "merged" where the old topic is gone, "split" where it goes on without them.
    how: str

    @property
    def was_a_topic(self) -> bool:
        """Whether the old topic had more than one message."""
        return self.members > 1 or self.how == "split"


def inherit(
    before: Mapping[int, int], after: Mapping[int, int], members: Mapping[int, int], free: int
) -> tuple[dict[int, int], list[Change]]:
    """Return the id of each new group, and what changed.

    :param before: the topic of each strand, *after* its group now, *members* how many it has.
    :param free: the first id that no topic has ever had.
    """
    shared: dict[int, Counter[int]] = defaultdict(Counter)
    whole: Counter[int] = Counter()
    for strand, group in after.items():
        shared[group][before[strand]] += members[strand]
        whole[before[strand]] += members[strand]
    ids: dict[int, int] = {}
    for group in sorted(shared):
        heir = _heir(shared[group], whole)
        if heir is None:
            heir, free = free, free + 1
        ids[group] = heir
    return ids, sorted(_changes(shared, ids))


def _heir(shared: Counter[int], whole: Counter[int]) -> int | None:
    """The old topic whose id a group takes."""
    kept = [old for old, part in shared.items() if 2 * part > whole[old]]
    return max(kept, key=lambda old: (shared[old], -old), default=None)


def _changes(shared: Mapping[int, Counter[int]], ids: Mapping[int, int]) -> Iterator[Change]:
    alive = set(ids.values())
    for group, parts in shared.items():
        for old, part in parts.items():
            if ids[group] != old:
                yield Change(old, ids[group], part, "split" if old in alive else "merged")
