"""Where it is, in the words of people who have lived there for forty years."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanlu.textkit.place_names import BARE_SHORT, BARE_TOWN, ESTATE, REWORDED, WHOLE, forms
from yanlu.textkit.toponyms import CEILING, Gazetteer, Toponym

ROWS = [
    Toponym("district", "宝山区", (), 2, "/1/"),
    Toponym("youyilu", "友谊路街道", (), 3, "/1/2/"),
    Toponym("gucun", "顾村镇", ("大居",), 3, "/1/3/"),
    Toponym("luodian", "罗店镇", (), 3, "/1/4/"),
    Toponym("baogang11", "宝钢十一村居委会", (), 4, "/1/2/20/"),
    Toponym("baogang1", "宝钢一村居委会", (), 4, "/1/2/21/"),
    Toponym("gucun-village", "顾村村委会", (), 4, "/1/3/30/"),
    Toponym("xinqiao-gucun", "新桥居委会", (), 4, "/1/3/31/"),
    Toponym("juquan1", "菊泉新城第一居委会", (), 4, "/1/3/32/"),
    Toponym("juquan2", "菊泉新城第二居委会", (), 4, "/1/3/33/"),
    Toponym("xinqiao-luodian", "新桥居委会", (), 4, "/1/4/40/"),
    Toponym("lianhe", "联合村村委会", (), 4, "/1/4/41/"),
    Toponym("tower", "罗店邻里中心", (), 5, "/1/4/40/400/"),
]
BAOSHAN = Gazetteer(ROWS)

texts = st.text(alphabet="宝山友谊路街道钢十一村顾镇罗店新桥居委会菊泉城第联合1１，", max_size=40)


def best(text, near=""):
    return BAOSHAN.find(text, near)[0]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("友谊路街道的服务中心", "youyilu"),
        ("友谊街道办事处几点下班", "youyilu"),
        ("顾村的菜场", "gucun"),
        ("住在大居的老人", "gucun"),
        ("宝钢十一村居委会门口", "baogang11"),
        ("宝钢十一村门口", "baogang11"),
        ("宝钢11村小区", "baogang11"),
        ("宝钢１１村社区", "baogang11"),
        ("宝钢1村居委", "baogang1"),
        ("联合村的河道", "lianhe"),
        ("联合村村民委员会", "lianhe"),
        ("菊泉新城2居委", "juquan2"),
        ("菊泉新城第二居委会", "juquan2"),
    ],
)
def test_endings_and_figures_may_vary(text, key):
    assert best(text).key == key


def test_everyday_words_are_no_places():
    assert BAOSHAN.find("城管和交警联合执法") == ()


def test_the_deeper_place_wins_and_is_surer_for_the_town_beside_it():
    alone = best("宝钢一村停水")
    with_town = BAOSHAN.find("宝山区友谊路街道宝钢一村停水")
    assert [found.key for found in with_town] == ["baogang1", "youyilu", "district"]
    assert with_town[0].confidence > alone.confidence
    assert with_town[0].matches == ("宝钢一村",)
    assert with_town[1].confidence < 0.2


def test_a_name_in_two_towns_is_believed_less():
    one, other = BAOSHAN.find("新桥居委会的活动室")
    assert {one.key, other.key} == {"xinqiao-gucun", "xinqiao-luodian"}
    assert one.confidence == other.confidence <= 0.5


@pytest.mark.parametrize("town", ["gucun", "luodian"])
def test_the_town_beside_it_decides(town):
    text = {"gucun": "顾村新桥居委会", "luodian": "罗店镇新桥居委会"}[town]
    assert best(text).key == f"xinqiao-{town}"
    assert best(text).confidence > 0.8


@pytest.mark.parametrize("near", ["/1/4/", "/1/4/40/", "/1/4/41/"])
def test_what_the_resident_picked_decides(near):
    found = BAOSHAN.find("新桥居委会的活动室", near)
    assert found[0].key == "xinqiao-luodian"
    assert found[0].confidence > 0.5
    assert found[1].confidence < 0.3


def test_what_the_resident_picked_names_no_place_by_itself():
    assert BAOSHAN.find("楼道堆物", "/1/4/") == ()


def test_an_estate_of_several_committees_is_left_to_the_town():
    town, *committees = BAOSHAN.find("菊泉新城门口乱停车")
    assert town.key == "gucun"
    assert {found.key for found in committees} == {"juquan1", "juquan2"}


def test_who_says_gucun_means_the_town_not_the_village_in_it():
    assert [found.key for found in BAOSHAN.find("顾村公园")] == ["gucun"]
    assert best("顾村村委会").key == "gucun-village"


def test_a_road_tells_little_about_the_place():
    assert best("顾村路修路").confidence < 0.5 < best("顾村修路").confidence
    assert best("友谊路1500弄").confidence < 0.5


def test_a_place_in_another_town_than_the_one_named_is_believed_less():
    found = {f.key: f.confidence for f in BAOSHAN.find("友谊路街道转来:联合村的河道")}
    assert found["lianhe"] < best("联合村的河道").confidence


def test_no_more_than_asked():
    assert len(BAOSHAN.find("新桥居委会、联合村、宝钢一村、菊泉新城一居", k=2)) == 2


def test_an_empty_name_is_refused():
    with pytest.raises(ValueError, match="empty word"):
        Gazetteer([Toponym("nowhere", "罗店镇", (" ",), 3, "/1/4/")])


def test_a_district_without_places():
    assert Gazetteer([]).find("宝钢一村") == ()


@given(texts, st.sampled_from(["", "/1/", "/1/3/", "/1/4/40/", "/9/"]))
def test_confidences_are_sound(text, near):
    found = BAOSHAN.find(text, near)
    assert [f.confidence for f in found] == sorted((f.confidence for f in found), reverse=True)
    assert all(0 < f.confidence <= CEILING and f.matches for f in found)
    assert len({f.key for f in found}) == len(found)


@given(st.text(st.characters(codec=None)))
def test_any_text_can_be_searched(text):
    BAOSHAN.find(text)


@pytest.mark.parametrize("row", [row for row in ROWS if row.name != "新桥居委会"])
def test_every_place_is_found_by_its_own_name(row):
    assert best(f"反映{row.name}附近的问题").key == row.key


class TestForms:
    def test_a_street(self):
        telling = forms("友谊路街道")
        assert telling["友谊路街道"] == WHOLE
        assert telling["友谊街道"] == telling["友谊路街道办事处"] == REWORDED
        assert telling["友谊路"] == BARE_TOWN
        assert "友谊" not in telling

    def test_a_numbered_committee(self):
        telling = forms("通河三村一居委会")
        assert telling["通河三村第一居委"] == telling["通河三村一居"] == REWORDED
        assert telling["通河三村"] == ESTATE

    def test_a_short_stem_tells_little_and_an_everyday_word_nothing(self):
        assert forms("新桥居委会")["新桥"] == BARE_SHORT
        assert "光明" not in forms("光明村村委会")

    def test_a_building_has_its_name_only(self):
        assert forms("罗店邻里中心") == {"罗店邻里中心": WHOLE}
