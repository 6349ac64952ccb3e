"""What Mrs Zhang wrote in anger, without what would lead to her door."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanlu.textkit.normalise import normalise
from yanlu.textkit.personal_data import DataKind
from yanlu.textkit.privacy import MASKS, mask

PIECES = (
    *"0123456789一三八零〇１３８９ -.·@:：，。XxAab我是本人叫名王李张小明国",
    *("138", "１3８", "13812345678", "0086", "310113", "19900101", "6222", "\u200b", "\ufeff", "⑬"),
    *("电话", "微信号", "QQ", "身份证", "卡号", "姓名：", "联系人:", "业主", "号楼", "单元", "室"),
    *("弄", "栋", "沪A", "〔电话〕", "〔姓名〕", "〔", "\uffff", "\ud800", "\x00"),
)
texts = st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(
    st.characters(codec=None), max_size=40
)
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
MOBILE = re.compile(r"1[3-9][0-9]{9}")


def kinds(text):
    return [span.kind for span in mask(text).spans]


def test_a_whole_letter():
    letter = (
        "我叫张小丽，是友谊路888弄5号602室的业主，电话13800001111。"
        "楼下沪A·12345的车主天天占消防通道，他微信号abc_car001。"
    )
    assert mask(letter).text == (
        "我叫〔姓名〕，是友谊路888弄〔门牌〕的业主，电话〔电话〕。"
        "楼下〔车牌〕的车主天天占消防通道，他微信号〔微信号〕。"
    )


def test_spans_tell_where_in_the_original():
    text = "联系人：李红，手机１３８ ００００ １１１１"
    masked = mask(text)
    assert [(span.kind, text[span.start : span.end]) for span in masked.spans] == [
        (DataKind.NAME, "李红"),
        (DataKind.PHONE, "１３８ ００００ １１１１"),
    ]


@pytest.mark.parametrize(
    "phone",
    [
        "13800001111",
        "+86 138-0000-1111",
        "138 0000 1111",
        "138.000.01111",
        "1 3 8 0 0 0 0 1 1 1 1",
        "１３８００００１１１１",
        "一三八零零零零一一一一",
        "138\u200b0000\u200b1111",
        "021-56120000",
        "（021）5612 0000",
        "0746-8350000转12",
    ],
)
def test_phones(phone):
    assert mask(f"请打{phone}找我") == ("请打〔电话〕找我", ((DataKind.PHONE, 2, 2 + len(phone)),))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("座机：56120000", DataKind.PHONE),
        ("身份证号310113199001011234", DataKind.IDENTITY),
        ("310113 19900101 123x", DataKind.IDENTITY),
        ("老证310113900101123", DataKind.IDENTITY),
        ("身份证尾号不全：310113199", None),
        ("身份证：310113199", DataKind.IDENTITY),
        ("护照号E12345678", DataKind.IDENTITY),
        ("卡6222 0200 1234 5678 901", DataKind.CARD),
        ("退到账号 310066 12345678", DataKind.CARD),
        ("zhang.xiaoli@example.org", DataKind.EMAIL),
        ("ＺＨＡＮＧ＠example．org", DataKind.EMAIL),
        ("沪AD12345", DataKind.PLATE),
        ("苏E·1234学", DataKind.PLATE),
        ("加我vx: lihong_1990", DataKind.WECHAT),
        ("QQ是123456789", DataKind.QQ),
    ],
)
def test_numbers_and_names_in_a_net(text, kind):
    assert kinds(text) == ([kind] if kind else [])


@pytest.mark.parametrize(
    "door",
    [
        "3号楼2单元501室",
        "12幢",
        "五栋",
        "三号楼",
        "5号602室",
        "第二单元1203室",
        "G2栋320",
        "B座1203室",
        "3-2-501",
        "三零一室",
    ],
)
def test_doors(door):
    assert mask(f"住{door}，楼上漏水").text == "住〔门牌〕，楼上漏水"


@pytest.mark.parametrize(
    "text",
    [
        "请打12345，或者110、400-820-0000",
        "坐1号线到友谊路888弄",
        "三室一厅改成六间，三栋楼都没水",
        "日期1-2-2019，编号20210707",
        "3号线、5号来过，2019年报修",
        "罚款200元，共计1500000000元",
        "我是顾客，我是江苏人，本人于昨日报修",
        "我是一名老党员，我叫不出名字",
        "联系人：物业公司",
        "用微信APP扫码，QQ群里说过",
    ],
)
def test_what_concerns_everybody_stays(text):
    assert mask(text) == (text, ())


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我叫王建国，今年七十岁", "我叫〔姓名〕，今年七十岁"),
        ("我的名字叫欧阳文静", "我的名字叫〔姓名〕"),
        ("我是宝钢一村三号楼的业主王建国。", "我是宝钢一村〔门牌〕的业主〔姓名〕。"),
        ("我是〔门牌〕的业主王建国。", "我是〔门牌〕的业主〔姓名〕。"),
        ("本人李红，退休工人", "本人〔姓名〕，退休工人"),
        ("本人系金鼎村村民赵大海", "本人系金鼎村村民〔姓名〕"),
        ("姓名:李想 电话:13800001111", "姓名:〔姓名〕 电话:〔电话〕"),
        ("投诉人：买买提·艾力", "投诉人：〔姓名〕"),
        ("联系人张女士", "联系人张女士"),
        ("联系人：张女士", "联系人：〔姓名〕"),
    ],
)
def test_people_who_introduce_themselves(text, masked):
    assert mask(text).text == masked


def test_a_text_that_is_masked_already_stays():
    text = "〔姓名〕住〔门牌〕，电话〔电话〕，微信〔微信号〕，QQ〔QQ号〕，卡号〔卡号〕"
    assert mask(text) == (text, ())


def test_every_kind_has_a_mask():
    assert set(MASKS) == set(DataKind)


@given(texts, mobiles, texts)
def test_no_mobile_number_survives_whatever_surrounds_it(before, mobile, after):
    assert not MOBILE.search(mask(before + mobile + after).text)


@given(texts)
def test_none_comes_back_by_another_spelling(text):
    assert not MOBILE.search(normalise(mask(text).text))


@given(texts)
def test_masking_twice_is_masking_once(text):
    once = mask(text).text
    assert mask(once) == (once, ())


@given(texts)
def test_spans_are_in_order_and_give_the_masked_text(text):
    masked = mask(text)
    rebuilt, end = "", 0
    for span in masked.spans:
        assert end <= span.start < span.end <= len(text)
        rebuilt += text[end : span.start] + MASKS[span.kind]
        end = span.end
    assert rebuilt + text[end:] == masked.text
