"""How matters go in a district that was made up: by chance, in shares like those of real ones.

Plain Python: what happens next to a case, and after how long. Of a hundred matters about 86 are
answered in time, two never; eight callbacks in ten find the resident satisfied.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

#: Received on a weekday by the hour, in shares; on a day of the weekend half as many.
HOURS: Final = (1, 1, 1, 1, 1, 2, 4, 7, 12, 14, 13, 10, 8, 10, 12, 11, 10, 8, 6, 6, 5, 4, 3, 2)

#: Ways in, in shares.
CHANNELS: Final = (
    ("mobile", 55), ("phone", 25), ("web", 8), ("visit", 5), ("letter", 2), ("walk", 5),
)  # fmt: skip

WORDS: Final = (
    ("楼道堆物", "楼道里堆满旧家具和纸箱，轮椅过不去，消防通道也堵住了"),
    ("路灯不亮", "路灯坏了三天，晚上看不清路，老人已经摔过一次"),
    ("工地噪声", "旁边工地夜里十一点还在打桩，孩子第二天要上学，根本睡不着"),
    ("垃圾清运", "垃圾箱房满了两天没有清运，味道很重"),
    ("车位紧张", "消防通道停满了车，救护车进不来"),
    ("物业收费", "物业费涨价没有征求业主意见，账目也没有公示"),
    ("屋面漏水", "顶楼一下雨就漏水，报修半个月没有人来看"),
    ("飞线充电", "有人从楼上拉电线给电动车充电，很危险，希望装充电桩"),
    ("公交班次", "早高峰公交二十分钟一班，挤不上去，建议加密班次"),
    ("油烟扰民", "楼下饭店的油烟直接排到窗口，衣服没法晾"),
    ("路口积水", "一下大雨路口就积水，水没过脚踝"),
    ("社区食堂", "独居老人多，建议办一个社区食堂，中午能吃上热饭"),
    ("居住证", "想问一下居住证到期以后怎么续签，需要带哪些材料"),
    ("违章搭建", "一楼在搭建阳光房，挡住了二楼的采光"),
)


@dataclass(frozen=True, order=True)
class Next:
    """What happens next, when, and what the journal says of it."""

    verb: str
    at: datetime
    told: dict[str, Any] = field(compare=False)


def received(chance: Random, start: datetime, days: int, many: int) -> list[datetime]:
    """When matters come in, in order."""
    shares = [0.5 if (start + timedelta(days=n)).weekday() > 4 else 1.0 for n in range(days)]
    moments = [
        start + timedelta(days=day, hours=hour, minutes=chance.randint(0, 59))
        for day, hour in zip(
            chance.choices(range(days), shares, k=many),
            chance.choices(range(24), HOURS, k=many),
            strict=True,
        )
    ]
    return sorted(moments)


def words(chance: Random, place: str, number: int) -> tuple[str, str]:
    """Title and text of a matter; the number makes it one of its own."""
    title, what = chance.choice(WORDS)
    return f"{place}{title}", f"{place}{chance.randint(1, 60)}号楼{what}。（第{number}件）"


def after_dispatch(chance: Random, now: datetime) -> Next:
    """Accepted within hours, or returned."""
    if chance.random() < 0.03:
        return Next("return", _later(chance, now, 3), {"reason": "not_our_duty"})
    return Next("accept", _later(chance, now, 0.7), {})


def after_accept(chance: Random, now: datetime) -> Next:
    """Most are contacted first."""
    if chance.random() < 0.08:
        return Next("start", _later(chance, now, 3), {})
    return Next("contact", _later(chance, now, 7), {"reached": chance.random() < 0.95})


def answered(chance: Random, now: datetime, due: datetime) -> Next | None:
    """In time, late, very late or never."""
    left = max((due - now).total_seconds(), 0.0)
    luck = chance.random()
    told = {"result": chance.choices(_RESULTS, _RESULT_SHARES)[0]}
    if luck < 0.86:
        return Next("answer", now + timedelta(seconds=left * chance.uniform(0.1, 0.95)), told)
    if luck < 0.98:
        late = chance.uniform(1, 5) if luck < 0.94 else chance.uniform(5, 25)
        return Next("answer", max(due, now) + timedelta(days=late), told)
    return None


def after_answer(chance: Random, now: datetime) -> Next:
    """Somebody calls back."""
    return Next("call_back", _later(chance, now, 30), {})


def after_call(chance: Random, now: datetime, *, misses: int) -> Next:
    """What the resident says, if reached."""
    at = _later(chance, now, 4)
    luck = chance.random()
    if luck < 0.08:
        return Next("give_up" if misses == 2 else "miss", at, {})
    is_solved = luck < 0.86
    ratings = chance.choices(("satisfied", "acceptable", "dissatisfied", ""), (5, 2, 1, 2), k=2)
    told = {"solved": is_solved, "attitude": ratings[0], "outcome": ratings[1]}
    return Next("confirm" if is_solved else "object", at, told)


_RESULTS = ("solved", "explained", "kept_for_reference", "asks_too_much", "not_solved")
_RESULT_SHARES = (70, 18, 6, 2, 4)


def _later(chance: Random, now: datetime, hours: float) -> datetime:
    """After some hours, often fewer, seldom many more."""
    return now + timedelta(hours=0.05 + chance.expovariate(1 / hours))
