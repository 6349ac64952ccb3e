"""Made-up words of residents: written for this benchmark, put together at random."""

from random import Random

SUBJECTS = (
    ("路灯", "的路灯坏了三天，晚上出行看不清路，老人已经摔过一次"),
    ("楼道堆物", "楼道里堆满旧家具和纸箱，轮椅过不去，消防通道也堵住了"),
    ("施工噪声", "旁边的工地夜里十一点还在打桩，孩子第二天要上学，根本睡不着"),
    ("垃圾清运", "垃圾箱房满了两天没有清运，异味很重，苍蝇很多"),
    ("停车", "消防通道停满了车，救护车进不来，物业一直没有管"),
    ("物业费", "物业费涨价没有征求业主意见，账目也没有公示"),
    ("漏水", "顶楼下雨就漏水，报修半个月没有人来看"),
    ("电动车充电", "有人从楼上拉电线给电动车充电，很危险，希望装充电桩"),
    ("公交线路", "早高峰公交二十分钟一班，挤不上去，建议加密班次"),
    ("绿化养护", "行道树枯了一半，树枝掉下来砸到过车"),
    ("油烟扰民", "楼下饭店的油烟直接排到窗口，衣服没法晾"),
    ("道路积水", "一下大雨路口就积水，水没过脚踝，自行车没法骑"),
    ("健身器材", "广场上的健身器材坏了几件，希望换新的，也给老人加几张长椅"),
    ("居住证", "想问一下居住证到期以后怎么续签，需要带哪些材料"),
    ("养老服务", "独居老人多，建议办一个社区食堂，中午能吃上热饭"),
    ("违章搭建", "一楼住户在搭建阳光房，挡住了二楼的采光"),
)
ENDINGS = (
    "请有关部门来现场看一看。",
    "已经向居委会反映过两次，没有结果。",
    "希望给一个答复，什么时候能解决。",
    "谢谢！",
    "周围邻居都有同样的意见。",
    "上个月也打过热线，说会处理，现在还是老样子。",
)


def texts(seed: int, count: int, places: list[str]) -> list[tuple[str, str]]:
    """Titles and texts."""
    chance = Random(seed)
    return [_text(chance, chance.choice(places)) for _ in range(count)]


def _text(chance: Random, place: str) -> tuple[str, str]:
    title, what = chance.choice(SUBJECTS)
    number = f"{chance.randint(1, 400)}弄{chance.randint(1, 60)}号"
    endings = "".join(chance.sample(ENDINGS, chance.randint(1, 3)))
    return f"{place}{title}", f"{place}{number}{what}。{endings}"
