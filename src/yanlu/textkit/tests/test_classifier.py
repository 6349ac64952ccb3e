"""What a model learns from examples, told with a few streets' worth of messages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanlu.textkit import measures, model_files
from yanlu.textkit.classifier import Classifier, TooFewExamples, train
from yanlu.textkit.features import COLUMNS, Sample, count, fit, piece_columns
from yanlu.textkit.matcher import fold
from yanlu.textkit.model_files import Card, ModelUnusable
from yanlu.textkit.near_duplicates import groups_of

OPENINGS = (
    "友谊路一带的居民都知道，",
    "我住在月浦一村已经八年，",
    "昨晚从顾村公园走回家，",
    "牡丹江路靠近菜场那头，",
    "罗南新村北门外面，",
)
ENDINGS = (
    "请有关部门尽快来看看。",
    "打过电话没人管，很着急。",
    "老人孩子进出都不方便！",
    "希望给一个明确的答复。",
    "拖下去迟早要出事情的。",
)
SYMPTOMS = {
    "lights": ("路灯坏了好几盏没人修，", "整条路漆黑一片看不见脚下，", "灯杆歪了，灯泡忽明忽暗，", "路灯从去年冬天起就不亮，", "照明线路被挖断以后没接上，"),
    "parking": ("下班回来根本找不到车位，", "消防通道里停满了小汽车，", "人行道上乱停车，推车过不去，", "车位被物业高价卖给外面的人，", "停车费突然涨到两倍多，"),
    "noise": ("工地半夜还在打桩，睡不着，", "广场舞音响开得震天响，", "楼上装修电钻从早响到晚，", "夜宵摊喧哗到凌晨三点钟，", "空调外机轰鸣影响休息，"),
}  # fmt: skip


def examples() -> tuple[list[Sample], list[str]]:
    """Twenty-five messages a label; no two have more than one of their three parts in common."""
    rows = [
        (Sample(OPENINGS[i] + symptoms[j] + ENDINGS[(i + j) % 5]), label)
        for label, symptoms in SYMPTOMS.items()
        for i in range(5)
        for j in range(5)
    ]
    return [sample for sample, _label in rows], [label for _sample, label in rows]


@pytest.fixture(scope="module")
def model() -> Classifier:
    return train(*examples())


def test_what_was_learned_is_found_in_other_words_and_explained(model):
    (first, *_rest), *_ = model.rank([Sample("吴淞新城这边路灯坏了，走路看不清")])
    assert first.key == "lights"
    assert first.confidence > 0.5
    assert "路灯" in [match.word for match in first.matches]
    assert all(match.points > 0 for match in first.matches)


def test_the_likeliest_come_first_and_all_of_them_add_up_to_one(model):
    (ranked,) = model.rank([Sample("小区停车难，车位被占")], k=3)
    assert ranked[0].key == "parking"
    assert [one.confidence for one in ranked] == sorted(
        (one.confidence for one in ranked), reverse=True
    )
    assert sum(one.confidence for one in ranked) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("text", ["", " ", "😀😀😀", "Русский текст", "=cmd|' /C calc'!A0", "\x00"])
def test_what_says_nothing_is_ranked_without_reasons_and_without_fault(model, text):
    (ranked,) = model.rank([Sample(text)])
    assert len(ranked) == 3
    assert all(0 <= one.confidence <= 1 for one in ranked)


def test_a_hundred_thousand_characters_are_read_so_far_as_matters(model):
    (ranked,) = model.rank([Sample("路灯坏了。" * 20_000)])
    assert ranked[0].key == "lights"


def test_the_same_examples_give_the_same_model(model):
    again = train(*examples())
    assert np.array_equal(again.weights, model.weights)
    assert again.stretch == model.stretch


def test_two_labels_are_enough_and_one_is_not():
    samples, labels = examples()
    two = [row for row, label in enumerate(labels) if label != "noise"]
    model = train([samples[row] for row in two], [labels[row] for row in two])
    assert model.rank([samples[two[0]]])[0][0].key == labels[two[0]]
    with pytest.raises(TooFewExamples):
        train(samples[:1] * 50, ["lights"] * 50)


def test_a_form_letter_sent_fifty_times_counts_as_one_example():
    samples, labels = examples()
    letter = Sample("我们全体业主要求更换物业公司，" * 5)
    model = train([*samples, *[letter] * 50], [*labels, *["property"] * 50])
    assert "property" not in model.labels


def test_facts_speak_where_words_do_not():
    samples = [Sample("请处理", facts={f"street:{row % 2}": 1.0}) for row in range(40)]
    texts = [
        Sample(f"{sample.text}{row}号", facts=sample.facts) for row, sample in enumerate(samples)
    ]
    model = train(texts, [f"unit {row % 2}" for row in range(40)])
    assert model.rank([Sample("请处理", facts={"street:1": 1.0})])[0][0].key == "unit 1"


# --- files


def test_a_model_is_read_back_as_it_was_written(model, tmp_path):
    card = model_files.save(
        tmp_path, Card("v1", "categories:seven", "2026-11-26", 72), model.as_arrays()
    )
    kept, arrays = model_files.load(tmp_path, "v1")
    assert kept == card
    samples, _labels = examples()
    assert np.array_equal(Classifier.from_arrays(arrays).believe(samples), model.believe(samples))


def test_a_model_whose_columns_stand_for_something_else_is_not_read(model):
    with pytest.raises(ValueError, match="make"):
        Classifier.from_arrays({**model.as_arrays(), "make": np.array(1)})


@pytest.mark.parametrize("harm", ["cut", "altered", "missing", "no card", "nonsense card"])
def test_a_harmed_file_is_noticed_before_it_decides(model, tmp_path, harm):
    model_files.save(tmp_path, Card("v1", "categories:seven", "2026-11-26", 72), model.as_arrays())
    numbers, card = tmp_path / "v1.npz", tmp_path / "v1.json"
    match harm:
        case "cut":
            numbers.write_bytes(numbers.read_bytes()[:-100])
        case "altered":
            numbers.write_bytes(numbers.read_bytes()[:-1] + b"!")
        case "missing":
            numbers.unlink()
        case "no card":
            card.unlink()
        case "nonsense card":
            card.write_text('{"version": 1}')
    with pytest.raises(ModelUnusable):
        model_files.load(tmp_path, "v1")


# --- features, as properties

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=70))
def test_a_text_gives_the_same_counts_alone_and_among_others(texts):
    together = count([Sample(text) for text in texts])
    for row, text in enumerate(texts):
        alone = count([Sample(text)])
        assert (together[row] != alone[0]).nnz == 0
    assert together.shape == (len(texts), COLUMNS)


@settings(deadline=None)
@given(text=TEXTS)
def test_every_piece_is_counted_once_for_each_time(text):
    folded = Sample(text).folded
    pieces = sum(len(piece_columns(folded, length)) for length in (1, 2, 3))
    assert count([Sample(text)]).sum() == pieces


def test_rows_have_length_one_in_each_block():
    samples, _labels = examples()
    counts = count(samples)
    rows = fit(counts).weigh(counts)
    assert np.allclose(np.sqrt(rows.multiply(rows).sum(axis=1)), np.sqrt(2))


# --- near-duplicates


def test_a_letter_with_another_name_in_it_is_nearly_the_same():
    letter = "我们小区的电梯三天两头出故障，物业说没有维修资金，请有关部门督促物业尽快修理电梯。"
    texts = [
        letter,
        letter.replace("三天两头", "经常"),
        f"【转】{letter}",
        "路灯坏了请来修",
        "",
        letter,
    ]
    groups = groups_of([fold(text) for text in texts])
    assert len({groups[0], groups[1], groups[2], groups[5]}) == 1
    assert len({groups[0], groups[3], groups[4]}) == 3


# --- measures


def test_figures_of_a_small_table_are_those_of_the_book():
    believed = np.array([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6], [0.3, 0.7]])
    figures = measures.measure(["a", "b"], believed, ["a", "b", "b", "b"])
    assert figures.accuracy == 0.75
    assert figures.labels["a"].f1 == pytest.approx(2 / 3)
    assert figures.labels["b"].f1 == pytest.approx(0.8)
    assert figures.macro_f1 == pytest.approx((2 / 3 + 0.8) / 2)
    assert figures.coverage == 0.25


def test_a_label_that_the_model_never_saw_counts_as_missed():
    figures = measures.measure(["a"], np.array([[1.0], [1.0]]), ["a", "new"])
    assert figures.labels["new"].recall == 0
    assert figures.macro_f1 == pytest.approx(figures.labels["a"].f1 / 2)


@given(
    answers=st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=300),
    rate=st.floats(0.01, 0.5),
)
def test_above_the_threshold_no_more_are_wrong_than_was_stated(answers, rate):
    sure = np.array([confidence for confidence, _right in answers])
    is_right = np.array([right for _confidence, right in answers])
    chosen = is_right[sure >= measures.threshold(sure, is_right, rate)]
    # Of several equally sure answers the threshold takes all.
    ties = max(np.unique(sure, return_counts=True)[1])
    assert (~chosen).sum() <= rate * len(chosen) + ties - 1


def test_ten_lucky_answers_open_no_door():
    assert measures.threshold(np.full(10, 0.99), np.full(10, True), 0.05) > 1
    assert measures.threshold(np.full(100, 0.99), np.full(100, True), 0.05) == 0.99
