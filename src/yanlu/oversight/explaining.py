"""Why a promise is due when it is: step by step, from its start over days that do not count."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from yanlu.kernel.calendars import calendar
from yanlu.kernel.workdays import DayStep, Reason, end_of_day, local_day
from yanlu.oversight import limits
from yanlu.oversight.limits import Limit
from yanlu.oversight.models import Promise

STARTED = "started"  # 起算
LIMIT = "limit"  # 时限
SKIPPED = "skipped"  # 不计入的日子
WORKED = "worked"  # 调休上班的周末
LATE = "late"  # 下班后到达，次日起算
UNPUBLISHED = "unpublished"  # 放假安排尚未公布的年份
DUE = "due"  # 到期
PAUSED = "paused"  # 挂账、并案期间暂停
MOVED = "moved"  # 延期等改定
STILL = "still"  # 暂停中


@dataclass(frozen=True)
class Step:
    """One step of the reckoning; what of the fields is filled depends on ``code``."""

    code: str
    at: datetime | None = None
    until: datetime | None = None
    first: date | None = None
    last: date | None = None
    reason: str = ""
    holiday: str = ""
    holiday_zh: str = ""
    year: int = 0


def explain(promise: Promise) -> list[Step]:
    """The steps from the promise's start to the date that is in force."""
    limit = Limit(promise.amount, promise.limit_unit)
    steps = [Step(STARTED, promise.started_at), Step(LIMIT)]
    at = limits.due(promise.started_at, limit)
    steps += _way(promise.started_at, at, limit.unit)
    if at != promise.first_due_at:  # told by the case, as of a petition begun later
        at = promise.first_due_at
    steps.append(Step(DUE, at))
    for since, until in promise.spans:
        if until is None:
            return [*steps, Step(STILL, since)]
        at = limits.put_off(at, limit.unit, since, until)
        steps += [Step(PAUSED, since, until), Step(DUE, at)]
    if promise.due_at and promise.due_at != at:
        steps.append(Step(MOVED, promise.due_at))
    return steps


def _way(start: datetime, end: datetime, unit: str) -> Iterator[Step]:
    """What lies between that does not count as one might think."""
    if not unit.startswith("working"):
        return
    if (
        unit == "working_hours"
        and calendar().working_time_between(start, end_of_day(local_day(start))).total_seconds()
        == 0
    ):
        yield Step(LATE, start)
    days = calendar().explain_exceptions(local_day(start), local_day(end))
    for (reason, holiday), found in groupby(days, lambda day: (day.reason, day.holiday)):
        yield _span(reason, holiday, list(found))
    for year in range(local_day(start).year, local_day(end).year + 1):
        if not calendar().is_published(year):
            yield Step(UNPUBLISHED, year=year)


def _span(reason: Reason, holiday: str, days: list[DayStep]) -> Step:
    return Step(
        WORKED if days[0].ordinal else SKIPPED,
        first=days[0].day,
        last=days[-1].day,
        reason=str(reason),
        holiday=holiday,
        holiday_zh=days[0].holiday_zh,
    )
