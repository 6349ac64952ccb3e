"""What residents say becomes topics: one for a matter at a place, whatever the words and the order."""

import csv
import gzip
import os
import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sklearn.metrics import normalized_mutual_info_score

from yanlu.textkit.topic_reading import read_all
from yanlu.textkit.topic_settling import settle, settle_if_grown
from yanlu.textkit.topic_words import Message, read
from yanlu.textkit.topics import STRANDS, Topics, view

SHARED = Path(os.environ.get("YANLU_SHARED_DATA", Path(__file__).parents[5] / "shared" / "data"))
TWEETS = SHARED / "streams" / "tweets.csv.gz"

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
#: 周阿姨 and her neighbours about the mixing plant at their estate, in words of their own.
PLANT = (
    "康兰花园旁边的搅拌站夜里噪音很大，粉尘飘进窗户，老人咳嗽",
    "投诉康兰花园附近搅拌站粉尘污染，噪音扰民",
    "康兰花园小区的搅拌站没有手续，粉尘和噪音谁来管",
    "反映搅拌站在康兰花园边上生产，粉尘太大，噪音睡不着",
)
#: 吴师傅's estate has such a plant, too.
ELSEWHERE = tuple(text.replace("康兰花园", "梓溪新村") for text in PLANT)
LAMPS = (
    "友谊路三十五弄门口的路灯坏了三天，晚上看不清路",
    "友谊路三十五弄路灯不亮，晚上走路看不清",
)
OTHERS = (
    "咨询居住证到期以后怎么续签",
    "建议早高峰加密公交班次，站台上挤不上去",
    "健身广场的器材该换新的",
    "孩子上小学的学区怎么划分",
    "物业费涨价没有征求业主意见",
    "养老金年审去哪里办",
)


def told(topics: Topics, texts: tuple[str, ...], at: datetime = MONDAY) -> list[int]:
    return [topics.join(Message(text, at=at, source=text[::2])) for text in texts]


def topics_of(topics: Topics, strands: list[int]) -> set[int | None]:
    return set(map(topics.topic_of, strands))


def test_several_phrasings_of_a_matter_at_a_place_are_one_topic_and_elsewhere_another():
    topics = Topics()
    here, there = told(topics, PLANT), told(topics, ELSEWHERE)
    alone = told(topics, OTHERS)
    settle(topics)
    (one,), (other,) = topics_of(topics, here), topics_of(topics, there)
    assert one != other
    assert None not in (one, other)
    assert topics_of(topics, alone) == {None}
    parents = {topics.topics[number].parent for number in (one, other)}
    assert len(parents) == 1
    assert None not in parents


def test_the_order_in_which_words_arrive_does_not_decide_what_a_topic_is():
    for seed in range(5):
        topics = Topics()
        texts = [*PLANT, *ELSEWHERE, *LAMPS, *OTHERS]
        Random(seed).shuffle(texts)
        strand = dict(zip(texts, told(topics, tuple(texts)), strict=True))
        settle(topics)
        for matter in (PLANT, ELSEWHERE, LAMPS):
            assert len(topics_of(topics, [strand[text] for text in matter])) == 1


def test_where_a_message_has_a_place_of_its_own_its_words_need_none():
    topics = Topics()
    here = [topics.join(Message("路灯坏了三天没有人修", place="安泽花园", at=MONDAY)) for _ in "ab"]
    there = topics.join(Message("路灯坏了三天没有人修", place="恩瑞新村", at=MONDAY))
    settle(topics)
    assert len(topics_of(topics, here)) == 1
    assert topics.topic_of(there) is None


def test_a_topic_is_told_by_its_most_typical_words_its_place_and_when_it_began():
    topics = Topics()
    told(topics, OTHERS)
    (strand, *_) = told(topics, PLANT)
    told(topics, LAMPS)
    settle(topics)
    seen = view(topics, topics.topic_of(strand), MONDAY + timedelta(days=1))
    assert seen.title in PLANT
    assert {"搅拌站", "粉尘"} <= set(seen.words)
    assert any("康兰" in place for place in seen.places)
    assert (seen.size, seen.first, seen.trend) == (4, MONDAY, (4, 0))
    assert {sample.heading for sample in seen.typical} <= set(PLANT)


def test_a_hundred_thousand_copies_of_one_text_are_one_topic_that_does_not_boil_over():
    topics = Topics()
    spam = read(Message(LAMPS[0]))
    strands = {
        topics.join(Message(LAMPS[0], at=MONDAY, source=source), spam)
        for source in ["robot"] * 5_000 + [f"robot {n}" for n in range(5_000)]
    }
    plant = told(topics, PLANT)
    settle(topics, MONDAY)
    assert len(strands) == 1
    copied = view(topics, topics.topic_of(strands.pop()), MONDAY)
    assert copied.size == 10_000
    assert copied.heat.value < 14
    assert copied.heat.by_source > 5_000
    assert view(topics, topics.topic_of(plant[0]), MONDAY).heat.value == pytest.approx(4)


def test_clocks_that_jump_do_no_harm():
    topics = Topics()
    now = MONDAY + timedelta(hours=1)
    for text, at in zip(PLANT, (MONDAY, MONDAY.replace(year=2099), MONDAY.replace(year=1971), None),
                        strict=True):  # fmt: skip
        strand = topics.join(Message(text, at=at), now=now)
    settle(topics, now)
    seen = view(topics, topics.topic_of(strand), now)
    assert seen.size == 4
    assert 2.9 < seen.heat.value <= 3
    assert topics.clock == now


def test_an_empty_stream_and_empty_words_make_no_topic():
    topics = Topics()
    assert settle(topics) == []
    strands = [topics.join(Message(text)) for text in ("", "。。。", "的", "\ud800")]
    settle(topics)
    assert all(len(topics_of(topics, [strand])) == 1 for strand in strands)
    assert Topics().topic_of(1) is None


def test_the_state_is_kept_in_a_file_and_goes_on_where_it_was():
    kept = Topics()
    told(kept, PLANT[:2])
    again = pickle.loads(pickle.dumps(kept))  # noqa: S301 - written in the same line
    for topics in (kept, again):
        told(topics, PLANT[2:] + OTHERS)
        settle(topics)
    assert {n: t.strands for n, t in kept.topics.items()} == {
        n: t.strands for n, t in again.topics.items()
    }
    assert kept.topics.keys() == again.index.centres.keys()


def test_what_was_taken_back_is_not_shown_any_more():
    topics = Topics()
    strands = [topics.join(Message(text, at=MONDAY, key=text[:4])) for text in LAMPS]
    topics.join(Message(PLANT[0], at=MONDAY, key="plant"))
    number = topics.topic_of(strands[0])
    topics.forget(LAMPS[0][:4])
    assert LAMPS[0] not in {sample.heading for sample in view(topics, number, MONDAY).typical}


def test_a_growing_stream_is_settled_in_passing_and_its_topics_stay_few_strands():
    topics = Topics()
    chance = Random(7)
    words = ("路灯", "楼道", "垃圾", "停车", "噪音", "漏水", "电梯", "绿化", "油烟", "积水")
    for number in range(2_500):
        text = "，".join(chance.sample(words, 4)) + f"第{number % 50}次"
        topics.join(Message(text, at=MONDAY + timedelta(minutes=number)))
        settle_if_grown(topics)
    settle(topics)
    assert all(len(topic.strands) <= STRANDS for topic in topics.topics.values())
    assert sum(map(topics.size, topics.topics)) == 2_500


def test_reading_by_several_processes_gives_the_same_in_the_same_order():
    messages = [Message(f"{text}{n}") for n in range(300) for text in OTHERS]
    assert list(read_all(messages, 2)) == list(read_all(messages, 1))


@pytest.mark.skipif(not TWEETS.exists(), reason=f"no shared data here: {TWEETS}")
def test_tweets_fall_into_their_topics_without_being_told_how_many():
    with gzip.open(TWEETS, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    topics = Topics()
    strands = []
    for row in rows:
        strands.append(topics.join(Message(row["text"], at=MONDAY)))
        settle_if_grown(topics)
    settle(topics)
    found = [topics.topic_of(strand) or 0 for strand in strands]
    labels = [row["label"] for row in rows]
    assert normalized_mutual_info_score(labels, found) >= 0.87
