"""Addresses and their numbers, as residents of Baoshan write and say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanlu.textkit.addresses import find_addresses
from yanlu.textkit.matcher import fold
from yanlu.textkit.normalise import normalise
from yanlu.textkit.numbers import LARGEST, in_figures, in_words, value
from yanlu.textkit.toponyms import Gazetteer, Toponym

BAOSHAN = Gazetteer(
    [
        Toponym("baolin1", "宝林一村居委会", (), 4, "/1/2/20/"),
        Toponym("gongfu", "共富新村", (), 4, "/1/3/30/"),
        Toponym("baogang11", "宝钢十一村居委会", (), 4, "/1/2/21/"),
    ]
)


def names(text):
    return [one.name for one in BAOSHAN.addresses(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我家住友谊路1518弄3号501室，楼上漏水", ["友谊路1518弄3号"]),
        ("我家住友誼路１５１８弄３號，樓上漏水", ["友谊路1518弄3号"]),
        ("请问长江西路二千号门口的井盖", ["长江西路2000号"]),
        ("同济支路一百九十九弄的路灯", ["同济支路199弄"]),
        ("一二八纪念路928弄", ["一二八纪念路928弄"]),
        ("宝杨路1号和盘古路488号两处", ["宝杨路1号", "盘古路488号"]),
        ("密山路15号至25号路灯不亮", ["密山路15号"]),
        ("三月五号晚上八点水产路1269号旁施工", ["水产路1269号"]),
        ("投诉海江二路88号的饭店油烟", ["海江二路88号"]),
        ("顾北东路155弄小区门禁", ["顾北东路155弄"]),
        ("牡丹江路与友谊路路口红绿灯坏了", ["牡丹江路/友谊路"]),
        ("友谊路牡丹江路路口", ["友谊路/牡丹江路"]),
        ("宝林一村12号楼楼道堆物", ["宝林一村12号楼"]),
        ("宝林1村十二号楼楼道堆物", ["宝林一村12号楼"]),
        ("宝钢11村105号", ["宝钢十一村105号"]),
        ("共富新村地铁站2号口电梯坏", ["共富新村地铁站2号口"]),
    ],
)
def test_an_address_is_told_in_figures_and_without_the_door(text, found):
    assert names(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "在盘古路上一路骑到友谊支路",
        "蕰川路5号线高架",
        "万一路上出事",
        "本人要求在3号前答复",
        "淞宝路上的15路公交",
        "友谊路和牡丹江路都堵",
        "电话13912345678号码",
        "",
    ],
)
def test_what_only_looks_like_one_is_none(text):
    assert names(text) == []


def test_whether_the_text_goes_on_to_a_door():
    (home,) = find_addresses(fold("友谊路1518弄3号501室漏水"))
    (gate,) = find_addresses(fold("友谊路1518弄3号门口积水"))
    assert (home.has_door, gate.has_door) == (True, False)


@given(
    st.text(alphabet="友谊路街弄号楼一二三十百零〇1509与和口室单元至,、 宝林村站线上", max_size=60)
)
def test_addresses_stand_in_the_text_and_never_overlap(text):
    found = find_addresses(fold(text))
    ends = [0, *(one.end for one in found)]
    assert all(one.start < one.end for one in found)
    assert all(one.start >= end for one, end in zip(found, ends, strict=False))


@given(st.integers(1, LARGEST))
def test_a_number_is_the_same_in_figures_in_words_and_digit_by_digit(number):
    row = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))
    assert value(str(number)) == value(in_words(number)) == value(row) == number
    assert in_figures(f"{in_words(number)}弄") == f"{number}弄"


@pytest.mark.parametrize(("said", "number"), [("二百五", 250), ("廿三", 23), ("十", 10), ("两", 2)])
def test_numbers_as_people_say_them(said, number):
    assert value(said) == number


@pytest.mark.parametrize("said", ["零", "十百", "百千", "0"])
def test_what_is_no_number(said):
    assert value(said) is None


@given(st.text())
def test_folding_moves_nothing_and_twice_is_once(text):
    folded = fold(text)
    assert len(folded) == len(normalise(text))
    assert fold(str(folded)) == folded
