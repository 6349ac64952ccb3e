"""A made-up stream of messages with known matters: a board's sentences at made-up places.

Matters are as uneven as in life (Zipf), each at a place of its own, heard for some weeks after it
begins; several phrasings take other sentences of the same message, in another order, with a
sentence from elsewhere. `ALONE` of the messages are about nothing that anybody else says. Without
the board, sentences are those of `bench.texts`.
"""

import csv
import gzip
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final, NamedTuple

from bench.importing import BOARD
from bench.texts import ENDINGS, SUBJECTS
from yanlu.textkit.topic_words import Message

#: Messages of the stream for each matter, and share that belong to none.
A_MATTER: Final = 20
ALONE: Final = 0.3
#: Days from a matter's beginning to its last word, on average.
HEARD_FOR: Final = 14
#: The stream takes a year, however long it is.
DAYS: Final = 365
START: Final = datetime(2020, 1, 1, tzinfo=UTC)

_SYLLABLES: Final = "安柏昌岱恩芳谷弘嘉康兰茂宁沛庆瑞盛泰婉熙雅泽卓梓澜瑶溪桐枫棠"
_KINDS: Final = ("小区", "花园", "新村", "家园", "路", "街道", "小学", "广场")
_SENTENCE: Final = re.compile(r"[^。！？!?；;\n]{6,}")
_MASKED: Final = re.compile(r"[A-Z]\d*[市区县]")


class Matter(NamedTuple):
    """One trouble at one place."""

    title: str
    sentences: list[str]
    place: str


class Made(NamedTuple):
    """A message and the number of its matter, -1 for none."""

    message: Message
    matter: int


def stream(count: int, seed: int) -> Iterator[Made]:
    """Yield *count* messages in order of time; the same for the same *count* and *seed*."""
    chance = Random(seed)
    spoken = _spoken()
    plan = sorted(_plan(chance, count))
    matters = [_matter(chance, spoken) for _ in range(count // A_MATTER + 1)]
    for day, number in plan:
        matter = matters[number] if number >= 0 else _alone(chance, spoken)
        at = START + timedelta(days=day)
        source = f"{chance.randrange(count)}"
        yield Made(_message(chance, matter, spoken, at, source), number)


def _plan(chance: Random, count: int) -> Iterator[tuple[float, int]]:
    """When something is said, and about which matter."""
    number = count // A_MATTER + 1
    begins = [chance.random() * DAYS for _ in range(number)]
    weights = [1 / (rank + 10) for rank in range(number)]
    together = round(count * (1 - ALONE))
    for matter in chance.choices(range(number), weights, k=together):
        yield min(begins[matter] + chance.expovariate(1 / HEARD_FOR), DAYS), matter
    for _ in range(count - together):
        yield chance.random() * DAYS, -1


def _spoken() -> list[tuple[str, list[str]]]:
    """Titles and sentences, by message."""
    if not BOARD.exists():
        return [(title, [what, *ENDINGS]) for title, what in SUBJECTS]
    with gzip.open(BOARD, "rt", encoding="utf-8") as file:
        rows = [(row["title"], _SENTENCE.findall(row["body"])) for row in csv.DictReader(file)]
    return [(_MASKED.sub("", title), said) for title, said in rows if said]


def _matter(chance: Random, spoken: list[tuple[str, list[str]]]) -> Matter:
    title, sentences = chance.choice(spoken)
    return Matter(title, sentences, _place(chance))


def _alone(chance: Random, spoken: list[tuple[str, list[str]]]) -> Matter:
    """Half of one message and half of another."""
    (title, said), (_, other) = chance.choice(spoken), chance.choice(spoken)
    return Matter(title, said[: len(said) // 2] + other[len(other) // 2 :], _place(chance))


def _place(chance: Random) -> str:
    return "".join(chance.sample(_SYLLABLES, chance.randint(2, 3))) + chance.choice(_KINDS)


def _message(
    chance: Random, matter: Matter, spoken: list[tuple[str, list[str]]], at: datetime, source: str
) -> Message:
    said = chance.sample(matter.sentences, min(len(matter.sentences), chance.randint(2, 5)))
    said.insert(chance.randint(0, len(said)), chance.choice(chance.choice(spoken)[1]))
    title = f"{matter.place}{matter.title}" if chance.random() < 0.7 else matter.title
    text = f"{matter.place}，{'。'.join(said)}。"
    return Message(text, title, "", at, source)
