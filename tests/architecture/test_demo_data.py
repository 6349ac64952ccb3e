"""The demo district is plain files: every reference in them resolves, every matter finds a unit."""

import csv
import gzip
import json
import math
import os
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from shapely import STRtree, union_all
from shapely.geometry import MultiPoint, Point, Polygon
from shapely.ops import voronoi_diagram

from yanlu.people import roles
from yanlu.textkit.categories import Lexicon
from yanlu.textkit.urgency import KindLexicon, Level, UrgencyLexicon

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src/yanlu/project/demo/data"
SHARED = Path(os.environ.get("YANLU_SHARED_DATA", ROOT.parent / "shared/data"))
LEVELS = ("city", "district", "subdistrict", "community", "building")
KINDS = {"consultation", "help", "complaint", "report", "suggestion", "praise"}


def only_once(pairs):
    """An object of JSON; a key that stands there twice is a slip of the pen."""
    twice = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    assert not twice, f"written twice: {twice}"
    return dict(pairs)


def read(name):
    return json.loads((DATA / name).read_text("utf-8"), object_pairs_hook=only_once)


PLACES = {place["code"]: place for place in read("places.json")["places"]}
OUTLINE = Polygon(read("places.json")["outline"])
SITES = read("places.json")["sites"]
SCHEMES = {scheme["code"]: scheme for scheme in read("categories.json")["schemes"]}
CATEGORIES = {category["code"]: category for category in SCHEMES["seven"]["categories"]}
SECOND = sorted(code for code in CATEGORIES if len(code) == 4)
RULES = read("rules.json")["rules"]
DEADLINES = {limit["code"]: limit for limit in read("deadlines.json")["classes"]}
CATALOGUE = read("catalogue.json")["items"]
ADMITTED = read("admissions.json")
CUES = read("cues.json")
TABLES = read("code_tables.json")
ACCOUNTS = read("accounts.json")
LEXICON = Lexicon(
    (code, word, weight)
    for code, category in CATEGORIES.items()
    for word, weight in category["words"].items()
)


def of_level(level):
    return [place for place in PLACES.values() if place["level"] == level]


def filled(template, place):
    """The unit that a template makes in a place."""
    words = {**place, "place": place["code"], "subdistrict": place["parent"]}
    return {
        key: value.format_map(words) if isinstance(value, str) else value
        for key, value in template.items()
    }


def all_units():
    table = read("units.json")
    yield from table["units"]
    for level in ("subdistrict", "community", "building"):
        for template in table[f"{level}_template"]:
            yield from (filled(template, place) for place in of_level(level))


UNITS = list(all_units())
UNIT_CODES = {unit["code"] for unit in UNITS}


def duplicates(values):
    return [value for value, count in Counter(values).items() if count > 1]


# Places


def test_every_place_hangs_below_one_of_the_level_above():
    assert not duplicates(place["code"] for place in read("places.json")["places"])
    for place in PLACES.values():
        depth = LEVELS.index(place["level"])
        above = PLACES[place["parent"]]["level"] if depth else None
        assert above == (LEVELS[depth - 1] if depth else None), place["code"]
        assert place["code"].startswith(place["parent"] or "") or depth == 1, place["code"]


def test_thirteen_subdistricts_with_five_communities_each():
    counts = Counter(community["parent"] for community in of_level("community"))
    assert len(of_level("subdistrict")) == len(counts) == 13
    assert min(counts.values()) >= 5
    assert counts.total() >= 70
    assert len(of_level("building")) >= 10


def test_a_name_or_alias_points_at_one_place_only():
    spoken = [name for place in PLACES.values() for name in {place["name"], *place["aliases"]}]
    assert not duplicates(spoken)
    assert min(map(len, spoken)) >= 2


def test_centres_and_sites_lie_in_the_outline():
    assert OUTLINE.is_valid
    for place in PLACES.values():
        assert place["level"] == "city" or OUTLINE.contains(Point(place["center"])), place["name"]
    for site in SITES:
        assert OUTLINE.contains(Point(site["lon"], site["lat"])), site["name"]


def scaled(lon, lat):
    """Degrees made alike in both directions at this latitude."""
    return lon * math.cos(math.radians(31.4)), lat


def cells():
    """The outline cut by nearest community centre, as the loader cuts it."""
    centres = {c["code"]: Point(scaled(*c["center"])) for c in of_level("community")}
    codes = list(centres)
    tree = STRtree(list(centres.values()))
    district = Polygon([scaled(*corner) for corner in OUTLINE.exterior.coords])
    cut = voronoi_diagram(MultiPoint(list(centres.values())), envelope=district.buffer(0.1))
    for cell in cut.geoms:
        (index,) = tree.query(cell, predicate="contains")
        yield codes[index], cell.intersection(district)


def test_communities_of_a_subdistrict_make_one_piece():
    pieces = defaultdict(list)
    for code, cell in cells():
        pieces[PLACES[code]["parent"]].append(cell)
    torn = [c for c, cell in pieces.items() if union_all(cell).buffer(1e-9).geom_type != "Polygon"]
    assert not torn


def test_sites_stand_in_their_community():
    assert not duplicates(site["code"] for site in SITES)
    drawn = dict(cells())
    for site in SITES:
        assert drawn[site["community"]].contains(Point(scaled(site["lon"], site["lat"]))), site


def test_there_are_sites_of_every_kind():
    counts = Counter(site["kind"] for site in SITES)
    least = {"park": 8, "circle": 6, "business_park": 4, "station": 20, "station_metro": 1}
    assert all(counts[kind] >= number for kind, number in least.items())
    assert set(counts) == set(least)


# Units


def test_units_are_known_once_and_their_parents_exist():
    assert not duplicates(unit["code"] for unit in UNITS)
    for unit in UNITS:
        assert unit["parent"] is None or unit["parent"] in UNIT_CODES, unit["code"]
        assert unit["level"] in LEVELS
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", unit["function"]), unit["code"]
        assert not {"{", "}"} & set("".join(filter(None, unit.values()))), unit["code"]


def test_one_unit_a_function_in_a_place():
    assert not duplicates((unit["code"].split("-")[0], unit["function"]) for unit in UNITS)


# Categories


def test_second_level_categories_hang_below_seven_classes():
    below = Counter(CATEGORIES[code]["parent"] for code in SECOND)
    assert len(CATEGORIES) - len(SECOND) == len(below) == 7
    assert all(5 <= number <= 9 for number in below.values())
    assert all(code.startswith(CATEGORIES[code]["parent"]) for code in SECOND)


@pytest.mark.parametrize("code", SECOND)
def test_a_lexicon_is_rich_and_its_weights_are_sane(code):
    words = CATEGORIES[code]["words"]
    assert len(words) >= 25
    assert all(0.3 <= weight <= 3 for weight in words.values())


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("0101", "楼道里堆满了杂物，物业说管不了，业委会也不出面"),
        ("0101", "我们楼想加装电梯，二楼的邻居一直不同意"),
        ("0102", "开发商延期交房半年，房产证也办不下来"),
        ("0102", "想问公租房轮候还要等多久，住房困难家庭怎么申请"),
        ("0103", "弄堂口流动摊贩占道，城管来了就走"),
        ("0104", "动迁过渡费已经拖了两个季度没有发"),
        ("0105", "一楼住户破墙开店，还在天井里违章搭建"),
        ("0106", "人行道窨井盖翘起来，老人绊了一跤"),
        ("0107", "垃圾箱房门口垃圾满溢，苍蝇多"),
        ("0108", "工地打桩以后我家墙上开裂，施工单位不承认"),
        ("0109", "电压不稳老跳闸，供电公司说不归他们管"),
        ("0201", "半夜两点工地还在施工，轰鸣声吵得睡不着"),
        ("0202", "楼下饭店油烟直接排到我家窗口"),
        ("0203", "小区旁边的河道又黑又臭，有死鱼"),
        ("0204", "村边空地有人偷倒渣土和工业垃圾"),
        ("0205", "楼顶装了通信基站，大家担心辐射"),
        ("0206", "附近工厂有没有环评，超标排放没人管"),
        ("0301", "公交车间隔四十分钟一班，能不能加密班次"),
        ("0302", "地铁口一排黑车，拉客还绕路"),
        ("0303", "沪太路大货车超载，路面都压坏了"),
        ("0304", "驾校交了钱一年不给排车"),
        ("0305", "快递不送上门，直接扔驿站，丢件也不赔"),
        ("0306", "路口红绿灯时间太短，老人走不完斑马线"),
        ("0401", "我们小区对口小学换了，划片为什么改"),
        ("0402", "小区配套幼儿园什么时候开园，托班收不收"),
        ("0403", "培训机构关门，学费不退"),
        ("0404", "班主任体罚学生，学校不处理"),
        ("0405", "中考名额分配到校怎么算"),
        ("0406", "编外教师的工资待遇比在编教师低很多"),
        ("0407", "图书馆晚上能不能延长开放"),
        ("0408", "公园里的健身器材坏了，篮球场灯不亮"),
        ("0501", "老板拖欠工资三个月，农民工拿不到钱"),
        ("0502", "公司不签劳动合同，随便辞退人"),
        ("0503", "工作时被机器轧伤，公司不肯申报工伤"),
        ("0504", "外地社保怎么转移接续，断缴两年影响吗"),
        ("0505", "提前退休的特殊工种如何认定，养老金少算了"),
        ("0506", "失业人员想参加技能培训，创业补贴怎么领"),
        ("0507", "医保卡里的钱没到账，异地就医报销比例多少"),
        ("0508", "社区老年食堂能不能送餐上门"),
        ("0601", "在商场买的冰箱坏了，商家不给退货也不给保修"),
        ("0602", "健身房关门跑路，会员卡余额还有三千"),
        ("0603", "小店没有营业执照卖烟，无证经营"),
        ("0604", "停车场乱涨价，没有明码标价"),
        ("0605", "电梯三天两头故障，上周还困了人"),
        ("0606", "附近没有菜场，买菜要走两公里"),
        ("0607", "旅行社低价游，强制购物"),
        ("0701", "专家号挂不到，急诊等了四个小时"),
        ("0702", "住院重复检查，医药费清单对不上"),
        ("0703", "孩子接种疫苗要带什么，疫苗缺货"),
        ("0704", "弄堂里有个黑诊所，无证行医"),
        ("0705", "生二孩后育儿补贴和产假怎么规定"),
        ("0706", "饭店后厨太脏，吃完拉肚子"),
        ("0707", "社区卫生服务中心家庭医生签约后怎么上门换药"),
    ],
)
def test_a_neighbours_sentence_finds_its_category(code, text):
    assert LEXICON.rank(text, k=1)[0].key == code


def test_the_lexicon_understands_real_messages():
    source = SHARED / "messages/labelled.csv.gz"
    if not source.exists():
        pytest.skip(f"no shared data at {SHARED}: set YANLU_SHARED_DATA")
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert macro_f1([(row["label"], seen_as(row)) for row in rows]) >= 0.82


def seen_as(row):
    """The class of the best category; none where no word is known."""
    best = LEXICON.rank(row["body"], row["title"], k=1)
    return CATEGORIES[CATEGORIES[best[0].key]["parent"]]["name"] if best else None


def macro_f1(pairs):
    right = Counter(truth for truth, guess in pairs if truth == guess)
    both = Counter(truth for truth, _ in pairs) + Counter(guess for _, guess in pairs)
    labels = {truth for truth, _ in pairs}
    return sum(2 * right[label] / both[label] for label in labels) / len(labels)


# Cues


def test_cues_are_enough_and_each_says_one_thing():
    assert set(CUES["kind"]) == KINDS
    assert all(len(words) >= 20 for words in CUES["kind"].values())
    assert all(len(CUES["urgency"][level]) >= 20 for level in ("danger", "utility"))
    for group in CUES.values():
        assert not duplicates(word for words in group.values() for word in words)


URGENCY = UrgencyLexicon((level, w) for level, words in CUES["urgency"].items() for w in words)
KIND = KindLexicon((kind, word, 1) for kind, words in CUES["kind"].items() for word in words)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("三楼着火了，快来人", Level.DANGER),
        ("楼道里一股煤气味，不敢开灯", Level.DANGER),
        ("电梯坏了，还有人困在电梯里", Level.DANGER),
        ("整个小区没电，冰箱里的药要坏了", Level.UTILITY),
        ("家里没水两天了", Level.UTILITY),
        ("六楼老人没有电梯下不了楼", Level.ORDINARY),
        ("楼外的落水管断了一截", Level.ORDINARY),
        ("楼道堆物有火灾隐患", Level.ORDINARY),
        ("门口商店天天放跳楼价的喇叭", Level.ORDINARY),
    ],
)
def test_urgency_cues_raise_no_false_alarm(text, level):
    assert URGENCY.urgency(text).level == level


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("请问敬老卡在哪里办，需要什么材料", "consultation"),
        ("我妈一个人在家照顾不过来，麻烦派人来看看", "help"),
        ("反映了多次没人管，严重影响休息", "complaint"),
        ("我要举报村干部虚报冒领补贴", "report"),
        ("建议在路口加个遮阳棚，能否增设座椅", "suggestion"),
        ("要感谢窗口的小姑娘，耐心细致，给她点赞", "praise"),
    ],
)
def test_kind_cues_hear_what_is_meant(text, kind):
    assert KIND.kind(text).kind == kind


# Rules and deadlines


def test_rules_name_what_exists():
    orders = [rule["order"] for rule in RULES]
    assert orders == sorted(set(orders))
    offered = {(unit["function"], unit["level"]) for unit in UNITS}
    for rule in RULES:
        assert rule["category"] is None or rule["category"] in CATEGORIES, rule["name"]
        assert rule["kind"] is None or rule["kind"] in KINDS, rule["name"]
        assert rule["urgency"] in {None, "danger", "utility"}, rule["name"]
        assert rule["place"] is None or rule["place"] in PLACES, rule["name"]
        assert rule["deadline_class"] in DEADLINES, rule["name"]
        assert (rule["target_function"], rule["target_level"]) in offered, rule["name"]


def test_rules_say_times_that_a_clock_shows():
    for rule in RULES:
        hours = (rule["from_hour"], rule["to_hour"])
        assert hours == (None, None) or all(0 <= hour <= 24 for hour in hours), rule["name"]
        assert re.fullmatch("[1-7]*", rule["weekdays"] or ""), rule["name"]


def first_rule(category, kind, urgency=None):
    """The rule that takes a matter at any place and time, as dispatch goes through them."""
    for rule in RULES:
        special = rule["place"] or rule["weekdays"] or rule["from_hour"] is not None
        same = rule["kind"] in {None, kind} and rule["urgency"] in {None, urgency}
        if category.startswith(rule["category"] or "") and same and not special:
            return rule
    raise AssertionError(f"no rule for {kind} in {category}")


@pytest.mark.parametrize("category", SECOND)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_matter_finds_its_unit_before_the_last_rule(category, kind):
    assert first_rule(category=category, kind=kind) is not RULES[-1]


@pytest.mark.parametrize("category", SECOND)
def test_danger_and_reports_take_their_own_lanes(category):
    danger = first_rule(category=category, kind="complaint", urgency="danger")
    assert danger["deadline_class"] == "emergency"
    report = first_rule(category=category, kind="report")
    assert report["target_function"] in {"petitions", "discipline"}
    assert report["target_level"] == "district"


def test_the_last_rule_catches_all():
    last = RULES[-1]
    conditions = ("category", "kind", "urgency", "place", "weekdays", "from_hour", "to_hour")
    assert all(last[condition] is None for condition in conditions)
    assert (last["target_function"], last["target_level"]) == ("dispatch_centre", "district")


def test_deadline_classes():
    expected = {
        "emergency": (2, "hours"),
        "utility": (24, "hours"),
        "consultation": (1, "working_days"),
        "ordinary": (5, "working_days"),
        "complex": (15, "working_days"),
        "rehandling": (3, "working_days"),
        "suggestion": (15, "working_days"),
        "return_window": (5, "working_days"),
        "suspension": (365, "days"),
        "petition_notice": (15, "days"),
        "petition": (60, "days"),
        "petition_extension": (30, "days"),
        "petition_window": (30, "days"),
        "petition_review": (30, "days"),
    }
    assert {c: (limit["amount"], limit["unit"]) for c, limit in DEADLINES.items()} == expected
    assert all(limit["note"] for limit in DEADLINES.values())


# The catalogue


def test_items_of_the_catalogue_name_what_exists():
    assert len(CATALOGUE) >= 60
    assert not duplicates(item["code"] for item in CATALOGUE)
    assert not duplicates(item["name"] for item in CATALOGUE)
    grid = {category["code"] for category in SCHEMES["grid"]["categories"]}
    offered = {(unit["function"], unit["level"]) for unit in UNITS}
    for item in CATALOGUE:
        assert item["category"] in SECOND, item["name"]
        assert item["grid_category"] is None or item["grid_category"] in grid, item["name"]
        assert (item["function"], item["level"]) in offered, item["name"]
        assert item["deadline_class"] in DEADLINES, item["name"]
        assert item["level"] != "community" or item["category"] in ADMITTED, item["name"]


def test_items_of_the_catalogue_are_found_and_stand_on_a_law():
    for item in CATALOGUE:
        assert re.fullmatch(r"《[^》]+》(第[一二三四五六七八九十]+条)?", item["ground"]), item[
            "name"
        ]
        assert item["name_en"], item["name"]
        assert item["group_en"], item["name"]
        assert len(item["keywords"]) >= 3, item["name"]


def test_the_catalogue_has_what_a_district_patrols_for_and_the_grids_classes():
    groups = {item["group"] for item in CATALOGUE}
    assert {
        "轨道交通保护",
        "民防设施",
        "酒类与烟草专卖",
        "无证无照经营",
        "河道水环境",
        "扬尘与渣土",
    } <= groups
    classes = {item["grid_category"][:4] for item in CATALOGUE if item["grid_category"]}
    assert {"0101", "0102", "0103", "0104", "0105", "0201", "0202", "0203", "0204"} <= classes


# Code tables and people


def test_code_tables_are_long_enough_in_both_languages():
    least = {
        "return": 6, "cancel": 4, "no_contact": 5, "not_solved": 6, "raise": 6, "extension": 6,
        "conference": 4,
    }  # fmt: skip
    assert set(TABLES["reasons"]) == set(least)
    for table, rows in TABLES["reasons"].items():
        assert len(rows) >= least[table]
        assert not duplicates(row["code"] for row in rows)
        assert all(row["text"] and row["text_en"] for row in rows)


def test_each_ground_for_not_accepting_names_the_proper_route():
    grounds = TABLES["grounds"]
    assert not duplicates(ground["code"] for ground in grounds)
    required = {
        "court", "arbitration", "administrative_review", "discipline_inspection", "secrets",
        "personal_dispute", "pending_with_superior",
    }  # fmt: skip
    assert required <= {ground["code"] for ground in grounds}
    assert all(len(ground["reply"]) > 40 and ground["reply_en"] for ground in grounds)


def test_every_role_has_somebody_with_a_reach():
    staff = ACCOUNTS["staff"]
    assert {account["role"] for account in staff} == set(roles.ALL)
    assert not duplicates(account["username"] for account in staff)
    for account in staff:
        assert (account["unit"] is None) != (account["place"] is None), account["username"]
        assert account["unit"] is None or account["unit"] in UNIT_CODES, account["username"]
        assert account["place"] is None or account["place"] in PLACES, account["username"]
        assert account["unit"] or account["role"] not in roles.OF_A_UNIT, account["username"]


def test_a_station_attendant_sits_in_a_collection_station():
    stations = {site["code"]: site for site in SITES if site["kind"] == "station"}
    attendants = [a for a in ACCOUNTS["staff"] if a["role"] == roles.STATION_ATTENDANT]
    assert all(stations[a["site"]]["community"] == a["place"] for a in attendants)


def test_residents_live_in_the_district():
    residents = ACCOUNTS["residents"]
    assert len(residents) == 6
    assert not duplicates(resident["phone"] for resident in residents)
    for resident in residents:
        assert re.fullmatch(r"139000000\d\d", resident["phone"])
        assert PLACES[resident["community"]]["level"] == "community"
        assert resident["real_name"] != resident["display_name"]
