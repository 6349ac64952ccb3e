"""What each kind of report says (``domain.md`` §4): sections in order, with words proposed.

The words are a start that a person edits; the figures beside them stay. Required sections are the
person's own: demands, causes, policy, plans.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from yanlu.kernel.official import Block, Heading, Paragraph
from yanlu.kernel.workdays import local_day
from yanlu.oversight import exhibits, reports
from yanlu.oversight.exhibits import category, percent, share, unit
from yanlu.oversight.models import Group, RateCode
from yanlu.oversight.periods import Period
from yanlu.oversight.sections import Section
from yanlu.oversight.tallying import OPEN, SOLVED, UNHEARD, Tally

#: Cases told by name, units told by number, and those from the top and from the bottom.
CASES, ENOUGH, ENDS = 10, 10, 3


@dataclass(frozen=True)
class Material:
    """What a report is written from.

    :param whole: of whom it is, in words: 宝山区.
    :param weighted: rates that scores rest on, by group.
    :param had_failed: how many cases the report before told as failed; ``None`` without one.
    """

    kind: str
    whole: str
    period: Period
    at: datetime
    tally: Tally
    weighted: dict[str, Sequence[str]]
    least: int
    had_failed: int | None


def compose(material: Material) -> list[Section]:
    """The sections of a report of this kind."""
    return [write(material) for write in PLANS[material.kind]]


def period_words(kind: str, period: Period) -> str:
    """``2026年3月``, ``2026年第一季度``; the two days of any other span."""
    first, last = period.first, period.last
    if kind == reports.WEEKLY or period != reports.period_of(kind, first):
        end = f"{last.month}月{last.day}日"
        if last.year != first.year:
            end = f"{last.year}年{end}"
        return f"{first.year}年{first.month}月{first.day}日至{end}"
    told = {
        reports.MONTHLY: f"{first.month}月",
        reports.QUARTERLY: f"第{'一二三四'[(first.month - 1) // 3]}季度",
        reports.HALF_YEAR: "上半年" if first.month == 1 else "下半年",
        reports.ANNUAL: "度",
    }  # fmt: skip
    return f"{first.year}年{told[kind]}"


def title(kind: str, whole: str, period: Period) -> str:
    """What the report is called."""
    return f"{whole}{period_words(kind, period)}人民建议办理情况{reports.TITLES[kind]}"


# ---- How it goes on the whole


def _volumes(told: Material) -> Section:
    tally = told.tally
    now, before = tally["moved"], tally["moved_before"]
    days = period_words(told.kind, told.period)
    words = (
        f"{days}，{told.whole}共收到各类诉求和建议{now['received']}件，"
        f"{_change(now['received'], before['received'])}；答复{now['answered']}件，"
        f"办结{now['ended']}件，期末在办{now['open']}件。"
    )
    parts = [
        _leading("来件渠道", tally["by_channel"], exhibits.CHANNELS.get),
        _leading("诉求类型", tally["by_kind"], exhibits.KINDS.get),
    ]
    shown: list[Block] = [exhibits.volumes(tally)]
    if len(tally["pulse"]["told"]) > 1:
        shown.append(exhibits.pulse(tally))
    return Section("volumes", "收办情况", "\n".join([words, "".join(parts)]), shown)


def _statistics(told: Material) -> Section:
    """The volumes with channels, kinds and results one by one (信访工作条例 art 41)."""
    base, tally = _volumes(told), told.tally
    shown: list[Block] = [
        *base.exhibits,
        exhibits.counted("来件渠道", ("渠道",), tally["by_channel"], _word(exhibits.CHANNELS)),
        exhibits.counted("诉求类型", ("类型",), tally["by_kind"], _word(exhibits.KINDS)),
        exhibits.counted("办理结果", ("结果",), tally["by_result"], _word(exhibits.RESULTS)),
        exhibits.rates(tally),
    ]
    return Section("statistics", "数据统计", base.text, shown)


def _rates(told: Material) -> Section:
    words = "；".join(
        f"{RateCode(code).label}{share(*told.tally['rates'][code][:2])}" for code in exhibits.KNOWN
    )
    shown = [*exhibits.rate_bars(told.tally), exhibits.rates(told.tally)]
    text = f"{words}。实际解决以居民确认为准，“解释说明”不计入；未评价的不计入满意。"
    return Section("rates", "主要指标", text, shown)


def _ranks(told: Material) -> Section:
    shown: list[Block] = []
    annexes: list[Block] = []
    for group, cards in told.tally["cards"].items():
        if cards:
            ranked = [card for card in cards if card["rank"]]
            table = partial(exhibits.ranking, group, weighted=told.weighted[group])
            shown += [Heading(str(Group(group).label), 2), Paragraph(_ends(cards))]
            shown += [table(cards=ranked)] if ranked else []
            annexes.append(table(cards=cards, what="全部单位"))
    words = (
        f"委办局、街镇、居村分别排名。各项计分指标均不少于{told.least}件的单位参加排名；"
        "得分附95%置信区间，区间重叠的单位之间，名次先后不代表实际差别。"
    )
    return Section("ranks", "排名情况", words, shown, annexes)


# ---- What is late


def _overdue(told: Material) -> Section:
    late = told.tally["overdue"]
    words = f"截至{_moment(told.at)}，超期未答复{late['count']}件{_most(late['units'])}。"
    shown = []
    if late["count"]:
        shown = [
            exhibits.owing("超期件较多的单位", late, ENOUGH),
            exhibits.late("超期时间最长的事项", late, told.at, CASES),
        ]
    annexes = _all_of("超期件", late, told.at)
    return Section("overdue", "超期情况", words, shown, annexes)


def _due_soon(told: Material) -> Section:
    soon = told.tally["due_soon"]
    words = f"今后七天内到期{soon['count']}件{_most(soon['units'])}，请有关单位抓紧办理。"
    if not soon["count"]:
        return Section("due_soon", "即将到期", "今后七天内没有到期的事项。")
    shown = [
        exhibits.owing("即将到期件较多的单位", soon, ENOUGH),
        exhibits.late("最先到期的事项", soon, told.at, CASES),
    ]
    return Section("due_soon", "即将到期", words, shown, _all_of("即将到期件", soon, told.at))


def _all_of(what: str, told: dict[str, Any], at: datetime) -> list[Block]:
    """Every unit, and every case that the figures name."""
    if not told["count"]:
        return []
    return [
        exhibits.owing(f"{what}分布", told, len(told["units"])),
        exhibits.late(f"{what}明细", told, at, len(told["cases"])),
    ]


def _named(told: Material) -> Section:
    late = told.tally["overdue"]
    if not late["count"]:
        return Section("named", "点名事项", "本期没有超期未答复的事项。")
    words = (
        f"截至{_moment(told.at)}，以下事项超期时间最长，予以点名，请承办单位说明原因并限期办结。"
    )
    return Section("named", "点名事项", words, [exhibits.late("点名事项", late, told.at, CASES)])


def _supervision(told: Material) -> Section:
    taken, given = told.tally["measures"], told.tally["orders"]
    words = (
        f"本期共采取督办措施{sum(many for _means, many in taken)}次；"
        f"下发督办件{_sum(given, 'given')}件，销号{_sum(given, 'done')}件，"
        f"目前未销号{_sum(given, 'open')}件，其中超期{_sum(given, 'late')}件。"
    )
    shown: list[Block] = []
    if taken:
        shown.append(exhibits.measures(told.tally))
    if given:
        shown.append(exhibits.orders(told.tally))
    return Section("supervision", "督办情况", words, shown)


def _transfers(told: Material) -> Section:
    """Transfers and supervision of the year (信访工作条例 art 41)."""
    turns, base = told.tally["turns"], _supervision(told)
    words = (
        f"本期共派单{turns['given']}件次，退单{turns['returned']}件次，"
        f"占{percent(turns['returned'], turns['given'])}；"
        f"居村向上派单{turns['raised']}件次。"
    )
    return Section("transfers", "转办督办情况", f"{words}\n{base.text}", base.exhibits)


def _recheck(told: Material) -> Section:
    rows = told.tally["rechecked"]
    if told.had_failed is None:
        words = "此前没有同类报告，无复查事项。"
        return Section("recheck", "上期未达标事项复查", words)
    counts = {how: sum(row[2] == how for row in rows) for how in exhibits.STANDINGS}
    words = f"上期未达标事项{told.had_failed}件，截至{_moment(told.at)}复查：" + "，".join(
        f"{label}{counts[how]}件" for how, label in exhibits.STANDINGS.items()
    )
    still = [row for row in rows if row[2] not in {SOLVED, UNHEARD}]
    still.sort(key=lambda row: row[2] != OPEN)
    shown = [exhibits.standing("仍未达标的事项", still, CASES)] if still else []
    annexes = [exhibits.standing("复查明细", rows, len(rows))] if rows else []
    return Section("recheck", "上期未达标事项复查", f"{words}。", shown, annexes)


def _inspection(told: Material) -> Section:
    drawn = told.tally["drawn"]
    words = (
        f"从本期办结的{drawn['among']}件中随机抽取{len(drawn['cases'])}件，由承办单位以外的人员到现场"
        "核查并拍照留证。抽取方法公开，任何人可以按同一种子数重新抽取。"
    )
    return Section("inspection", "实地抽查", words)


# ---- What residents talk about, and why


def _hot(told: Material) -> Section:
    rows = told.tally["by_category"]
    words = "居民反映最多的是" + "、".join(
        f"{category(what)}（{now}件，{_change(now, before)}）" for what, now, before in rows[:ENDS]
    )
    if rising := _rising(rows):
        words += "。增长较快的有" + "、".join(
            f"{category(what)}（由{before}件增至{now}件）" for what, now, before in rising
        )
    if not rows:
        return Section("hot", "热点问题", "本期没有已归类的诉求。")
    shown = exhibits.bars("居民反映最多的事项", rows, category)
    shown += exhibits.bars("各街镇收到件数", told.tally["by_area"], exhibits.place)
    return Section("hot", "热点问题", f"{words}。", shown)


def _fields(told: Material) -> Section:
    """Fields and most complained-of units (信访工作条例 art 41)."""
    rows, units = told.tally["by_field"], told.tally["complained"]
    words = [_leading("事项涉及领域", rows, category), _leading("被投诉较多的单位", units, unit)]
    shown: list[Block] = []
    if rows:
        shown += exhibits.bars("事项涉及领域", rows, category)
        shown.append(exhibits.counted("事项涉及领域", ("领域",), rows, category))
    if units:
        most = exhibits.BARS
        shown.append(exhibits.counted("被投诉较多的单位", ("单位",), units, unit, most))
    return Section("fields", "涉及领域和被投诉较多的单位", "\n".join(filter(None, words)), shown)


def _causes(told: Material) -> Section:
    unsolved, turns = told.tally["unsolved"], told.tally["turns"]
    words = (
        f"本期评价的事项中，居民曾认为未解决的{unsolved['count']}件，"
        f"其中至今仍认为未解决的{unsolved['still']}件；"
        f"退单{turns['returned']}件次，占派单的{percent(turns['returned'], turns['given'])}。"
    )
    shown: list[Block] = []
    if unsolved["count"]:
        cause = _word(exhibits.RESULTS)
        shown = [
            *exhibits.bars("居民曾认为未解决的事项类别", unsolved["categories"], category),
            exhibits.counted("最后一次答复的结果", ("答复结果",), unsolved["results"], cause),
        ]
    return Section("causes", "成因分析", words, shown)


# ---- What is a person's to write


def _demands(_told: Material) -> Section:
    words = (
        "各单位要对照本通报逐项整改。被点名事项的承办单位，请于收到本通报之日起5个工作日内"
        "在本系统回复办理情况。"
    )
    return Section("demands", "工作要求", words, is_required=True)


def _policy(_told: Material) -> Section:
    return Section("policy", "政策建议", is_required=True)


def _adoption(told: Material) -> Section:
    asked = [row for row in told.tally["orders"] if row["kind"] == "rectification"]
    words = (
        f"本期提出整改建议{_sum(asked, 'given')}件，被采纳并完成整改{_sum(asked, 'done')}件，"
        f"正在整改{_sum(asked, 'open')}件。"
    )
    return Section("adoption", "建议及采纳情况", words, is_required=True)


def _next(_told: Material) -> Section:
    return Section("next", "下一步工作", is_required=True)


Write = Callable[[Material], Section]
PLANS: Final[dict[str, Sequence[Write]]] = {
    reports.WEEKLY: (_volumes, _overdue, _due_soon, _supervision),
    reports.MONTHLY: (_volumes, _rates, _ranks, _named, _recheck, _demands),
    reports.QUARTERLY: (_volumes, _rates, _inspection, _supervision, _recheck, _demands),
    reports.HALF_YEAR: (_volumes, _hot, _causes, _policy, _recheck),
    reports.ANNUAL: (_statistics, _fields, _transfers, _adoption, _next),
}
#: Reports that compare units, and thus freeze their cards.
COMPARING: Final = frozenset({reports.MONTHLY})


def _change(now: int, before: int) -> str:
    if not before:
        return "上期无数据"
    if now == before:
        return "与上期持平"
    word = "增加" if now > before else "减少"
    return f"比上期{word}{percent(abs(now - before), before)}"


def _leading(what: str, rows: Sequence[Sequence[Any]], name: Callable[[Any], str | None]) -> str:
    """The first three of a list with their shares, as a sentence."""
    whole = sum(row[1] for row in rows)
    if not whole:
        return ""
    told = "、".join(
        f"{name(one) or one}（{percent(many, whole)}）" for one, many, *_ in rows[:ENDS]
    )
    return f"{what}以{told}居前。" if len(rows) > 1 else f"{what}均为{told}。"


def _most(units: Sequence[Sequence[Any]]) -> str:
    told = "、".join(f"{unit(one)}{many}件" for one, many in units[:ENDS])
    return f"，较多的有{told}" if told else ""


def _ends(cards: Sequence[dict[str, Any]]) -> str:
    """Who stands first and last, of those that are ranked."""
    ranked = [unit(card["unit"]) for card in cards if card["rank"]]
    words = f"{len(cards)}个单位有办件，{len(ranked)}个达到最低件数参加排名。"
    if len(ranked) < 2 * ENDS:
        return words
    return f"{words}前三位：{'、'.join(ranked[:ENDS])}；后三位：{'、'.join(ranked[-ENDS:])}。"


def _rising(rows: Sequence[Sequence[int]]) -> list[Sequence[int]]:
    """The categories that grew most, of those that were there before in some number."""
    grown = [row for row in rows if row[2] >= 5 and row[1] >= 1.5 * row[2]]
    return sorted(grown, key=lambda row: row[1] / row[2], reverse=True)[:ENDS]


def _sum(rows: Sequence[dict[str, Any]], name: str) -> int:
    return sum(row[name] for row in rows)


def _word(words: dict[str, str]) -> Callable[[str], str]:
    return lambda code: words.get(code, code)


def _moment(at: datetime) -> str:
    found = local_day(at)
    return f"{found.year}年{found.month}月{found.day}日"
