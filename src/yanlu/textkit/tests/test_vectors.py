"""Vectors find what is alike, the same everywhere, and a model's file is what its card says."""

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanlu.kernel import clock
from yanlu.textkit import vectors

LAMP, LAMP_AGAIN = "小区门口的路灯坏了，晚上看不清", "路灯坏了，小区门口晚上很黑看不清"
NOISE = "工地夜里十一点还在打桩"
MANY = [f"{LAMP}{n}" if n % 2 else f"{NOISE}第{n}次" for n in range(vectors.FEWEST)]
AT = datetime(2021, 7, 7, 9, tzinfo=clock.ZONE)


@pytest.fixture(scope="module")
def learnt() -> vectors.Vectors:
    return vectors.learn(MANY, dimensions=8)


@pytest.mark.parametrize("made", ["cold", "learnt"])
def test_what_is_alike_points_the_same_way(made, learnt):
    model = vectors.cold_start() if made == "cold" else learnt
    lamp, again, noise = model.embed([LAMP, LAMP_AGAIN, NOISE])
    assert lamp @ again > lamp @ noise + 0.2


def test_the_first_day_is_the_same_everywhere():
    (vector,) = vectors.cold_start().embed([LAMP])
    assert vectors.cold_start().version == "projection-1"
    assert np.sign(vector[:8]).tolist() == [-1, 1, -1, 1, -1, 1, -1, 1]


def test_learning_twice_from_the_same_words_gives_the_same_model(learnt):
    assert vectors.learn(MANY, dimensions=8).version == learnt.version


def test_too_few_words_are_no_usage():
    with pytest.raises(ValueError, match="too few"):
        vectors.learn(MANY[:10])


def test_a_rare_word_tells_more_than_one_that_everybody_uses(learnt):
    assert learnt.weigh("电梯") > learnt.weigh("路灯")
    assert vectors.cold_start().weigh("的") < vectors.cold_start().weigh("灯")


@given(st.lists(st.text(max_size=30), max_size=4))
def test_every_text_has_a_vector_of_length_one_or_nothing(texts):
    made = vectors.cold_start().embed(texts)
    assert made.shape == (len(texts), vectors.DIMENSIONS)
    for length in np.linalg.norm(made, axis=1):
        assert length == pytest.approx(1, abs=1e-5) or length == 0


def test_a_model_comes_back_as_it_was_kept(learnt):
    found = vectors.Vectors.from_arrays(learnt.version, learnt.as_arrays())
    assert found.version == learnt.version
    assert np.allclose(found.embed([LAMP]), learnt.embed([LAMP]), atol=1e-2)


@pytest.mark.parametrize("damage", [{"weights": np.ones(3)}, {"directions": np.ones((3, 8))}])
def test_what_is_of_another_make_is_refused(learnt, damage):
    with pytest.raises(ValueError, match="another make"):
        vectors.Vectors.from_arrays("svd-1", {**learnt.as_arrays(), **damage})
