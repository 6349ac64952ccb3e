"""Finds topics as the product does: ``python -m bench.grouping < settings.json``.

Labels of the tweets and the matters of the made-up stream are looked at here alone.
"""

import csv
import gzip
import json
import math
import os
import resource
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from random import Random

from sklearn.metrics import normalized_mutual_info_score

from bench.importing import SHARED
from bench.results import percentile
from bench.settings import Settings
from bench.topic_stream import Made, stream
from yanlu.textkit.topic_reading import read_all
from yanlu.textkit.topic_settling import settle, settle_if_grown
from yanlu.textkit.topic_words import Message
from yanlu.textkit.topics import Topics

TWEETS = SHARED / "streams" / "tweets.csv.gz"
#: Orders of the tweets that are tried, draws of some of their clusters, and clusters in a draw.
SHUFFLES, DRAWS, DRAWN = 3, 10, 30
#: Where the growth of the time is measured from; messages that join one by one at the end.
FEWEST, JOINED = 10_000, 3_000
#: Messages of the stream whose ids are followed, and nights.
FOLLOWED, NIGHTS = 20_000, 30

Told = tuple[str, str, list[float]]


def main() -> None:
    """Measure, print."""
    settings = Settings(**json.load(sys.stdin))
    told = [*_tweets(settings.seed), *_steadiness(settings.seed), *_growth(settings)]
    json.dump(told, sys.stdout)


def found(messages: Iterable[Message], processes: int = 1) -> tuple[Topics, list[int]]:
    """Topics of a stream in one go, and the strand of each message."""
    topics, strands = Topics(), []
    for message, said in read_all(messages, processes):
        strands.append(topics.join(message, said))
        settle_if_grown(topics)
    settle(topics)
    return topics, strands


def _tweets(seed: int) -> Iterator[Told]:
    """Normalised mutual information; messages without a topic count as one cluster."""
    if not TWEETS.exists():
        return
    with gzip.open(TWEETS, "rt", encoding="utf-8") as file:
        rows = [(row["label"], Message(row["text"])) for row in csv.DictReader(file)]
    chance = Random(seed)
    labels = sorted({label for label, _ in rows})
    draws = [set(chance.sample(labels, DRAWN)) for _ in range(DRAWS)]
    yield f"{len(rows):,} tweets, {len(labels)} clusters, in order", "NMI", [_agreement(rows)]
    shuffled = [_agreement(chance.sample(rows, len(rows))) for _ in range(SHUFFLES)]
    yield "  in any order", "NMI", shuffled
    drawn = [_agreement([row for row in rows if row[0] in draw]) for draw in draws]
    yield f"  {DRAWN} of the clusters", "NMI", drawn


def _agreement(rows: list[tuple[str, Message]]) -> float:
    topics, strands = found(message for _, message in rows)
    numbers = [topics.topic_of(strand) or 0 for strand in strands]
    return float(normalized_mutual_info_score([label for label, _ in rows], numbers))


def _steadiness(seed: int) -> Iterator[Told]:
    """Share of the members of topics that keep their id, night by night over the last month."""
    topics = Topics()
    strands: list[int] = []
    kept: list[float] = []
    first: dict[int, int] = {}
    made = list(stream(FOLLOWED, seed))
    last = made[-1].message.at
    assert last is not None
    numbers: dict[int, int] = {}
    night = None
    for one in made:
        assert one.message.at is not None
        days_left = (last - one.message.at).days
        if days_left < NIGHTS and days_left != night:
            night = days_left
            settle(topics)
            now = {place: topic for place, s in enumerate(strands) if (topic := topics.topic_of(s))}
            same = [now.get(place) == number for place, number in numbers.items()]
            kept += [sum(same) / len(same)] if same else []
            first = first or now
            numbers = now
        strands.append(topics.join(one.message))
        settle_if_grown(topics)
    lasting = [numbers.get(place) == number for place, number in first.items()]
    yield "members that keep their topic's id, a night", "", kept
    yield f"  from the first of {NIGHTS} nights to the last", "", [sum(lasting) / len(lasting)]
    yield "  topics against the matters of the stream", "NMI", [_truth(topics, strands, made)]


def _truth(topics: Topics, strands: list[int], made: list[Made]) -> float:
    pairs = [
        (one.matter, topics.topic_of(strand) or 0)
        for one, strand in zip(made, strands, strict=True)
        if one.matter >= 0
    ]
    return float(normalized_mutual_info_score(*zip(*pairs, strict=True)))


def _growth(settings: Settings) -> Iterator[Told]:
    """Seconds for more and more messages, the exponent between, memory, and single joins."""
    sizes = sorted({FEWEST, min(10 * FEWEST, settings.rows), settings.rows})
    taken: dict[int, list[float]] = {}
    for size in sizes:
        repeat = settings.repeat if size < settings.rows else 1
        runs = [_timed(size, settings.seed) for _ in range(repeat)]
        taken[size] = [seconds for seconds, _ in runs]
        topics = runs[-1][1]
        yield f"{size:,} messages from nothing", "s", taken[size]
    fastest = {size: min(seconds) for size, seconds in taken.items()}
    exponents = [
        math.log(fastest[many] / fastest[few]) / math.log(many / few)
        for few, many in pairwise(sizes)
    ]
    yield "  growth exponent", "", exponents
    yield "  peak memory", "GB", [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20]
    rates, high = _joins(topics, settings)
    yield "  then joining one by one", "/s", rates
    yield "    p95", "ms", high


def _timed(size: int, seed: int) -> tuple[float, Topics]:
    """Seconds without those in which the messages were made."""
    making = 0.0

    def messages() -> Iterator[Message]:
        nonlocal making
        made = stream(size, seed)
        while True:
            began = time.perf_counter()
            one = next(made, None)
            making += time.perf_counter() - began
            if one is None:
                return
            yield one.message

    began = time.perf_counter()
    topics, _ = found(messages(), len(os.sched_getaffinity(0)))
    return time.perf_counter() - began - making, topics


def _joins(topics: Topics, settings: Settings) -> tuple[list[float], list[float]]:
    """Joins a second and the 95th percentile in milliseconds, reading and all."""
    rates, high = [], []
    for turn in range(settings.repeat):
        new = [one.message for one in islice(stream(10 * JOINED, settings.seed + 1 + turn), JOINED)]
        times = []
        for message in new:
            began = time.perf_counter()
            topics.join(message)
            times.append(time.perf_counter() - began)
        rates.append(len(times) / sum(times))
        high.append(1000 * percentile(times, 0.95))
    return rates, high


if __name__ == "__main__":
    main()
