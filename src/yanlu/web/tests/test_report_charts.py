"""What a chart on a report's page shows, and says to who can't see it."""

import math
import re

from yanlu.kernel.charts import Chart, alt_text
from yanlu.oversight.sections import Section, Table
from yanlu.web.staff.report_shape import cells, shape
from yanlu.web.templatetags.reports import chart, chart_cells


def bars(shown: str, what: str) -> list[float]:
    return [float(one) for one in re.findall(rf'<rect [^>]*{what}="([\d.]+)', shown)]


def values(shown: str) -> list[tuple[str, str]]:
    return re.findall(r'"chart__value[^>]*text-anchor="(\w+)">([^<]+)<', shown)


def test_bars_begin_at_zero_and_carry_their_value():
    shown = chart(Chart("热点", ["停车", "噪声"], [("件数", [40, 10])], "件", is_ranking=True))
    long, short = bars(shown, "width")
    assert long == 4 * short
    assert [text for _anchor, text in values(shown)] == ["40", "10"]
    assert bars(shown, " x") == [0, 0]


def test_a_share_is_drawn_of_the_whole_and_a_gap_for_what_is_not_known():
    told = Chart("指标", ["解决", "满意"], [("本期", [50.0, math.nan])], "%")
    shown = chart(told)
    assert bars(shown, "height") == [80]
    assert values(shown) == [("middle", "50%")]
    assert chart_cells(told).rows == [
        [("解决", False), ("50%", True)],
        [("满意", False), ("–", True)],
    ]


def test_of_many_columns_the_highest_say_their_value_and_stay_apart():
    days = [f"3/{day}" for day in range(1, 32)]
    first, second = [100 + day for day in range(31)], [900 - day for day in range(31)]
    second[29] = 2000
    shown = chart(Chart("收到", days, [("收到", first), ("答复", second)], "件"))
    assert values(shown) == [("start", "130"), ("end", "2000")]
    assert len(re.findall('"chart__label"', shown)) == 7
    assert all(0 <= x <= 100 for x in bars(shown, " x"))


def test_it_is_read_out_and_nothing_in_it_is_markup():
    told = Chart('<b>"x"', ["<i>"], [("件数", [0])])
    shown = chart(told)
    assert alt_text(told).replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;") in shown
    assert "<i>" not in shown
    assert bars(shown, "height") == [0]


def test_names_too_long_for_a_phone_are_cut_beside_the_bar():
    shown = chart(Chart("单位", ["友谊路街道" * 9], [("件数", [1])], is_ranking=True))
    assert "友谊路街道" * 4 + "友谊路街…" in shown


def test_figures_stand_on_the_right_also_with_what_they_are_out_of():
    table = Table(("单位", "解决率"), [["房管所", "73.2%（41/56）"], ["…", "…"]], (1, 1))
    assert cells(table).head == [("单位", False), ("解决率", True)]


def test_headings_are_numbered_as_on_paper_and_long_tables_say_that_they_are_cut():
    long = Table(("名次",), [[str(nth)] for nth in range(90)], (1,))
    first, second = shape([Section("a", "收办"), Section("b", "排名", exhibits=[long])])
    assert (first.heading, second.heading) == ("一、收办", "二、排名")
    assert [(len(one.block.rows), one.is_cut) for one in second.pieces] == [(41, True)]


def test_a_share_stands_above_what_it_is_made_of():
    head = ("单位", "解决率", "解决率·分子", "解决率·分母")
    rows = [("房管办", "89.3%", "25", "28"), ("执法队", "–", "", "")]
    shown = cells(Table(head, rows, (2, 1), stacks=(1, 3)))
    assert shown.head == [("单位", False), ("解决率", True)]
    assert [row[1] for row in shown.rows] == [("89.3%\n25/28", True), ("–", True)]
