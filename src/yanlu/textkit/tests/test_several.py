"""One letter, three complaints: where residents count, and where they only turn a phrase."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanlu.textkit.matcher import fold
from yanlu.textkit.several import parts


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1、路灯不亮三天了；2、小区停车太难了。", 2),
        ("您好：一是路灯坏了很久，二是楼下饭店油烟大，三是公交车太少。", 3),
        ("第一，垃圾没有人清运；第二，物业费又涨了。", 2),
        ("（一）楼道堆满杂物。（二）电梯经常停运。", 2),
        ("楼道堆物没有人管。另外，门口的路灯也不亮。", 2),
        ("樓道堆物沒有人管。還有一件事，門口的路燈不亮。", 2),
    ],
)
def test_who_counts_or_turns_says_several(text, count):
    assert len(parts(fold(text))) == count


@pytest.mark.parametrize(
    "text",
    [
        "只是一件事，请来修路灯。",
        "一来二去就吵起来了。",
        "1.5米高的草没人割。",
        "另外谢谢！",
        "2、路灯不亮三天了。",
        "",
    ],
)
def test_one_matter_is_one(text):
    assert parts(fold(text)) == []


@given(st.text(alphabet="一二三、12.()第是另外还有路灯停车，。；\n", max_size=60))
def test_parts_stand_in_the_text_in_order(text):
    folded, end = fold(text), 0
    for part in parts(folded):
        end = folded.index(part, end) + len(part)
