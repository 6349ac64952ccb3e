"""The same matter at several places: topics that have a parent in common.

Topics are grouped by what they say but for where: each, the largest first, joins the group that it
is most like by `KIN` or more, or begins one. A group of several topics is their parent, which keeps
its number as topics do (`yanlu.textkit.topic_lineage`).
"""

from collections import Counter
from typing import Final

from yanlu.textkit.topic_centres import Centre, Index, Portrait, unit
from yanlu.textkit.topic_lineage import inherit
from yanlu.textkit.topics import Topics

#: Likeness of matters from which topics are kin.
KIN: Final = 0.4


def name_parents(topics: Topics) -> None:
    """Give each topic of two messages or more its parent, None to one that has no kin."""
    sizes = {number: topics.size(number) for number in topics.topics}
    known = sorted((n for n in sizes if sizes[n] > 1), key=lambda n: (-sizes[n], n))
    groups = _grouped(topics, known)
    several = Counter(groups.values())
    after = {number: group for number, group in groups.items() if several[group] > 1}
    before = {n: parent for n in after if (parent := topics.topics[n].parent) is not None}
    ids, _ = inherit(before, {n: after[n] for n in before}, sizes, topics.next_topic)
    topics.next_topic = max([topics.next_topic, *(1 + number for number in ids.values())])
    for group in sorted(set(after.values()) - ids.keys()):
        ids[group], topics.next_topic = topics.next_topic, topics.next_topic + 1
    for number, topic in topics.topics.items():
        topic.parent = ids[after[number]] if number in after else None


def _grouped(topics: Topics, known: list[int]) -> dict[int, int]:
    """The group of each topic."""
    index = Index({})
    groups: dict[int, int] = {}
    for number in known:
        portrait = _matter(topics.topics[number].centre)
        group, likeness = index.nearest(portrait)
        if likeness < KIN:
            group = number
            index.centres[group] = Centre()
        index.centres[group].add(portrait)
        index.add(group, portrait.words)
        groups[number] = group
    return groups


def _matter(centre: Centre) -> Portrait:
    """What a topic says but for where."""
    words = centre.portrait().words
    return Portrait(unit({w: weight for w, weight in words.items() if w not in centre.places}), {})
