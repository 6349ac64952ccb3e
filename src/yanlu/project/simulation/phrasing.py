"""What residents write of a matter: one matter in many words. Plain Python.

A matter has particulars that stay (a building, a street, a shop), and each message puts together
what, since when, what it leads to and what is wanted, in an order and with a politeness of its own.
All names of streets, shops and sites are put together from syllables; none is meant.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

from yanlu.project.simulation import lives

DATA: Final = Path(__file__).parent / "data" / "matters.json"
_FIRST, _SECOND = "临海宝云松桃竹兰锦华金玉清春秋北东南西新", "泰安德江苑乐园祥和宁康庆丰兴茂林泉"
#: What a matter's place is called after, by the kind of spot; buildings differ by who writes.
_SPOTS: Final = {
    "street": "{name}路", "shop": "{name}店", "site": "{name}工地", "line": "{number}路",
    "river": "{name}河", "school": "{name}学校", "park": "{name}公园", "building": "",
}  # fmt: skip
#: What may stand in front of, and behind, the trouble itself, and in which order.
_ORDERS: Final = (
    "{greeting}{speaker}，{what}，{since}，{effect}，{wish}。{thanks}",
    "{greeting}{where}{what}，{effect}。{wish}，{thanks}",
    "{where}{what}，{since}。{wish}！",
    "{effect}，因为{where}{what}。{since}，{wish}。",
    "{speaker}，想反映{object}的问题：{what}，{complaint}。{wish}。{thanks}",
    "{greeting}{where}{time}{what}，{complaint}，{wish}",
    "{wish}。{where}{what}，{effect}，{complaint}。",
    "{where}{what}的事有人管吗？{effect}，{since}。",
    "反映{where}{what}，{wish}。",
    "{time}{what}，{where}的人都知道。{effect}。{greeting}{wish}。",
    "{speaker}。{since}，{what}，{effect}，{complaint}！{wish}。{thanks}",
    "{what}。{where}，{time}，{effect}。",
)


@dataclass(frozen=True)
class Kind:
    """A kind of matter, and the words for it."""

    code: str
    category: str
    weight: float
    season: str
    hours: str
    spot: str
    objects: tuple[str, ...]
    troubles: tuple[str, ...]
    effects: tuple[str, ...]
    wishes: tuple[str, ...]
    #: Title of the words of `lives` for it, and these; empty if there are none.
    words: str = ""
    whole: str = ""
    #: Whether it can rise suddenly.
    bursts: bool = False


@cache
def content() -> dict[str, Any]:
    """The file of words."""
    found: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return found


@cache
def kinds() -> tuple[Kind, ...]:
    """All kinds, in the order of the file."""
    whole = dict(lives.WORDS)
    return tuple(_kind(row, whole.get(row.get("words", ""), "")) for row in content()["kinds"])


def particular(chance: Random, kind: Kind) -> str:
    """What tells the matter from others of its kind: a street, a shop; empty for buildings."""
    name = chance.choice(_FIRST) + chance.choice(_SECOND)
    return _SPOTS[kind.spot].format(name=name, number=chance.randint(700, 999))


def matter(chance: Random, kind: Kind, place: str, spot: str, hour: int) -> str:
    """One message about a matter at this place (its short name), written at this hour."""
    if kind.whole and chance.random() < 0.04:
        return f"{place}{spot}{kind.whole}。"
    said = content()
    building = f"{chance.randint(1, 60)}号楼" if chance.random() < 0.4 else ""
    thing, trouble = _one(chance, kind.objects), _one(chance, kind.troubles)
    name = place if chance.random() < 0.8 else "我们这里"
    particulars = spot if spot and chance.random() < 0.7 else building
    wish = _one(chance, kind.wishes if chance.random() < 0.6 else said["wishes"])
    text: str = _one(chance, _ORDERS).format(
        greeting=_one(chance, said["greetings"]) if chance.random() < 0.5 else "",
        speaker=_one(chance, said["speakers"]).format(place=place, building=building),
        where=_one(chance, said["places"]).format(place=name),
        what=_what(chance, particulars, thing, trouble),
        object=thing,
        since=_one(chance, said["since"]).format(days=chance.randint(2, 40)),
        time=_one(chance, said["times"]).format(hour=hour),
        effect=_one(chance, kind.effects),
        complaint=_one(chance, said["complaints"]),
        wish=wish,
        thanks=_one(chance, said["thanks"]) if chance.random() < 0.5 else "",
    )
    return f"{text[:-1]}。" if text.endswith("，") else text


def question(chance: Random, place: str) -> tuple[str, str]:
    """Category and text of something that concerns one person alone."""
    said = content()["questions"]
    category = _one(chance, tuple(said["categories"]))
    subject = _one(chance, said["categories"][category])
    parts = [
        _one(chance, said["askers"]).format(
            old=chance.randint(60, 92), young=chance.randint(3, 17), place=place
        ),
        _one(chance, said["asks"]).format(subject=subject, days=chance.randint(3, 90)),
    ]
    detail = _one(chance, said["details"]).format(
        number=chance.randint(100, 99_999), month=chance.randint(1, 12), times=chance.randint(2, 6)
    )
    parts.insert(chance.randint(1, 2), detail)
    return category, "，".join(parts) + "。" + _one(chance, said["ends"])


def _kind(row: dict[str, Any], whole: str) -> Kind:
    held: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in row.items()
    }
    return Kind(whole=whole, **held)


def _what(chance: Random, particulars: str, thing: str, trouble: str) -> str:
    """The trouble itself, in one of the orders that Chinese allows."""
    luck = chance.random()
    if luck < 0.6:
        return f"{particulars}{thing}{trouble}"
    if luck < 0.8:
        return f"{thing}{trouble}，在{particulars}" if particulars else f"{thing}又{trouble}"
    return f"{particulars}的{thing}，{trouble}" if particulars else f"{thing}真是{trouble}"


def _one(chance: Random, some: Any) -> Any:
    """`Random.choice`, but for its care: a million messages draw ten million times."""
    return some[int(chance.random() * len(some))]
