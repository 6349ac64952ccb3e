"""A winter that stories of figures are told of."""

from datetime import datetime, timedelta

from tests import people
from yanlu.kernel import clock, followers

STREET, GUCUN = "310113003", people.GUCUN
LAMP = "路口的路灯坏了三天，晚上走路看不清，请尽快修。"
BUS = "公交车早高峰要等四十分钟，建议加密班次。"
NOISE = "楼下饭店的油烟机整夜响，吵得睡不着。"
SAID = (
    (people.STAIRS, people.BAOLIN, "complaint"), (LAMP, GUCUN, "help"), (BUS, "310113", ""),
    (NOISE, STREET, "complaint"), (LAMP, people.BAOLIN, ""), (BUS, "", "suggestion"),
)  # fmt: skip
NEW_YEAR = datetime(2025, 12, 20, 9, 30, tzinfo=clock.ZONE)


def hand_in_over_the_new_year() -> None:
    """Twenty-four matters from late December to early March, in two towns and in none."""
    people.load_district()
    for number in range(24):
        text, place, kind = SAID[number % len(SAID)]
        with clock.at(NEW_YEAR + timedelta(days=3 * number, hours=5 * number)):
            people.hand_in(
                text, by=people.aunt_zhou(), place=place, kind=kind,
                channel=("mobile", "phone", "web")[number % 3],
            )  # fmt: skip
    followers.drain()
