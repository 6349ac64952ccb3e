"""Moments as spreadsheets and exports write them, in China's time unless they say otherwise."""

import re
from datetime import datetime, timedelta

from yanlu.kernel import clock

#: Excel counts days from here (with its 29 February 1900, which never was).
EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a day count has no zone
#: Day counts that can be meant as dates: 1954 to 2119. Other numbers are no dates.
DAYS = range(20_000, 80_000)
#: Nobody handed anything in before.
OLDEST = datetime(1900, 1, 1, tzinfo=clock.ZONE)

_DATE = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?"
    r"(?:[\sT]*(?P<hour>\d{1,2})\s*[:：时点]\s*(?P<minute>\d{1,2})?\s*[:：分]?\s*"
    r"(?:(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?)?"
)
_COUNT = re.compile(r"\d{5}(\.\d+)?")


def read_moment(written: str | datetime) -> datetime:
    """The moment, aware.

    ``2020/1/8 13:54:22``, ``2019-02-28 11:25:05``, ``2020年1月8日 13时54分``, ISO 8601 with a
    zone, a date alone (its midnight), or Excel's count of days.

    :raises ValueError: none of these, or a day that never was or is still to come.
    """
    moment = written if isinstance(written, datetime) else _parsed(written.strip())
    aware = moment if moment.tzinfo else moment.replace(tzinfo=clock.ZONE)
    if not OLDEST <= aware <= clock.now() + timedelta(days=1):
        raise ValueError("not within living memory")
    return aware


def _parsed(text: str) -> datetime:
    if _COUNT.fullmatch(text) and int(text[:5]) in DAYS:
        return EXCEL_EPOCH + timedelta(seconds=round(float(text) * 86_400))
    if match := _DATE.fullmatch(text):
        parts = {name: int(value) for name, value in match.groupdict().items() if value}
        return datetime(**parts)  # type: ignore[arg-type]  # noqa: DTZ001 - the zone follows
    return datetime.fromisoformat(text)
