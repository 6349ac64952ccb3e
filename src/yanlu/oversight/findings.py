"""What was found on site of the closed cases that were drawn by chance (实地抽查结果)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from yanlu.cases import selectors as cases
from yanlu.kernel.official import Block, Paragraph, Table
from yanlu.oversight import exhibits
from yanlu.oversight.intervals import Interval, wilson
from yanlu.oversight.models import Inspection, Report
from yanlu.oversight.sections import Section

#: Code of the section that they stand in.
SECTION: Final = "inspection"
WORDS: Final = {
    Inspection.Finding.SOLVED: "真正解决",
    Inspection.Finding.NOT_SOLVED: "未解决",
    Inspection.Finding.UNSEEN: "无法核实",
    "": "尚未核查",
}


@dataclass(frozen=True)
class Sum:
    """How the sample stands: drawn, and of these by what was found."""

    drawn: int
    solved: int
    not_solved: int
    unseen: int

    @property
    def seen(self) -> int:
        """What could be looked at."""
        return self.solved + self.not_solved

    @property
    def left(self) -> int:
        """What nobody has looked at yet."""
        return self.drawn - self.seen - self.unseen

    @property
    def share(self) -> Interval | None:
        """What was really solved, of what could be looked at, with its interval of 95 %."""
        return wilson(self.solved, self.seen) if self.seen else None


def summed(report: Report) -> Sum:
    """How the report's sample stands."""
    found = Counter(report.inspections.values_list("finding", flat=True))
    return Sum(found.total(), *(found[code] for code in Inspection.Finding.values))


def put_in(report: Report, told: Sequence[Section]) -> list[Section]:
    """The report's sections with what was found behind the words about the sample."""
    return [
        replace(one, exhibits=[*one.exhibits, *blocks(report)]) if one.code == SECTION else one
        for one in told
    ]


def blocks(report: Report) -> list[Block]:
    """The share that was really solved, beside what residents say, and what was not."""
    total = summed(report)
    shown: list[Block] = [Paragraph(_sentence(report, total))]
    if not total.drawn:
        return shown
    counts = ((WORDS[code], getattr(total, code)) for code in Inspection.Finding.values)
    rows = [[label, str(many), exhibits.percent(many, total.drawn)] for label, many in counts]
    if total.left:
        rows.append([WORDS[""], str(total.left), exhibits.percent(total.left, total.drawn)])
    shown.append(Table(("核查结果", "件数", "占比"), rows, (78, 39, 39), "实地抽查结果"))
    if table := _unsolved(report):
        shown.append(table)
    return shown


def _sentence(report: Report, total: Sum) -> str:
    if total.share is None:
        return "尚无核查结果。" if total.drawn else "本期没有办结的事项可供抽查。"
    assert report.snapshot
    part, whole, _aside = report.snapshot.figures["rates"]["solved"]
    return (
        f"已到现场核查{total.seen}件，真正解决{total.solved}件，占{100 * total.share.value:.1f}%"
        f"（95%置信区间{exhibits.between(total.share)}）；同期居民回访确认解决率为"
        f"{exhibits.share(part, whole)}。种子数：{report.snapshot.parameters['seed']}。"
    )


def _unsolved(report: Report) -> Table | None:
    rows = report.inspections.filter(finding=Inspection.Finding.NOT_SOLVED).order_by("nth")
    if not rows:
        return None
    known = cases.rows_of([row.case_id for row in rows])
    told = [
        [known[row.case_id].number, exhibits.unit(row.unit_id), known[row.case_id].place, row.text]
        for row in rows
    ]
    return Table(
        ("编号", "承办单位", "地点", "现场情况"), told, (34, 36, 34, 52), "现场核查未解决的事项"
    )
