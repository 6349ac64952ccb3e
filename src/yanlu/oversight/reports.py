"""What reports of supervision are: five kinds, their periods, and their life as one table.

Plain Python. A report is drawn up with figures that are frozen, edited by a person, and final once
it is issued; nobody issues one whose own words are missing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from yanlu.oversight.periods import Period, half_year, month, quarter, week, year

WEEKLY = "weekly"  # 周汇总
MONTHLY = "monthly"  # 月通报
QUARTERLY = "quarterly"  # 季督查
HALF_YEAR = "half_year"  # 半年报告
ANNUAL = "annual"  # 年度总结

#: What stands before the year in a report's number.
PREFIXES: Final = {
    WEEKLY: "督周", MONTHLY: "督月", QUARTERLY: "督季", HALF_YEAR: "督半", ANNUAL: "督年",
}  # fmt: skip
#: What its paper is called, behind the period and 办理情况.
TITLES: Final = {
    WEEKLY: "周汇总", MONTHLY: "月通报", QUARTERLY: "督查通报", HALF_YEAR: "报告", ANNUAL: "总结",
}  # fmt: skip
_PERIODS: Final[dict[str, Callable[[date], Period]]] = {
    WEEKLY: week,
    MONTHLY: lambda day: month(day.year, day.month),
    QUARTERLY: quarter,
    HALF_YEAR: half_year,
    ANNUAL: year,
}
#: Kinds that tell what became of what had failed in the period before.
RECHECKING: Final = frozenset({MONTHLY, QUARTERLY, HALF_YEAR})
#: Closed cases that are looked at on site for a quarterly inspection (default), and at most.
SAMPLE, LARGEST_SAMPLE = 60, 400


def period_of(kind: str, day: date) -> Period:
    """The period of this kind of report that the day lies in."""
    return _PERIODS[kind](day)


def last_whole(kind: str, today: date) -> Period:
    """The last period of this kind that is over."""
    return period_of(kind, period_of(kind, today).first - timedelta(days=1))


# ---- The life of a report

ASKED = "asked"  # 生成中
DRAFT = "draft"  # 草稿
ISSUED = "issued"  # 已印发
DISCARDED = "discarded"  # 已作废

WRITER = "writer"  # a supervisor or the research office whose place holds that of the report
SIGNER = "signer"  # a supervisor whose place holds that of the report
SYSTEM = "system"


@dataclass(frozen=True)
class Step:
    """``verb`` leads from ``source`` to ``target``."""

    verb: str
    source: str
    target: str
    who: str
    event: str
    reason: str


TABLE: Final = (
    Step("ask", "", ASKED, WRITER, "report.asked",
         "A report is asked for, by a person or by a plan."),
    Step("draw_up", ASKED, DRAFT, SYSTEM, "report.drawn_up",
         "Its figures are frozen; the row names the snapshot."),
    Step("revise", DRAFT, DRAFT, WRITER, "report.revised",
         "A person edits its title and words; the row binds them by a digest."),
    Step("issue", DRAFT, ISSUED, SIGNER, "report.issued",
         "It is numbered, final and sent; the row binds what it says by a digest."),
    Step("discard", DRAFT, DISCARDED, WRITER, "report.discarded",
         "The draft is not wanted; its figures stay."),
    Step("give_up", ASKED, DISCARDED, WRITER, "report.given_up",
         "It could not be drawn up, or is not wanted any more."),
)  # fmt: skip
BY_VERB: Final = {step.verb: step for step in TABLE}
