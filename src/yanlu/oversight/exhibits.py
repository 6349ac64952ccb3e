"""Tables and charts of reports, from a tally. In Chinese, as all official papers are."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from yanlu.cases import selectors as cases
from yanlu.dispatch.selectors import category_names
from yanlu.kernel.charts import Chart
from yanlu.kernel.official import Block, Table
from yanlu.kernel.workdays import local_day
from yanlu.oversight.intervals import Interval, wilson
from yanlu.oversight.models import Group, Kind, Means, RateCode
from yanlu.oversight.tallying import OBJECTED, OPEN, SOLVED, UNHEARD, Tally
from yanlu.people import selectors as people
from yanlu.places.selectors import territory

CHANNELS: Final = {
    "letter": "来信", "visit": "来访", "phone": "电话", "web": "网站", "mobile": "移动端",
    "walk": "走访",
}  # fmt: skip
KINDS: Final = {
    "consultation": "咨询", "help": "求助", "complaint": "投诉", "suggestion": "建议",
    "praise": "表扬", "report": "举报",
}  # fmt: skip
RESULTS: Final = {
    "solved": "实际解决", "explained": "解释说明", "kept_for_reference": "参考备案",
    "asks_too_much": "诉求过高", "not_solved": "未解决",
}  # fmt: skip
STANDINGS: Final = {
    SOLVED: "居民确认已解决", UNHEARD: "已答复，待居民评价", OBJECTED: "居民认为未解决",
    OPEN: "仍未答复",
}  # fmt: skip
#: The four rates (四率).
KNOWN: Final = ("contact", "on_time", "solved", "satisfied")
#: What is told of the volumes also when there was none.
ALWAYS: Final = frozenset({"received", "answered", "ended", "open"})
BEATS: Final = {"day": "{month}/{day}", "week": "{month}/{day}起", "month": "{month}月"}
NONE: Final = "–"
#: Bars of a ranking, at most.
BARS: Final = 10


def share(part: int, whole: int) -> str:
    """``73.2%（41/56）``, and a dash for a share of nothing."""
    return f"{percent(part, whole)}（{part}/{whole}）" if whole else NONE


def percent(part: int, whole: int) -> str:
    """``73.2%``, and a dash for a share of nothing."""
    if part == whole:
        return "100%" if whole else NONE
    return f"{100 * part / whole:.1f}%"


def between(known: Interval | None, scale: int = 100, unit: str = "%") -> str:
    """The interval of 95 %: ``61.4%–82.8%``."""
    if known is None:
        return NONE
    return f"{scale * known.low:.1f}{unit}–{scale * known.high:.1f}{unit}"


def unit(number: int | None) -> str:
    """A unit's name."""
    found = people.unit(number) if number else None
    return found.name if found else "未派单"


def place(number: int | None) -> str:
    """A place's name."""
    found = territory().get(number)
    return found.name if found else "地点不详"


def category(number: int | None) -> str:
    """A category's name."""
    return category_names({number}).get(number, "未分类") if number else "未分类"


def counted(
    title: str, head: Sequence[str], rows: Sequence[Sequence[Any]], name: Callable[[Any], str],
    most: int | None = None,
) -> Table:  # fmt: skip
    """What was counted by something, or the first of it, with each one's share of all."""
    whole = sum(row[1] for row in rows)
    lines = [[name(what), str(many), percent(many, whole)] for what, many, *_ in rows[:most]]
    return Table((*head, "件数", "占比"), lines, (78, 39, 39), title)


def volumes(tally: Tally) -> Table:
    """What came in and what became of it, beside the period before."""
    now, before = tally["moved"], tally["moved_before"]
    names = {
        "received": "收到", "answered": "答复", "ended": "办结", "open": "期末在办",
        "merged": "另有并入他案", "not_accepted": "另有不予受理", "cancelled": "另有作废",
    }  # fmt: skip
    rows = [
        [label, str(now[name]), str(before[name]), _growth(now[name], before[name])]
        for name, label in names.items()
        if now[name] or before[name] or name in ALWAYS
    ]
    return Table(("项目", "本期", "上期", "增减"), rows, (48, 36, 36, 36), "收办情况（件）")


def pulse(tally: Tally) -> Chart:
    """Received and answered over the period."""
    by, rows = tally["pulse"]["by"], tally["pulse"]["told"]
    days = [date.fromisoformat(one) for one, _received, _answered in rows]
    labels = [BEATS[by].format(month=one.month, day=one.day) for one in days]
    series = [("收到", [row[1] for row in rows]), ("答复", [row[2] for row in rows])]
    return Chart("收到与答复件数", labels, series, "件")


def bars(title: str, rows: Iterable[Sequence[Any]], name: Callable[[Any], str]) -> list[Block]:
    """The most of what was counted, as a ranking; nothing of nothing."""
    shown = [row for row in rows if row[1]][:BARS]
    if not shown:
        return []
    labels, counts = [name(what) for what, *_ in shown], [row[1] for row in shown]
    return [Chart(title, labels, [("件数", counts)], "件", is_ranking=True)]


def rates(tally: Tally) -> Table:
    """Each rate with part, whole and interval, beside the period before."""
    rows = []
    for code in RateCode.values:
        part, whole, _aside = tally["rates"][code]
        old = tally["rates_before"][code]
        if code == RateCode.VOLUME:
            continue
        known = wilson(part, whole) if whole else None
        told = [percent(part, whole), f"{part}/{whole}", between(known)]
        rows.append([str(RateCode(code).label), *told, percent(*old[:2])])
    head = ("指标", "本期", "件数", "95%区间", "上期")
    return Table(head, rows, (36, 20, 34, 42, 24), "主要指标")


def rate_bars(tally: Tally) -> list[Block]:
    """The rates that people know, now and before; a share of nothing is no bar of 0 %."""
    codes = [code for code in KNOWN if tally["rates"][code][1]]
    if not codes:
        return []
    series = [("本期", [_points(tally["rates"][code]) for code in codes])]
    before = [tally["rates_before"][code] for code in codes]
    if all(whole for _part, whole, _aside in before):
        series.append(("上期", [_points(figure) for figure in before]))
    return [Chart("四项主要指标", [str(RateCode(code).label) for code in codes], series, "%")]


def ranking(
    group: str, *, cards: Sequence[dict[str, Any]], weighted: Sequence[str], what: str = "排名"
) -> Table:
    """Units of a group in order of rank, each with what its score rests on."""
    shares = [code for code in weighted if code != RateCode.VOLUME]
    rows = [
        [
            str(card["rank"] or NONE),
            unit(card["unit"]) + ("（已撤销）" if card["dissolved_at"] else ""),
            f"{card['score'][0]:.1f}" if card["score"] else NONE,
            between(Interval(*card["score"]), 1, "") if card["score"] else "",
            str(card["figures"][RateCode.VOLUME][0]),
            *[cell for code in shares for cell in _cells(card["figures"][code])],
        ]
        for card in cards
    ]
    head = ["名次", "单位", "得分", "得分95%区间", "办件量"]
    for code in shares:
        label = str(RateCode(code).label)
        head += [label, f"{label}·分子", f"{label}·分母"]
    widths = [16, 34, 29, 20, *[24] * len(shares)]
    stacks = [1, 1, 2, 1, *[3] * len(shares)]
    return Table(head, rows, widths, f"{Group(group).label}{what}", stacks)


def late(title: str, told: dict[str, Any], at: datetime, most: int) -> Table:
    """Cases that are late, or will be, one by one."""
    numbers = {one.id: one.number for one in cases.facts({row[0] for row in told["cases"]})}
    rows = [
        [numbers[case], unit(one), category(kind), place(where), *_due(due, at)]
        for case, one, kind, where, due in told["cases"][:most]
    ]
    head = ("编号", "承办单位", "类别", "地点", "时限", "超期")
    return Table(head, rows, (44, 36, 25, 25, 26), title, (1, 1, 1, 1, 2))


def owing(title: str, told: dict[str, Any], most: int) -> Table:
    """How many by unit, of those with most."""
    rows = [
        [unit(one), str(many), percent(many, told["count"])] for one, many in told["units"][:most]
    ]
    return Table(("承办单位", "件数", "占比"), rows, (78, 39, 39), title)


def measures(tally: Tally) -> Table:
    """What the ladder did."""
    order = {code: place for place, code in enumerate(Means.values)}
    rows = sorted(tally["measures"], key=lambda row: order[row[0]])
    told = [[str(Means(means).label), str(many)] for means, many in rows]
    return Table(("措施", "次数"), told, (100, 56), "督办措施")


def orders(tally: Tally) -> Table:
    """How orders of supervision stand."""
    rows = [
        [
            str(Kind(row["kind"]).label),
            *[str(row[name]) for name in ("given", "done", "open", "late")],
        ]
        for row in tally["orders"]
    ]
    head = ("督办件", "本期下发", "本期销号", "目前未销号", "其中超期")
    return Table(head, rows, (52, 26, 26, 26, 26), "督办件办理情况")


def standing(title: str, rows: Iterable[Sequence[Any]], most: int) -> Table:
    """Cases one by one, with their unit and how they stand."""
    shown = list(rows)[:most]
    numbers = {one.id: one.number for one in cases.facts({row[0] for row in shown})}
    told = [[numbers[case], unit(one), STANDINGS[how]] for case, one, how in shown]
    return Table(("编号", "承办单位", "情况"), told, (48, 60, 48), title)


def _cells(figure: Sequence[int]) -> list[str]:
    part, whole, _aside = figure
    return [percent(part, whole), str(part), str(whole)] if whole else [NONE, "", ""]


def _due(due: str, at: datetime) -> list[str]:
    """When it is due, and how many days ago that was."""
    day, today = local_day(datetime.fromisoformat(due)), local_day(at)
    told = f"{day.month}月{day.day}日"
    if day.year != today.year:
        told = f"{day.year}年{told}"
    return [told, f"超{(today - day).days}天" if day < today else ""]


def _points(figure: Sequence[int]) -> float:
    return round(100 * figure[0] / figure[1], 1)


def _growth(now: int, before: int) -> str:
    if not before:
        return NONE
    return f"{100 * (now - before) / before:+.1f}%"
